"""One client of the push side: what it asks, what it follows, and what is written to it.

What a reader would get wrong: nothing here waits for the network. A transport takes frames until its own small buffer
is full and says so; from then on they wait in the outbox, which is bounded, until the transport asks for more. A
client that has taken nothing for `slow_after_s` is let go by the hub.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol, TypeAlias

from smartreise.model.problems import NotReady, SmartreiseError
from smartreise.push import frames
from smartreise.push.failures import failure_of
from smartreise.push.frames import Frame
from smartreise.push.outbox import Outbox, Traffic
from smartreise.push.session import Close, Effect, Leave, Pong, Refuse, Session, Subscribe
from smartreise.push.settings import PushSettings
from smartreise.push.topic import Topic
from smartreise.push.topics import Topics

_log = logging.getLogger(__name__)

#: the only subscription of a client that cannot name its own
ONLY: Final = "events"

Start: TypeAlias = Callable[[Coroutine[Any, Any, None]], None]


class Transport(Protocol):
    """A way to a client. It tells the client of messages, of a full and an emptied buffer, and of its end."""

    #: does it answer pings, so that silence means something?
    answers: bool

    def write(self, frame: Frame) -> None:
        """Takes a frame; calls `Client.pause` when there should be no more for now."""
        ...

    def beat(self, frame: Frame) -> None:
        """Takes a heartbeat, and asks for a sign of life."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Says goodbye as the protocol does, and lets go after a moment."""
        ...


class Client:
    """A `Follower` of topics."""

    __slots__ = (
        "_following", "_forget", "_session", "_start", "_topics", "address", "beat_at", "closed", "heard_at",
        "is_paused", "outbox", "transport",
    )  # fmt: skip

    def __init__(
        self,
        topics: Topics,
        transport: Transport,
        settings: PushSettings,
        traffic: Traffic,
        *,
        start: Start,
        forget: Callable[[Client], None],
    ) -> None:
        """`start` runs a coroutine in the hub's task group, `forget` is told of the end."""
        self.transport = transport
        self.outbox = Outbox(settings.outbox_bytes, traffic)
        self.address = ""
        #: when it is due for a heartbeat and when it was last heard, by the loop's clock
        self.beat_at = 0.0
        self.heard_at = 0.0
        #: is its transport's buffer full?
        self.is_paused = False
        self.closed: tuple[int, str] | None = None
        self._topics = topics
        self._start = start
        self._forget = forget
        self._session = Session(settings)
        self._following: dict[str, Topic] = {}

    @property
    def following(self) -> int:
        """Topics that it follows."""
        return len(self._following)

    def receive(self, message: str | bytes, now: float) -> None:
        """A message from the client, at `now` by the loop's clock."""
        self.heard_at = now
        for effect in self._session.receive(message, now=now):
            if self.closed is None:
                self._do(effect)

    def listen(self, topic: Topic, rev: str | None) -> None:
        """Follow one topic, for a client that cannot ask."""
        self._follow(topic, ONLY, rev)

    def send(self, frame: Frame) -> None:
        """A frame of no topic."""
        self.outbox.put(frame)
        self._flush()

    def beat(self, frame: Frame) -> None:
        """A heartbeat, unless it waits for older things."""
        if not self.is_paused and self.closed is None:
            self._count(frame)
            self.transport.beat(frame)

    def pause(self, now: float) -> None:
        """The transport's buffer is full."""
        self.is_paused = True
        self.outbox.traffic.paused[self] = now

    def resume(self) -> None:
        """The transport takes frames again."""
        self.is_paused = False
        self.outbox.traffic.paused.pop(self, None)
        self._flush()

    def close(self, code: int, reason: str) -> None:
        """Ends the connection; the first reason stands."""
        if self.closed is None:
            self.leave()
            self.closed = (code, reason)
            self.transport.close(code, reason)

    def gone(self) -> None:
        """The transport is no more."""
        self.leave()
        self.closed = self.closed or (1006, "gone")
        self._forget(self)

    def leave(self) -> None:
        """Follows nothing any more, and nothing waits."""
        now = self._topics.clock.now()
        for topic in self._following.values():
            topic.followers.pop(self, None)
            topic.used_at = now
        self._following.clear()
        self.outbox.clear()
        self.outbox.traffic.paused.pop(self, None)

    def changed(self, topic: Topic, base: str | None, frame: Frame) -> bool:
        """A topic that it follows has a new state. Was the frame written as it is?"""
        # This is what a push to thousands does most. Who is not paused has nothing waiting: `_flush` saw to it.
        tips = self.outbox.tips
        if base is not None and not self.is_paused and tips.get(topic.key) == base:
            tips[topic.key] = frame.rev
            self.transport.write(frame)
            return True
        if self._following.get(topic.key) is topic:
            self.outbox.offer(topic, base, frame)
            self._flush()
        return False

    def failed(self, topic: Topic, error: SmartreiseError) -> None:
        """A topic that it follows cannot be answered for now."""
        for sub in self._session.subs_of(topic.key) or [ONLY]:
            self.send(frames.error(sub, failure_of(error)))

    def _do(self, effect: Effect) -> None:
        match effect:
            case Subscribe():
                self._ask(effect)
            case Leave(key):
                self._leave(key)
            case Pong():
                self.send(frames.pong(self._topics.stamp()))
            case Refuse(sub, failure):
                self.send(frames.error(sub, failure))
            case Close(code, reason):
                self.close(code, reason)

    def _ask(self, request: Subscribe) -> None:
        """Follows the topic at once if its answer is known, else in a task that waits for it."""
        try:
            topic = self._topics.get_topic(request.topic, request.params, pushed=True)
        except SmartreiseError as error:
            self._refuse(request, error)
            return
        if self._topics.find_fresh(topic) is not None:
            self._accept(request, topic)
        else:
            self._start(self._subscribe(request, topic))

    async def _subscribe(self, request: Subscribe, topic: Topic) -> None:
        """Follows the topic once it has an answer; before the first timetable the answer comes later."""
        try:
            with self._topics.hold(topic):
                try:
                    await self._topics.ensure(topic)
                except NotReady:
                    _log.debug("topic %s waits for a timetable", topic.key)
                self._accept(request, topic)
        except SmartreiseError as error:
            self._refuse(request, error)
        except Exception as error:  # noqa: BLE001 — a fault of ours in one answer; logged, the client is told
            _log.exception("topic %s failed", request.topic)
            self._refuse(request, SmartreiseError(str(error)))

    def _accept(self, request: Subscribe, topic: Topic) -> None:
        if self.closed is None and self._session.accept(request, topic.key):
            self._follow(topic, request.sub, request.rev)

    def _refuse(self, request: Subscribe, error: SmartreiseError) -> None:
        if self.closed is None and self._session.refuse(request):
            self.send(frames.error(request.sub, failure_of(error)))

    def _follow(self, topic: Topic, sub: str, rev: str | None) -> None:
        self._following[topic.key] = topic
        topic.followers[self] = None
        self.outbox.put(frames.subscribed(sub, topic.key))
        if topic.state is not None:
            known = rev is not None and not self.outbox.contradicts(topic, rev)
            steps = topic.first_frames(rev, self._topics.clock.now(), self._topics.stamp) if known else None
            self.outbox.attach(topic, steps)
        self._flush()

    def _leave(self, key: str) -> None:
        topic = self._following.pop(key, None)
        if topic is not None:
            topic.followers.pop(self, None)
            topic.used_at = self._topics.clock.now()
            self.outbox.forget(topic)

    def _flush(self) -> None:
        """Writes what waits for as long as the transport takes it."""
        topics = self._topics
        while not self.is_paused and self.closed is None:
            frame = self.outbox.take(topics.clock.now(), topics.stamp)
            if frame is None:
                return
            self._write(frame)

    def _write(self, frame: Frame) -> None:
        self._count(frame)
        self.transport.write(frame)

    def _count(self, frame: Frame) -> None:
        traffic = self.outbox.traffic
        traffic.frames_sent += 1
        traffic.bytes_sent += frame.size
