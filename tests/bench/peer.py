"""nigiri, the engine of MOTIS, through `pynigiri`: the peer that the planner is measured against and compared with.

Times at its door are minutes; windows are half-open, so one minute is added to each end.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: pynigiri is a wheel for CPython 3.11 on Linux x86-64 alone; elsewhere there is no peer to be measured against
AVAILABLE = find_spec("pynigiri") is not None

if AVAILABLE:
    import pynigiri

#: (leave, arrive, transfers), epoch seconds
Trip = tuple[int, int, int]


@dataclass
class Peer:
    """A timetable in nigiri, with real time once `apply` was called."""

    timetable: Any
    live: Any = None

    @classmethod
    def load(cls, zip_path: Path, first: date, days: int) -> Peer:
        """Read a GTFS zip for ``days`` days; footpaths only as transfers.txt has them."""
        config = pynigiri.LoaderConfig()
        config.link_stop_distance = 0
        config.default_tz = "Europe/Oslo"
        source = pynigiri.TimetableSource("city", str(zip_path), config)
        last = first + timedelta(days=days)
        return cls(pynigiri.load_timetable([source], first.isoformat(), last.isoformat()))

    def apply(self, message: bytes, day: date) -> None:
        """Lay trip updates over the timetable, from a whole message."""
        self.live = pynigiri.create_rt_timetable(self.timetable, datetime(day.year, day.month, day.day))
        pynigiri.gtfsrt_update_from_bytes(self.timetable, self.live, pynigiri.SourceIdx(0), "city", message)

    def find(self, stop_id: str) -> Any:
        """The location of a stop id."""
        found = self.timetable.find_location(stop_id)
        assert found is not None, stop_id
        return found

    def ask(
        self, origin: Sequence[Any], destination: Sequence[Any], earliest: int, latest: int, *, max_transfers: int = 5
    ) -> list[Trip]:
        """Journeys that leave within [earliest, latest], epoch seconds, their legs read out."""
        query = pynigiri.Query()
        query.start_time = (earliest // 60, latest // 60 + 1)
        query.start = [pynigiri.Offset(stop, 0, 0) for stop in origin]
        query.destination = [pynigiri.Offset(stop, 0, 0) for stop in destination]
        query.start_match_mode = pynigiri.LocationMatchMode.EXACT
        query.dest_match_mode = pynigiri.LocationMatchMode.EXACT
        query.max_transfers = max_transfers
        query.max_travel_time = 5 * 60
        query.use_start_footpaths = False
        if self.live is None:
            journeys = pynigiri.route(self.timetable, query)
        else:
            journeys = pynigiri.route_with_rt(self.timetable, self.live, query)
        for leg in itertools.chain.from_iterable(journey.legs for journey in journeys):
            leg.dep_time, leg.arr_time  # noqa: B018 — read out, as a caller would
        return sorted({(j.departure_time() * 60, j.arrival_time() * 60, j.transfers) for j in journeys})
