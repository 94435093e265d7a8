"""Zones and prices as publishers write them, in versions 2 and 3; what cannot be read is counted and left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from smartreise.ingest.catalogue import MobilitySource
from smartreise.ingest.gbfs import parse_system
from smartreise.ingest.gbfs_fetch import GbfsFetcher
from smartreise.model.mobility import MobilitySystem

NOW = 1_700_000_000
SQUARE = [[10.0, 59.0], [11.0, 59.0], [11.0, 60.0], [10.0, 60.0], [10.0, 59.0]]


def file(data: Any, version: str = "2.3") -> bytes:
    return json.dumps({"last_updated": NOW, "ttl": 60, "version": version, "data": data}).encode()


def system(zones: Any = None, plans: Any = None, **data: Any) -> MobilitySystem:
    files = {
        "free_bike_status": file({"bikes": data.get("bikes", [])}),
        "vehicle_types": file({"vehicle_types": data.get("types", [])}),
    }
    files |= {} if zones is None else {"geofencing_zones": file(zones)}
    files |= {} if plans is None else {"system_pricing_plans": file(plans)}
    return parse_system(files, feed_id="f", now=NOW)


def features(*rules: Any, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    shape = geometry or {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    zone = {"type": "Feature", "geometry": shape, "properties": {"rules": list(rules), **properties}}
    return {"geofencing_zones": {"type": "FeatureCollection", "features": [zone]}}


@pytest.mark.parametrize(
    ("rule", "start", "end", "types"),
    [
        ({"ride_allowed": False, "ride_through_allowed": True}, False, False, None),
        ({"ride_start_allowed": True, "ride_end_allowed": False}, True, False, None),
        ({"ride_allowed": True, "vehicle_type_id": ["a", "b"]}, True, True, {"a", "b"}),
        ({"ride_end_allowed": 0, "vehicle_type_ids": ["a"]}, None, False, {"a"}),
        ({"maximum_speed_kph": 6}, None, None, None),
    ],
)
def test_rules_of_every_version(rule: Any, start: Any, end: Any, types: Any) -> None:
    found = system(features(rule)).zones
    assert found is not None
    (read,) = found.zones[0].rules
    assert (read.may_start, read.may_end, read.types) == (start, end, types)


def test_a_plain_polygon_will_do_and_holes_are_kept() -> None:
    hole = [[10.4, 59.4], [10.6, 59.4], [10.6, 59.6], [10.4, 59.4]]
    found = system(features({"ride_allowed": False}, geometry={"type": "Polygon", "coordinates": [SQUARE, hole]})).zones
    assert found is not None
    assert len(found.zones[0].polygons[0]) == 2


@pytest.mark.parametrize(
    ("hours", "there"),
    [({"start": NOW - 10}, True), ({"end": NOW}, False), ({"start": "2023-11-15T00:00:00+00:00"}, False)],
)
def test_a_zone_outside_its_hours_is_no_zone(hours: Any, there: bool) -> None:
    assert (system(features({"ride_allowed": False}, **hours)).zones is not None) is there


@pytest.mark.parametrize(
    "zones",
    [
        {"geofencing_zones": {"features": [{"properties": {"rules": []}}]}},
        {"geofencing_zones": {"features": ["no"]}},
        features({"ride_allowed": False}, geometry={"type": "MultiPolygon", "coordinates": [[[["x", "y"]]]]}),
        features({"ride_allowed": False}, geometry={"type": "Polygon", "coordinates": [[[10, 59]]]}),
        features({"ride_allowed": False}, geometry={"type": "Polygon", "coordinates": None}),
    ],
)
def test_a_zone_that_cannot_be_read_is_counted_and_costs_nothing_else(zones: Any) -> None:
    found = system(zones, bikes=[{"bike_id": "1", "lat": 59.5, "lon": 10.5}])
    assert found.skipped == {"zone that cannot be read": 1}
    assert len(found.vehicles) == 1


def test_a_vehicle_in_a_zone_without_starts_is_shown_and_not_taken() -> None:
    parked = [{"bike_id": "in", "lat": 59.5, "lon": 10.5}, {"bike_id": "out", "lat": 59.5, "lon": 11.5}]
    found = system(features({"ride_start_allowed": False}), bikes=parked)
    assert {v.id: v.may_start for v in found.vehicles} == {"in": False, "out": True}


def test_plans_belong_to_kinds_and_vehicles() -> None:
    plan = {"plan_id": "p", "name": [{"text": "By minute", "language": "en"}], "price": "10", "currency": "NOK"}
    plan |= {"per_min_pricing": [{"start": 0, "rate": 3.5, "interval": 1}, {"rate": None}, "no"]}
    kind = {"vehicle_type_id": "k", "form_factor": "scooter_standing", "default_pricing_plan_id": "p"}
    bike = {"bike_id": "1", "lat": 59.5, "lon": 10.5, "vehicle_type_id": "k", "pricing_plan_id": "q"}
    found = system(plans={"plans": [plan, {"plan_id": "x"}, 7]}, types=[kind], bikes=[bike])
    assert [(p.name, p.price, len(p.per_minute)) for p in found.plans.values()] == [("By minute", 10.0, 1)]
    assert found.vehicle_types[0].plan_id == "p"
    assert (found.vehicles[0].plan_id, found.vehicles[0].type_id) == ("q", "k")
    assert found.skipped == {"plan that cannot be read": 2}


def test_docks_are_told_apart_by_kind_and_silence_means_no_limit_since_version_2() -> None:
    types = [{"vehicle_type_id": k, "form_factor": f} for k, f in (("b", "bicycle"), ("s", "scooter_standing"))]
    place = [{"station_id": id_, "name": id_, "lat": 59.5, "lon": 10.5} for id_ in ("apart", "silent", "old")]
    flags = {"is_installed": True, "is_renting": True, "is_returning": True, "num_bikes_available": 1}
    docks = [{"vehicle_type_ids": ["s"], "count": 2}, {"vehicle_type_ids": ["b", "?"], "count": 1}]
    status = [
        {"station_id": "apart", "num_docks_available": 3, "vehicle_docks_available": docks, **flags},
        {"station_id": "silent", **flags},
        {"station_id": "old", "num_docks_available": 999, **flags},
    ]
    files = {
        "station_information": file({"stations": place}),
        "station_status": file({"stations": status}),
        "vehicle_types": file({"vehicle_types": types}),
    }
    stations = {s.id: s for s in parse_system(files, feed_id="f", now=NOW).stations}
    assert stations["apart"].docks_for == {"scooter": 2, "bike": 1}
    assert [(s.docks, s.is_unlimited) for s in stations.values()] == [(3, False), (None, True), (None, False)]


async def test_files_on_disk_need_no_ending(tmp_path: Path) -> None:
    (tmp_path / "gbfs").write_bytes(file({"feeds": []}))
    (tmp_path / "free_bike_status").write_bytes(file({"bikes": [{"bike_id": "1", "lat": 59.5, "lon": 10.5}]}))
    async with aiohttp.ClientSession() as session:
        files = await GbfsFetcher(MobilitySource(id="f", url=str(tmp_path / "gbfs"))).fetch(session, NOW)
    assert files is not None
    assert len(parse_system(files, feed_id="f", now=NOW).vehicles) == 1
