"""The order of suggestions, and what is left out when not all fit."""

from __future__ import annotations

from smartreise.model.region import Weights
from smartreise.suggest.ranking import chosen, pareto, ranked
from smartreise.suggest.records import Family, Suggestion


def way(
    id_: str, leave: int, arrive: int, transfers: int = 0, family: Family = "transit", **more: object
) -> Suggestion:
    fields = {"legs": (), "walk_m": 0.0, "bike_m": 0.0, "co2_g": 0.0, "car_co2_g": 0.0, "modes": ()}
    return Suggestion(id=id_, family=family, leave=leave, arrive=arrive, transfers=transfers, **(fields | more))  # type: ignore[arg-type]


def ids(suggestions: list[Suggestion]) -> str:
    return " ".join(s.id for s in suggestions)


def test_pareto_keeps_what_no_other_beats() -> None:
    ways = [way("a", 0, 10), way("later", 5, 20), way("beaten", 4, 20), way("early", 0, 8, 1), way("worse", 0, 8, 2)]
    assert ids(pareto(ways)) == "later early a"


def test_equal_journeys_by_other_lines_are_kept_up_to_two() -> None:
    assert ids(pareto([way("a", 0, 10), way("b", 0, 10), way("c", 0, 10)])) == "a b"


def test_the_soonest_there_comes_first_and_a_tight_change_costs() -> None:
    ways = [way("next", 600, 1800), way("soon", 0, 1200), way("tight", 0, 1190, tight="tight_change")]
    assert ids(ranked(ways, Weights(), arrive_by=False)) == "soon tight next"


def test_to_be_there_in_time_the_latest_to_leave_comes_first() -> None:
    assert ids(ranked([way("early", 0, 1200), way("late", 600, 1800)], Weights(), arrive_by=True)) == "late early"


def test_a_bike_that_transit_beats_comes_last_and_not_on_a_screen() -> None:
    ways = ranked(
        [way("bus", 100, 900), way("bike", 0, 900, family="hire_transit"), way("next", 900, 1700)],
        Weights(),
        arrive_by=False,
    )
    assert ids(ways) == "bus next bike"
    assert ids(chosen(ways, 4, useful_only=True)) == "bus next"


def test_where_not_all_fit_a_third_goes_to_other_families() -> None:
    ways = [way(f"t{i}", i, 10 + i) for i in range(6)]
    ways += [way("walk", 0, 99, family="walk"), way("bike", 0, 98, family="bike"), way("car", 0, 97, family="car")]
    assert ids(chosen(ways, 6)) == "t0 t1 t2 t3 walk bike"
    assert ids(chosen(ways, 2)) == "t0 t1"
    assert len(chosen(ways, 50)) == 9
