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
from smartreise.timetable.kernels import find_twins, measure_on_shapes, measure_straight


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
    call_stop: Int32s,
    stop_lat: Float64s,
    stop_lon: Float64s,
    stated: Float64s,
) -> tuple[Float64s, Int32s]:
    """float64[C] metres along the trip's path of each call, straight from stop to stop without a shape; and int32[T]
    the twins, as `kernels.find_twins`. ``stated`` float64[C] is shape_dist_traveled, float64[0] if no feed has it."""
    twin = find_twins(call_start, call_stop, trip_shape)
    distance: Float64s = measure_straight(call_start, call_stop, twin, stop_lat, stop_lon)
    if (trip_shape >= 0).any():
        measure_on_shapes(
            *(trip_shape, call_start, call_stop, twin, stop_lat, stop_lon, stated),
            *(shapes.start, shapes.lat, shapes.lon, shapes.distance_m, shapes.stated, distance),
        )
    return distance, twin
