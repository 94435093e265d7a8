"""One trip on one service day: its calls, planned and expected, its vehicle and its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polyline

from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import Unanswerable, UnknownId
from smartreise.model.service_day import local_date, start_of_day
from smartreise.timetable.arrays import ALIGHT, BOARD, CANCELLED, NO_TIME, PLATFORM_CHANGED, REALTIME, SKIPPED, Layout
from smartreise.timetable.geometry import path, straight
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.params import Canonical, Day, Parameter, Text, canonical
from smartreise.views.rendering import (
    alert_of,
    alerts_about,
    alerts_turn,
    call_of,
    headsign_of,
    line_of,
    service_date_of,
    stop_of,
    wheelchair_of,
)
from smartreise.views.vehicles import vehicle_of

TRIP: Final = Text(name="trip_id", about="The trip's id.", required=True, example="RUT:ServiceJourney:31-1")
SERVICE_DATE: Final = Day(name="service_date", about="Its service date; today's or the next if left out.")


class TripView:
    """`GET /v1/trips/{trip_id}`."""

    name = "trip"
    about = "The calls of a trip, planned and expected"
    parameters: Sequence[Parameter[Any]] = (TRIP, SERVICE_DATE)
    result: type[wire.Wire] = wire.Trip

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        layout, dated = _find(snapshot, TRIP.get(params), SERVICE_DATE.find(params), now)
        return Answer(_trip(snapshot, layout, dated, now), alerts_turn(snapshot, now))


def _find(snapshot: Snapshot, trip_id: str, day: date | None, now: int) -> tuple[Layout, int]:
    """The dated trip. Raises `UnknownId` for an id nobody knows, `Unanswerable` for a day it does not run on."""
    zone = snapshot.zone
    today = local_date(now, zone)
    candidates = [day] if day is not None else [today + timedelta(days=n) for n in (0, -1, 1, 2, 3, 4, 5, 6, 7)]
    known = trip_id in snapshot.timetable.trip_index
    for candidate in candidates:
        layout = snapshot.layouts.at(start_of_day(candidate, zone) + 12 * 3600)
        dated = _dated(snapshot, layout, trip_id, candidate.toordinal())
        if dated is not None:
            return layout, dated
        known |= any(added.trip_id == trip_id for added in layout.added.values())
    if known and day is not None:
        raise Unanswerable("service_date", f"the trip does not run on {day}")
    raise UnknownId("trip", trip_id)


def _dated(snapshot: Snapshot, layout: Layout, trip_id: str, day: int) -> int | None:
    """Its place in the layout: what a feed added or replaced wins over what was planned."""
    for dated, added in layout.added.items():
        if added.trip_id == trip_id and layout.dated_day[dated] == day:
            return dated
    trip = snapshot.timetable.trip_index.get(trip_id)
    if trip is None:
        return None
    found = np.flatnonzero((layout.dated_trip == trip) & (layout.dated_day == day))
    return int(found[0]) if len(found) else None


def _trip(snapshot: Snapshot, layout: Layout, dated: int, now: int) -> wire.Trip:
    timetable = snapshot.timetable
    rows = range(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1]))
    route, trip = int(layout.dated_route[dated]), int(layout.dated_trip[dated])
    added = layout.added.get(dated)
    trip_id = added.trip_id if added else timetable.trip_id[trip]
    stops = {int(layout.event_stop[event]) for event in rows}
    about = alerts_about(snapshot, now=now, routes={route}, stops=stops, trips={trip_id})
    day = int(layout.dated_day[dated])
    on_it = [v for v in snapshot.vehicles if v.trip_id == trip_id and v.service_day in (None, day)]
    return wire.Trip(
        trip_id=trip_id,
        service_date=service_date_of(layout, dated),
        line=line_of(snapshot, route),
        headsign=headsign_of(timetable, layout, rows[0]),
        cancelled=bool(layout.dated_state[dated] == CANCELLED),
        added=added is not None and trip < 0,
        realtime=bool((layout.event_state[rows.start : rows.stop] & REALTIME).any()),
        wheelchair=wheelchair_of(timetable, layout, dated),
        occupancy=layout.occupancy.get(dated),
        calls=[_call(snapshot, layout, event) for event in rows],
        vehicle=vehicle_of(snapshot, on_it[0]) if on_it else None,
        geometry=_geometry(snapshot, layout, rows),
        alerts=[alert_of(snapshot, alert) for alert in about],
    )


def _call(snapshot: Snapshot, layout: Layout, event: int) -> wire.TripCall:
    state, flags = int(layout.event_state[event]), int(layout.event_flags[event])
    call = int(layout.event_call[event])
    return wire.TripCall(
        stop=stop_of(snapshot, int(layout.event_stop[event])),
        arrive=_times(snapshot, layout, int(layout.event_planned_arrive[event]), int(layout.event_arrive[event])),
        depart=_times(snapshot, layout, int(layout.event_planned_depart[event]), int(layout.event_depart[event])),
        sequence=int(snapshot.timetable.call_sequence[call]) if call >= 0 else None,
        skipped=bool(state & SKIPPED),
        platform_changed=bool(state & PLATFORM_CHANGED),
        can_board=bool(flags & BOARD),
        can_alight=bool(flags & ALIGHT),
    )


def _times(snapshot: Snapshot, layout: Layout, planned: int, expected: int) -> wire.Call:
    return call_of(snapshot, None if planned == NO_TIME else planned + layout.base, expected + layout.base)


def _geometry(snapshot: Snapshot, layout: Layout, rows: range) -> str:
    timetable, first, last = snapshot.timetable, int(layout.event_call[rows[0]]), int(layout.event_call[rows[-1]])
    trip = int(layout.dated_trip[layout.event_dated[rows[0]]])
    if trip < 0 or first < 0:
        points = straight(timetable, layout.event_stop[rows.start : rows.stop])
    else:
        points = path(timetable, trip, first, last)
    return str(polyline.encode(points.tolist(), 5))
