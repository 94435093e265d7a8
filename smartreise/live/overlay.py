"""Lays real time over a schedule: a new `Layout` with changed numbers beside the planned ones.

The schedule's arrays are never touched; arrays that nothing changes are shared. A cancelled dated trip stays (boards
show it) but loses its boarding bits and its place in patterns. What a reader would get wrong: a layout is always made
from the schedule and all that is known now, never from the last layout: it cannot depend on the way that led here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.live.kernels import Changes, Laid, Planned
from smartreise.live.lay import COUNTED, lay
from smartreise.live.mend import mend_patterns, mend_stop_events
from smartreise.live.new_trips import NewTrip
from smartreise.live.resolve import Resolved
from smartreise.live.schedule import Schedule, index_schedule
from smartreise.live.updates import OCCUPANCIES
from smartreise.model.service_day import local_date
from smartreise.timetable.arrays import (
    ADDED,
    ALIGHT,
    BOARD,
    NO_TIME,
    REALTIME,
    REPLACED,
    AddedTrip,
    Int32s,
    Layout,
    Timetable,
    arrays_of,
    freeze,
)

#: how far a layout reaches after its base
SPAN_S: Final = (3 * 24 + 9) * 3600


def overlay(timetable: Timetable, scheduled: Layout | Schedule, resolved: Resolved, zone: tzinfo) -> Layout:
    """The layout with ``resolved`` applied; the schedule's own when nothing in it is touched."""
    held = scheduled if isinstance(scheduled, Schedule) else index_schedule(scheduled)
    dated_of = held.find(resolved.changes)
    new_trips = [trip for trip in resolved.new_trips if _touches(held.layout, trip)]
    if not new_trips and not (dated_of >= 0).any():
        return held.layout
    more = _more(held.layout, new_trips, zone) if new_trips else {}
    laid, moves, flags = _lay(timetable, held.layout, resolved.changes, dated_of, more)
    layout = replace(
        held.layout,
        **_longer(held.layout, more),
        event_arrive=laid.arrive,
        event_depart=laid.depart,
        event_state=laid.state,
        dated_state=laid.dated_state,
        added=_added(held.layout, new_trips),
        occupancy=_occupancy(dated_of, laid),
    )
    layout = _write(layout, laid.moved[:moves], laid.flagged[:flags])
    patterns, overtaking = mend_patterns(timetable, held, layout, dated_of, laid.effect)
    start, event = mend_stop_events(held, layout, dated_of, laid.effect, laid.moved[:moves, 0])
    counted = dict(zip(COUNTED, laid.counts.tolist(), strict=True)) | {"runs_overtaking": overtaking}
    made = replace(
        layout,
        **patterns,
        stop_event_start=start,
        stop_event=event,
        counts={reason: number for reason, number in counted.items() if number},
    )
    freeze(arrays_of(made).values())
    return made


def _lay(
    timetable: Timetable, layout: Layout, changes: Changes, dated_of: Int32s, more: Mapping[str, Any]
) -> tuple[Laid, int, int]:
    """Run the kernel on copies that have room for new trips; and how many stops moved and flags changed."""
    touched = dated_of[dated_of >= 0]
    room = int((layout.dated_event[touched + 1] - layout.dated_event[touched]).sum())
    laid = Laid(
        arrive=_copy(layout.event_arrive, more.get("event_arrive")),
        depart=_copy(layout.event_depart, more.get("event_depart")),
        state=_copy(layout.event_state, more.get("event_state")),
        dated_state=_copy(layout.dated_state, more.get("dated_state")),
        moved=np.empty((room, 2), np.int32),
        flagged=np.empty((room, 2), np.int32),
        effect=np.empty(len(dated_of), np.uint8),
        occupancy=np.empty(len(dated_of), np.int8),
        counts=np.zeros(len(COUNTED), np.int64),
    )
    moves, flags = lay(
        timetable, Planned(*(getattr(layout, name) for name in Planned._fields)), changes, dated_of, laid
    )
    return laid, moves, flags


def _copy(planned: NDArray[Any], more: Sequence[int] | None) -> NDArray[Any]:
    """A writable copy, with ``more`` behind it."""
    copy = np.empty(len(planned) + len(more if more is not None else ()), planned.dtype)
    copy[: len(planned)] = planned
    if more is not None:
        copy[len(planned) :] = more
    return copy


def _write(layout: Layout, moved: Int32s, flagged: Int32s) -> Layout:
    """The layout with stops and flags changed, in copies if there are any."""
    changed: dict[str, Any] = {}
    if len(moved):
        changed["event_stop"] = layout.event_stop.copy()
        changed["event_stop"][moved[:, 0]] = moved[:, 1]
    if len(flagged):
        changed["event_flags"] = layout.event_flags.copy()
        changed["event_flags"][flagged[:, 0]] = flagged[:, 1]
    return replace(layout, **changed) if changed else layout


def _occupancy(dated_of: Int32s, laid: Laid) -> dict[int, str]:
    told = np.flatnonzero(laid.occupancy >= 0)
    pairs = zip(dated_of[told].tolist(), laid.occupancy[told].tolist(), strict=True)
    return {dated: OCCUPANCIES[code] for dated, code in pairs}


def _touches(scheduled: Layout, trip: NewTrip) -> bool:
    """Is a new trip within the layout's span, by its first and last time?"""
    return trip.calls[-1].arrive >= scheduled.base and trip.calls[0].depart < scheduled.base + SPAN_S


def _more(layout: Layout, new_trips: Sequence[NewTrip], zone: tzinfo) -> dict[str, Any]:
    """What the layout's arrays have at their ends for trips that the timetable lacks, by array."""
    first, events = len(layout.dated_trip), len(layout.event_stop)
    lengths = np.array([len(trip.calls) for trip in new_trips])
    ends = np.cumsum(lengths)
    calls = [call for trip in new_trips for call in trip.calls]
    times = np.array([(call.arrive, call.depart) for call in calls], np.int64) - layout.base
    for start, end in zip(ends - lengths, ends, strict=True):
        times[start:end] = np.maximum.accumulate(times[start:end].ravel()).reshape(-1, 2)
    flags = np.full(len(calls), BOARD | ALIGHT, dtype=np.uint8)
    flags[ends - 1], flags[ends - lengths] = ALIGHT, BOARD
    stops = [call.stop for call in calls]

    def planned(at: int | None) -> int:
        return int(NO_TIME) if at is None else at - layout.base

    return {
        "dated_trip": [trip.like_trip if trip.replaces else -1 for trip in new_trips],
        "dated_day": [_service_day(trip, zone) for trip in new_trips],
        "dated_start_s": [-1] * len(new_trips),
        "dated_route": [trip.route for trip in new_trips],
        "dated_state": [REPLACED if trip.replaces else ADDED for trip in new_trips],
        "dated_event": events + ends,
        "dated_joined": [0] * len(new_trips),
        "event_dated": np.repeat(np.arange(first, first + len(new_trips)), lengths),
        "event_stop": stops,
        "event_planned_stop": stops,
        "event_arrive": times[:, 0],
        "event_depart": times[:, 1],
        "event_planned_arrive": [planned(call.planned_arrive) for call in calls],
        "event_planned_depart": [planned(call.planned_depart) for call in calls],
        "event_flags": flags,
        "event_planned_flags": flags,
        "event_state": [REALTIME] * len(calls),
        "event_call": [-1] * len(calls),
    }


_LAID: Final = frozenset({"event_arrive", "event_depart", "event_state", "dated_state"})


def _longer(layout: Layout, more: Mapping[str, Any]) -> dict[str, Any]:
    """The layout's other arrays with ``more`` behind them."""
    return {name: _copy(getattr(layout, name), values) for name, values in more.items() if name not in _LAID}


def _added(layout: Layout, new_trips: Sequence[NewTrip]) -> dict[int, AddedTrip]:
    first = len(layout.dated_trip)
    return {
        first + number: AddedTrip(trip.trip_id, trip.headsign, trip.like_trip) for number, trip in enumerate(new_trips)
    }


def _service_day(trip: NewTrip, zone: tzinfo) -> int:
    return trip.day if trip.day is not None else local_date(trip.calls[0].depart, zone).toordinal()
