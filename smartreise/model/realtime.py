"""GTFS-realtime in records: what a message says, before it is matched to the timetable.

Times are epoch seconds as in the feed; `None` means that the feed said nothing. Enumerations keep the
specification's names as strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TripDescriptor:
    trip_id: str | None = None
    route_id: str | None = None
    direction_id: int | None = None
    #: YYYYMMDD and HH:MM:SS as sent
    start_date: str | None = None
    start_time: str | None = None
    #: SCHEDULED, ADDED, NEW, UNSCHEDULED, CANCELED, DUPLICATED, REPLACEMENT, DELETED
    relationship: str = "SCHEDULED"


@dataclass(frozen=True, slots=True)
class TimeEvent:
    """Arrival or departure at one stop; `time` wins over `delay_s`."""

    delay_s: int | None = None
    time: int | None = None
    #: when it was planned, told of trips that the timetable lacks
    scheduled_time: int | None = None


@dataclass(frozen=True, slots=True)
class StopTimeUpdate:
    sequence: int | None = None
    stop_id: str | None = None
    arrival: TimeEvent | None = None
    departure: TimeEvent | None = None
    #: SCHEDULED, SKIPPED, NO_DATA, UNSCHEDULED
    relationship: str = "SCHEDULED"
    assigned_stop_id: str | None = None
    occupancy: str | None = None


@dataclass(frozen=True, slots=True)
class TripUpdate:
    entity_id: str
    trip: TripDescriptor
    stops: tuple[StopTimeUpdate, ...] = ()
    #: an update that says again what it said is equal
    timestamp: int | None = field(default=None, compare=False)
    vehicle_id: str | None = None
    #: trip-level delay: ignored and counted (contract)
    delay_s: int | None = None
    #: DUPLICATED and ADDED with trip_properties
    new_trip_id: str | None = None
    new_start_date: str | None = None
    new_start_time: str | None = None
    headsign: str | None = None


@dataclass(frozen=True, slots=True)
class VehiclePosition:
    entity_id: str
    trip: TripDescriptor | None
    vehicle_id: str | None
    label: str | None
    lat: float
    lon: float
    bearing: float | None = None
    speed_mps: float | None = None
    stop_sequence: int | None = None
    stop_id: str | None = None
    #: INCOMING_AT, STOPPED_AT, IN_TRANSIT_TO
    stop_status: str | None = None
    occupancy: str | None = None
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Informed:
    """What an alert is about; all given selectors must fit."""

    agency_id: str | None = None
    route_id: str | None = None
    route_type: int | None = None
    direction_id: int | None = None
    stop_id: str | None = None
    trip: TripDescriptor | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Texts by language code; a text without language stands under ``""``."""

    id: str
    cause: str | None
    effect: str | None
    severity: str | None
    header: dict[str, str]
    description: dict[str, str]
    url: dict[str, str]
    #: (start, end) in epoch seconds, open ends None; empty: always
    periods: tuple[tuple[int | None, int | None], ...] = ()
    informed: tuple[Informed, ...] = ()


@dataclass(frozen=True, slots=True)
class RealtimeMessage:
    """One whole message of a feed. `skipped` counts bad items by reason; they are left out."""

    feed_id: str
    timestamp: int | None
    trip_updates: Sequence[TripUpdate] = ()
    vehicles: tuple[VehiclePosition, ...] = ()
    alerts: tuple[Alert, ...] = ()
    #: put before ids of the feed, as its static feed's `prefix` is before theirs
    prefix: str = ""
    skipped: dict[str, int] = field(default_factory=dict)
