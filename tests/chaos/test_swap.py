"""A new timetable takes the old one's place under traffic; a bad one never does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.service import Service, serving
from tests.unit.ingest.feed import FILES, zipped

pytestmark = pytest.mark.slow

CLOCK = "2026-11-10T07:30:00+01:00"
ROUTES = "route_id,agency_id,route_short_name,route_type\nr,a,{},3\n"


def feed(line: str, minutes: int) -> bytes:
    """A feed whose line has this name and leaves A so many minutes past eight."""
    times = FILES["stop_times.txt"].replace("t,08:00:00,08:00:00", f"t,08:{minutes:02}:00,08:{minutes:02}:00")
    return zipped({"routes.txt": ROUTES.format(line), "stop_times.txt": times})


def replace_file(path: Path, data: bytes) -> None:
    """As a publisher should: at once."""
    (path.parent / "next").write_bytes(data)
    (path.parent / "next").replace(path)


async def row(service: Service) -> tuple[str, str]:
    """Line and time of the only departure; asking must always be answered."""
    board = await service.get("/v1/stops/A/departures?limit=1")
    (departure,) = board["departures"]
    return departure["line"]["name"], departure["scheduled"][11:16]


async def test_boards_are_of_one_timetable_or_the_other_while_they_take_turns(tmp_path: Path) -> None:
    path, file = tmp_path / "feed.zip", tmp_path / "region.toml"
    replace_file(path, feed("31", 1))
    file.write_text(
        '[region]\nid = "swap"\nname = "Swap"\ntimezone = "Europe/Oslo"\nlanguages = ["en"]\n'
        f'[[static]]\nid = "static"\nurl = "{path}"\ninterval = "1s"\n'
    )
    rows = {("31", "08:01"), ("32", "08:02"), ("33", "08:03")}
    async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
        seen = [await row(service)]
        stop, turned = asyncio.Event(), asyncio.Condition()

        async def read() -> None:
            while not stop.is_set():
                found = await row(service)
                assert found in rows
                await asyncio.sleep(0.12)  # an address may ask 600 times a minute
                if found != seen[-1]:
                    seen.append(found)
                    async with turned:
                        turned.notify_all()

        async with asyncio.TaskGroup() as group:
            group.create_task(read())
            for line, minutes in (("32", 2), ("33", 3)):
                replace_file(path, feed(line, minutes))
                async with asyncio.timeout(30), turned:
                    await turned.wait_for(lambda line=line: seen[-1][0] == line)  # type: ignore[misc]
            replace_file(path, feed("34", 4)[:-40])
            await service.until("/v1/feeds", lambda answer: answer["feeds"][0]["state"] == "failing")
            assert "not a zip file" in (await service.get("/v1/feeds"))["feeds"][0]["last_error"]
            stop.set()
        assert seen == sorted(rows)
