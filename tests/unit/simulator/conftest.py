"""The demo region, read once, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from smartreise.simulator.region import AuthoredRegion, read_region
from smartreise.simulator.schedule import Schedule, build_schedule
from smartreise.simulator.server import Simulator

FEEDS = Path(__file__).resolve().parents[3] / "feeds"
OSLO = ZoneInfo("Europe/Oslo")


def at(text: str) -> int:
    """Epoch seconds of a local time in Oslo."""
    return int(datetime.fromisoformat(text).replace(tzinfo=OSLO).timestamp())


class SetClock:
    """Stands still until a test moves it."""

    def __init__(self, now: float) -> None:
        self.time = now

    def now(self) -> float:
        return self.time


@pytest.fixture(scope="session")
def region() -> AuthoredRegion:
    return read_region(FEEDS / "demo")


@pytest.fixture(scope="session")
def schedule(region: AuthoredRegion) -> Schedule:
    return build_schedule(region)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(at("2026-11-24T16:04:00"))


class Client:
    """Talks to a simulator on a real port."""

    def __init__(self, base: str, http: aiohttp.ClientSession) -> None:
        self.base = base
        self.http = http

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers; underscores in header names become dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.get(self.base + path, headers=named) as reply:
            return reply.status, await reply.read(), reply.headers

    async def fault(self, **body: object) -> tuple[int, dict[str, object]]:
        async with self.http.post(f"{self.base}/faults", json=body) as reply:
            return reply.status, await reply.json(content_type=None)

    async def clear(self, fault_id: str = "") -> int:
        async with self.http.delete(f"{self.base}/faults{'/' if fault_id else ''}{fault_id}") as reply:
            return reply.status


@pytest.fixture
async def client(clock: SetClock) -> AsyncIterator[Client]:
    simulator = Simulator(FEEDS / "demo", clock)
    base = await simulator.start()
    async with aiohttp.ClientSession(auto_decompress=True) as http:
        yield Client(base, http)
    await simulator.close()
