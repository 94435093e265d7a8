"""The planner against the oracle, on drawn cities with real time. SMARTREISE_EXAMPLES asks for more of them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from smartreise.planner.query import Change, Journey, Query, Ride, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import ALIGHT, BOARD, Layout
from smartreise.timetable.layout import BEFORE_S
from tests.drawing import draw, layout
from tests.oracle.rides import Found, OracleCall, all_journeys, mirror
from tests.property.cities import STOPS, City, Late, cities, draw_lines, make_city
from tests.property.plain import plain_network, starts

SETTINGS = settings(
    max_examples=int(os.environ.get("SMARTREISE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # nothing to shrink in a seed
)
TRAVEL_S = 7200

Walks = dict[int, int]


@dataclass(frozen=True)
class Asked:
    """A question to a city; ``start`` in epoch seconds, a little before something leaves."""

    access: Walks
    egress: tuple[Walks, ...]
    start: int
    window_s: int
    max_transfers: int


@st.composite
def asked_cities(draw: st.DrawFn, destinations: int = 1) -> tuple[City, Asked]:
    city, generator = draw(cities()), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    leaving = starts(city)
    start = int(generator.choice(leaving)) - int(generator.choice((0, 60, 200, 400, 900)))
    window, transfers = int(generator.choice((0, 600, 3600))), int(generator.choice((0, 1, 2, 4)))
    walks = [_walks(generator) for _ in range(destinations + 1)]
    return city, Asked(walks[0], tuple(walks[1:]), start, window, transfers)


def _walks(generator: np.random.Generator) -> Walks:
    stops = generator.choice(STOPS, int(generator.integers(1, 3)), replace=False)
    return {int(stop): int(generator.choice((0, 60, 200, 400))) for stop in stops}


def ways(walk: Walks) -> StopTimesTo:
    stops = sorted(walk)
    return StopTimesTo(np.array(stops, np.int32), np.array([walk[s] for s in stops], np.int32))


def query(city: City, asked: Asked, *, travel_s: int = TRAVEL_S, **more: Any) -> Query:
    start = asked.start - city.layout.base
    return Query(
        ways(asked.access),
        tuple(map(ways, asked.egress)),
        earliest=start,
        latest=start + asked.window_s,
        max_transfers=asked.max_transfers,
        max_travel_s=travel_s,
        **more,
    )


def answers(city: City, question: Query) -> list[set[Found]]:
    """By destination: (leave, arrive, transfers) in epoch seconds."""
    base, found = city.layout.base, search(city.timetable, city.layout, question)
    return [{(j.leave + base, j.arrive + base, j.transfers) for j in journeys} for journeys in found.journeys]


def oracles(city: City, asked: Asked, *, travel_s: int = TRAVEL_S) -> set[Found]:
    """What the oracle says of the ways to the only destination."""
    return all_journeys(
        plain_network(city, near=asked.start),
        asked.access,
        asked.egress[0],
        earliest=asked.start,
        latest=asked.start + asked.window_s,
        max_transfers=asked.max_transfers,
        max_travel_s=travel_s,
    )


@SETTINGS
@given(asked_cities())
def test_the_answer_is_the_oracles(drawn: tuple[City, Asked]) -> None:
    city, asked = drawn
    assert answers(city, query(city, asked)) == [oracles(city, asked)]
    for journey in search(city.timetable, city.layout, query(city, asked)).journeys[0]:
        assert_feasible(city, journey, asked.access, asked.egress[0])


@SETTINGS
@given(asked_cities(), st.sampled_from((0, 1)))
def test_a_journey_may_take_as_long_as_is_allowed_and_no_second_more(drawn: tuple[City, Asked], less: int) -> None:
    city, asked = drawn
    (found,) = answers(city, query(city, asked))
    travel_s = max((arrive - leave for leave, arrive, _ in found), default=TRAVEL_S) - less
    assert answers(city, query(city, asked, travel_s=travel_s)) == [oracles(city, asked, travel_s=travel_s)]


@SETTINGS
@given(asked_cities())
def test_arriving_by_is_leaving_from_in_the_mirror(drawn: tuple[City, Asked]) -> None:
    city, asked = drawn
    turned = all_journeys(
        mirror(plain_network(city, near=asked.start - TRAVEL_S)),
        asked.egress[0],
        asked.access,
        earliest=-asked.start - asked.window_s,
        latest=-asked.start,
        max_transfers=asked.max_transfers,
        max_travel_s=TRAVEL_S,
    )
    want = {(-arrive, -leave, transfers) for leave, arrive, transfers in turned}
    assert answers(city, query(city, asked, arrive_by=True)) == [want]
    for journey in search(city.timetable, city.layout, query(city, asked, arrive_by=True)).journeys[0]:
        assert_feasible(city, journey, asked.access, asked.egress[0])


@SETTINGS
@given(st.sampled_from((3, 9)).flatmap(asked_cities))
def test_one_pass_to_many_destinations_is_one_search_each(drawn: tuple[City, Asked]) -> None:
    city, asked = drawn
    for arrive_by in (False, True):
        together = answers(city, query(city, asked, arrive_by=arrive_by))
        alone = [
            answers(city, query(city, replace(asked, egress=(egress,)), arrive_by=arrive_by))[0]
            for egress in asked.egress
        ]
        assert together == alone


def stays_seated(layout: Layout, one: Ride, next_: Ride) -> bool:
    """Is the second ride the vehicle of the first going on?"""
    ends = one.alight == layout.dated_event[one.dated + 1] - 1 and next_.board == layout.dated_event[next_.dated]
    return bool(next_.dated == one.dated + 1 and layout.dated_joined[one.dated] and ends)


def assert_feasible(city: City, journey: Journey, access: dict[int, int], egress: dict[int, int]) -> None:
    """Walk through a journey: every ride can be boarded and left, every change has its time."""
    layout = city.layout
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
    network = plain_network(city, near=journey.leave + layout.base)
    for one, next_ in pairwise(rides):
        if not stays_seated(layout, one, next_):
            off, on = call(city, one.alight), call(city, next_.board)
            seconds = network.change(off, on)
            assert seconds is not None
            assert off.arrive + seconds <= on.depart
    for leg, following in pairwise(journey.legs):
        if isinstance(following, Change):
            assert isinstance(leg, Ride)
            assert following.from_stop == layout.event_stop[leg.alight]
        elif isinstance(leg, Change):
            assert leg.to_stop == layout.event_stop[following.board]


def call(city: City, event: int) -> OracleCall:
    """An event of the layout as the oracle speaks of it."""
    layout, dated = city.layout, int(city.layout.event_dated[event])
    times = int(layout.event_arrive[event]), int(layout.event_depart[event])
    line, trip = int(layout.dated_route[dated]), int(layout.dated_trip[dated])
    return OracleCall(int(layout.event_stop[event]), *times, True, True, line, trip)


@SETTINGS
@given(asked_cities())
def test_leaving_later_never_arrives_earlier(drawn: tuple[City, Asked]) -> None:
    city, asked = drawn
    journeys = answers(city, query(city, replace(asked, window_s=3600)))[0]
    for transfers in {j[2] for j in journeys}:
        arrivals = [arrive for _, arrive, changes in sorted(journeys) if changes == transfers]
        assert arrivals == sorted(arrivals)


@SETTINGS
@given(asked_cities())
def test_forward_and_backward_meet(drawn: tuple[City, Asked]) -> None:
    """A journey found by leaving is found again by arriving just when it arrives, or one that leaves no earlier."""
    city, asked = drawn
    for leave, arrive, transfers in answers(city, query(city, asked))[0]:
        back = answers(city, query(city, replace(asked, start=arrive, window_s=0), arrive_by=True))[0]
        assert any(b[0] >= leave and b[1] == arrive and b[2] <= transfers for b in back)


@SETTINGS
@given(asked_cities(), st.integers(0, 2**32 - 1))
def test_another_line_never_hurts(drawn: tuple[City, Asked], seed: int) -> None:
    """What was found is found again, or beaten, when more trips run."""
    city, asked = drawn
    more = draw_lines(np.random.default_rng(seed), 2)
    rows = [*city.rows, *(replace(row, block="") for row in more)]
    richer = make_city(rows, city.lon, city.change_s, city.day, city.late, city.rules)
    after = answers(richer, query(richer, asked))[0]
    for leave, arrive, transfers in answers(city, query(city, asked))[0]:
        assert any(a[0] >= leave and a[1] <= arrive and a[2] <= transfers for a in after)


@SETTINGS
@given(asked_cities())
def test_delays_of_nothing_are_no_delays(drawn: tuple[City, Asked]) -> None:
    city, asked = drawn
    on_time = make_city(city.rows, city.lon, city.change_s, city.day, {}, city.rules)
    told = {run: Late("late", 0, 0) for run in city.runs}
    zero = make_city(city.rows, city.lon, city.change_s, city.day, told, city.rules)
    assert zero.layout is not on_time.layout
    assert answers(zero, query(zero, asked)) == answers(on_time, query(on_time, asked))


def test_a_bound_on_work_is_told() -> None:
    timetable = draw("\n".join(f"31/t{i}: A 07:{i:02} B 07:{i + 5:02}" for i in range(0, 50, 5)))
    laid, seven = layout(timetable), BEFORE_S + 7 * 3600
    question = Query(ways({0: 0}), (ways({1: 0}),), earliest=seven, latest=seven + 3600)
    assert not search(timetable, laid, question).cut
    assert search(timetable, laid, question, max_scans=1).cut


@pytest.fixture(autouse=True, scope="module")
def _kernels() -> None:
    from smartreise.planner.search import warm

    warm()
