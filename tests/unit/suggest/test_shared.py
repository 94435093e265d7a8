"""Shared vehicles are suggested only where one can surely be taken and left."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartreise.model.mobility import MobilitySystem, VehicleType
from smartreise.views import wire
from tests.drawing import draw
from tests.unit.suggest.situation import NOW, ask, bikes, dock, line, moment, north, point, scooters, told

#: a bus far to the north, so that there is a timetable
FAR = draw("9/t9: Y 23:00  Z 23:30", places={"Y": north(90_000), "Z": north(99_000)})
#: a bus 1,500 m north of the origin
BUS = draw("31/t1: A 08:30  B 08:50", places={"A": north(1500), "B": north(9000)})


def by_bike(*systems: MobilitySystem, **params: Any) -> list[str]:
    """Ways from the origin to a point 3 km north, where docks stand at 100 and 2,900 m in the drawings."""
    return told(ask(moment(FAR, mobility=systems), point(0), point(3000), **params))


def test_a_bike_all_the_way_with_a_walk_at_either_end() -> None:
    found = ask(moment(FAR, mobility=[bikes(dock("a", 100, 5, 5), dock("b", 2900, 5, 5))]), point(0), point(3000))
    (only,) = found.suggestions
    # 100 s on foot, 60 s to unlock, 2,800 m × 1.3 at 4.2 m/s, 30 s to lock, 100 s on foot
    assert line(only) == "08:00:00 08:19:16 walk bike walk"
    leg = only.legs[1]
    assert (leg.provider, leg.pickup.available, leg.dropoff.docks) == ("citybike", 5, 5)  # type: ignore[union-attr]
    assert (only.reach, only.status, only.transfers) == ("go", "ok", 0)


@pytest.mark.parametrize(
    ("pickup", "dropoff", "system"),
    [
        (dock("a", 100, 0, 5), dock("b", 2900, 5, 5), {}),
        (dock("a", 100, None, 5), dock("b", 2900, 5, 5), {}),
        (dock("a", 100, 5, 5), dock("b", 2900, 5, 0), {}),
        (dock("a", 100, 5, 5), dock("b", 2900, 5, None), {}),
        (dock("a", 100, 5, 5), dock("b", 2900, 5, 5, is_returning=False), {}),
        (dock("a", 100, 5, 5, is_installed=False), dock("b", 2900, 5, 5), {}),
        (dock("a", 100, 5, 5, reported_at=NOW - 7200), dock("b", 2900, 5, 5), {}),
        (dock("a", 100, 5, 5), dock("b", 2900, 5, 5), {"state": "closed"}),
        (dock("a", 100, 5, 5), dock("b", 2900, 5, 5), {"updated_at": NOW - 700}),
    ],
    ids=["empty", "unknown", "full", "docks unknown", "no returns", "not installed", "stale", "closed", "old"],
)
def test_no_bike_that_cannot_surely_be_taken_and_left(pickup: Any, dropoff: Any, system: dict[str, Any]) -> None:
    assert by_bike(bikes(pickup, dropoff, **system)) == []


def test_a_virtual_station_takes_bikes_back_without_docks() -> None:
    virtual = dock("b", 2900, 5, None, is_virtual=True)
    assert len(by_bike(bikes(dock("a", 100, 5, 5), virtual))) == 1


def test_a_broken_or_round_trip_system_leaves_the_others() -> None:
    good = bikes(dock("a", 100, 5, 5), dock("b", 2900, 5, 5))
    round_trip = VehicleType(id="b", form="bike", return_constraint="roundtrip_station")
    other = bikes(dock("x", 10, 5, 5), dock("y", 2990, 5, 5), feed_id="o", vehicle_types=(round_trip,))
    assert by_bike(good, other) == by_bike(good) != []


def test_counts_say_nothing_of_a_time_far_ahead() -> None:
    system = bikes(dock("a", 100, 5, 5), dock("b", 2900, 5, 5))
    assert len(by_bike(system, at="2026-11-10T10:00:00+01:00")) == 1
    assert by_bike(system, at="2026-11-10T10:01:00+01:00") == []


@pytest.mark.parametrize("params", [{"modes": "bus"}, {"modes": "scooter,car"}, {"wheelchair": "true"}])
def test_bikes_that_are_not_wished_are_not_used(params: dict[str, str]) -> None:
    assert by_bike(bikes(dock("a", 100, 5, 5), dock("b", 2900, 5, 5)), **params) == []


def test_the_last_bikes_are_said_to_be_the_last() -> None:
    found = ask(moment(FAR, mobility=[bikes(dock("a", 100, 2, 5), dock("b", 2900, 5, 5))]), point(0), point(3000))
    assert [(s.status, s.reason) for s in found.suggestions] == [("tight", "last_vehicles")]


def test_a_scooter_is_left_where_others_of_its_kind_stand() -> None:
    assert by_bike(scooters(50, 2800)) == ["08:00:00 08:17:33 walk scooter"]
    assert by_bike(scooters(50, *range(1000, 2000, 50))) == []


def test_a_bike_to_the_bus_leaves_later_than_a_walk() -> None:
    near = bikes(dock("a", 50, 5, 5), dock("b", 1450, 5, 5))
    on_foot, by_wheel = sorted(told(ask(moment(BUS, mobility=[near]), point(0), "B", max_walk_m=2500)))
    assert on_foot == "08:04:01 08:50:00 walk 31"
    # 50 s, 60 s, 1,400 m × 1.3 at 4.2 m/s, 30 s, 50 s, and a minute's slack
    assert by_wheel == "08:18:37 08:50:00 walk bike walk 31"


def test_a_bike_from_the_bus_needs_a_bike_there_and_a_dock_here() -> None:
    timetable = draw("31/t1: A 08:10  B 08:30", places={"A": north(-9000), "B": north(0)})

    def last_mile(bikes_there: int, docks_here: int) -> list[str]:
        system = bikes(dock("there", 50, bikes_there, 9), dock("here", 1350, 9, docks_here))
        return told(ask(moment(timetable, mobility=[system]), "A", point(1400), max_walk_m=2000))

    assert len(last_mile(5, 5)) == 2
    assert any("bike" in text for text in last_mile(5, 5))
    assert not any("bike" in text for text in last_mile(0, 5) + last_mile(5, 0))


def test_a_bike_that_was_taken_breaks_what_was_shown() -> None:
    def now_with(count: int) -> Any:
        return moment(FAR, mobility=[bikes(dock("a", 100, count, 5), dock("b", 2900, 5, 5))])

    before = ask(now_with(3), point(0), point(3000))
    after = ask(now_with(0), point(0), point(3000), previous=before)
    assert [(s.id, s.status, s.reason) for s in after.suggestions] == [
        (before.suggestions[0].id, "broken", "no_vehicle")
    ]


_COUNT = st.none() | st.integers(0, 3)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    counts=st.lists(st.tuples(st.integers(0, 45), _COUNT, _COUNT), min_size=2, max_size=8), late_by=st.integers(0, 900)
)
def test_no_bike_from_an_empty_station_and_none_to_a_full_one(
    counts: list[tuple[int, int | None, int | None]], late_by: int
) -> None:
    stations = [dock(f"d{i}", 100 * at, b, d) for i, (at, b, d) in enumerate(counts)]
    by_id = {s.id: s for s in stations}
    now = NOW + late_by
    answer = ask(moment(BUS, mobility=[bikes(*stations, updated_at=now)], now=now), point(0), point(4500), now=now)
    for suggestion in answer.suggestions:
        assert suggestion.reach != "missed"
        for leg in suggestion.legs:
            if leg.mode == "bike":
                assert isinstance(leg.pickup, wire.Pickup)
                assert isinstance(leg.dropoff, wire.Dropoff)
                assert (by_id[str(leg.pickup.station_id)].bikes or 0) > 0
                assert (by_id[str(leg.dropoff.station_id)].docks or 0) > 0
