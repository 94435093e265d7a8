"""A world for the push side without timetables: named texts that change, and clients that read as they like."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

from smartreise.live.snapshot import ASPECTS, Aspect, Snapshot
from smartreise.model.problems import UnknownId
from smartreise.push.client import Client
from smartreise.push.delta import apply
from smartreise.push.failures import OverloadedError
from smartreise.push.frames import Frame
from smartreise.push.hub import Hub
from smartreise.push.settings import PushSettings
from smartreise.push.topics import Topics
from smartreise.views.answer import Answer, View
from smartreise.views.params import Canonical, Parameter, Text, canonical
from smartreise.views.wire import Wire

STOP = Text(name="stop", about="Which.", required=True)


class Row(Wire, frozen=True, kw_only=True):
    id: str
    expected: int


class Rows(Wire, frozen=True, kw_only=True):
    stop: str
    rows: list[Row]


@dataclass
class Now:
    """A snapshot as far as the push side looks into it."""

    revision: int
    rows: dict[str, dict[str, int]]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Oslo"))
    #: revision in which each aspect became another; the rows are "layouts"
    changed_in: dict[Aspect, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed_in = dict.fromkeys(ASPECTS, self.revision) | self.changed_in


class RowsView:
    """Rows of a stop; a row whose `expected` has passed is gone."""

    name = "board"
    about = "Rows"
    parameters: Sequence[Parameter[Any]] = (STOP,)
    result: type[Wire] = Rows
    reads: frozenset[Aspect] = frozenset({"timetable", "layouts"})

    def __init__(self) -> None:
        self.asked = 0

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        self.asked += 1
        world, stop = cast("Now", snapshot), params["stop"]
        if stop not in world.rows:
            raise UnknownId("stop", stop)
        shown = {row: at for row, at in world.rows[stop].items() if at > now}
        rows = [Row(id=row, expected=at) for row, at in sorted(shown.items(), key=lambda item: (item[1], item[0]))]
        return Answer(Rows(stop=stop, rows=rows), min(shown.values(), default=None))


@dataclass
class World:
    """The source, the clock and what stands between them and the clients."""

    time: float = 1_000.0
    snapshot: Now | None = None
    callbacks: list[Callable[[Snapshot], None]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def current(self) -> Snapshot | None:
        return cast("Snapshot | None", self.snapshot)

    def on_change(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def set(self, **rows: dict[str, int]) -> None:
        """The next snapshot: rows by stop; stops not named stay."""
        before = self.snapshot
        merged = {**(before.rows if before else {}), **rows}
        self._swap(Now(before.revision + 1 if before else 1, merged))

    def stir(self, aspect: Aspect) -> None:
        """A snapshot in which one aspect became another, whatever the rows."""
        assert self.snapshot is not None
        revision = self.snapshot.revision + 1
        held = self.snapshot.changed_in | {aspect: revision}
        self._swap(Now(revision, self.snapshot.rows, changed_in=held))

    def drop(self, stop: str) -> None:
        assert self.snapshot is not None
        rows = {name: value for name, value in self.snapshot.rows.items() if name != stop}
        self._swap(Now(self.snapshot.revision + 1, rows))

    def _swap(self, snapshot: Now) -> None:
        self.snapshot = snapshot
        for callback in list(self.callbacks):
            callback(cast("Snapshot", snapshot))


class Socket:
    """A client that applies what it reads, and checks that every delta follows what it holds.

    Between it and the hub lies a network that takes `buffer` bytes while the client does not read.
    """

    answers = True

    def __init__(self, *, held: dict[str, tuple[str, Any]] | None = None, buffer: int = 0) -> None:
        self.sent: list[dict[str, Any]] = []
        self.held: dict[str, tuple[str, Any]] = held or {}
        self.closed: tuple[int, str] | None = None
        self.client: Client | None = None
        self.buffer = buffer
        #: does it answer pings?
        self.lives = True
        self.reads = True
        self._waiting: list[Frame] = []

    def write(self, frame: Frame) -> None:
        assert self.closed is None, "nothing comes after a goodbye"
        self._waiting.append(frame)
        if self.reads:
            self._read()
        elif sum(waiting.size for waiting in self._waiting) > self.buffer and self.client is not None:
            self.client.pause(asyncio.get_running_loop().time())

    def beat(self, frame: Frame) -> None:
        self.write(frame)
        if self.client is not None and self.lives:
            self.client.heard_at = asyncio.get_running_loop().time()

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self.hang_up()

    def stop_reading(self) -> None:
        self.reads = False

    def read_on(self) -> None:
        self.reads = True
        self._read()
        if self.client is not None and self.client.is_paused:
            self.client.resume()

    def _read(self) -> None:
        waiting, self._waiting = self._waiting, []
        for frame in waiting:
            self._apply(json.loads(frame.data))

    def _apply(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        topic = message.get("topic", "")
        if message["type"] == "snapshot":
            self.held[topic] = (message["rev"], message["data"])
        elif message["type"] == "delta":
            rev, data = self.held[topic]
            assert message["base"] == rev, "a delta must follow what the client holds"
            self.held[topic] = (message["rev"], apply(data, message["patch"]))
        elif message["type"] == "current":
            assert self.held[topic][0] == message["rev"]

    def say(self, **frame: Any) -> None:
        self.say_raw(json.dumps(frame))

    def say_raw(self, message: str | bytes) -> None:
        if self.client is not None:
            self.client.receive(message, asyncio.get_running_loop().time())

    def subscribe(self, sub: str, stop: str, **more: Any) -> None:
        self.say(type="subscribe", sub=sub, topic="board", params={"stop": stop}, **more)

    def hang_up(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            client.gone()

    def kinds(self) -> list[str]:
        return [frame["type"] for frame in self.sent]

    def rows(self, stop: str) -> dict[str, int]:
        return {row["id"]: row["expected"] for row in self.held[f"board?stop={stop}"][1]["rows"]}


@dataclass
class Stage:
    """A world with topics and hub at work."""

    world: World
    topics: Topics
    hub: Hub
    view: RowsView

    def connect(self, *, reads: bool = True, address: str = "a", held: Socket | None = None, buffer: int = 0) -> Socket:
        """A client; `held`: one whose state it keeps, as after a lost connection."""
        socket = Socket(held=dict(held.held) if held else {}, buffer=buffer)
        if not reads:
            socket.stop_reading()
        try:
            socket.client = self.hub.connect(socket, address=address)
        except OverloadedError as error:
            socket.close(1013, str(error))
        else:
            self.hub.greet(socket.client)
        return socket


class AtOnce(Executor):
    """Does the work where it is asked for: the same steps in the same order each time."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as fault:  # noqa: BLE001 — an executor's future carries whatever was raised
            done.set_exception(fault)
        return done


@asynccontextmanager
async def stage(
    *, world: World | None = None, settings: PushSettings | None = None, executor: Executor | None = None
) -> AsyncIterator[Stage]:
    world, view = world or World(), RowsView()
    with executor or ThreadPoolExecutor(1) as workers:
        views: dict[str, View] = {"board": view, "places": view}
        topics = Topics(world, world, workers=workers, settings=settings, views=views, pushed=frozenset({"board"}))
        hub = Hub(topics, world)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(topics.run()), group.create_task(hub.run())]
            yield Stage(world, topics, hub, view)
            await hub.stop()
            for task in tasks:
                task.cancel()


async def until(holds: Callable[[], Any], *, seconds: float = 5.0) -> None:
    """Lets others run until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 — any condition may be awaited
            await asyncio.sleep(0.001)
