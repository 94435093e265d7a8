"""Runs the search: filters become masks, the window becomes leavings, labels become journeys.

With `arrive_by` the same kernels run on the layout seen in a mirror (`planner.mirror`), where arriving is
leaving; there every destination is a search of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.planner import kernels
from smartreise.planner.bounds import empty_bounds, fill_bounds
from smartreise.planner.journeys import read_journeys
from smartreise.planner.mirror import mirrored, mirrored_answer
from smartreise.planner.network import allowed_patterns, network_of, with_footpaths
from smartreise.planner.query import Answer, Journey, Query, StopTimesTo
from smartreise.planner.tiny import tiny_layout
from smartreise.timetable.arrays import BOARD, NO_CHANGE, Int32s, Layout, Timetable
from smartreise.timetable.layout import BEFORE_S

#: pattern scans after which a search is cut off: some ten times a heavy query on a large city
MAX_SCANS: Final = 3_000_000
_ROOM: Final = 256


def search(timetable: Timetable, layout: Layout, query: Query, *, max_scans: int = MAX_SCANS) -> Answer:
    """All journeys that no other beats in leaving later, arriving earlier and fewer transfers, per destination."""
    if not query.arrive_by:
        return _search_forward(timetable, layout, query, max_scans)
    back = mirrored(timetable, layout)
    answers = []
    for egress in query.egress:
        turned = replace(
            query,
            access=egress,
            egress=(query.access,),
            earliest=-query.latest,
            latest=-query.earliest,
            arrive_by=False,
        )
        answer = _search_forward(back.timetable, back.layout, turned, max_scans)
        answers.append(mirrored_answer(layout, answer))
    return Answer(tuple(a.journeys[0] for a in answers), any(a.cut for a in answers))


def warm() -> None:
    """Compile the kernels, or load them from the cache, by one search of a network of two stops."""
    timetable, layout = tiny_layout()
    stops = StopTimesTo(np.array([0], dtype=np.int32), np.array([0], dtype=np.int32))
    ends = StopTimesTo(np.array([1], dtype=np.int32), np.array([0], dtype=np.int32))
    query = Query(access=stops, egress=(ends,), earliest=BEFORE_S, latest=BEFORE_S + 3600)
    for arrive_by in (False, True):
        found = search(timetable, layout, replace(query, arrive_by=arrive_by))
        assert len(found.journeys[0]) == 1, "the kernels do not find the only journey there is"


def _search_forward(timetable: Timetable, layout: Layout, query: Query, max_scans: int) -> Answer:
    network = _network(timetable, layout, query)
    question = _question(timetable, layout, network, query, max_scans)
    stops, destinations = len(timetable.stop_change_s), len(query.egress)
    rounds, room = query.max_transfers + 1, _ROOM
    bounds = empty_bounds(destinations, rounds, stops)
    fill_bounds(network, question, bounds)
    while True:
        labels = _labels(rounds, stops, destinations)
        found = kernels.Found(np.empty((room, 5), np.int32), np.empty((room, rounds, 2), np.int32))
        written, cut = kernels.search_range(network, question, bounds, labels, found)
        if written <= room:
            break
        room = written
    journeys: list[list[Journey]] = [[] for _ in query.egress]
    for destination, journey in read_journeys(network, question, found, written, until=query.latest):
        journeys[destination].append(journey)
    return Answer(tuple(tuple(sorted(j, key=_order)) for j in journeys), bool(cut))


def _order(journey: Journey) -> tuple[int, int, int]:
    return journey.leave, journey.arrive, journey.transfers


def _network(timetable: Timetable, layout: Layout, query: Query) -> kernels.Network:
    """The arrays the kernels read; a wheelchair query sees no bits on trips or at stops that do not say yes."""
    network = network_of(timetable, layout)
    if query.wheelchair:
        trip = layout.dated_trip
        accessible = (trip >= 0) & (timetable.trip_wheelchair[trip] == 1)
        yes = accessible[layout.event_dated] & (timetable.stop_wheelchair[layout.event_stop] == 1)
        network = network._replace(event_flags=_frozen(np.where(yes, layout.event_flags, 0).astype(np.uint8)))
    if query.max_transfer_walk_m is not None or query.wheelchair:
        seconds = timetable.footpath_wheelchair_s if query.wheelchair else timetable.footpath_s
        most = np.inf if query.max_transfer_walk_m is None else query.max_transfer_walk_m
        near = (timetable.footpath_m <= most) & (seconds < NO_CHANGE)
        kept = np.r_[0, np.cumsum(near)][timetable.footpath_start].astype(np.int32)
        footpaths = kept, timetable.footpath_stop[near], seconds[near]
        network = with_footpaths(network, *(_frozen(array) for array in footpaths))
    return network


def _question(
    timetable: Timetable, layout: Layout, network: kernels.Network, query: Query, max_scans: int
) -> kernels.Question:
    count = len(timetable.stop_change_s)
    access_s = np.full(count, kernels.INFINITY, dtype=np.int32)
    access_s[query.access.stop] = query.access.seconds
    leave, leave_stop = _leavings(layout, network, query)
    egress_stop = np.concatenate([e.stop for e in query.egress]).astype(np.int32)
    egress_s = np.concatenate([e.seconds for e in query.egress]).astype(np.int32)
    destination = np.repeat(np.arange(len(query.egress)), [len(e.stop) for e in query.egress]).astype(np.int32)
    order = np.lexsort((destination, egress_stop))
    start = np.r_[0, np.cumsum(np.bincount(egress_stop, minlength=count))].astype(np.int32)
    return kernels.Question(
        leave,
        leave_stop,
        access_s,
        int(query.latest) + int(query.beyond_s),
        allowed_patterns(layout, query.routes),
        start,
        destination[order],
        egress_s[order],
        int(query.max_transfers) + 1,
        int(query.max_travel_s),
        int(max_scans),
    )


def _leavings(layout: Layout, network: kernels.Network, query: Query) -> tuple[Int32s, Int32s]:
    """(time of leaving the origin, stop) of every first boarding within the window, latest first."""
    times, stops = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for stop, seconds in zip(query.access.stop.tolist(), query.access.seconds.tolist(), strict=True):
        events = layout.stop_event[layout.stop_event_start[stop] : layout.stop_event_start[stop + 1]]
        depart = layout.event_depart[events]
        low = np.searchsorted(depart, query.earliest + seconds, "left")
        high = np.searchsorted(depart, query.latest + query.beyond_s + seconds, "right")
        chosen = depart[low:high][(network.event_flags[events[low:high]] & BOARD) != 0]
        leave = np.unique(chosen - np.int32(seconds)).astype(np.int32)
        times.append(leave)
        stops.append(np.full(len(leave), stop, np.int32))
    time, stop_of = np.concatenate(times), np.concatenate(stops)
    order = np.lexsort((stop_of, -time))
    return time[order], stop_of[order]


def _labels(rounds: int, stops: int, destinations: int) -> kernels.Labels:
    def full(width: int, value: int) -> NDArray[np.int32]:
        return np.full((rounds + 1, width), value, dtype=np.int32)

    infinity = int(kernels.INFINITY)
    return kernels.Labels(
        arrive=full(stops, infinity),
        ready=full(stops, infinity),
        board=full(stops, -1),
        alight=full(stops, -1),
        came=full(stops, -1),
        best=full(destinations, infinity),
        best_stop=full(destinations, -1),
    )


def _frozen(array: Any) -> Any:
    """Read-only, as the timetable's own arrays are: kernels are compiled for one kind of array."""
    array.flags.writeable = False
    return array


#: arrays must not overflow: a forbidden change added to any time of a layout stays below INFINITY
assert int(NO_CHANGE) + 5 * 86_400 < int(kernels.INFINITY)
