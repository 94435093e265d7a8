"""Ways off transit: on foot, or on a shared vehicle with a walk at either end.

What a reader would get wrong: a way has no times of day, only durations. Where it is laid into a journey decides
when it starts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from smartreise.model.geo import distance_m
from smartreise.model.mobility import MobilitySystem, SharedVehicle, Station
from smartreise.model.street import StreetPath
from smartreise.suggest.footing import Footing
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
    #: along streets; None: crow-fly
    path: StreetPath | None = None


Way = tuple[Stretch, ...]


def duration_s(way: Way) -> int:
    """Seconds for all of a way."""
    return sum(stretch.duration_s for stretch in way)


def walk(footing: Footing, start: Place, end: Place, *, back: bool = False) -> Stretch:
    """From place to place on foot. ``back``: searched for from the end."""
    found, path = footing.walk((start.lat, start.lon), (end.lat, end.lon), back=back)
    return Stretch("walk", start, end, found.seconds, found.metres, path=path)


def ride_s(kind: Kind, metres: float) -> int:
    """Seconds on a shared vehicle over so many metres of street, unlocking and locking counted."""
    return kind.unlock_s + math.ceil(round(metres / kind.speed_mps, 6)) + kind.lock_s


def hired_way(
    fleet: Fleet,
    footing: Footing,
    start: Place,
    pickup: Station | SharedVehicle,
    dropoff: Station | None,
    end: Place,
    *,
    outward: bool | None = None,
) -> Way:
    """Walk to the pickup, ride, walk on from the drop-off; without one, ride to the end itself. ``outward``: from a
    place to a stop (True), from a stop to a place (False), or from place to place (None)."""
    station, vehicle = (pickup, None) if isinstance(pickup, Station) else (None, pickup)
    taken = _place(fleet, pickup, start)
    left = end if dropoff is None else _place(fleet, dropoff, end)
    hire = Hire(fleet.system, fleet.kind.form, station, vehicle, dropoff)
    parts = [walk(footing, start, taken, back=outward is False), _ride(fleet.kind, footing, taken, left, hire, outward)]
    if dropoff is not None:
        parts.append(walk(footing, left, end, back=outward is not True))
    return tuple(part for part in parts if part.duration_s > 0)


def _ride(kind: Kind, footing: Footing, start: Place, end: Place, hire: Hire, outward: bool | None) -> Stretch:
    at, to = (start.lat, start.lon), (end.lat, end.lon)
    if kind.form == "car":  # nobody here knows roads for cars
        metres = distance_m(*at, *to) * kind.detour
        return Stretch(kind.form, start, end, ride_s(kind, metres), metres, hire)
    back = outward is False
    (weighed,) = footing.rides(to, [at], kind.detour, back=True) if back else footing.rides(at, [to], kind.detour)
    path = footing.ride_path(at, to, back=back)
    metres = weighed if path is None else path.distance_m
    return Stretch(kind.form, start, end, ride_s(kind, weighed), metres, hire, path)


def _place(fleet: Fleet, of: Station | SharedVehicle, near: Place) -> Place:
    name = of.name if isinstance(of, Station) else fleet.system.name
    return Place(name=name or near.name, lat=of.lat, lon=of.lon, mobility_id=of.id)
