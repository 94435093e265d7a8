"""The planner against the oracle, on drawn cities with real time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartreise.planner.query import Change, Journey, Query, Ride, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import ALIGHT, BOARD, Layout
from smartreise.timetable.layout import BEFORE_S
from tests.oracle.rides import Found, all_journeys, mirror, read_network
from tests.property.cities import STOPS, City, cities

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MORNING = BEFORE_S + 7 * 3600
LATE = BEFORE_S + 23 * 3600 + 30 * 60

walks = st.dictionaries(st.integers(0, STOPS - 1), st.sampled_from((0, 60, 200, 400)), min_size=1, max_size=3)


def ways(walk: dict[int, int]) -> StopTimesTo:
    stops = sorted(walk)
    return StopTimesTo(np.array(stops, np.int32), np.array([walk[s] for s in stops], np.int32))


def outcome(journeys: tuple[Journey, ...]) -> set[Found]:
    return {(j.leave, j.arrive, j.transfers) for j in journeys}


@SETTINGS
@given(cities(), walks, walks, st.sampled_from((MORNING, LATE)), st.sampled_from((0, 600, 3600)), st.integers(0, 4))
def test_the_answer_is_the_oracles(
    city: City, access: dict[int, int], egress: dict[int, int], start: int, window: int, transfers: int
) -> None:
    limits: dict[str, Any] = {
        "earliest": start,
        "latest": start + window,
        "max_transfers": transfers,
        "max_travel_s": 7200,
    }
    found = search(city.timetable, city.layout, Query(ways(access), (ways(egress),), **limits))
    want = all_journeys(read_network(city.timetable, city.layout), access, egress, **limits)
    assert outcome(found.journeys[0]) == want
    for journey in found.journeys[0]:
        assert_feasible(city, journey, access, egress)


@SETTINGS
@given(cities(), walks, walks, st.sampled_from((MORNING, LATE)))
def test_arriving_by_is_leaving_from_in_the_mirror(
    city: City, access: dict[int, int], egress: dict[int, int], start: int
) -> None:
    window: dict[str, Any] = {"earliest": start, "latest": start + 3600}
    query = Query(ways(access), (ways(egress),), **window, arrive_by=True, max_travel_s=7200, max_transfers=4)
    found = search(city.timetable, city.layout, query)
    turned = all_journeys(
        mirror(read_network(city.timetable, city.layout)),
        egress,
        access,
        earliest=-start - 3600,
        latest=-start,
        max_transfers=4,
        max_travel_s=7200,
    )
    assert outcome(found.journeys[0]) == {(-arrive, -leave, transfers) for leave, arrive, transfers in turned}
    for journey in found.journeys[0]:
        assert_feasible(city, journey, access, egress)


@SETTINGS
@given(cities(), walks, st.lists(walks, min_size=2, max_size=3))
def test_one_pass_to_many_destinations_is_one_search_each(
    city: City, access: dict[int, int], egresses: list[dict[int, int]]
) -> None:
    window: dict[str, Any] = {"earliest": MORNING, "latest": MORNING + 1800}
    together = search(city.timetable, city.layout, Query(ways(access), tuple(map(ways, egresses)), **window))
    for egress, journeys in zip(egresses, together.journeys, strict=True):
        alone = search(city.timetable, city.layout, Query(ways(access), (ways(egress),), **window))
        assert outcome(alone.journeys[0]) == outcome(journeys)


def stays_seated(layout: Layout, one: Ride, next_: Ride) -> bool:
    """Is the second ride the vehicle of the first going on?"""
    ends = one.alight == layout.dated_event[one.dated + 1] - 1 and next_.board == layout.dated_event[next_.dated]
    return bool(next_.dated == one.dated + 1 and layout.dated_joined[one.dated] and ends)


def assert_feasible(city: City, journey: Journey, access: dict[int, int], egress: dict[int, int]) -> None:
    """Walk through a journey: every ride can be boarded and left, every change has its time."""
    layout, timetable = city.layout, city.timetable
    rides = [leg for leg in journey.legs if isinstance(leg, Ride)]
    through = [stays_seated(layout, one, next_) for one, next_ in pairwise(rides)]
    assert journey.transfers == len(rides) - 1 - sum(through)
    for ride, came_seated, goes_seated in zip(rides, [False, *through], [*through, False], strict=True):
        assert layout.event_dated[ride.board] == layout.event_dated[ride.alight] == ride.dated
        assert ride.board < ride.alight
        assert came_seated or layout.event_flags[ride.board] & BOARD
        assert goes_seated or layout.event_flags[ride.alight] & ALIGHT
    first, last = rides[0], rides[-1]
    assert journey.leave == layout.event_depart[first.board] - access[int(layout.event_stop[first.board])]
    assert journey.arrive == layout.event_arrive[last.alight] + egress[int(layout.event_stop[last.alight])]
    for i, leg in enumerate(journey.legs[:-1]):
        if isinstance(leg, Ride):
            following = journey.legs[i + 1]
            at = int(layout.event_arrive[leg.alight])
            if isinstance(following, Change):
                onward = journey.legs[i + 2]
                assert isinstance(onward, Ride)
                assert layout.event_depart[onward.board] >= at + following.duration_s
            elif stays_seated(layout, leg, following):
                assert layout.event_depart[following.board] >= at
            else:
                stop = int(layout.event_stop[leg.alight])
                assert layout.event_stop[following.board] == stop
                assert layout.event_depart[following.board] >= at + timetable.stop_change_s[stop]


@SETTINGS
@given(cities(), walks, walks)
def test_leaving_later_never_arrives_earlier(city: City, access: dict[int, int], egress: dict[int, int]) -> None:
    query = Query(ways(access), (ways(egress),), earliest=MORNING, latest=MORNING + 3600)
    journeys = search(city.timetable, city.layout, query).journeys[0]
    for transfers in {j.transfers for j in journeys}:
        arrivals = [j.arrive for j in journeys if j.transfers == transfers]
        assert arrivals == sorted(arrivals)


def test_a_bound_on_work_is_told() -> None:
    city = _busy_city()
    query = Query(ways({0: 0}), (ways({1: 0}),), earliest=MORNING, latest=MORNING + 3600)
    assert not search(city.timetable, city.layout, query).cut
    assert search(city.timetable, city.layout, query, max_scans=1).cut


def _busy_city() -> City:
    from tests.drawing import draw, layout

    rows = "\n".join(f"31/t{i}: A 07:{i:02} B 07:{i + 5:02}" for i in range(0, 50, 5))
    timetable = draw(rows)
    return City(timetable, layout(timetable))


@pytest.fixture(autouse=True, scope="module")
def _kernels() -> None:
    from smartreise.planner.search import warm

    warm()
