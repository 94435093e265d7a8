"""Draws a moment for tests of suggestions: a timetable, real time, shared bikes; asks, and reads the answer as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.model.feeds import FeedHealth
from smartreise.model.mobility import MobilitySystem, SharedVehicle, Station, VehicleType
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TimeEvent, TripDescriptor, TripUpdate
from smartreise.model.region import Office
from smartreise.timetable.arrays import Timetable
from smartreise.views import wire
from smartreise.views.suggestions import SuggestionsView
from tests.drawing import REGION, clock

NOW = clock("08:00")
#: metres of a degree of latitude, rounded up so that walks come out whole
DEGREE_M = 111_300
FACTORS = {"bus": 30.0, "bike": 5.0, "car_alone": 120.0}


def north(metres: float) -> tuple[float, float]:
    """A point on one meridian, metres north of the origin of drawn places."""
    return 59.9 + metres / DEGREE_M, 10.0


def point(metres: float) -> str:
    """The same as a parameter."""
    lat, lon = north(metres)
    return f"{lat:.6f},{lon:.6f}"


def dock(id_: str, metres: float, bikes: int | None, docks: int | None, **more: Any) -> Station:
    """A bike station on the meridian."""
    lat, lon = north(metres)
    available = {} if bikes is None else {"bike": bikes}
    flags = {"is_installed": True, "is_renting": True, "is_returning": True, "reported_at": NOW}
    return Station(
        id=id_, name=id_, lat=lat, lon=lon, bikes=bikes, docks=docks, **({"available": available} | flags | more)
    )


def bikes(*stations: Station, **more: Any) -> MobilitySystem:
    """A system of docked bikes, reported now."""
    fields: dict[str, Any] = {"feed_id": "bikes", "system_id": "citybike", "name": "City bikes", "version": "2.3"}
    return MobilitySystem(**(fields | {"updated_at": NOW, "ttl_s": 10, "stations": stations} | more))


def scooters(*metres: float, **more: Any) -> MobilitySystem:
    """A system of scooters that float free."""
    vehicles = tuple(SharedVehicle(id=f"s{m:.0f}", lat=north(m)[0], lon=north(m)[1], form="scooter") for m in metres)
    kind = VehicleType(id="s", form="scooter")
    fields: dict[str, Any] = {"vehicles": vehicles, "vehicle_types": (kind,), "feed_id": "scoot", "system_id": "scoot"}
    return bikes(**(fields | more))


def moment(
    timetable: Timetable,
    *,
    mobility: Sequence[MobilitySystem] = (),
    updates: Sequence[TripUpdate] = (),
    offices: Sequence[Office] = (),
    feeds: Sequence[FeedHealth] = (),
    now: int = NOW,
) -> Snapshot:
    """The snapshot of all that."""
    messages = {"rt": RealtimeMessage("rt", now, tuple(updates))} if updates else {}
    return assemble(
        region=replace(REGION, emissions_g_per_km=FACTORS),
        timetable=timetable,
        messages=messages,
        mobility=mobility,
        offices=offices,
        feeds=feeds,
        revision=1,
        now=now,
    )


def late(trip: str, seconds: int) -> TripUpdate:
    """A trip that is late all along."""
    update = StopTimeUpdate(sequence=1, arrival=TimeEvent(delay_s=seconds), departure=TimeEvent(delay_s=seconds))
    return TripUpdate(trip, TripDescriptor(trip_id=trip, start_date="20261110"), (update,))


def cancelled(trip: str) -> TripUpdate:
    """A trip that does not run."""
    return TripUpdate(trip, TripDescriptor(trip_id=trip, start_date="20261110", relationship="CANCELED"))


def skipped(trip: str, sequence: int) -> TripUpdate:
    """A trip that passes one stop."""
    update = StopTimeUpdate(sequence=sequence, relationship="SKIPPED")
    return TripUpdate(trip, TripDescriptor(trip_id=trip, start_date="20261110"), (update,))


def ask(
    snapshot: Snapshot, from_: str, to: str, *, now: int = NOW, previous: wire.Suggestions | None = None, **params: Any
) -> wire.Suggestions:
    """The view's answer to parameters as a query string has them."""
    view = SuggestionsView()
    given = {"from": from_, "to": to} | {name: str(value) for name, value in params.items()}
    data = view.answer(snapshot, dict(view.canonical(given)), now=now, previous=previous).data
    assert isinstance(data, wire.Suggestions)
    return data


def told(answer: wire.Suggestions) -> list[str]:
    """Suggestions as text: leaving, arriving, and by what."""
    return [line(suggestion) for suggestion in answer.suggestions]


def line(s: wire.Suggestion) -> str:
    """One suggestion as text."""
    means = " ".join(leg.line.name if isinstance(leg.line, wire.Line) else leg.mode for leg in s.legs)
    return f"{s.leave_at[11:19]} {s.arrive_at[11:19]} {means}"
