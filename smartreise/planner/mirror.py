"""A layout seen in a mirror: time runs backwards, arriving is leaving, footpaths lead the other way.

Arriving by a time is then leaving from it, and the same kernels answer both. A mirrored layout is made once
and kept with the layout it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from smartreise.planner.query import Answer, Change, Journey, Ride
from smartreise.timetable.arrays import ALIGHT, BOARD, Int32s, Layout, Timetable, freeze


@dataclass(frozen=True, slots=True)
class Mirrored:
    layout: Layout
    timetable: Timetable


_kept: WeakKeyDictionary[Layout, Mirrored] = WeakKeyDictionary()


def mirrored(timetable: Timetable, layout: Layout) -> Mirrored:
    """The mirror image: event e becomes E − 1 − e, dated trip n becomes N − 1 − n, times are negated."""
    found = _kept.get(layout)
    if found is None:
        found = Mirrored(_turn_layout(layout), _turn_footpaths(timetable))
        _kept[layout] = found
    return found


def mirrored_answer(layout: Layout, answer: Answer) -> Answer:
    """An answer on the mirror image as journeys of the layout itself."""
    turned = (tuple(_turn_journey(layout, j) for j in journeys) for journeys in answer.journeys)
    ordered = tuple(tuple(sorted(j, key=lambda x: (x.leave, x.arrive, x.transfers))) for j in turned)
    return Answer(ordered, answer.cut)


def _turn_layout(layout: Layout) -> Layout:
    events, dated = len(layout.event_stop), len(layout.dated_trip)
    flags = layout.event_flags[::-1]
    swapped = np.where(flags & BOARD, ALIGHT, 0) | np.where(flags & ALIGHT, BOARD, 0)
    depart = _turned(-layout.event_arrive)
    stop = _turned(layout.event_stop)
    pattern_length = np.diff(layout.pattern_stop_start)
    position = np.arange(len(layout.pattern_stop)) - np.repeat(layout.pattern_stop_start[:-1], pattern_length)
    reversed_at = np.repeat(layout.pattern_stop_start[1:], pattern_length) - 1 - position
    arrays: dict[str, Any] = {
        "dated_trip": _turned(layout.dated_trip),
        "dated_route": _turned(layout.dated_route),
        "dated_event": (events - layout.dated_event[::-1]).astype(np.int32),
        "event_dated": (dated - 1 - layout.event_dated[::-1]).astype(np.int32),
        "event_stop": stop,
        "event_arrive": _turned(-layout.event_depart),
        "event_depart": depart,
        "event_flags": swapped.astype(np.uint8),
        "pattern_stop": layout.pattern_stop[reversed_at],
        "dated_joined": np.r_[layout.dated_joined[:-1][::-1], np.zeros(min(dated, 1), np.uint8)],
        "pattern_run": _turn_runs(layout, events),
        "stop_pattern_position": _turn_positions(layout),
        "stop_event": np.lexsort((depart, stop)).astype(np.int32),
    }
    freeze(arrays.values())
    return replace(layout, **arrays)


def _turned(array: Int32s) -> Int32s:
    return np.ascontiguousarray(array[::-1]).astype(np.int32)


def _turn_runs(layout: Layout, events: int) -> Int32s:
    """Within each pattern the last run comes first, and each begins at what was its last event."""
    start = layout.pattern_run_start
    count = np.diff(start)
    position = np.arange(len(layout.pattern_run)) - np.repeat(start[:-1], count)
    end = layout.pattern_run + np.repeat(np.diff(layout.pattern_stop_start), count)
    turned: Int32s = (events - end[np.repeat(start[1:], count) - 1 - position]).astype(np.int32)
    return turned


def _turn_positions(layout: Layout) -> Int32s:
    length = np.diff(layout.pattern_stop_start)
    return (length[layout.stop_pattern] - 1 - layout.stop_pattern_position).astype(np.int32)


def _turn_footpaths(timetable: Timetable) -> Timetable:
    length = np.diff(timetable.footpath_start)
    origin = np.repeat(np.arange(len(length)), length).astype(np.int32)
    order = np.lexsort((origin, timetable.footpath_stop))
    count = np.bincount(timetable.footpath_stop, minlength=len(length))
    start = np.r_[0, np.cumsum(count)].astype(np.int32)
    arrays = origin[order], timetable.footpath_s[order], timetable.footpath_m[order]
    by_wheelchair = timetable.footpath_wheelchair_s[order]
    freeze((start, *arrays, by_wheelchair))
    return replace(
        timetable,
        footpath_start=start,
        footpath_stop=arrays[0],
        footpath_s=arrays[1],
        footpath_wheelchair_s=by_wheelchair,
        footpath_m=arrays[2],
        qualified_transfers=tuple(_turn_rule(row) for row in timetable.qualified_transfers),
    )


def _turn_rule(row: dict[str, Any]) -> dict[str, Any]:
    """A rule of transfers.txt from one line or trip to another, the other way."""
    turned = dict(row)
    for what in ("stop", "route", "trip"):
        turned[f"from_{what}"], turned[f"to_{what}"] = row[f"to_{what}"], row[f"from_{what}"]
    return turned


def _turn_journey(layout: Layout, journey: Journey) -> Journey:
    last = len(layout.event_stop) - 1
    legs: list[Ride | Change] = []
    for leg in reversed(journey.legs):
        if isinstance(leg, Ride):
            dated = len(layout.dated_trip) - 1 - leg.dated
            legs.append(Ride(dated, last - leg.alight, last - leg.board))
        else:
            legs.append(Change(leg.to_stop, leg.from_stop, leg.duration_s))
    return Journey(
        leave=-journey.arrive,
        arrive=-journey.leave,
        transfers=journey.transfers,
        access_stop=journey.egress_stop,
        egress_stop=journey.access_stop,
        legs=tuple(legs),
    )
