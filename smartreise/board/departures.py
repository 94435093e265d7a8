"""Departures at stops, as they now stand.

What cannot be boarded here is no departure: the last stop, a pickup type that says no, a skipped stop. What is
cancelled stays, marked, until two minutes after its planned time; it is sorted by that time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.live.snapshot import Snapshot
from smartreise.model.service_day import local_date, start_of_day
from smartreise.timetable.arrays import (
    BOARD,
    CANCELLED,
    DELETED,
    NO_TIME,
    PLATFORM_CHANGED,
    REALTIME,
    SKIPPED,
    Layout,
)

#: a cancelled departure is shown until this long after its planned time
CANCELLED_STAYS_S: Final = 120


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One departure: indices into ``layout`` and epoch seconds."""

    layout: Layout
    event: int
    dated: int
    stop: int
    planned: int | None
    expected: int
    realtime: bool
    cancelled: bool
    added: bool
    platform_changed: bool

    @property
    def delay_s(self) -> int:
        """Seconds late, negative when early, 0 when nobody planned it or it is cancelled."""
        return 0 if self.planned is None or self.cancelled else self.expected - self.planned


def list_departures(
    snapshot: Snapshot,
    stops: Iterable[int],
    *,
    at: int,
    now: int,
    limit: int,
    routes: NDArray[np.bool_] | None = None,
    directions: frozenset[int] | None = None,
) -> list[DepartureRow]:
    """Departures from ``stops`` (location_type 0) at or after ``at``, by expected time, to the end of tomorrow.

    ``routes`` bool[R + 1] says which lines (last element: unknown line), ``directions`` which GTFS directions.
    """
    layout = snapshot.layouts.at(at)
    end = end_of_tomorrow(at, snapshot.zone)
    events = _events(layout, stops)
    expected = _expected(layout, events)
    kept = _shown(layout, events) & (expected >= at - layout.base) & (expected < end - layout.base)
    kept |= _recently_cancelled(layout, events, at - layout.base, now - layout.base)
    if routes is not None:
        kept &= routes[layout.dated_route[layout.event_dated[events]]]
    if directions is not None:
        kept &= _directions(snapshot, layout, events, directions)
    events, expected = events[kept], expected[kept]
    order = np.lexsort((events, expected))[:limit]
    return [_row(layout, int(event)) for event in events[order]]


def end_of_tomorrow(at: int, zone: tzinfo) -> int:
    """Epoch second when the day after that of ``at`` ends."""
    return start_of_day(local_date(at, zone) + timedelta(days=2), zone)


def last_stop_served(layout: Layout, dated: int) -> int | None:
    """Stop where a dated trip ends as it now runs; None when it serves none."""
    rows = slice(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1]))
    served = np.flatnonzero((layout.event_state[rows] & SKIPPED) == 0)
    return int(layout.event_stop[rows.start + served[-1]]) if len(served) else None


def is_cut_short(layout: Layout, dated: int) -> bool:
    """Are the last stops of a dated trip skipped?"""
    last = int(layout.dated_event[dated + 1]) - 1
    return bool(layout.event_state[last] & SKIPPED)


def _events(layout: Layout, stops: Iterable[int]) -> NDArray[np.int32]:
    parts = [
        layout.stop_event[layout.stop_event_start[stop] : layout.stop_event_start[stop + 1]] for stop in set(stops)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


def _cancelled(layout: Layout, events: NDArray[np.int32]) -> NDArray[np.bool_]:
    cancelled: NDArray[np.bool_] = layout.dated_state[layout.event_dated[events]] == CANCELLED
    return cancelled


def _expected(layout: Layout, events: NDArray[np.int32]) -> NDArray[np.int32]:
    """Sorting time: expected, or planned for what is cancelled."""
    planned = layout.event_planned_depart[events]
    by_plan = _cancelled(layout, events) & (planned != NO_TIME)
    return np.where(by_plan, planned, layout.event_depart[events]).astype(np.int32)


def _shown(layout: Layout, events: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Is it a departure: boarded here now, or cancelled where one could have boarded?"""
    boarded = (layout.event_flags[events] & BOARD) != 0
    planned = (layout.event_planned_flags[events] & BOARD) != 0
    deleted = layout.dated_state[layout.event_dated[events]] == DELETED
    shown: NDArray[np.bool_] = (boarded | (_cancelled(layout, events) & planned)) & ~deleted
    return shown


def _recently_cancelled(layout: Layout, events: NDArray[np.int32], at: int, now: int) -> NDArray[np.bool_]:
    """Cancelled departures whose planned time passed under two minutes ago, on a board that begins now."""
    if abs(at - now) > CANCELLED_STAYS_S:
        return np.zeros(len(events), dtype=np.bool_)
    planned = layout.event_planned_depart[events]
    gone = _cancelled(layout, events) & (planned < at) & (planned >= at - CANCELLED_STAYS_S)
    recent: NDArray[np.bool_] = gone & ((layout.event_planned_flags[events] & BOARD) != 0)
    return recent


def _directions(
    snapshot: Snapshot, layout: Layout, events: NDArray[np.int32], directions: frozenset[int]
) -> NDArray[np.bool_]:
    trip = layout.dated_trip[layout.event_dated[events]].copy()
    for number in np.flatnonzero(trip < 0):  # an added trip goes the way of the one that it is like
        trip[number] = layout.added[int(layout.event_dated[events[number]])].like_trip
    direction = np.where(trip >= 0, snapshot.timetable.trip_direction[trip], -1)
    return np.isin(direction, sorted(directions))


def _row(layout: Layout, event: int) -> DepartureRow:
    dated = int(layout.event_dated[event])
    planned = int(layout.event_planned_depart[event])
    cancelled = bool(layout.dated_state[dated] == CANCELLED)
    state = int(layout.event_state[event])
    unplanned = planned == NO_TIME
    time = planned if cancelled and not unplanned else int(layout.event_depart[event])
    return DepartureRow(
        layout=layout,
        event=event,
        dated=dated,
        stop=int(layout.event_stop[event]),
        planned=None if unplanned else planned + layout.base,
        expected=time + layout.base,
        realtime=bool(state & REALTIME) or cancelled,
        cancelled=cancelled,
        added=dated in layout.added and not _replaces(layout, dated),
        platform_changed=bool(state & PLATFORM_CHANGED),
    )


def _replaces(layout: Layout, dated: int) -> bool:
    return bool(layout.dated_trip[dated] >= 0)
