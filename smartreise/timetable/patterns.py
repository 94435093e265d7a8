"""Patterns: runs of one line that call at the same stops in the same order without overtaking.

The planner's binary search over a pattern relies on "nobody overtakes anywhere". Two trips of a line with
the same stops may therefore stand in two patterns, and a delay can move one from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from smartreise.timetable.arrays import PART, SEVERAL_LINES, Int32s, Timetable, UInt8s
from smartreise.timetable.kernels import chain_runs


@dataclass(frozen=True, slots=True)
class Patterns:
    """The pattern arrays of a `Layout`, see there."""

    pattern_route: Int32s
    pattern_kind: UInt8s
    pattern_stop_start: Int32s
    pattern_stop: Int32s
    pattern_run_start: Int32s
    pattern_run: Int32s
    stop_pattern_start: Int32s
    stop_pattern: Int32s
    stop_pattern_position: Int32s


@dataclass(frozen=True, slots=True)
class _Runs:
    """What is ridden without leaving one's seat: a dated trip, or several that are joined. R runs."""

    first: Int32s  # int32[R] first event
    end: Int32s  # int32[R] behind the last event
    head: Int32s  # int32[R] first dated trip
    kind: UInt8s  # uint8[R] as `pattern_kind`
    lines: NDArray[np.uint64]  # uint64[R] a digest of the lines ridden after the first, 0 for none


def group(
    timetable: Timetable,
    *,
    dated_route: Int32s,
    dated_event: Int32s,
    dated_joined: UInt8s,
    event_stop: Int32s,
    event_arrive: Int32s,
    event_depart: Int32s,
    event_flags: UInt8s,
    keep: NDArray[np.bool_],
) -> Patterns:
    """Group the runs of the dated trips where ``keep`` bool[N] holds into patterns.

    Runs of a pattern also agree on where one boards and alights: a search rides only the first one it catches, so one
    that passes a stop must not hide the next, which serves it. Joined trips part where the first is so late that the
    next would leave before it is there."""
    kept = keep & (dated_event[1:] > dated_event[:-1])
    runs = _list_runs(kept, dated_route, dated_event, dated_joined, event_arrive, event_depart)
    keys = _sequence_keys(runs, dated_route, event_stop, event_flags)
    by_time = np.lexsort((runs.first, event_arrive[runs.end - 1], event_depart[runs.first], keys)).astype(np.int32)
    order, keys = by_time, keys[by_time]
    breaks = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, dtype=np.int64)
    group_start = np.r_[breaks, len(keys)].astype(np.int32)
    chain = chain_runs(order, group_start, runs.first, runs.end, event_arrive, event_depart)
    group_of = np.repeat(np.arange(len(breaks)), np.diff(group_start))
    arranged = np.lexsort((np.arange(len(order)), chain, group_of))
    order, pair = order[arranged], np.stack((group_of[arranged], chain[arranged]))
    starts = np.flatnonzero(np.r_[True, (pair[:, 1:] != pair[:, :-1]).any(axis=0)]) if len(order) else breaks
    run_start = np.r_[starts, len(order)].astype(np.int32)
    return _with_stops(len(timetable.stop_id), runs, order[starts], run_start, order, dated_route, event_stop)


def _list_runs(
    kept: NDArray[np.bool_],
    dated_route: Int32s,
    dated_event: Int32s,
    dated_joined: UInt8s,
    event_arrive: Int32s,
    event_depart: Int32s,
) -> _Runs:
    """Every dated trip that is kept, on its own or in a run with those that it is joined to."""
    joins = np.flatnonzero(dated_joined[:-1] & kept[:-1] & kept[1:])
    joins = joins[event_arrive[dated_event[joins + 1] - 1] <= event_depart[dated_event[joins + 1]]]
    goes_on = np.zeros(len(kept) + 1, dtype=np.bool_)
    goes_on[joins] = True
    number = np.flatnonzero(kept).astype(np.int32)
    head = number[~goes_on[number - 1]] if len(joins) else number  # goes_on[−1] is never set
    tail = number[~goes_on[number]] if len(joins) else number
    kind = np.zeros(len(head), dtype=np.uint8)
    lines = np.zeros(len(head), dtype=np.uint64)
    parts: list[int] = []
    for run in np.flatnonzero(tail > head):
        members = range(int(head[run]), int(tail[run]) + 1)
        lines[run] = _lines_digest([int(dated_route[n]) for n in members], [int(dated_event[n]) for n in members])
        if len({int(dated_route[n]) for n in members}) > 1:
            kind[run] = SEVERAL_LINES
            parts += members
    part = np.array(parts, dtype=np.int32)
    heads = np.r_[head, part]
    return _Runs(
        first=dated_event[heads],
        end=dated_event[np.r_[tail, part] + 1],
        head=heads,
        kind=np.r_[kind, np.full(len(part), PART)].astype(np.uint8),
        lines=np.r_[lines, np.zeros(len(part), dtype=np.uint64)],
    )


def _lines_digest(routes: list[int], events: list[int]) -> np.uint64:
    """Which line is ridden from which position on; never 0."""
    text = ",".join(f"{route}@{event - events[0]}" for route, event in zip(routes, events, strict=True))
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") | 1)


def index_stop_events(timetable: Timetable, event_stop: Int32s, event_depart: Int32s) -> tuple[Int32s, Int32s]:
    """CSR of events by stop, each stop's sorted by departure, then event: (``stop_event_start``, ``stop_event``)."""
    key = event_stop.astype(np.int64) << 32 | (event_depart.astype(np.int64) + 2**31)
    return _starts(len(timetable.stop_id), event_stop), np.argsort(key, kind="stable").astype(np.int32)


def _sequence_keys(runs: _Runs, dated_route: Int32s, event_stop: Int32s, event_flags: UInt8s) -> NDArray[np.uint64]:
    """A 64-bit digest of (kind, lines, stops in order with their flags) for each run."""
    if not len(runs.first):
        return np.empty(0, dtype=np.uint64)
    length = runs.end - runs.first
    start = np.r_[0, np.cumsum(length)[:-1]]
    position = np.arange(int(length.sum())) - np.repeat(start, length)
    event = np.repeat(runs.first, length) + position
    stop = event_stop[event].astype(np.uint64) << np.uint64(2) | event_flags[event].astype(np.uint64)
    mixed = _mix(stop << np.uint64(20) | position.astype(np.uint64))
    line = (dated_route[runs.head].astype(np.int64) + 2).astype(np.uint64) << np.uint64(2) | runs.kind
    digest: NDArray[np.uint64] = np.add.reduceat(mixed, start) + _mix(line << np.uint64(42)) + runs.lines
    return digest


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: spreads close values over all 64 bits."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: NDArray[np.uint64] = value ^ (value >> np.uint64(31))
    return spread


def _with_stops(
    stop_count: int,
    runs: _Runs,
    leader: Int32s,
    run_start: Int32s,
    order: Int32s,
    dated_route: Int32s,
    event_stop: Int32s,
) -> Patterns:
    """Complete patterns, whose first runs are ``leader``, with their stops and the index by stop."""
    length = runs.end[leader] - runs.first[leader]
    stop_start = np.r_[0, np.cumsum(length)].astype(np.int32)
    position = np.arange(int(stop_start[-1])) - np.repeat(stop_start[:-1], length)
    stops = event_stop[np.repeat(runs.first[leader], length) + position].astype(np.int32)
    by_stop = np.argsort(stops, kind="stable")
    return Patterns(
        pattern_route=dated_route[runs.head[leader]].astype(np.int32),
        pattern_kind=runs.kind[leader],
        pattern_stop_start=stop_start,
        pattern_stop=stops,
        pattern_run_start=run_start,
        pattern_run=runs.first[order].astype(np.int32),
        stop_pattern_start=_starts(stop_count, stops),
        stop_pattern=np.repeat(np.arange(len(leader)), length)[by_stop].astype(np.int32),
        stop_pattern_position=position[by_stop].astype(np.int32),
    )


def _starts(count: int, index: Int32s) -> Int32s:
    """Row starts of a CSR whose entries belong to rows ``index``."""
    starts: Int32s = np.r_[0, np.cumsum(np.bincount(index, minlength=count))].astype(np.int32)
    return starts
