"""What waits for one client: bounded, and always ending in the newest state.

What a reader would get wrong: a topic's whole state does not stand in the queue, only a mark that it is wanted;
it is written out when its turn comes. So a slow client costs a mark per topic, however much changes meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from smartreise.push.frames import Frame
from smartreise.push.topic import Topic

#: topics of which it is remembered what was last sent
_REMEMBERED: Final = 1_000

Stamp: TypeAlias = Callable[[], str]


@dataclass(slots=True)
class Traffic:
    """What all clients of a hub add up to."""

    #: bytes of deltas that may wait for all of them together
    limit: int
    frames_sent: int = 0
    bytes_sent: int = 0
    #: bytes of deltas that wait
    waiting: int = 0
    #: times that deltas gave way to the newest state
    coalesced: int = 0
    #: clients closed because they did not read, did not answer, or came when there was no room
    closed_slow: int = 0
    closed_silent: int = 0
    refused: int = 0
    #: the clients whose buffers are full, and since when by the loop's clock
    paused: dict[object, float] = field(default_factory=dict)


@dataclass(slots=True)
class Outbox:
    """`limit` bounds the bytes of deltas that wait for this client, `traffic.limit` those for all."""

    limit: int
    traffic: Traffic
    _queue: deque[tuple[Topic | None, Frame | None]] | None = None
    #: rev that the client holds once the queue is sent; None: the newest, by a mark in the queue. While nothing waits,
    #: whoever writes a change past the queue sets it; `_settle` then notes what was sent when it matters
    tips: dict[str, str | None] = field(default_factory=dict)
    _bytes: int = 0
    #: rev that was last sent, by topic; the latest ones
    _sent: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._queue) if self._queue else 0

    def put(self, frame: Frame) -> None:
        """A frame of no topic."""
        self._push(None, frame)

    def contradicts(self, topic: Topic, rev: str) -> bool:
        """Was the client sent something else than the rev that it says it holds? Then the two crossed on their way,
        and nobody can tell whether it took what was sent."""
        self._settle(topic)
        return self._sent.get(topic.key, rev) != rev

    def attach(self, topic: Topic, steps: Sequence[Frame] | None) -> None:
        """Begin with a topic: by these frames from what the client holds, or (None) by its whole state."""
        if steps is None or topic.key in self.tips or not self._has_room(sum(step.size for step in steps)):
            # A mark that waits stands before what was just promised to another subscription: it goes behind it.
            self.forget(topic)
            self._mark(topic)
            return
        self._settle(topic)
        for step in steps:
            self._append(topic, step)
        self.tips[topic.key] = steps[-1].rev

    def offer(self, topic: Topic, base: str | None, frame: Frame) -> None:
        """A change of an attached topic: as it is if it follows what the client will hold, else as a mark."""
        if topic.key not in self.tips:
            self._mark(topic)
            return
        self._settle(topic)
        tip = self.tips[topic.key]
        if tip is None or (base is not None and tip == frame.rev):
            return
        if tip != base or not self._has_room(frame.size):
            self.traffic.coalesced += 1
            self._mark(topic)
            return
        self._append(topic, frame)
        self.tips[topic.key] = frame.rev

    def forget(self, topic: Topic) -> None:
        """The client no longer follows the topic."""
        self._settle(topic)
        self.tips.pop(topic.key, None)
        self._remove(topic)

    def take(self, now: float, stamp: Stamp) -> Frame | None:
        """The next frame, None if nothing waits. `stamp` tells the server's time for a state written out now."""
        while self._queue:
            topic, frame = self._queue.popleft()
            if frame is None and topic is not None and topic.state is not None:
                self.tips[topic.key] = topic.state.rev
                self._note_sent(topic.key, topic.state.rev)
                whole = topic.first_frames(None, now, stamp)
                assert whole is not None
                return whole[0]
            if frame is not None:
                if topic is not None:
                    self._count(-frame.size)
                    self._note_sent(topic.key, frame.rev)
                return frame
        self._queue = None  # an empty deque has 600 bytes, and most clients wait for nothing most of the time
        return None

    def clear(self) -> None:
        """The client is gone."""
        self._count(-self._bytes)
        self._queue = None
        self.tips.clear()
        self._sent.clear()

    def _has_room(self, size: int) -> bool:
        return self._bytes + size <= self.limit and self.traffic.waiting + size <= self.traffic.limit

    def _settle(self, topic: Topic) -> None:
        """What the client will hold was sent, unless something of the topic waits."""
        tip = self.tips.get(topic.key)
        if tip is not None and not any(entry is topic for entry, _ in self._queue or ()):
            self._note_sent(topic.key, tip)

    def _note_sent(self, key: str, rev: str | None) -> None:
        self._sent.pop(key, None)
        while len(self._sent) >= _REMEMBERED:
            self._sent.pop(next(iter(self._sent)))
        if rev is not None:
            self._sent[key] = rev

    def _count(self, size: int) -> None:
        self._bytes += size
        self.traffic.waiting += size

    def _push(self, topic: Topic | None, frame: Frame | None) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append((topic, frame))

    def _append(self, topic: Topic, frame: Frame) -> None:
        self._push(topic, frame)
        self._count(frame.size)

    def _mark(self, topic: Topic) -> None:
        if self.tips.get(topic.key, "") is None:
            return
        self._remove(topic)
        self.tips[topic.key] = None
        self._push(topic, None)

    def _remove(self, topic: Topic) -> None:
        """Drops what waits of a topic."""
        if not self._queue or not any(entry is topic for entry, _ in self._queue):
            return
        kept = [(entry, frame) for entry, frame in self._queue if entry is not topic]
        self._count(-sum(f.size for entry, f in self._queue if entry is topic and f is not None))
        self._queue = deque(kept)
