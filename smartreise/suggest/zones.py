"""Where a shared vehicle that floats free may be taken and left: the operator's zones, else where others stand.

What a reader would get wrong: where the operator says nothing, GBFS allows everything. We are more careful with a fleet
large enough to show where it lives: there one may end a ride near another vehicle of its kind, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from smartreise.model.mobility import SharedVehicle, Zone, ZoneRule, Zones
from smartreise.timetable.arrays import Float64s

#: a vehicle may be left this near (crow-fly m) to where another of its kind stands
ZONE_M: Final = 800.0
#: from this many floating vehicles on, where they stand shows where they may be left
ENOUGH: Final = 20
_DEGREE_M: Final = 111_195.0
_CHUNK: Final = 2_000_000

Verbs = Literal["start", "end"]
Said = NDArray[np.int8]


def said_of(zones: Zones | None, types: frozenset[str], verb: Verbs, lat: Float64s, lon: Float64s) -> Said:
    """int8 by point: 1 allowed in so many words, −1 forbidden, 0 nothing is said. The first zone that says it wins."""
    said = np.zeros(len(lat), np.int8)
    if zones is None:
        return said
    for zone in zones.zones:
        word = _word(zone.rules, types, verb)
        if word == 0:
            continue
        open_ = np.flatnonzero(said == 0)
        said[open_[_inside(zone, lat[open_], lon[open_])]] = word
    said[said == 0] = _word(zones.elsewhere, types, verb)
    return said


def may_end(
    zones: Zones | None, types: frozenset[str], floating: Sequence[SharedVehicle], lat: Float64s, lon: Float64s
) -> NDArray[np.bool_]:
    """bool by point: may a ride end here?"""
    said = said_of(zones, types, "end", lat, lon)
    allowed: NDArray[np.bool_] = said == 1
    unsaid = np.flatnonzero(said == 0)
    names_where = zones is not None and any(_word(zone.rules, types, "end") == 1 for zone in zones.zones)
    if not len(unsaid) or (not names_where and len(floating) < ENOUGH):
        allowed[unsaid] = True
        return allowed
    allowed[unsaid] = _is_near_any(floating, lat[unsaid], lon[unsaid])
    return allowed


def _word(rules: Sequence[ZoneRule], types: frozenset[str], verb: Verbs) -> int:
    """What rules say of vehicles of these types; a ban on some of them is one on all."""
    for rule in rules:
        allowed = rule.may_start if verb == "start" else rule.may_end
        for_all = rule.types is None or (types and types <= rule.types)
        for_some = rule.types is not None and bool(types & rule.types)
        if allowed is not None and (for_all or (for_some and not allowed)):
            return 1 if allowed else -1
    return 0


def _inside(zone: Zone, lat: Float64s, lon: Float64s) -> NDArray[np.bool_]:
    """bool by point: in one of the polygons and in none of its holes."""
    inside = np.zeros(len(lat), np.bool_)
    for outer, *holes in zone.polygons:
        lats, lons = np.array(outer[0]), np.array(outer[1])
        near = np.flatnonzero((lat >= lats.min()) & (lat <= lats.max()) & (lon >= lons.min()) & (lon <= lons.max()))
        here = near[_crossings(lats, lons, lat[near], lon[near])]
        for hole in holes:
            here = here[~_crossings(np.array(hole[0]), np.array(hole[1]), lat[here], lon[here])]
        inside[here] = True
    return inside


def _crossings(lats: Float64s, lons: Float64s, lat: Float64s, lon: Float64s) -> NDArray[np.bool_]:
    """bool by point: does a ray eastwards cross the ring an odd number of times?"""
    odd = np.zeros(len(lat), np.bool_)
    to_lat, to_lon = np.roll(lats, -1), np.roll(lons, -1)
    step = max(1, _CHUNK // max(1, len(lats)))
    for begin in range(0, len(lat), step):
        y, x = lat[begin : begin + step, None], lon[begin : begin + step, None]
        spans = (lats > y) != (to_lat > y)
        rise = np.where(to_lat == lats, 1.0, to_lat - lats)
        crosses = spans & (x < lons + (y - lats) * (to_lon - lons) / rise)
        odd[begin : begin + step] = crosses.sum(axis=1) % 2 == 1
    return odd


def _is_near_any(floating: Sequence[SharedVehicle], lat: Float64s, lon: Float64s) -> NDArray[np.bool_]:
    """bool by point: does a vehicle stand within `ZONE_M`? Flat earth, which is exact enough over so little."""
    at = np.array([(v.lat, v.lon) for v in floating]).reshape(-1, 2)
    near = np.zeros(len(lat), np.bool_)
    step = max(1, _CHUNK // max(1, len(at)))
    for begin in range(0, len(lat), step):
        y, x = lat[begin : begin + step, None], lon[begin : begin + step, None]
        north, east = (at[:, 0] - y) * _DEGREE_M, (at[:, 1] - x) * _DEGREE_M * np.cos(np.radians(y))
        near[begin : begin + step] = (north**2 + east**2 <= ZONE_M**2).any(axis=1)
    return near
