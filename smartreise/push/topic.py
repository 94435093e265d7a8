"""One topic: its state, the way it came there, and who follows it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import quote

from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import SmartreiseError
from smartreise.push import frames
from smartreise.push.frames import Frame
from smartreise.push.parts import Part
from smartreise.push.settings import PushSettings
from smartreise.views.answer import View
from smartreise.views.wire import Wire

#: a question that failed is tried again after this long, though nothing changed
_RETRY_S: Final = 10.0
#: who comes within this time after another gets the same frames: a client sets its clock by their stamp
_SHARED_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class State:
    """An answer: `part` is `data` as JSON, `rev` its digest, `revision` the snapshot's it was made from."""

    rev: str
    part: Part
    data: Wire
    changes_at: int | None
    revision: int

    @property
    def body(self) -> bytes:
        return self.part.text


@dataclass(frozen=True, slots=True)
class Step:
    """From one rev to the next, by a JSON Patch as JSON, at epoch second `at`."""

    base: str
    rev: str
    patch: bytes
    at: float


class Follower(Protocol):
    """Who wants to know of changes. Neither call may wait."""

    def changed(self, topic: Topic, base: str | None, frame: Frame) -> bool:
        """`frame` leads from rev `base` (None: from nothing) to the topic's state. Was it written as it is?"""
        ...

    def failed(self, topic: Topic, error: SmartreiseError) -> None:
        """The topic cannot be answered now; `changed` follows when it can."""
        ...


@dataclass(slots=True, eq=False)
class Topic:
    """`key` is the canonical name; `params` are canonical."""

    key: str
    view: View
    params: dict[str, str]
    settings: PushSettings
    #: are steps kept, for followers that come back?
    kept: bool
    state: State | None = None
    failure: SmartreiseError | None = None
    #: insertion order is the order of telling; values are not used
    followers: dict[Follower, None] = field(default_factory=dict)
    holders: int = 0
    used_at: float = 0.0
    is_refreshing: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _steps: deque[Step] = field(default_factory=deque)
    _steps_bytes: int = 0
    _failed_at: float = 0.0
    _failed_revision: int = -1
    #: what those got who came last, by what they held: until when it is good, and the frames
    _shared: dict[str | None, tuple[float, list[Frame] | None]] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """May it be forgotten?"""
        return not self.followers and not self.holders and not self.lock.locked()

    @property
    def size(self) -> int:
        """Bytes it holds, about."""
        return self._steps_bytes + (3 * len(self.state.body) if self.state else 0) + 1000

    def is_fresh(self, snapshot: Snapshot, now: float) -> bool:
        """Is what we know (state or failure) what the view would say?"""
        if self.failure is not None:
            return self._failed_revision == snapshot.revision and now - self._failed_at < _RETRY_S
        state = self.state
        if state is None or any(snapshot.changed_in[aspect] > state.revision for aspect in self.view.reads):
            return False
        return state.changes_at is None or now < state.changes_at

    def fail(self, error: SmartreiseError, snapshot: Snapshot, now: float) -> None:
        """The view could not answer; followers are told once per reason."""
        is_news = self.failure is None or str(self.failure) != str(error)
        self.failure, self._failed_at, self._failed_revision = error, now, snapshot.revision
        if is_news:
            for follower in list(self.followers):
                follower.failed(self, error)

    def remember(self, step: Step) -> None:
        """Keeps a step for those who resume, within the limits."""
        if not self.kept:
            return
        self._steps.append(step)
        self._steps_bytes += len(step.patch)
        limits = self.settings
        while self._steps and (
            len(self._steps) > limits.history
            or self._steps_bytes > limits.history_bytes
            or step.at - self._steps[0].at > limits.history_s
        ):
            self._steps_bytes -= len(self._steps.popleft().patch)

    def steps_since(self, rev: str, now: float) -> list[Step] | None:
        """The steps from a rev to the state, none if it is the state's; None where they are not known."""
        if self.state is not None and self.state.rev == rev:
            return []
        found: list[Step] = []
        for step in reversed(self._steps):
            if now - step.at > self.settings.history_s:
                break
            found.append(step)
            if step.base == rev:
                return found[::-1]
        return None

    def first_frames(self, rev: str | None, now: float, stamp: Callable[[], str]) -> list[Frame] | None:
        """Frames from what a client holds to the state: the same ones for all who come at about the same time. None
        for the way from a rev that is not known. Needs a state."""
        until, made = self._shared.get(rev, (0.0, None))
        if now >= until or abs(until - now) > _SHARED_S:
            if len(self._shared) > self.settings.history:
                self._shared.clear()
            made = self._make_frames(rev, now, stamp())
            self._shared[rev] = (now + _SHARED_S, made)
        return made

    def _make_frames(self, rev: str | None, now: float, stamp: str) -> list[Frame] | None:
        assert self.state is not None
        if rev is None:
            return [frames.snapshot(self.key, self.state.rev, self.state.part, stamp)]
        steps = self.steps_since(rev, now)
        if steps is None:
            return None
        if not steps:
            return [frames.current(self.key, rev, stamp)]
        return [frames.delta(self.key, step.base, step.rev, step.patch, stamp) for step in steps]

    def become(self, state: State) -> None:
        """A new state, which outdates what was made for the last ones who came."""
        if self.state is None or self.state.rev != state.rev:
            self._shared.clear()
        self.state = state


def name_of(name: str, canonical: Iterable[tuple[str, str]]) -> str:
    """The topic's canonical name: `board?limit=10&stop=NSR:StopPlace:58366`."""
    query = "&".join(f"{key}={quote(value, safe=':,.+ ')}" for key, value in canonical)
    return f"{name}?{query}" if query else name
