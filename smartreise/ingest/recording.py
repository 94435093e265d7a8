"""A recording of a region's feeds: raw bytes, and when each came. One folder, one file a change.

`index.jsonl` has a line for each change: `{"at": epoch seconds, "feed": id, "kind": "static|realtime|mobility",
"file": path}`. A GBFS system's files are packed as one. What a reader would get wrong: bytes that came again unchanged
leave no line, so between two lines a feed was as the first says.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from smartreise.model.feeds import FeedKind
from smartreise.model.problems import DatasetRefused

INDEX: Final = "index.jsonl"


class Change(msgspec.Struct, frozen=True):
    at: float
    feed: str
    kind: FeedKind
    file: str


@dataclass(slots=True)
class Recorder:
    """Writes into a folder, which may hold an earlier part of the same recording."""

    folder: Path
    _last: dict[str, str] = field(default_factory=dict)
    changes: int = 0

    def add(self, feed: str, kind: FeedKind, body: bytes, *, at: float) -> bool:
        """Keep what a feed was at ``at``; False if that is what it was."""
        digest = hashlib.blake2b(body, digest_size=16).hexdigest()
        if self._last.get(feed) == digest:
            return False
        self._last[feed] = digest
        file = f"{feed}/{at:.3f}.bin"
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        line = msgspec.json.encode(Change(at, feed, kind, file))
        with (self.folder / INDEX).open("ab") as index:
            index.write(line + b"\n")
        self.changes += 1
        return True


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded; `changes` by feed, in time."""

    folder: Path
    changes: dict[str, tuple[Change, ...]]

    @property
    def start(self) -> float:
        """Epoch second from which every feed that was recorded has something."""
        return max(changes[0].at for changes in self.changes.values())

    @property
    def end(self) -> float:
        return max(changes[-1].at for changes in self.changes.values())

    def find(self, feed: str, at: float) -> Change | None:
        """What a feed was at an instant; None before its first change."""
        changes = self.changes.get(feed, ())
        number = bisect_right(changes, at, key=lambda change: change.at)
        return changes[number - 1] if number else None

    def read(self, change: Change) -> bytes:
        return (self.folder / change.file).read_bytes()


def read_recording(folder: Path) -> Recording:
    """The recording in a folder. Raises `DatasetRefused` where there is none, or a damaged one."""
    found: dict[str, list[Change]] = {}
    try:
        lines = (folder / INDEX).read_bytes().splitlines()
    except OSError as fault:
        raise DatasetRefused(f"{folder}: no recording: {fault.strerror or fault}") from None
    for number, line in enumerate(lines, 1):
        try:
            change = msgspec.json.decode(line, type=Change)
        except msgspec.MsgspecError as fault:
            raise DatasetRefused(f"{folder / INDEX}: line {number}: {fault}") from None
        inside = (folder / change.file).resolve().is_relative_to(folder.resolve())
        if not inside or not (folder / change.file).is_file():
            raise DatasetRefused(f"{folder / INDEX}: line {number}: there is no file {change.file}")
        found.setdefault(change.feed, []).append(change)
    if not found:
        raise DatasetRefused(f"{folder}: the recording is empty")
    return Recording(folder, {feed: tuple(sorted(rows, key=lambda row: row.at)) for feed, rows in found.items()})
