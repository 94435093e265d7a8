"""All trip updates of all feeds, resolved once per message: what changes which dated trip, and what is new.

This is independent of any layout, so that the match rate is the same whatever days are laid out. What could
not be matched is counted by reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.live.match import Key, match, parse_date, parse_time
from smartreise.live.stop_updates import PlannedCalls, lay_over
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TripUpdate
from smartreise.model.service_day import local_date, service_day_origin
from smartreise.timetable.arrays import Timetable

#: relationships whose trips the timetable does not have
NEW_TRIPS = ("ADDED", "NEW")
#: why an UNSCHEDULED run fits nothing in the timetable, and is none the worse for it
_OFF_SCHEDULE = ("unknown_trip", "missing_start_time", "unknown_start_time")


@dataclass(frozen=True, slots=True)
class Change:
    """What a feed says of a dated trip of the timetable."""

    relationship: str
    stops: tuple[StopTimeUpdate, ...]
    prefix: str
    headsign: str | None = None


@dataclass(frozen=True, slots=True)
class NewTrip:
    """A trip that the timetable lacks, or that replaces one: calls with absolute times."""

    trip_id: str
    route: int
    headsign: str | None
    #: trip whose line, shape and accessibility it borrows, −1
    like_trip: int
    #: service day, None: the day it starts
    day: int | None
    replaces: bool
    #: (stop, arrive, depart) in epoch seconds
    calls: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class FeedMatch:
    """How well a feed's trip updates fit the timetable."""

    updates: int
    #: updates that should match: all but ADDED and NEW
    expected: int
    matched: int
    unmatched: Mapping[str, int]

    @property
    def rate(self) -> float | None:
        """Share of matched among expected, None when nothing was expected."""
        return None if not self.expected else round(self.matched / self.expected, 4)


@dataclass(frozen=True, slots=True)
class Resolved:
    changes: Mapping[Key, Change]
    new_trips: tuple[NewTrip, ...]
    by_feed: Mapping[str, FeedMatch]
    #: things ignored, by reason
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Gathering:
    timetable: Timetable
    about: int = 0
    prefix: str = ""
    changes: dict[Key, Change] = field(default_factory=dict)
    new_trips: list[NewTrip] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, reason: str) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1


def resolve(timetable: Timetable, messages: Iterable[RealtimeMessage], *, now: int) -> Resolved:
    """Resolve the trip updates of the newest message of each feed."""
    gathering = _Gathering(timetable)
    by_feed = {}
    for message in messages:
        gathering.about, gathering.prefix = message.timestamp or now, message.prefix
        expected = matched = 0
        unmatched: dict[str, int] = {}
        for update in message.trip_updates:
            reason = _take(gathering, update)
            if update.trip.relationship not in NEW_TRIPS:
                expected += 1
                matched += reason is None
            if reason is not None:
                unmatched[reason] = unmatched.get(reason, 0) + 1
        by_feed[message.feed_id] = FeedMatch(len(message.trip_updates), expected, matched, unmatched)
    return Resolved(gathering.changes, tuple(gathering.new_trips), by_feed, gathering.counts)


def _take(gathering: _Gathering, update: TripUpdate) -> str | None:
    """File one update; the reason when its trip is none of the timetable's."""
    if update.delay_s is not None:
        gathering.note("trip_level_delay")
    kind = update.trip.relationship
    if kind in NEW_TRIPS:
        return _take_new(gathering, update, like_trip=-1, day=None)
    if kind == "DUPLICATED":
        return _take_duplicate(gathering, update)
    found = match(gathering.timetable, update.trip, prefix=gathering.prefix, about=gathering.about)
    if isinstance(found, str):
        if kind == "UNSCHEDULED" and found in _OFF_SCHEDULE:
            _take_off_schedule(gathering, update)
        return found
    if found.key in gathering.changes:
        gathering.note("second_update_of_a_trip")
    if kind == "REPLACEMENT" and update.stops:
        reason = _take_new(gathering, update, like_trip=found.trip, day=found.day, replaces=True)
        if reason is not None:
            return reason
        kind = "DELETED"
    gathering.changes[found.key] = Change(kind, update.stops, gathering.prefix, update.headsign)
    return None


def _take_off_schedule(gathering: _Gathering, update: TripUpdate) -> None:
    """A run that has no schedule, as of a line that goes by headway: its stated times make it a trip of its own."""
    trip = gathering.timetable.trip_index.get(gathering.prefix + (update.trip.trip_id or ""), -1)
    reason = _take_new(gathering, update, like_trip=trip, day=None)
    if reason is not None:
        gathering.note(reason)


def _take_new(
    gathering: _Gathering, update: TripUpdate, *, like_trip: int, day: int | None, replaces: bool = False
) -> str | None:
    timetable, prefix = gathering.timetable, gathering.prefix
    calls = []
    for stop_update in update.stops:
        stop = timetable.stop_index.get(prefix + (stop_update.assigned_stop_id or stop_update.stop_id or ""))
        if stop_update.relationship == "SKIPPED":
            continue
        times = [e.time for e in (stop_update.arrival, stop_update.departure) if e is not None and e.time]
        if stop is None or timetable.stop_kind[stop] != 0 or not times:
            gathering.note("added_call_without_stop_or_time")
        else:
            calls.append((stop, times[0], times[-1]))
    if len(calls) < 2:
        return "added_with_under_two_calls"
    route = timetable.route_index.get(prefix + (update.trip.route_id or ""), -1)
    if like_trip >= 0:
        route = int(timetable.trip_route[like_trip])
    started = parse_date(update.trip.start_date) if update.trip.start_date else None
    gathering.new_trips.append(
        NewTrip(
            trip_id=timetable.trip_id[like_trip] if replaces else prefix + (update.trip.trip_id or update.entity_id),
            route=route,
            headsign=update.headsign,
            like_trip=like_trip,
            day=day if day is not None else started.toordinal() if started else None,
            replaces=replaces,
            calls=tuple(calls),
        )
    )
    return None


def _take_duplicate(gathering: _Gathering, update: TripUpdate) -> str | None:
    """A copy of a trip at another time; its stop updates' delays apply to the copy."""
    timetable = gathering.timetable
    trip = timetable.trip_index.get(gathering.prefix + (update.trip.trip_id or ""))
    if trip is None:
        return "unknown_trip"
    start = parse_time(update.new_start_time or "")
    if update.new_trip_id is None or start is None:
        return "duplicated_without_properties"
    zone = ZoneInfo(timetable.zones[timetable.trip_zone[trip]])
    day = parse_date(update.new_start_date or "") or local_date(gathering.about, zone)
    rows = slice(int(timetable.trip_call_start[trip]), int(timetable.trip_call_start[trip + 1]))
    shift = service_day_origin(day, zone) + start - int(timetable.call_depart[rows.start])
    planned = PlannedCalls(
        timetable.call_stop[rows].tolist(),
        timetable.call_sequence[rows].tolist(),
        (timetable.call_arrive[rows] + np.int64(shift)).tolist(),
        (timetable.call_depart[rows] + np.int64(shift)).tolist(),
    )

    def stop_of(name: str) -> int | None:
        return timetable.stop_index.get(gathering.prefix + name)

    live = lay_over(planned, update.stops, stop_of=stop_of, station_of=timetable.stop_parent, base=0)
    times = zip(live.stop, live.arrive, live.depart, live.skipped, strict=True)
    gathering.new_trips.append(
        NewTrip(
            trip_id=gathering.prefix + update.new_trip_id,
            route=int(timetable.trip_route[trip]),
            headsign=update.headsign,
            like_trip=trip,
            day=day.toordinal(),
            replaces=False,
            calls=tuple((stop, arrive, depart) for stop, arrive, depart, skipped in times if not skipped),
        )
    )
    return None
