"""Shapes, and where along them the calls of a trip lie.

`shape_dist_traveled` has no declared unit, so it only says *where* on the shape a call is; metres are always
measured on the globe. Where it is missing, calls are projected onto the shape in order, never backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smartreise.timetable.arrays import Float64s, Int32s
from smartreise.timetable.footpaths import crow_m


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shape arrays of a `Timetable`, and the feed's own distances beside ours."""

    id: tuple[str, ...]
    start: Int32s
    lat: Float64s
    lon: Float64s
    distance_m: Float64s
    #: shape_dist_traveled of each point, NaN if blank
    stated: Float64s


def build_shapes(shapes: dict[str, NDArray[np.float64]]) -> Shapes:
    """Shapes of two points or more, concatenated, with metres along each."""
    kept = {name: points for name, points in shapes.items() if len(points) > 1}
    start = np.r_[0, np.cumsum([len(points) for points in kept.values()])].astype(np.int32)
    points = np.concatenate(list(kept.values())) if kept else np.empty((0, 3))
    lat, lon = points[:, 0].copy(), points[:, 1].copy()
    step = np.zeros(len(points))
    if len(points):
        step[1:] = crow_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        step[start[:-1]] = 0
    run = np.cumsum(step)
    distance = run - np.repeat(run[start[:-1]], np.diff(start)) if len(points) else run
    return Shapes(tuple(kept), start, lat, lon, distance, points[:, 2].copy())


def call_distances(
    shapes: Shapes,
    *,
    trip_shape: Int32s,
    call_start: Int32s,
    call_lat: Float64s,
    call_lon: Float64s,
    stated: Float64s,
    call_stop: Int32s,
) -> Float64s:
    """float64[C] metres along the trip's path of each call; straight lines between stops without a shape."""
    distance = _straight(call_start, call_lat, call_lon)
    known: dict[tuple[int, bytes, bytes], Float64s] = {}
    for trip in np.flatnonzero(trip_shape >= 0):
        rows = slice(call_start[trip], call_start[trip + 1])
        key = (int(trip_shape[trip]), call_stop[rows].tobytes(), stated[rows].tobytes())
        if key not in known:
            span = slice(shapes.start[trip_shape[trip]], shapes.start[trip_shape[trip] + 1])
            known[key] = _along(shapes, span, call_lat[rows], call_lon[rows], stated[rows])
        distance[rows] = known[key]
    return distance


def _straight(call_start: Int32s, lat: Float64s, lon: Float64s) -> Float64s:
    step = np.zeros(len(lat))
    if len(lat):
        step[1:] = crow_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
        step[call_start[:-1]] = 0
    run = np.cumsum(step)
    along: Float64s = run - np.repeat(run[call_start[:-1]], np.diff(call_start)) if len(lat) else run
    return along


def _along(shapes: Shapes, span: slice, lat: Float64s, lon: Float64s, stated: Float64s) -> Float64s:
    """Metres along one shape of a trip's calls, never decreasing."""
    points = shapes.stated[span]
    if not np.isnan(stated).any() and not np.isnan(points).any() and points[-1] > points[0]:
        along = np.interp(stated, points, shapes.distance_m[span])
    else:
        along = _project(shapes.lat[span], shapes.lon[span], shapes.distance_m[span], lat, lon)
    return np.asarray(np.maximum.accumulate(along), dtype=np.float64)


def _project(shape_lat: Float64s, shape_lon: Float64s, shape_m: Float64s, lat: Float64s, lon: Float64s) -> Float64s:
    """Each call to the nearest point of the shape at or after the last call's, on a local plane.

    Of places that are nearly as near (within 30 m) the first is taken, so that a loop that passes a stop twice
    is not cut short.
    """
    scale = np.cos(np.radians(lat.mean()))
    x, y = shape_lon * scale, shape_lat
    dx, dy = np.diff(x), np.diff(y)
    square = np.maximum(dx * dx + dy * dy, 1e-18)
    near_deg = 30 / 111_195
    found, floor = np.empty(len(lat)), 0.0
    for i in range(len(lat)):
        px, py = lon[i] * scale, lat[i]
        part = np.clip(((px - x[:-1]) * dx + (py - y[:-1]) * dy) / square, 0, 1)
        off = np.hypot(px - x[:-1] - part * dx, py - y[:-1] - part * dy)
        along = shape_m[:-1] + part * np.diff(shape_m)
        off = np.where(along >= floor - 1e-6, off, np.inf)
        best = int(np.argmax(off <= off.min() + near_deg)) if np.isfinite(off.min()) else -1
        if best >= 0:
            best = _local_minimum(off, best)
        floor = float(along[best]) if best >= 0 else floor
        found[i] = floor
    return found


def _local_minimum(off: Float64s, at: int) -> int:
    while at + 1 < len(off) and off[at + 1] < off[at]:
        at += 1
    return at
