"""Where a trip runs between two of its calls: along its shape, else straight from stop to stop."""

from __future__ import annotations

import numpy as np

from smartreise.timetable.arrays import Float64s, Int32s, Timetable


def path(timetable: Timetable, trip: int, from_call: int, to_call: int) -> Float64s:
    """float64[n, 2] of lat, lon from call to call (indices in the calls table, from < to)."""
    ends = timetable.call_stop[from_call : to_call + 1]
    shape = int(timetable.trip_shape[trip])
    if shape < 0:
        return straight(timetable, ends)
    rows = slice(int(timetable.shape_start[shape]), int(timetable.shape_start[shape + 1]))
    along = timetable.shape_distance_m[rows]
    start, end = along_m(timetable, from_call), along_m(timetable, to_call)
    if end <= start:
        return straight(timetable, ends)
    lat, lon = timetable.shape_lat[rows], timetable.shape_lon[rows]
    inner = (along > start + 0.5) & (along < end - 0.5)
    at = np.r_[start, along[inner], end]
    return np.stack((np.interp(at, along, lat), np.interp(at, along, lon)), axis=1)


def along_m(timetable: Timetable, call: int) -> float:
    """Metres along its trip's path of a call."""
    trip = int(np.searchsorted(timetable.trip_call_start, call, "right")) - 1
    return float(timetable.path_m[timetable.trip_path[trip] + call - timetable.trip_call_start[trip]])


def straight(timetable: Timetable, stops: Int32s) -> Float64s:
    """float64[n, 2] through stops."""
    return np.stack((timetable.stop_lat[stops], timetable.stop_lon[stops]), axis=1)
