"""Patterns: dated trips of one line that call at the same stops in the same order without overtaking.

The planner's binary search over a pattern relies on "nobody overtakes anywhere". Two trips of a line with
the same stops may therefore stand in two patterns, and a delay can move one from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartreise.timetable.arrays import Int32s, Timetable, UInt8s
from smartreise.timetable.kernels import chain_dated


@dataclass(frozen=True, slots=True)
class Patterns:
    """The pattern arrays of a `Layout`, see there."""

    pattern_route: Int32s
    pattern_stop_start: Int32s
    pattern_stop: Int32s
    pattern_dated_start: Int32s
    pattern_dated: Int32s
    stop_pattern_start: Int32s
    stop_pattern: Int32s
    stop_pattern_position: Int32s


def group(
    timetable: Timetable,
    *,
    dated_route: Int32s,
    dated_event: Int32s,
    event_stop: Int32s,
    event_arrive: Int32s,
    event_depart: Int32s,
    event_flags: UInt8s,
    keep: NDArray[np.bool_],
) -> Patterns:
    """Group the dated trips where ``keep`` bool[N] holds into patterns; each stands in exactly one.

    Trips of a pattern also agree on where one boards and alights: a search rides only the first trip it
    catches, so one that passes a stop must not hide the next, which serves it."""
    kept = np.flatnonzero(keep & (dated_event[1:] > dated_event[:-1])).astype(np.int32)
    keys = _sequence_keys(kept, dated_route, dated_event, event_stop, event_flags)
    first, last = dated_event[kept], dated_event[kept + 1] - 1
    by_time = np.lexsort((kept, event_arrive[last], event_depart[first], keys))
    order, keys = kept[by_time], keys[by_time]
    breaks = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, dtype=np.int64)
    group_start = np.r_[breaks, len(keys)].astype(np.int32)
    chain = chain_dated(order, group_start, dated_event, event_arrive, event_depart)
    group_of = np.repeat(np.arange(len(breaks)), np.diff(group_start))
    arranged = np.lexsort((np.arange(len(order)), chain, group_of))
    order, pair = order[arranged], np.stack((group_of[arranged], chain[arranged]))
    starts = np.flatnonzero(np.r_[True, (pair[:, 1:] != pair[:, :-1]).any(axis=0)]) if len(order) else breaks
    pattern_dated_start = np.r_[starts, len(order)].astype(np.int32)
    return _with_stops(
        len(timetable.stop_id), order[starts], pattern_dated_start, order, dated_route, dated_event, event_stop
    )


def index_stop_events(timetable: Timetable, event_stop: Int32s, event_depart: Int32s) -> tuple[Int32s, Int32s]:
    """CSR of events by stop, each stop's sorted by departure, then event: (``stop_event_start``, ``stop_event``)."""
    key = event_stop.astype(np.int64) << 32 | (event_depart.astype(np.int64) + 2**31)
    return _starts(len(timetable.stop_id), event_stop), np.argsort(key, kind="stable").astype(np.int32)


def _sequence_keys(
    kept: Int32s, dated_route: Int32s, dated_event: Int32s, event_stop: Int32s, event_flags: UInt8s
) -> NDArray[np.uint64]:
    """A 64-bit digest of (route, stops in order with their flags) for each kept dated trip."""
    if not len(kept):
        return np.empty(0, dtype=np.uint64)
    length = dated_event[kept + 1] - dated_event[kept]
    start = np.r_[0, np.cumsum(length)[:-1]]
    position = np.arange(int(length.sum())) - np.repeat(start, length)
    event = np.repeat(dated_event[kept], length) + position
    stop = event_stop[event].astype(np.uint64) << np.uint64(2) | event_flags[event].astype(np.uint64)
    mixed = _mix(stop << np.uint64(20) | position.astype(np.uint64))
    route = _mix((dated_route[kept].astype(np.int64) + 2).astype(np.uint64) << np.uint64(44))
    digest: NDArray[np.uint64] = np.add.reduceat(mixed, start) + route
    return digest


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: spreads close values over all 64 bits."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: NDArray[np.uint64] = value ^ (value >> np.uint64(31))
    return spread


def _with_stops(
    stop_count: int,
    head: Int32s,
    dated_start: Int32s,
    dated: Int32s,
    dated_route: Int32s,
    dated_event: Int32s,
    event_stop: Int32s,
) -> Patterns:
    """Complete patterns whose first dated trips are ``head`` with their stops and the index by stop."""
    length = dated_event[head + 1] - dated_event[head]
    stop_start = np.r_[0, np.cumsum(length)].astype(np.int32)
    position = np.arange(int(stop_start[-1])) - np.repeat(stop_start[:-1], length)
    stops = event_stop[np.repeat(dated_event[head], length) + position].astype(np.int32)
    by_stop = np.argsort(stops, kind="stable")
    return Patterns(
        pattern_route=dated_route[head].astype(np.int32),
        pattern_stop_start=stop_start,
        pattern_stop=stops,
        pattern_dated_start=dated_start,
        pattern_dated=dated.astype(np.int32),
        stop_pattern_start=_starts(stop_count, stops),
        stop_pattern=np.repeat(np.arange(len(head)), length)[by_stop].astype(np.int32),
        stop_pattern_position=position[by_stop].astype(np.int32),
    )


def _starts(count: int, index: Int32s) -> Int32s:
    """Row starts of a CSR whose entries belong to rows ``index``."""
    starts: Int32s = np.r_[0, np.cumsum(np.bincount(index, minlength=count))].astype(np.int32)
    return starts
