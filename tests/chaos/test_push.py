"""Gateway, leader and store are killed under load: in the end every client has what every gateway says, nothing is lost
and nothing is applied twice."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from redis import asyncio as redis

from smartreise.app.load import Crowd, Question
from tests.bench.push.feed import STOPS_A_LINE, ZONE, FeedServer, stop_of
from tests.chaos.processes import Process, Processes, free_port

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]

LINES = 3
CLIENTS = 300
EVERY_S = 0.7


@dataclass
class House:
    """The processes, the feed that changes all the time, and the crowd."""

    processes: Processes
    feed: FeedServer
    file: Path
    store: int = 0
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    running: dict[str, Process] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        self.store = self.store or free_port()  # at the last moment: other tests open sockets too
        redis = ("--region", str(self.file), "--redis", f"redis://127.0.0.1:{self.store}")
        clock = ("--clock", self.feed.now.isoformat())
        if name == "store":
            self.running[name] = await self.processes.valkey(self.store)
        elif name.startswith("ingest"):
            self.running[name] = await self.processes.smartreise("ingest", *redis, *clock)
        else:
            port = self.ports[int(name[-1])]
            self.running[name] = await self.processes.smartreise("gateway", *redis, "--port", str(port))

    async def kill(self, name: str) -> None:
        await self.running.pop(name).kill()

    async def until_ready(self, http: aiohttp.ClientSession) -> None:
        async with asyncio.timeout(90):
            for port in self.ports:
                while not await _is_ready(http, port):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


async def _is_ready(http: aiohttp.ClientSession, port: int) -> bool:
    try:
        async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status == 200 and (await answer.json())["status"] == "ok"
    except aiohttp.ClientError:
        return False


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    feed = FeedServer(LINES, datetime(2026, 11, 24, 12, 0, 0, tzinfo=ZONE))
    file = await feed.start(folder)
    try:
        async with Processes(folder) as processes:
            yield House(processes, feed, file)
    finally:
        assert feed.runner is not None
        await feed.runner.cleanup()


def questions() -> list[Question]:
    stops = [stop_of(line, call) for line in range(LINES) for call in range(STOPS_A_LINE - 1)]
    return [
        Question("board", (("limit", "5"), ("stop", stop)), f"/v1/stops/{stop}/departures?limit=5") for stop in stops
    ]


async def test_nothing_is_lost_whatever_is_killed_under_load(tmp_path: Path) -> None:
    async with house(tmp_path) as at, aiohttp.ClientSession(headers={"Accept-Encoding": "identity"}) as http:
        for name in ("store", "ingest 0", "ingest 1", "gateway 0", "gateway 1"):
            await at.start(name)
        await at.until_ready(http)
        crowd = Crowd([f"http://127.0.0.1:{port}" for port in at.ports], questions(), CLIENTS, packs=True)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(crowd.run()), group.create_task(_change(at.feed))]
            await crowd.until_live(60)
            await _store_is_left_alone(at)
            for what in (_kill_a_gateway, _kill_the_leader, _freeze_the_leader, _kill_the_store):
                await what(at)
                await asyncio.sleep(3)
                await at.until_ready(http)
            tasks[1].cancel()
            await _until_right(at, http, crowd)
            assert crowd.tally.lost >= CLIENTS // 2, "the kills were felt"
            assert crowd.tally.current + crowd.tally.deltas > crowd.tally.snapshots / 2
            tasks[0].cancel()


async def _store_is_left_alone(at: House) -> None:
    """Its connections are of processes, not of clients, and nobody lists its keys."""
    client: Any = redis.Redis(port=at.store)
    try:
        facts = await client.info("all")
    finally:
        await client.aclose()
    assert facts["connected_clients"] <= 4 * len(at.running)
    assert not {"cmdstat_keys", "cmdstat_scan"} & facts.keys()


async def _change(feed: FeedServer) -> None:
    """A message every moment, each another."""
    while True:
        await asyncio.sleep(EVERY_S)
        feed.version += 1


async def _kill_a_gateway(at: House) -> None:
    await at.kill("gateway 0")
    await asyncio.sleep(1)
    await at.start("gateway 0")


async def _kill_the_leader(at: House) -> None:
    leader = _leader(at)
    await at.kill(leader)
    await at.start(leader)


async def _freeze_the_leader(at: House) -> None:
    """It wakes when another leads, and may not write over what that one wrote."""
    leader = _leader(at)
    process = at.running[leader].child.pid
    os.kill(process, signal.SIGSTOP)
    await asyncio.sleep(14)
    os.kill(process, signal.SIGCONT)
    assert _leader(at) != leader


async def _kill_the_store(at: House) -> None:
    """It comes back empty."""
    await at.kill("store")
    await asyncio.sleep(1)
    await at.start("store")


def _leader(at: House) -> str:
    """Who took the lease last."""
    tokens = {
        name: max((int(line.rpartition(" ")[2]) for line in process.lines if "leads with token" in line), default=0)
        for name, process in at.running.items()
        if name.startswith("ingest")
    }
    return max(tokens, key=lambda name: tokens[name])


async def _until_right(at: House, http: aiohttp.ClientSession, crowd: Crowd) -> None:
    """Every client, both gateways and the feed's last message agree."""
    wanted, wrong = at.feed.delay_of(at.feed.version), ["nobody was asked"]
    for _ in range(60):
        await asyncio.sleep(0.5)
        wrong = [text for port in at.ports for text in [*await _compare(http, port, crowd, wanted)]]
        if not wrong:
            return
    raise AssertionError(wrong[:5])


async def _compare(http: aiohttp.ClientSession, port: int, crowd: Crowd, wanted: int) -> list[str]:
    wrong: list[str] = []
    for question in questions():
        async with http.get(f"http://127.0.0.1:{port}{question.path}") as answer:
            body = await answer.json()
            if answer.status != 200 or not all(row["delay_s"] == wanted for row in body["departures"]):
                wrong.append(f"{port}{question.path}: {answer.status}, not all {wanted} s late")
                continue
            wrong += crowd.wrong(question.path, (answer.headers["ETag"].strip('"'), body))
    return wrong
