"""Runs the search: filters become masks, the window becomes leavings, labels become journeys.

With `arrive_by` the same kernels run on the layout seen in a mirror (`planner.mirror`), where arriving is
leaving; there every destination is a search of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from smartreise.planner.bounds import least_s
from smartreise.planner.journeys import read_journeys
from smartreise.planner.kernels import search_range
from smartreise.planner.mirror import mirrored, mirrored_answer
from smartreise.planner.network import Prepared, allowed_patterns, prepare
from smartreise.planner.query import Answer, Journey, Query, StopTimesTo
from smartreise.planner.records import FAR, INFINITY, Found, Question
from smartreise.planner.tiny import tiny_layout
from smartreise.planner.workshop import Workshop
from smartreise.timetable.arrays import NO_CHANGE, Int32s, Layout, Timetable
from smartreise.timetable.layout import BEFORE_S

#: pattern scans after which a search is cut off: some ten times a heavy query on a large city
MAX_SCANS: Final = 3_000_000
#: journeys that are made room for at first
_ROOM: Final = 256
_workshop: Final = Workshop()


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
    prepare(timetable, layout, lenient=True)
    assert least_s(60) == 0, "a ride of a minute may turn out to take none"
    stops = StopTimesTo(np.array([0], dtype=np.int32), np.array([0], dtype=np.int32))
    ends = StopTimesTo(np.array([1], dtype=np.int32), np.array([0], dtype=np.int32))
    query = Query(access=stops, egress=(ends,), earliest=BEFORE_S, latest=BEFORE_S + 3600)
    for arrive_by in (False, True):
        found = search(timetable, layout, replace(query, arrive_by=arrive_by))
        assert len(found.journeys[0]) == 1, "the kernels do not find the only journey there is"


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a search found, in numbers, the latest leaving first; was it cut off; and, where the question asked for it,
    int32[·] the dated trips that it rode (`Work.ridden`)."""

    found: Found
    cut: bool
    ridden: Int32s | None


def run(prepared: Prepared, question: Question, destinations: int) -> Harvest:
    """The kernels' answer to a question."""
    network, rounds, room = prepared.network, question.rounds, _ROOM
    sizes = len(network.stop_change_s), len(question.pattern_allowed), len(network.dated_route)
    work = _workshop.take(*sizes, destinations, rounds)
    while True:
        found = Found(np.empty((room, 5), np.int32), np.empty((room, rounds, 2), np.int32))
        written, cut = search_range(network, question, work, found)
        if written <= room:
            break
        room = written
    ridden = None
    if question.notes:
        ridden = np.flatnonzero(work.ridden).astype(np.int32)
        work.ridden[ridden] = 0
    _workshop.give(work)
    return Harvest(Found(*(array[:written].copy() for array in found)), bool(cut), ridden)


def tell_answer(prepared: Prepared, question: Question, harvest: Harvest, query: Query) -> Answer:
    """Journeys that leave within the query's window, each followed by its equal by another line."""
    journeys: list[list[Journey]] = [[] for _ in query.egress]
    found, written = harvest.found, len(harvest.found.head)
    for destination, journey in read_journeys(prepared.network, question, found, written, until=query.latest):
        journeys[destination].append(journey)
    return Answer(tuple(tuple(sorted(j, key=_order)) for j in journeys), harvest.cut)


def _search_forward(timetable: Timetable, layout: Layout, query: Query, max_scans: int) -> Answer:
    prepared = prepare(timetable, layout, wheelchair=query.wheelchair, most_m=query.max_transfer_walk_m)
    question = question_of(layout, prepared, query, max_scans=max_scans)
    return tell_answer(prepared, question, run(prepared, question, len(query.egress)), query)


def _order(journey: Journey) -> tuple[int, int, int]:
    return journey.leave, journey.arrive, journey.transfers


def question_of(
    layout: Layout, prepared: Prepared, query: Query, *, max_scans: int = MAX_SCANS, notes: bool = False
) -> Question:
    """A query as the kernels take it; ``notes``: is what is ridden to be noted? Raises ValueError where a journey may
    take longer than bounds can say."""
    if query.max_travel_s >= FAR:
        raise ValueError(f"a journey may take less than {FAR} s, not {query.max_travel_s}")
    access = _all_classes(prepared, query.access)
    egress = [_all_classes(prepared, ways) for ways in query.egress]
    egress_stop = np.concatenate([e.stop for e in egress]).astype(np.int32)
    order = np.argsort(egress_stop, kind="stable")
    destination = np.repeat(np.arange(len(egress), dtype=np.int32), [len(e.stop) for e in egress])
    return Question(
        access.stop.astype(np.int32),
        access.seconds.astype(np.int32),
        egress_stop[order],
        np.concatenate([e.seconds for e in egress]).astype(np.int32)[order],
        destination[order],
        allowed_patterns(layout, prepared, query.routes),
        int(query.earliest),
        int(query.latest) + int(query.beyond_s),
        int(query.max_transfers) + 1,
        int(query.max_travel_s),
        int(max_scans),
        notes,
    )


def _all_classes(prepared: Prepared, ways: StopTimesTo) -> StopTimesTo:
    """Ways to stops as ways to all that they are to the search (`planner.rules`)."""
    if prepared.classes is None:
        return ways
    stops = [prepared.classes.all_of(stop) for stop in ways.stop.tolist()]
    return StopTimesTo(
        np.array([x for found in stops for x in found], np.int32),
        np.repeat(ways.seconds, [len(found) for found in stops]),
    )


#: arrays must not overflow: a forbidden change added to a bound or to any time of a layout stays below INFINITY
assert int(NO_CHANGE) + int(FAR) + 5 * 86_400 < int(INFINITY)
