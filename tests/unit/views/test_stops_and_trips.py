"""Stops by name and nearby, one stop, one trip, vehicles, places, the network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smartreise.live.snapshot import Snapshot, VehicleOnTrip
from smartreise.model.problems import BadInput, Unanswerable, UnknownId
from smartreise.model.realtime import VehiclePosition
from smartreise.model.region import Office
from smartreise.views import wire
from smartreise.views.registry import VIEWS
from tests.drawing import DAY, clock, draw
from tests.unit.suggest.situation import NOW, cancelled, late, moment, north, point, skipped

TIMETABLE = draw(
    """
    31/t1: A1 08:05  B 08:20-08:21  C 08:40
    11/t2 [mode=tram]: A2 08:15  B 08:30
    5/f1 [every=07:00-09:00/1800]: A1 00:00  C 00:20
    sat/t3 [service=sat]: A1 10:00  B 10:20
    """,
    places={"A": north(300), "A1": north(310), "A2": north(290), "B": north(900), "C": north(5000), "Bø": north(700)},
    stations={"A": "A1 A2"},
    services={"sat": "2026-11-14 2026-11-21"},
)
OFFICE = Office("hq", "Bygget", *north(0))


def ask(name: str, snapshot: Snapshot | None = None, *, now: int = NOW, **params: str) -> Any:
    view = VIEWS[name]
    asked = snapshot or moment(TIMETABLE, offices=[OFFICE])
    return view.answer(asked, dict(view.canonical(params)), now=now).data


def test_nearby_comes_the_station_then_its_stops_by_distance() -> None:
    stops = ask("stops", near=point(0), radius_m="1000").stops
    assert [(stop.id, round(stop.distance_m)) for stop in stops] == [("A", 290), ("A2", 290), ("A1", 310), ("B", 899)]
    assert [stop.id for stop in ask("stops", near=point(0), radius_m="1000", limit="1").stops] == ["A"]


def test_by_name_come_stations_not_their_stops_and_an_id_finds_its_stop() -> None:
    assert [stop.id for stop in ask("stops", q="a").stops] == ["A"]
    assert [stop.id for stop in ask("stops", q="A1").stops] == ["A1"]
    assert ask("stops", q="zz").stops == []
    with pytest.raises(BadInput):
        ask("stops")


def test_a_stop_has_quays_and_lines() -> None:
    stop = ask("stop", stop="A")
    assert [quay.id for quay in stop.quays] == ["A1", "A2"]
    assert {line.name for line in stop.lines} == {"31", "11", "5", "sat"}
    assert sorted(stop.modes) == ["bus", "tram"]
    assert ask("stop", stop="A1").parent == "A"
    with pytest.raises(UnknownId):
        ask("stop", stop="zz")


def test_a_trip_tells_its_calls_planned_and_expected() -> None:
    trip = ask("trip", moment(TIMETABLE, updates=[late("t1", 60)]), trip_id="t1")
    told = [(c.stop.id, *(x and x.expected[11:16] for x in (c.arrive, c.depart))) for c in trip.calls]
    assert told == [("A1", None, "08:06"), ("B", "08:21", "08:22"), ("C", "08:41", None)]
    assert (trip.service_date, trip.realtime, trip.cancelled, trip.headsign) == ("2026-11-10", True, False, "C")
    assert trip.calls[1].arrive.scheduled == "2026-11-10T08:20:00+01:00"
    assert trip.geometry


def test_cancelled_and_skipped_are_said() -> None:
    assert ask("trip", moment(TIMETABLE, updates=[cancelled("t1")]), trip_id="t1").cancelled
    calls = ask("trip", moment(TIMETABLE, updates=[skipped("t1", 2)]), trip_id="t1").calls
    assert [(call.skipped, call.can_board) for call in calls] == [(False, True), (True, False), (False, False)]


def test_without_a_date_the_run_nearest_to_now_is_meant() -> None:
    assert ask("trip", trip_id="t3").service_date == "2026-11-14"
    assert ask("trip", trip_id="t1", now=clock("23:50")).service_date == "2026-11-11"
    run = ask("trip", trip_id="f1", now=clock("08:25"))
    assert run.calls[0].depart.scheduled == "2026-11-10T08:30:00+01:00"


def test_days_without_the_trip_and_ids_nobody_knows() -> None:
    with pytest.raises(Unanswerable, match="does not run on 2026-11-11"):
        ask("trip", trip_id="t3", service_date="2026-11-11")
    for day in ("0001-01-01", "9999-12-31", "2031-01-01"):
        with pytest.raises(Unanswerable):
            ask("trip", trip_id="t1", service_date=day)
    with pytest.raises(UnknownId):
        ask("trip", trip_id="zz")


def test_vehicles_in_a_box_until_their_report_is_old() -> None:
    position = VehiclePosition("e", None, "v1", None, 59.9, 10.0, timestamp=NOW)
    snapshot = replace(
        moment(TIMETABLE), vehicles=(VehicleOnTrip(position, "t1", DAY.toordinal(), TIMETABLE.route_index["31"]),)
    )
    (vehicle,) = ask("vehicles", snapshot, bbox="9,59,11,60").vehicles
    assert (vehicle.id, vehicle.line.name, vehicle.trip_id) == ("v1", "31", "t1")
    assert ask("vehicles", snapshot, bbox="10.5,59,11,60").vehicles == []
    assert ask("vehicles", snapshot, bbox="9,59,11,60", now=NOW + 601).vehicles == []
    assert ask("trip", snapshot, trip_id="t1").vehicle.id == "v1"


def test_places_are_offices_stops_and_coordinates() -> None:
    places = ask("places", q="b").places
    assert (places[0].name, places[0].office_id) == ("Bygget", "hq")
    assert [p.stop_id for p in places[1:]] == ["B"]
    assert [(p.lat, p.lon) for p in ask("places", q="59.9,10.5").places] == [(59.9, 10.5)]
    assert [p.office_id for p in ask("places", q="hq").places] == ["hq"]


def test_the_network_has_a_feature_per_line_and_few_points() -> None:
    network = ask("network")
    assert isinstance(network, wire.Network)
    assert {feature.properties.name for feature in network.features} == {"31", "11", "5", "sat"}
    (line,) = next(f.geometry.coordinates for f in network.features if f.properties.name == "31")
    assert len(line) == 2, "stops on a straight line need no points between"
    assert ask("network") is network
