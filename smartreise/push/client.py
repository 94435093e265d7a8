"""One client of the push side: what it asks, what it follows, and the task that sends to it.

What a reader would get wrong: only `_send_all` ever waits for the network. A client that takes nothing for
`slow_after_s` is let go from there; until then it costs a bounded outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final, Protocol

from smartreise.model.problems import NotReady, SmartreiseError
from smartreise.push import frames
from smartreise.push.failures import failure_of
from smartreise.push.frames import Frame
from smartreise.push.outbox import Outbox
from smartreise.push.session import Close, Effect, Leave, Pong, Refuse, Session, Subscribe
from smartreise.push.settings import PushSettings
from smartreise.push.topic import Topic
from smartreise.push.topics import Topics

_log = logging.getLogger(__name__)

#: the only subscription of a client that cannot name its own
ONLY: Final = "events"
_CLOSING_S: Final = 2.0


class Transport(Protocol):
    """A way to a client."""

    async def send(self, frame: Frame) -> None:
        """Waits while the client reads slowly. Raises `ConnectionError` when it is gone."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Says goodbye as the websocket protocol does."""
        ...

    def abort(self) -> None:
        """Lets go at once."""
        ...


class Client:
    """A `Follower` of topics."""

    def __init__(self, topics: Topics, transport: Transport, settings: PushSettings) -> None:
        self.transport = transport
        self.outbox = Outbox(settings.outbox_bytes)
        self.frames_sent = 0
        self.bytes_sent = 0
        self.was_slow = False
        self._topics = topics
        self._settings = settings
        self._session = Session(settings)
        self._following: dict[str, Topic] = {}
        self._wake = asyncio.Event()
        self._closing: tuple[int, str] | None = None

    @property
    def following(self) -> int:
        """Topics that it follows."""
        return len(self._following)

    async def converse(self, messages: AsyncIterator[str | bytes]) -> None:
        """Answers a client's messages until one side ends it."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._send_all(), name="push sender")
            try:
                async for message in messages:
                    for effect in self._session.receive(message, now=loop.time()):
                        self._do(effect, group)
            finally:
                self.close(1000, "")

    async def listen(self, topic: Topic, rev: str | None) -> None:
        """Sends one topic until the client is gone."""
        self._follow(topic, ONLY, rev)
        await self._send_all()

    def send(self, frame: Frame) -> None:
        """A frame of no topic."""
        self.outbox.put(frame)
        self._wake.set()

    def beat(self, frame: Frame) -> None:
        """A heartbeat, unless something else is under way."""
        if not self.outbox:
            self.send(frame)

    def close(self, code: int, reason: str) -> None:
        """Ends the connection; the first reason stands."""
        if self._closing is None:
            self._closing = (code, reason)
        self._wake.set()

    def leave(self) -> None:
        """Follows nothing any more."""
        for topic in self._following.values():
            topic.followers.pop(self, None)
        self._following.clear()

    def changed(self, topic: Topic, base: str | None, frame: Frame) -> None:
        """A topic that it follows has a new state."""
        self.outbox.offer(topic, base, frame)
        self._wake.set()

    def failed(self, topic: Topic, error: SmartreiseError) -> None:
        """A topic that it follows cannot be answered for now."""
        for sub in self._session.subs_of(topic.key) or [ONLY]:
            self.send(frames.error(sub, failure_of(error)))

    def _do(self, effect: Effect, group: asyncio.TaskGroup) -> None:
        match effect:
            case Subscribe():
                group.create_task(self._subscribe(effect), name="push subscribe")
            case Leave(key):
                self._leave(key)
            case Pong():
                self.send(frames.pong(self._topics.stamp()))
            case Refuse(sub, failure):
                self.send(frames.error(sub, failure))
            case Close(code, reason):
                self.close(code, reason)

    async def _subscribe(self, request: Subscribe) -> None:
        """Follows the topic once it has an answer; before the first timetable the answer comes later."""
        try:
            topic = self._topics.get_topic(request.topic, request.params, pushed=True)
            with self._topics.hold(topic):
                try:
                    await self._topics.ensure(topic)
                except NotReady:
                    _log.debug("topic %s waits for a timetable", topic.key)
                if self._closing is None and self._session.accept(request, topic.key):
                    self._follow(topic, request.sub, request.rev)
        except SmartreiseError as error:
            self._refuse(request, error)
        except Exception as error:  # noqa: BLE001 — a fault of ours in one answer; logged, the client is told
            _log.exception("topic %s failed", request.topic)
            self._refuse(request, SmartreiseError(str(error)))

    def _refuse(self, request: Subscribe, error: SmartreiseError) -> None:
        if self._session.refuse(request):
            self.send(frames.error(request.sub, failure_of(error)))

    def _follow(self, topic: Topic, sub: str, rev: str | None) -> None:
        self._following[topic.key] = topic
        topic.followers[self] = None
        self.outbox.put(frames.subscribed(sub, topic.key))
        if topic.state is not None:
            crossed = rev is not None and self.outbox.contradicts(topic, rev)
            self.outbox.attach(topic, None if crossed else self._steps(topic, rev))
        self._wake.set()

    def _steps(self, topic: Topic, rev: str | None) -> list[Frame] | None:
        """Frames from what the client holds to the newest; None if that cannot be told."""
        stamp = self._topics.stamp()
        steps = None if rev is None else topic.steps_since(rev, self._topics.clock.now())
        if steps is None or rev is None:
            return None
        if not steps:
            return [frames.current(topic.key, rev, stamp)]
        return [frames.delta(topic.key, step.base, step.rev, step.patch, stamp) for step in steps]

    def _leave(self, key: str) -> None:
        topic = self._following.pop(key, None)
        if topic is not None:
            topic.followers.pop(self, None)
            topic.used_at = self._topics.clock.now()
            self.outbox.forget(topic)

    async def _send_all(self) -> None:
        """Empties the outbox as fast as the client reads, until the end."""
        try:
            while self._closing is None:
                frame = self.outbox.take(self._topics.stamp)
                if frame is None:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                async with asyncio.timeout(self._settings.slow_after_s):
                    await self.transport.send(frame)
                self.frames_sent += 1
                self.bytes_sent += len(frame.data)
        except TimeoutError:
            self.was_slow = True
            self.close(1013, "too slow a reader")
        except ConnectionError:
            self.close(1001, "gone")
        await self._say_goodbye()

    async def _say_goodbye(self) -> None:
        code, reason = self._closing or (1000, "")
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self.transport.close(code, reason)
        except (TimeoutError, ConnectionError):
            self.transport.abort()
