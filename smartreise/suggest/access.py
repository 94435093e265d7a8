"""Which stops can be reached from a place, on foot or by shared vehicle, in how many seconds and which way.

The same serves for both ends: as access from an origin, as egress to a destination. On a shared vehicle it is
exact over the candidates: the `NEAR_PLACE` nearest pickups (or drop-offs) at the place and every one at the
stops within `DOCK_TO_STOP_M`, for the `MAX_AREAS` stations soonest reached, where trains, metro and boats count
as five minutes nearer. A vehicle must save `WORTH_S` against walking all the way.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.model.geo import Walking, distance_m
from smartreise.model.mobility import SharedVehicle, Station
from smartreise.model.modes import TRANSIT_MODES
from smartreise.planner.query import StopTimesTo
from smartreise.suggest.footing import Footing
from smartreise.suggest.places import Place, place_of_stop
from smartreise.suggest.shared import Fleet, Kind
from smartreise.suggest.ways import Way, hired_way, walk
from smartreise.suggest.zones import ENOUGH
from smartreise.timetable.arrays import Float64s, Timetable
from smartreise.timetable.footpaths import crow_m
from smartreise.timetable.memo import remember
from smartreise.timetable.nearby import near

NEAR_PLACE: Final = 16
#: metres walked between a dock or a parked vehicle and a stop
DOCK_TO_STOP_M: Final = 600.0
MAX_AREAS: Final = 20
WORTH_S: Final = 120
#: vehicles that float free are alike: of those near a place only the nearest few are looked at
_FEW: Final = 3
_NEVER: Final = 2**30
_RAPID: Final = sum(1 << TRANSIT_MODES.index(mode) for mode in ("metro", "rail", "ferry"))
_RAPID_BONUS_S: Final = 300

#: approaches by vehicle that are kept, the least recently used goes first
_MOST_APPROACHES: Final = 4_000

Spot = Station | SharedVehicle


@dataclass(frozen=True, slots=True)
class _Hired:
    fleet: Fleet
    pickup: Spot
    dropoff: Station | None


@dataclass(frozen=True, slots=True)
class Approach:
    """Seconds between a place and stops; `way` tells how."""

    place: Place
    footing: Footing
    outward: bool
    seconds: dict[int, int]
    hired: dict[int, _Hired] = field(default_factory=dict)

    def times(self, slack_s: int = 0) -> StopTimesTo:
        """As the planner takes it, by stop index."""
        stops = sorted(self.seconds)
        seconds = [self.seconds[stop] + slack_s for stop in stops]
        return StopTimesTo(np.array(stops, dtype=np.int32), np.array(seconds, dtype=np.int32))

    def way(self, timetable: Timetable, stop: int) -> Way:
        """The way from the place to a stop, or from the stop to the place; nothing where that costs nothing."""
        if self.seconds[stop] == 0:
            return ()
        there = place_of_stop(timetable, stop)
        start, end = (self.place, there) if self.outward else (there, self.place)
        hired = self.hired.get(stop)
        if hired is None:
            return (walk(self.footing, start, end, back=not self.outward),)
        return hired_way(hired.fleet, self.footing, start, hired.pickup, hired.dropoff, end, outward=self.outward)


def on_foot(timetable: Timetable, place: Place, footing: Footing, *, max_walk_m: float, outward: bool) -> Approach:
    """Own stops at no cost, others within ``max_walk_m`` metres walked."""
    stops, _ = near(timetable, place.lat, place.lon, max_walk_m / footing.reach)
    points = [(float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop])) for stop in stops]
    walks = footing.walks((place.lat, place.lon), points, max_walk_m)
    seconds = {int(stop): walk.seconds for stop, walk in zip(stops, walks, strict=True) if walk is not None}
    return Approach(place, footing, outward, seconds | dict.fromkeys(place.own_stops, 0))


def by_vehicle(
    timetable: Timetable, fleets: Sequence[Fleet], place: Place, footing: Footing, *, max_walk_m: float, outward: bool
) -> Approach:
    """By the vehicle that is soonest there, whoever's it is. Kept while the fleets stay as they are: buses are late
    more often than bikes are taken."""
    kept, key = (
        _approaches(timetable),
        (place, footing, max_walk_m, outward, tuple((f.system.feed_id, f.kind.form) for f in fleets)),
    )
    held = kept.pop(key, None)
    if held is None or held[0] != fleets:
        held = list(fleets), _by_vehicle(timetable, fleets, place, footing, max_walk_m, outward)
    while len(kept) >= _MOST_APPROACHES:
        kept.pop(next(iter(kept)), None)
    kept[key] = held
    return held[1]


@remember(most=1)
def _approaches(timetable: Timetable) -> dict[Hashable, tuple[list[Fleet], Approach]]:
    return {}


def _by_vehicle(
    timetable: Timetable, fleets: Sequence[Fleet], place: Place, footing: Footing, max_walk_m: float, outward: bool
) -> Approach:
    seconds: dict[int, int] = {}
    hired: dict[int, _Hired] = {}
    for fleet in fleets:
        for stop, (needed, how) in _reached(timetable, fleet, place, footing, max_walk_m, outward).items():
            if needed < seconds.get(stop, 2**30):
                seconds[stop], hired[stop] = needed, how
    chosen = _soonest(timetable, seconds)
    return Approach(
        place, footing, outward, {stop: seconds[stop] for stop in chosen}, {stop: hired[stop] for stop in chosen}
    )


def nearest(place: Place, spots: Sequence[Spot], footing: Footing, max_walk_m: float) -> list[tuple[Spot, int]]:
    """The nearest few within a walk, with the seconds on foot."""
    box = max_walk_m / footing.reach / 111_000 * 1.1
    close = [s for s in spots if abs(s.lat - place.lat) <= box]
    by_distance = sorted((distance_m(place.lat, place.lon, s.lat, s.lon), s.id, s) for s in close)
    inside = [spot for crow, _, spot in by_distance if crow * footing.reach <= max_walk_m][: 2 * NEAR_PLACE]
    walks = footing.walks((place.lat, place.lon), [(spot.lat, spot.lon) for spot in inside], max_walk_m)
    return [(spot, walk.seconds) for spot, walk in zip(inside, walks, strict=True) if walk is not None][:NEAR_PLACE]


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a trip by vehicle: the place, how far people walk there, and which way they go."""

    place: Place
    footing: Footing
    max_walk_m: float
    outward: bool

    def close(self, spots: Sequence[Spot]) -> list[tuple[Spot, int]]:
        """The nearest few spots, with the seconds on foot."""
        return nearest(self.place, spots, self.footing, self.max_walk_m)

    def within(self, spots: Sequence[Spot], metres: float) -> list[Spot]:
        """Spots within crow-fly metres."""
        lat, lon = _places(spots)
        there = _crow(np.array([self.place.lat]), np.array([self.place.lon]), lat, lon)[0]
        return [spots[i] for i in np.flatnonzero(there <= metres).tolist()]

    def ridden(self, kind: Kind, spot: Spot | Place, others: Sequence[Spot]) -> list[float]:
        """Metres by vehicle between a spot near the place and others, in the direction that people go."""
        return self.ridden_to(kind, spot, [(other.lat, other.lon) for other in others])

    def ridden_to(self, kind: Kind, spot: Spot | Place, ends: Sequence[tuple[float, float]]) -> list[float]:
        """The same of points."""
        if kind.form == "car":
            return [distance_m(spot.lat, spot.lon, *end) * kind.detour for end in ends]
        return self.footing.rides((spot.lat, spot.lon), ends, kind.detour, back=not self.outward)


def _reached(
    timetable: Timetable, fleet: Fleet, place: Place, footing: Footing, max_walk_m: float, outward: bool
) -> dict[int, tuple[int, _Hired]]:
    """Per stop the soonest way by one fleet."""
    end = _End(place, footing, max_walk_m, outward)
    best: dict[int, tuple[int, _Hired]] = {}
    found = [_to_docks(timetable, fleet, end)]
    found.append(_left_at_stops(timetable, fleet, end) if outward else _left_at_place(timetable, fleet, end))
    for ways in found:
        for stop, (needed, how) in ways.items():
            if fleet.kind.form == "car" and not int(timetable.stop_modes[stop]) & _RAPID:
                continue  # nobody parks a car to wait for a bus
            if (stop not in best or needed < best[stop][0]) and _worth(timetable, stop, needed, place, footing.usual):
                best[stop] = needed, how
    return best


def _to_docks(timetable: Timetable, fleet: Fleet, end: _End) -> dict[int, tuple[int, _Hired]]:
    """From pickups to docks: near the place on one side, near stops on the other."""
    takes: tuple[Spot, ...] = (*fleet.pickups, *fleet.floating) if fleet.docks else fleet.pickups
    here, there = (takes, fleet.dropoffs) if end.outward else (fleet.dropoffs, takes)
    close, far = end.close(here), end.within(there, fleet.kind.max_to_stop_m + end.max_walk_m)
    if not close or not far:
        return {}
    crow = _crow(*_places([spot for spot, _ in close]), *_places(far))
    apart = np.array([[spot.id != other.id for other in far] for spot, _ in close])
    limit = np.array([[_range_m(fleet, a if end.outward else b) for b in far] for a, _ in close])
    metres = np.array([end.ridden(fleet.kind, spot, far) for spot, _ in close])
    needed = np.where(apart & (crow <= limit), _ride_s(fleet.kind, metres), _NEVER)
    needed += np.array([[walk_s] for _, walk_s in close])
    which = needed.argmin(axis=0)
    soonest = needed[which, np.arange(len(far))]
    reachable = np.flatnonzero(soonest < _NEVER)

    def how(i: int) -> _Hired:
        own, other = close[which[i]][0], far[i]
        pickup, dropoff = (own, other) if end.outward else (other, own)
        assert isinstance(dropoff, Station)
        return _Hired(fleet, pickup, dropoff)

    return _spread(
        timetable, end, [far[i] for i in reachable.tolist()], soonest[reachable], [how(i) for i in reachable.tolist()]
    )


def _left_at_stops(timetable: Timetable, fleet: Fleet, end: _End) -> dict[int, tuple[int, _Hired]]:
    """From vehicles near the place to stops at which they may be left."""
    close = end.close(_leavable(fleet))[:_FEW]
    if not close:
        return {}
    stops, _ = near(timetable, end.place.lat, end.place.lon, fleet.kind.max_to_stop_m + end.max_walk_m)
    zones = fleet.system.zones
    stands = () if len(fleet.floating) < ENOUGH and zones is None else tuple((v.lat, v.lon) for v in fleet.floating)
    stops = stops[_may_end_at_stops(timetable, _Ground(fleet, (zones, fleet.types, stands)))[stops]]
    crow = _crow(*_places([spot for spot, _ in close]), timetable.stop_lat[stops], timetable.stop_lon[stops])
    limit = np.array([[_range_m(fleet, spot)] for spot, _ in close])
    ends = [(float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop])) for stop in stops]
    metres = np.array([end.ridden_to(fleet.kind, spot, ends) for spot, _ in close]).reshape(crow.shape)
    needed = np.where(crow <= limit, _ride_s(fleet.kind, metres), _NEVER) + np.array([[w] for _, w in close])
    which = needed.argmin(axis=0) if len(stops) else np.empty(0, np.int64)
    return {
        int(stop): (int(needed[which[i], i]), _Hired(fleet, close[which[i]][0], None))
        for i, stop in enumerate(stops)
        if needed[which[i], i] < _NEVER
    }


def _left_at_place(timetable: Timetable, fleet: Fleet, end: _End) -> dict[int, tuple[int, _Hired]]:
    """From vehicles near stops to the place itself, where one may be left there."""
    far = end.within(_leavable(fleet), fleet.kind.max_to_stop_m)
    if not far or not fleet.may_end_at(end.place.lat, end.place.lon):
        return {}
    crow = _crow(np.array([end.place.lat]), np.array([end.place.lon]), *_places(far))[0]
    able = [i for i, spot in enumerate(far) if crow[i] <= _range_m(fleet, spot)]
    able_spots = [far[i] for i in able]
    needed = _ride_s(fleet.kind, np.array(end.ridden(fleet.kind, end.place, able_spots)))
    reachable = [i for i, seconds in enumerate(needed.tolist()) if seconds < _NEVER]
    spots = [able_spots[i] for i in reachable]
    return _spread(timetable, end, spots, needed[reachable], [_Hired(fleet, spot, None) for spot in spots])


def _leavable(fleet: Fleet) -> tuple[Spot, ...]:
    """Vehicles that may be left outside stations."""
    floating = fleet.floating if fleet.floats else ()
    return (*floating, *fleet.pickups) if fleet.leaves_stations else floating


def _range_m(fleet: Fleet, spot: Spot) -> float:
    """Crow-fly metres that may be ridden from here to or from a stop."""
    known = spot.range_m if isinstance(spot, SharedVehicle) else None
    return fleet.kind.max_to_stop_m if known is None else min(fleet.kind.max_to_stop_m, known)


def _ride_s(kind: Kind, metres: Float64s) -> NDArray[np.int64]:
    """`ways.ride_s` of many distances; `_NEVER` of infinite ones."""
    seconds = np.ceil(np.round(np.where(np.isinf(metres), 0.0, metres) / kind.speed_mps, 6)).astype(np.int64)
    return np.where(np.isinf(metres), _NEVER, seconds + kind.unlock_s + kind.lock_s)


def _spread(
    timetable: Timetable, end: _End, spots: Sequence[Spot], needed: NDArray[np.int64], how: Sequence[_Hired]
) -> dict[int, tuple[int, _Hired]]:
    """Stops within a short walk of spots that are so many seconds from the place."""
    best: dict[int, tuple[int, int]] = {}
    limit_m = min(DOCK_TO_STOP_M, end.max_walk_m)
    for i, (spot, seconds) in enumerate(zip(spots, needed.tolist(), strict=True)):
        for stop, walk_s in _stops_around(timetable, spot.lat, spot.lon, limit_m, end.footing):
            total = seconds + walk_s
            if stop not in best or total < best[stop][0]:
                best[stop] = total, i
    return {stop: (total, how[i]) for stop, (total, i) in best.items()}


def _worth(timetable: Timetable, stop: int, needed: int, place: Place, walking: Walking) -> bool:
    if stop in place.own_stops:
        return False
    crow = distance_m(place.lat, place.lon, float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop]))
    return needed + WORTH_S <= walking.time_s(crow)


def _places(spots: Sequence[Spot]) -> tuple[Float64s, Float64s]:
    return np.array([spot.lat for spot in spots], np.float64), np.array([spot.lon for spot in spots], np.float64)


def _crow(lat: Float64s, lon: Float64s, other_lat: Float64s, other_lon: Float64s) -> Float64s:
    """Crow-fly metres between all pairs."""
    return crow_m(lat[:, None], lon[:, None], other_lat[None, :], other_lon[None, :])


@remember(most=8_000)
def _stops_around(
    timetable: Timetable, lat: float, lon: float, limit_m: float, footing: Footing
) -> tuple[tuple[int, int], ...]:
    """Stops within a walk, with the seconds on foot."""
    stops, _ = near(timetable, lat, lon, limit_m / footing.reach)
    points = [(float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop])) for stop in stops]
    walks = footing.walks((lat, lon), points, limit_m)
    return tuple((int(stop), walk.seconds) for stop, walk in zip(stops, walks, strict=True) if walk is not None)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where a fleet may be left, told apart by what that depends on."""

    fleet: Fleet = field(compare=False)
    depends: Hashable


@remember(most=16)
def _may_end_at_stops(timetable: Timetable, ground: _Ground) -> NDArray[np.bool_]:
    """bool[S]"""
    return ground.fleet.may_end(timetable.stop_lat, timetable.stop_lon)


def _soonest(timetable: Timetable, seconds: dict[int, int]) -> list[int]:
    """Stops of the station areas soonest reached."""
    areas: dict[int, int] = {}
    for stop, needed in seconds.items():
        rapid = int(timetable.stop_modes[stop]) & _RAPID
        area = max(int(timetable.stop_parent[stop]), -1)
        key = area if area >= 0 else stop
        areas[key] = min(areas.get(key, 2**30), needed - (_RAPID_BONUS_S if rapid else 0))
    kept = set(sorted(areas, key=lambda area: (areas[area], area))[:MAX_AREAS])
    parents = timetable.stop_parent
    return sorted(s for s in seconds if (int(parents[s]) if parents[s] >= 0 else s) in kept)
