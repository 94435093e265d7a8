"""All clients of a gateway: who is there, what they follow, and how they are kept alive.

The hub never awaits a client: changes go into outboxes, and a task per client empties its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smartreise.model.clock import Clock
from smartreise.push import frames
from smartreise.push.client import Client, Transport
from smartreise.push.failures import OverloadedError
from smartreise.push.settings import PushSettings
from smartreise.push.topic import Topic
from smartreise.push.topics import Topics

_log = logging.getLogger(__name__)

#: how long clients get to take their leave at a planned stop
_FAREWELL_S = 3.0


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
    waiting_bytes: int


class Hub:
    """Call everything in the event loop."""

    def __init__(self, topics: Topics, clock: Clock, settings: PushSettings | None = None) -> None:
        self.topics = topics
        self.clock = clock
        self.settings = settings or topics.settings
        self._clients: dict[Client, None] = {}
        self._addresses: Counter[str] = Counter()
        self._gone = Counter[str]()
        self._is_stopping = False
        self._empty = asyncio.Event()
        self._empty.set()

    async def serve(self, transport: Transport, messages: AsyncIterator[str | bytes], *, address: str) -> None:
        """One websocket, from hello to goodbye."""
        try:
            with self._admitted(transport, address) as client:
                client.send(frames.hello(self.topics.stamp(), self.settings.heartbeat_s))
                await client.converse(messages)
        except OverloadedError as error:
            await transport.close(1013, str(error))

    async def stream(self, transport: Transport, topic: Topic, rev: str | None, *, address: str) -> None:
        """One topic for a client that only listens. Raises `OverloadedError` before anything is sent."""
        with self._admitted(transport, address) as client:
            client.send(frames.hello(self.topics.stamp(), self.settings.heartbeat_s))
            await client.listen(topic, rev)

    def admit(self, address: str) -> None:
        """May another client of this address come? Raises `OverloadedError`."""
        if self._is_stopping:
            raise OverloadedError("the service is stopping")
        if self._addresses[address] >= self.settings.sockets_per_address:
            raise OverloadedError(f"more than {self.settings.sockets_per_address} connections from one address")

    async def run(self) -> None:
        """Heartbeats until cancelled."""
        while True:
            await asyncio.sleep(self.settings.heartbeat_s * 0.9)
            frame = frames.heartbeat(self.topics.stamp())
            for client in list(self._clients):
                client.beat(frame)

    async def stop(self) -> None:
        """A planned stop: every client is told to come back, and let go."""
        self._is_stopping = True
        for client in list(self._clients):
            client.close(1012, "the service restarts")
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._empty.wait()
        except TimeoutError:
            _log.warning("%d clients did not take their leave", len(self._clients))
            for client in list(self._clients):
                client.transport.abort()

    def statistics(self) -> HubStatistics:
        clients = list(self._clients)
        return HubStatistics(
            clients=len(clients),
            subscriptions=sum(client.following for client in clients),
            frames_sent=self._gone["frames"] + sum(client.frames_sent for client in clients),
            bytes_sent=self._gone["bytes"] + sum(client.bytes_sent for client in clients),
            coalesced=self._gone["coalesced"] + sum(client.outbox.coalesced for client in clients),
            closed_slow=self._gone["slow"],
            waiting_bytes=sum(client.outbox.waiting_bytes for client in clients),
        )

    @contextmanager
    def _admitted(self, transport: Transport, address: str) -> Iterator[Client]:
        self.admit(address)
        client = Client(self.topics, transport, self.settings)
        self._clients[client] = None
        self._empty.clear()
        self._addresses[address] += 1
        try:
            yield client
        finally:
            client.leave()
            del self._clients[client]
            if not self._clients:
                self._empty.set()
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
            self._gone.update(
                frames=client.frames_sent,
                bytes=client.bytes_sent,
                coalesced=client.outbox.coalesced,
                slow=int(client.was_slow),
            )
