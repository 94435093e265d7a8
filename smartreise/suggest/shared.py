"""What shared vehicles may be relied on now: states of stations, and who rents what where.

What a reader would get wrong: a count that is unknown counts as none, and a station whose report is old is shown
but not trusted with a person's way home.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from smartreise.live.snapshot import Snapshot
from smartreise.model.geo import distance_m
from smartreise.model.mobility import MobilitySystem, SharedVehicle, Station
from smartreise.suggest.zones import may_end
from smartreise.timetable.arrays import Float64s

#: a station that last reported longer ago than this is stale
STATION_STALE_S: Final = 2400
#: a system's status older than this, and than three times its ttl, is stale as a whole
SYSTEM_STALE_S: Final = 600
#: counts say nothing about a time further ahead than this
COUNTS_HOLD_S: Final = 2 * 3600
#: from this many vehicles or docks down, they are the last ones
LAST_ONES: Final = 2
#: a chance below this of a vehicle or a dock when one gets there is little margin
SURE: Final = 0.75
#: vehicles that float free within this (crow-fly m) of one another are "here" together
AROUND_M: Final = 150.0


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of shared vehicle is used: crow-fly × ``detour`` at ``speed_mps``, and what it takes to start."""

    form: str
    speed_mps: float
    detour: float
    unlock_s: int
    lock_s: int
    max_ride_m: float
    #: crow-fly metres of a ride to or from a stop
    max_to_stop_m: float = 4_000.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """The vehicles of one kind in one system that may be taken, and where they may be left."""

    system: MobilitySystem
    kind: Kind
    pickups: tuple[Station, ...]
    dropoffs: tuple[Station, ...]
    floating: tuple[SharedVehicle, ...]
    #: where one that stands free may be left: anywhere that the operator allows, at stations
    floats: bool = True
    docks: bool = False
    #: may one that was taken at a station be left anywhere that the operator allows?
    leaves_stations: bool = False

    @property
    def types(self) -> frozenset[str]:
        """Ids of its vehicle types."""
        return frozenset(t.id for t in self.system.vehicle_types if t.form == self.kind.form)

    def may_end(self, lat: Float64s, lon: Float64s) -> NDArray[np.bool_]:
        """bool by point: may one be left there, outside stations?"""
        return may_end(self.system.zones, self.types, self.floating, lat, lon)

    def may_end_at(self, lat: float, lon: float) -> bool:
        """The same of one point."""
        return bool(self.may_end(np.array([lat]), np.array([lon]))[0])


def list_fleets(
    snapshot: Snapshot, forms: Iterable[str], *, now: int, providers: frozenset[str] | None = None
) -> list[Fleet]:
    """Fleets of these forms (bike, scooter, car) in systems that are open, with at least one vehicle to take; of
    these ``providers`` alone, by feed or system id."""
    fleets, wanted = [], set(forms)
    open_ = [(system, _forms(system)) for system in snapshot.mobility if system.state != "closed"]
    for kind in kinds(snapshot):
        for system, there in open_:
            if kind.form not in wanted or kind.form not in there:
                continue
            if providers is not None and providers.isdisjoint((system.feed_id, system.system_id)):
                continue
            fleet = _fleet(system, kind, now)
            if (fleet.pickups or fleet.floating) and not _returns_to_start(system, kind.form):
                fleets.append(fleet)
    return fleets


def _forms(system: MobilitySystem) -> set[str]:
    """Kinds of vehicles that there are now."""
    return {form for station in system.stations for form in station.available} | {v.form for v in system.vehicles}


def kinds(snapshot: Snapshot) -> tuple[Kind, ...]:
    """The kinds of vehicles that we suggest, at the region's cycling speed; a shared car at a city's average."""
    speed, detour = snapshot.region.bike_mps, snapshot.region.bike_detour
    return (
        Kind("bike", speed, detour, unlock_s=60, lock_s=30, max_ride_m=10_000),
        Kind("scooter", speed, detour, unlock_s=60, lock_s=30, max_ride_m=10_000),
        Kind("car", 8.0, 1.4, unlock_s=120, lock_s=120, max_ride_m=60_000, max_to_stop_m=15_000),
    )


def station_state(system: MobilitySystem, station: Station, *, now: int) -> str:
    """open, closed, stale or unknown, as the contract shows it."""
    neither = station.is_renting is False and station.is_returning is False
    if system.state == "closed" or station.is_installed is False or neither:
        return "closed"
    if station.bikes is None and station.docks is None and not station.available:
        return "unknown"
    stale_at = station_stale_at(system, station)
    return "stale" if now >= stale_at else "open"


def station_stale_at(system: MobilitySystem, station: Station) -> int:
    """Epoch second from which the station's counts are old if nothing new comes."""
    made = _made_at(system, system.stations_at) + max(SYSTEM_STALE_S, 3 * system.ttl_s)
    reported = station.reported_at
    return made + 1 if reported is None else min(made, reported + STATION_STALE_S) + 1


def vehicles_fresh(system: MobilitySystem, *, now: int) -> bool:
    """Is the list of free vehicles recent enough to send somebody to one?"""
    return now - _made_at(system, system.vehicles_at) <= max(SYSTEM_STALE_S, 3 * system.ttl_s)


def may_take(system: MobilitySystem, station: Station, form: str, *, now: int) -> bool:
    """Is there surely a vehicle to take?"""
    return station_state(system, station, now=now) == "open" and station.available.get(form, 0) > 0


def may_leave(system: MobilitySystem, station: Station, form: str, *, now: int) -> bool:
    """Is there surely room to leave one? A virtual station always has room while it takes returns, and so has a
    parking of cars that says nothing of its room."""
    if station_state(system, station, now=now) != "open" or station.is_returning is False:
        return False
    if station.docks_for is not None and not station.is_virtual:
        return station.docks_for.get(form, 0) > 0
    return station.is_virtual or (station.docks or 0) > 0 or (form == "car" and station.is_unlimited)


def chance_at(system: MobilitySystem, station: Station, at: int, what: Literal["bike", "dock"]) -> float | None:
    """The chance of at least one vehicle, or dock, at epoch second ``at``, by the forecast; None where there is none,
    or the time is further away than it reaches. Between two horizons it lies on the line, the count now being 0 s."""
    told = system.forecasts.get(station.id)
    if not told or system.forecasts_at is None:
        return None
    ahead = at - system.forecasts_at
    count = (sum(station.available.values()) if what == "bike" else station.docks) or 0
    known = [(0, float(count >= 1)), *((row[0], row[1] if what == "bike" else row[2]) for row in told)]
    if not 0 <= ahead <= known[-1][0]:
        return None
    for (low, a), (high, b) in pairwise(known):
        if ahead <= high:
            return a + (b - a) * (ahead - low) / (high - low)
    return None


def count_around(system: MobilitySystem, vehicle: SharedVehicle) -> int:
    """How many floating vehicles of its kind stand within a few steps of one, itself included: a screen speaks to many
    people, and the second takes the next one."""
    return sum(
        other.form == vehicle.form and distance_m(vehicle.lat, vehicle.lon, other.lat, other.lon) <= AROUND_M
        for other in system.vehicles
    )


def _made_at(system: MobilitySystem, at: int | None) -> int:
    return system.updated_at if at is None else at


def _fleet(system: MobilitySystem, kind: Kind, now: int) -> Fleet:
    floating = system.vehicles if vehicles_fresh(system, now=now) else ()
    returns = {t.return_constraint for t in system.vehicle_types if t.form == kind.form}
    return Fleet(
        system=system,
        kind=kind,
        pickups=tuple(s for s in system.stations if may_take(system, s, kind.form, now=now)),
        dropoffs=tuple(s for s in system.stations if may_leave(system, s, kind.form, now=now)),
        floating=tuple(v for v in floating if v.form == kind.form and v.may_start),
        floats=not returns or not returns <= {"any_station", "roundtrip_station"},
        docks=bool(returns & {"any_station", "hybrid"}),
        leaves_stations=bool(returns) and returns <= {"free_floating", "hybrid"},
    )


def _returns_to_start(system: MobilitySystem, form: str) -> bool:
    """Must vehicles of this form come back to where they were taken? Then they are no one-way ride."""
    constraints = {t.return_constraint for t in system.vehicle_types if t.form == form}
    return constraints == {"roundtrip_station"}
