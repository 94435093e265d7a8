"""How far it is on foot and by bike: along streets where somebody knows them, else crow-fly with a detour.

What a reader would get wrong: where the region knows streets, a point off its map is still reached, crow-fly, and the
way says so (``path`` is None). A point on the map with no way to it within the limit is not reached at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from smartreise.model.geo import Walking, distance_m
from smartreise.model.street import Point, StreetPath, Streets

#: searches on foot reach so far (m): few different limits, so that searches are shared
_WALKS_M: Final = (1_500.0, 5_000.0)
#: points nearer than this (crow-fly m) are not sent round by the next street
_BESIDE_M: Final = 60.0
#: and by bike
RIDE_LIMIT_M: Final = 16_000.0


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk: seconds, metres, and where it goes if it follows streets."""

    seconds: int
    metres: float


@dataclass(frozen=True, slots=True)
class Footing:
    """How people walk, and the streets that they walk on."""

    usual: Walking
    streets: Streets | None = None

    @property
    def reach(self) -> float:
        """Metres on foot are at least crow-fly metres times this."""
        return self.usual.detour if self.streets is None else 1.0

    def walks(self, start: Point, ends: Sequence[Point], limit_m: float) -> list[Walk | None]:
        """From a point to others; None beyond the limit. Ways on foot are the same in both directions."""
        crow = [distance_m(*start, *end) for end in ends]
        usual = [self._crow_fly(metres) for metres in crow]
        if self.streets is None:
            return [walk if walk.metres <= limit_m else None for walk in usual]
        along = self.streets.lengths("walk", start, ends, _wide(limit_m))
        known = [
            walk if metres is None or direct <= _BESIDE_M else self._along(metres)
            for walk, metres, direct in zip(usual, along, crow, strict=True)
        ]
        return [walk if walk is not None and walk.metres <= limit_m else None for walk in known]

    def walk(self, start: Point, end: Point, *, back: bool = False) -> tuple[Walk, StreetPath | None]:
        """From point to point, however far. ``back``: searched for from the end."""
        crow = distance_m(*start, *end)
        if self.streets is not None and crow > _BESIDE_M:
            source, target = (end, start) if back else (start, end)
            for limit_m in _WALKS_M:
                (metres,) = self.streets.lengths("walk", source, [target], limit_m)
                if metres is None:
                    break
                found = self._along(metres)
                if found is not None:
                    return found, self.streets.find_path("walk", start, end, limit_m, back=back)
        return self._crow_fly(crow), None

    def rides(self, start: Point, ends: Sequence[Point], detour: float, *, back: bool = False) -> list[float]:
        """Metres by bike from a point to others, or the other way; infinite where there is no way."""
        usual = [distance_m(*start, *end) * detour for end in ends]
        if self.streets is None:
            return usual
        along = self.streets.lengths("bike", start, ends, RIDE_LIMIT_M, back=back)
        return [crow if metres is None else metres for crow, metres in zip(usual, along, strict=True)]

    def ride_path(self, start: Point, end: Point, *, back: bool = False) -> StreetPath | None:
        """The way of a ride, None where it is not known."""
        return None if self.streets is None else self.streets.find_path("bike", start, end, RIDE_LIMIT_M, back=back)

    def _crow_fly(self, crow: float) -> Walk:
        return Walk(self.usual.time_s(crow), self.usual.path_m(crow))

    def _along(self, metres: float) -> Walk | None:
        if math.isinf(metres):
            return None
        return Walk(math.ceil(round(metres / self.usual.speed_mps, 6)), metres)


def _wide(limit_m: float) -> float:
    return next((limit for limit in _WALKS_M if limit_m <= limit), limit_m)
