"""Distances on the globe and walking times over them.

Crow-fly is the great circle on a sphere of mean radius; over a city the ellipsoid changes it by < 0.3 %,
far below the error of any detour factor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in metres between two WGS 84 points in degrees (haversine)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    half_dp, half_dl = (p2 - p1) / 2, math.radians(lon2 - lon1) / 2
    h = math.sin(half_dp) ** 2 + math.cos(p1) * math.cos(p2) * math.sin(half_dl) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


@dataclass(frozen=True, slots=True)
class Walking:
    """How people walk in a region: path length is crow-fly × `detour`, at `speed_mps` metres a second."""

    detour: float = 1.3
    speed_mps: float = 1.3

    def path_m(self, crow_m: float) -> float:
        """Metres on foot for a crow-fly distance in metres."""
        return crow_m * self.detour

    def time_s(self, crow_m: float) -> int:
        """Whole seconds on foot for a crow-fly distance, rounded up so that nobody is promised too much."""
        return math.ceil(round(crow_m * self.detour / self.speed_mps, 6))
