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
from smartreise.suggest.places import Place, place_of_stop
from smartreise.suggest.shared import ZONE_M, Fleet
from smartreise.suggest.ways import Way, hired_way, ride_s, walk
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.footpaths import crow_m
from smartreise.timetable.memo import remember
from smartreise.timetable.nearby import near

NEAR_PLACE: Final = 8
#: metres walked between a dock or a parked vehicle and a stop
DOCK_TO_STOP_M: Final = 400.0
MAX_AREAS: Final = 20
WORTH_S: Final = 120
#: crow-fly metres of a ride to or from a stop
MAX_RIDE_M: Final = 4_000.0
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
    walking: Walking
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
            return (walk(self.walking, start, end),)
        return hired_way(hired.fleet, self.walking, start, hired.pickup, hired.dropoff, end)


def on_foot(timetable: Timetable, place: Place, walking: Walking, *, max_walk_m: float, outward: bool) -> Approach:
    """Own stops at no cost, others within ``max_walk_m`` metres walked."""
    stops, crow = near(timetable, place.lat, place.lon, max_walk_m / walking.detour)
    seconds = {int(s): walking.time_s(float(d)) for s, d in zip(stops, crow, strict=True)}
    return Approach(place, walking, outward, seconds | dict.fromkeys(place.own_stops, 0))


def by_vehicle(
    timetable: Timetable, fleets: Sequence[Fleet], place: Place, walking: Walking, *, max_walk_m: float, outward: bool
) -> Approach:
    """By the vehicle that is soonest there, whoever's it is. Kept while the fleets stay as they are: buses are late
    more often than bikes are taken."""
    kept, key = _approaches(timetable), (place, walking, max_walk_m, outward, tuple(f.system.feed_id for f in fleets))
    held = kept.pop(key, None)
    if held is None or held[0] != fleets:
        held = list(fleets), _by_vehicle(timetable, fleets, place, walking, max_walk_m, outward)
    while len(kept) >= _MOST_APPROACHES:
        kept.pop(next(iter(kept)), None)
    kept[key] = held
    return held[1]


@remember(most=1)
def _approaches(timetable: Timetable) -> dict[Hashable, tuple[list[Fleet], Approach]]:
    return {}


def _by_vehicle(
    timetable: Timetable, fleets: Sequence[Fleet], place: Place, walking: Walking, max_walk_m: float, outward: bool
) -> Approach:
    seconds: dict[int, int] = {}
    hired: dict[int, _Hired] = {}
    for fleet in fleets:
        for stop, (needed, how) in _reached(timetable, fleet, place, walking, max_walk_m, outward).items():
            if needed < seconds.get(stop, 2**30):
                seconds[stop], hired[stop] = needed, how
    chosen = _soonest(timetable, seconds)
    return Approach(
        place, walking, outward, {stop: seconds[stop] for stop in chosen}, {stop: hired[stop] for stop in chosen}
    )


def nearest(place: Place, spots: Sequence[Spot], walking: Walking, max_walk_m: float) -> list[tuple[Spot, int]]:
    """The nearest few within a walk, with the seconds on foot."""
    box = max_walk_m / walking.detour / 111_000 * 1.1
    close = [s for s in spots if abs(s.lat - place.lat) <= box]
    by_distance = sorted((distance_m(place.lat, place.lon, s.lat, s.lon), s.id, s) for s in close)
    inside = [(spot, walking.time_s(crow)) for crow, _, spot in by_distance if walking.path_m(crow) <= max_walk_m]
    return inside[:NEAR_PLACE]


def may_float_to(fleet: Fleet, lat: float, lon: float) -> bool:
    """May a vehicle that floats free be left here? Where others of its system stand, see `ZONE_M`."""
    return any(distance_m(lat, lon, v.lat, v.lon) <= ZONE_M for v in fleet.floating)


def _reached(
    timetable: Timetable, fleet: Fleet, place: Place, walking: Walking, max_walk_m: float, outward: bool
) -> dict[int, tuple[int, _Hired]]:
    reached = _docked(timetable, fleet, place, walking, max_walk_m, outward)
    for stop, (needed, how) in _floating(timetable, fleet, place, walking, max_walk_m, outward).items():
        if stop not in reached or needed < reached[stop][0]:
            reached[stop] = needed, how
    return reached


def _docked(
    timetable: Timetable, fleet: Fleet, place: Place, walking: Walking, max_walk_m: float, outward: bool
) -> dict[int, tuple[int, _Hired]]:
    here, there = (fleet.pickups, fleet.dropoffs) if outward else (fleet.dropoffs, fleet.pickups)
    close = nearest(place, here, walking, max_walk_m)
    far = [s for s in there if distance_m(place.lat, place.lon, s.lat, s.lon) <= MAX_RIDE_M + max_walk_m]
    best: dict[int, tuple[int, _Hired]] = {}
    for station in far:
        rides = [
            (walk_s + ride_s(fleet.kind, crow), i)
            for i, (s, walk_s) in enumerate(close)
            if s.id != station.id and (crow := distance_m(s.lat, s.lon, station.lat, station.lon)) <= MAX_RIDE_M
        ]
        if not rides:
            continue
        needed, i = min(rides)
        own = close[i][0]
        assert isinstance(own, Station)
        how = _Hired(fleet, own, station) if outward else _Hired(fleet, station, own)
        _spread(timetable, best, station, needed, how, place, walking)
    return best


def _floating(
    timetable: Timetable, fleet: Fleet, place: Place, walking: Walking, max_walk_m: float, outward: bool
) -> dict[int, tuple[int, _Hired]]:
    best: dict[int, tuple[int, _Hired]] = {}
    if outward:
        for spot, walk_s in nearest(place, fleet.floating, walking, max_walk_m)[:3]:
            assert isinstance(spot, SharedVehicle)
            stops, crow = near(timetable, spot.lat, spot.lon, min(MAX_RIDE_M, spot.range_m or MAX_RIDE_M))
            for stop, metres in zip(stops.tolist(), crow.tolist(), strict=True):
                needed = walk_s + ride_s(fleet.kind, metres)
                if stop not in best or needed < best[stop][0]:
                    best[stop] = needed, _Hired(fleet, spot, None)
        zone = _zone_stops(timetable, tuple((v.lat, v.lon) for v in fleet.floating))
        return {
            stop: found
            for stop, found in best.items()
            if stop in zone and _worth(timetable, stop, found[0], place, walking)
        }
    if not may_float_to(fleet, place.lat, place.lon):
        return {}
    for vehicle in fleet.floating:
        crow_to = distance_m(place.lat, place.lon, vehicle.lat, vehicle.lon)
        if crow_to <= min(MAX_RIDE_M, vehicle.range_m or MAX_RIDE_M):
            how = _Hired(fleet, vehicle, None)
            _spread(timetable, best, vehicle, ride_s(fleet.kind, crow_to), how, place, walking)
    return best


def _spread(
    timetable: Timetable,
    best: dict[int, tuple[int, _Hired]],
    spot: Spot,
    needed: int,
    how: _Hired,
    place: Place,
    walking: Walking,
) -> None:
    """Add the stops within a short walk of a spot that is `needed` seconds from the place."""
    stops, crow = _stops_around(timetable, spot.lat, spot.lon, DOCK_TO_STOP_M / walking.detour)
    for stop, metres in zip(stops, crow, strict=True):
        total = needed + walking.time_s(metres)
        if (stop not in best or total < best[stop][0]) and _worth(timetable, stop, total, place, walking):
            best[stop] = total, how


def _worth(timetable: Timetable, stop: int, needed: int, place: Place, walking: Walking) -> bool:
    if stop in place.own_stops:
        return False
    crow = distance_m(place.lat, place.lon, float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop]))
    return needed + WORTH_S <= walking.time_s(crow)


@remember(most=8_000)
def _stops_around(
    timetable: Timetable, lat: float, lon: float, radius_m: float
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    stops, crow = near(timetable, lat, lon, radius_m)
    return tuple(stops.tolist()), tuple(crow.tolist())


@remember(most=16)
def _zone_stops(timetable: Timetable, points: tuple[tuple[float, float], ...]) -> frozenset[int]:
    """Stops near where vehicles stand: see `ZONE_M`."""
    inside: NDArray[np.bool_] = np.zeros(len(timetable.stop_lat), dtype=np.bool_)
    for lat, lon in points:
        box = np.flatnonzero(np.abs(timetable.stop_lat - lat) <= ZONE_M / 111_000 * 1.01)
        metres = crow_m(
            np.full(len(box), lat), np.full(len(box), lon), timetable.stop_lat[box], timetable.stop_lon[box]
        )
        inside[box[metres <= ZONE_M]] = True
    return frozenset(np.flatnonzero(inside).tolist())


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
