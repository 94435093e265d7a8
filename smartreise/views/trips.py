"""One trip as it runs: `GET /v1/trips/{trip_id}`.

What a reader would get wrong: a trip id alone names a run on every day of its service. Without a service date the
run nearest to now is meant; under frequencies.txt one id runs many times a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polyline

from smartreise.live.snapshot import Aspect, Snapshot, VehicleOnTrip
from smartreise.model.problems import Unanswerable, UnknownId
from smartreise.model.service_day import local_date, start_of_day
from smartreise.timetable.arrays import (
    ALIGHT,
    BOARD,
    CANCELLED,
    DELETED,
    NO_TIME,
    PLATFORM_CHANGED,
    REALTIME,
    SKIPPED,
    Float64s,
    Layout,
    Timetable,
)
from smartreise.timetable.geometry import path, straight
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.moments import covered
from smartreise.views.params import Canonical, Day, Parameter, Text, canonical
from smartreise.views.rendering import (
    alert_of,
    alerts_of_run,
    call_of,
    headsign_of,
    line_of,
    occupancy_of,
    service_date_of,
    stop_of,
    trip_id_of,
    wheelchair_of,
)
from smartreise.views.vehicles import vehicle_of

TRIP: Final = Text(name="trip_id", about="The trip's id.", required=True, example="RUT:ServiceJourney:31-1")
SERVICE_DATE: Final = Day(name="service_date", about="Its service date; the run nearest to now if left out.")
#: which run is nearest, and what is known of the vehicle, is looked at again after this long
_LOOK_AGAIN_S: Final = 60


class TripView:
    """`GET /v1/trips/{trip_id}`."""

    name = "trip"
    about = "The calls of a trip, planned and expected, its vehicle and its shape"
    parameters: Sequence[Parameter[Any]] = (TRIP, SERVICE_DATE)
    result: type[wire.Wire] = wire.Trip
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        layout, dated = _get_run(snapshot, TRIP.get(params), SERVICE_DATE.find(params), now)
        return Answer(_trip(snapshot, layout, dated, now), now + _LOOK_AGAIN_S)


def _get_run(snapshot: Snapshot, trip_id: str, day: date | None, now: int) -> tuple[Layout, int]:
    """The run that is meant. Raises `UnknownId` for an id nobody knows, `Unanswerable` for a day without a run."""
    timetable, today = snapshot.timetable, local_date(now, snapshot.zone)
    if day is not None and not timetable.first_day <= day <= timetable.last_day:
        raise Unanswerable("service_date", f"the timetable covers {covered(timetable)}")
    trip = timetable.trip_index.get(trip_id)
    days = [day] if day is not None else [today, *_other_days(timetable, trip, today)]
    for candidate in days:
        layout = snapshot.layouts.at(start_of_day(candidate, snapshot.zone))
        runs = _runs(layout, trip_id, trip)
        if day is not None:
            runs = [dated for dated in runs if layout.dated_day[dated] == day.toordinal()]
        if runs:
            return layout, min(runs, key=lambda dated: _distance_s(layout, dated, now))
    if trip is None:
        raise UnknownId("trip", trip_id)
    raise Unanswerable("service_date", "the trip does not run" + (f" on {day}" if day is not None else ""))


def _other_days(timetable: Timetable, trip: int | None, today: date) -> list[date]:
    """The service day nearest to today, coming ones first, for a trip that today's layout does not have."""
    if trip is None:
        return []
    numbers = np.flatnonzero(timetable.service_days[timetable.trip_service[trip]]).tolist()
    days = [timetable.first_day + timedelta(days=number) for number in numbers]
    return sorted(days, key=lambda day: (day < today, abs((day - today).days)))[:1]


def _runs(layout: Layout, trip_id: str, trip: int | None) -> list[int]:
    """Dated trips of this id that are not deleted."""
    found = [] if trip is None else np.flatnonzero(layout.dated_trip == trip).tolist()
    found += [dated for dated, added in layout.added.items() if added.trip_id == trip_id and dated not in found]
    return [dated for dated in found if layout.dated_state[dated] != DELETED]


def _distance_s(layout: Layout, dated: int, now: int) -> tuple[int, int]:
    """How far from now a run is: 0 while under way; of two under way the later."""
    rows = _events(layout, dated)
    begin, end = int(layout.event_depart[rows[0]]) + layout.base, int(layout.event_arrive[rows[-1]]) + layout.base
    return max(begin - now, now - end, 0), -begin


def _events(layout: Layout, dated: int) -> range:
    return range(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1]))


def _trip(snapshot: Snapshot, layout: Layout, dated: int, now: int) -> wire.Trip:
    timetable, events = snapshot.timetable, _events(layout, dated)
    trip_id, route = trip_id_of(timetable, layout, dated), int(layout.dated_route[dated])
    vehicle = _find_vehicle(snapshot, trip_id, int(layout.dated_day[dated]))
    stops = {int(layout.event_stop[event]) for event in events}
    alerts = alerts_of_run(snapshot, layout, dated, stops, now)
    return wire.Trip(
        trip_id=trip_id,
        service_date=service_date_of(layout, dated),
        line=line_of(snapshot, route),
        headsign=headsign_of(timetable, layout, events[0]),
        cancelled=bool(layout.dated_state[dated] == CANCELLED),
        added=int(layout.dated_trip[dated]) < 0,
        realtime=bool((layout.event_state[events.start : events.stop] & REALTIME).any()),
        wheelchair=wheelchair_of(timetable, layout, dated),
        occupancy=occupancy_of(snapshot, layout, dated),
        calls=[_call(snapshot, layout, event, events) for event in events],
        vehicle=None if vehicle is None else vehicle_of(snapshot, vehicle),
        geometry=str(polyline.encode(_line(timetable, layout, dated).tolist(), 5)),
        alerts=[alert_of(snapshot, alert) for alert in alerts],
    )


def _call(snapshot: Snapshot, layout: Layout, event: int, events: range) -> wire.TripCall:
    """Nobody arrives where the trip begins, nor departs where it ends."""
    state, flags, call = int(layout.event_state[event]), int(layout.event_flags[event]), int(layout.event_call[event])
    first, last = event == events[0], event == events[-1]
    arrive = _instant(layout, int(layout.event_planned_arrive[event])), layout.base + int(layout.event_arrive[event])
    depart = _instant(layout, int(layout.event_planned_depart[event])), layout.base + int(layout.event_depart[event])
    return wire.TripCall(
        stop=stop_of(snapshot, int(layout.event_stop[event])),
        arrive=None if first else call_of(snapshot, *arrive),
        depart=None if last else call_of(snapshot, *depart),
        sequence=int(snapshot.timetable.call_sequence[call]) if call >= 0 else None,
        skipped=bool(state & SKIPPED),
        platform_changed=bool(state & PLATFORM_CHANGED),
        can_board=bool(flags & BOARD) and not last,
        can_alight=bool(flags & ALIGHT) and not first,
    )


def _instant(layout: Layout, time: int) -> int | None:
    return None if time == NO_TIME else layout.base + time


def _line(timetable: Timetable, layout: Layout, dated: int) -> Float64s:
    """Along the shape where the trip runs as planned, else from stop to stop."""
    trip, events = int(layout.dated_trip[dated]), _events(layout, dated)
    calls = layout.event_call[events.start : events.stop]
    if trip < 0 or (calls < 0).any():
        return straight(timetable, layout.event_stop[events.start : events.stop])
    return path(timetable, trip, int(calls[0]), int(calls[-1]))


def _find_vehicle(snapshot: Snapshot, trip_id: str, service_day: int) -> VehicleOnTrip | None:
    for vehicle in snapshot.vehicles:
        if vehicle.trip_id == trip_id and vehicle.service_day in (service_day, None):
            return vehicle
    return None
