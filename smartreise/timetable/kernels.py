"""The timetable's compiled loops. Plain functions over arrays; all of them also run uncompiled.

What a reader would get wrong: `chain_runs` decides by *every* position, not only the first, whether one run may
follow another in a pattern.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from smartreise.model.geo import EARTH_RADIUS_M

Bools = NDArray[np.bool_]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
UInt8s = NDArray[np.uint8]
Float64s = NDArray[np.float64]


@njit(cache=True, nogil=True)
def chain_runs(
    order: Int32s, group_start: Int32s, run_first: Int32s, run_end: Int32s, arrive: Int32s, depart: Int32s
) -> Int32s:
    """Chain number of each run, so that within a (group, chain) nobody overtakes.

    ``order`` int32[n] lists runs group by group, each group by time; ``group_start`` int32[g + 1]; ``run_first`` and
    ``run_end`` are the events of each run. Greedy: a run joins the first chain of its group whose last member is at no
    position later than it.
    """
    chain = np.zeros(len(order), dtype=np.int32)
    last = np.empty(len(order), dtype=np.int32)
    for g in range(len(group_start) - 1):
        chains = 0
        for i in range(group_start[g], group_start[g + 1]):
            this = run_first[order[i]]
            length = run_end[order[i]] - this
            found = -1
            for c in range(chains):
                before = run_first[last[c]]
                follows = True
                for k in range(length):
                    if arrive[this + k] < arrive[before + k] or depart[this + k] < depart[before + k]:
                        follows = False
                        break
                if follows:
                    found = c
                    break
            if found < 0:
                found = chains
                chains += 1
            last[found] = order[i]
            chain[i] = found
    return chain


@njit(cache=True, nogil=True)
def interpolate(
    arrive: Int32s, depart: Int32s, distance: Float64s, call_start: Int32s, by_distance: Bools, blank: int
) -> int:
    """Fill blank times in place between timed calls: linearly by distance for the trips where ``by_distance`` bool[T]
    holds, else by the number of calls. Returns how many were filled.

    A call with one of the two times has it for both. ``distance`` must not decrease along a trip. Calls
    before the first or after the last timed call of a trip take that call's time.
    """
    filled = 0
    for t in range(len(call_start) - 1):
        first, end = call_start[t], call_start[t + 1]
        known = -1
        for i in range(first, end):
            if arrive[i] == blank:
                arrive[i] = depart[i]
            if depart[i] == blank:
                depart[i] = arrive[i]
            if arrive[i] == blank:
                continue
            if known < i - 1:
                for j in range(known + 1 if known >= 0 else first, i):
                    if known < 0:
                        at = arrive[i]
                    else:
                        span = distance[i] - distance[known] if by_distance[t] else 0.0
                        part = (distance[j] - distance[known]) / span if span > 0 else (j - known) / (i - known)
                        at = depart[known] + round((arrive[i] - depart[known]) * part)
                    arrive[j] = at
                    depart[j] = at
                    filled += 1
            known = i
        if known >= 0:
            for j in range(known + 1, end):
                arrive[j] = depart[known]
                depart[j] = depart[known]
                filled += 1
    return filled


@njit(cache=True, nogil=True)
def repair_order(arrive: Int32s, depart: Int32s, call_start: Int32s) -> int:
    """Raise times in place so that none runs backwards along a trip; returns how many were raised."""
    raised = 0
    for t in range(len(call_start) - 1):
        floor = -(2**31)
        for i in range(call_start[t], call_start[t + 1]):
            if arrive[i] < floor:
                arrive[i] = floor
                raised += 1
            if depart[i] < arrive[i]:
                depart[i] = arrive[i]
                raised += 1
            floor = depart[i]
    return raised


@njit(cache=True, nogil=True)
def find_twins(call_start: Int32s, call_stop: Int32s, trip_shape: Int32s) -> Int32s:
    """int32[T]: the first trip with the same shape that calls at the same stops in the same order, by a hash table."""
    trips = len(call_start) - 1
    size = 16
    while size < 2 * trips:
        size *= 2
    slot = np.full(size, -1, dtype=np.int32)
    twin = np.empty(trips, dtype=np.int32)
    for t in range(trips):
        first, length = call_start[t], call_start[t + 1] - call_start[t]
        digest = 2166136261 ^ int(trip_shape[t] + 1)
        for i in range(first, first + length):
            digest = ((digest ^ int(call_stop[i])) * 16777619) & 0xFFFFFFFF  # FNV-1a, by stop
        place = (digest ^ (digest >> 15)) & (size - 1)
        twin[t] = t
        while slot[place] >= 0:
            other = slot[place]
            start = call_start[other]
            same = call_start[other + 1] - start == length and trip_shape[other] == trip_shape[t]
            i = 0
            while same and i < length:
                same = call_stop[start + i] == call_stop[first + i]
                i += 1
            if same:
                twin[t] = other
                break
            place = (place + 1) & (size - 1)
        if twin[t] == t:
            slot[place] = t
    return twin


@njit(cache=True, nogil=True)
def crow_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle metres between two points in degrees (haversine)."""
    p1, p2 = np.radians(lat1), np.radians(lat2)
    h = np.sin((p2 - p1) / 2) ** 2 + np.cos(p1) * np.cos(p2) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    return float(2 * EARTH_RADIUS_M * np.arcsin(min(1.0, np.sqrt(h))))


@njit(cache=True, nogil=True)
def measure_straight(call_start: Int32s, call_stop: Int32s, twin: Int32s, lat: Float64s, lon: Float64s) -> Float64s:
    """float64[C] metres from stop to stop along each trip; what a trip's twin has is copied."""
    along = np.zeros(len(call_stop))
    for t in range(len(twin)):
        first, other = call_start[t], call_start[twin[t]]
        for i in range(1, call_start[t + 1] - first):
            if other != first:
                along[first + i] = along[other + i]
            else:
                a, b = call_stop[first + i - 1], call_stop[first + i]
                along[first + i] = along[first + i - 1] + crow_between(lat[a], lon[a], lat[b], lon[b])
    return along


@njit(cache=True, nogil=True)
def measure_stated(shape_m: Float64s, shape_stated: Float64s, stated: Float64s, along: Float64s) -> bool:
    """Fill ``along`` with the metres on a shape where the feed's own distances ``stated`` lie, never decreasing. False,
    and nothing filled, where either has a blank or the shape's do not grow."""
    last = len(shape_stated) - 1
    for k in range(last + 1):
        if np.isnan(shape_stated[k]) or (k and shape_stated[k] < shape_stated[k - 1]):
            return False
    for i in range(len(stated)):
        if np.isnan(stated[i]):
            return False
    if shape_stated[last] <= shape_stated[0]:
        return False
    floor = 0.0
    for i in range(len(stated)):
        k = np.searchsorted(shape_stated, stated[i], side="right")
        if k == 0:
            metres = shape_m[0]
        elif k > last:
            metres = shape_m[last]
        else:
            part = (stated[i] - shape_stated[k - 1]) / (shape_stated[k] - shape_stated[k - 1])
            metres = shape_m[k - 1] + part * (shape_m[k] - shape_m[k - 1])
        floor = max(floor, metres)
        along[i] = floor
    return True


@njit(cache=True, nogil=True)
def project(
    shape_lat: Float64s, shape_lon: Float64s, shape_m: Float64s, lat: Float64s, lon: Float64s, along: Float64s
) -> None:
    """Fill ``along`` with the metres on a shape of the point nearest to each call at or after the last call's, on a
    local plane.

    Of places that are nearly as near (within 30 m) the first is taken, so that a loop that passes a stop twice is not
    cut short.
    """
    scale = np.cos(np.radians(lat.mean()))
    near = 30 / 111_195
    pieces = len(shape_m) - 1
    off, at = np.empty(pieces), np.empty(pieces)
    floor = 0.0
    for i in range(len(lat)):
        least = np.inf
        for k in range(pieces):
            x, y = shape_lon[k] * scale, shape_lat[k]
            dx, dy = shape_lon[k + 1] * scale - x, shape_lat[k + 1] - y
            px, py = lon[i] * scale - x, lat[i] - y
            part = min(1.0, max(0.0, (px * dx + py * dy) / max(dx * dx + dy * dy, 1e-18)))
            at[k] = shape_m[k] + part * (shape_m[k + 1] - shape_m[k])
            off[k] = np.hypot(px - part * dx, py - part * dy) if at[k] >= floor - 1e-6 else np.inf
            least = min(least, off[k])
        best = -1
        for k in range(pieces):
            if off[k] <= least + near and least < np.inf:
                best = k
                break
        if best >= 0:
            while best + 1 < pieces and off[best + 1] < off[best]:
                best += 1
            floor = max(floor, at[best])
        along[i] = floor


@njit(cache=True, nogil=True)
def measure_on_shapes(
    trip_shape: Int32s, call_start: Int32s, call_stop: Int32s, twin: Int32s, lat: Float64s, lon: Float64s,
    stated: Float64s, shape_start: Int32s, shape_lat: Float64s, shape_lon: Float64s, shape_m: Float64s,
    shape_stated: Float64s, along: Float64s,
) -> None:  # fmt: skip
    """Overwrite ``along`` of the calls of trips with a shape: where the feed states it, else where calls project."""
    projected = np.zeros(len(twin), dtype=np.bool_)
    for t in range(len(twin)):
        shape = trip_shape[t]
        if shape < 0:
            continue
        a, b = call_start[t], call_start[t + 1]
        s, e = shape_start[shape], shape_start[shape + 1]
        if len(stated) and measure_stated(shape_m[s:e], shape_stated[s:e], stated[a:b], along[a:b]):
            continue
        other = twin[t]
        if other != t and projected[other]:
            for i in range(b - a):
                along[a + i] = along[call_start[other] + i]
        else:
            stops = call_stop[a:b]
            project(shape_lat[s:e], shape_lon[s:e], shape_m[s:e], lat[stops], lon[stops], along[a:b])
        projected[t] = True


@njit(cache=True, nogil=True)
def share_paths(call_start: Int32s, twin: Int32s, along: NDArray[np.float32]) -> tuple[Int32s, NDArray[np.float32]]:
    """int32[T] where each trip's metres ``along`` begin among the distinct ones, and these: float32[G]. A trip whose
    metres are its twin's shares them."""
    begin = np.empty(len(twin), dtype=np.int32)
    path = np.empty(len(along), dtype=np.float32)
    used = 0
    for t in range(len(twin)):
        first, end, other = call_start[t], call_start[t + 1], call_start[twin[t]]
        same = twin[t] != t
        i = first
        while same and i < end:
            same = along[i] == along[other + i - first]
            i += 1
        if same:
            begin[t] = begin[twin[t]]
            continue
        begin[t] = used
        for i in range(first, end):
            path[used] = along[i]
            used += 1
    return begin, path[:used].copy()


@njit(cache=True, nogil=True)
def mark_modes(call_start: Int32s, call_stop: Int32s, trip_mode: UInt8s, modes: NDArray[np.uint16]) -> None:
    """Set the bit of each trip's mode at the stops where it calls."""
    for t in range(len(call_start) - 1):
        bit = np.uint16(1 << trip_mode[t])
        for i in range(call_start[t], call_start[t + 1]):
            modes[call_stop[i]] |= bit


@njit(cache=True, nogil=True)
def set_flags(call_start: Int32s, pickup: UInt8s, drop_off: UInt8s, board: int, alight: int) -> UInt8s:
    """uint8[C] boarding and alighting bits: never on at a trip's end, never off at its start; type 1 says no."""
    flags = np.zeros(call_start[-1], dtype=np.uint8)
    for t in range(len(call_start) - 1):
        first, end = call_start[t], call_start[t + 1]
        for i in range(first, end):
            if i + 1 < end and pickup[i] != 1:
                flags[i] |= np.uint8(board)
            if i > first and drop_off[i] != 1:
                flags[i] |= np.uint8(alight)
    return flags
