"""Lends searches their memory and takes it back.

Memory that is asked for anew, page by page, costs more than the search of a small city, and two threads that ask for
it wait for one another. What a reader would get wrong: what `Work` calls clean must be so when it is given back, so a
search that failed half-way keeps its memory to itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.planner.records import BOUND_ROWS, FAR, NONE_LEADS_THERE, Bounds, Work
from smartreise.timetable.arrays import Int32s

#: patterns and trips come and go with real time: room for them is made in steps of this
_STEP: Final = 1024
#: destinations that a processor handles in one step: eight int32 (AVX2)
_VECTOR: Final = 8
#: kinds of searches (so many stops, destinations, rounds) whose memory is kept
_MOST_KINDS: Final = 12


@dataclass(slots=True)
class Workshop:
    """Lends memory to searches; whoever is done gives it back. Two that ask at once get two."""

    idle: dict[tuple[int, int, int, int, int], list[Work]] = field(default_factory=dict)

    def take(self, stops: int, patterns: int, dated: int, destinations: int, rounds: int) -> Work:
        """Memory for a search."""
        kind = stops, -(-patterns // _STEP) * _STEP, -(-dated // _STEP) * _STEP, _lanes(destinations), rounds
        waiting = self.idle.get(kind)
        try:
            return waiting.pop() if waiting else _work(*kind)
        except IndexError:  # another thread was quicker
            return _work(*kind)

    def give(self, work: Work) -> None:
        """Memory back, clean."""
        lanes, rounds = len(work.least), len(work.arrive) - 1
        kind = len(work.marked), len(work.queue), len(work.ridden), lanes, rounds
        while len(self.idle) >= _MOST_KINDS and kind not in self.idle:
            self.idle.pop(next(iter(self.idle)), None)
        self.idle.setdefault(kind, []).append(work)


def _lanes(destinations: int) -> int:
    """Destinations with room to a whole number of vectors: loops over ten take four times as long as over sixteen."""
    return 1 if destinations == 1 else -(-destinations // _VECTOR) * _VECTOR


def _work(stops: int, patterns: int, dated: int, lanes: int, rounds: int) -> Work:
    def ints(*shape: int) -> Int32s:
        return np.empty(shape, np.int32)

    def bytes_(*shape: int) -> NDArray[np.uint8]:
        return np.zeros(shape, np.uint8)

    def bounds() -> Bounds:
        return Bounds(np.full((stops, BOUND_ROWS, lanes), FAR, np.uint16), np.full(stops, NONE_LEADS_THERE, np.uint8))

    return Work(
        alighted=bounds(),
        boarding=bounds(),
        least=ints(lanes),
        arrive=ints(rounds + 1, stops),
        ready=ints(rounds + 1, stops),
        board=ints(rounds + 1, stops),
        alight=ints(rounds + 1, stops),
        came=ints(rounds + 1, stops),
        best=ints(rounds + 1, lanes),
        best_stop=ints(rounds + 1, lanes),
        access_s=ints(stops),
        marked=ints(stops),
        is_marked=bytes_(stops),
        reached=ints(stops),
        is_reached=bytes_(stops),
        queue=ints(patterns),
        position=np.full(patterns, -1, np.int32),
        ridden=bytes_(dated),
        level=bytes_(patterns),
        egress_first=np.full(stops, -1, np.int32),
    )
