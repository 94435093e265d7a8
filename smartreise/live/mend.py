"""Patterns and the index by stop of a layout with real time, mended from the schedule's."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.live.index_kernels import (
    Grouped,
    index_patterns,
    mark_moved,
    merge,
    replace_events,
    sort_moved,
    thin_out,
)
from smartreise.live.kernels import SAME, SHAPE, TIMES
from smartreise.live.schedule import Schedule
from smartreise.timetable.arrays import CANCELLED, DELETED, Int32s, Layout, Timetable, UInt8s
from smartreise.timetable.patterns import group

_BY_STOP: Final = ("stop_pattern_start", "stop_pattern", "stop_pattern_position")


def mend_patterns(
    timetable: Timetable, held: Schedule, layout: Layout, dated_of: Int32s, effect: UInt8s
) -> tuple[dict[str, Any], int]:
    """The pattern arrays by name where they differ from the schedule's, and how many runs overtake another.

    Runs leave their pattern when their stops or flags changed, when they no longer run, when they overtake or are
    overtaken, and when one of the trips that they join changed at all. What has left, and what is new, is grouped
    among itself.
    """
    moved, out = np.zeros((2, len(held.run_head)), np.uint8)
    loose = np.zeros(len(layout.dated_trip), np.bool_)
    loose[len(held.layout.dated_trip) :] = True
    touched = (dated_of >= 0) & (effect != SAME)
    touched &= held.run_of[dated_of] >= 0  # a trip without calls rides nowhere
    dated, shaped = dated_of[touched], effect[touched] != TIMES
    slot = held.run_of[dated]
    is_joined = held.run_tail[slot] > held.run_head[slot]
    moved[slot[~shaped & ~is_joined]] = 1
    out[slot[shaped | is_joined]] = 1
    loose[dated[shaped]] = True
    for run in np.unique(slot[is_joined]).tolist():
        members = slice(int(held.run_head[run]), int(held.run_tail[run]) + 1)
        loose[members] = True
        parts = held.part_of[members]
        out[parts[parts >= 0]] = 1
    crossing = thin_out(held.grouped, layout.event_arrive, layout.event_depart, moved, out)
    if not out.any() and not loose.any():
        return {}, 0
    loose[held.run_head[(out & moved) != 0]] = True
    loose &= (layout.dated_state != CANCELLED) & (layout.dated_state != DELETED)
    merged = merge(held.grouped, out, _group(timetable, layout, loose))
    by_stop = index_patterns(len(timetable.stop_id), merged)
    return {**merged._asdict(), **dict(zip(_BY_STOP, by_stop, strict=True))}, crossing


def _group(timetable: Timetable, layout: Layout, loose: NDArray[np.bool_]) -> Grouped:
    """Patterns of some dated trips alone."""
    found = group(
        timetable,
        dated_route=layout.dated_route,
        dated_event=layout.dated_event,
        dated_joined=layout.dated_joined,
        event_stop=layout.event_stop,
        event_arrive=layout.event_arrive,
        event_depart=layout.event_depart,
        event_flags=layout.event_flags,
        keep=loose,
    )
    return Grouped(*(getattr(found, name) for name in Grouped._fields))


def mend_stop_events(
    held: Schedule, layout: Layout, dated_of: Int32s, effect: UInt8s, moved: Int32s
) -> tuple[Int32s, Int32s]:
    """`stop_event_start` and `stop_event` of the layout; ``moved`` int32[n] are events at another stop than planned."""
    planned = held.layout
    low = np.full(len(planned.stop_event_start) - 1, 2**31 - 1, np.int32)
    high = np.full(len(low), -1, np.int32)
    dated = dated_of[(dated_of >= 0) & ((effect == TIMES) | (effect == SHAPE))]
    ranges = np.stack((planned.dated_event[dated], planned.dated_event[dated + 1]), axis=1)
    mark_moved(ranges, planned.event_stop, planned.event_depart, layout.event_depart, held.position(), low, high)
    new = np.arange(len(planned.event_stop), len(layout.event_stop), dtype=np.int32)
    if len(moved) or len(new):
        come = np.r_[moved, new].astype(np.int32)
        start, order = replace_events(
            planned.stop_event_start, planned.stop_event, layout.event_stop, planned.event_stop, come, low, high
        )
    else:
        start, order = planned.stop_event_start, planned.stop_event.copy()
    sort_moved(start, order, layout.event_depart, low, high)
    return start, order
