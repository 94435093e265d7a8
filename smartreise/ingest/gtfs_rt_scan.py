"""Trip updates by the scanner: a message's ordinary entities as columns, the others by number for protobuf.

It gives up on a whole message where an entity alone does not tell what it means: odd framing, several headers, two
entities of one id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smartreise.ingest import scan_kernels as kernels
from smartreise.live.updates import Said, Updates

#: what `Scan.state` says of an entity
FAST, ODD, GONE, NO_TRIP, ABSURD, OTHER = (
    kernels.FAST, kernels.ODD, kernels.GONE, kernels.NO_TRIP, kernels.ABSURD, kernels.OTHER,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where the parts of a message stand in its bytes."""

    data: NDArray[np.uint8]
    entities: NDArray[np.int32]  # int32[n, 2]
    header: bytes

    def entity(self, number: int) -> bytes:
        """The bytes of an entity."""
        start, end = self.entities[number]
        return self.data[start:end].tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    updates: Updates
    state: NDArray[np.uint8]  # uint8[n] of each entity: FAST … OTHER


def find_frame(body: bytes) -> Frame | None:
    """The parts of a message, None if that takes protobuf."""
    data = np.frombuffer(body, np.uint8)
    entities, start, end = kernels.list_entities(data)
    return None if start < 0 else Frame(data, entities, body[start:end])


def scan(frame: Frame, *, about: int, absurd_s: int) -> Scan | None:
    """The ordinary updates of a message, None if it has none or takes protobuf as a whole.

    ``about`` is the message's time, epoch s; stated times farther than ``absurd_s`` from it make an update ABSURD.
    """
    count, room = len(frame.entities), kernels.count_said(frame.data, frame.entities)
    updates = _room(frame.data, count, room)
    state, ids = np.empty(count, np.uint8), np.empty((count, 2), np.int32)
    rows, said = kernels.scan(frame.data, frame.entities, about, absurd_s, updates, state, ids)
    if not rows or kernels.has_duplicates(frame.data, ids, state):
        return None
    return Scan(_cut(updates, rows, said), state)


def _room(data: NDArray[np.uint8], count: int, said: int) -> Updates:
    def bytes_(length: int) -> NDArray[np.uint8]:
        return np.empty(length, np.uint8)

    return Updates(
        text=data,
        order=np.empty(count, np.int32),
        entity=np.empty((count, 2), np.int32),
        trip=np.empty((count, 2), np.int32),
        start_time=np.empty((count, 2), np.int32),
        day=np.empty(count, np.int32),
        kind=bytes_(count),
        delayed=bytes_(count),
        said_start=np.empty(count + 1, np.int32),
        said=Said(
            np.empty(said, np.int64),
            np.empty((said, 2), np.int32),
            np.empty((said, 2), np.int32),
            bytes_(said),
            bytes_(said),
            np.empty(said, np.int64),
            np.empty(said, np.int64),
            np.empty(said, np.int8),
        ),
    )


def _cut(updates: Updates, rows: int, said: int) -> Updates:
    """The columns without the room that was not needed."""
    said_columns: Any = [column[:said] for column in updates.said]
    return Updates(
        text=updates.text,
        order=updates.order[:rows],
        entity=updates.entity[:rows],
        trip=updates.trip[:rows],
        start_time=updates.start_time[:rows],
        day=updates.day[:rows],
        kind=updates.kind[:rows],
        delayed=updates.delayed[:rows],
        said_start=updates.said_start[: rows + 1],
        said=Said(*said_columns),
    )
