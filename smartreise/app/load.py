"""Any number of clients in one process, that read, do not read, drop and come back, and are right in the end.

Each is a whole client: `websockets`' sans-I/O core on a transport, and `smartreise.client`'s session. What a reader
would get wrong: all clients of a topic get the same bytes, so a frame is decoded, and a patch applied, once for all who
hold the same state; otherwise the load would measure itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import TEXT
from websockets.frames import Frame as WireFrame
from websockets.http11 import Response
from websockets.protocol import CONNECTING, OPEN
from websockets.uri import parse_uri

from smartreise.client.session import ClientSession, Data, Drop, Effect, Failed, Retry, Send, ServerTime
from smartreise.push.delta import apply

#: connections being opened at the same time
_OPENING: Final = 200
_LOOK_S: Final = 0.5
_SUB: Final = "load"
_KEPT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """What a client follows, and the path of the GET that tells the same."""

    topic: str
    params: tuple[tuple[str, str], ...]
    path: str


@dataclass(slots=True)
class Tally:
    """What all clients saw."""

    opened: int = 0
    refused: int = 0
    lost: int = 0
    frames: int = 0
    bytes: int = 0
    states: int = 0
    deltas: int = 0
    snapshots: int = 0
    current: int = 0
    errors: int = 0
    #: seconds from a frame's stamp to its being applied, by the two machines' clocks; deltas only
    ages_s: list[float] = field(default_factory=list)


#: client, its state's rev and data, the loop's time
Applied = Callable[["LoadClient", str, Any, float], None]


class LoadClient(asyncio.Protocol):
    """One client of one topic. `servers` are taken in turn, so that it resumes at another gateway."""

    def __init__(
        self,
        number: int,
        question: Question,
        servers: Sequence[str],
        tally: Tally,
        *,
        packs: bool,
        applied: Applied | None,
    ) -> None:
        self.question = question
        self.rev: str | None = None
        self.data: Any = None
        #: does it read what it gets?
        self.reads = True
        self.is_live = False
        self.retry_at: float | None = None
        self._servers = servers
        self._turn = number
        self._tally = tally
        self._packs = packs
        self._applied = applied
        self._dice = random.Random(number)  # noqa: S311 — which client drops is no secret
        self._session = ClientSession(self._dice.random, read=_read, patch=_patch)
        self._session.subscribe(_SUB, question.topic, dict(question.params))
        self._wire: ClientProtocol | None = None
        self._transport: asyncio.Transport | None = None
        self._code = 1006

    async def connect(self) -> None:
        """Opens a connection; one that fails is tried again when `retry_at` comes."""
        self.retry_at = None
        uri = parse_uri(self._servers[self._turn % len(self._servers)])
        self._turn += 1
        loop = asyncio.get_running_loop()
        self._code = 1006
        self._session.connecting(loop.time())
        factory = [ClientPerMessageDeflateFactory(client_max_window_bits=True)] if self._packs else None
        self._wire = ClientProtocol(uri, extensions=factory)
        try:
            async with asyncio.timeout(20):
                await loop.create_connection(lambda: self, uri.host, uri.port)
        except (OSError, TimeoutError):
            self._ended()

    def drop(self) -> None:
        """Breaks the line without a word."""
        if self._transport is not None:
            self._transport.abort()

    def stop_reading(self) -> None:
        self.reads = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def read_on(self) -> None:
        self.reads = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def wake(self, now: float) -> None:
        """Pings and notices silence; who does not read cannot tell."""
        wake_at = self._session.wake_at
        if self.reads and wake_at is not None and now >= wake_at and self._transport is not None:
            self._do(self._session.wake(now), now)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        assert self._wire is not None
        self._transport = transport  # type: ignore[assignment]
        self._wire.send_request(self._wire.connect())
        self._send()

    def data_received(self, data: bytes) -> None:
        wire, now = self._wire, asyncio.get_running_loop().time()
        assert wire is not None
        wire.receive_data(data)
        for event in wire.events_received():
            if isinstance(event, Response):
                self._greet(now)
            elif isinstance(event, WireFrame) and event.opcode is TEXT:
                self._tally.bytes += len(event.data)
                self._take(bytes(event.data).decode(), now)
        if wire.close_rcvd is not None:
            self._code = wire.close_rcvd.code
        self._send()
        if wire.state is not OPEN and self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._ended()

    def _greet(self, now: float) -> None:
        wire = self._wire
        assert wire is not None
        if wire.handshake_exc is not None or wire.state is CONNECTING:
            self._tally.refused += 1
            return
        self._tally.opened += 1
        self._do(self._session.opened(now), now)
        if not self.reads:
            self.stop_reading()

    def _take(self, text: str, now: float) -> None:
        kind = text[9:13]  # {"type":"snap…
        tally = self._tally
        tally.frames += 1
        tally.deltas += kind == "delt"
        tally.snapshots += kind == "snap"
        tally.current += kind == "curr"
        before = self.rev
        effects = self._session.receive(text, now)
        self._do(effects, now)
        if kind == "delt" and self.rev != before:
            tally.ages_s += [_age(effect.iso, now) for effect in effects if isinstance(effect, ServerTime)]

    def _do(self, effects: Iterable[Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    if self._wire is not None and self._wire.state is OPEN:
                        self._wire.send_text(json.dumps(frame).encode())
                        self._send()
                case Data(_, data, rev):
                    self.rev, self.data, self.is_live = rev, data, True
                    self._tally.states += 1
                    if self._applied is not None:
                        self._applied(self, rev, data, now)
                case Failed():
                    self._tally.errors += 1
                case Drop(code):
                    self._code = code
                    self.drop()
                case Retry(in_s):
                    self.retry_at = asyncio.get_running_loop().time() + in_s

    def _send(self) -> None:
        assert self._wire is not None
        for data in self._wire.data_to_send():
            if data and self._transport is not None:
                self._transport.write(data)

    def _ended(self) -> None:
        self._tally.lost += 1
        self._tally.refused += self._code == 1013
        self.is_live = False
        self._do(self._session.lost(self._code), 0.0)


class Crowd:
    """Many clients; run it as a task beside what is to happen to them."""

    def __init__(
        self,
        servers: Sequence[str],
        questions: Sequence[Question],
        count: int,
        *,
        packs: bool = False,
        applied: Applied | None = None,
    ) -> None:
        self.tally = Tally()
        urls = [_websocket_of(server) for server in servers]
        self.clients = [
            LoadClient(number, questions[number % len(questions)], urls, self.tally, packs=packs, applied=applied)
            for number in range(count)
        ]
        self._opening = asyncio.Semaphore(_OPENING)

    async def run(self) -> None:
        """Connects them, and again whenever they were lost, until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.TaskGroup() as group:
                for client in self.clients:
                    client.retry_at = None
                    group.create_task(self._connect(client))
                while True:
                    await asyncio.sleep(_LOOK_S)
                    now = loop.time()
                    for client in self.clients:
                        client.wake(now)
                        if client.retry_at is not None and now >= client.retry_at:
                            client.retry_at = None
                            group.create_task(self._connect(client))
        finally:
            for client in self.clients:
                client.drop()

    async def until_live(self, seconds: float) -> float:
        """Waits until each has a state on its present connection; how long it took. Raises `TimeoutError`."""
        begun = asyncio.get_running_loop().time()
        async with asyncio.timeout(seconds):
            while not all(client.is_live for client in self.clients if client.reads):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return asyncio.get_running_loop().time() - begun

    def wrong(self, path: str, truth: tuple[str, Any]) -> list[str]:
        """Who of a topic holds something else than the server: `truth` is its rev and data."""
        found, (rev, data) = [], truth
        for number, client in enumerate(self.clients):
            if client.question.path != path:
                continue
            if client.rev != rev or client.data != data:
                found.append(f"client {number} of {client.question.path}: {client.rev} instead of {rev}")
        return found

    async def _connect(self, client: LoadClient) -> None:
        async with self._opening:
            with contextlib.suppress(InvalidHandshake):
                await client.connect()


def _websocket_of(server: str) -> str:
    return server.rstrip("/").replace("http", "ws", 1) + "/v1/live"


@lru_cache(maxsize=_KEPT)
def _read(text: str) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(text)
    return frame


_patched: dict[tuple[str, str, str], Any] = {}


def _patch(data: Any, frame: dict[str, Any]) -> Any:
    step = (frame["topic"], frame["base"], frame["rev"])
    if step not in _patched:
        while len(_patched) >= _KEPT:
            _patched.pop(next(iter(_patched)))
        _patched[step] = apply(data, frame["patch"])
    return _patched[step]


@lru_cache(maxsize=_KEPT)
def _epoch(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


def _age(iso: str, now: float) -> float:
    """Of a stamp, by a clock that starts anywhere: only differences mean something."""
    return now - _epoch(iso)
