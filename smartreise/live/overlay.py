"""Lays real time over a layout: a new `Layout` with changed numbers beside the planned ones.

The schedule's arrays are never touched; arrays that nothing changes are shared. A cancelled dated trip stays
(boards show it) but loses its boarding bits and its place in patterns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import tzinfo
from typing import Any

import numpy as np

from smartreise.live.resolve import Change, NewTrip, Resolved
from smartreise.live.stop_updates import LiveCalls, PlannedCalls, lay_over
from smartreise.model.service_day import local_date
from smartreise.timetable.arrays import (
    ADDED,
    ALIGHT,
    BOARD,
    CANCELLED,
    DELETED,
    NO_TIME,
    PLATFORM_CHANGED,
    REALTIME,
    REPLACED,
    SKIPPED,
    AddedTrip,
    Int32s,
    Layout,
    Timetable,
    arrays_of,
    freeze,
)
from smartreise.timetable.patterns import group, index_stop_events


@dataclass(slots=True)
class _Live:
    """The arrays that real time changes, copied, and what is gathered on the way."""

    arrive: Int32s
    depart: Int32s
    stop: Int32s
    flags: Any
    event_state: Any
    dated_state: Any
    added: dict[int, AddedTrip] = field(default_factory=dict)
    occupancy: dict[int, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def overlay(timetable: Timetable, scheduled: Layout, resolved: Resolved, zone: tzinfo) -> Layout:
    """The layout with ``resolved`` applied; ``scheduled`` itself when nothing in it is touched."""
    dated_of = _dated_index(scheduled, resolved.changes)
    new_trips = [trip for trip in resolved.new_trips if _touches(scheduled, trip)]
    if not dated_of and not new_trips:
        return scheduled
    live = _Live(
        scheduled.event_arrive.copy(),
        scheduled.event_depart.copy(),
        scheduled.event_stop.copy(),
        scheduled.event_flags.copy(),
        scheduled.event_state.copy(),
        scheduled.dated_state.copy(),
    )
    station_of = timetable.stop_parent
    for key, dated in dated_of.items():
        _apply(timetable, scheduled, live, dated, resolved.changes[key], station_of)
    changed = replace(
        scheduled,
        event_arrive=live.arrive,
        event_depart=live.depart,
        event_stop=live.stop,
        event_flags=live.flags,
        event_state=live.event_state,
        dated_state=live.dated_state,
        added=live.added,
        occupancy=live.occupancy,
        counts=live.counts,
    )
    if new_trips:
        changed = _append(changed, new_trips, zone)
    return _index(timetable, changed)


def _dated_index(scheduled: Layout, changes: Mapping[tuple[int, int, int], Change]) -> dict[tuple[int, int, int], int]:
    """Where in the layout the changed dated trips are."""
    trips = np.unique(np.array([trip for trip, _, _ in changes], dtype=np.int32))
    rows = np.flatnonzero(np.isin(scheduled.dated_trip, trips))
    columns = scheduled.dated_trip[rows], scheduled.dated_day[rows], scheduled.dated_start_s[rows]
    found = zip(*(column.tolist() for column in columns), strict=True)
    return {key: int(row) for key, row in zip(found, rows, strict=True) if key in changes}


def _touches(scheduled: Layout, trip: NewTrip) -> bool:
    """Is a new trip within the layout's span, by its first and last time?"""
    end = scheduled.base + (3 * 24 + 9) * 3600
    return trip.calls[-1][1] >= scheduled.base and trip.calls[0][2] < end


def _apply(
    timetable: Timetable, scheduled: Layout, live: _Live, dated: int, change: Change, station_of: Int32s
) -> None:
    rows = slice(int(scheduled.dated_event[dated]), int(scheduled.dated_event[dated + 1]))
    if change.relationship in ("CANCELED", "DELETED"):
        live.dated_state[dated] = CANCELLED if change.relationship == "CANCELED" else DELETED
        live.flags[rows] = 0
        return
    if not change.stops:
        return
    planned = PlannedCalls(
        scheduled.event_stop[rows].tolist(),
        timetable.call_sequence[scheduled.event_call[rows]].tolist(),
        scheduled.event_arrive[rows].tolist(),
        scheduled.event_depart[rows].tolist(),
    )

    def stop_of(name: str) -> int | None:
        return timetable.stop_index.get(change.prefix + name)

    calls = lay_over(planned, change.stops, stop_of=stop_of, station_of=station_of, base=scheduled.base)
    _write(live, rows, planned, calls)
    if calls.occupancy:
        live.occupancy[dated] = calls.occupancy


def _write(live: _Live, rows: slice, planned: PlannedCalls, calls: LiveCalls) -> None:
    live.arrive[rows], live.depart[rows], live.stop[rows] = calls.arrive, calls.depart, calls.stop
    skipped = np.array(calls.skipped)
    moved = np.array(calls.stop) != np.array(planned.stop)
    live.flags[rows] = np.where(skipped, 0, live.flags[rows])
    live.event_state[rows] = np.array(calls.live) * REALTIME | skipped * SKIPPED | moved * PLATFORM_CHANGED
    _shorten(live, rows)
    for reason, number in calls.counts.items():
        live.counts[reason] = live.counts.get(reason, 0) + number


def _shorten(live: _Live, rows: slice) -> None:
    """Nobody boards at the last stop that is served, nor alights at the first, when the ends are skipped."""
    served = np.flatnonzero((live.event_state[rows] & SKIPPED) == 0)
    if len(served):
        live.flags[rows.start + served[-1]] &= ~BOARD & 0xFF
        live.flags[rows.start + served[0]] &= ~ALIGHT & 0xFF


def _append(layout: Layout, new_trips: list[NewTrip], zone: tzinfo) -> Layout:
    """The layout with trips that the timetable lacks at the end of its arrays."""
    first, events = len(layout.dated_trip), len(layout.event_stop)
    lengths = np.array([len(trip.calls) for trip in new_trips])
    calls = np.array([call for trip in new_trips for call in trip.calls], dtype=np.int64)
    times = calls[:, 1:] - layout.base
    for start, end in zip(np.r_[0, np.cumsum(lengths)[:-1]], np.cumsum(lengths), strict=True):
        flat = np.maximum.accumulate(times[start:end].ravel())
        times[start:end] = flat.reshape(-1, 2)
    ends = np.cumsum(lengths)
    flags = np.full(len(calls), BOARD | ALIGHT, dtype=np.uint8)
    flags[ends - 1], flags[np.r_[0, ends[:-1]]] = ALIGHT, BOARD
    days = [_service_day(trip, zone) for trip in new_trips]
    states = [REPLACED if trip.replaces else ADDED for trip in new_trips]
    dated = np.arange(first, first + len(new_trips))
    more: dict[str, Any] = {
        "dated_trip": [trip.like_trip if trip.replaces else -1 for trip in new_trips],
        "dated_day": days,
        "dated_start_s": [-1] * len(new_trips),
        "dated_route": [trip.route for trip in new_trips],
        "dated_state": states,
        "dated_event": events + ends,
        "dated_joined": [0] * len(new_trips),
        "event_dated": np.repeat(dated, lengths),
        "event_stop": calls[:, 0],
        "event_planned_stop": calls[:, 0],
        "event_arrive": times[:, 0],
        "event_depart": times[:, 1],
        "event_planned_arrive": [int(NO_TIME)] * len(calls),
        "event_planned_depart": [int(NO_TIME)] * len(calls),
        "event_flags": flags,
        "event_planned_flags": flags,
        "event_state": [REALTIME] * len(calls),
        "event_call": [-1] * len(calls),
    }
    arrays = {
        name: np.r_[getattr(layout, name), np.asarray(values)].astype(getattr(layout, name).dtype)
        for name, values in more.items()
    }
    added = {
        int(number): AddedTrip(trip.trip_id, trip.headsign, trip.like_trip)
        for number, trip in zip(dated, new_trips, strict=True)
    }
    return replace(layout, added={**layout.added, **added}, **arrays)


def _service_day(trip: NewTrip, zone: tzinfo) -> int:
    return trip.day if trip.day is not None else local_date(trip.calls[0][2], zone).toordinal()


def _index(timetable: Timetable, layout: Layout) -> Layout:
    """The layout with its patterns and its index by stop made anew."""
    patterns = group(
        timetable,
        dated_route=layout.dated_route,
        dated_event=layout.dated_event,
        dated_joined=layout.dated_joined,
        event_stop=layout.event_stop,
        event_arrive=layout.event_arrive,
        event_depart=layout.event_depart,
        event_flags=layout.event_flags,
        keep=(layout.dated_state != CANCELLED) & (layout.dated_state != DELETED),
    )
    start, event = index_stop_events(timetable, layout.event_stop, layout.event_depart)
    indexed = replace(
        layout,
        **{entry.name: getattr(patterns, entry.name) for entry in fields(patterns)},
        stop_event_start=start,
        stop_event=event,
    )
    freeze(arrays_of(indexed).values())
    return indexed
