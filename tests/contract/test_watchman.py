"""Who is told of silent screens: a receiver over real HTTP, the state in a real Valkey, a clock that the test sets."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any

import msgspec
import pytest
from aiohttp import web

from smartreise.app import watchman
from smartreise.app.watchman import Watchman
from smartreise.fleet.desks import Desks, open_desks
from smartreise.fleet.ledger import Ledger
from smartreise.fleet.pages import Page
from smartreise.fleet.records import BeatRecord, DisplayRecord, WebhookOrder
from smartreise.fleet.roles import Caller
from smartreise.store.embedded import embedded_valkey
from smartreise.store.fleet import FleetShelf
from smartreise.store.valkey import Store

#: a command that is cut off leaves its connection to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

ADMIN = Caller("first", "administrator", "admin")


@dataclass
class World:
    desks: Desks
    url: str
    time: float = 1_000_000.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    #: statuses that the receiver answers next; 200 when there is none
    answers: list[int] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> float:
        return self.time

    async def beat(self, display: str, *, in_s: int = 0) -> None:
        beat = BeatRecord(at=int(self.time) + in_s)
        await self.desks.ledger.shelf.put_beat(display, msgspec.json.encode(beat))

    async def until(self, number: int) -> list[dict[str, Any]]:
        """The events, once there are so many."""
        async with asyncio.timeout(20):
            while len(self.got) < number:
                self.came.clear()
                await self.came.wait()
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(watchman, "_ROUND_S", 0.02)
    async with embedded_valkey(tmp_path / "store") as address, _receiver() as made:
        store = Store(address, "test")

        async def seen(revision: str) -> None:
            """Nobody answers from snapshots here."""

        ledger = Ledger(FleetShelf(store), made, UTC, token_bytes, seen)
        made.desks = open_desks(ledger, [], lambda: None)
        yield made
        await store.close()


@asynccontextmanager
async def _receiver() -> AsyncIterator[World]:
    made = World(desks=None, url="")  # type: ignore[arg-type]  # its fixture opens them

    async def take(request: web.Request) -> web.Response:
        status = made.answers.pop(0) if made.answers else 200
        if status == 200:
            made.got.append((dict(request.headers), await request.read()))
            made.came.set()
        return web.Response(status=status)

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def screen(world: World, id_: str, **more: Any) -> None:
    record = DisplayRecord(id=id_, name=f"Screen {id_}", office="o", claimed_at=0, claimed_by="me", **more)
    await world.desks.ledger.put("displays", id_, old=None, new=record, who="me", what="claimed")


async def test_a_silent_screen_is_told_once_signed_and_again_when_it_is_back(world: World) -> None:
    made = await world.desks.webhooks.make(ADMIN, WebhookOrder(name="guard", url=world.url))
    await screen(world, "a")
    await screen(world, "b")
    await screen(world, "tried", test=True)
    await screen(world, "never-seen")
    for id_ in ("a", "b", "tried"):
        await world.beat(id_)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(Watchman(world.desks).run()) for _ in range(2)]  # two gateways, one tells
        await world.beat("b", in_s=200)
        world.time += 200
        (silent,) = await world.until(1)
        assert (silent["type"], silent["display"], silent["office"]) == ("display.silent", "a", "o")
        await world.beat("a")
        _, back = await world.until(2)
        assert (back["type"], back["display"]) == ("display.back", "a")
        world.time += 200
        told = await world.until(4)
        assert sorted((event["type"], event["display"]) for event in told[2:]) == [
            ("display.silent", "a"),
            ("display.silent", "b"),
        ]
        for task in tasks:
            task.cancel()
    headers, body = world.got[0]
    key = base64.b64decode(str(made.secret).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == expected
    assert len({headers["webhook-id"] for headers, _ in world.got}) == 4


async def test_a_receiver_that_fails_is_tried_again_later_by_whoever_watches_then(world: World) -> None:
    await world.desks.webhooks.make(ADMIN, WebhookOrder(name="guard", url=world.url))
    await screen(world, "a")
    await world.beat("a")
    world.time += 200
    world.answers = [500, 302]
    last = None
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Watchman(world.desks).run())
        while world.answers:
            told = (await world.desks.webhooks.list_webhooks(ADMIN, Page())).webhooks[0].last
            if told is not None and told != last:
                assert told.error is not None
                last = told
                world.time += 15 if len(world.answers) == 1 else 0
            await asyncio.sleep(0.01)
        task.cancel()
    assert last is not None
    assert not world.got
    await world.desks.ledger.shelf.drop_passing("watchman")  # its lease is over
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Watchman(world.desks).run())
        world.time += 25
        assert [event["display"] for event in await world.until(1)] == ["a"]
        task.cancel()
