"""What waits for one client: bounded, and always ending in the newest state.

What a reader would get wrong: a topic's whole state does not stand in the queue, only a mark that it is wanted;
it is written out when its turn comes. So a slow client costs a mark per topic, however much changes meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from smartreise.push import frames
from smartreise.push.frames import Frame
from smartreise.push.topic import Topic

#: topics of which it is remembered what was last sent
_REMEMBERED: Final = 1_000


@dataclass(slots=True)
class Outbox:
    """`limit` bounds the bytes of deltas that wait."""

    limit: int
    _queue: deque[tuple[Topic | None, Frame | None]] = field(default_factory=deque)
    #: rev that the client holds once the queue is sent; None: the newest, by a mark in the queue
    _tips: dict[str, str | None] = field(default_factory=dict)
    _bytes: int = 0
    #: rev that was last sent, by topic; the latest ones
    _sent: dict[str, str] = field(default_factory=dict)
    #: times that deltas gave way to the newest state
    coalesced: int = 0

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    def put(self, frame: Frame) -> None:
        """A frame of no topic."""
        self._queue.append((None, frame))

    def contradicts(self, topic: Topic, rev: str) -> bool:
        """Was the client sent something else than the rev that it says it holds? Then the two crossed on their way,
        and nobody can tell whether it took what was sent."""
        return self._sent.get(topic.key, rev) != rev

    def attach(self, topic: Topic, steps: Sequence[Frame] | None) -> None:
        """Begin with a topic: by these frames from what the client holds, or (None) by its whole state."""
        if steps is None or topic.key in self._tips or sum(len(step.data) for step in steps) > self.limit:
            # A mark that waits stands before what was just promised to another subscription: it goes behind it.
            self.forget(topic)
            self._mark(topic)
            return
        for step in steps:
            self._append(topic, step)
        self._tips[topic.key] = steps[-1].rev

    def offer(self, topic: Topic, base: str | None, frame: Frame) -> None:
        """A change of an attached topic: as it is if it follows what the client will hold, else as a mark."""
        if topic.key not in self._tips:
            self._mark(topic)
            return
        tip = self._tips[topic.key]
        if tip is None or (base is not None and tip == frame.rev):
            return
        if tip != base or self._bytes + len(frame.data) > self.limit:
            self.coalesced += 1
            self._mark(topic)
            return
        self._append(topic, frame)
        self._tips[topic.key] = frame.rev

    def forget(self, topic: Topic) -> None:
        """The client no longer follows the topic."""
        self._tips.pop(topic.key, None)
        self._remove(topic)

    def take(self, stamp: Callable[[], str]) -> Frame | None:
        """The next frame, None if nothing waits. `stamp` tells the server's time for a state written out now."""
        while self._queue:
            topic, frame = self._queue.popleft()
            if frame is None and topic is not None and topic.state is not None:
                state = topic.state
                self._tips[topic.key] = state.rev
                self._note_sent(topic, state.rev)
                return frames.snapshot(topic.key, state.rev, state.body, stamp())
            if frame is not None:
                if topic is not None:
                    self._bytes -= len(frame.data)
                    self._note_sent(topic, frame.rev)
                return frame
        return None

    def _note_sent(self, topic: Topic, rev: str | None) -> None:
        self._sent.pop(topic.key, None)
        while len(self._sent) >= _REMEMBERED:
            self._sent.pop(next(iter(self._sent)))
        if rev is not None:
            self._sent[topic.key] = rev

    def _append(self, topic: Topic, frame: Frame) -> None:
        self._queue.append((topic, frame))
        self._bytes += len(frame.data)

    def _mark(self, topic: Topic) -> None:
        if self._tips.get(topic.key, "") is None:
            return
        self._remove(topic)
        self._tips[topic.key] = None
        self._queue.append((topic, None))

    def _remove(self, topic: Topic) -> None:
        """Drops what waits of a topic."""
        if not any(entry is topic for entry, _ in self._queue):
            return
        kept = [(entry, frame) for entry, frame in self._queue if entry is not topic]
        self._queue = deque(kept)
        self._bytes = sum(len(frame.data) for entry, frame in kept if entry is not None and frame is not None)
