"""Footpaths between stops: transfers.txt where it speaks, else stations and neighbourhood.

A footpath's seconds are the least time of a change over it with everything counted; between two stops that
is a fixed part plus the walk. Rows of transfers.txt that name stations cover their stops, and a row that
names stops wins over one that names their stations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.model.geo import EARTH_RADIUS_M
from smartreise.model.region import Region
from smartreise.timetable.arrays import NO_CHANGE, Float64s, Int32s

#: stops of one station are joined however far apart, up to this (metres crow-fly): farther is an error in the feed
STATION_MAX_M: Final = 2000.0
RECOMMENDED, TIMED, MINIMUM, FORBIDDEN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Footpaths:
    start: Int32s
    stop: Int32s
    seconds: Int32s
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
    parent: Int32s,
    members: list[list[int]],
    rules: Iterable[TransferRule],
) -> Footpaths:
    """Footpaths among stops (location_type 0); ``members`` lists the boardable stops of every stop or station."""
    count = len(lat)
    boardable = np.flatnonzero(kind == 0)
    radius = region.change_walk_max_m / region.walking.detour
    a, b = pairs_within(lat[boardable], lon[boardable], radius)
    inside = _siblings(parent, kind, members)
    pairs = np.unique(
        np.r_[boardable[a].astype(np.int64) * count + boardable[b], inside[0].astype(np.int64) * count + inside[1]]
    )
    a, b = (pairs // count).astype(np.int32), (pairs % count).astype(np.int32)
    crow = crow_m(lat[a], lon[a], lat[b], lon[b])
    a, b, crow = a[crow <= STATION_MAX_M], b[crow <= STATION_MAX_M], crow[crow <= STATION_MAX_M]
    walk = crow * region.walking.detour
    seconds = region.change_between_stops_s + np.ceil(np.round(walk / region.walking.speed_mps, 6)).astype(np.int64)
    table = {(int(x), int(y)): (int(s), float(m)) for x, y, s, m in zip(a, b, seconds, walk, strict=True)}
    change_s = np.full(count, region.change_s, dtype=np.int32)
    general_first = sorted(rules, key=lambda rule: int(kind[rule.from_stop] == 0) + int(kind[rule.to_stop] == 0))
    _apply_rules(region, general_first, members, (lat, lon), table, change_s)
    return _as_csr(count, table, change_s)


def _siblings(parent: Int32s, kind: NDArray[np.uint8], members: list[list[int]]) -> tuple[Int32s, Int32s]:
    first, second = [], []
    for station in np.flatnonzero(kind == 1):
        for x in members[station]:
            for y in members[station]:
                if x != y:
                    first.append(x)
                    second.append(y)
    return np.array(first, dtype=np.int32), np.array(second, dtype=np.int32)


def _apply_rules(
    region: Region,
    rules: Iterable[TransferRule],
    members: list[list[int]],
    place: tuple[Float64s, Float64s],
    table: dict[tuple[int, int], tuple[int, float]],
    change_s: Int32s,
) -> None:
    """Lay transfers.txt over the footpaths in place; a later rule wins."""
    lat, lon = place
    for rule in rules:
        for x in members[rule.from_stop]:
            for y in members[rule.to_stop]:
                crow = float(crow_m(lat[x : x + 1], lon[x : x + 1], lat[y : y + 1], lon[y : y + 1])[0])
                seconds = _rule_seconds(region, rule, crow, same=x == y)
                if x == y:
                    change_s[x] = seconds if seconds is not None else NO_CHANGE
                elif seconds is None:
                    table.pop((x, y), None)
                else:
                    table[x, y] = (seconds, region.walking.path_m(crow))


def _rule_seconds(region: Region, rule: TransferRule, crow: float, *, same: bool) -> int | None:
    """Least time of the change by one rule; None: forbidden."""
    if rule.kind == FORBIDDEN:
        return None
    if rule.kind == TIMED:
        return 0
    if rule.kind == MINIMUM and rule.seconds is not None:
        return rule.seconds
    return region.change_s if same else region.change_between_stops_s + region.walking.time_s(crow)


def _as_csr(count: int, table: dict[tuple[int, int], Any], change_s: Int32s) -> Footpaths:
    keys = sorted(table)
    first = np.array([x for x, _ in keys], dtype=np.int32)
    return Footpaths(
        start=np.r_[0, np.cumsum(np.bincount(first, minlength=count))].astype(np.int32),
        stop=np.array([y for _, y in keys], dtype=np.int32),
        seconds=np.array([table[key][0] for key in keys], dtype=np.int32),
        metres=np.array([table[key][1] for key in keys], dtype=np.float32),
        change_s=change_s,
    )
