"""GBFS 2.3 and 3.0 with the fields that the specifications require, and counts that breathe with the day."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from smartreise.simulator.faults import FaultBook
from smartreise.simulator.mobility import Mobility
from smartreise.simulator.region import AuthoredRegion
from tests.unit.simulator.conftest import at

NOON = at("2026-11-24T12:00:00")
BASE = "http://127.0.0.1:1"


@pytest.fixture
def book() -> FaultBook:
    return FaultBook()


@pytest.fixture
def mobility(region: AuthoredRegion, book: FaultBook) -> Mobility:
    return Mobility(region, book, seed=1)


def load(mobility: Mobility, feed: str, now: int = NOON) -> dict[str, Any]:
    system, name = feed.split("/")
    document: dict[str, Any] = json.loads(mobility.render(system, name, now=now, base=BASE))
    return document


REQUIRED = {
    "bysykkel/system_information": ("", {"system_id", "language", "name", "timezone"}),
    "bysykkel/vehicle_types": ("vehicle_types", {"vehicle_type_id", "form_factor", "propulsion_type"}),
    "bysykkel/station_information": ("stations", {"station_id", "name", "lat", "lon"}),
    "bysykkel/station_status": (
        "stations",
        {"station_id", "num_bikes_available", "is_installed", "is_renting", "is_returning", "last_reported"},
    ),
    "sparkesykkel/system_information": (
        "",
        {"system_id", "languages", "name", "opening_hours", "feed_contact_email", "timezone"},
    ),
    "sparkesykkel/vehicle_types": ("vehicle_types", {"vehicle_type_id", "form_factor", "propulsion_type"}),
    "sparkesykkel/vehicle_status": ("vehicles", {"vehicle_id", "is_reserved", "is_disabled", "lat", "lon"}),
    "bildeling/station_information": ("stations", {"station_id", "name", "lat", "lon"}),
    "bildeling/station_status": (
        "stations",
        {"station_id", "num_vehicles_available", "is_installed", "is_renting", "is_returning", "last_reported"},
    ),
    "bildeling/vehicle_status": ("vehicles", {"vehicle_id", "is_reserved", "is_disabled", "station_id"}),
}


@pytest.mark.parametrize("feed", REQUIRED)
def test_required_fields_are_there(mobility: Mobility, feed: str) -> None:
    document = load(mobility, feed)
    assert set(document) == {"last_updated", "ttl", "version", "data"}
    key, fields = REQUIRED[feed]
    items = document["data"][key] if key else [document["data"]]
    assert items
    for item in items:
        assert fields <= set(item)


def test_versions_keep_their_own_forms(mobility: Mobility) -> None:
    old, new = load(mobility, "bysykkel/station_status"), load(mobility, "bildeling/station_information")
    assert (old["version"], old["last_updated"]) == ("2.3", NOON)
    assert new["version"] == "3.0"
    assert datetime.fromisoformat(new["last_updated"]).timestamp() == NOON
    assert new["data"]["stations"][0]["name"] == [{"text": "IT Fornebu P-hus", "language": "nb"}]


def test_discovery_lists_every_file_of_a_system(mobility: Mobility) -> None:
    feeds = load(mobility, "bysykkel/gbfs")["data"]["nb"]["feeds"]
    assert {feed["name"]: feed["url"] for feed in feeds}[
        "station_status"
    ] == f"{BASE}/gbfs/bysykkel/station_status.json"
    names = {feed["name"] for feed in load(mobility, "sparkesykkel/gbfs")["data"]["feeds"]}
    assert names == {"system_information", "vehicle_types", "vehicle_status"}


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_counts_fit_the_docks(mobility: Mobility, region: AuthoredRegion, hour: int) -> None:
    capacity = {dock.id: dock.capacity for dock in region.docks}
    for status in load(mobility, "bysykkel/station_status", at(f"2026-11-24T{hour:02d}:00:00"))["data"]["stations"]:
        bikes, docks = status["num_bikes_available"], status["num_docks_available"]
        assert bikes >= 0
        assert docks >= 0
        assert bikes + docks <= capacity[status["station_id"]]
        assert sum(kind["count"] for kind in status["vehicle_types_available"]) == bikes


def test_docks_at_work_fill_by_day_and_docks_at_home_empty(mobility: Mobility, region: AuthoredRegion) -> None:
    def total(kind: str, now: int) -> int:
        mine = {dock.id for dock in region.docks if dock.kind == kind}
        stations = load(mobility, "bysykkel/station_status", now)["data"]["stations"]
        return sum(status["num_bikes_available"] for status in stations if status["station_id"] in mine)

    night = at("2026-11-24T05:00:00")
    assert total("work", NOON) > 1.5 * total("work", night)
    assert total("home", NOON) < 0.8 * total("home", night)


def test_a_dock_reports_when_it_last_changed_and_never_in_the_future(mobility: Mobility) -> None:
    for now in range(NOON, NOON + 600, 30):
        for status in load(mobility, "bysykkel/station_status", now)["data"]["stations"]:
            assert now - 300 < status["last_reported"] <= now


def test_few_docks_change_at_once(mobility: Mobility) -> None:
    def counts(now: int) -> list[int]:
        return [s["num_bikes_available"] for s in load(mobility, "bysykkel/station_status", now)["data"]["stations"]]

    changed = sum(a != b for a, b in zip(counts(NOON), counts(NOON + 10), strict=True))
    assert changed <= 8


def test_cars_at_a_station_are_counted_by_it_and_carry_its_id(mobility: Mobility) -> None:
    counted = {
        status["station_id"]: status["num_vehicles_available"]
        for status in load(mobility, "bildeling/station_status")["data"]["stations"]
    }
    standing = [car["station_id"] for car in load(mobility, "bildeling/vehicle_status")["data"]["vehicles"]]
    assert {station: standing.count(station) for station in counted} == counted
    assert sum(counted.values()) > 10


def test_an_emptied_dock_has_no_bikes_and_says_so_now(mobility: Mobility, book: FaultBook) -> None:
    book.add({"kind": "empty_station", "station_id": "454"}, now=NOON)
    stations = load(mobility, "bysykkel/station_status")["data"]["stations"]
    furulund = next(status for status in stations if status["station_id"] == "454")
    assert (furulund["num_bikes_available"], furulund["last_reported"]) == (0, NOON)
