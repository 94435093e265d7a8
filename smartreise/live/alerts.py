"""Alerts with their selectors resolved: which lines, stops and trips does a text concern?

All parts of one selector must hold together; where a selector names a line at a stop, both are kept, since a
screen shows the text at either.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from smartreise.live.snapshot import AlertInEffect
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


def _resolve(timetable: Timetable, alert: Alert, prefix: str) -> AlertInEffect:
    routes: set[int] = set()
    stops: set[int] = set()
    trips: set[str] = set()
    everywhere = not alert.informed
    for selector in alert.informed:
        allowed = _of_agency(timetable, selector, prefix)
        if allowed is not None and not allowed:
            continue  # an agency that we do not know
        route = timetable.route_index.get(prefix + (selector.route_id or ""))
        stop = timetable.stop_index.get(prefix + (selector.stop_id or ""))
        if route is not None:
            routes.add(route)
        if stop is not None:
            stops |= _with_members(timetable, stop)
        if selector.trip is not None:
            _add_trip(timetable, selector, prefix, routes, trips)
        if not (selector.route_id or selector.stop_id or selector.trip):
            chosen = _of_type(timetable, selector, allowed)
            everywhere |= len(chosen) == len(timetable.route_id)
            routes |= chosen
    return AlertInEffect(alert, frozenset(routes), frozenset(stops), frozenset(trips), everywhere)


def _with_members(timetable: Timetable, stop: int) -> set[int]:
    """A stop with its station, a station with its stops."""
    rows = timetable.member[timetable.member_start[stop] : timetable.member_start[stop + 1]]
    return {stop, *(int(row) for row in rows)}


def _add_trip(timetable: Timetable, selector: Informed, prefix: str, routes: set[int], trips: set[str]) -> None:
    trip = selector.trip
    if trip is None:
        return
    if trip.trip_id is not None:
        trips.add(prefix + trip.trip_id)
    elif trip.route_id is not None and prefix + trip.route_id in timetable.route_index:
        routes.add(timetable.route_index[prefix + trip.route_id])


def _of_agency(timetable: Timetable, selector: Informed, prefix: str) -> set[int] | None:
    """Lines of the agency that a selector names, None where it names none. A lone agency may go without an id."""
    if selector.agency_id is None:
        return None
    if timetable.agency_id == ("",):
        return set(range(len(timetable.route_id)))
    named = [n for n, agency in enumerate(timetable.agency_id) if agency == prefix + selector.agency_id]
    return {int(route) for route in np.flatnonzero(np.isin(timetable.route_agency, named))}


def _of_type(timetable: Timetable, selector: Informed, allowed: set[int] | None) -> set[int]:
    """Lines of a type, among those of the agency if one is named; all of the agency's without a type."""
    if selector.route_type is None:
        return allowed or set()
    found = {int(route) for route in np.flatnonzero(timetable.route_type == selector.route_type)}
    return found if allowed is None else found & allowed
