"""The order of suggestions, and what is left out when not all fit."""

from __future__ import annotations

from dataclasses import replace

from smartreise.model.region import Weights
from smartreise.suggest.places import Place
from smartreise.suggest.ranking import chosen, cost, pareto, ranked
from smartreise.suggest.records import Family, StreetLeg, Suggestion, TransitLeg
from smartreise.suggest.ways import Stretch

HERE = Place("here", 59.9, 10.0)


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


def test_the_worked_example_of_the_documents_is_worked() -> None:
    ride = StreetLeg(Stretch("bike", HERE, HERE, 1500, 7000.0), 0, 1500)
    bike = way("bike", 60, 2100, family="bike", walk_m=200.0, co2_g=35.0, legs=(ride,))
    train = way("train", 600, 2280, 1, walk_m=800.0, co2_g=60.0)
    bus = way("bus", 240, 2400, walk_m=400.0, co2_g=300.0)

    def order(*ways: Suggestion) -> list[tuple[str, int]]:
        return [(w.id, int(cost(w, Weights(), arrive_by=False))) for w in ranked(ways, Weights(), arrive_by=False)]

    assert order(bike, train, bus) == [("bike", 2257), ("train", 2284), ("bus", 2371)]
    last_bikes = replace(bike, tight="last_vehicles")
    assert [id_ for id_, _ in order(last_bikes, train, bus)] == ["train", "bus", "bike"]
    risky = replace(train, tight="tight_change", chance=0.6)
    assert [id_ for id_, _ in order(last_bikes, risky, bus)] == ["bus", "bike", "train"]


def test_of_each_chain_of_lines_two_come_before_a_third() -> None:
    def by(id_: str, leave: int, line: int) -> Suggestion:
        return way(
            id_, leave, leave + 100, legs=(TransitLeg(0, 0, 1, "bus", HERE, HERE, 0, 1, 0, 1, False, 1.0, line=line),)
        )

    ways = [by("a1", 0, 1), by("a2", 10, 1), by("a3", 20, 1), by("a4", 30, 1), by("b1", 40, 2)]
    assert ids(chosen(ways, 3)) == "a1 a2 b1"
    assert ids(chosen(ways, 4)) == "a1 a2 a3 b1"


def test_a_bike_alone_that_is_as_quick_makes_a_bike_to_the_bus_useless() -> None:
    ways = [
        way("bike", 0, 900, family="bike"),
        way("bike and bus", 300, 1300, family="hire_transit"),
        way("bus", 0, 1800),
    ]
    assert ids(chosen(ranked(ways, Weights(), arrive_by=False), 4, useful_only=True)) == "bike bus"


def test_a_shared_car_has_to_be_much_quicker_to_come_first() -> None:
    car, bus = way("car", 0, 1000, family="car", modes=("walk", "car")), way("bus", 0, 1800, modes=("walk", "bus"))
    assert ids(ranked([car, bus], Weights(), arrive_by=False)) == "bus car"
    assert ids(ranked([replace(car, arrive=800), bus], Weights(), arrive_by=False)) == "car bus"
