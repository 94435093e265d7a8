"""How late vehicles were: by line, station and part of the day, arrivals and departures apart. Compact and bounded.

A histogram of two bytes a bin is kept for each (line, station, part of the day, arriving or leaving). What a reader
would get wrong: old days fade. A histogram that is full is halved, so the last few hundred runs weigh most.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused

#: seconds late at the bounds between bins, and what each bin stands for
BOUNDS_S: Final = np.array([-120, -60, -30, 0, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900], np.int64)
MIDDLES_S: Final = np.array([-150, -90, -45, -15, 15, 45, 75, 105, 150, 210, 270, 360, 510, 750, 1200], np.float64)
BINS: Final = len(MIDDLES_S)
PART_S: Final = 4 * 3600
#: histograms kept, the longest unseen goes first; 30 bytes each
MOST: Final = 40_000
FULL: Final = 400
#: a histogram of fewer runs says nothing by itself; wider ones are asked instead
ENOUGH: Final = 20

Way = Literal["a", "d"]
Counts = NDArray[np.uint16]
Key = tuple[str, str, int, Way]


class _Kept(msgspec.Struct, array_like=True):
    keys: list[tuple[str, str, int, str]]
    counts: bytes


@dataclass(slots=True)
class DelayHistory:
    """Takes observations."""

    _counts: OrderedDict[Key, Counts] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._counts)

    def observe(self, line: str, station: str, second_of_day: int, way: Way, late_s: int) -> None:
        """A vehicle was so late (s; negative: early) at this local time of day."""
        key = line, station, part_of(second_of_day), way
        counts = self._counts.pop(key, None)
        if counts is None:
            counts = np.zeros(BINS, np.uint16)
        counts[np.searchsorted(BOUNDS_S, late_s, "right")] += 1
        if counts.sum() > FULL:
            counts = counts // 2
        self._counts[key] = counts
        while len(self._counts) > MOST:
            self._counts.popitem(last=False)

    def encode(self) -> bytes:
        """All of it as bytes for a store."""
        kept = _Kept(list(self._counts), b"".join(c.tobytes() for c in self._counts.values()))
        return zlib.compress(msgspec.msgpack.encode(kept), 6)

    @classmethod
    def decode(cls, body: bytes) -> DelayHistory:
        """What `encode` wrote. Raises `DatasetRefused` for anything else."""
        return cls(OrderedDict((key, counts.copy()) for key, counts in _read(body)))


@dataclass(frozen=True, slots=True)
class DelayTable:
    """What a history says: shares by bin, of the narrowest histogram that has enough runs."""

    shares: dict[tuple[str, str, int, str], NDArray[np.float64]]

    @classmethod
    def decode(cls, body: bytes) -> DelayTable:
        """What `DelayHistory.encode` wrote. Raises `DatasetRefused`."""
        sums: dict[tuple[str, str, int, str], NDArray[np.int64]] = {}
        for (line, station, part, way), counts in _read(body):
            for key in ((line, station, part, way), (line, station, -1, way), (line, "", -1, way)):
                sums[key] = sums.get(key, 0) + counts.astype(np.int64)
        return cls({key: counts / counts.sum() for key, counts in sums.items() if counts.sum() >= ENOUGH})

    def find(self, line: str, station: str, second_of_day: int, way: Way) -> NDArray[np.float64] | None:
        """Shares of `MIDDLES_S`: here at this time of day, else here, else on this line; None where little is known."""
        keys = (line, station, part_of(second_of_day), way), (line, station, -1, way), (line, "", -1, way)
        return next((self.shares[key] for key in keys if key in self.shares), None)


def part_of(second_of_day: int) -> int:
    """The part of the day."""
    return second_of_day % 86_400 // PART_S


def chance_of_making(
    spare_s: int,
    arriving: NDArray[np.float64] | None,
    leaving: NDArray[np.float64] | None,
    *,
    arriving_known: bool,
    leaving_known: bool,
) -> float | None:
    """The chance that a change with ``spare_s`` seconds more than it needs works out, by shares of delays of the
    vehicle that arrives and the one that leaves. Where real time says how late a vehicle is now (``…_known``), the
    spread of its history lies around that. None where nothing is known of the one that arrives."""
    if arriving is None:
        return None
    late = MIDDLES_S - (_median(arriving) if arriving_known else 0.0)
    held = np.zeros(1) if leaving is None else MIDDLES_S - (_median(leaving) if leaving_known else 0.0)
    shares = np.ones(1) if leaving is None else leaving
    made = late[:, None] <= spare_s + held[None, :]
    return float((arriving[:, None] * shares[None, :] * made).sum())


def _median(shares: NDArray[np.float64]) -> float:
    return float(MIDDLES_S[int(np.searchsorted(np.cumsum(shares), 0.5))])


def _read(body: bytes) -> Iterator[tuple[Key, Counts]]:
    try:
        unpacked = zlib.decompressobj().decompress(body, 2**28)
        kept = msgspec.msgpack.decode(unpacked, type=_Kept)
        counts = np.frombuffer(kept.counts, np.uint16).reshape(len(kept.keys), BINS)
    except (zlib.error, msgspec.MsgspecError, ValueError) as fault:
        raise DatasetRefused(f"no history of delays: {fault}") from None
    for (line, station, part, way), row in zip(kept.keys, counts, strict=True):
        yield (line, station, part, "a" if way == "a" else "d"), row
