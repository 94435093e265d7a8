"""Ways off transit: on foot, or on a shared vehicle with a walk at either end.

What a reader would get wrong: a way has no times of day, only durations. Where it is laid into a journey decides
when it starts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from smartreise.model.geo import Walking, distance_m
from smartreise.model.mobility import MobilitySystem, SharedVehicle, Station
from smartreise.suggest.places import Place
from smartreise.suggest.shared import Fleet, Kind


@dataclass(frozen=True, slots=True)
class Hire:
    """Whose vehicle, taken where and left where. One of ``station`` and ``vehicle`` is set; ``dropoff`` is None
    where it may be left anywhere."""

    system: MobilitySystem
    form: str
    station: Station | None
    vehicle: SharedVehicle | None
    dropoff: Station | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a way by one means. ``mode`` is walk or the vehicle's form."""

    mode: str
    start: Place
    end: Place
    duration_s: int
    distance_m: float
    hire: Hire | None = None


Way = tuple[Stretch, ...]


def duration_s(way: Way) -> int:
    """Seconds for all of a way."""
    return sum(stretch.duration_s for stretch in way)


def walk(walking: Walking, start: Place, end: Place) -> Stretch:
    """From place to place on foot."""
    crow = distance_m(start.lat, start.lon, end.lat, end.lon)
    return Stretch("walk", start, end, walking.time_s(crow), walking.path_m(crow))


def ride_s(kind: Kind, crow_m: float) -> int:
    """Seconds on a shared vehicle, unlocking and locking counted."""
    return kind.unlock_s + math.ceil(round(crow_m * kind.detour / kind.speed_mps, 6)) + kind.lock_s


def hired_way(
    fleet: Fleet,
    walking: Walking,
    start: Place,
    pickup: Station | SharedVehicle,
    dropoff: Station | None,
    end: Place,
) -> Way:
    """Walk to the pickup, ride, walk on from the drop-off; without one, ride to the end itself."""
    station, vehicle = (pickup, None) if isinstance(pickup, Station) else (None, pickup)
    taken = _place(fleet, pickup, start)
    left = end if dropoff is None else _place(fleet, dropoff, end)
    crow = distance_m(taken.lat, taken.lon, left.lat, left.lon)
    hire = Hire(fleet.system, fleet.kind.form, station, vehicle, dropoff)
    ride = Stretch(fleet.kind.form, taken, left, ride_s(fleet.kind, crow), crow * fleet.kind.detour, hire)
    parts = [walk(walking, start, taken), ride]
    if dropoff is not None:
        parts.append(walk(walking, left, end))
    return tuple(part for part in parts if part.duration_s > 0)


def _place(fleet: Fleet, of: Station | SharedVehicle, near: Place) -> Place:
    name = of.name if isinstance(of, Station) else fleet.system.name
    return Place(name=name or near.name, lat=of.lat, lon=of.lon, mobility_id=of.id)
