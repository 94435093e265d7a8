"""The arrays that the kernels read, gathered once for each layout and kept as long as it lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from smartreise.planner.bounds import fill_lenient, fill_minima
from smartreise.planner.records import Network
from smartreise.planner.rules import Classes, deal
from smartreise.timetable.arrays import NO_CHANGE, PART, SEVERAL_LINES, Int32s, Layout, Timetable, UInt8s, freeze


@dataclass(frozen=True, slots=True)
class Prepared:
    """A layout made ready to be searched."""

    network: Network
    #: bool[P] patterns that may be ridden when no line is excluded
    everything: NDArray[np.bool_]
    #: int32[P] the layout's pattern that each of the network's came from, and what its stops are to the search; None
    #: where no rule of transfers.txt names a line or a trip
    pattern_of: Int32s | None
    classes: Classes | None


#: by layout: for whom (with a wheelchair or not, metres walked at a change at most, lenient or not), what
_kept: WeakKeyDictionary[Layout, dict[tuple[bool, float | None, bool], Prepared]] = WeakKeyDictionary()
_MOST: Final = 8


def prepare(
    timetable: Timetable,
    layout: Layout,
    *,
    wheelchair: bool = False,
    most_m: float | None = None,
    lenient: bool = False,
) -> Prepared:
    """The network of a layout and the footpaths and rules of its timetable. With a wheelchair one boards and alights on
    trips and at stops that say yes and changes on step-free ways; ``most_m`` are metres walked at a change at most.
    ``lenient``: with least rides that hold whatever the next message says, for bounds that leave out less."""
    known = _kept.setdefault(layout, {})
    found = known.get((wheelchair, most_m, lenient))
    if found is None and lenient:
        found = _lenient(layout, prepare(timetable, layout, wheelchair=wheelchair, most_m=most_m))
        known[wheelchair, most_m, lenient] = found
    elif found is None:
        seconds = timetable.footpath_wheelchair_s if wheelchair else timetable.footpath_s
        if wheelchair or most_m is not None:
            timetable = _with_footpaths(timetable, seconds, np.inf if most_m is None else most_m)
        found = _gather(timetable, layout)
        if wheelchair:
            found = replace(found, network=found.network._replace(event_flags=_accessible(timetable, layout)))
        while len(known) >= _MOST:
            known.pop(next(iter(known)), None)
        known[wheelchair, most_m, lenient] = found
    return found


def _lenient(layout: Layout, usual: Prepared) -> Prepared:
    network = usual.network._replace(pattern_ride_s=usual.network.pattern_ride_s.copy())
    fill_lenient(network, layout.event_planned_arrive, layout.event_planned_depart)
    freeze((network.pattern_ride_s,))
    return replace(usual, network=network)


def allowed_patterns(layout: Layout, prepared: Prepared, routes: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """bool[P]: what may be ridden where ``routes`` bool[R + 1] says which lines may (None: all). A pattern of several
    lines needs all of them; its parts are there for those who may not ride it whole."""
    if routes is None:
        return prepared.everything
    allowed = routes[layout.pattern_route]
    for pattern in np.flatnonzero(layout.pattern_kind == SEVERAL_LINES):
        first = layout.pattern_run[layout.pattern_run_start[pattern]]
        length = layout.pattern_stop_start[pattern + 1] - layout.pattern_stop_start[pattern]
        dated = layout.event_dated[first : first + length]
        allowed[pattern] = bool(routes[layout.dated_route[dated]].all())
    return _dealt(allowed, prepared.pattern_of)


def _accessible(timetable: Timetable, layout: Layout) -> UInt8s:
    """`event_flags` without bits on trips or at stops that do not say yes to wheelchairs: unknown is unknown."""
    trip = layout.dated_trip
    accessible = (trip >= 0) & (timetable.trip_wheelchair[trip] == 1)
    yes = accessible[layout.event_dated] & (timetable.stop_wheelchair[layout.event_stop] == 1)
    flags = np.where(yes, layout.event_flags, 0).astype(np.uint8)
    freeze((flags,))
    return flags


def _with_footpaths(timetable: Timetable, seconds: Int32s, most_m: float) -> Timetable:
    """The timetable with footpaths of these ``seconds`` int32[F], without those forbidden or too long."""
    near = (timetable.footpath_m <= most_m) & (seconds < NO_CHANGE)
    return replace(
        timetable,
        footpath_start=np.r_[0, np.cumsum(near)][timetable.footpath_start].astype(np.int32),
        footpath_stop=timetable.footpath_stop[near],
        footpath_s=seconds[near],
        footpath_m=timetable.footpath_m[near],
    )


def backwards(start: Int32s, stop: Int32s, seconds: Int32s) -> dict[str, Int32s]:
    """Footpaths by the stop that they lead to: where each begins, the stop it comes from, seconds."""
    origin = np.repeat(np.arange(len(start) - 1), np.diff(start)).astype(np.int32)
    order = np.lexsort((origin, stop))
    back_start = np.r_[0, np.cumsum(np.bincount(stop, minlength=len(start) - 1))].astype(np.int32)
    return {"back_start": back_start, "back_stop": origin[order], "back_s": seconds[order]}


def _dealt(allowed: NDArray[np.bool_], pattern_of: Int32s | None) -> NDArray[np.bool_]:
    found = allowed if pattern_of is None else allowed[pattern_of]
    freeze((found,))
    return found


#: what a network takes from a timetable, from a layout, or from both dealt by rules; the rest is derived
_OF_TIMETABLE = ("stop_change_s", "footpath_start", "footpath_stop", "footpath_s")
_DERIVED = ("pattern_ride_s", "pattern_flags", "back_start", "back_stop", "back_s", "real_stop")


def _gather(timetable: Timetable, layout: Layout) -> Prepared:
    rules = deal(timetable, layout)
    arrays: dict[str, NDArray[Any]] = {"real_stop": np.arange(len(timetable.stop_id), dtype=np.int32)}
    for name in Network._fields:
        if name not in _DERIVED:
            arrays[name] = getattr(timetable if name in _OF_TIMETABLE else layout, name)
    if rules is not None:
        arrays |= rules.arrays
    arrays |= backwards(arrays["footpath_start"], arrays["footpath_stop"], arrays["footpath_s"])
    arrays["pattern_ride_s"] = np.empty(len(arrays["pattern_stop"]), np.int32)
    arrays["pattern_flags"] = np.empty(len(arrays["pattern_stop"]), np.uint8)
    network = Network(**arrays)
    freeze(array for name, array in arrays.items() if name not in ("pattern_ride_s", "pattern_flags"))
    fill_minima(network)
    freeze((network.pattern_ride_s, network.pattern_flags))
    pattern_of = None if rules is None else rules.pattern_of
    everything = _dealt(layout.pattern_kind != PART, pattern_of)
    return Prepared(network, everything, pattern_of, None if rules is None else rules.classes)
