"""Addresses come from a Pelias server in time or not at all, and after what the timetable knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from smartreise.app.geocoding import Addresses
from smartreise.ingest.answer_tables import GeocoderTable
from smartreise.views import wire
from smartreise.views.places import asks_for_address, with_addresses


@dataclass
class Clock:
    time: float = 1000.0

    def now(self) -> float:
        return self.time


def feature(label: str, lat: float, lon: float) -> dict[str, Any]:
    return {"geometry": {"coordinates": [lon, lat]}, "properties": {"name": label.split(",")[0], "label": label}}


@dataclass
class Server:
    """A Pelias server on loopback that answers what the test says, and remembers what it was asked."""

    reply: Any = None
    wait_s: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    async def search(self, request: web.Request) -> web.Response:
        self.asked.append((request.query["text"], request.headers.get("ET-Client-Name", "")))
        await asyncio.sleep(self.wait_s)
        return self.reply if isinstance(self.reply, web.Response) else web.json_response(self.reply)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    found = Server(reply={"features": [feature("Rådhusplassen 1, Oslo", 59.9115, 10.7335)]})
    application = web.Application()
    application.router.add_get("/geocoder/v1/search", found.search)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    found.url = f"http://127.0.0.1:{port}/geocoder"
    yield found
    await runner.cleanup()


@pytest.fixture
async def addresses(server: Server) -> AsyncIterator[Addresses]:
    book = Addresses(GeocoderTable(url=server.url, headers={"ET-Client-Name": "me"}, timeout=0.5), Clock())
    yield book
    await book.close()


async def test_an_address_is_found_once_and_kept(server: Server, addresses: Addresses) -> None:
    first, again = await addresses.find("Rådhusplassen 1"), await addresses.find("rådhusplassen 1")
    assert [(p.name, p.lat, p.lon) for p in first] == [("Rådhusplassen 1, Oslo", 59.9115, 10.7335)]
    assert first == again
    assert server.asked == [("Rådhusplassen 1", "me")]


@pytest.mark.parametrize(
    "reply",
    [
        web.Response(status=500),
        web.Response(text="<html>"),
        {"features": [{"geometry": {}, "properties": None}]},
        {"error": 1},
        [],
        {"features": None},
    ],
    ids=["500", "html", "no place", "no features", "a list", "null"],
)
async def test_a_server_that_fails_costs_nothing_but_its_addresses(
    server: Server, addresses: Addresses, reply: Any
) -> None:
    server.reply = reply
    assert await addresses.find("somewhere") == []
    assert await addresses.find("elsewhere") == []
    assert len(server.asked) <= 2


async def test_nobody_waits_for_a_slow_server_twice(server: Server, addresses: Addresses) -> None:
    server.wait_s = 5.0
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert await addresses.find("somewhere") == []
    assert await addresses.find("elsewhere") == []
    assert loop.time() - begun < 3.0
    assert len(server.asked) == 1


def test_the_local_index_comes_first_and_is_not_repeated() -> None:
    local = wire.Places(places=[wire.Place(name="Oslo S", lat=59.911, lon=10.753, stop_id="NSR:StopPlace:337")])
    same = wire.Place(name="Oslo S, Oslo", lat=59.9105, lon=10.7531)
    other = wire.Place(name="Oslo gate 1, Oslo", lat=59.906, lon=10.76)
    assert [p.name for p in with_addresses(local, [same, other], limit=10).places] == ["Oslo S", "Oslo gate 1, Oslo"]


def test_an_exact_address_finds_room_among_stops_that_sound_alike() -> None:
    stops = [wire.Place(name=f"Storgata {i}", lat=59.9, lon=10.0 + i) for i in range(9)]
    address = wire.Place(name="Storgata 12, Oslo", lat=59.914, lon=10.75)
    told = with_addresses(wire.Places(places=stops), [address], limit=9).places
    assert len(told) == 9
    assert told[-1] == address


@pytest.mark.parametrize(("text", "asks"), [("Os", False), ("59.9,10.7", False), ("Oslo", True)])
def test_a_point_is_no_address_and_two_letters_are_too_few(text: str, asks: bool) -> None:
    assert asks_for_address(text) is asks
