"""Topics: one question that any number of people ask, computed once per change for all of them.

GET handlers and sockets ask here alike, so a topic's data is what its GET returns, and `rev`, a digest of it,
is the ETag. Answers are computed in worker threads, never in the event loop. What a reader would get wrong: an
answer is stale when something that it was made from is another *or* when its `changes_at` has come.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from time import perf_counter
from typing import Final

import msgspec

from smartreise.live.snapshot import Snapshot
from smartreise.model.clock import Clock
from smartreise.model.problems import NotReady, SmartreiseError, UnknownId
from smartreise.model.service_day import local_date, start_of_day
from smartreise.model.spans import mark, span
from smartreise.push import frames
from smartreise.push.delta import diff
from smartreise.push.failures import OverloadedError
from smartreise.push.fanout import Fanout
from smartreise.push.parts import Part
from smartreise.push.settings import PushSettings
from smartreise.push.source import SnapshotSource
from smartreise.push.topic import State, Step, Topic, name_of
from smartreise.views.answer import View
from smartreise.views.registry import PUSHED, VIEWS

_log = logging.getLogger(__name__)

#: the loop looks at least this often, so that a clock that was set is noticed
_LOOK_S: Final = 0.5
#: topics looked at before the loop gets to do something else
_LOOKED_AT: Final = 500
#: followers told before the time is looked at
_STRIDE: Final = 16
#: topics computed at once on behalf of followers; whoever waits for a GET goes between
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class TopicStatistics:
    held: int
    watched: int
    computed: int
    changed: int
    failed: int
    compute_s: float


class Topics:
    """All topics of a gateway. Call everything in the event loop."""

    def __init__(
        self,
        source: SnapshotSource,
        clock: Clock,
        *,
        workers: Executor,
        settings: PushSettings | None = None,
        views: Mapping[str, View] = VIEWS,
        pushed: frozenset[str] = PUSHED,
        zone: tzinfo | None = None,
    ) -> None:
        """``zone``: of the region, for times that are told before there is a snapshot."""
        self.source = source
        self.clock = clock
        self.settings = settings or PushSettings()
        self._workers = workers
        self._views = views
        self._pushed = pushed
        self._zone = zone
        self._topics: dict[str, Topic] = {}  # the one used last is last
        self.fanout = Fanout()
        #: frames that went to followers as they were
        self.frames_written = self.bytes_written = 0
        self._wake = asyncio.Event()
        self._tidied_at = 0.0
        self._computed = self._changed = self._failed = 0
        self._compute_s = 0.0

    def stamp(self) -> str:
        """`server_time` now."""
        snapshot = self.source.current()
        return frames.server_time(self.clock.now(), snapshot.zone if snapshot else self._zone)

    def get_topic(self, name: str, params: Mapping[str, str], *, pushed: bool = False) -> Topic:
        """The topic of a question. Raises `UnknownId` for a name that is none (with `pushed`: that cannot be
        subscribed to), `BadInput` for bad parameters, `OverloadedError`."""
        view = self._views.get(name)
        if view is None or (pushed and name not in self._pushed):
            raise UnknownId("topic", name[:60])
        canonical = view.canonical(params)
        key = name_of(name, canonical)
        topic = self._topics.pop(key, None)
        if topic is None:
            self._make_room()
            topic = Topic(key, view, dict(canonical), self.settings, kept=name in self._pushed)
        topic.used_at = self.clock.now()
        self._topics[key] = topic
        return topic

    async def get(self, name: str, params: Mapping[str, str]) -> State:
        """The answer to a question as it now stands. Raises what the view raises, or `NotReady`."""
        topic = self.get_topic(name, params)
        with self.hold(topic):
            return await self.ensure(topic)

    async def ensure(self, topic: Topic) -> State:
        """The newest state of a topic that is held or followed, computed if need be."""
        snapshot = self.source.current()
        if snapshot is None:
            raise NotReady("no timetable is loaded yet")
        if (state := self.find_fresh(topic)) is not None:
            return state
        async with topic.lock:
            snapshot = self.source.current() or snapshot
            if topic.state is None or topic.failure is not None or not topic.is_fresh(snapshot, self.clock.now()):
                return await self._compute(topic, snapshot)
            return topic.state

    async def ask_otherwise(
        self, name: str, params: Mapping[str, str], change: Callable[[Snapshot], Snapshot]
    ) -> State:
        """The answer from a snapshot that differs from the current one; nobody follows it and it is kept nowhere.
        Raises what the view raises, or `NotReady`."""
        snapshot = self.source.current()
        if snapshot is None:
            raise NotReady("no timetable is loaded yet")
        view, now = self._views[name], int(self.clock.now())
        state, _ = await asyncio.get_running_loop().run_in_executor(
            self._workers, answer, view, change(snapshot), dict(view.canonical(params)), now, None
        )
        return state

    def find_fresh(self, topic: Topic) -> State | None:
        """The newest state of a topic if it is known already."""
        snapshot = self.source.current()
        if snapshot is None or topic.failure is not None or not topic.is_fresh(snapshot, self.clock.now()):
            return None
        return topic.state

    @contextmanager
    def hold(self, topic: Topic) -> Iterator[None]:
        """Keeps a topic from being forgotten meanwhile."""
        topic.holders += 1
        try:
            yield
        finally:
            topic.holders -= 1

    def statistics(self) -> TopicStatistics:
        watched = sum(bool(topic.followers) for topic in self._topics.values())
        return TopicStatistics(len(self._topics), watched, self._computed, self._changed, self._failed, self._compute_s)

    async def run(self) -> None:
        """Keeps followed topics up to date until cancelled."""
        stop = self.source.on_change(lambda _: self._wake.set())
        at_once = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    self._wake.clear()
                    ages_in = await self._look(group, at_once)
                    self._forget_idle()
                    try:
                        async with asyncio.timeout(ages_in):
                            await self._wake.wait()
                    except TimeoutError:
                        pass
        finally:
            stop()

    async def _look(self, group: asyncio.TaskGroup, at_once: asyncio.Semaphore) -> float:
        """Has what is followed and no longer fresh computed anew; seconds until the next answer ages. Many thousands
        may be followed: the loop gets to do something else in between."""
        snapshot, soonest = self.source.current(), _LOOK_S
        if snapshot is None:
            return soonest
        now = self.clock.now()
        for number, topic in enumerate(list(self._topics.values())):
            if number % _LOOKED_AT == _LOOKED_AT - 1:
                await asyncio.sleep(0)
            if not topic.followers or topic.is_refreshing:
                continue
            if not topic.is_fresh(snapshot, now):
                topic.is_refreshing = True
                group.create_task(self._refresh(topic, at_once), name=f"refresh {topic.key}")
            elif topic.state is not None and topic.state.changes_at is not None:
                soonest = min(soonest, topic.state.changes_at - now)
        return max(soonest, 0.0)

    async def _refresh(self, topic: Topic, at_once: asyncio.Semaphore) -> None:
        try:
            async with at_once, topic.lock:
                # the topic's key holds what was asked: positions, addresses. It stays out of spans.
                snapshot = self.source.current()
                if snapshot is not None and not topic.is_fresh(snapshot, self.clock.now()):
                    with span("topic.refresh", view=topic.view.name):
                        await self._compute(topic, snapshot)
        except SmartreiseError as error:
            _log.debug("topic %s cannot be answered: %s", topic.key, error)
        except Exception:  # noqa: BLE001 — one broken answer must not end the others; it is logged
            _log.exception("topic %s failed", topic.key)
        finally:
            topic.is_refreshing = False
            ages_at = topic.state.changes_at if topic.state is not None else None
            if ages_at is not None and ages_at - self.clock.now() < _LOOK_S:
                self._wake.set()  # its next moment comes before the next look would

    async def _compute(self, topic: Topic, snapshot: Snapshot) -> State:
        """Asks the view and tells followers, under the topic's lock. Raises what the view raises."""
        now, before = self.clock.now(), topic.state
        begun = perf_counter()
        try:
            with span("topic.answer", view=topic.view.name, revision=snapshot.revision):
                state, patch = await asyncio.get_running_loop().run_in_executor(
                    self._workers, answer, topic.view, snapshot, topic.params, int(now), before
                )
        except Exception as error:
            self._failed += 1
            known = error if isinstance(error, SmartreiseError) else SmartreiseError("internal error")
            topic.fail(known, snapshot, now)
            raise
        finally:
            self._computed += 1
            self._compute_s += perf_counter() - begun
        recovered, topic.failure = topic.failure is not None, None
        topic.become(state)
        if before is not None and before.rev != state.rev:
            self._changed += 1
            topic.remember(Step(before.rev, state.rev, patch, now))
        if recovered or before is None or before.rev != state.rev:
            self._publish(topic, state, None if recovered else before, patch)
        return state

    def _publish(self, topic: Topic, state: State, before: State | None, patch: bytes) -> None:
        """The same bytes to all who follow, in slices; who comes meanwhile already holds the state."""
        if not topic.followers:
            return
        if before is None or len(patch) >= len(state.body):
            frame = frames.snapshot(topic.key, state.rev, state.part, self.stamp())
        else:
            frame = frames.delta(topic.key, before.rev, state.rev, patch, self.stamp())
        self.fanout.add(self._tell(topic, before.rev if before else None, frame))

    def _tell(self, topic: Topic, base: str | None, frame: frames.Frame) -> Iterator[None]:
        """The hot path: what it does for each follower decides what a push to thousands costs."""
        followers = list(topic.followers)
        pushing = mark("topic.push", view=topic.view.name, followers=len(followers), size=frame.size)
        for first in range(0, len(followers), _STRIDE):
            written = 0
            for follower in followers[first : first + _STRIDE]:
                written += follower.changed(topic, base, frame)
            self.frames_written += written
            self.bytes_written += written * frame.size
            yield
        pushing.end()

    def _make_room(self) -> None:
        if len(self._topics) < self.settings.topics:
            return
        for key, topic in self._topics.items():
            if topic.is_idle:
                del self._topics[key]
                return
        raise OverloadedError("too many topics are watched")

    def _forget_idle(self) -> None:
        """Drops what nobody follows, oldest first, when it is too old, too many or too big."""
        now = self.clock.now()
        if abs(now - self._tidied_at) < _LOOK_S:
            return
        self._tidied_at = now
        idle = [topic for topic in self._topics.values() if topic.is_idle]
        size = sum(topic.size for topic in idle)
        for number, topic in enumerate(idle):
            too_many = len(idle) - number > self.settings.idle_topics or size > self.settings.idle_bytes
            if not too_many and now - topic.used_at <= self.settings.grace_s:
                return
            size -= topic.size
            del self._topics[topic.key]


def answer(
    view: View, snapshot: Snapshot, params: Mapping[str, str], now: int, before: State | None
) -> tuple[State, bytes]:
    """In a worker thread: the answer, and the patch that leads to it from the one before ("[]" without one)."""
    told = view.answer(snapshot, params, now=now, previous=before.data if before else None)
    body = msgspec.json.encode(told.data, order="deterministic")
    rev = hashlib.blake2b(body, digest_size=12).hexdigest()
    midnight = start_of_day(local_date(now, snapshot.zone) + timedelta(days=1), snapshot.zone)
    changes_at = midnight if told.changes_at is None else min(midnight, max(told.changes_at, now + 1))
    state = State(rev, Part(body), told.data, changes_at, snapshot.revision)
    if before is None or before.rev == rev:
        return state, b"[]"
    patch = msgspec.json.encode(diff(msgspec.json.decode(before.body), msgspec.json.decode(body)))
    if len(patch) > len(body):
        patch = b'[{"op":"replace","path":"","value":' + body + b"}]"
    return state, patch
