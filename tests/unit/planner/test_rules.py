"""Rules of transfers.txt that name lines or trips: guaranteed, longer, forbidden, and which of several wins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.layout import BEFORE_S
from tests.drawing import draw, layout

TRIPS = """
    1/a: A 08:00  B 08:10
    2/b: B 08:10  C 08:20
    2/c: B 08:13  C 08:23
    2/d: B 08:20  C 08:30
    3/e: A 08:00  B 08:09
"""


def ride(*rules: Mapping[str, str], arrive_by: bool = False) -> list[str]:
    """Ways from A to C as "leave arrive" by the clock, with rules about changing at B."""
    at_b = {"from_stop_id": "B", "to_stop_id": "B"}
    timetable = draw(TRIPS, transfers=[{**at_b, **rule} for rule in rules])
    laid = layout(timetable)

    def at(stop: str) -> StopTimesTo:
        return StopTimesTo(np.array([timetable.stop_index[stop]], np.int32), np.zeros(1, np.int32))

    eight = BEFORE_S + 8 * 3600
    query = Query(at("A"), (at("C"),), earliest=eight, latest=eight + 3600, arrive_by=arrive_by)
    found = search(timetable, laid, query).journeys[0]
    return sorted({f"{clock(j.leave)} {clock(j.arrive)}" for j in found})


def clock(seconds: int) -> str:
    return f"{(seconds - BEFORE_S) // 3600:02}:{(seconds - BEFORE_S) // 60 % 60:02}"


def test_without_a_rule_a_change_takes_two_minutes() -> None:
    assert ride() == ["08:00 08:23"]


def test_a_guaranteed_change_takes_no_time() -> None:
    rule = {"from_route_id": "1", "to_route_id": "2", "transfer_type": "1"}
    assert ride(rule) == ["08:00 08:20"]
    assert "08:00 08:20" in ride(rule, arrive_by=True)


def test_it_is_guaranteed_only_from_the_trip_that_is_named() -> None:
    assert ride({"from_trip_id": "e", "to_trip_id": "d", "transfer_type": "1"}) == ["08:00 08:23"]
    assert ride({"from_trip_id": "e", "to_trip_id": "b", "transfer_type": "1"}) == ["08:00 08:20"]


def test_a_forbidden_change_is_none() -> None:
    from_all = [{"from_route_id": line, "to_trip_id": "c", "transfer_type": "3"} for line in ("1", "3")]
    assert ride(*from_all) == ["08:00 08:30"]
    assert ride(*({"from_route_id": line, "transfer_type": "3"} for line in ("1", "3"))) == []


def test_a_line_that_may_not_change_does_not_hide_one_that_may() -> None:
    """Line 3 is there first, but may not change to line 2."""
    assert ride({"from_route_id": "3", "to_route_id": "2", "transfer_type": "3"}) == ["08:00 08:23"]


def test_a_longer_change_takes_its_time() -> None:
    rules = [
        {"from_route_id": line, "to_route_id": "2", "transfer_type": "2", "min_transfer_time": "600"}
        for line in ("1", "3")
    ]
    assert ride(*rules) == ["08:00 08:30"]


def test_the_most_specific_rule_wins() -> None:
    forbidden = {"from_route_id": "1", "transfer_type": "3"}
    but_for_one = {"from_trip_id": "a", "to_trip_id": "b", "transfer_type": "1"}
    assert ride(forbidden, but_for_one) == ride(but_for_one, forbidden) == ["08:00 08:20"]


def test_legs_between_classes_of_one_stop_hold_no_walk() -> None:
    timetable = draw(
        TRIPS,
        transfers=[
            {"from_stop_id": "B", "to_stop_id": "B", "from_route_id": "1", "to_route_id": "2", "transfer_type": "1"}
        ],
    )
    a, c = (StopTimesTo(np.array([timetable.stop_index[s]], np.int32), np.zeros(1, np.int32)) for s in "AC")
    eight = BEFORE_S + 8 * 3600
    (journey,) = search(timetable, layout(timetable), Query(a, (c,), earliest=eight, latest=eight)).journeys[0]
    assert [type(leg).__name__ for leg in journey.legs] == ["Ride", "Ride"]
    assert (journey.access_stop, journey.egress_stop) == (timetable.stop_index["A"], timetable.stop_index["C"])


def test_a_day_on_which_nothing_runs_has_no_ways() -> None:
    rule = {"from_stop_id": "B", "to_stop_id": "B", "from_route_id": "1", "transfer_type": "3"}
    timetable = draw(
        "1/a [service=once]: A 08:00 B 08:10\n2/b [service=once]: B 08:20 C 08:30",
        transfers=[rule],
        services={"once": "2026-11-02"},
    )
    a, c = (StopTimesTo(np.array([timetable.stop_index[s]], np.int32), np.zeros(1, np.int32)) for s in "AC")
    eight = BEFORE_S + 8 * 3600
    for arrive_by in (False, True):
        query = Query(a, (c,), earliest=eight, latest=eight + 3600, arrive_by=arrive_by)
        assert search(timetable, layout(timetable), query).journeys == ((),)
