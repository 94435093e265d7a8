"""Trips that only the real-time feed knows: added ones, replacements, duplicates, runs off the schedule."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from smartreise.live.changes import changes_of, in_order
from smartreise.live.lay import lay_alone
from smartreise.live.match import parse_date, parse_time
from smartreise.model.realtime import StopTimeUpdate, TimeEvent, TripUpdate
from smartreise.model.service_day import local_date, service_day_origin
from smartreise.timetable.arrays import SKIPPED, Timetable


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call in epoch seconds; the planned times are None where nobody planned it."""

    stop: int
    arrive: int
    depart: int
    planned_arrive: int | None = None
    planned_depart: int | None = None


@dataclass(frozen=True, slots=True)
class NewTrip:
    """A trip that the timetable lacks, or that replaces one."""

    trip_id: str
    route: int
    headsign: str | None
    #: trip whose line, shape and accessibility it borrows, −1
    like_trip: int
    #: service day, None: the day it starts
    day: int | None
    replaces: bool
    calls: tuple[NewCall, ...]

    @property
    def key(self) -> tuple[str, int | None, int]:
        """What tells it from other new trips: its id, day, and start where it says no day."""
        return self.trip_id, self.day, 0 if self.day is not None else self.calls[0].depart


def new_trip(
    timetable: Timetable, update: TripUpdate, *, prefix: str, like_trip: int, day: int | None, replaces: bool = False
) -> tuple[NewTrip | None, int]:
    """The trip that the stated times make, None with under two calls; and how many calls lack a stop or a time."""
    calls, left_out = [], 0
    for stop_update in update.stops:
        if stop_update.relationship == "SKIPPED":
            continue
        call = _call(timetable, stop_update, prefix)
        if call is None:
            left_out += 1
        else:
            calls.append(call)
    if len(calls) < 2:
        return None, left_out
    route = timetable.route_index.get(prefix + (update.trip.route_id or ""), -1)
    if like_trip >= 0:
        route = int(timetable.trip_route[like_trip])
    started = parse_date(update.trip.start_date) if update.trip.start_date else None
    made = NewTrip(
        trip_id=timetable.trip_id[like_trip] if replaces else prefix + (update.trip.trip_id or update.entity_id),
        route=route,
        headsign=update.headsign,
        like_trip=like_trip,
        day=day if day is not None else started.toordinal() if started else None,
        replaces=replaces,
        calls=tuple(calls),
    )
    return made, left_out


def duplicate(timetable: Timetable, update: TripUpdate, *, prefix: str, about: int) -> NewTrip | str:
    """A copy of a trip at another time, its stop updates laid over the copy; or the reason that there is none."""
    trip = timetable.trip_index.get(prefix + (update.trip.trip_id or ""))
    if trip is None:
        return "unknown_trip"
    start = parse_time(update.new_start_time or "")
    if update.new_trip_id is None or start is None:
        return "duplicated_without_properties"
    zone = ZoneInfo(timetable.zones[timetable.trip_zone[trip]])
    day = parse_date(update.new_start_date or "") or local_date(about, zone)
    base = service_day_origin(day, zone) + start - int(timetable.call_depart[timetable.trip_call_start[trip]])
    return NewTrip(
        trip_id=prefix + update.new_trip_id,
        route=int(timetable.trip_route[trip]),
        headsign=update.headsign,
        like_trip=trip,
        day=day.toordinal(),
        replaces=False,
        calls=_copied(timetable, update, trip, base, prefix),
    )


def _copied(timetable: Timetable, update: TripUpdate, trip: int, base: int, prefix: str) -> tuple[NewCall, ...]:
    rows = slice(int(timetable.trip_call_start[trip]), int(timetable.trip_call_start[trip + 1]))
    change = changes_of(timetable, {(trip, 0, -1): ("SCHEDULED", update.stops)}, prefix)
    said, _ = in_order(change.heard, change.heard_start)
    laid = lay_alone(timetable, trip, change._replace(heard=said), base)
    stop = timetable.call_stop[rows].copy()
    stop[laid.moved[:, 0]] = laid.moved[:, 1]
    columns = (stop, laid.arrive, laid.depart, timetable.call_arrive[rows], timetable.call_depart[rows])
    return tuple(
        NewCall(s, a + base, d + base, pa + base, pd + base)
        for s, a, d, pa, pd, skipped in zip(
            *(column.tolist() for column in columns), (laid.state & SKIPPED).tolist(), strict=True
        )
        if not skipped
    )


def _call(timetable: Timetable, update: StopTimeUpdate, prefix: str) -> NewCall | None:
    stop = timetable.stop_index.get(prefix + (update.assigned_stop_id or update.stop_id or ""))
    times = [time for time in (_time(update.arrival), _time(update.departure)) if time is not None]
    if stop is None or timetable.stop_kind[stop] != 0 or not times:
        return None
    planned = [e.scheduled_time for e in (update.arrival, update.departure) if e is not None and e.scheduled_time]
    return NewCall(stop, times[0], times[-1], *((planned[0], planned[-1]) if planned else (None, None)))


def _time(event: TimeEvent | None) -> int | None:
    """When an event that the timetable lacks takes place, None if the feed does not say."""
    if event is None:
        return None
    if event.time is not None:
        return event.time
    return None if event.scheduled_time is None else event.scheduled_time + (event.delay_s or 0)
