"""All clients of a gateway: who is there, what they follow, and how they are kept alive.

The hub never awaits a client: changes are written or wait in bounded outboxes, in slices of a few milliseconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, Final

from smartreise.model.clock import Clock
from smartreise.push import frames
from smartreise.push.client import Client, Transport
from smartreise.push.failures import OverloadedError
from smartreise.push.outbox import Traffic
from smartreise.push.settings import PushSettings
from smartreise.push.topics import Topics

_log = logging.getLogger(__name__)

#: heartbeats are spread over an interval in so many steps
_STEPS: Final = 20
#: share of an interval after which a client gets its next heartbeat, so that it comes in time
_EARLY: Final = 0.9
#: a client that was asked at two heartbeats and told nothing is found at the third
_SILENT_INTERVALS: Final = 2.0
#: how long clients get to take their leave after the last was told of a stop
_FAREWELL_S: Final = 3.0
_WAVE_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class HubStatistics:
    clients: int
    subscriptions: int
    frames_sent: int
    bytes_sent: int
    #: times that a slow client got the newest state in place of deltas
    coalesced: int
    #: sockets closed because they did not read
    closed_slow: int
    #: sockets closed because they did not answer
    closed_silent: int
    #: sockets turned away because there was no room
    refused: int
    waiting_bytes: int
    #: longest that one slice of a push held the event loop
    longest_slice_s: float


class Hub:
    """Call everything in the event loop."""

    def __init__(self, topics: Topics, clock: Clock, settings: PushSettings | None = None) -> None:
        self.topics = topics
        self.clock = clock
        self.settings = settings or topics.settings
        self._clients: dict[Client, None] = {}  # the one due for a heartbeat next is first
        self._addresses: Counter[str] = Counter()
        self._traffic = Traffic(self.settings.waiting_bytes)
        self._lag_s = 0.0
        self._is_stopping = False
        self._empty = asyncio.Event()
        self._empty.set()
        self._group: asyncio.TaskGroup | None = None
        self._early: list[Coroutine[Any, Any, None]] = []

    def admit(self, address: str) -> None:
        """May another client of this address come? Raises `OverloadedError`."""
        settings = self.settings
        busy = None
        if self._is_stopping:
            busy = "the service is stopping"
        elif len(self._clients) >= settings.sockets:
            busy = f"more than {settings.sockets} connections"
        elif self._addresses[address] >= settings.sockets_per_address:
            busy = f"more than {settings.sockets_per_address} connections from one address"
        elif self._lag_s > settings.lag_s:
            busy = "the service is behind"
        if busy is not None:
            self._traffic.refused += 1
            raise OverloadedError(f"{busy}; try again later")

    def connect(self, transport: Transport, *, address: str) -> Client:
        """A client that may begin to speak; it gets its hello. Raises `OverloadedError`."""
        self.admit(address)
        now = asyncio.get_running_loop().time()
        client = Client(self.topics, transport, self.settings, self._traffic, start=self._start, forget=self._forget)
        client.address, client.heard_at = address, now
        client.beat_at = now + self.settings.heartbeat_s * _EARLY
        self._clients[client] = None
        self._empty.clear()
        self._addresses[address] += 1
        return client

    def greet(self, client: Client) -> None:
        """The first frame."""
        client.send(frames.hello(self.topics.stamp(), self.settings.heartbeat_s))

    async def run(self) -> None:
        """Heartbeats, and an eye on who does not read or answer, until cancelled."""
        loop = asyncio.get_running_loop()
        step = self.settings.heartbeat_s / _STEPS
        async with asyncio.TaskGroup() as self._group:
            while self._early:
                self._group.create_task(self._early.pop(), name="push subscribe")
            while True:
                due = loop.time() + step
                await asyncio.sleep(step)
                self._lag_s = loop.time() - due
                self.topics.fanout.add(self._look_after(loop.time()))

    async def stop(self) -> None:
        """A planned stop: every client is told to come back, some at a time, so that they do not all come at once."""
        self._is_stopping = True
        settings, clients = self.settings, list(self._clients)
        wave = max(settings.farewells_per_s * _WAVE_S, len(clients) * _WAVE_S / max(settings.farewell_s, _WAVE_S), 1)
        for first in range(0, len(clients), int(wave)):
            if first:
                await asyncio.sleep(_WAVE_S)
            for client in clients[first : first + int(wave)]:
                client.close(1012, "the service restarts")
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._empty.wait()
        except TimeoutError:
            _log.warning("%d clients did not take their leave", len(self._clients))

    def statistics(self) -> HubStatistics:
        traffic = self._traffic
        return HubStatistics(
            clients=len(self._clients),
            subscriptions=sum(client.following for client in self._clients),
            frames_sent=traffic.frames_sent + self.topics.frames_written,
            bytes_sent=traffic.bytes_sent + self.topics.bytes_written,
            coalesced=traffic.coalesced,
            closed_slow=traffic.closed_slow,
            closed_silent=traffic.closed_silent,
            refused=traffic.refused,
            waiting_bytes=traffic.waiting,
            longest_slice_s=self.topics.fanout.longest_s,
        )

    def _forget(self, client: Client) -> None:
        """A client's transport is gone."""
        del self._clients[client]
        if not self._clients:
            self._empty.set()
        self._addresses[client.address] -= 1
        if not self._addresses[client.address]:
            del self._addresses[client.address]

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None:
            self._early.append(work)
        else:
            self._group.create_task(work, name="push subscribe")

    def _look_after(self, now: float) -> Iterator[None]:
        """Closes those who do not read, beats to those who are due."""
        for client, since in list(self._traffic.paused.items()):
            yield
            if now - since > self.settings.slow_after_s and isinstance(client, Client) and client in self._clients:
                self._close(client, 1013, "too slow a reader")
        frame = frames.heartbeat(self.topics.stamp())
        while self._clients:
            client = next(iter(self._clients))
            if client.beat_at > now:
                return
            self._beat(client, frame, now)
            yield

    def _beat(self, client: Client, frame: frames.Frame, now: float) -> None:
        """A heartbeat for the first in the row, who goes to its end."""
        interval = self.settings.heartbeat_s
        del self._clients[client]
        self._clients[client] = None
        client.beat_at = now + interval * _EARLY
        must_answer = client.transport.answers and not client.is_paused
        if must_answer and now - client.heard_at > interval * _SILENT_INTERVALS:
            self._close(client, 1008, "no answer to pings")
        client.beat(frame)

    def _close(self, client: Client, code: int, reason: str) -> None:
        if client.closed is None:
            self._traffic.closed_slow += code == 1013
            self._traffic.closed_silent += code == 1008
            client.close(code, reason)
