"""Which suggestions are worth a person's eye, and in which order.

`cost` is in seconds of arriving later, by the region's `Weights`: later arrival costs its time, waiting before one
leaves only a part of it, changes, walking, riding, emissions and doubt cost something. With `arrive_by` the mirror
image: leaving earlier costs its time, arriving early only a part. docs/suggestions.md has worked examples.

What a reader would get wrong: the order is by cost, but what a family holds is decided by Pareto alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from smartreise.model.region import Weights
from smartreise.suggest.records import HIRED, StreetLeg, Suggestion, TransitLeg

_WALK_MPS: Final = 1.3
#: as many ways by the same lines come before ways by others
_ALIKE: Final = 2


def cost(suggestion: Suggestion, weights: Weights, *, arrive_by: bool) -> float:
    """Seconds as described above, up to a constant."""
    if arrive_by:
        times = -suggestion.leave + weights.wait_gain * suggestion.arrive
    else:
        times = suggestion.arrive - weights.wait_gain * suggestion.leave
    effort = weights.change_s * suggestion.transfers + weights.walk * suggestion.walk_m / _WALK_MPS
    effort += weights.ride * _ridden_s(suggestion) + (weights.car_s if "car" in suggestion.modes else 0.0)
    return times + effort + _doubt_s(suggestion, weights) + weights.gram_s * suggestion.co2_g


def _ridden_s(suggestion: Suggestion) -> int:
    """Seconds that one pushes or balances oneself."""
    own = [leg for leg in suggestion.legs if isinstance(leg, StreetLeg) and leg.stretch.mode in ("bike", "scooter")]
    return sum(leg.arrive - leg.depart for leg in own)


def _doubt_s(suggestion: Suggestion, weights: Weights) -> float:
    if suggestion.tight is None:
        return 0.0
    known = suggestion.chance
    return weights.tight_s if known is None else weights.missed_s * (1.0 - known)


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


def ranked(suggestions: Sequence[Suggestion], weights: Weights, *, arrive_by: bool) -> list[Suggestion]:
    """Best first. A shared vehicle to transit that transit on foot beats in everything comes last."""
    beaten = _beaten(suggestions)
    return sorted(suggestions, key=lambda s: (s.id in beaten, cost(s, weights, arrive_by=arrive_by), s.leave, s.id))


def chosen(suggestions: Sequence[Suggestion], limit: int, *, useful_only: bool = False) -> list[Suggestion]:
    """The best ``limit`` of ranked suggestions, in their order. Where not all fit, up to a third of the places go to
    the best of the families other than transit on foot, and the rest to transit: of each line of rides the first two,
    then what is left. ``useful_only`` leaves out ways with a shared vehicle that transit on foot beats: a screen has
    no room for them."""
    beaten = _beaten(suggestions)
    if useful_only:
        suggestions = [s for s in suggestions if s.id not in beaten]
    if len(suggestions) <= limit:
        return list(suggestions)
    others: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        if suggestion.family != "transit" and suggestion.id not in beaten:
            others.setdefault(suggestion.family, suggestion)
    kept = {s.id for s in list(others.values())[: limit // 3]}
    transit = _varied([s for s in suggestions if s.family == "transit"])
    for suggestion in (*transit, *(s for s in suggestions if s.family != "transit")):
        if len(kept) < limit:
            kept.add(suggestion.id)
    return [s for s in suggestions if s.id in kept]


def _varied(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """In turn: what rides a line for the first or second time, then the rest."""
    seen: dict[tuple[object, ...], int] = {}
    first: list[Suggestion] = []
    rest: list[Suggestion] = []
    for suggestion in suggestions:
        line = tuple(leg.line for leg in suggestion.legs if isinstance(leg, TransitLeg))
        seen[line] = seen.get(line, 0) + 1
        (first if seen[line] <= _ALIKE else rest).append(suggestion)
    return [*first, *rest]


def _beaten(suggestions: Sequence[Suggestion]) -> set[str]:
    """Ids of ways with a shared vehicle to transit that are no use: transit on foot equals or beats them, or one is as
    quick without transit, and can leave whenever one likes."""
    transit = [_key(s) for s in suggestions if s.family == "transit"]
    alone = min((s.arrive - s.leave for s in suggestions if s.family in ("walk", "bike", "scooter")), default=2**30)
    hired = [(s.id, *_key(s)) for s in suggestions if s.family in HIRED]
    return {
        id_
        for id_, leave, arrive, transfers in hired
        if arrive - leave >= alone
        or any(key[0] >= leave and key[1] <= arrive and key[2] <= transfers for key in transit)
    }


def _key(s: Suggestion) -> tuple[int, int, int]:
    return s.leave, s.arrive, s.transfers


def _beats(a: Suggestion, b: Suggestion) -> bool:
    as_good = a.leave >= b.leave and a.arrive <= b.arrive and a.transfers <= b.transfers
    return as_good and _key(a) != _key(b)
