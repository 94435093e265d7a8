"""Remembers what is derived from a timetable for as long as that timetable lives, and no longer.

A `functools.lru_cache` keyed by a timetable would keep each replaced timetable, and its hundreds of megabytes, alive.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, ref

from smartreise.timetable.arrays import Timetable

P = ParamSpec("P")
R = TypeVar("R")


def remember(
    *, most: int
) -> Callable[[Callable[Concatenate[Timetable, P], R]], Callable[Concatenate[Timetable, P], R]]:
    """A pure function of a timetable and hashable arguments, whose ``most`` latest results are kept per timetable."""

    def decorate(function: Callable[Concatenate[Timetable, P], R]) -> Callable[Concatenate[Timetable, P], R]:
        by_timetable: WeakKeyDictionary[Timetable, Callable[..., R]] = WeakKeyDictionary()

        @wraps(function)
        def remembered(timetable: Timetable, /, *args: P.args, **kwargs: P.kwargs) -> R:
            known = by_timetable.get(timetable)
            if known is None:
                known = by_timetable.setdefault(timetable, lru_cache(maxsize=most)(_bound(function, timetable)))
            return known(*args, **kwargs)

        return remembered

    return decorate


def _bound(function: Callable[Concatenate[Timetable, P], R], timetable: Timetable) -> Callable[P, R]:
    """The function on a timetable that it does not keep alive: whoever calls holds it."""
    held = ref(timetable)

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        alive = held()
        assert alive is not None, "the caller holds the timetable"
        return function(alive, *args, **kwargs)

    return call
