"""The authored region is as large and as true as it says, and wrong files are named."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from smartreise.model.geo import distance_m
from smartreise.model.problems import ConfigError
from smartreise.simulator.region import AuthoredRegion, read_region
from tests.unit.simulator.conftest import FEEDS


def test_it_has_at_least_150_stop_places_and_25_lines_of_every_mode(region: AuthoredRegion) -> None:
    assert len(region.places) >= 150
    assert len(region.lines) >= 25
    assert {line.type for line in region.lines} >= {401, 902, 704, 106, 1008}


def test_ids_are_unique(region: AuthoredRegion) -> None:
    ids = [place.id for place in region.places.values()] + [quay.id for quay in region.quays.values()]
    ids += [line.id for line in region.lines] + [alert.id for alert in region.alerts]
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_every_platform_lies_near_its_stop_place(region: AuthoredRegion) -> None:
    for quay in region.quays.values():
        place = region.places[quay.place]
        assert distance_m(place.lat, place.lon, quay.lat, quay.lon) < 160, (place.name, quay)


def test_metro_and_rail_stations_have_two_platforms_or_more(region: AuthoredRegion) -> None:
    through = {c.place for line in region.lines if line.type in (401, 106) for c in line.calls[1:-1]}
    platforms = Counter(quay.place for quay in region.quays.values())
    assert all(platforms[place] >= 2 for place in through)


def test_no_bike_dock_lies_west_of_furulund(region: AuthoredRegion) -> None:
    assert len(region.docks) >= 60
    furulund = next(dock for dock in region.docks if dock.name == "Furulund")
    assert min(dock.lon for dock in region.docks) == furulund.lon


def test_scooters_and_cars_stand_near_the_fornebu_office(region: AuthoredRegion) -> None:
    near = [s for s in region.spots if distance_m(s.lat, s.lon, 59.8960, 10.6288) < 400]
    assert sum(spot.scooters for spot in near) >= 5
    assert any(distance_m(s.lat, s.lon, 59.8960, 10.6288) < 300 for s in region.car_stations)


def test_alerts_speak_three_languages(region: AuthoredRegion) -> None:
    for alert in region.alerts:
        assert set(alert.header) == set(alert.description) == {"nb", "nn", "en"}


def test_the_map_is_geojson_and_leaves_the_stops_dry(region: AuthoredRegion) -> None:
    document = json.loads((FEEDS / "demo" / "basemap.geojson").read_text(encoding="utf-8"))
    fjord = document["features"][0]["geometry"]["coordinates"]
    assert [p.name for p in region.places.values() if _inside(p.lon, p.lat, fjord[0])] == []


def _inside(x: float, y: float, ring: list[list[float]]) -> bool:
    within = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"region\.toml: cannot be read"):
        read_region(tmp_path)


def test_a_platform_that_does_not_exist_is_named(tmp_path: Path) -> None:
    shutil.copytree(FEEDS / "demo", tmp_path / "demo")
    lines = tmp_path / "demo" / "lines.toml"
    lines.write_text(lines.read_text(encoding="utf-8").replace('[6579, 0, "1", "2"]', '[6579, 0, "X", "2"]'))
    with pytest.raises(ConfigError, match="line 1: no platform 'X' at stop place 6579"):
        read_region(tmp_path / "demo")
