"""Stops near a point. Distances are crow-fly metres; what one walks is longer."""

from __future__ import annotations

import numpy as np

from smartreise.model.geo import EARTH_RADIUS_M
from smartreise.timetable.arrays import Float64s, Int32s, Timetable
from smartreise.timetable.footpaths import crow_m


def near(timetable: Timetable, lat: float, lon: float, radius_m: float) -> tuple[Int32s, Float64s]:
    """Boardable stops within ``radius_m`` and how far they are, nearest first (ties by index)."""
    return _near(timetable, timetable.stop_kind == 0, lat, lon, radius_m)


def near_stations(timetable: Timetable, lat: float, lon: float, radius_m: float) -> tuple[Int32s, Float64s]:
    """As `near`, of stations and of stops that belong to none: what has a board of its own on a screen.

    A station is as near as the nearest of its stops.
    """
    stops, distance = near(timetable, lat, lon, radius_m)
    above = np.where(timetable.stop_parent[stops] >= 0, timetable.stop_parent[stops], stops)
    _, first = np.unique(above, return_index=True)
    first.sort()
    return above[first].astype(np.int32), distance[first]


def _near(timetable: Timetable, wanted: object, lat: float, lon: float, radius_m: float) -> tuple[Int32s, Float64s]:
    reach = np.degrees(radius_m / EARTH_RADIUS_M) * 1.01
    box = np.abs(timetable.stop_lat - lat) <= reach
    candidates = np.flatnonzero(box & np.asarray(wanted, dtype=np.bool_))
    here = np.full(len(candidates), lat), np.full(len(candidates), lon)
    distance = crow_m(*here, timetable.stop_lat[candidates], timetable.stop_lon[candidates])
    inside = distance <= radius_m
    candidates, distance = candidates[inside], distance[inside]
    order = np.lexsort((candidates, distance))
    return candidates[order].astype(np.int32), distance[order]
