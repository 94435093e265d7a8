"""Which dated trip does an update mean? Found, or a named reason why not; never guessed.

A trip without `start_date` is the run nearest the feed's time: inside its running time is distance zero, so
a trip after midnight is found under yesterday's service day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from smartreise.model.realtime import TripDescriptor
from smartreise.model.service_day import local_date, service_day_origin
from smartreise.timetable.arrays import Int32s, Timetable
from smartreise.timetable.memo import remember

Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """A dated trip by its names: trip, service day (`date.toordinal()`), frequency start (−1 without)."""

    trip: int
    day: int
    start_s: int = -1

    @property
    def key(self) -> Key:
        return self.trip, self.day, self.start_s


def match(timetable: Timetable, trip: TripDescriptor, *, prefix: str, about: int) -> Match | str:
    """The dated trip of a descriptor, or the reason that it has none. ``about``: the feed's time, epoch s."""
    found = _find_trip(timetable, trip, prefix)
    if isinstance(found, str):
        return found
    start_s = _find_start(timetable, found, trip)
    if isinstance(start_s, str):
        return start_s
    if trip.start_date is not None:
        day = parse_date(trip.start_date)
        if day is None:
            return "bad_start_date"
        return Match(found, day.toordinal(), start_s) if runs_on(timetable, found, day) else "not_running"
    nearest = _nearest_day(timetable, found, start_s, about)
    return Match(found, nearest.toordinal(), start_s) if nearest else "not_running"


def parse_date(text: str) -> date | None:
    """YYYYMMDD as a date, None if it is none."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else None
    except ValueError:
        return None


def parse_time(text: str) -> int | None:
    """HH:MM:SS as seconds, None if it is none."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])


def runs_on(timetable: Timetable, trip: int, day: date) -> bool:
    """Does the trip run on a service day?"""
    number = day.toordinal() - timetable.first_day.toordinal()
    days = timetable.service_days
    return 0 <= number < days.shape[1] and bool(days[timetable.trip_service[trip], number])


def _find_trip(timetable: Timetable, trip: TripDescriptor, prefix: str) -> int | str:
    if trip.trip_id is not None:
        found = timetable.trip_index.get(prefix + trip.trip_id)
        return "unknown_trip" if found is None else found
    if trip.route_id is None or trip.start_time is None or trip.start_date is None:
        return "no_trip_id"
    route, start = timetable.route_index.get(prefix + trip.route_id), parse_time(trip.start_time)
    if route is None:
        return "unknown_route"
    day = parse_date(trip.start_date)
    if day is None or start is None:
        return "no_trip_id"
    keys, trips = _by_start(timetable)
    key = route << 32 | start
    candidates: list[int] = [
        number
        for number in trips[np.searchsorted(keys, key) : np.searchsorted(keys, key, "right")].tolist()
        if runs_on(timetable, number, day)
        and (trip.direction_id is None or timetable.trip_direction[number] == trip.direction_id)
    ]
    return candidates[0] if len(candidates) == 1 else "no_trip_id"


@remember(most=1)
def _by_start(timetable: Timetable) -> tuple[NDArray[np.int64], Int32s]:
    """Trips by line and first departure: sorted keys int64[T], and the trip of each."""
    keys = timetable.trip_route.astype(np.int64) << 32 | timetable.trip_begin.astype(np.int64)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    return keys[order], order


def _find_start(timetable: Timetable, trip: int, descriptor: TripDescriptor) -> int | str:
    """Frequency start of a trip under frequencies.txt, −1 for any other."""
    rows = frequency_rows(timetable, trip)
    if not rows:
        return -1
    if descriptor.start_time is None:
        return "missing_start_time"
    start = parse_time(descriptor.start_time)
    for begin, end, headway in rows:
        if start is not None and begin <= start < end and (start - begin) % headway == 0:
            return start
    return "unknown_start_time"


def frequency_rows(timetable: Timetable, trip: int) -> list[tuple[int, int, int]]:
    """(start, end, headway) in frequencies.txt of a trip; empty for one that is not there."""
    rows = np.flatnonzero(timetable.frequency_trip == trip)
    columns = timetable.frequency_start, timetable.frequency_end, timetable.frequency_headway_s
    return [(int(columns[0][row]), int(columns[1][row]), int(columns[2][row])) for row in rows]


def _nearest_day(timetable: Timetable, trip: int, start_s: int, about: int) -> date | None:
    """The service day whose run of the trip is nearest to ``about``; the earlier of equals."""
    zone = ZoneInfo(timetable.zones[timetable.trip_zone[trip]])
    calls = timetable.trip_call_start[trip], timetable.trip_call_start[trip + 1] - 1
    begin, end = int(timetable.call_depart[calls[0]]), int(timetable.call_arrive[calls[1]])
    if start_s >= 0:
        begin, end = start_s, start_s + end - begin
    today = local_date(about, zone)
    best: tuple[int, date] | None = None
    for shift in range(-2 - end // 86_400, 8):
        day = today + timedelta(days=shift)
        if runs_on(timetable, trip, day):
            origin = service_day_origin(day, zone)
            distance = max(origin + begin - about, about - origin - end, 0)
            best = min(best or (distance, day), (distance, day))
    return best[1] if best else None
