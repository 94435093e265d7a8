"""A GTFS feed as decoded columns: what `ingest.gtfs` hands over and `timetable.build` compiles.

Nothing here is checked against anything else yet; `build` and `ingest.gates` judge it. Missing optional
files are empty columns, missing optional columns hold the GTFS default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

#: a blank arrival or departure time in `StopTimes`; `build` interpolates
BLANK_TIME = np.int32(-1)


@dataclass(frozen=True, slots=True)
class StopTimes:
    """stop_times.txt, sorted by (trip, stop_sequence). C rows."""

    trip: NDArray[np.int32]  # int32[C] row in `GtfsTables.trips`
    stop: NDArray[np.int32]  # int32[C] row in `GtfsTables.stops`
    arrive: NDArray[np.int32]  # int32[C] seconds after the service day's origin, BLANK_TIME if blank
    depart: NDArray[np.int32]  # int32[C]
    sequence: NDArray[np.int32]  # int32[C]
    pickup: NDArray[np.uint8]  # uint8[C] pickup_type 0–3
    drop_off: NDArray[np.uint8]  # uint8[C] drop_off_type 0–3
    #: float64[C] shape_dist_traveled in the feed's unit, NaN if blank; float64[0] where the feed has no such column
    distance: NDArray[np.float64]
    headsign: NDArray[np.int32]  # int32[C] index in `headsigns`, −1 if none
    headsigns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of text in which few texts stand many times."""

    index: NDArray[np.int32]  # int32[n] index in `names`, −1 if blank
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TripTable:
    """trips.txt. T rows."""

    id: tuple[str, ...]
    route: Coded
    service: Coded
    headsign: Coded
    block: Coded
    shape: Coded
    direction: NDArray[np.int8]  # int8[T] 0, 1, −1 unknown
    wheelchair: NDArray[np.uint8]  # uint8[T] 0 unknown, 1 yes, 2 no


def trip_table(rows: Sequence[Mapping[str, str]]) -> TripTable:
    """Rows as they stand in trips.txt, as columns."""

    def coded(name: str) -> Coded:
        texts = [row.get(name, "") for row in rows]
        number = {text: i for i, text in enumerate(dict.fromkeys(filter(None, texts)))}
        return Coded(np.array([number.get(text, -1) for text in texts], dtype=np.int32), tuple(number))

    direction = [int(row["direction_id"]) if row.get("direction_id") in ("0", "1") else -1 for row in rows]
    wheelchair = [
        int(row["wheelchair_accessible"]) if row.get("wheelchair_accessible") in ("1", "2") else 0 for row in rows
    ]
    return TripTable(
        id=tuple(row.get("trip_id", "") for row in rows),
        route=coded("route_id"),
        service=coded("service_id"),
        headsign=coded("trip_headsign"),
        block=coded("block_id"),
        shape=coded("shape_id"),
        direction=np.array(direction, dtype=np.int8),
        wheelchair=np.array(wheelchair, dtype=np.uint8),
    )


@dataclass(frozen=True, slots=True)
class GtfsTables:
    """One static feed. Small tables are tuples of plain dicts keyed by GTFS column names (str values,
    "" where blank); only trips, stop_times and shapes, the large ones, are columns."""

    feed_id: str
    #: put before every id of this feed (contract section 1)
    prefix: str
    #: sha256 of the zip's bytes
    digest: str
    agencies: tuple[dict[str, str], ...]
    stops: tuple[dict[str, str], ...]
    routes: tuple[dict[str, str], ...]
    trips: TripTable
    stop_times: StopTimes
    calendar: tuple[dict[str, str], ...] = ()
    calendar_dates: tuple[dict[str, str], ...] = ()
    frequencies: tuple[dict[str, str], ...] = ()
    transfers: tuple[dict[str, str], ...] = ()
    pathways: tuple[dict[str, str], ...] = ()
    levels: tuple[dict[str, str], ...] = ()
    feed_info: tuple[dict[str, str], ...] = ()
    #: shape id → float64[n, 3]: lat, lon, shape_dist_traveled (NaN if blank), in sequence order
    shapes: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    #: rows that were ignored, by reason (flex services, unknown references, …)
    skipped: dict[str, int] = field(default_factory=dict)
