"""When an answer may be held over a message, on timetables drawn for the rare cases; the usual ones are properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from smartreise.live.changes import changes_of
from smartreise.live.overlay import overlay
from smartreise.live.resolve import Resolved
from smartreise.live.schedule import schedule
from smartreise.model.realtime import StopTimeUpdate, TimeEvent
from smartreise.planner.held import follow, search_or_hold, statistics
from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.layout import BEFORE_S
from tests.drawing import DAY, ZONE, draw

#: trips that run on the one day alone, so that nothing follows tomorrow
ONCE = {"once": "2026-11-10"}
Said = Mapping[str, Sequence[tuple[int, int | None]]]


def said(timetable: Timetable, what: Said) -> Layout:
    """The day, with trips that are so many seconds late from a stop (by its sequence) on, or pass it (None)."""
    changes = {}
    for trip, stops in what.items():
        updates = []
        for sequence, delay in stops:
            if delay is None:
                updates.append(StopTimeUpdate(sequence=sequence, relationship="SKIPPED"))
            else:
                event = TimeEvent(delay_s=delay)
                updates.append(StopTimeUpdate(sequence=sequence, arrival=event, departure=event))
        changes[timetable.trip_index[trip], DAY.toordinal(), -1] = ("SCHEDULED", tuple(updates))
    return overlay(
        timetable, schedule(timetable, DAY, ZONE), Resolved(changes_of(timetable, changes), (), {}, {}), ZONE
    )


def arrivals(trips: str, first: Said, then: Said) -> tuple[list[str], list[str], bool]:
    """Arrivals from A at 08:00 at C by the clock, before and after a message, and was the search spared? In both cases
    the answer is that of a search."""
    timetable = draw(trips, services=ONCE)
    place = {name: timetable.stop_index[name] for name in "AC"}

    def at(stop: str) -> StopTimesTo:
        return StopTimesTo(np.array([place[stop]], np.int32), np.zeros(1, np.int32))

    eight = BEFORE_S + 8 * 3600
    query = Query(at("A"), (at("C"),), earliest=eight, latest=eight + 60)
    told, before, spared = [], None, 0
    for what in (first, then):
        layout = said(timetable, what)
        follow(timetable, before, layout)
        spared = statistics.spared
        found = search_or_hold(timetable, layout, query)
        assert found == search(timetable, layout, query)
        told.append(
            sorted(f"{s // 3600:02}:{s // 60 % 60:02}" for s in (j.arrive - BEFORE_S for j in found.journeys[0]))
        )
        before = layout
    return told[0], told[1], statistics.spared > spared


FEEDER = "1/f [service=once]: A 08:00  B 08:10\n"


def test_a_trip_that_nobody_could_take_concerns_nobody() -> None:
    trips = FEEDER + "2/e [service=once]: B 08:15  C 08:40\n3/x [service=once]: D 08:00  E 08:30"
    assert arrivals(trips, {}, {"x": [(1, 300)]}) == (["08:40"], ["08:40"], True)
    assert arrivals(trips, {}, {"e": [(1, 300)]}) == (["08:40"], ["08:45"], False)


def test_a_trip_that_is_late_enough_to_be_caught_concerns_whoever_took_the_next() -> None:
    trips = FEEDER + "2/r [service=once]: B 08:05  C 08:30\n2/e [service=once]: B 08:25  C 08:50"
    assert arrivals(trips, {}, {"r": [(1, 600)]}) == (["08:50"], ["08:40"], False)


def test_a_trip_that_overtakes_the_one_that_was_taken_concerns_its_riders() -> None:
    runs = ("w B 08:05 C 08:36", "e B 08:15 C 08:40", "r B 08:20 C 08:45", "z B 08:40 C 09:05")
    rows = (run.split() for run in runs)
    trips = FEEDER + "\n".join(f"2/{name} [service=once]: {' '.join(calls)}" for name, *calls in rows)
    assert arrivals(trips, {}, {"r": [(1, 0), (2, -600)]}) == (["08:40"], ["08:35"], False)


def test_a_trip_that_becomes_the_last_concerns_whoever_came_too_late_for_all() -> None:
    trips = FEEDER + "2/r [service=once]: B 08:03  C 08:30\n2/w [service=once]: B 08:05  C 08:32"
    assert arrivals(trips, {}, {"r": [(1, 900)]}) == ([], ["08:45"], False)


def test_bounds_reckon_with_a_vehicle_that_catches_up() -> None:
    direct = "3/d [service=once]: A 08:00  C 08:30\n"
    trips = FEEDER + direct + "2/r [service=once]: B 08:12  C 08:40"
    assert arrivals(trips, {}, {"r": [(1, 0), (2, -660)]}) == (["08:30"], ["08:29", "08:30"], False)


def test_a_ride_quicker_than_any_bound_reckons_with_concerns_everybody() -> None:
    direct = "3/d [service=once]: A 08:00  C 08:25\n"
    trips = FEEDER + direct + "2/r [service=once]: B 08:12  C 08:40"
    assert arrivals(trips, {}, {"r": [(1, 0), (2, -960)]}) == (["08:25"], ["08:24", "08:25"], False)


def test_a_stop_that_is_served_again_concerns_everybody() -> None:
    trips = FEEDER + "2/r [service=once]: B 08:12  C 08:30  D 08:50"
    assert arrivals(trips, {"r": [(2, None)]}, {"r": [(1, 60)]}) == ([], ["08:31"], False)


def test_a_departure_at_the_origin_concerns_whoever_may_leave_by_it() -> None:
    trips = "1/f [service=once]: A 08:00  C 08:40\n2/g [service=once]: A 07:58  C 08:30"
    assert arrivals(trips, {}, {"g": [(1, 180)]}) == (["08:40"], ["08:33"], False)


def test_an_older_layout_is_answered_by_its_own() -> None:
    """Whoever still reads the snapshot before gets that one's answer, though the newer one's is held."""
    timetable = draw("1/f: A 08:00  C 08:40")
    ends = [StopTimesTo(np.array([timetable.stop_index[s]], np.int32), np.zeros(1, np.int32)) for s in "AC"]
    query = Query(ends[0], (ends[1],), earliest=BEFORE_S + 8 * 3600, latest=BEFORE_S + 9 * 3600)
    old, new = said(timetable, {}), said(timetable, {"f": [(1, 300)]})
    follow(timetable, None, old)
    follow(timetable, old, new)
    for layout in (old, new, old, new, replace(new)):
        assert search_or_hold(timetable, layout, query) == search(timetable, layout, query)
