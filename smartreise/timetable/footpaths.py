"""Footpaths between stops: transfers.txt where it speaks, else stations and neighbourhood.

A footpath's seconds are the least time of a change over it with everything counted; between two stops that
is a fixed part plus the walk. Rows of transfers.txt that name stations cover their stops, and a row that
names stops wins over one that names their stations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smartreise.model.geo import EARTH_RADIUS_M
from smartreise.model.region import Region
from smartreise.timetable.arrays import NO_CHANGE, Float64s, Int32s

if TYPE_CHECKING:
    from smartreise.timetable.pathways import StationWalks

#: stops of one station are joined however far apart, up to this (metres crow-fly): farther is an error in the feed
STATION_MAX_M: Final = 2000.0
RECOMMENDED, TIMED, MINIMUM, FORBIDDEN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Footpaths:
    """The footpath arrays of a `Timetable`."""

    start: Int32s
    stop: Int32s
    seconds: Int32s
    wheelchair_s: Int32s
    metres: NDArray[np.float32]
    change_s: Int32s


@dataclass(frozen=True, slots=True)
class TransferRule:
    """An unqualified row of transfers.txt, resolved: indices of stops or stations."""

    from_stop: int
    to_stop: int
    kind: int
    seconds: int | None


def crow_m(lat1: Float64s, lon1: Float64s, lat2: Float64s, lon2: Float64s) -> Float64s:
    """Great-circle metres between points in degrees, elementwise (haversine, as `model.geo.distance_m`)."""
    p1, p2 = np.radians(lat1), np.radians(lat2)
    h = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    distance: Float64s = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return distance


def pairs_within(lat: Float64s, lon: Float64s, radius_m: float) -> tuple[Int32s, Int32s]:
    """All ordered pairs (a ≠ b) of points within ``radius_m``, by a grid of cells of that size."""
    if not len(lat) or radius_m <= 0:
        empty = np.empty(0, dtype=np.int32)
        return empty, empty
    metre = 180 / (np.pi * EARTH_RADIUS_M)
    widest = max(0.01, float(np.cos(np.radians(np.abs(lat).max()))))
    row = np.floor(lat / (radius_m * metre)).astype(np.int64)
    column = np.floor(lon / (radius_m * metre / widest)).astype(np.int64)
    cell = row * 10_000_000 + column
    order = np.argsort(cell, kind="stable")
    ranked = cell[order]
    firsts, seconds = [], []
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            wanted = cell + dy * 10_000_000 + dx
            low, high = np.searchsorted(ranked, wanted, "left"), np.searchsorted(ranked, wanted, "right")
            length = high - low
            firsts.append(np.repeat(np.arange(len(lat)), length))
            start = np.repeat(low - np.r_[0, np.cumsum(length)[:-1]], length)
            seconds.append(order[start + np.arange(int(length.sum()))])
    a, b = np.concatenate(firsts), np.concatenate(seconds)
    near = (a != b) & (crow_m(lat[a], lon[a], lat[b], lon[b]) <= radius_m)
    return a[near].astype(np.int32), b[near].astype(np.int32)


def build_footpaths(
    region: Region,
    *,
    lat: Float64s,
    lon: Float64s,
    kind: NDArray[np.uint8],
    members: list[list[int]],
    rules: Sequence[TransferRule],
    walks: StationWalks,
) -> Footpaths:
    """Footpaths among stops (location_type 0); ``members`` lists the boardable stops of every stop or station.

    Three layers, the later over the earlier: how far it is, what pathways.txt says of a station, transfers.txt.
    """
    total = len(lat)
    a, b, crow = _neighbours(region, lat, lon, kind, members)
    metres = crow * region.walking.detour
    seconds = _walk_s(region, crow)
    table = _Table(a.astype(np.int64) * total + b, seconds, seconds, metres)
    table = table.over(_walked(region, walks, lat, lon))
    change_s = np.full(total, region.change_s, dtype=np.int32)
    table = table.over(_ruled(region, rules, members, (lat, lon, kind), table, change_s))
    return table.footpaths(total, change_s)


class _Table(NamedTuple):
    """Footpaths by key, from stop × S + to stop; NO_CHANGE seconds: there is none."""

    key: NDArray[np.int64]
    seconds: Int32s
    wheelchair_s: Int32s
    metres: Float64s

    def over(self, later: _Table) -> _Table:
        """This one and another laid over it: of a key that stands twice the last row counts. Sorted by key."""
        pairs: Any = zip(self, later, strict=True)
        joined = _Table._make(np.concatenate(pair) for pair in pairs)
        _, last = np.unique(joined.key[::-1], return_index=True)
        kept = len(joined.key) - 1 - last
        return _Table._make(column[kept] for column in joined)

    def footpaths(self, total: int, change_s: Int32s) -> Footpaths:
        """As CSR, without those that may not be walked."""
        walked = _Table._make(column[self.seconds < NO_CHANGE] for column in self)
        first = walked.key // total
        return Footpaths(
            start=np.r_[0, np.cumsum(np.bincount(first, minlength=total))].astype(np.int32),
            stop=(walked.key % total).astype(np.int32),
            seconds=walked.seconds.astype(np.int32),
            wheelchair_s=walked.wheelchair_s.astype(np.int32),
            metres=walked.metres.astype(np.float32),
            change_s=change_s,
        )


def _walk_s(region: Region, crow: Float64s) -> Int32s:
    """Least seconds of a change over a walk, by the crow's metres."""
    walk = np.ceil(np.round(crow * region.walking.detour / region.walking.speed_mps, 6))
    seconds: Int32s = (region.change_between_stops_s + walk).astype(np.int32)
    return seconds


def _neighbours(
    region: Region, lat: Float64s, lon: Float64s, kind: NDArray[np.uint8], members: list[list[int]]
) -> tuple[Int32s, Int32s, Float64s]:
    """Pairs of stops within a walk or of one station, and how far they are."""
    boardable = np.flatnonzero((kind == 0) & ~np.isnan(lat))
    a, b = pairs_within(lat[boardable], lon[boardable], region.change_walk_max_m / region.walking.detour)
    inside = [
        (x, y) for station in np.flatnonzero(kind == 1) for x in members[station] for y in members[station] if x != y
    ]
    ends = np.array(inside, dtype=np.int64).reshape(-1, 2)
    pairs = np.unique(
        np.r_[boardable[a].astype(np.int64) * len(lat) + boardable[b], ends[:, 0] * len(lat) + ends[:, 1]]
    )
    a, b = (pairs // len(lat)).astype(np.int32), (pairs % len(lat)).astype(np.int32)
    crow = crow_m(lat[a], lon[a], lat[b], lon[b])
    near = crow <= STATION_MAX_M
    return a[near], b[near], crow[near]


def _walked(region: Region, walks: StationWalks, lat: Float64s, lon: Float64s) -> _Table:
    """What pathways.txt says. A change is never shorter than the crow's walk, and where no pathway joins two platforms
    people find a way, but not by wheelchair."""
    a, b = walks.start, walks.end
    by_crow = _walk_s(region, crow_m(lat[a], lon[a], lat[b], lon[b]))

    def least(seconds: Int32s) -> Int32s:
        found: Int32s = np.maximum(by_crow, region.change_between_stops_s + seconds).astype(np.int32)
        return found

    joined = walks.seconds < NO_CHANGE
    on_foot = np.where(joined, least(np.where(joined, walks.seconds, 0)), by_crow)
    free = walks.wheelchair_s < NO_CHANGE
    by_wheelchair = np.where(free, least(np.where(free, walks.wheelchair_s, 0)), NO_CHANGE)
    crow = crow_m(lat[a], lon[a], lat[b], lon[b])
    metres = np.where(joined, np.maximum(walks.metres, crow), crow * region.walking.detour)
    key = a.astype(np.int64) * len(lat) + b
    return _Table(key, on_foot.astype(np.int32), by_wheelchair.astype(np.int32), metres)


def _ruled(
    region: Region,
    rules: Sequence[TransferRule],
    members: list[list[int]],
    places: tuple[Float64s, Float64s, NDArray[np.uint8]],
    table: _Table,
    change_s: Int32s,
) -> _Table:
    """What transfers.txt says, general rules first; changes at one stop are written to ``change_s``."""
    lat, lon, kind = places
    general_first = sorted(rules, key=lambda rule: int(kind[rule.from_stop] == 0) + int(kind[rule.to_stop] == 0))
    rows = [(x, y, r.kind, r.seconds) for r in general_first for x in members[r.from_stop] for y in members[r.to_stop]]
    a, b, kinds = (np.array([row[k] for row in rows], dtype=np.int64) for k in range(3))
    stated = np.array([-1 if row[3] is None else row[3] for row in rows], dtype=np.int64)
    crow = crow_m(lat[a], lon[a], lat[b], lon[b])
    same = a == b
    seconds = np.where(same, region.change_s, _walk_s(region, crow))
    seconds = np.where((kinds == MINIMUM) & (stated >= 0), stated, seconds)
    seconds = np.where(kinds == TIMED, 0, seconds)
    seconds = np.where(kinds == FORBIDDEN, NO_CHANGE, seconds).astype(np.int32)
    change_s[a[same]] = seconds[same]
    key = (a * len(lat) + b)[~same]
    seconds = seconds[~same]
    at = np.searchsorted(table.key, key)
    known = at < len(table.key)
    known[known] = table.key[at[known]] == key[known]
    barred = np.zeros(len(key), dtype=np.bool_)
    barred[known] = table.wheelchair_s[at[known]] >= NO_CHANGE
    by_wheelchair = np.where(barred, NO_CHANGE, seconds).astype(np.int32)
    return _Table(key, seconds, by_wheelchair, (crow * region.walking.detour)[~same])
