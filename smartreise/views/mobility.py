"""Shared vehicles around a point: stations with what may be taken and left, and vehicles that float free.

What a reader would get wrong: a closed system has no counts, not zero bikes; a station whose report is old keeps
its counts but reads ``stale``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import UNSET

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.geo import Walking, distance_m
from smartreise.model.mobility import MobilitySystem, SharedVehicle, Station
from smartreise.model.service_day import iso
from smartreise.suggest.footing import Footing
from smartreise.suggest.shared import station_stale_at, station_state, vehicles_fresh
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.params import RADIUS, Canonical, Parameter, Point, canonical

NEAR: Final = Point(name="near", about="A place as lat,lon.", required=True, example="59.8953,10.6284")
#: rows of an office's screen: stations, and kinds of vehicles that float free
_OFFICE_STATIONS: Final = 6


@dataclass(frozen=True, slots=True)
class _Near:
    """A station or a vehicle, its system, and crow-fly metres to it."""

    system: MobilitySystem
    metres: float
    station: Station | None = None
    vehicle: SharedVehicle | None = None


class MobilityView:
    """`GET /v1/mobility` and the topic `mobility`."""

    name = "mobility"
    about = "Shared bikes, scooters and cars around a place"
    parameters: Sequence[Parameter[Any]] = (NEAR, RADIUS)
    result: type[wire.Wire] = wire.Mobility
    reads: frozenset[Aspect] = frozenset({"mobility"})

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        lat, lon = NEAR.get(params)
        found = _list_near(snapshot, lat, lon, RADIUS.get(params))
        data = wire.Mobility(
            stations=[_station(snapshot, near, near.station, now) for near in found if near.station is not None],
            vehicles=[_vehicle(snapshot, near, near.vehicle) for near in found if near.vehicle is not None],
        )
        return Answer(data, stale_turn(((n.system, n.station) for n in found if n.station is not None), now=now))


def office_mobility(
    snapshot: Snapshot, lat: float, lon: float, *, max_walk_m: float, walk_speed: float | None, now: int
) -> tuple[list[wire.OfficeMobility], int | None]:
    """Rows for a screen: the nearest stations, then one row per provider and kind of free vehicles; and when the
    first of the stations grows stale."""
    usual = snapshot.region.walking
    footing = Footing(Walking(usual.detour, walk_speed or usual.speed_mps), snapshot.streets)
    found = _list_near(snapshot, lat, lon, max_walk_m / usual.detour)

    def walk_s(to: Station | SharedVehicle | None) -> int:
        assert to is not None
        return footing.walk((lat, lon), (to.lat, to.lon))[0].seconds

    stations = [near for near in found if near.station is not None][:_OFFICE_STATIONS]
    rows = [_station_row(snapshot, n, n.station, walk_s(n.station), now) for n in stations if n.station is not None]
    floating: dict[tuple[str, str], list[_Near]] = {}
    for near in found:
        if near.vehicle is not None:
            floating.setdefault((near.system.feed_id, near.vehicle.form), []).append(near)
    rows += [_floating_row(snapshot, group, walk_s(group[0].vehicle), now) for group in floating.values()]
    return rows, stale_turn(((n.system, n.station) for n in stations if n.station is not None), now=now)


def stale_turn(stations: Iterable[tuple[MobilitySystem, Station]], *, now: int) -> int | None:
    """When the first of these (system, station) grows stale if nothing new comes."""
    turns = [station_stale_at(system, station) for system, station in stations]
    return min((turn for turn in turns if turn > now), default=None)


def _list_near(snapshot: Snapshot, lat: float, lon: float, radius_m: float) -> list[_Near]:
    """Stations and free vehicles within crow-fly metres, nearest first."""
    found = []
    for system in snapshot.mobility:
        for station in system.stations:
            found.append(_Near(system, distance_m(lat, lon, station.lat, station.lon), station=station))
        for vehicle in system.vehicles:
            found.append(_Near(system, distance_m(lat, lon, vehicle.lat, vehicle.lon), vehicle=vehicle))
    inside = [near for near in found if near.metres <= radius_m]
    return sorted(inside, key=lambda n: (n.metres, n.system.feed_id, _id(n)))


def _id(near: _Near) -> str:
    return near.station.id if near.station is not None else near.vehicle.id if near.vehicle is not None else ""


def _station(snapshot: Snapshot, near: _Near, station: Station, now: int) -> wire.MobilityStation:
    closed = near.system.state == "closed"
    return wire.MobilityStation(
        id=station.id,
        provider=near.system.system_id,
        name=station.name,
        lat=round(station.lat, 6),
        lon=round(station.lon, 6),
        bikes=None if closed else station.bikes,
        ebikes=None if closed else station.ebikes,
        docks=None if closed else station.docks,
        is_renting=station.is_renting,
        is_returning=station.is_returning,
        state=station_state(near.system, station, now=now),
        reported_at=_instant(snapshot, station.reported_at),
        forecast=_forecast(near.system, station, now),
        available={} if closed else dict(station.available),
        capacity=station.capacity,
        walk_s=snapshot.region.walking.time_s(near.metres),
        distance_m=float(round(near.metres)),
        rental_url=station.rental_url,
    )


def _forecast(system: MobilitySystem, station: Station, now: int) -> list[wire.Forecast] | None:
    """What is told of the station, unless that is as old as what it tells about, or the station is closed."""
    told = system.forecasts.get(station.id)
    if not told or system.forecasts_at is None or now - system.forecasts_at > told[0][0]:
        return None
    if station_state(system, station, now=now) != "open":
        return None
    sure = system.confidence.get(station.id, UNSET)
    return [wire.Forecast(in_s=in_s, p_bike=bike, p_dock=dock, confidence=sure) for in_s, bike, dock in told]


def _vehicle(snapshot: Snapshot, near: _Near, vehicle: SharedVehicle) -> wire.MobilityVehicle:
    return wire.MobilityVehicle(
        id=vehicle.id,
        provider=near.system.system_id,
        lat=round(vehicle.lat, 6),
        lon=round(vehicle.lon, 6),
        form=vehicle.form,
        propulsion=vehicle.propulsion,
        range_m=vehicle.range_m,
        walk_s=snapshot.region.walking.time_s(near.metres),
        distance_m=float(round(near.metres)),
        rental_url=vehicle.rental_url,
    )


def _station_row(snapshot: Snapshot, near: _Near, station: Station, walk_s: int, now: int) -> wire.OfficeMobility:
    closed = near.system.state == "closed"
    form = max(station.available, key=lambda f: (station.available[f], f), default="bike")
    return wire.OfficeMobility(
        id=f"{near.system.feed_id}:{station.id}",
        provider=near.system.system_id,
        provider_name=near.system.name,
        kind="station",
        form=form,
        name=station.name,
        available=None if closed else station.available.get(form),
        docks=None if closed else station.docks,
        state=station_state(near.system, station, now=now),
        walk_s=walk_s,
        lat=round(station.lat, 6),
        lon=round(station.lon, 6),
        reported_at=_instant(snapshot, station.reported_at),
        station_id=station.id,
        bikes=None if closed else station.bikes,
        ebikes=None if closed else station.ebikes,
        is_renting=station.is_renting,
        is_returning=station.is_returning,
        forecast=_forecast(near.system, station, now),
        rental_url=station.rental_url,
    )


def _floating_row(snapshot: Snapshot, group: Sequence[_Near], walk_s: int, now: int) -> wire.OfficeMobility:
    """One row for the vehicles of a kind, placed where the nearest stands."""
    system, nearest = group[0].system, group[0].vehicle
    assert nearest is not None
    closed = system.state == "closed"
    return wire.OfficeMobility(
        id=f"{system.feed_id}:{nearest.form}",
        provider=system.system_id,
        provider_name=system.name,
        kind="floating",
        form=nearest.form,
        name=None,
        available=None if closed else len(group),
        docks=None,
        state="closed" if closed else "open" if vehicles_fresh(system, now=now) else "stale",
        walk_s=walk_s,
        lat=round(nearest.lat, 6),
        lon=round(nearest.lon, 6),
        reported_at=None,
        station_id=None,
        bikes=None if closed or nearest.form != "bike" else len(group),
        ebikes=None,
        is_renting=None,
        is_returning=None,
        forecast=None,
    )


def _instant(snapshot: Snapshot, at: int | None) -> str | None:
    return None if at is None else iso(at, snapshot.zone)
