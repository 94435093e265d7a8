"""The arrays that the kernels read, gathered once for each layout and kept as long as it lives."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from smartreise.planner.bounds import fill_minima
from smartreise.planner.records import Network
from smartreise.timetable.arrays import PART, SEVERAL_LINES, Int32s, Layout, Timetable, freeze

_kept: WeakKeyDictionary[Layout, Network] = WeakKeyDictionary()
_all: WeakKeyDictionary[Layout, NDArray[np.bool_]] = WeakKeyDictionary()


def network_of(timetable: Timetable, layout: Layout) -> Network:
    """The network of a layout and the footpaths of its timetable."""
    found = _kept.get(layout)
    if found is None:
        found = _kept[layout] = _gather(timetable, layout)
    return found


def allowed_patterns(layout: Layout, routes: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """bool[P]: what may be ridden where ``routes`` bool[R + 1] says which lines may (None: all). A pattern of several
    lines needs all of them; its parts are there for those who may not ride it whole."""
    if routes is None:
        known = _all.get(layout)
        if known is None:
            known = _all[layout] = layout.pattern_kind != PART
            freeze((known,))
        return known
    allowed = routes[layout.pattern_route]
    for pattern in np.flatnonzero(layout.pattern_kind == SEVERAL_LINES):
        first = layout.pattern_run[layout.pattern_run_start[pattern]]
        length = layout.pattern_stop_start[pattern + 1] - layout.pattern_stop_start[pattern]
        dated = layout.event_dated[first : first + length]
        allowed[pattern] = bool(routes[layout.dated_route[dated]].all())
    freeze((allowed,))
    return allowed


def with_footpaths(network: Network, start: Int32s, stop: Int32s, seconds: Int32s) -> Network:
    """The same network with other footpaths: CSR by the stop they start from."""
    back = backwards(start, stop, seconds)
    return network._replace(
        footpath_start=start,
        footpath_stop=stop,
        footpath_s=seconds,
        back_start=back[0],
        back_stop=back[1],
        back_s=back[2],
    )


def backwards(start: Int32s, stop: Int32s, seconds: Int32s) -> tuple[Int32s, Int32s, Int32s]:
    """Footpaths by the stop that they lead to: start, stop they come from, seconds."""
    origin = np.repeat(np.arange(len(start) - 1), np.diff(start)).astype(np.int32)
    order = np.lexsort((origin, stop))
    count = np.bincount(stop, minlength=len(start) - 1)
    arrays = np.r_[0, np.cumsum(count)].astype(np.int32), origin[order], seconds[order]
    freeze(arrays)
    return arrays


def _gather(timetable: Timetable, layout: Layout) -> Network:
    back = backwards(timetable.footpath_start, timetable.footpath_stop, timetable.footpath_s)
    ride_s = np.empty(len(layout.pattern_stop), np.int32)
    flags = np.empty(len(layout.pattern_stop), np.uint8)
    network = Network(
        pattern_stop_start=layout.pattern_stop_start,
        pattern_stop=layout.pattern_stop,
        pattern_ride_s=ride_s,
        pattern_flags=flags,
        pattern_run_start=layout.pattern_run_start,
        pattern_run=layout.pattern_run,
        stop_pattern_start=layout.stop_pattern_start,
        stop_pattern=layout.stop_pattern,
        stop_pattern_position=layout.stop_pattern_position,
        dated_route=layout.dated_route,
        dated_event=layout.dated_event,
        event_dated=layout.event_dated,
        event_stop=layout.event_stop,
        event_arrive=layout.event_arrive,
        event_depart=layout.event_depart,
        event_flags=layout.event_flags,
        stop_event_start=layout.stop_event_start,
        stop_event=layout.stop_event,
        stop_change_s=timetable.stop_change_s,
        footpath_start=timetable.footpath_start,
        footpath_stop=timetable.footpath_stop,
        footpath_s=timetable.footpath_s,
        back_start=back[0],
        back_stop=back[1],
        back_s=back[2],
    )
    fill_minima(network)
    freeze((ride_s, flags))
    return network
