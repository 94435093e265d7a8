"""What a message moved, told so that a search can know whether it concerns it.

A search on the new layout goes step for step as on the old one (see `planner.held`) unless it rides a trip that moved.
Where it would have boarded such a trip, it did board, before, a trip of the same stops that now is its neighbour: the
next one to leave, or one that overtakes it or is overtaken. So a tick is the set of the trips that moved and their
neighbours, and whoever rode none of these does not ride the ones that moved either. At the origin, where each departure
is a leaving of its own, it is told where and when trips that moved can be boarded.

What a reader would get wrong: neighbours are sought among trips that did not move, since only those are sure to be
where the old search met them. What is too odd for that (a trip that the timetable lacks, other stops, a ride quicker
than `bounds.least_s`) concerns everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.planner.bounds import least_s
from smartreise.timetable.arrays import ALIGHT, BOARD, SEVERAL_LINES, Int32s, Layout, UInt8s

#: with more trips moved hardly a search goes on that none of them concerns, and to note what is ridden costs a fifth
MOST_MOVED: Final = 40
_EMPTY: Final = np.empty(0, np.int32)

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tick:
    """``concerned`` bool[N]: dated trips that moved and their neighbours, None: everybody is concerned. ``stop`` and
    ``depart`` int32[n]: where and when trips that moved can be boarded now. ``many``: too many moved to look closer."""

    concerned: Bools | None
    stop: Int32s
    depart: Int32s
    many: bool = False


ALL: Final = Tick(None, _EMPTY, _EMPTY)
MANY: Final = Tick(None, _EMPTY, _EMPTY, many=True)


@dataclass(frozen=True, slots=True)
class _Run:
    """What is ridden without leaving one's seat: events ``first`` to ``end`` of one pattern."""

    first: int
    end: int
    route: int
    kind: int

    @property
    def events(self) -> slice:
        return slice(self.first, self.end)


def compare(before: Layout, after: Layout) -> Tick:
    """What became another from one layout of a day to the next."""
    planned = len(before.dated_trip) - len(before.added)
    if before.base != after.base or planned != len(after.dated_trip) - len(after.added):
        return ALL
    if not _are_same_trips_added(before, after, planned):
        return ALL
    moved = _moved(before, after, planned)
    if np.count_nonzero(moved) > MOST_MOVED:
        return MANY
    known = {(run.first, run.kind): run for run in _runs_of(before, moved)}
    concerned, stops, departs = moved.copy(), [_EMPTY], [_EMPTY]
    for run in _runs_of(after, moved):
        old = known.get((run.first, run.kind))
        if old is None or not _is_foreseen(before, after, old, run):
            return ALL
        _mark_neighbours(before, after, run, moved, concerned)
        boards = np.flatnonzero(after.event_flags[run.events] & BOARD) + run.first
        stops.append(after.event_stop[boards])
        departs.append(after.event_depart[boards])
    return Tick(concerned, np.concatenate(stops), np.concatenate(departs))


def _are_same_trips_added(before: Layout, after: Layout, planned: int) -> bool:
    """Trips that the timetable lacks have numbers that depend on one another."""
    if len(before.dated_trip) != len(after.dated_trip) or len(before.event_stop) != len(after.event_stop):
        return False
    tail = slice(int(before.dated_event[planned]), None)
    return not _differ(before, after, tail).any() and bool(
        np.array_equal(before.dated_route[planned:], after.dated_route[planned:])
    )


def _differ(before: Layout, after: Layout, events: slice) -> Bools:
    """bool[E] events that are another."""
    found = np.zeros(len(before.event_stop[events]), np.bool_)
    for name in ("event_arrive", "event_depart", "event_stop", "event_flags"):
        one, other = getattr(before, name), getattr(after, name)
        if one is not other:
            found |= one[events] != other[events]
    return found


def _moved(before: Layout, after: Layout, planned: int) -> Bools:
    """bool[N] dated trips of which anything became another, with those that share a vehicle with them."""
    moved = np.zeros(len(before.dated_trip), np.bool_)
    events = np.flatnonzero(_differ(before, after, slice(0, int(before.dated_event[planned]))))
    moved[before.event_dated[events]] = True
    moved |= before.dated_state != after.dated_state
    if before.dated_joined.any():
        vehicle = np.r_[0, np.cumsum(before.dated_joined[:-1] == 0)]
        touched = np.zeros(int(vehicle[-1]) + 1, np.bool_)
        touched[vehicle[moved]] = True
        moved = touched[vehicle]
    return moved


def _runs_of(layout: Layout, moved: Bools) -> list[_Run]:
    rows = np.flatnonzero(moved[layout.event_dated[layout.pattern_run]])
    patterns = np.searchsorted(layout.pattern_run_start, rows, "right") - 1
    length = np.diff(layout.pattern_stop_start)
    return [
        _Run(first, first + int(length[p]), int(layout.pattern_route[p]), int(layout.pattern_kind[p]))
        for first, p in zip(layout.pattern_run[rows].tolist(), patterns.tolist(), strict=True)
    ]


def _is_foreseen(before: Layout, after: Layout, old: _Run, run: _Run) -> bool:
    """Did bounds made on the old layout count on it: the same stops, no more of them served, no ride too quick?"""
    events = run.events
    if old.end != run.end or not np.array_equal(before.event_stop[events], after.event_stop[events]):
        return False
    if (after.event_flags[events] & ~before.event_flags[events] & (BOARD | ALIGHT)).any():
        return False
    planned = after.event_planned_arrive[run.first + 1 : run.end] - after.event_planned_depart[run.first : run.end - 1]
    rides = after.event_arrive[run.first + 1 : run.end] - after.event_depart[run.first : run.end - 1]
    return all(ride >= least_s(p) for ride, p in zip(rides.tolist(), planned.tolist(), strict=True))


def _mark_neighbours(before: Layout, after: Layout, run: _Run, moved: Bools, concerned: Bools) -> None:
    """Mark the trips of the same stops, not moved, that are next after it at some stop or that it crosses."""
    firsts = _family(before, after, run)
    heads = before.event_dated[firsts]
    firsts, heads = firsts[~moved[heads]], heads[~moved[heads]]
    if not len(firsts):
        return  # all have moved, and so are marked themselves
    events = firsts[:, None] + np.arange(run.end - run.first)
    departs, arrives = before.event_depart[events][:, :-1], before.event_arrive[events][:, 1:]
    own_depart, own_arrive = after.event_depart[run.first : run.end - 1], after.event_arrive[run.first + 1 : run.end]
    behind = departs >= own_depart
    if not behind.any(axis=0).all():
        concerned[heads] = True  # it is the last somewhere, so that whoever waited there for any may take it
        return
    ahead = (departs <= own_depart).any(axis=1) | (arrives <= own_arrive).any(axis=1)
    crossing = ahead & (behind.any(axis=1) | (arrives >= own_arrive).any(axis=1))
    soonest = np.where(behind, departs, 2**31 - 1)
    following = (behind & (soonest == soonest.min(axis=0))).any(axis=1)
    concerned[heads[crossing | following]] = True


def _family(before: Layout, after: Layout, run: _Run) -> Int32s:
    """First events of the runs of the same line over the same stops that serve at least what it serves."""
    length = run.end - run.first
    alike = (before.pattern_route == run.route) & (before.pattern_kind == run.kind)
    alike &= np.diff(before.pattern_stop_start) == length
    stops, flags = after.event_stop[run.events], after.event_flags[run.events]
    found = [_EMPTY]
    for pattern in np.flatnonzero(alike).tolist():
        runs = before.pattern_run[before.pattern_run_start[pattern] : before.pattern_run_start[pattern + 1]]
        events = slice(int(runs[0]), int(runs[0]) + length)
        if not np.array_equal(before.event_stop[events], stops) or not _serves(before.event_flags[events], flags):
            continue
        if run.kind != SEVERAL_LINES or _has_lines(before, events, after, run.events):
            found.append(runs)
    return np.concatenate(found)


def _serves(flags: UInt8s, others: UInt8s) -> bool:
    """Can one board and alight wherever one can with the others?"""
    return not (others & ~flags & (BOARD | ALIGHT)).any()


def _has_lines(before: Layout, events: slice, after: Layout, others: slice) -> bool:
    """Are the same lines ridden at each event?"""
    lines = before.dated_route[before.event_dated[events]]
    return bool(np.array_equal(lines, after.dated_route[after.event_dated[others]]))
