"""Which suggestions are worth a person's eye, and in which order.

`cost` is in seconds: later arrival costs its time, waiting before one leaves only six tenths of it, a change two
minutes, walking a fifth of its time on top, a tight change or last bike three minutes, 50 g CO2e one second. With
`arrive_by` the mirror image: leaving earlier costs its time, arriving early six tenths.

What a reader would get wrong: the order is by cost, but what a family holds is decided by Pareto alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from smartreise.suggest.records import Suggestion

_WAIT_GAIN: Final = 0.4
_CHANGE_S: Final = 120
_WALK_WEIGHT: Final = 0.2
_WALK_MPS: Final = 1.3
_TIGHT_S: Final = 180
_S_PER_G: Final = 0.02


def cost(suggestion: Suggestion, *, arrive_by: bool) -> float:
    """Seconds as described above, up to a constant."""
    if arrive_by:
        times = -suggestion.leave + _WAIT_GAIN * suggestion.arrive
    else:
        times = suggestion.arrive - _WAIT_GAIN * suggestion.leave
    effort = _CHANGE_S * suggestion.transfers + _WALK_WEIGHT * suggestion.walk_m / _WALK_MPS
    return times + effort + (_TIGHT_S if suggestion.tight else 0) + _S_PER_G * suggestion.co2_g


def pareto(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that no other beats in leaving later, arriving earlier and fewer transfers; up to two equal ones."""
    kept: list[Suggestion] = []
    for candidate in sorted(suggestions, key=lambda s: (-s.leave, s.arrive, s.transfers, s.id)):
        equals = [k for k in kept if _key(k) == _key(candidate)]
        if any(k.id == candidate.id for k in kept) or len(equals) >= 2:
            continue
        if not any(_beats(k, candidate) for k in kept):
            kept.append(candidate)
    return kept


def ranked(suggestions: Sequence[Suggestion], *, arrive_by: bool) -> list[Suggestion]:
    """Best first. A shared vehicle to transit that transit on foot beats in everything comes last."""
    beaten = _beaten(suggestions)
    return sorted(suggestions, key=lambda s: (s.id in beaten, cost(s, arrive_by=arrive_by), s.leave, s.id))


def chosen(suggestions: Sequence[Suggestion], limit: int, *, useful_only: bool = False) -> list[Suggestion]:
    """The first ``limit`` of ranked suggestions, in their order; where not all fit, up to a third of the places
    go to the best of the families other than transit on foot. ``useful_only`` leaves out ways with a shared vehicle
    that transit on foot beats: a screen has no room for them."""
    if useful_only:
        useless = _beaten(suggestions)
        suggestions = [s for s in suggestions if s.id not in useless]
    if len(suggestions) <= limit:
        return list(suggestions)
    others: dict[str, Suggestion] = {}
    beaten = _beaten(suggestions)
    for suggestion in suggestions:
        if suggestion.family != "transit" and suggestion.id not in beaten:
            others.setdefault(suggestion.family, suggestion)
    kept = {s.id for s in list(others.values())[: limit // 3]}
    transit_first = sorted(suggestions, key=lambda s: s.family != "transit")
    for suggestion in transit_first:
        if len(kept) < limit:
            kept.add(suggestion.id)
    return [s for s in suggestions if s.id in kept]


def _beaten(suggestions: Sequence[Suggestion]) -> set[str]:
    """Ids of ways with a shared vehicle that transit on foot equals or beats."""
    transit = [s for s in suggestions if s.family == "transit"]
    hired = [s for s in suggestions if s.family == "hire_transit"]
    return {h.id for h in hired if any(_beats(t, h) or _key(t) == _key(h) for t in transit)}


def _key(s: Suggestion) -> tuple[int, int, int]:
    return s.leave, s.arrive, s.transfers


def _beats(a: Suggestion, b: Suggestion) -> bool:
    as_good = a.leave >= b.leave and a.arrive <= b.arrive and a.transfers <= b.transfers
    return as_good and _key(a) != _key(b)
