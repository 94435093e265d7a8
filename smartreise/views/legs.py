"""From suggestions in the core's terms to suggestions on the wire.

What a reader would get wrong: `leave_at` of the first leg's departure is when to get up; the slack before the
first boarding lies between the access walk's end and the ride's departure.
"""

from __future__ import annotations

import numpy as np
import polyline
from msgspec import UNSET, UnsetType

from smartreise.live.snapshot import Snapshot
from smartreise.model.service_day import iso
from smartreise.suggest.describe import reach
from smartreise.suggest.places import Place
from smartreise.suggest.prices import find_price
from smartreise.suggest.records import Leg, StreetLeg, Suggestion, TransitLeg
from smartreise.suggest.shared import chance_at, count_around
from smartreise.suggest.ways import Hire
from smartreise.timetable.arrays import CANCELLED, NO_TIME, PLATFORM_CHANGED, SKIPPED, Layout, Timetable
from smartreise.timetable.geometry import path
from smartreise.timetable.memo import remember
from smartreise.views import wire
from smartreise.views.rendering import (
    alerts_of_run,
    call_of,
    headsign_of,
    line_of,
    service_date_of,
    stop_of,
    trip_id_of,
    wheelchair_of,
)


def suggestion_of(snapshot: Snapshot, layout: Layout, suggestion: Suggestion, *, now: int) -> wire.Suggestion:
    """One suggestion as it stands at ``now``."""
    return wire.Suggestion(
        id=suggestion.id,
        leave_at=iso(suggestion.leave, snapshot.zone),
        arrive_at=iso(suggestion.arrive, snapshot.zone),
        duration_s=suggestion.arrive - suggestion.leave,
        transfers=suggestion.transfers,
        walk_m=_metres(suggestion.walk_m),
        bike_m=_metres(suggestion.bike_m),
        co2_g=round(suggestion.co2_g, 1),
        car_co2_g=round(suggestion.car_co2_g, 1),
        modes=list(suggestion.modes),
        reach=reach(suggestion.leave, now=now) if _is_timed(suggestion) else "go",
        status="tight" if suggestion.tight else "ok",
        reason=suggestion.tight,
        legs=[_leg(snapshot, layout, leg, now) for leg in suggestion.legs],
        change_chance=UNSET if suggestion.chance is None else round(suggestion.chance, 2),
    )


def place_of(snapshot: Snapshot, place: Place) -> wire.Place:
    """A place with the ids of what it is."""
    stop_id: str | UnsetType = UNSET
    station_id: str | UnsetType = UNSET
    platform: str | UnsetType | None = UNSET
    if place.stop >= 0:
        timetable = snapshot.timetable
        parent = int(timetable.stop_parent[place.stop])
        if timetable.stop_kind[place.stop] == 1:
            station_id = timetable.stop_id[place.stop]
        else:
            stop_id, platform = timetable.stop_id[place.stop], timetable.stop_platform[place.stop]
            station_id = timetable.stop_id[parent] if parent >= 0 else UNSET
    return wire.Place(
        name=place.name,
        lat=round(place.lat, 6),
        lon=round(place.lon, 6),
        stop_id=stop_id,
        platform=platform,
        station_id=station_id,
        office_id=place.office_id if place.office_id is not None else UNSET,
        mobility_id=place.mobility_id if place.mobility_id is not None else UNSET,
    )


def _is_timed(suggestion: Suggestion) -> bool:
    """Does it run by a timetable? A walk can begin at any time."""
    return any(isinstance(leg, TransitLeg) for leg in suggestion.legs)


def _leg(snapshot: Snapshot, layout: Layout, leg: Leg, now: int) -> wire.Leg:
    return _street(snapshot, leg) if isinstance(leg, StreetLeg) else _transit(snapshot, layout, leg, now)


def _street(snapshot: Snapshot, leg: StreetLeg) -> wire.Leg:
    stretch = leg.stretch
    ends = [(stretch.start.lat, stretch.start.lon), (stretch.end.lat, stretch.end.lon)]
    points = ends if stretch.path is None else list(stretch.path.points)
    hire = stretch.hire
    return wire.Leg(
        mode=stretch.mode,
        from_=place_of(snapshot, stretch.start),
        to=place_of(snapshot, stretch.end),
        depart=call_of(snapshot, leg.depart, leg.depart),
        arrive=call_of(snapshot, leg.arrive, leg.arrive),
        distance_m=_metres(stretch.distance_m),
        geometry=polyline.encode(points),
        crow_fly=UNSET if snapshot.streets is None else stretch.path is None,
        provider=hire.system.system_id if hire is not None else UNSET,
        pickup=_pickup(hire, leg.depart) if hire is not None else UNSET,
        dropoff=_dropoff(hire, leg) if hire is not None else UNSET,
        price=_price(hire, leg) if hire is not None else UNSET,
    )


def _pickup(hire: Hire, at: int) -> wire.Pickup:
    if hire.station is not None:
        return wire.Pickup(
            name=hire.station.name,
            available=hire.station.available.get(hire.form),
            station_id=hire.station.id,
            rental_url=hire.station.rental_url,
            chance=_chance(chance_at(hire.system, hire.station, at, "bike")),
        )
    assert hire.vehicle is not None
    return wire.Pickup(
        name=hire.system.name,
        available=count_around(hire.system, hire.vehicle),
        vehicle_id=hire.vehicle.id,
        rental_url=hire.vehicle.rental_url,
    )


def _chance(chance: float | None) -> float | UnsetType:
    return UNSET if chance is None else round(chance, 2)


def _dropoff(hire: Hire, leg: StreetLeg) -> wire.Dropoff:
    station = hire.dropoff
    if station is None:
        return wire.Dropoff(name=leg.stretch.end.name, docks=None, station_id=None)
    docks = station.docks if station.docks_for is None else station.docks_for.get(hire.form, 0)
    chance = chance_at(hire.system, station, leg.arrive, "dock")
    return wire.Dropoff(name=station.name, docks=docks, station_id=station.id, chance=_chance(chance))


def _price(hire: Hire, leg: StreetLeg) -> wire.Price | UnsetType:
    price = find_price(hire, duration_s=leg.stretch.duration_s, distance_m=leg.stretch.distance_m)
    return UNSET if price is None else wire.Price(amount=price.amount, currency=price.currency, plan=price.plan)


def _transit(snapshot: Snapshot, layout: Layout, leg: TransitLeg, now: int) -> wire.Leg:
    timetable = snapshot.timetable
    route, trip_id = int(layout.dated_route[leg.dated]), trip_id_of(timetable, layout, leg.dated)
    ends = {leg.start.stop, leg.end.stop}
    changed = (layout.event_state[leg.board] | layout.event_state[leg.alight]) & PLATFORM_CHANGED
    return wire.Leg(
        mode=leg.mode,
        from_=place_of(snapshot, leg.start),
        to=place_of(snapshot, leg.end),
        depart=call_of(snapshot, leg.planned_depart, leg.depart),
        arrive=call_of(snapshot, leg.planned_arrive, leg.arrive),
        distance_m=_metres(leg.distance_m),
        geometry=_geometry(timetable, layout, leg),
        line=line_of(snapshot, route),
        headsign=headsign_of(timetable, layout, leg.board),
        trip_id=trip_id,
        service_date=service_date_of(layout, leg.dated),
        stops=_calls(snapshot, layout, leg),
        realtime=leg.realtime,
        cancelled=bool(layout.dated_state[leg.dated] == CANCELLED),
        wheelchair=wheelchair_of(timetable, layout, leg.dated),
        alerts=[a.alert.id for a in alerts_of_run(snapshot, layout, leg.dated, ends, now)],
        stay_seated=True if leg.stay_seated else UNSET,
        platform_changed=True if changed else UNSET,
    )


def _calls(snapshot: Snapshot, layout: Layout, leg: TransitLeg) -> list[wire.StopCall]:
    """From boarding to alighting, both included; what is passed without stopping is left out."""
    calls = []
    for event in range(leg.board, leg.alight + 1):
        if layout.event_state[event] & SKIPPED:
            continue
        calls.append(
            wire.StopCall(
                stop=stop_of(snapshot, int(layout.event_stop[event])),
                arrive=_time(snapshot, layout, event, arrive=True) if event > leg.board else None,
                depart=_time(snapshot, layout, event, arrive=False) if event < leg.alight else None,
            )
        )
    return calls


def _time(snapshot: Snapshot, layout: Layout, event: int, *, arrive: bool) -> wire.Call:
    planned = int((layout.event_planned_arrive if arrive else layout.event_planned_depart)[event])
    expected = int((layout.event_arrive if arrive else layout.event_depart)[event])
    return call_of(snapshot, None if planned == NO_TIME else planned + layout.base, expected + layout.base)


def _geometry(timetable: Timetable, layout: Layout, leg: TransitLeg) -> str:
    trip = int(layout.dated_trip[leg.dated])
    calls = int(layout.event_call[leg.board]), int(layout.event_call[leg.alight])
    if trip >= 0 and min(calls) >= 0:
        return _path(timetable, trip, *calls)
    stops = layout.event_stop[leg.board : leg.alight + 1]
    points = np.stack((timetable.stop_lat[stops], timetable.stop_lon[stops]), axis=1)
    return str(polyline.encode(points.tolist()))


@remember(most=8_000)
def _path(timetable: Timetable, trip: int, from_call: int, to_call: int) -> str:
    return str(polyline.encode(path(timetable, trip, from_call, to_call).tolist()))


def _metres(value: float) -> float:
    return float(round(value))
