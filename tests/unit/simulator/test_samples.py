"""The sample feed is small, whole, and explains every one of its files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import gtfs_kit as gk

from tests.unit.simulator.conftest import FEEDS

TINY = FEEDS / "samples" / "tiny"


def test_it_has_at_most_ten_stops_and_every_file_is_explained(tmp_path: Path) -> None:
    zipped = tmp_path / "tiny.zip"
    readme = (TINY / "README.md").read_text(encoding="utf-8")
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in sorted(TINY.glob("*.txt")):
            archive.write(file, file.name)
            assert f"`{file.name}`" in readme
    feed = gk.read_feed(zipped, dist_units="m")
    assert len(feed.stops) <= 10
    assert feed.stop_times.trip_id.isin(feed.trips.trip_id).all()
    assert feed.stop_times.stop_id.isin(feed.stops.stop_id).all()
    assert (feed.stop_times.departure_time == "25:10:00").any()
