"""A whole set-up as real processes: publisher, store, two ingests, two gateways, and an asker who never stops."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
from redis.asyncio import Redis

from tests.chaos.harness import BOARD, DOCKS, FRESH_WITHIN_S, PAGES
from tests.chaos.processes import Process, Processes, free_port
from tests.chaos.publisher import Publisher, publishing, region_file

OFFICE = {"id": "kept", "name": "Kept", "lat": 59.9, "lon": 10.6, "destinations": [{"name": "C", "stop": "C"}]}


@dataclass
class World:
    """`statuses` counts what the asker got, by gateway and status; 0: nobody answered."""

    folder: Path
    processes: Processes
    publisher: Publisher
    http: aiohttp.ClientSession
    store_port: int
    store: Process
    ingests: list[Process] = field(default_factory=list)
    gateways: list[Process] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)
    token: str = ""
    statuses: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def region(self) -> str:
        return str(self.folder / "region.toml")

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.store_port}"

    def url(self, gateway: int = 0) -> str:
        return f"http://127.0.0.1:{self.ports[gateway]}"

    @asynccontextmanager
    async def redis(self, password: str | None = None) -> AsyncIterator[Redis]:
        client = Redis(host="127.0.0.1", port=self.store_port, password=password)
        try:
            yield client
        finally:
            await client.aclose()

    async def start_ingest(self) -> Process:
        process = await self.processes.smartreise("ingest", "--region", self.region, "--redis", self.redis_url)
        self.ingests.append(process)
        return process

    async def start_gateway(self, port: int | None = None) -> Process:
        self.ports.append(port or free_port())
        options = ["--region", self.region, "--redis", self.redis_url, "--port", str(self.ports[-1])]
        process = await self.processes.smartreise("gateway", *options)
        self.gateways.append(process)
        return process

    async def replace_gateway(self) -> None:
        """Start the first gateway again, which has ended, on its port."""
        port = self.ports.pop(0)
        self.gateways.pop(0)
        await self.start_gateway(port)
        self.ports.insert(0, self.ports.pop())
        self.gateways.insert(0, self.gateways.pop())

    @property
    def disk(self) -> Path:
        """A small file system of the store's own, where one may be mounted."""
        return self.folder / "disk"

    @property
    def store_folder(self) -> Path:
        return self.disk / "store"

    async def start_store(self) -> None:
        self.store = await self.processes.valkey(self.store_port, folder=self.store_folder)

    async def ask(self, path: str, gateway: int = 0, **options: Any) -> tuple[int, Any]:
        """Status and JSON; (0, None) when nobody answers within 5 s."""
        try:
            async with self.http.request(
                options.pop("method", "GET"), self.url(gateway) + path, timeout=aiohttp.ClientTimeout(5), **options
            ) as answer:
                return answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0, None

    async def until(self, path: str, holds: Any, *, seconds: float, gateway: int = 0) -> Any:
        """Ask until `holds(status, body)`; fails with the last answer."""
        begun, found = monotonic(), (0, None)
        while monotonic() - begun < seconds:
            found = await self.ask(path, gateway)
            if found[0] and holds(*found):
                return found[1]
            await asyncio.sleep(0.1)
        raise AssertionError(f"{path} of gateway {gateway} never came to hold in {seconds} s: {str(found)[:800]}")

    async def well(self, *, within_s: float = FRESH_WITHIN_S) -> float:
        """Wait until every gateway is ready, all feeds are fresh and every page answers; seconds that it took."""
        begun = monotonic()
        for gateway in range(len(self.ports)):
            left = max(0.1, within_s - (monotonic() - begun))
            await self.until("/readyz", lambda s, b: s == 200 and b["status"] == "ok", seconds=left, gateway=gateway)
        took = monotonic() - begun
        for gateway in range(len(self.ports)):
            answers = {path: await self.ask(path, gateway) for path in PAGES}
            assert {status for status, _ in answers.values()} == {200}, answers
            assert answers[BOARD][1]["departures"]
            assert len(answers[DOCKS][1]["stations"]) == 3
        return took

    async def administer(self, path: str, *, method: str = "GET", json: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.ask(f"/v1/admin/{path}", method=method, headers=headers, json=json)

    async def kept(self) -> None:
        """What administration keeps is there: the office, the token that asks, the log."""
        for _ in range(50):  # a gateway whose connection to the store just died says 503 for a moment
            status, office = await self.administer("offices/kept")
            if status != 503:
                break
            await asyncio.sleep(0.1)
        assert (status, (office or {}).get("name")) == (200, "Kept"), (status, office)
        status, audit = await self.administer("audit")
        assert status == 200
        assert audit["entries"]

    async def keep_asking(self) -> None:
        """Ask every gateway for a board, ten times a second, for ever."""
        while True:
            for gateway in range(len(self.ports)):
                status, _ = await self.ask(BOARD, gateway)
                self.statuses[gateway, status] += 1
            await asyncio.sleep(0.1)

    def no_failures(self) -> None:
        """Nobody was told 500; 503 at worst."""
        assert not [s for _, s in self.statuses if s >= 500 and s != 503], self.statuses
        for process in (*self.gateways, *self.ingests):
            assert not any("Traceback" in line for line in process.lines), "\n".join(process.lines[-60:])


def make_empty(folder: Path) -> None:
    """A folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def stop(process: Process) -> None:
    os.kill(process.id, signal.SIGSTOP)


def go_on(process: Process) -> None:
    os.kill(process.id, signal.SIGCONT)


@asynccontextmanager
async def a_small_disk(folder: Path) -> AsyncIterator[None]:
    """A file system of 96 MB at ``folder``; only a folder where this process may not mount one."""
    make_empty(folder)
    options = ["-t", "tmpfs", "-o", "size=96m,mode=0700", "tmpfs", str(folder)]
    mount = await asyncio.create_subprocess_exec("mount", *options, stderr=asyncio.subprocess.DEVNULL)
    mounted = await mount.wait() == 0
    try:
        yield
    finally:
        if mounted:
            unmount = await asyncio.create_subprocess_exec("umount", "--lazy", str(folder))
            assert await unmount.wait() == 0


@asynccontextmanager
async def a_world(folder: Path, *, ingests: int = 2, gateways: int = 2) -> AsyncIterator[World]:
    """All of it, well; with an office made by an administrator."""
    disk = folder / "disk"
    async with (
        a_small_disk(disk),
        publishing() as publisher,
        Processes(folder) as processes,
        aiohttp.ClientSession() as http,
    ):
        region_file(folder, publisher.url)
        port = free_port()
        make_empty(disk / "store")
        store = await processes.valkey(port, folder=disk / "store")
        world = World(folder, processes, publisher, http, port, store)
        for _ in range(ingests):
            await world.start_ingest()
        for _ in range(gateways):
            await world.start_gateway()
        await world.well(within_s=120)
        world.token = await _token(world)
        status, body = await world.administer("offices", method="POST", json=OFFICE)
        assert status == 201, body
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(world.keep_asking())
            try:
                yield world
                world.no_failures()
            finally:
                asking.cancel()
                for process in (store, world.store, *world.ingests, *world.gateways):
                    with contextlib.suppress(ProcessLookupError):
                        go_on(process)


async def _token(world: World) -> str:
    for _ in range(100):
        for process in world.gateways:
            for line in process.lines:
                if line.startswith("admin token: "):
                    return line.split()[-1]
        await asyncio.sleep(0.1)
    raise AssertionError("no gateway printed an administrator's token")
