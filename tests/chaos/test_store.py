"""Sources, leader and store go and come back; answers go on, and all is fresh within ten seconds after."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from smartreise.store.embedded import embedded_valkey
from smartreise.store.valkey import Store
from tests.chaos.processes import Processes, free_port
from tests.chaos.test_malformed import CLOCK, region
from tests.service import serving
from tests.shared_data import shared

pytestmark = pytest.mark.slow

BOARD = "/v1/stops/BEATTY_AIRPORT/departures?limit=5&at=2008-05-06T08:00:00-07:00"


async def test_with_every_source_down_a_start_serves_what_the_store_holds(tmp_path: Path) -> None:
    feed = tmp_path / "feed.zip"
    shutil.copy(shared("sample/sample_gtfs.zip"), feed)
    file = region(tmp_path)
    async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
        before = await service.get(BOARD)
        assert before["departures"]
    feed.unlink()  # the copy is as read-only as what it was copied from
    feed.touch()  # a missing file would stop the start
    async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
        assert (await service.get(BOARD))["departures"] == before["departures"]
        feeds = await service.until("/v1/feeds", lambda found: found["feeds"][0]["state"] == "failing")
        assert feeds["feeds"][0]["last_error"]
        assert (await service.get("/readyz"))["status"] == "degraded"


async def test_an_update_that_reads_no_old_timetable_builds_it_of_the_zip_it_holds(tmp_path: Path) -> None:
    feed = tmp_path / "feed.zip"
    shutil.copy(shared("sample/sample_gtfs.zip"), feed)
    file = region(tmp_path)
    async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
        before = await service.get(BOARD)
        assert before["departures"]
    async with embedded_valkey(tmp_path / "data") as url:
        store = Store(url, "sample")
        await store.connection.set(store.keys.body("timetable:region"), b"smartreise-timetable of another version")
        await store.connection.hset(store.keys.datasets, "timetable:region", b'{"revision":"other","made_at":1}')
        await store.close()
    feed.unlink()
    feed.touch()
    async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
        assert (await service.get(BOARD))["departures"] == before["departures"]
        assert any("the timetable was built from the zip on the shelf" in line for line in service.lines)


async def test_a_second_start_on_the_same_data_needs_no_building(tmp_path: Path) -> None:
    shutil.copy(shared("sample/sample_gtfs.zip"), tmp_path / "feed.zip")
    file = region(tmp_path)
    for _ in range(2):
        async with serving(file, data_dir=tmp_path / "data", clock=CLOCK) as service:
            feeds = await service.until("/v1/feeds", lambda found: found["feeds"][0]["state"] == "fresh")
            assert feeds["feeds"][0]["entities"]["trips"] == 11


class Gateway:
    """A gateway's address, and questions to it."""

    def __init__(self, http: aiohttp.ClientSession, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._http = http

    async def ask(self, path: str) -> tuple[int, Any, str]:
        """Status, body and ETag; 0 while nobody listens."""
        try:
            async with self._http.get(self.url + path) as answer:
                return answer.status, await answer.json(content_type=None), answer.headers.get("ETag", "")
        except aiohttp.ClientError:
            return 0, None, ""

    async def until(self, path: str, holds: Callable[[int, Any], bool], *, seconds: float) -> Any:
        status, body = 0, None
        for _ in range(int(seconds / 0.1)):
            status, body, _ = await self.ask(path)
            if holds(status, body):
                return body
            await asyncio.sleep(0.1)
        raise AssertionError(f"{self.url}{path} never came to hold: {status} {str(body)[:600]}")


@pytest.mark.long
async def test_leader_and_store_are_killed_and_come_back(tmp_path: Path) -> None:
    feed = tmp_path / "feed.zip"
    shutil.copy(shared("sample/sample_gtfs.zip"), feed)
    file, store = str(region(tmp_path)), free_port()
    redis = f"redis://127.0.0.1:{store}"
    async with Processes(tmp_path) as processes, aiohttp.ClientSession() as http:
        valkey = await processes.valkey(store)
        leader = await processes.smartreise("ingest", "--region", file, "--redis", redis, "--clock", CLOCK)
        ports = [free_port(), free_port()]
        for port in ports:
            await processes.smartreise("gateway", "--region", file, "--redis", redis, "--port", str(port))
        gateways = [Gateway(http, port) for port in ports]
        for gateway in gateways:
            await gateway.until("/readyz", lambda status, _: status == 200, seconds=110)
        await _same_answer(gateways)
        standby = await processes.smartreise("ingest", "--region", file, "--redis", redis, "--clock", CLOCK)
        await _when_the_leader_dies(leader, standby, feed, gateways)
        await _when_the_store_dies(processes, valkey, store, gateways)


async def _same_answer(gateways: list[Gateway]) -> None:
    """The same answer at the same revision from every gateway."""
    answers = [await gateway.ask(BOARD) for gateway in gateways]
    assert answers[0][0] == 200
    assert answers[0][1]["departures"]
    assert answers[0] == answers[1]


async def _when_the_leader_dies(leader: Any, standby: Any, feed: Path, gateways: list[Gateway]) -> None:
    """The one that stands by takes over, and what changes reaches the gateways."""
    await leader.kill()
    beside = feed.with_suffix(".new")
    shutil.copy(shared("malformed/badgtfs.zip"), beside)
    beside.replace(feed)
    await gateways[0].until("/v1/feeds", lambda _, body: body["feeds"][0]["state"] == "failing", seconds=30)
    assert any("leads" in line for line in standby.lines)
    shutil.copy(shared("sample/sample_gtfs.zip"), beside)
    beside.replace(feed)
    await gateways[1].until("/v1/feeds", lambda _, body: body["feeds"][0]["state"] == "fresh", seconds=20)


async def _when_the_store_dies(processes: Processes, valkey: Any, port: int, gateways: list[Gateway]) -> None:
    """Gateways go on; the store comes back empty and is filled again; a subscriber hears of it."""
    async with aiohttp.ClientSession() as http, http.ws_connect(gateways[0].url + "/v1/live") as socket:
        await socket.send_json({"type": "subscribe", "sub": "f", "topic": "feeds", "params": {}})
        await valkey.kill()
        for gateway in gateways:
            await gateway.until("/readyz", lambda status, body: body["status"] == "degraded", seconds=10)
            status, board, _ = await gateway.ask(BOARD)
            assert status == 200
            assert board["departures"]
        await processes.valkey(port)
        for gateway in gateways:
            await gateway.until("/readyz", lambda _, body: body["status"] == "ok", seconds=20)
        await _same_answer(gateways)
        kinds = {json.loads((await socket.receive(10)).data)["type"] for _ in range(3)}
        assert {"hello", "subscribed", "snapshot"} <= kinds
