"""From a message's bytes at ingest to the last of thousands of clients, over two gateways; with silent clients among
them; and back after a restart. Everything is a process of its own on loopback; the crowd shares the cores with them."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

from smartreise.app.cli_load import _cpu, _memory, board_of
from smartreise.app.load import Crowd, LoadClient
from tests.bench.push.feed import STOPS_A_LINE, ZONE, FeedServer, stop_of
from tests.bench.table import Row, ms, quantile
from tests.chaos.processes import Process, Processes, free_port

LINES = 20
CLIENTS = 5_000
MESSAGES = 5
SILENT = 200
WITHIN_S = 40.0


@dataclass
class Seen:
    """When each client had each message, by the monotonic clock."""

    feed: FeedServer
    times: dict[int, list[float]] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)

    def applied(self, client: LoadClient, rev: str, data: Any, at: float) -> None:
        version = self._versions.get(rev)
        if version is None:
            late = [row["delay_s"] for row in data["departures"] if row["realtime"]]
            version = self._versions[rev] = min(late) - self.feed.delay_of(0) if late else -1
        if version >= 0 and self.feed.sent_at.get(version):
            self.times.setdefault(version, []).append(monotonic() - self.feed.sent_at[version])


class Bench:
    """Valkey, an ingest and two gateways on one feed, and a crowd."""

    def __init__(self, folder: Path, clients: int) -> None:
        self.folder = folder
        self.clients = clients
        noon = datetime(2026, 11, 24, 12, 0, 0, tzinfo=ZONE)
        self.feed = FeedServer(LINES, noon)
        self.seen = Seen(self.feed)
        self.ports = [free_port(), free_port()]
        self.gateways: list[Process] = []
        self.crowd: Crowd

    async def run(self) -> list[Row]:
        async with AsyncExitStack() as stack:
            file = await self.feed.start(self.folder)
            processes = await stack.enter_async_context(Processes(self.folder))
            self._start = [*("gateway", "--region", str(file)), *("--redis", await self._store(processes))]
            clock = self.feed.now.isoformat()
            await processes.smartreise("ingest", *self._start[1:], "--clock", clock)
            self.gateways = [await self._gateway(processes, port) for port in self.ports]
            await self._ready()
            topics = [board_of(stop_of(line, call), 10) for line in range(LINES) for call in range(STOPS_A_LINE - 1)]
            topics += [board_of(stop_of(line, 0), 9) for line in range(LINES)]
            servers = [f"http://127.0.0.1:{port}" for port in self.ports]
            self.crowd = Crowd(servers, topics, self.clients, applied=self.seen.applied)
            async with asyncio.TaskGroup() as group:
                running = group.create_task(self.crowd.run())
                rows = [*await self._measure(), *await self._silent(), *await self._restart(processes)]
                running.cancel()
            return rows

    async def _store(self, processes: Processes) -> str:
        port = free_port()
        self.valkey = await processes.valkey(port)
        return f"redis://127.0.0.1:{port}"

    async def _gateway(self, processes: Processes, port: int) -> Process:
        return await processes.smartreise(*self._start, "--port", str(port))

    async def _ready(self) -> None:
        async with aiohttp.ClientSession() as http, asyncio.timeout(120):
            for port in self.ports:
                while True:
                    try:
                        async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                            if answer.status == 200:
                                break
                    except aiohttp.ClientError:
                        pass
                    await asyncio.sleep(0.1)

    async def _message(self, *, readers: int) -> list[float]:
        """The next message; seconds until each reader had it."""
        self.feed.version += 1
        version = self.feed.version
        begun = monotonic()
        while len(self.seen.times.get(version, ())) < readers and monotonic() - begun < WITHIN_S:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        took = self.seen.times.get(version, [])
        assert len(took) >= readers, f"{len(took)} of {readers} clients had message {version}"
        return took

    async def _measure(self) -> list[Row]:
        await self.crowd.until_live(120)
        await self._message(readers=self.clients)
        cpu = [_cpu(gateway.child.pid) for gateway in self.gateways]
        store = _cpu(self.valkey.child.pid)
        series = [await self._message(readers=self.clients) for _ in range(MESSAGES)]
        spent = [_cpu(g.child.pid) - before for g, before in zip(self.gateways, cpu, strict=True)]
        name = f"{self.clients} clients on {LINES * STOPS_A_LINE} topics over 2 gateways"
        slowest = sorted(quantile(one, 0.99) for one in series)
        last = slowest[len(slowest) // 2]
        each = sum(spent) / MESSAGES
        return [
            Row(f"{name}: bytes at ingest to the last client, p99", ms(last), ms(slowest[0]), None, "< 1 s"),
            Row(f"{name}: CPU of a gateway a message", ms(each / 2), "–", None, "the model's"),
            Row(f"{name}: CPU of a gateway a delivery", f"{each / self.clients * 1e6:.0f} µs"),
            Row(f"{name}: CPU of Valkey a message", ms((_cpu(self.valkey.child.pid) - store) / MESSAGES)),
        ]

    async def _silent(self) -> list[Row]:
        """The same with some who never read."""
        before = [_memory(gateway.child.pid) for gateway in self.gateways]
        silent = self.crowd.clients[:: self.clients // SILENT][:SILENT]
        readers = self.clients - len(silent)
        usual, late = [], []
        for _ in range(MESSAGES):  # in turn, since others use the machine too
            usual.append(quantile(await self._message(readers=self.clients), 0.99))
            for client in silent:
                client.stop_reading()
            late.append(quantile((await self._message(readers=readers))[:readers], 0.99))
            for client in silent:
                client.read_on()
        grown = sum(_memory(g.child.pid) - b for g, b in zip(self.gateways, before, strict=True))
        name = f"{len(silent)} of {self.clients} clients never read"
        ours, floor = sorted(late)[len(late) // 2], sorted(usual)[len(usual) // 2]
        return [
            Row(f"{name}: the others' p99", ms(ours), ms(floor), ours / floor, "≈ 1"),
            Row(f"{name}: memory that the gateways grew by", f"{grown / 1e6:.1f} MB", "–", None, "bounded"),
        ]

    async def _restart(self, processes: Processes) -> list[Row]:
        """Both gateways stop as planned and come back; how long until each client has its state."""
        await self.crowd.until_live(60)
        refused = self.crowd.tally.refused
        for gateway in self.gateways:
            os.kill(gateway.child.pid, signal.SIGTERM)
        for gateway in self.gateways:
            await gateway.child.wait()
        begun = monotonic()
        self.gateways = [await self._gateway(processes, port) for port in self.ports]
        await self._ready()
        up = monotonic()
        await self.crowd.until_live(120)
        back = monotonic()
        await self._message(readers=self.clients)
        name = f"{self.clients} clients return after a restart"
        told = f"{up - begun:.1f} s to start"
        return [
            Row(f"{name}: all current", f"{back - up:.1f} s", told, None, "< 15 s"),
            Row(f"{name}: refused, and back later", str(self.crowd.tally.refused - refused), "–", None, "any"),
        ]


def run(clients: int = CLIENTS) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="smartreise-bench-") as folder:
        yield from asyncio.run(Bench(Path(folder), clients).run())
