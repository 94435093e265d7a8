"""The history that a service keeps: counts by step and station, bounded, and compact as bytes.

A ring of K steps × S stations with two bytes a cell: at 10 minutes and 28 days 8,064 bytes a station in memory, and
some 1 to 2 kB as bytes (deflated by station, where runs are long). What a reader would get wrong: a cell holds the
*last* observation within its step, so the newest cell is the count now; a step without one stays unknown.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.forecast.history import LEAST_STEP_S, MOST_STEP_S, History
from smartreise.model.problems import DatasetRefused

STEP_S: Final = 600
KEEP_S: Final = 28 * 86_400
_UNKNOWN: Final = 255
_MOST: Final = 254
_MAGIC: Final = b"SRH1"
_MOST_CELLS: Final = 2**28


class Recorder:
    """Takes observations in any order and gives a `History` of the last ``keep_s`` seconds."""

    def __init__(self, *, step_s: int = STEP_S, keep_s: int = KEEP_S) -> None:
        self.step_s = step_s
        self._keep = max(1, keep_s // step_s)
        self._newest: int | None = None  # step number: epoch s // step_s
        self._column: dict[str, int] = {}
        self._cells: NDArray[np.uint8] = np.full((self._keep, 0, 2), _UNKNOWN, np.uint8)

    @property
    def stations(self) -> tuple[str, ...]:
        """All that were ever observed, in order of appearance."""
        return tuple(self._column)

    def observe(self, station: str, at: int, *, bikes: int | None, docks: int | None) -> None:
        """Counts seen at ``at`` (epoch s). Older than what is kept: ignored. Unknown counts are None."""
        step = at // self.step_s
        if self._newest is None or step > self._newest:
            self._advance(step)
        assert self._newest is not None
        if step <= self._newest - self._keep:
            return
        column = self._column.setdefault(station, len(self._column))
        if column >= self._cells.shape[1]:
            more = np.full((self._keep, max(16, column), 2), _UNKNOWN, np.uint8)
            self._cells = np.concatenate((self._cells, more), axis=1)
        self._cells[step % self._keep, column] = _byte(bikes), _byte(docks)

    def find_latest(self, station: str, at: int, *, within_s: int) -> tuple[int, int] | None:
        """Bikes and docks last known by the step of ``at`` (epoch s) and at most ``within_s`` before."""
        column, step = self._column.get(station), at // self.step_s
        if column is None or self._newest is None:
            return None
        for number in range(step, step - max(1, within_s // self.step_s), -1):
            if self._newest - self._keep < number <= self._newest:
                bikes, docks = (int(count) for count in self._cells[number % self._keep, column])
                if bikes != _UNKNOWN and docks != _UNKNOWN:
                    return bikes, docks
        return None

    def history(
        self, *, last_s: int | None = None, stations: Sequence[str] | None = None, until: int | None = None
    ) -> History:
        """The last ``last_s`` seconds (all that is kept by default), of ``stations`` in their order (all by default),
        up to the step of ``until`` (epoch s, by default the newest).

        Raises `DatasetRefused` when nothing was observed."""
        if self._newest is None:
            raise DatasetRefused("the history holds no observations")
        names = self.stations if stations is None else tuple(stations)
        count = self._keep if last_s is None else min(self._keep, max(1, last_s // self.step_s))
        end = self._newest if until is None else until // self.step_s
        steps = np.arange(end - count + 1, end + 1)
        grid = np.full((count, len(names), 2), np.nan, np.float32)
        for place, name in enumerate(names):
            if (column := self._column.get(name)) is not None:
                grid[:, place] = self._cells[steps % self._keep, column]
        grid[grid == _UNKNOWN] = np.nan
        grid[(steps > self._newest) | (steps <= self._newest - self._keep)] = np.nan
        first = 0
        if last_s is None and (there := ~np.isnan(grid).all(axis=(1, 2))).any():
            first = int(there.argmax())  # a ring that is not full yet begins with its first observation
        return History(int(steps[first]) * self.step_s, self.step_s, names, grid[first:, :, 0], grid[first:, :, 1])

    def encode(self) -> bytes:
        """All of it as bytes for a store; stations without a known count are left out."""
        steps = np.arange((self._newest or 0) - self._keep + 1, (self._newest or 0) + 1)
        cells = self._cells[steps % self._keep]
        names = [name for name, column in self._column.items() if (cells[:, column] != _UNKNOWN).any()]
        chosen = cells[:, [self._column[name] for name in names]] if names else cells[:, :0]
        about = {"step_s": self.step_s, "keep": self._keep, "newest": self._newest, "stations": names}
        head = json.dumps(about, separators=(",", ":")).encode()
        body = np.ascontiguousarray(chosen.transpose(1, 2, 0)).tobytes()
        return _MAGIC + struct.pack("<I", len(head)) + head + zlib.compress(body, 6)

    @classmethod
    def decode(cls, body: bytes) -> Recorder:
        """What `encode` wrote. Raises `DatasetRefused` for anything else."""
        try:
            if body[:4] != _MAGIC:
                raise ValueError("no history")
            (length,) = struct.unpack_from("<I", body, 4)
            about = json.loads(body[8 : 8 + length])
            step_s, keep, newest, names = (about[key] for key in ("step_s", "keep", "newest", "stations"))
            if not (LEAST_STEP_S <= step_s <= MOST_STEP_S and 0 < keep * max(1, len(names)) * 2 <= _MOST_CELLS):
                raise ValueError("sizes out of range")
            size = len(names) * 2 * keep
            raw = zlib.decompressobj().decompress(body[8 + length :], size + 1)
            cells = np.frombuffer(raw, np.uint8).reshape(len(names), 2, keep)
        except (ValueError, KeyError, TypeError, struct.error, zlib.error) as fault:
            raise DatasetRefused(f"not a kept history: {fault}") from None
        found = cls(step_s=step_s, keep_s=keep * step_s)
        found._newest = newest
        found._column = {name: place for place, name in enumerate(names)}
        found._cells = np.full((keep, len(names), 2), _UNKNOWN, np.uint8)
        if newest is not None:
            found._cells[np.arange(newest - keep + 1, newest + 1) % keep] = cells.transpose(2, 0, 1)
        return found

    def _advance(self, step: int) -> None:
        if self._newest is not None:
            passed = min(step - self._newest, self._keep)
            self._cells[np.arange(step - passed + 1, step + 1) % self._keep] = _UNKNOWN
        self._newest = step


def _byte(count: int | None) -> int:
    return _UNKNOWN if count is None or count < 0 else min(count, _MOST)
