"""Servers that push one text to all who are connected: ours, two libraries', and a bare transport as the floor.

Run as a process: `python -m tests.bench.push.servers KIND [--uvloop]`. It prints its port, reads commands as lines
(`push N`, `memory`, `stop`) and answers each by a line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import hashlib
import importlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request
from websockets.server import ServerProtocol

from smartreise.api.sockets import serve_websocket
from smartreise.push.hub import Hub
from smartreise.push.parts import message
from smartreise.push.settings import PushSettings
from smartreise.push.topics import Topics
from smartreise.views.answer import View
from tests.unit.push.world import RowsView, World

ROWS = 12
SIZE = 1_000
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def text_of(number: int) -> str:
    """About a kilobyte that is another each time."""
    return json.dumps({"type": "delta", "n": number, "text": hashlib.sha256(str(number).encode()).hexdigest() * 15})[
        :SIZE
    ]


class Server(Protocol):
    async def start(self) -> int: ...

    async def push(self, number: int) -> None: ...


class Bare:
    """A transport that writes a frame made beforehand."""

    def __init__(self) -> None:
        self.transports: list[asyncio.Transport] = []

    async def start(self) -> int:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Shake(self.transports), "127.0.0.1", 0, backlog=4096
        )
        return int(server.sockets[0].getsockname()[1])

    async def push(self, number: int) -> None:
        frame = message(text_of(number).encode())
        for transport in self.transports:
            transport.write(frame)


class _Shake(asyncio.Protocol):
    def __init__(self, transports: list[asyncio.Transport]) -> None:
        self.transports = transports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        key = next(
            (line.split(b": ")[1] for line in data.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")),
            None,
        )
        if key is None:
            return
        accept = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + accept + b"\r\n\r\n"
        )  # fmt: skip
        self.transports.append(self.transport)


class SansIo:
    """The websockets library's sans-I/O core on a transport of ours."""

    def __init__(self) -> None:
        self.open: list[tuple[ServerProtocol, asyncio.Transport]] = []

    async def start(self) -> int:
        return await _listen_bare(lambda: _Core(self.open))

    async def push(self, number: int) -> None:
        data = text_of(number).encode()
        for core, transport in self.open:
            core.send_text(data)
            transport.write(b"".join(core.data_to_send()))


class _Core(asyncio.Protocol):
    def __init__(self, opened: list[tuple[ServerProtocol, asyncio.Transport]]) -> None:
        self.opened, self.core = opened, ServerProtocol()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.core.receive_data(data)
        for event in self.core.events_received():
            if isinstance(event, Request):
                self.core.send_response(self.core.accept(event))
                self.opened.append((self.core, self.transport))
        self.transport.write(b"".join(self.core.data_to_send()))


class Library:
    """The websockets library's asyncio server and its broadcast."""

    def __init__(self, *, packs: bool) -> None:
        self.packs = packs
        self.open: set[ServerConnection] = set()

    async def start(self) -> int:
        async def stay(connection: ServerConnection) -> None:
            self.open.add(connection)
            await connection.wait_closed()

        compression = "deflate" if self.packs else None
        server = await serve(stay, "127.0.0.1", 0, compression=compression, ping_interval=None, backlog=4096)
        return int(next(iter(server.sockets)).getsockname()[1])

    async def push(self, number: int) -> None:
        broadcast(self.open, text_of(number))


class Aiohttp:
    """aiohttp's websocket."""

    def __init__(self, *, packs: bool) -> None:
        self.packs = packs
        self.open: list[web.WebSocketResponse] = []

    async def start(self) -> int:
        async def stay(request: web.Request) -> web.StreamResponse:
            socket = web.WebSocketResponse(compress=self.packs)
            await socket.prepare(request)
            self.open.append(socket)
            async for _ in socket:
                pass
            return socket

        return await _listen(stay)

    async def push(self, number: int) -> None:
        text = text_of(number)
        for socket in self.open:
            await socket.send_str(text)


class Ours:
    """The hub, its topics and its websockets, on a topic whose change is a delta of a kilobyte."""

    def __init__(self, *, packs: bool) -> None:
        self.world = World()
        self.workers = ThreadPoolExecutor(1)
        views: dict[str, View] = {"board": RowsView()}
        settings = PushSettings(packs=packs, sockets_per_address=100_000, heartbeat_s=600)
        self.topics = Topics(
            self.world, self.world, workers=self.workers, settings=settings, views=views, pushed=frozenset(views)
        )
        self.hub = Hub(self.topics, self.world)
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> int:
        self._set(0)
        loop = asyncio.get_running_loop()
        self.tasks = [loop.create_task(self.topics.run()), loop.create_task(self.hub.run())]

        async def stay(request: web.Request) -> web.StreamResponse:
            return await serve_websocket(request, self.hub, address="a")

        return await _listen(stay)

    def _set(self, number: int) -> None:
        self.world.set(A={f"row-{row:02d}": 10_000 + row * 10_000 + number for row in range(ROWS)})

    async def push(self, number: int) -> None:
        due = self.topics.frames_written + self.hub.statistics().subscriptions
        self.topics.fanout.longest_s = 0.0
        self._set(number + 1)
        while self.topics.frames_written < due:  # noqa: ASYNC110 — nothing tells of it, and looking costs little
            await asyncio.sleep(0.002)


def _resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def _listen_bare(protocol: Callable[[], asyncio.Protocol]) -> int:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, backlog=4096)
    return int(server.sockets[0].getsockname()[1])


async def _listen(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> int:
    application = web.Application()
    application.router.add_get("/v1/live", handler)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
    return int(runner.addresses[0][1])


KINDS: dict[str, Callable[[], Server]] = {
    "bare": Bare,
    "sans-io": SansIo,
    "websockets": lambda: Library(packs=False),
    "websockets packed": lambda: Library(packs=True),
    "aiohttp": lambda: Aiohttp(packs=False),
    "aiohttp packed": lambda: Aiohttp(packs=True),
    "ours": lambda: Ours(packs=False),
    "ours packed": lambda: Ours(packs=True),
}


async def _run(kind: str) -> None:
    server = KINDS[kind]()
    say(port=await server.start())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    number = 0
    while line := (await reader.readline()).decode().split():
        if line[0] == "push":
            number += 1
            say(**await _measure(server, number, int(line[1])))
        elif line[0] == "memory":
            gc.collect()
            say(bytes=_resident())
        else:
            return


async def _measure(server: Server, number: int, times: int) -> dict[str, float]:
    """CPU seconds of so many pushes, and the longest that one of them held the loop."""
    longest = 0.0
    begun = time.process_time()
    for step in range(times):
        before = time.perf_counter()
        await server.push(number * 1000 + step)
        took = server.topics.fanout.longest_s if isinstance(server, Ours) else time.perf_counter() - before
        longest = max(longest, took)
    cpu = time.process_time() - begun
    return {"cpu": cpu, "held": longest}


def say(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--uvloop", action="store_true")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if options.uvloop:
        importlib.import_module("uvloop").run(_run(options.kind))
    else:
        asyncio.run(_run(options.kind))


if __name__ == "__main__":
    main()
