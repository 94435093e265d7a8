"""Answers that still hold: a search is not run again where it would go step for step as it did before.

The writer tells of each layout that takes the place of another (`follow`), and what moved between them is kept as a
tick. A search notes which trips it rode. On the next layout it holds if none of these moved nor became the neighbour
of one that did (`planner.tick` says why that is enough) and none that moved can be boarded at the origin within the
window; and it holds for a question that leaves later, up to the same end, since leavings are taken from the latest on.

Two things make "step for step" true. Bounds come from rides so quick that no trip undercuts them (`bounds.least_s`):
an exact bound of the old layout might leave out what a vehicle that catches up makes good. And of equal ways the
kernels keep the one of the lower number, whatever the order of patterns: what is held is what a search would find.

What a reader would get wrong: only the search is held. Legs, times, lines that are as good, boards, alerts and bikes
are told from the new snapshot each time. Arriving by a time, wheelchairs and regions whose rules name lines or trips
(`planner.rules`) are asked anew.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from smartreise.planner.network import Prepared, prepare
from smartreise.planner.query import Answer, Query, StopTimesTo
from smartreise.planner.records import Found
from smartreise.planner.search import Harvest, question_of, run, search, tell_answer
from smartreise.planner.tick import Tick, compare
from smartreise.timetable.arrays import Layout, Timetable

#: ticks that an answer may lag behind
_TICKS: Final = 16
#: bytes of held answers of a day; the least recently asked go first
_MOST_BYTES: Final = 24_000_000


@dataclass(frozen=True, slots=True)
class _Held:
    """``harvest`` answers leavings from ``earliest`` to ``end`` on layout ``number`` of a chain; ``access`` by stop."""

    earliest: int
    number: int
    access: StopTimesTo
    end: int
    harvest: Harvest

    @property
    def size(self) -> int:
        ridden = self.harvest.ridden
        arrays = (*self.harvest.found, *(() if ridden is None else (ridden,)))
        return sum(int(array.nbytes) for array in arrays) + 1000


@dataclass(slots=True, eq=False)
class _Chain:
    """Layouts of one day, each in the place of the one before, and the answers that hold on them."""

    number: int = 0
    ticks: dict[int, Tick] = field(default_factory=dict)
    #: the one asked last is last
    held: dict[Hashable, _Held] = field(default_factory=dict)
    size: int = 0
    #: did few trips move of late, so that noting what is ridden is worth its while?
    is_calm: bool = True


@dataclass(slots=True)
class Statistics:
    """Searches asked for and those that were spared, since the process began. Two threads that count at once may lose
    one between them."""

    asked: int = 0
    spared: int = 0


_chains: WeakKeyDictionary[Layout, tuple[_Chain, int]] = WeakKeyDictionary()
statistics: Final = Statistics()


def follow(timetable: Timetable, before: Layout | None, after: Layout) -> None:
    """``after`` takes the place of ``before`` (None: of nothing) and is made ready to be searched. Only the writer
    calls this, for one layout after another."""
    prepared = prepare(timetable, after)
    if after in _chains:
        return
    place = _chains.get(before) if before is not None else None
    if place is None or before is None or place[1] != place[0].number:
        chain = _Chain()
    else:
        chain, tick = place[0], compare(before, after)
        chain.number += 1
        chain.ticks[chain.number] = tick
        chain.ticks.pop(chain.number - _TICKS, None)
        chain.is_calm = not tick.many
    if chain.is_calm and prepared.classes is None:
        prepare(timetable, after, lenient=True)
    _chains[after] = chain, chain.number


def search_or_hold(timetable: Timetable, layout: Layout, query: Query) -> Answer:
    """As `search`, without searching where an earlier answer holds."""
    statistics.asked += 1
    place = _chains.get(layout)
    if place is None or query.arrive_by or query.wheelchair:
        return search(timetable, layout, query)
    prepared = prepare(timetable, layout, most_m=query.max_transfer_walk_m)
    if prepared.classes is not None:
        return search(timetable, layout, query)
    chain, number = place
    key = _key(query)
    held = _find(chain, key, number)
    if held is not None and held.earliest <= query.earliest:
        statistics.spared += 1
    else:
        held = _ask(timetable, layout, prepared, query, chain, number)
        if not held.harvest.cut:
            _keep(chain, key, held)
    question = question_of(layout, prepared, query)
    return tell_answer(prepared, question, _leaving_from(held.harvest, query.earliest), query)


def _key(query: Query) -> Hashable:
    """All that an answer depends on but the layout and the first leaving."""
    ways = tuple((way.stop.tobytes(), way.seconds.tobytes()) for way in (query.access, *query.egress))
    routes = None if query.routes is None else query.routes.tobytes()
    end = query.latest + query.beyond_s
    return ways, end, query.max_transfers, query.max_travel_s, routes, query.max_transfer_walk_m


def _ask(timetable: Timetable, layout: Layout, prepared: Prepared, query: Query, chain: _Chain, number: int) -> _Held:
    notes = chain.is_calm
    if notes:
        prepared = prepare(timetable, layout, most_m=query.max_transfer_walk_m, lenient=True)
    harvest = run(prepared, question_of(layout, prepared, query, notes=notes), len(query.egress))
    order = np.argsort(query.access.stop, kind="stable")
    access = StopTimesTo(query.access.stop[order], query.access.seconds[order])
    return _Held(query.earliest, number, access, query.latest + query.beyond_s, harvest)


def _find(chain: _Chain, key: Hashable, number: int) -> _Held | None:
    """What is held of a question, if it holds on layout ``number``."""
    held = chain.held.get(key)
    if held is None or held.number > number:  # whoever asks an older layout gets that one's answer
        return None
    if held.number < number:
        ticks = [chain.ticks.get(n) for n in range(held.number + 1, number + 1)]
        if any(tick is None or _concerns(tick, held) for tick in ticks):
            _drop(chain, key)
            return None
        held = replace(held, number=number)
        _keep(chain, key, held)
    return held


def _concerns(tick: Tick, held: _Held) -> bool:
    """May a search go otherwise than it did?"""
    ridden = held.harvest.ridden
    if tick.concerned is None or ridden is None or bool(tick.concerned[ridden].any()):
        return True
    if not len(held.access.stop):
        return False
    at = np.minimum(np.searchsorted(held.access.stop, tick.stop), len(held.access.stop) - 1)
    leave = tick.depart - held.access.seconds[at]
    within = (leave >= held.earliest) & (leave <= held.end)
    return bool((within & (held.access.stop[at] == tick.stop)).any())


def _keep(chain: _Chain, key: Hashable, held: _Held) -> None:
    _drop(chain, key)
    chain.held[key] = held
    chain.size += held.size
    while chain.size > _MOST_BYTES and len(chain.held) > 1:
        _drop(chain, next(iter(chain.held), None))


def _drop(chain: _Chain, key: Hashable) -> None:
    dropped = chain.held.pop(key, None)
    if dropped is not None:
        chain.size -= dropped.size


def _leaving_from(harvest: Harvest, earliest: int) -> Harvest:
    """Without what leaves earlier; journeys are in order of leaving, the latest first."""
    leaving = harvest.found.head[:, 1]
    count = len(leaving) - int(np.searchsorted(leaving[::-1], earliest, "left"))
    return replace(harvest, found=Found(*(array[:count] for array in harvest.found)))
