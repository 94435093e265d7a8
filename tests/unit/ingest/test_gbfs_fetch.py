"""Files of one GBFS system, from a real server that loses some of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from smartreise.ingest.catalogue import MobilitySource
from smartreise.ingest.fetch import FetchFailed, open_session
from smartreise.ingest.gbfs_fetch import GbfsFetcher

NAMES = ("station_information", "station_status", "vehicle_status")


class System:
    """A GBFS server: `files` has the number that each holds, or the status that it answers."""

    def __init__(self) -> None:
        self.files: dict[str, int] = dict.fromkeys(NAMES, 1)
        self.broken: dict[str, int] = {}

    async def handle(self, request: web.Request) -> web.Response:
        name = request.path.strip("/")
        if name in self.broken:
            return web.Response(status=self.broken[name])
        if name == "gbfs":
            feeds = [{"name": file, "url": str(request.url.with_path(f"/{file}"))} for file in NAMES]
            return web.json_response({"version": "3.0", "ttl": 0, "data": {"feeds": feeds}})
        return web.Response(body=json.dumps({"ttl": 0, "number": self.files[name]}).encode())


@pytest.fixture
async def world() -> AsyncIterator[tuple[System, GbfsFetcher, aiohttp.ClientSession]]:
    system, app = System(), web.Application()
    app.router.add_get("/{any:.*}", system.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    source = MobilitySource(id="bikes", url=f"http://127.0.0.1:{runner.addresses[0][1]}/gbfs", interval="1s")
    async with open_session() as session:
        yield system, GbfsFetcher(source), session
    await runner.cleanup()


def number(files: dict[str, bytes] | None, name: str) -> int:
    assert files is not None
    return int(json.loads(files[name])["number"])


async def test_what_changed_is_told_although_another_file_failed_just_then(
    world: tuple[System, GbfsFetcher, aiohttp.ClientSession],
) -> None:
    system, fetcher, session = world
    assert set(await fetcher.fetch(session, 0) or {}) == set(NAMES)
    system.files["station_status"] = 2
    system.broken["vehicle_status"] = 500
    with pytest.raises(FetchFailed, match="500"):
        await fetcher.fetch(session, 100)
    system.broken.clear()
    assert number(await fetcher.fetch(session, 200), "station_status") == 2
    assert await fetcher.fetch(session, 300) is None


async def test_a_file_that_is_promised_and_never_there_does_not_hide_the_others(
    world: tuple[System, GbfsFetcher, aiohttp.ClientSession],
) -> None:
    system, fetcher, session = world
    system.broken["vehicle_status"] = 404
    assert set(await fetcher.fetch(session, 0) or {}) == {"station_information", "station_status"}
    system.broken["station_status"] = 503
    with pytest.raises(FetchFailed, match="503"):
        await fetcher.fetch(session, 100)
