"""Recorded bike systems, served by the running service, against a plain reading of their JSON."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.service import ROOT, serving
from tests.shared_data import shared

pytestmark = pytest.mark.slow


def region(folder: Path, url: Path, clock: datetime) -> Path:
    """The tiny sample timetable, running in the recording's year, and one mobility feed."""
    with zipfile.ZipFile(folder / "tiny.zip", "w") as archive:
        for file in (ROOT / "feeds/samples/tiny").glob("*.txt"):
            if file.name not in ("calendar.txt", "calendar_dates.txt"):
                archive.write(file, file.name)
        archive.writestr("calendar.txt", _calendar(clock.year))
    path = folder / "region.toml"
    path.write_text(
        '[region]\nid = "bikes"\nname = "Bikes"\ntimezone = "Europe/Oslo"\n'
        '[[static]]\nid = "tiny"\nurl = "tiny.zip"\n'
        f'[[mobility]]\nid = "bikes"\nurl = "{url}"\ninterval = "1s"\n'
    )
    return path


def _calendar(year: int) -> str:
    services = sorted(
        {row.split(",")[1] for row in (ROOT / "feeds/samples/tiny/trips.txt").read_text().splitlines()[1:] if row}
    )
    head = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    return head + "".join(f"{name},1,1,1,1,1,1,1,{year}0101,{year}1231\n" for name in services)


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_bytes())


@pytest.mark.parametrize(
    ("recording", "bikes"),
    [("gbfs/lillestrom-v2.2", "num_bikes_available"), ("oslo-bysykkel/2019-10-31", "num_bikes_available")],
)
async def test_stations_are_what_the_recording_says(recording: str, bikes: str, tmp_path: Path) -> None:
    folder = shared(recording)
    status = read(folder, "station_status")
    by_id = {row["station_id"]: row for row in status["data"]["stations"]}
    places = {row["station_id"]: row for row in read(folder, "station_information")["data"]["stations"]}
    clock = datetime.fromtimestamp(status["last_updated"], UTC)
    async with serving(
        region(tmp_path, folder.resolve(), clock), data_dir=tmp_path / "data", clock=clock.isoformat()
    ) as service:
        middle = next(iter(places.values()))
        path = f"/v1/mobility?near={middle['lat']},{middle['lon']}&radius_m=20000"
        answer = await service.until(path, lambda found: found["stations"])
    told = {row["id"].split("bikes:")[-1]: row for row in answer["stations"]}
    assert set(told) == set(by_id) & set(places)
    for id_, row in told.items():
        said = by_id[id_]
        assert row["docks"] == (said["num_docks_available"] if said["is_returning"] else 0), id_
        assert row["bikes"] == (said[bikes] if said["is_renting"] else 0), id_
        assert row["name"] == places[id_]["name"]
        assert (row["lat"], row["lon"]) == pytest.approx((places[id_]["lat"], places[id_]["lon"]), abs=1e-5)
        assert (
            row["state"] == "open" or datetime.fromisoformat(row["reported_at"]).timestamp() < clock.timestamp() - 600
        )


@pytest.mark.parametrize("recording", ["gbfs/lamassu-v2.1", "gbfs/lamassu-v3.0"])
async def test_reserved_and_disabled_vehicles_are_not_offered(recording: str, tmp_path: Path) -> None:
    folder = shared(recording)
    name, key, id_key = (
        ("free_bike_status", "bikes", "bike_id")
        if recording.endswith("2.1")
        else ("vehicle_status", "vehicles", "vehicle_id")
    )
    vehicles = read(folder, name)["data"][key]
    free = {
        v[id_key]
        for v in vehicles
        if not v.get("is_reserved") and not v.get("is_disabled") and not v.get("station_id") and "lat" in v
    }
    clock = datetime(2021, 12, 30, 18, 0, tzinfo=UTC)
    async with serving(
        region(tmp_path, folder.resolve(), clock), data_dir=tmp_path / "data", clock=clock.isoformat()
    ) as service:
        place = next(v for v in vehicles if v[id_key] in free) if free else vehicles[0]
        path = f"/v1/mobility?near={place['lat']},{place['lon']}&radius_m=50000"
        feeds = await service.until("/v1/feeds", lambda found: found["feeds"][1]["state"] != "never")
        assert feeds["feeds"][1]["last_error"] is None
        answer = await service.get(path)
    told = {row["id"].split("bikes:")[-1] for row in answer["vehicles"]}
    assert told <= free
    near = {
        v[id_key] for v in vehicles if abs(v.get("lat", 99) - place["lat"]) < 0.1 and abs(v["lon"] - place["lon"]) < 0.1
    }
    assert told == free & near


@pytest.mark.parametrize(
    "broken", ["empty_response.json", "empty_response_missing_data.json", "empty_response_missing_stations.json"]
)
async def test_a_broken_reply_never_replaces_what_is_held(broken: str, tmp_path: Path) -> None:
    folder = shared("oslo-bysykkel/2019-10-31")
    bikes = tmp_path / "bikes"
    bikes.mkdir()
    for name in ("station_information", "station_status"):
        (bikes / f"{name}.json").write_bytes((folder / f"{name}.json").read_bytes())
    clock = datetime.fromtimestamp(read(folder, "station_status")["last_updated"], UTC)
    near = "/v1/mobility?near=59.9139,10.7522&radius_m=3000"
    async with serving(region(tmp_path, bikes, clock), data_dir=tmp_path / "data", clock=clock.isoformat()) as service:
        before = await service.until(near, lambda found: found["stations"])
        (bikes / "station_status.json").write_bytes((folder / broken).read_bytes())
        feeds = await service.until("/v1/feeds", lambda found: found["feeds"][1]["state"] == "failing")
        assert feeds["feeds"][1]["last_error"]
        after = await service.get(near)
        assert [row["id"] for row in after["stations"]] == [row["id"] for row in before["stations"]]
        assert [row["bikes"] for row in after["stations"]] == [row["bikes"] for row in before["stations"]]
