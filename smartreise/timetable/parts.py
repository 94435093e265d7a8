"""The tables' rows resolved to indices, table by table: stops, routes, calls, trips.

Rows that cannot be used are left out and counted by reason; the rest keeps its order in the feed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smartreise.model.modes import TRANSIT_MODES, mode_of_route_type
from smartreise.model.problems import DatasetRefused
from smartreise.timetable.arrays import Float64s, Int32s, UInt8s
from smartreise.timetable.kernels import mark_modes
from smartreise.timetable.rows import Counts, Row, count, small, whole
from smartreise.timetable.tables import Coded, GtfsTables, StopTimes

STOP, STATION, BOARDING_AREA = 0, 1, 4
BUS: Final = 3
_HEX: Final = re.compile(r"[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Stops:
    id: tuple[str, ...]
    name: tuple[str, ...]
    platform: tuple[str | None, ...]
    lat: Float64s
    lon: Float64s
    kind: UInt8s
    parent: Int32s
    #: parent_station as stated, −1: a boarding area's is its platform
    above: Int32s
    wheelchair: UInt8s
    #: boardable stops that each stop or station stands for
    members: list[list[int]]
    index: dict[str, int]
    #: row of each feed's stops → index, −1 left out
    row_index: tuple[Int32s, ...]


def build_stops(feeds: Sequence[GtfsTables], counts: Counts) -> Stops:
    """Stops of all feeds; one without an id, a duplicate, or one with no place anywhere is left out."""
    rows: list[tuple[str, Row]] = []
    index: dict[str, int] = {}
    row_index = []
    for feed in feeds:
        mapped = np.full(len(feed.stops), -1, dtype=np.int32)
        for number, row in enumerate(feed.stops):
            name = feed.prefix + row.get("stop_id", "")
            if not row.get("stop_id") or name in index:
                count(counts, "stop_duplicate_or_blank_id")
                continue
            mapped[number] = index[name] = len(rows)
            rows.append((feed.prefix, row))
        row_index.append(mapped)
    if not rows:
        raise DatasetRefused("stops.txt names no stop")
    kind = np.array([small(row.get("location_type", ""), 4) for _, row in rows], dtype=np.uint8)
    parent = np.array(
        [index.get(p + row["parent_station"], -1) if row.get("parent_station") else -1 for p, row in rows]
    )
    parent = parent.astype(np.int32)
    parent[parent == np.arange(len(rows))] = -1
    station = _stations(kind, parent)
    lat, lon = _places([row for _, row in rows], parent, counts)
    wheelchair = np.array([small(row.get("wheelchair_boarding", ""), 2) for _, row in rows], dtype=np.uint8)
    inherited = np.where((wheelchair == 0) & (station >= 0), wheelchair[station], wheelchair).astype(np.uint8)
    members: list[list[int]] = [[] for _ in rows]
    for stop in np.flatnonzero((kind == STOP) & ~np.isnan(lat)):
        members[stop].append(int(stop))
        if station[stop] >= 0:
            members[station[stop]].append(int(stop))
    return Stops(
        id=tuple(index),
        name=tuple(_stop_name(row, rows, int(station[i])) for i, (_, row) in enumerate(rows)),
        platform=tuple(row.get("platform_code") or None for _, row in rows),
        lat=lat,
        lon=lon,
        kind=kind,
        parent=station,
        above=parent,
        wheelchair=inherited,
        members=members,
        index=index,
        row_index=tuple(row_index),
    )


def _stations(kind: UInt8s, parent: Int32s) -> Int32s:
    """The station above each stop: a boarding area's is its platform's; a parent that is no station is none."""
    up = np.where((kind == BOARDING_AREA) & (parent >= 0), parent[parent], parent)
    is_station = (up >= 0) & (kind[up] == STATION)
    return np.where(is_station, up, -1).astype(np.int32)


def _stop_name(row: Row, rows: list[tuple[str, Row]], station: int) -> str:
    above = rows[station][1].get("stop_name", "") if station >= 0 else ""
    return row.get("stop_name") or above or row["stop_id"]


def _places(rows: list[Row], parent: Int32s, counts: Counts) -> tuple[Float64s, Float64s]:
    """Latitudes and longitudes; a child without a place has its parent's, nobody's is NaN and counted."""
    lat = np.array([_degrees(row.get("stop_lat", ""), 90) for row in rows])
    lon = np.array([_degrees(row.get("stop_lon", ""), 180) for row in rows])
    nowhere = np.isnan(lat) | np.isnan(lon) | ((lat == 0) & (lon == 0))
    lat[nowhere] = lon[nowhere] = np.nan
    borrow = nowhere & (parent >= 0)
    lat[borrow], lon[borrow] = lat[parent[borrow]], lon[parent[borrow]]
    count(counts, "stop_without_place", int(np.isnan(lat).sum()))
    return lat, lon


def _degrees(text: str, limit: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if -limit <= value <= limit else float("nan")


@dataclass(frozen=True, slots=True)
class Routes:
    id: tuple[str, ...]
    name: tuple[str, ...]
    long_name: tuple[str, ...]
    color: tuple[str | None, ...]
    text_color: tuple[str | None, ...]
    mode: UInt8s
    type: Int32s
    agency: Int32s
    #: index in `zones` of each route's agency
    zone: Int32s
    zones: tuple[str, ...]
    agency_id: tuple[str, ...]
    agency_name: tuple[str, ...]
    index: dict[str, int]


def build_routes(feeds: Sequence[GtfsTables], counts: Counts) -> Routes:
    """Routes with their agency; a route without one belongs to the feed's first."""
    agencies = [(feed.prefix + row.get("agency_id", ""), row) for feed in feeds for row in feed.agencies]
    agency_index = {name: number for number, (name, _) in enumerate(agencies)}
    zones = tuple(dict.fromkeys(row.get("agency_timezone", "") for _, row in agencies))
    rows: dict[str, tuple[Row, int]] = {}
    first = 0
    for feed in feeds:
        for row in feed.routes:
            name = feed.prefix + row.get("route_id", "")
            if not row.get("route_id") or name in rows:
                count(counts, "route_duplicate_or_blank_id")
                continue
            rows[name] = (row, agency_index.get(feed.prefix + row.get("agency_id", ""), first))
        first += len(feed.agencies)
    types = [_route_type(row, counts) for row, _ in rows.values()]
    agency = np.array([number for _, number in rows.values()], dtype=np.int32)
    return Routes(
        id=tuple(rows),
        name=tuple(
            row.get("route_short_name") or row.get("route_long_name") or row["route_id"] for row, _ in rows.values()
        ),
        long_name=tuple(row.get("route_long_name", "") for row, _ in rows.values()),
        color=tuple(_color(row.get("route_color", "")) for row, _ in rows.values()),
        text_color=tuple(_color(row.get("route_text_color", "")) for row, _ in rows.values()),
        mode=np.array([TRANSIT_MODES.index(mode_of_route_type(kind)) for kind in types], dtype=np.uint8),
        type=np.array(types, dtype=np.int32),
        agency=agency,
        zone=np.array(
            [zones.index(agencies[number][1].get("agency_timezone", "")) for number in agency], dtype=np.int32
        ),
        zones=zones,
        agency_id=tuple(name for name, _ in agencies),
        agency_name=tuple(row.get("agency_name", "") for _, row in agencies),
        index={name: number for number, name in enumerate(rows)},
    )


def _route_type(row: Row, counts: Counts) -> int:
    kind = whole(row.get("route_type", ""))
    count(counts, "route_bad_type", int(kind is None))
    return BUS if kind is None else kind


def _color(text: str) -> str | None:
    text = text.lstrip("#")
    return text.upper() if _HEX.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of all feeds at known stops, sorted by trip and sequence; `start` has one row a trip row."""

    start: Int32s
    stop: Int32s
    arrive: Int32s
    depart: Int32s
    sequence: Int32s
    pickup: UInt8s
    drop_off: UInt8s
    distance: Float64s
    headsign: Int32s
    headsigns: tuple[str, ...]


def merge_calls(feeds: Sequence[GtfsTables], stops: Stops, counts: Counts) -> Calls:
    """Calls of all feeds; those at unknown or placeless stops, or at what is no platform, are left out."""
    parts: list[_Rows] = []
    headsigns: list[str] = []
    trips = 0
    good = (stops.kind == STOP) & ~np.isnan(stops.lat)
    for feed, rows in zip(feeds, stops.row_index, strict=True):
        known = np.r_[np.where((rows >= 0) & good[rows], rows, -1), -1].astype(np.int32)
        part = _rows(feed.stop_times, known, trips, len(headsigns))
        usable = part.stop >= 0
        if not usable.all():
            count(counts, "call_at_unknown_stop", int((~usable).sum()))
            part = _Rows._make(column[usable] for column in part)
        parts.append(part)
        headsigns += feed.stop_times.headsigns
        trips += len(feed.trips.id)
    rows_ = parts[0] if len(parts) == 1 else _Rows._make(np.concatenate(column) for column in zip(*parts, strict=True))
    distance = rows_.distance if any(len(feed.stop_times.distance) for feed in feeds) else np.empty(0)
    start: Int32s = np.r_[0, np.cumsum(np.bincount(rows_.trip, minlength=trips))].astype(np.int32)
    columns = rows_._replace(distance=distance)._asdict()
    del columns["trip"]
    return Calls(start=start, headsigns=tuple(headsigns), **columns)


class _Rows(NamedTuple):
    """Calls of a feed, as `Calls` has them, with their trips."""

    trip: Int32s
    stop: Int32s
    arrive: Int32s
    depart: Int32s
    sequence: Int32s
    pickup: UInt8s
    drop_off: UInt8s
    distance: Float64s
    headsign: Int32s


def _rows(times: StopTimes, known: Int32s, trips: int, headsigns: int) -> _Rows:
    """A feed's stop_times: stops as indices in ``known``, trips and headsigns numbered on from those before."""
    return _Rows(
        trip=times.trip + np.int32(trips) if trips else times.trip,
        stop=known[times.stop],
        arrive=times.arrive,
        depart=times.depart,
        sequence=times.sequence,
        pickup=times.pickup,
        drop_off=times.drop_off,
        distance=times.distance if len(times.distance) else np.broadcast_to(np.nan, len(times.trip)),
        headsign=np.where(times.headsign >= 0, times.headsign + headsigns, -1) if headsigns else times.headsign,
    )


@dataclass(frozen=True, slots=True)
class Trips:
    id: tuple[str, ...]
    route: Int32s
    service: Int32s
    headsign: Int32s
    direction: NDArray[np.int8]
    wheelchair: UInt8s
    block: Int32s
    shape: Int32s
    headsigns: tuple[str, ...]
    index: dict[str, int]
    #: the calls of the trips that were kept
    calls: Calls


def build_trips(
    feeds: Sequence[GtfsTables],
    calls: Calls,
    routes: Routes,
    services: tuple[str, ...],
    shapes: tuple[str, ...],
    counts: Counts,
) -> Trips:
    """Trips with two calls or more, a time on the first and last, a known route and a known service."""
    length = np.diff(calls.start)
    names = [feed.prefix + name if name else "" for feed in feeds for name in feed.trips.id]
    route = _resolve(feeds, "route", routes.index)
    service = _resolve(feeds, "service", {name: number for number, name in enumerate(services)})
    unique = _first_of_each(names)
    timed = _has_times(calls)
    for reason, bad in (
        ("trip_with_under_two_calls", length < 2),
        ("trip_on_unknown_route", route < 0),
        ("trip_on_unknown_service", service < 0),
        ("trip_duplicate_id", ~unique),
        ("trip_without_times", ~timed & (length >= 2)),
    ):
        count(counts, reason, int(bad.sum()))
    keep = (length >= 2) & (route >= 0) & (service >= 0) & unique & timed
    signs = {name: number for number, name in enumerate(dict.fromkeys(calls.headsigns))}
    for feed in feeds:
        for sign in feed.trips.headsign.names:
            signs.setdefault(sign, len(signs))
    blocks: dict[str, int] = {}
    for feed in feeds:
        for block in feed.trips.block.names:
            blocks.setdefault(feed.prefix + block, len(blocks))
    headsign = _resolve([replace(feed, prefix="") for feed in feeds], "headsign", signs)
    kept = list(compress(names, keep.tolist()))
    shape = _resolve(feeds, "shape", {name: number for number, name in enumerate(shapes)})
    return Trips(
        id=tuple(kept),
        route=route[keep],
        service=service[keep],
        headsign=headsign[keep],
        direction=np.concatenate([feed.trips.direction for feed in feeds])[keep],
        wheelchair=np.concatenate([feed.trips.wheelchair for feed in feeds])[keep],
        block=_resolve(feeds, "block", blocks)[keep],
        shape=shape[keep],
        headsigns=tuple(signs),
        index={name: number for number, name in enumerate(kept)},
        calls=_keep_calls(calls, keep, signs),
    )


def _first_of_each(names: list[str]) -> NDArray[np.bool_]:
    """bool[n]: where a name stands for the first time, and is not blank."""
    first = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))
    unique = np.zeros(len(names), dtype=np.bool_)
    unique[list(first.values())] = True
    if "" in first:
        unique[first[""]] = False
    return unique


def _has_times(calls: Calls) -> NDArray[np.bool_]:
    """Per trip row: does any call state a time?"""
    stated = np.r_[0, np.cumsum((calls.arrive >= 0) | (calls.depart >= 0))]
    has: NDArray[np.bool_] = stated[calls.start[1:]] > stated[calls.start[:-1]]
    return has


def _resolve(feeds: Sequence[GtfsTables], column: str, index: dict[str, int]) -> Int32s:
    """A column of trips.txt of all feeds as numbers, −1 where it names nothing known."""
    parts = []
    for feed in feeds:
        coded: Coded = getattr(feed.trips, column)
        number = np.array([index.get(feed.prefix + name, -1) for name in coded.names] + [-1], dtype=np.int32)
        parts.append(number[coded.index])
    return np.concatenate(parts)


def _keep_calls(calls: Calls, keep: NDArray[np.bool_], signs: dict[str, int]) -> Calls:
    renumber = np.array([signs[name] for name in calls.headsigns] + [-1], dtype=np.int32)
    calls = replace(calls, headsign=renumber[calls.headsign])
    if keep.all():
        return calls
    length = np.diff(calls.start)
    rows = np.repeat(keep, length)
    columns = ("stop", "arrive", "depart", "sequence", "pickup", "drop_off", "headsign")
    kept: dict[str, Any] = {name: getattr(calls, name)[rows] for name in columns}
    distance = calls.distance[rows] if len(calls.distance) else calls.distance
    return replace(calls, start=np.r_[0, np.cumsum(length[keep])].astype(np.int32), distance=distance, **kept)


def stop_modes(stops: Stops, trip_mode: UInt8s, calls: Calls) -> NDArray[np.uint16]:
    """uint16[S]: which modes call at each stop; a station has its stops'."""
    modes = np.zeros(len(stops.id), dtype=np.uint16)
    mark_modes(calls.start, calls.stop, trip_mode, modes)
    for station in np.flatnonzero(stops.kind == STATION):
        for stop in stops.members[station]:
            modes[station] |= modes[stop]
    return modes
