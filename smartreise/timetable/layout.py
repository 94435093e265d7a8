"""Lays the timetable out in absolute time around a calendar day.

Here, and nowhere else, service days, zones, DST, midnight and frequencies turn into seconds from one
instant. A dated trip of yesterday's service day that runs at 25:30 is in today's layout under yesterday's
service day.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import Unanswerable
from smartreise.model.service_day import local_date, service_day_origin, start_of_day
from smartreise.timetable.arrays import SCHEDULED, Int32s, Layout, Timetable, UInt8s, arrays_of, freeze
from smartreise.timetable.blocks import order_blocks
from smartreise.timetable.patterns import group, index_stop_events

#: a layout reaches this far before its day and after the end of the next
BEFORE_S: Final = 6 * 3600
AFTER_S: Final = 3 * 3600


def layout_day(timetable: Timetable, at: int, zone: tzinfo) -> date:
    """The calendar day whose layout answers for epoch second ``at``.

    Raises `Unanswerable` for a day that the timetable does not cover.
    """
    day = local_date(at, zone)
    if not timetable.first_day <= day <= timetable.last_day:
        raise Unanswerable("at", f"the timetable covers {timetable.first_day} to {timetable.last_day}, not {day}")
    return day


def lay_out(timetable: Timetable, day: date, zone: tzinfo) -> Layout:
    """All dated trips with an event in [start of ``day`` − 6 h, start of ``day`` + 2 + 3 h) in ``zone``."""
    base = start_of_day(day, zone) - BEFORE_S
    end = start_of_day(day + timedelta(days=2), zone) + AFTER_S
    trip, dated_day, start_s, offset, joined = _select(timetable, day, base, end)
    length = timetable.trip_call_start[trip + 1] - timetable.trip_call_start[trip]
    dated_event = np.r_[0, np.cumsum(length)].astype(np.int32)
    count = int(dated_event[-1])
    call = (np.arange(count) + np.repeat(timetable.trip_call_start[trip] - dated_event[:-1], length)).astype(np.int32)
    shift = np.repeat(offset, length)
    arrive = (timetable.call_arrive[call] + shift).astype(np.int32)
    depart = (timetable.call_depart[call] + shift).astype(np.int32)
    stop, flags, route = timetable.call_stop[call], timetable.call_flags[call], timetable.trip_route[trip]
    patterns = group(
        timetable,
        dated_route=route,
        dated_event=dated_event,
        dated_joined=joined,
        event_stop=stop,
        event_arrive=arrive,
        event_depart=depart,
        event_flags=flags,
        keep=np.ones(len(trip), dtype=np.bool_),
    )
    stop_event_start, stop_event = index_stop_events(timetable, stop, depart)
    layout = Layout(
        base=base,
        day=day,
        dated_trip=trip,
        dated_day=dated_day,
        dated_start_s=start_s,
        dated_route=route,
        dated_state=np.full(len(trip), SCHEDULED, dtype=np.uint8),
        dated_event=dated_event,
        dated_joined=joined,
        event_dated=np.repeat(np.arange(len(trip)), length).astype(np.int32),
        event_stop=stop,
        event_planned_stop=stop,
        event_arrive=arrive,
        event_depart=depart,
        event_planned_arrive=arrive,
        event_planned_depart=depart,
        event_flags=flags,
        event_planned_flags=flags,
        event_state=np.zeros(count, dtype=np.uint8),
        event_call=call,
        **{field.name: getattr(patterns, field.name) for field in fields(patterns)},
        stop_event_start=stop_event_start,
        stop_event=stop_event,
    )
    freeze(arrays_of(layout).values())
    return layout


_Selected = tuple[Int32s, Int32s, Int32s, Int32s, UInt8s]


def _select(timetable: Timetable, day: date, base: int, end: int) -> _Selected:
    """Dated trips that touch [base, end): trip, service day, frequency start (−1), offset and whether joined to the
    next. An offset turns seconds of the service day into seconds from ``base``."""
    latest = int(timetable.trip_end.max()) if len(timetable.trip_end) else 0
    first = day - timedelta(days=2 + max(latest, 0) // 86_400)
    days = [first + timedelta(days=n) for n in range((day - first).days + 4)]
    zones = [ZoneInfo(name) for name in timetable.zones]
    covered = [d for d in days if timetable.first_day <= d <= timetable.last_day]
    parts = [_select_day(timetable, d, [service_day_origin(d, z) - base for z in zones], end - base) for d in covered]
    if not parts:
        empty = np.empty(0, dtype=np.int32)
        return empty, empty, empty, empty, empty.astype(np.uint8)
    trip, dated_day, start_s, offset, joined = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return trip, dated_day, start_s, offset, joined


def _select_day(timetable: Timetable, day: date, origins: list[int], span_s: int) -> _Selected:
    """`_select` for one service day; ``origins`` are its second 0 by zone, relative to the base."""
    runs = timetable.service_days[:, day.toordinal() - timetable.first_day.toordinal()]
    origin = np.array(origins, dtype=np.int32)[timetable.trip_zone]
    begins, ends = timetable.trip_begin, timetable.trip_end
    active = runs[timetable.trip_service]
    by_frequency = np.zeros(len(active), dtype=np.bool_)
    by_frequency[timetable.frequency_trip] = True
    plain = np.flatnonzero(active & ~by_frequency)
    trip, start_s = _frequency_starts(timetable, active)
    trips = np.r_[plain, trip].astype(np.int32)
    starts = np.r_[np.full(len(plain), -1), start_s].astype(np.int32)
    offset = origin[trips] + np.where(starts >= 0, starts - begins[trips], 0).astype(np.int32)
    touches = (ends[trips] + offset >= 0) & (begins[trips] + offset < span_s)
    trips, starts, offset = trips[touches], starts[touches], offset[touches]
    order = np.lexsort((starts, trips))
    blocks, joined = order_blocks(timetable, trips[order], (starts[order] >= 0).astype(np.uint8))
    order = order[blocks]
    ordinal = np.full(len(trips), day.toordinal(), dtype=np.int32)
    return trips[order], ordinal, starts[order], offset[order].astype(np.int32), joined


def _frequency_starts(timetable: Timetable, active: NDArray[np.bool_]) -> tuple[Int32s, Int32s]:
    """Trip and start (s of the service day) of every start that frequencies.txt gives active trips."""
    trips, starts = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.int32)]
    for row in np.flatnonzero(active[timetable.frequency_trip]):
        begin, end = int(timetable.frequency_start[row]), int(timetable.frequency_end[row])
        times = np.arange(begin, end, int(timetable.frequency_headway_s[row]), dtype=np.int32)
        starts.append(times)
        trips.append(np.full(len(times), timetable.frequency_trip[row], dtype=np.int32))
    return np.concatenate(trips), np.concatenate(starts)
