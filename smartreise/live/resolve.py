"""All trip updates of all feeds, resolved: what changes which dated trip, and what is new.

This is independent of any layout, so that the match rate is the same whatever days are laid out. What could not be
matched is counted by reason. A message is resolved once; ordinary updates never become records on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartreise.live.changes import ALWAYS, changes_of, heard, in_order, is_same, join, settle
from smartreise.live.ids import look_up, running, today, trip_ids
from smartreise.live.kernels import BY_FREQUENCY, MATCHED, NOT_RUNNING, UNKNOWN_TRIP, Changes, Heard, match_days
from smartreise.live.match import Key, match
from smartreise.live.new_trips import NewTrip, duplicate, new_trip
from smartreise.live.updates import NO_DAY, Scanned, Updates, columns, ordinary
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TripDescriptor, TripUpdate
from smartreise.timetable.arrays import Timetable

#: relationships whose trips the timetable does not have
NEW_TRIPS = ("ADDED", "NEW")
#: why an UNSCHEDULED run fits nothing in the timetable, and is none the worse for it
_OFF_SCHEDULE = ("unknown_trip", "missing_start_time", "unknown_start_time")
_REASONS = {UNKNOWN_TRIP: "unknown_trip", NOT_RUNNING: "not_running"}
_NO_ROWS = np.empty(0, np.int32)
_NOTHING = Changes(
    *(_NO_ROWS, _NO_ROWS, _NO_ROWS, np.empty(0, np.uint8), np.empty(0, np.int64), np.zeros(1, np.int32)),
    Heard(
        np.empty(0, np.int64), _NO_ROWS, _NO_ROWS, np.empty(0, np.uint8), np.empty(0, np.uint8),
        np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int8),
    ),
)  # fmt: skip


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


@dataclass(frozen=True, slots=True, eq=False)
class FeedChanges:
    """One message resolved. ``place`` int64[M]: where in the message each change stands."""

    changes: Changes
    place: NDArray[np.int64]
    new_trips: tuple[NewTrip, ...]
    match: FeedMatch
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    changes: Changes
    new_trips: tuple[NewTrip, ...]
    by_feed: Mapping[str, FeedMatch]
    #: things ignored, by reason
    counts: Mapping[str, int]

    def is_same(self, other: Resolved) -> bool:
        """Would both change every layout alike?"""
        return self.new_trips == other.new_trips and is_same(self.changes, other.changes)


@dataclass(slots=True)
class _Gathering:
    """What is out of the ordinary in a message, as it is gathered record by record."""

    timetable: Timetable
    about: int
    prefix: str
    place: int = 0
    places: list[int] = field(default_factory=list)
    changes: list[tuple[Key, str, Sequence[StopTimeUpdate]]] = field(default_factory=list)
    new_trips: list[NewTrip] = field(default_factory=list)
    matched: int = 0
    expected: int = 0
    unmatched: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, reason: str, number: int = 1) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + number

    def file(self, reason: str | None, number: int = 1) -> None:
        """Count updates that should match: how many did not, and why."""
        self.matched += number if reason is None else 0
        if reason is not None and number:
            self.unmatched[reason] = self.unmatched.get(reason, 0) + number


def resolve(
    timetable: Timetable, messages: Iterable[RealtimeMessage], *, now: int, until: Mapping[str, int] | None = None
) -> Resolved:
    """Resolve the trip updates of the newest message of each feed; ``until`` as in `combine`."""
    feeds = {message.feed_id: resolve_message(timetable, message, now=now) for message in messages}
    return combine(feeds, until or {})


def combine(feeds: Mapping[str, FeedChanges], until: Mapping[str, int]) -> Resolved:
    """All feeds together, of which a later one wins. What a feed says of calls that are planned to leave after
    ``until`` (epoch s, by feed id) does not count: it is too old for that."""
    tables, ranks, counts = [], [], dict[str, int]()
    new_trips: dict[tuple[str, int | None, int], NewTrip] = {}
    for number, (feed, found) in enumerate(feeds.items()):
        last = until.get(feed, ALWAYS)
        tables.append(found.changes._replace(until=np.full(len(found.place), last, np.int64)))
        ranks.append(found.place + (np.int64(number) << 32))
        for trip in found.new_trips:
            if new_trips.pop(trip.key, None) is not None:
                counts["second_update_of_a_trip"] = counts.get("second_update_of_a_trip", 0) + 1
            new_trips[trip.key] = trip
        for reason, times in found.counts.items():
            counts[reason] = counts.get(reason, 0) + times
    changes, outdated = settle(join(tables), np.concatenate(ranks)) if tables else (_NOTHING, 0)
    if outdated:
        counts["second_update_of_a_trip"] = counts.get("second_update_of_a_trip", 0) + outdated
    return Resolved(changes, tuple(new_trips.values()), {feed: f.match for feed, f in feeds.items()}, counts)


def resolve_message(timetable: Timetable, message: RealtimeMessage, *, now: int) -> FeedChanges:
    """Resolve one message; ``now`` (epoch s) is its time if it does not say one."""
    gathering = _Gathering(timetable, message.timestamp or now, message.prefix)
    updates, odd = _part(message.trip_updates)
    table, place = _take_ordinary(gathering, updates)
    for number, update in sorted(odd.items()):
        gathering.place = number
        is_new = update.trip.relationship in NEW_TRIPS
        reason = _take(gathering, update)
        gathering.expected += not is_new
        if reason is not None or not is_new:
            gathering.file(reason)
    odd_changes = [_changes(gathering, *told) for told in gathering.changes]
    return FeedChanges(
        join([table, *odd_changes]),
        np.r_[place, np.array(gathering.places, np.int64)].astype(np.int64),
        tuple(gathering.new_trips),
        FeedMatch(len(message.trip_updates), gathering.expected, gathering.matched, gathering.unmatched),
        gathering.counts,
    )


def _changes(gathering: _Gathering, key: Key, kind: str, stops: Sequence[StopTimeUpdate]) -> Changes:
    """One change as a table."""
    table = changes_of(gathering.timetable, {key: (kind, stops)}, gathering.prefix)
    said, shuffled = in_order(table.heard, table.heard_start)
    if shuffled:
        gathering.note("stop_updates_out_of_order", shuffled)
    return table._replace(heard=said)


def _part(updates: Sequence[TripUpdate]) -> tuple[Updates, dict[int, TripUpdate]]:
    """The ordinary updates in columns, the others as records by their place."""
    if isinstance(updates, Scanned):
        return updates.updates, updates.odd
    plain = [number for number, update in enumerate(updates) if ordinary(update)]
    odd = {number: update for number, update in enumerate(updates) if not ordinary(update)}
    return columns([updates[number] for number in plain], plain), odd


def _take_ordinary(gathering: _Gathering, updates: Updates) -> tuple[Changes, NDArray[np.int64]]:
    """Changes of the updates that match, and their places."""
    timetable = gathering.timetable
    trip = look_up(trip_ids(timetable, gathering.prefix), updates.text, updates.trip)
    day, reason = updates.day.copy(), np.empty(len(trip), np.uint8)
    start_s = np.full(len(trip), -1, np.int32)
    match_days(running(timetable), trip, day, today(timetable, gathering.about), gathering.about, reason)
    for row in np.flatnonzero(reason == BY_FREQUENCY).tolist():
        found = _match_frequency(gathering, updates, row)
        gathering.file(found if isinstance(found, str) else None)
        if not isinstance(found, str):
            (trip[row], day[row], start_s[row]), reason[row] = found, MATCHED
            gathering.matched -= 1  # counted below
    rows = np.flatnonzero(reason == MATCHED)
    gathering.expected += len(trip)
    gathering.file(None, len(rows))
    for code, name in _REASONS.items():
        gathering.file(name, int((reason == code).sum()))
    if updates.delayed.any():
        gathering.note("trip_level_delay", int(updates.delayed.sum()))
    said, shuffled = in_order(heard(timetable, updates.said, updates.text, gathering.prefix), updates.said_start)
    if shuffled:
        gathering.note("stop_updates_out_of_order", shuffled)
    changes = Changes(trip, day, start_s, updates.kind, np.full(len(trip), ALWAYS), updates.said_start, said)
    return _keep(changes, rows), updates.order[rows].astype(np.int64)


def _keep(changes: Changes, rows: NDArray[np.intp]) -> Changes:
    """The changes of some rows."""
    if len(rows) == len(changes.trip):
        return changes
    lengths = np.diff(changes.heard_start)
    wanted = np.zeros(len(lengths), np.bool_)
    wanted[rows] = True
    inner = np.flatnonzero(np.repeat(wanted, lengths))
    columns: Any = [column[rows] for column in changes[:5]]
    heard: Any = [column[inner] for column in changes.heard]
    start = np.r_[0, np.cumsum(lengths[rows])].astype(np.int32)
    rest: Any = (start, Heard(*heard))
    return Changes(*columns, *rest)


def _match_frequency(gathering: _Gathering, updates: Updates, row: int) -> Key | str:
    def word(span: NDArray[np.int32]) -> str | None:
        return updates.text[span[0] : span[1]].tobytes().decode("utf-8", "replace") or None

    dated = None if updates.day[row] == NO_DAY else f"{date.fromordinal(int(updates.day[row])):%Y%m%d}"
    trip = TripDescriptor(word(updates.trip[row]), start_date=dated, start_time=word(updates.start_time[row]))
    found = match(gathering.timetable, trip, prefix=gathering.prefix, about=gathering.about)
    return found if isinstance(found, str) else found.key


def _take(gathering: _Gathering, update: TripUpdate) -> str | None:
    """File an update that is out of the ordinary; the reason when its trip is none of the timetable's."""
    if update.delay_s is not None:
        gathering.note("trip_level_delay")
    kind = update.trip.relationship
    if kind in NEW_TRIPS:
        return _take_new(gathering, update, like_trip=-1, day=None)
    if kind == "DUPLICATED":
        copy = duplicate(gathering.timetable, update, prefix=gathering.prefix, about=gathering.about)
        if isinstance(copy, str):
            return copy
        if len(copy.calls) > 1:
            gathering.new_trips.append(copy)
        return None
    found = match(gathering.timetable, update.trip, prefix=gathering.prefix, about=gathering.about)
    if isinstance(found, str):
        if kind == "UNSCHEDULED" and found in _OFF_SCHEDULE:
            _take_off_schedule(gathering, update)
        return found
    if kind == "REPLACEMENT" and update.stops:
        reason = _take_new(gathering, update, like_trip=found.trip, day=found.day, replaces=True)
        if reason is not None:
            return reason
        kind = "DELETED"
    gathering.places.append(gathering.place)
    gathering.changes.append((found.key, kind, update.stops))
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
    made, left_out = new_trip(
        gathering.timetable, update, prefix=gathering.prefix, like_trip=like_trip, day=day, replaces=replaces
    )
    if left_out:
        gathering.note("added_call_without_stop_or_time", left_out)
    if made is None:
        return "added_with_under_two_calls"
    gathering.new_trips.append(made)
    return None
