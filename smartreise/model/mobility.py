"""Shared vehicles (GBFS 1.x, 2.x and 3.x) in one shape. Unknown counts are None, never 0 or 999."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class VehicleType:
    id: str
    #: bike, scooter, car, moped, other (the contract's modes where one fits)
    form: str
    #: human, electric_assist, electric, combustion, hybrid …; None unknown
    propulsion: str | None = None
    max_range_m: float | None = None
    name: str | None = None
    #: free_floating, roundtrip_station, any_station, hybrid; None unknown
    return_constraint: str | None = None
    #: what a ride costs where neither vehicle nor station says otherwise
    plan_id: str | None = None


@dataclass(frozen=True, slots=True)
class PricePart:
    """Every ``interval`` (minutes or kilometres) begun from ``start`` on and before ``end`` costs ``rate``; an
    interval of 0 is charged once."""

    start: float
    rate: float
    interval: float
    end: float | None = None


@dataclass(frozen=True, slots=True)
class PricingPlan:
    """What a ride costs: a price to begin with, and parts by time and by distance."""

    id: str
    name: str | None
    currency: str
    price: float
    per_minute: tuple[PricePart, ...] = ()
    per_km: tuple[PricePart, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """What is allowed in a zone, for some vehicle types (None: for all). None where nothing is said."""

    types: frozenset[str] | None
    may_start: bool | None
    may_end: bool | None


@dataclass(frozen=True, slots=True)
class Zone:
    """Polygons, each an outer ring and its holes; a ring is its points' latitudes and longitudes."""

    polygons: tuple[tuple[tuple[tuple[float, ...], tuple[float, ...]], ...], ...]
    rules: tuple[ZoneRule, ...]


@dataclass(frozen=True, slots=True)
class Zones:
    """Where rides may start and end, the first zone that holds a point deciding; compared by content's digest."""

    digest: str
    zones: tuple[Zone, ...] = field(default=(), compare=False)
    #: for what lies in no zone
    elsewhere: tuple[ZoneRule, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Station:
    """A docked or virtual station. Counts are what one may take or return now, after all gates."""

    id: str
    name: str | None
    lat: float
    lon: float
    capacity: int | None = None
    is_virtual: bool = False
    is_installed: bool | None = None
    is_renting: bool | None = None
    is_returning: bool | None = None
    bikes: int | None = None
    ebikes: int | None = None
    docks: int | None = None
    #: available vehicles by form factor (bike, scooter, car)
    available: dict[str, int] = field(default_factory=dict)
    #: free docks by form factor where the station tells them apart; a form that is not in it has none
    docks_for: Mapping[str, int] | None = None
    #: does it say nothing of docks, which since version 2 means that there is no limit?
    is_unlimited: bool = False
    reported_at: int | None = None
    rental_url: str | None = None


@dataclass(frozen=True, slots=True)
class SharedVehicle:
    """A free-floating vehicle that may be taken: not reserved, not disabled, not at a station."""

    id: str
    lat: float
    lon: float
    form: str
    propulsion: str | None = None
    range_m: float | None = None
    rental_url: str | None = None
    reported_at: int | None = None
    type_id: str | None = None
    plan_id: str | None = None
    #: does it stand where the operator lets rides start?
    may_start: bool = True


@dataclass(frozen=True, slots=True)
class MobilitySystem:
    """One GBFS system at one moment. `state` is open, closed (season, hours) or unknown."""

    feed_id: str
    system_id: str
    name: str | None
    version: str
    updated_at: int
    ttl_s: int
    state: str = "open"
    stations: tuple[Station, ...] = ()
    vehicles: tuple[SharedVehicle, ...] = ()
    vehicle_types: tuple[VehicleType, ...] = ()
    plans: Mapping[str, PricingPlan] = field(default_factory=dict)
    #: None: the system says nothing of zones
    zones: Zones | None = None
    #: items left out, by reason
    skipped: dict[str, int] = field(default_factory=dict)
    licence: str | None = None
    timezone: str | None = None
    #: when it is open, as its files say it (see `ingest.gbfs.state_at`): it closes though nothing new comes
    open_when: Mapping[str, object] = field(default_factory=dict)
    #: when the status of stations and the list of vehicles were made, None where there is none
    stations_at: int | None = None
    vehicles_at: int | None = None
    #: by station: (seconds ahead, chance of at least one bike, of at least one dock), and when that was told
    forecasts: Mapping[str, tuple[tuple[int, float, float], ...]] = field(default_factory=dict)
    forecasts_at: int | None = None
    #: by station, 0–1: the share of two weeks of observations that stands behind its forecast
    confidence: Mapping[str, float] = field(default_factory=dict)
