"""What is told of shared vehicles: unknown is null, closed is not zero, old is marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smartreise.model.problems import BadInput
from smartreise.views import wire
from smartreise.views.mobility import MobilityView
from tests.drawing import draw
from tests.unit.suggest.situation import NOW, bikes, dock, moment, point, scooters

TIMETABLE = draw("1/t: A 08:00  B 09:00")


def around(*systems: Any, radius_m: int = 500, now: int = NOW) -> wire.Mobility:
    view = MobilityView()
    params = dict(view.canonical({"near": point(0), "radius_m": str(radius_m)}))
    data = view.answer(moment(TIMETABLE, mobility=systems), params, now=now).data
    assert isinstance(data, wire.Mobility)
    return data


def only(*systems: Any, **more: Any) -> wire.MobilityStation:
    (station,) = around(*systems, **more).stations
    return station


def test_the_nearest_first_and_none_beyond_the_radius() -> None:
    data = around(bikes(dock("c", 600, 1, 1), dock("b", 400, 1, 1), dock("a", 100, 1, 1)), scooters(200, 900))
    assert [s.id for s in data.stations] == ["a", "b"]
    assert [(v.id, v.form, v.provider) for v in data.vehicles] == [("s200", "scooter", "scoot")]


def test_unknown_is_null() -> None:
    station = only(bikes(dock("a", 100, None, None)))
    assert (station.bikes, station.docks, station.state, station.forecast) == (None, None, "unknown", None)


def test_a_closed_system_reads_closed_and_not_zero() -> None:
    station = only(bikes(dock("a", 100, 3, 3), state="closed"))
    assert (station.state, station.bikes, station.docks) == ("closed", None, None)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "open"),
        ({"is_installed": False}, "closed"),
        ({"is_renting": False, "is_returning": False}, "closed"),
        ({"is_renting": False}, "open"),
        ({"reported_at": NOW - 2401}, "stale"),
        ({"reported_at": None}, "open"),
    ],
)
def test_states_of_a_station(more: dict[str, Any], state: str) -> None:
    assert only(bikes(replace(dock("a", 100, 3, 3), **more))).state == state


def test_an_answer_knows_when_a_station_grows_stale() -> None:
    view = MobilityView()
    params = dict(view.canonical({"near": point(0)}))
    snapshot = moment(TIMETABLE, mobility=[bikes(dock("a", 100, 3, 3))])
    answer = view.answer(snapshot, params, now=NOW)
    assert answer.changes_at == NOW + 601
    assert view.answer(snapshot, params, now=NOW + 600).data == answer.data
    assert view.answer(snapshot, params, now=NOW + 601).data != answer.data


@pytest.mark.parametrize("params", [{}, {"near": "here"}, {"near": "95,10"}, {"near": "59,10", "radius_m": "-1"}])
def test_a_place_must_be_given(params: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        MobilityView().canonical(params)


def test_a_forecast_is_told_while_it_is_ahead() -> None:
    told = {"a": ((600, 0.5, 0.9), (1200, 0.4, 0.95), (1800, 0.3, 1.0))}
    known = bikes(dock("a", 0, 3, 7), forecasts=told, forecasts_at=NOW - 60)
    station = only(known)
    assert station.forecast is not None
    assert [(row.in_s, row.p_bike, row.p_dock) for row in station.forecast] == list(told["a"])
    for silent in (replace(known, forecasts_at=NOW - 601), replace(known, forecasts={})):
        assert only(silent).forecast is None
