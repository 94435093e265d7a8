"""What a GBFS file of any version may say, and what one may take or return by it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from smartreise.ingest.gbfs import parse_discovery, parse_system, state_at
from smartreise.model.mobility import MobilitySystem, Station
from smartreise.model.problems import DatasetRefused
from tests.shared_data import shared

NOW = 1_700_000_000  # a Tuesday, 22:13 UTC
SEASON = {"start_month": 4, "start_day": 1, "end_month": 11, "end_day": 1}
HOURS = {"days": ["tue"], "start_time": "06:00:00", "end_time": "22:00:00"}
TYPES = {
    "vehicle_types": [
        {"vehicle_type_id": "b", "form_factor": "bicycle", "propulsion_type": "human"},
        {"vehicle_type_id": "e", "form_factor": "bicycle", "propulsion_type": "electric_assist"},
        {"vehicle_type_id": "c", "form_factor": "cargo_bicycle", "propulsion_type": "human"},
        {"vehicle_type_id": "s", "form_factor": "scooter_standing", "propulsion_type": "electric"},
    ]
}


def file(data: Any, **head: Any) -> bytes:
    return json.dumps({"last_updated": NOW, "ttl": 10, "version": "2.3"} | head | {"data": data}).encode()


def station(id_: str, **more: Any) -> dict[str, Any]:
    return {"station_id": id_, "name": id_.upper(), "lat": 59.9, "lon": 10.7, "capacity": 20} | more


def status(id_: str, **more: Any) -> dict[str, Any]:
    flags = {"is_installed": True, "is_renting": True, "is_returning": True, "last_reported": NOW}
    return {"station_id": id_, "num_bikes_available": 5, "num_docks_available": 9} | flags | more


def system(
    places: list[Any], statuses: list[Any], *, extra: Mapping[str, bytes] | None = None, **head: Any
) -> MobilitySystem:
    files = {"station_information": file({"stations": places}, **head)}
    files["station_status"] = file({"stations": statuses}, **head)
    return parse_system(files | dict(extra or {}), feed_id="bikes", now=NOW)


def one(state: dict[str, Any], **place: Any) -> Station:
    other = status("b")
    return system([station("a", **place), station("b")], [state, other]).stations[0]


def test_version_1_flags_are_integers() -> None:
    found = one(status("a", is_installed=1, is_renting=0, is_returning=1))
    assert (found.is_renting, found.bikes, found.docks) == (False, 0, 9)


@pytest.mark.parametrize(
    ("closed", "bikes", "docks"),
    [("is_installed", 0, 0), ("is_renting", 0, 9), ("is_returning", 5, 0)],
)
def test_every_flag_gates_its_count(closed: str, bikes: int, docks: int) -> None:
    found = one(status("a", **{closed: False}))
    assert (found.bikes, found.docks) == (bikes, docks)


@pytest.mark.parametrize("docks", [999, 9999, -1, None, "many"])
def test_unknown_docks_are_none(docks: Any) -> None:
    assert one(status("a", num_docks_available=docks)).docks is None


def test_a_virtual_station_has_no_docks_to_count() -> None:
    assert one(status("a"), is_virtual_station=True).docks is None


def test_missing_counts_are_none_not_zero() -> None:
    bare = {"station_id": "a", "is_installed": True, "is_renting": True, "is_returning": True}
    found = one(bare)
    assert (found.bikes, found.ebikes, found.docks, found.available) == (None, None, None, {})


def test_ebikes_and_scooters_are_told_apart_by_vehicle_type() -> None:
    mix = [{"vehicle_type_id": id_, "count": n} for id_, n in (("b", 2), ("e", 3), ("c", 1), ("s", 4))]
    state = status("a", num_bikes_available=10, vehicle_types_available=mix)
    found = system([station("a")], [state], extra={"vehicle_types": file(TYPES)}).stations[0]
    assert (found.bikes, found.ebikes, found.available) == (6, 3, {"bike": 6, "scooter": 4})


def test_version_3_names_texts_and_times() -> None:
    state = status("a", num_vehicles_available=7, last_reported="2023-11-14T23:00:00+01:00")
    del state["num_bikes_available"]
    name = [{"text": "Square", "language": "en"}, {"text": "Torget", "language": "nb"}]
    found = system([station("a", name=name)], [state], version="3.0", last_updated="2023-11-14T23:13:20+01:00")
    assert (found.stations[0].name, found.stations[0].bikes) == ("Torget", 7)
    assert (found.stations[0].reported_at, found.updated_at, found.version) == (NOW - 800, NOW, "3.0")


def test_milliseconds_are_tolerated() -> None:
    assert one(status("a", last_reported=NOW * 1000)).reported_at == NOW


def test_a_bad_item_removes_only_itself() -> None:
    places = [station("a"), station("a"), station("b", lat="north"), "junk", station("c")]
    found = system(places, [status("a"), status("a"), status("ghost"), None, status("c")])
    assert [s.id for s in found.stations] == ["a", "c"]
    assert found.skipped == {
        "station listed twice": 1,
        "station without id or position": 1,
        "station_information: not a record": 1,
        "station_status: not a record": 1,
        "status given twice": 1,
        "status without information": 1,
    }


def test_a_vehicle_at_a_station_is_counted_there_only() -> None:
    spot = {"lat": 59.9, "lon": 10.7, "vehicle_type_id": "s"}
    vehicles = [
        {"bike_id": "free", **spot},
        {"bike_id": "docked", "station_id": "a", **spot},
        {"bike_id": "taken", "is_reserved": 1, **spot},
        {"bike_id": "broken", "is_disabled": True, **spot},
        {"bike_id": "nowhere", "vehicle_type_id": "s"},
    ]
    extra = {"free_bike_status": file({"bikes": vehicles}), "vehicle_types": file(TYPES)}
    found = system([station("a")], [status("a")], extra=extra)
    assert [(v.id, v.form) for v in found.vehicles] == [("free", "scooter")]
    assert found.skipped == {"vehicle without id or position": 1}


def test_a_system_of_free_vehicles_alone() -> None:
    files = {"vehicle_status": file({"vehicles": [{"vehicle_id": "v", "lat": 59.9, "lon": 10.7}]})}
    assert len(parse_system(files, feed_id="s", now=NOW).vehicles) == 1


@pytest.mark.parametrize(
    ("extra", "state"),
    [
        ({}, "open"),
        ({"system_calendar": {"calendars": [SEASON]}}, "closed"),
        ({"system_calendar": {"calendars": [SEASON | {"end_month": 12}]}}, "open"),
        ({"system_hours": {"rental_hours": [HOURS]}}, "closed"),
        ({"system_hours": {"rental_hours": [HOURS | {"end_time": "24:30:00"}]}}, "open"),
        ({"system_information": {"opening_hours": "Mo-Su 06:00-20:00"}}, "closed"),
        ({"system_information": {"opening_hours": "Mo-Fr 06:00-02:00; Sa off"}}, "open"),
        ({"system_information": {"opening_hours": "Apr 1-Nov 3 00:00-24:00"}}, "closed"),
        ({"system_information": {"opening_hours": "24/7"}}, "open"),
        ({"system_information": {"opening_hours": "by appointment"}}, "open"),
        ({"system_information": {"opening_hours": "00:00-23:00", "timezone": "Europe/Oslo"}}, "closed"),
    ],
)  # fmt: skip
def test_season_and_hours_close_a_system(extra: dict[str, Any], state: str) -> None:
    files = {name: file(data) for name, data in extra.items()}
    assert system([station("a")], [status("a")], extra=files).state == state


def test_a_system_closes_by_its_hours_though_nothing_new_comes() -> None:
    hours = {"days": ["tue", "wed"], "start_time": "06:00:00", "end_time": "22:30:00"}
    found = system([station("a")], [status("a")], extra={"system_hours": file({"rental_hours": [hours]})})
    assert [state_at(found, NOW + minutes * 60) for minutes in (0, 16, 18, 460, 480)] == [
        *("open", "open", "closed", "closed", "open")
    ]


def test_a_system_where_nothing_rents_is_closed() -> None:
    places, statuses = zip(*((station(i), status(i, is_renting=False)) for i in "ab"), strict=True)
    assert system(list(places), list(statuses)).state == "closed"


def test_a_broken_optional_file_is_counted() -> None:
    found = system([station("a")], [status("a")], extra={"system_hours": b"<html>"})
    assert (found.skipped, found.state) == ({"unreadable system_hours": 1}, "open")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"station_status": file({"stations": [status("a")]})},
        {"station_information": b""},
        {"station_information": b"<html>Bad gateway</html>"},
        {"station_information": b'{"last_updated": 1, "data": {"stations": ['},
        {"station_information": b"[]"},
        {"station_information": file({"stations": []})},
        {"station_information": file({"stations": [station("a")]}), "station_status": file({"stations": []})},
        {"vehicle_status": file({})},
    ],
)
def test_what_is_no_system_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(DatasetRefused, match=r"station|vehicle"):
        parse_system(files, feed_id="bikes", now=NOW)


@pytest.mark.parametrize("name", ["empty_response", "empty_response_missing_data", "empty_response_missing_stations"])
@pytest.mark.parametrize("broken", ["station_information", "station_status"])
def test_oslos_broken_replies_are_refused(name: str, broken: str) -> None:
    folder = shared("oslo-bysykkel/2019-10-31")
    files = {n: (folder / f"{n}.json").read_bytes() for n in ("station_information", "station_status")}
    files[broken] = (folder / f"{name}.json").read_bytes()
    with pytest.raises(DatasetRefused, match=broken):
        parse_system(files, feed_id="oslo", now=1_572_521_347)


def test_oslo_2019_as_published() -> None:
    folder = shared("oslo-bysykkel/2019-10-31")
    names = ("station_information", "station_status")
    files = {name: (folder / f"{name}.json").read_bytes() for name in names}
    plain = {s["station_id"]: s for s in json.loads(files["station_status"])["data"]["stations"]}
    found = parse_system(files, feed_id="oslo", now=1_572_521_347)
    assert len(found.stations) == 246
    for s in found.stations:
        assert s.bikes == (plain[s.id]["num_bikes_available"] if plain[s.id]["is_renting"] else 0)


@pytest.mark.parametrize(
    ("folder", "stations", "vehicles"), [("lamassu-v2.1", 2, 1), ("lamassu-v3.0", 2, 3), ("lillestrom-v2.2", 6, 0)]
)
def test_real_systems(folder: str, stations: int, vehicles: int) -> None:
    files = {path.stem: path.read_bytes() for path in shared(f"gbfs/{folder}").glob("*.json")}
    found = parse_system(files, feed_id="real", now=NOW)
    assert (len(found.stations), len(found.vehicles)) == (stations, vehicles)
    assert "station_information" in parse_discovery(files["gbfs"])


def test_discovery_prefers_norwegian() -> None:
    feeds = {lang: {"feeds": [{"name": "station_status", "url": f"http://x/{lang}"}]} for lang in ("en", "nb")}
    assert parse_discovery(file(feeds)) == {"station_status": "http://x/nb"}


@pytest.mark.parametrize("data", [b"", b"{}", file({}), file({"nb": {}}), file({"feeds": [{"name": 1}]})])
def test_a_discovery_without_feeds_is_refused(data: bytes) -> None:
    with pytest.raises(DatasetRefused, match="gbfs"):
        parse_discovery(data)
