"""trips.txt, stop_times.txt and shapes.txt, the large tables, as columns of numbers.

One bad cell must cost its row, not the feed: rows that cannot be used are left out and counted by reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.ingest import kernels
from smartreise.ingest.gtfs_archive import GtfsArchive
from smartreise.ingest.gtfs_scan import Kind, Scanned, Texts, scan_table
from smartreise.timetable.tables import Coded, StopTimes, TripTable

Int32s = NDArray[np.int32]
Counts = dict[str, int]

_TRIPS: Final = {
    "trip_id": Kind.TEXT,
    "route_id": Kind.TEXT,
    "service_id": Kind.TEXT,
    "trip_headsign": Kind.TEXT,
    "block_id": Kind.TEXT,
    "shape_id": Kind.TEXT,
    "direction_id": Kind.WHOLE,
    "wheelchair_accessible": Kind.WHOLE,
}
#: GTFS-Flex columns: a row with one of them has no place or no time of its own
_FLEX: Final = ("location_group_id", "location_id", "start_pickup_drop_off_window", "end_pickup_drop_off_window")
_STOP_TIMES: Final = {
    "trip_id": Kind.TEXT,
    "stop_id": Kind.TEXT,
    "stop_headsign": Kind.TEXT,
    "arrival_time": Kind.TIME,
    "departure_time": Kind.TIME,
    "stop_sequence": Kind.WHOLE,
    "pickup_type": Kind.WHOLE,
    "drop_off_type": Kind.WHOLE,
    "shape_dist_traveled": Kind.REAL,
    **dict.fromkeys(_FLEX, Kind.FLAG),
}
_SHAPES: Final = {
    "shape_id": Kind.TEXT,
    "shape_pt_lat": Kind.REAL,
    "shape_pt_lon": Kind.REAL,
    "shape_pt_sequence": Kind.WHOLE,
    "shape_dist_traveled": Kind.REAL,
}
#: by `kernels.judge_calls`
_REASONS: Final = (
    "stop_time_flex",
    "stop_time_unknown_trip",
    "stop_time_unknown_stop",
    "stop_time_bad_sequence",
    "stop_time_bad_time",
    "stop_time_double_sequence",
)


def read_trips(archive: GtfsArchive, texts: Texts) -> tuple[TripTable, Int32s]:
    """trips.txt, and the code of each row's trip_id."""
    table = _scan(archive, "trips", _TRIPS, texts, ("trip_id", "route_id", "service_id"))
    direction, wheelchair = table["direction_id"], table["wheelchair_accessible"]
    trips = TripTable(
        id=tuple(texts.strings(table["trip_id"])),
        route=_coded(table["route_id"], texts),
        service=_coded(table["service_id"], texts),
        headsign=_coded(table["trip_headsign"], texts),
        block=_coded(table["block_id"], texts),
        shape=_coded(table["shape_id"], texts),
        direction=np.where(direction <= 1, direction, -1).astype(np.int8),
        wheelchair=np.where((wheelchair == 1) | (wheelchair == 2), wheelchair, 0).astype(np.uint8),
    )
    return trips, table["trip_id"]


def read_stop_times(
    archive: GtfsArchive, texts: Texts, trip_codes: Int32s, stop_ids: Sequence[str], skipped: Counts
) -> StopTimes:
    """stop_times.txt sorted by (trip, sequence); rows that cannot be used are counted in ``skipped``."""
    stop_codes = texts.add(stop_ids)
    table = _scan(archive, "stop_times", _STOP_TIMES, texts, ("trip_id", "stop_sequence"))
    trip = _rows_of(trip_codes, texts)[table["trip_id"]]
    stop = _rows_of(stop_codes, texts)[table["stop_id"]]
    flex = np.zeros(table.rows, dtype=np.uint8)
    for name in table.present.intersection(_FLEX):
        flex |= table[name].astype(np.uint8)
    times = table["arrival_time"], table["departure_time"]
    calls = [np.ascontiguousarray(column) for column in (trip, stop, table["stop_sequence"], *times)]
    order = _order(flex, calls, len(trip_codes), skipped)
    headsign = _coded(table["stop_headsign"], texts)

    def taken(column: NDArray[Any]) -> NDArray[Any]:
        return column if order is None else column[order]

    return StopTimes(
        trip=taken(calls[0]),
        stop=taken(calls[1]),
        arrive=taken(calls[3]),
        depart=taken(calls[4]),
        sequence=taken(calls[2]),
        pickup=_small(taken(table["pickup_type"])),
        drop_off=_small(taken(table["drop_off_type"])),
        distance=taken(table["shape_dist_traveled"]) if "shape_dist_traveled" in table.present else np.empty(0),
        headsign=taken(headsign.index),
        headsigns=headsign.names,
    )


def read_shapes(archive: GtfsArchive, texts: Texts, skipped: Counts) -> dict[str, NDArray[np.float64]]:
    """shapes.txt by shape: float64[n, 3] of lat, lon, shape_dist_traveled (NaN) in sequence order."""
    if not archive.size("shapes"):
        return {}
    table = _scan(archive, "shapes", _SHAPES, texts, tuple(_SHAPES)[:4])
    lat, lon, sequence = table["shape_pt_lat"], table["shape_pt_lon"], table["shape_pt_sequence"]
    shape = _coded(table["shape_id"], texts)
    good = (shape.index >= 0) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & (sequence >= 0)
    if not good.all():
        skipped["shape_point_bad"] = int((~good).sum())
    rows = np.flatnonzero(good)
    key = shape.index[rows].astype(np.int64) << 32 | sequence[rows]
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
    points = np.stack((lat[rows], lon[rows], table["shape_dist_traveled"][rows]), axis=1)
    ends = np.searchsorted(key, np.arange(len(shape.names) + 1, dtype=np.int64) << 32)
    return {name: points[ends[i] : ends[i + 1]] for i, name in enumerate(shape.names) if ends[i + 1] > ends[i]}


def _scan(archive: GtfsArchive, name: str, kinds: dict[str, Kind], texts: Texts, required: tuple[str, ...]) -> Scanned:
    return scan_table(name, archive.pieces(name), texts, kinds=kinds, required=required, size=archive.size(name))


def _rows_of(codes: Int32s, texts: Texts) -> Int32s:
    """int32[codes of texts + 1] row by code, −1 for none; of a text that stands twice the first row."""
    rows = np.full(texts.count + 1, -1, dtype=np.int32)
    rows[codes[::-1]] = np.arange(len(codes) - 1, -1, -1, dtype=np.int32)
    rows[-1] = -1  # where a blank, −1, looks
    return rows


def _coded(codes: Int32s, texts: Texts) -> Coded:
    """Codes as indices of the distinct texts among them, in the order of their codes."""
    if not codes.shape[0] or codes.strides == (0,):
        return Coded(np.broadcast_to(np.int32(-1), len(codes)), ())
    seen = np.zeros(texts.count + 1, dtype=np.bool_)
    seen[codes] = True
    seen[-1] = False
    distinct = np.flatnonzero(seen).astype(np.int32)
    number = np.full(texts.count + 1, -1, dtype=np.int32)
    number[distinct] = np.arange(len(distinct), dtype=np.int32)
    return Coded(number[codes], tuple(texts.strings(distinct)))


def _order(flex: NDArray[np.uint8], calls: Sequence[Int32s], trips: int, skipped: Counts) -> Int32s | None:
    """Rows that are kept, by trip and sequence; None when these are all rows as they stand."""
    reason = np.zeros(len(flex), dtype=np.uint8)
    trip, stop, sequence, arrive, depart = calls
    in_order = kernels.judge_calls(flex, trip, stop, sequence, arrive, depart, reason)
    order: Int32s | None = None
    if not in_order:
        order = kernels.order_calls(trip, sequence, reason, trips)
        counts = np.bincount(reason, minlength=len(_REASONS) + 1)[1:].tolist()
        for name, number in zip(_REASONS, counts, strict=True):
            if number:
                skipped[name] = skipped.get(name, 0) + number
    return order


def _small(column: NDArray[np.int32]) -> NDArray[np.uint8]:
    """pickup_type or drop_off_type; what is none of 0–3 is 0."""
    if column.strides == (0,):
        return np.broadcast_to(np.uint8(0), len(column))
    return np.where((column >= 0) & (column <= 3), column, 0).astype(np.uint8)
