"""A broken timetable is refused with a readable reason, and the last good one serves on."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.service import ROOT, serving
from tests.shared_data import shared

MALFORMED = (
    "badgtfs.zip",
    "empty_zip.zip",
    "example-nested-dir.zip",
    "not_a_zip_file.zip",
    "sample-feed-bom.zip",
    "sample-feed-invalid.zip",
)
CLOCK = "2008-05-06T06:00:00-07:00"


def region(folder: Path) -> Path:
    file = folder / "region.toml"
    file.write_text(
        '[region]\nid = "sample"\nname = "Sample"\ntimezone = "America/Los_Angeles"\nlanguages = ["en"]\n'
        '[[static]]\nid = "static"\nurl = "feed.zip"\ninterval = "1s"\n'
    )
    return file


def state(feeds: Any) -> Any:
    return feeds["feeds"][0]


@pytest.mark.slow
async def test_bad_zips_are_refused_while_the_last_good_timetable_serves_on(tmp_path: Path) -> None:
    good, feed = shared("sample/sample_gtfs.zip"), tmp_path / "feed.zip"
    shutil.copy(good, feed)
    board = "/v1/stops/BEATTY_AIRPORT/departures?limit=5&at=2008-05-06T08:00:00-07:00"
    async with serving(region(tmp_path), data_dir=tmp_path / "data", clock=CLOCK) as service:
        before = await service.get(board)
        assert before["departures"]
        for name in MALFORMED:
            if name == "sample-feed-bom.zip":  # the specification allows the mark: in its period it is a good feed
                continue
            replace(feed, shared(f"malformed/{name}"))
            feeds = await service.until("/v1/feeds", lambda answer: state(answer)["state"] == "failing")
            assert readable(state(feeds)["last_error"]), (name, state(feeds))
            assert (await service.get(board))["departures"] == before["departures"], name
            ready = await service.get("/readyz")
            assert ready["status"] == "degraded"
            replace(feed, good)
            await service.until("/v1/feeds", lambda answer: state(answer)["state"] == "fresh")
        assert (await service.get(board))["departures"] == before["departures"]


@pytest.mark.slow
async def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    shutil.copy(shared("malformed/sample-feed-bom.zip"), tmp_path / "feed.zip")
    board = "/v1/stops/BEATTY_AIRPORT/departures?limit=5&at=2008-05-06T08:00:00-07:00"
    async with serving(region(tmp_path), data_dir=tmp_path / "data", clock=CLOCK) as service:
        assert (await service.get(board))["departures"]


def replace(feed: Path, by: Path) -> None:
    """Put another file in the feed's place in one step, as a publisher does."""
    beside = feed.with_suffix(".new")
    shutil.copy(by, beside)
    beside.replace(feed)


def readable(reason: str | None) -> bool:
    """One line in words, no exception's name."""
    return bool(reason) and "\n" not in str(reason) and "Error" not in str(reason) and len(str(reason)) > 10


@pytest.mark.parametrize("name", MALFORMED)
async def test_feeds_check_says_why(name: str, tmp_path: Path) -> None:
    shutil.copy(shared(f"malformed/{name}"), tmp_path / "feed.zip")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "smartreise", "feeds", "check", "--region", str(region(tmp_path))),
        cwd=ROOT,
        env=dict(os.environ),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    text = printed.decode()
    assert process.returncode == 1, text
    assert "static" in text
    assert "Traceback" not in text
