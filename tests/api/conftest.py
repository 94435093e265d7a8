"""A real server on loopback over a drawn timetable, with a clock and a source that the test sets.

Its store never answers: what must work without one is tested here, administration in `tests/api/test_admin.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from secrets import token_bytes
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from smartreise.api.application import build_application
from smartreise.api.places import AddressBook
from smartreise.api.runner import Runner
from smartreise.api.settings import ApiSettings
from smartreise.fleet.desks import open_desks
from smartreise.fleet.ledger import Ledger
from smartreise.live.snapshot import ASPECTS, Snapshot
from smartreise.model.realtime import TripUpdate
from smartreise.model.region import Destination, Office
from smartreise.push.hub import Hub
from smartreise.push.settings import PushSettings
from smartreise.push.topics import Topics
from smartreise.store.fleet import FleetShelf
from smartreise.store.valkey import Store
from tests.api.administered import Administered, Asker, administered, asking
from tests.drawing import ZONE, draw
from tests.unit.suggest.situation import NOW, bikes, dock, moment, north

TIMETABLE = draw(
    """
    31/t1: A1 08:05  B 08:20
    31/t2: A2 08:15  B 08:30
    32/t3 [mode=tram]: A1 08:25  C 08:40
    """,
    places={"A": north(300), "A1": north(300), "A2": north(340), "B": north(9000), "C": north(12000)},
    stations={"A": "A1 A2"},
)
OFFICE = Office("o", "The office", *north(0), destinations=(Destination("Home", stop="B"),))


@dataclass
class Source:
    """The newest snapshot, and who wants to know of it; a clock that stands until set."""

    snapshot: Snapshot | None = None
    time: float = float(NOW)
    callbacks: list[Callable[[Snapshot], None]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def current(self) -> Snapshot | None:
        return self.snapshot

    async def until_fleet(self, revision: str) -> None:
        """Offices are the test's own."""

    def on_change(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def show(self, *updates: TripUpdate) -> None:
        """The next snapshot, with these trip updates."""
        revision = self.snapshot.revision + 1 if self.snapshot else 1
        made = moment(TIMETABLE, updates=updates, offices=[OFFICE], mobility=[bikes(dock("d", 130, 4, 5))])
        self.snapshot = replace(made, revision=revision, changed_in=dict.fromkeys(ASPECTS, revision))
        for callback in list(self.callbacks):
            callback(self.snapshot)


@dataclass
class Served:
    url: str
    source: Source
    http: aiohttp.ClientSession
    dist: Path
    runner: web.AppRunner
    hub: Hub

    async def get(self, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, Any]:
        """The answer and its JSON, None where it is none."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(self.url + path, headers=named) as answer:
            body = await answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "") and body
            return answer, await answer.json(content_type=None) if is_json else None


Serve = Callable[..., Any]


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Serve]:
    """Starts a server: `await serve(reads_per_minute=5)`; settings of push by `push=`."""
    started: list[Served] = []
    stores: list[Store] = []
    workers = ThreadPoolExecutor(2)

    async def start(
        *, push: PushSettings | None = None, ready: bool = True, addresses: AddressBook | None = None, **settings: Any
    ) -> Served:
        source = Source()
        if ready:
            source.show()
        topics = Topics(source, source, workers=workers, settings=push, zone=ZONE)
        store = Store(f"unix://{tmp_path / 'nobody-listens'}", "test")
        stores.append(store)
        desks = open_desks(
            Ledger(FleetShelf(store), source, UTC, token_bytes, source.until_fleet), [OFFICE], lambda: None
        )
        hub = Hub(topics, source)
        application = build_application(
            topics=topics,
            hub=hub,
            source=source,
            clock=source,
            web_dist=tmp_path / "dist",
            readiness=lambda: (source.snapshot is not None, "ok" if source.snapshot else "starting", []),
            settings=ApiSettings(**settings),
            basemap=b'{"type":"FeatureCollection","features":[]}',
            desks=desks,
            addresses=addresses,
        )
        runner = Runner(application, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        http = aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}, auto_decompress=False)
        started.append(Served(f"http://127.0.0.1:{port}", source, http, tmp_path / "dist", runner, hub))
        return started[-1]

    yield start
    for served in started:
        await served.http.close()
        await served.runner.cleanup()
    for store in stores:
        await store.close()
    workers.shutdown()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Administered]:
    """The demo service, one for all tests of administration."""
    with administered(tmp_path_factory.mktemp("administered")) as running:
        yield running


@pytest.fixture
async def admin(service: Administered) -> AsyncIterator[Asker]:
    """Requests as the administrator."""
    async with asking(service) as asker:
        yield asker


@pytest.fixture
async def served(serve: Serve) -> Served:
    """A server with all settings as they come."""
    server: Served = await serve()
    return server
