"""Alerts with their selectors resolved: which lines, stops and trips does a text concern?

All parts of one selector must hold together: "line 31 at Fornebu" is about that line's departures there, and stands on
the boards of that stop and in the answers about that line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from smartreise.live.match import parse_date
from smartreise.live.snapshot import AlertInEffect, Selector
from smartreise.model.realtime import Alert, Informed, RealtimeMessage
from smartreise.timetable.arrays import Timetable


def resolve_alerts(timetable: Timetable, messages: Iterable[RealtimeMessage]) -> tuple[AlertInEffect, ...]:
    """All alerts of all feeds, in effect or not: that depends on now."""
    return tuple(_resolve(timetable, alert, message.prefix) for message in messages for alert in message.alerts)


def in_effect(alert: Alert, now: int) -> bool:
    """Is the alert in one of its periods at ``now`` (epoch s)? Without periods it always is."""
    return not alert.periods or any((start or 0) <= now and (end is None or now < end) for start, end in alert.periods)


def next_turn(alert: Alert, now: int) -> int | None:
    """The next instant after ``now`` when the alert begins or ends."""
    turns = [at for period in alert.periods for at in period if at is not None and at > now]
    return min(turns, default=None)


def concerns(
    selector: Selector,
    *,
    routes: Collection[int] | None = None,
    stops: Collection[int] | None = None,
    trips: Collection[str] | None = None,
    dates: Collection[str] | None = None,
    directions: Collection[int] | None = None,
) -> bool:
    """Is a selector about these lines, stops and trips? What the question leaves open (None) narrows nothing, but
    something that the selector names must be asked for."""
    named = False
    for part, asked in ((selector.routes, routes), (selector.stops, stops)):
        if part is not None and asked is not None:
            if part.isdisjoint(asked):
                return False
            named = True
    if selector.trip is not None and trips is not None:
        if selector.trip not in trips:
            return False
        named = True
    if selector.service_date is not None and dates is not None and selector.service_date not in dates:
        return False
    if selector.direction is not None and directions is not None and selector.direction not in directions:
        return False
    return named


def _resolve(timetable: Timetable, alert: Alert, prefix: str) -> AlertInEffect:
    pairs = [(informed, _selector(timetable, informed, prefix)) for informed in alert.informed]
    selectors = tuple(selector for _, selector in pairs if selector is not None)
    named = [s.routes for informed, s in pairs if s and s.routes and (s.stops is None or informed.route_id is not None)]
    return AlertInEffect(
        alert,
        frozenset[int]().union(*named),
        frozenset[int]().union(*(s.stops for s in selectors if s.stops is not None)),
        frozenset(s.trip for s in selectors if s.trip is not None),
        everywhere=not alert.informed or any(_is_everything(timetable, selector) for selector in selectors),
        selectors=selectors,
    )


def _is_everything(timetable: Timetable, selector: Selector) -> bool:
    alone = (selector.stops, selector.trip, selector.direction) == (None, None, None)
    return alone and selector.routes is not None and len(selector.routes) == len(timetable.route_id)


def _selector(timetable: Timetable, informed: Informed, prefix: str) -> Selector | None:
    """A selector in indices, None if it names something that we do not know, or nothing."""
    routes = _routes(timetable, informed, prefix)
    stops = None
    if informed.stop_id is not None:
        stop = timetable.stop_index.get(prefix + informed.stop_id)
        if stop is None:
            return None
        stops = frozenset(_with_members(timetable, stop))
    trip = informed.trip
    trip_id = prefix + trip.trip_id if trip is not None and trip.trip_id is not None else None
    day = parse_date(trip.start_date) if trip is not None and trip.start_date is not None else None
    direction = informed.direction_id
    if direction is None and trip is not None and trip_id is None:
        direction = trip.direction_id
    if routes == frozenset() or (routes is None and stops is None and trip_id is None):
        return None
    return Selector(routes, stops, trip_id, day.isoformat() if day is not None else None, direction)


def _routes(timetable: Timetable, informed: Informed, prefix: str) -> frozenset[int] | None:
    """The lines of a selector: those that all of line, agency and type name; None where it names none of them."""
    parts = []
    trip = informed.trip
    for name in (informed.route_id, trip.route_id if trip is not None and trip.trip_id is None else None):
        if name is not None:
            route = timetable.route_index.get(prefix + name)
            parts.append(frozenset() if route is None else frozenset([route]))
    if informed.agency_id is not None:
        parts.append(_of_agency(timetable, prefix + informed.agency_id))
    if informed.route_type is not None:
        parts.append(frozenset(np.flatnonzero(timetable.route_type == informed.route_type).tolist()))
    return frozenset.intersection(*parts) if parts else None


def _with_members(timetable: Timetable, stop: int) -> set[int]:
    """A stop with its station, a station with its stops."""
    rows = timetable.member[timetable.member_start[stop] : timetable.member_start[stop + 1]]
    return {stop, *(int(row) for row in rows)}


def _of_agency(timetable: Timetable, agency_id: str) -> frozenset[int]:
    """Lines of an agency. A lone agency may go without an id."""
    if timetable.agency_id == ("",):
        return frozenset(range(len(timetable.route_id)))
    named = [n for n, agency in enumerate(timetable.agency_id) if agency == agency_id]
    return frozenset(np.flatnonzero(np.isin(timetable.route_agency, named)).tolist())
