"""Who knows streets: how far it is along them, on foot and by bike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Profile = Literal["walk", "bike"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StreetPath:
    """The points of a way along streets, both ends included, and its metres."""

    points: tuple[Point, ...]
    distance_m: float


class Streets(Protocol):
    """Streets of a part of the world. Lengths on foot are metres; by bike a metre counts as more where riding is
    slower or less pleasant. ``back``: from the ends to the start."""

    def lengths(
        self, profile: Profile, start: Point, ends: Sequence[Point], limit_m: float, *, back: bool = False
    ) -> list[float | None]:
        """To each end; infinity beyond the limit, None where start or end is off the map."""
        ...

    def find_path(
        self, profile: Profile, start: Point, end: Point, limit_m: float, *, back: bool = False
    ) -> StreetPath | None:
        """The way whose length `lengths` told, from start to end; None where there is none within the limit.
        ``back``: found from the end, which costs nothing where `lengths` was asked so."""
        ...
