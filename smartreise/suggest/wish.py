"""What is asked for: when, how far on foot, by which means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.live.snapshot import Snapshot
from smartreise.model.modes import TRANSIT_MODES
from smartreise.suggest.footing import Footing

HIRED: Final = ("bike", "scooter", "car")


@dataclass(frozen=True, slots=True)
class Wish:
    """``at`` in epoch seconds is None for "now", which moves on; None elsewhere is the region's default."""

    at: int | None = None
    arrive_by: bool = False
    window_s: int = 3600
    #: vehicles that may be used; None: all
    modes: frozenset[str] | None = None
    max_transfers: int = 5
    max_walk_m: float | None = None
    walk_speed: float | None = None
    wheelchair: bool = False
    limit: int = 6
    #: shared vehicles of these systems alone, by feed or system id; None: of all
    providers: frozenset[str] | None = None
    #: leave out ways with a shared vehicle that transit on foot beats in everything
    useful_only: bool = False

    def span(self, now: int) -> tuple[int, int]:
        """First and last epoch second of the window. One that moves with now ends on a full minute, so that the
        answer changes by the minute and not by the second."""
        if self.at is None:
            return (now - self.window_s, now) if self.arrive_by else (now, max(now, now // 60 * 60 + self.window_s))
        return (self.at - self.window_s, self.at) if self.arrive_by else (self.at, self.at + self.window_s)

    def footing(self, snapshot: Snapshot) -> Footing:
        """The region's walking, at the wished speed."""
        usual = snapshot.region.walking
        walking = usual if self.walk_speed is None else replace(usual, speed_mps=self.walk_speed)
        return Footing(walking, snapshot.streets)

    def walk_limit_m(self, snapshot: Snapshot) -> float:
        """Metres that may be walked to or from a stop."""
        return snapshot.region.max_walk_m if self.max_walk_m is None else self.max_walk_m

    def forms(self) -> tuple[str, ...]:
        """Shared vehicles that may be used: none with a wheelchair."""
        return () if self.wheelchair else tuple(f for f in HIRED if self.modes is None or f in self.modes)

    def routes(self, snapshot: Snapshot) -> NDArray[np.bool_] | None:
        """bool[R + 1] as `planner.Query.routes`."""
        if self.modes is None or self.modes.issuperset(TRANSIT_MODES):
            return None
        wanted = np.array([mode in self.modes for mode in TRANSIT_MODES], dtype=np.bool_)
        return np.append(wanted[snapshot.timetable.route_mode], "bus" in self.modes).astype(np.bool_)

    def rides_transit(self) -> bool:
        """Is any transit mode allowed?"""
        return self.modes is None or not self.modes.isdisjoint(TRANSIT_MODES)
