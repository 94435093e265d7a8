"""What is said of a way as a whole: its id, metres, CO2, modes, whether it is tight, and whether it can be caught.

What a reader would get wrong: the id is made of trips, service dates and stops as planned, so it survives delays
and a change of platform.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

from smartreise.live.snapshot import Snapshot
from smartreise.model.geo import distance_m
from smartreise.model.mobility import MobilitySystem, Station
from smartreise.suggest.chance import list_changes
from smartreise.suggest.places import Place
from smartreise.suggest.records import HIRED, Family, Leg, StreetLeg, Suggestion, TransitLeg
from smartreise.suggest.shared import LAST_ONES, SURE, chance_at
from smartreise.timetable.arrays import Layout, Timetable

#: leaving in at least this many seconds is comfortable
GO_S: Final = 120
#: a change with less than this above its least time is tight, once real time says how things are
TIGHT_MARGIN_S: Final = 60
#: a change that history says works out less often than this is tight too
SURE_CHANGE: Final = 0.7
_ROAD_DETOUR: Final = 1.4


def reach(leave: int, *, now: int) -> Literal["go", "hurry", "missed"]:
    """go from two minutes before leaving, hurry until it is time, then missed."""
    left = leave - now
    return "missed" if left < 0 else "hurry" if left < GO_S else "go"


def reach_turns(leave: int, *, now: int) -> int | None:
    """The next instant after ``now`` when `reach` changes."""
    return next((at for at in (leave - GO_S + 1, leave + 1) if at > now), None)


def describe(
    snapshot: Snapshot,
    layout: Layout,
    family: Family,
    ends: tuple[Place, Place],
    legs: Sequence[Leg],
    *,
    transfers: int,
    leave: int,
    arrive: int,
) -> Suggestion:
    """A suggestion of legs between two places."""
    street = [leg.stretch for leg in legs if isinstance(leg, StreetLeg)]
    tight, chance = _tight(snapshot, layout, legs)
    factors = snapshot.region.emissions_g_per_km
    return Suggestion(
        id=_digest(snapshot.timetable, layout, family, ends, legs),
        family=family,
        leave=leave,
        arrive=arrive,
        transfers=transfers,
        legs=tuple(legs),
        walk_m=sum(s.distance_m for s in street if s.mode == "walk"),
        bike_m=sum(s.distance_m for s in street if s.mode == "bike"),
        co2_g=sum(_mode(leg)[1] * _factor(factors, leg) / 1000 for leg in legs),
        car_co2_g=_by_car_g(factors, *ends),
        modes=tuple(dict.fromkeys(_mode(leg)[0] for leg in legs)),
        tight=tight,
        chance=chance,
    )


def _mode(leg: Leg) -> tuple[str, float]:
    """Mode and metres."""
    return (leg.stretch.mode, leg.stretch.distance_m) if isinstance(leg, StreetLeg) else (leg.mode, leg.distance_m)


def _factor(factors: Mapping[str, float], leg: Leg) -> float:
    """Grams a kilometre: of the vehicle's own propulsion where that is known and has a factor of its own."""
    mode = _mode(leg)[0]
    usual = factors.get(mode, 0.0)
    hire = leg.stretch.hire if isinstance(leg, StreetLeg) else None
    if hire is None:
        return usual
    kinds = {t.propulsion for t in hire.system.vehicle_types if t.form == hire.form}
    propulsion = hire.vehicle.propulsion if hire.vehicle is not None else kinds.pop() if len(kinds) == 1 else None
    return usual if propulsion is None else factors.get(f"{mode}_{propulsion}", usual)


def _by_car_g(factors: Mapping[str, float], start: Place, end: Place) -> float:
    crow = distance_m(start.lat, start.lon, end.lat, end.lon)
    return crow * _ROAD_DETOUR * factors.get("car_alone", 0.0) / 1000


def _tight(snapshot: Snapshot, layout: Layout, legs: Sequence[Leg]) -> tuple[str | None, float | None]:
    """Why there is little margin, and the chance of making the changes where that is known."""
    changes = list(list_changes(snapshot, layout, legs))
    known = [change.chance for change in changes if change.chance is not None]
    worst = min(known, default=None)
    short = any(change.live and change.spare_s < TIGHT_MARGIN_S for change in changes)
    if short or (worst is not None and worst < SURE_CHANGE):
        return "tight_change", worst
    return _short_of(legs), None


def _short_of(legs: Sequence[Leg]) -> str | None:
    """Last vehicles or docks."""
    for leg in legs:
        if not isinstance(leg, StreetLeg) or leg.stretch.hire is None:
            continue
        hire = leg.stretch.hire
        if hire.station is not None and (
            hire.station.available.get(hire.form, 0) <= LAST_ONES
            or _is_doubtful(chance_at(hire.system, hire.station, leg.depart, "bike"))
        ):
            return "last_vehicles"
        if hire.dropoff is not None and _is_short(hire.system, hire.dropoff, leg.arrive):
            return "last_docks"
    return None


def _is_short(system: MobilitySystem, station: Station, arrive: int) -> bool:
    """Are docks few, or likely to be gone? A virtual station has no docks to run out of."""
    if station.is_virtual or station.docks is None:
        return False
    return station.docks <= LAST_ONES or _is_doubtful(chance_at(system, station, arrive, "dock"))


def _is_doubtful(chance: float | None) -> bool:
    return chance is not None and chance < SURE


def _digest(
    timetable: Timetable, layout: Layout, family: Family, ends: tuple[Place, Place], legs: Sequence[Leg]
) -> str:
    parts: list[str] = [family]
    for leg in legs:
        if isinstance(leg, TransitLeg):
            parts += _ride_parts(timetable, layout, leg)
        elif leg.stretch.hire is not None:
            hire = leg.stretch.hire
            taken = hire.station or hire.vehicle
            left = hire.dropoff.id if hire.dropoff is not None else ""
            parts += [hire.system.feed_id, hire.form, taken.id if taken is not None else "", left]
    if family not in ("transit", *HIRED):
        parts += [f"{place.lat:.6f},{place.lon:.6f}" for place in ends]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _ride_parts(timetable: Timetable, layout: Layout, leg: TransitLeg) -> list[str]:
    trip = int(layout.dated_trip[leg.dated])
    trip_id = timetable.trip_id[trip] if trip >= 0 else layout.added[leg.dated].trip_id
    day = date.fromordinal(int(layout.dated_day[leg.dated])).isoformat()
    first = int(layout.dated_event[leg.dated])
    stops = [f"{leg_event - first}" for leg_event in (leg.board, leg.alight)]
    planned = [int(layout.event_planned_stop[e]) for e in (leg.board, leg.alight)]
    names = [timetable.stop_id[s] if s >= 0 else "" for s in planned]
    return [trip_id, day, str(int(layout.dated_start_s[leg.dated])), *stops, *names]
