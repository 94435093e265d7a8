"""Where a shared vehicle may be left, by whom, for how much, and what a crowd in a lobby is told."""

from __future__ import annotations

from typing import Any

import pytest

from smartreise.model.mobility import (
    PricePart,
    PricingPlan,
    SharedVehicle,
    VehicleType,
    Zone,
    ZoneRule,
    Zones,
)
from smartreise.model.problems import BadInput
from smartreise.model.region import Destination, Office
from smartreise.suggest.prices import cost_of
from smartreise.views import wire
from smartreise.views.office import OfficeView_
from tests.drawing import draw
from tests.unit.suggest.situation import DEGREE_M, NOW, ask, bikes, dock, moment, north, point, scooters, told

FAR = draw("9/t9: Y 23:00  Z 23:30", places={"Y": north(90_000), "Z": north(99_000)})


def by(*systems: Any, to: float = 3000, **params: Any) -> list[str]:
    return told(ask(moment(FAR, mobility=systems), point(0), point(to), **params))


def zone(start: float, end: float, *, may_end: bool | None, types: frozenset[str] | None = None) -> Zone:
    """A box from so many metres north to so many."""
    south, top = 59.9 + start / DEGREE_M, 59.9 + end / DEGREE_M
    ring = (south, south, top, top, south), (9.9, 10.1, 10.1, 9.9, 9.9)
    return Zone(((ring,),), (ZoneRule(types, None, may_end),))


def zones(*listed: Zone, elsewhere: tuple[ZoneRule, ...] = ()) -> Zones:
    return Zones(repr((listed, elsewhere)), listed, elsewhere)


def test_a_lone_scooter_may_be_left_anywhere_where_nobody_says_otherwise() -> None:
    assert len(by(scooters(50))) == 1


def test_a_large_fleet_shows_where_it_lives() -> None:
    crowd = [1000.0 + 10 * i for i in range(25)]
    assert by(scooters(50, *crowd)) == []
    assert len(by(scooters(50, *crowd), to=1900)) == 1


@pytest.mark.parametrize(
    ("ground", "left"),
    [
        (zones(zone(2500, 3500, may_end=False)), False),
        (zones(zone(2500, 3500, may_end=True)), True),
        (zones(zone(0, 2000, may_end=True)), False),  # an operator that names where: elsewhere only beside others
        (zones(zone(2900, 3100, may_end=True), zone(2500, 3500, may_end=False)), True),  # the first wins
        (zones(zone(2500, 3500, may_end=False, types=frozenset({"moped"}))), True),
        (zones(zone(2500, 3500, may_end=False, types=frozenset({"s"}))), False),
        (zones(elsewhere=(ZoneRule(None, True, False),)), False),
        (zones(zone(0, 3500, may_end=None)), True),
    ],
    ids=["banned", "allowed", "outside", "first wins", "other kind", "own kind", "globally banned", "silent"],
)
def test_a_ride_ends_where_the_operator_s_zones_let_it(ground: Zones, left: bool) -> None:
    assert bool(by(scooters(50, zones=ground))) is left


def test_a_hole_in_a_zone_is_outside_it() -> None:
    outer = zone(0, 5000, may_end=False)
    hole = zone(2900, 3100, may_end=None).polygons[0][0]
    holed = Zone(((outer.polygons[0][0], hole),), outer.rules)
    assert len(by(scooters(50, zones=zones(holed)))) == 1
    assert by(scooters(50, zones=zones(holed)), to=2500) == []


def test_a_vehicle_where_no_ride_may_start_is_not_taken() -> None:
    system = scooters(50)
    parked = tuple(SharedVehicle(id=v.id, lat=v.lat, lon=v.lon, form=v.form, may_start=False) for v in system.vehicles)
    assert by(scooters(50, vehicles=parked)) == []


def test_a_flat_scooter_is_not_taken() -> None:
    lat, lon = north(50)
    flat = SharedVehicle(id="s", lat=lat, lon=lon, form="scooter", range_m=0.0)
    assert by(scooters(50, vehicles=(flat,))) == []


def test_a_floating_bike_that_must_go_home_goes_to_a_dock() -> None:
    home = VehicleType(id="b", form="bike", return_constraint="any_station")
    lat, lon = north(50)
    floating = SharedVehicle(id="f", lat=lat, lon=lon, form="bike", type_id="b")
    system = bikes(dock("b", 2900, 0, 5), vehicles=(floating,), vehicle_types=(home,))
    assert by(system) == ["08:00:00 08:18:42 walk bike walk"]
    assert by(bikes(dock("b", 2900, 0, 0), vehicles=(floating,), vehicle_types=(home,))) == []


def test_a_scooter_from_a_station_is_left_in_the_street_where_that_is_its_way() -> None:
    free = VehicleType(id="s", form="scooter", return_constraint="free_floating")
    stand = dock("stand", 50, 0, None, available={"scooter": 3}, is_virtual=True)
    assert by(bikes(stand, vehicle_types=(free,))) == ["08:00:00 08:17:33 walk scooter"]


def test_docks_are_counted_by_kind_where_the_station_tells_them_apart() -> None:
    cargo_only = dock("b", 2900, 0, 5, docks_for={"scooter": 5})
    assert by(bikes(dock("a", 100, 5, 5), cargo_only)) == []
    assert len(by(bikes(dock("a", 100, 5, 5), dock("b", 2900, 0, 5, docks_for={"bike": 1})))) == 1


def test_a_shared_car_goes_to_a_station_that_takes_it() -> None:
    def cars(**parking: Any) -> Any:
        stands = dock("a", 100, 0, 0, available={"car": 2}), dock("b", 8900, 0, None, available={"car": 0}, **parking)
        return bikes(*stands, feed_id="cars", system_id="cars")

    assert by(cars(is_unlimited=True), to=9000) == ["08:00:00 08:32:59 walk car walk"]
    assert by(cars(), to=9000) == []


def test_providers_can_be_chosen() -> None:
    city, other = bikes(dock("a", 100, 5, 5), dock("b", 2900, 5, 5)), scooters(50)
    assert len(by(city, other)) == 2
    assert [line.split()[-2] for line in by(city, other, providers="citybike")] == ["bike"]
    assert len(by(city, other, providers="bikes,scoot")) == 2
    with pytest.raises(BadInput):
        by(city, providers="nobody")


@pytest.mark.parametrize(
    ("plan", "minutes", "km", "cost"),
    [
        (PricingPlan("p", None, "NOK", 10.0), 30, 5, 10.0),
        (PricingPlan("p", None, "NOK", 10.0, per_minute=(PricePart(0, 3.5, 1),)), 10, 0, 45.0),
        (PricingPlan("p", None, "NOK", 10.0, per_minute=(PricePart(0, 3.5, 1),)), 10.2, 0, 48.5),
        (PricingPlan("p", None, "NOK", 0.0, per_minute=(PricePart(60, 15, 15),)), 60, 0, 0.0),
        (PricingPlan("p", None, "NOK", 0.0, per_minute=(PricePart(60, 15, 15),)), 61, 0, 15.0),
        (PricingPlan("p", None, "NOK", 0.0, per_minute=(PricePart(0, 2, 1, 10), PricePart(10, 1, 1))), 15, 0, 25.0),
        (PricingPlan("p", None, "NOK", 0.0, per_minute=(PricePart(30, 20, 0),)), 45, 0, 20.0),
        (PricingPlan("p", None, "USD", 2.0, per_km=(PricePart(10, 1, 1, 25),)), 0, 12.5, 5.0),
    ],
)
def test_prices_follow_the_plan(plan: PricingPlan, minutes: float, km: float, cost: float) -> None:
    assert cost_of(plan, duration_s=minutes * 60, distance_m=km * 1000) == pytest.approx(cost)


def test_a_leg_says_its_price_where_the_kind_of_vehicle_names_a_plan() -> None:
    plans = {"p": PricingPlan("p", "Per minute", "NOK", 10.0, per_minute=(PricePart(0, 3.0, 1),))}

    def price(**more: Any) -> object:
        found = ask(moment(FAR, mobility=[scooters(50, plans=plans, **more)]), point(0), point(3000))
        return next(leg.price for leg in found.suggestions[0].legs if leg.mode == "scooter")

    named = (VehicleType(id="s", form="scooter", plan_id="p"),)
    # 60 s to unlock, 2,950 m × 1.3 at 4.2 m/s, 30 s to lock: 16 min 44 s begun
    assert price(vehicle_types=named) == wire.Price(amount=61.0, currency="NOK", plan="Per minute")
    assert price().__class__.__name__ == "UnsetType"


NEAR = draw("31/t1: A 08:10  B 08:30", places={"A": north(300), "B": north(3000)})


def screen(*stations: Any) -> list[tuple[list[str], Any]]:
    office = Office("o", "Office", *north(0), destinations=(Destination("Home", *(None, *north(3000))),))
    snapshot = moment(NEAR, mobility=[bikes(*stations)], offices=[office])
    data = OfficeView_().answer(snapshot, {"office": "o"}, now=NOW).data
    assert isinstance(data, wire.OfficeView)
    return [(s.modes, s.crowd) for s in data.suggestions[0].suggestions]


def test_a_screen_says_how_many_bikes_there_are_where_the_next_stand_and_how_to_go_without() -> None:
    rows = screen(dock("a", 100, 2, 5), dock("next", 360, 4, 5), dock("b", 2900, 5, 5))
    crowd = next(crowd for modes, crowd in rows if "bike" in modes)
    assert (crowd.available, crowd.next.name, crowd.next.available, crowd.next.walk_s) == (2, "next", 4, 260)
    instead = next(modes for modes, other in rows if not isinstance(other, wire.Crowd))
    assert instead == ["walk", "bus"]
    assert isinstance(crowd.instead, str)
    assert not isinstance(rows[[modes for modes, _ in rows].index(["walk", "bus"])][1], wire.Crowd)


def test_where_no_other_bikes_are_near_none_are_named() -> None:
    rows = screen(dock("a", 100, 2, 5), dock("empty", 360, 0, 5), dock("b", 2900, 5, 5))
    assert next(crowd for modes, crowd in rows if "bike" in modes).next is None


def test_a_way_that_needs_no_bike_is_told_though_it_leaves_much_later() -> None:
    late_bus = draw("31/t1: A 10:30  B 10:50", places={"A": north(300), "B": north(3000)})
    office = Office("o", "Office", *north(0), destinations=(Destination("Home", *(None, *north(3000))),))
    snapshot = moment(late_bus, mobility=[bikes(dock("a", 100, 2, 5), dock("b", 2900, 5, 5))], offices=[office])
    data = OfficeView_().answer(snapshot, {"office": "o"}, now=NOW).data
    assert isinstance(data, wire.OfficeView)
    by_bike, by_bus = data.suggestions[0].suggestions
    assert (by_bike.modes, by_bus.modes) == (["walk", "bike"], ["walk", "bus"])
    assert isinstance(by_bike.crowd, wire.Crowd)
    assert by_bike.crowd.instead == by_bus.id


def test_a_shared_car_takes_one_to_a_train_and_to_no_bus() -> None:
    def cars(kind: str) -> list[str]:
        line = draw(f"L1/t1 [mode={kind}]: A 09:30  B 09:50", places={"A": north(8000), "B": north(30_000)})
        stands = dock("home", 100, 0, 0, available={"car": 2}), dock("there", 7900, 0, None, is_unlimited=True)
        system = bikes(*stands, feed_id="cars", system_id="cars")
        return told(ask(moment(line, mobility=[system]), point(0), "B", window_s=7200))

    assert cars("rail") == ["08:58:56 09:50:00 walk car walk L1"]
    assert cars("bus") == []


def test_a_scooter_to_the_bus_does_not_hide_a_bike_to_the_bus() -> None:
    bus = draw("31/t1: A 08:30  B 08:50", places={"A": north(3000), "B": north(9000)})
    docked, free = bikes(dock("a", 150, 5, 5), dock("b", 2850, 5, 5)), scooters(20)
    found = told(ask(moment(bus, mobility=[docked, free]), point(0), "B"))
    assert sorted(line.split(" ", 2)[2] for line in found) == ["walk bike walk 31", "walk scooter 31"]
