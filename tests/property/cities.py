"""Draws small cities of whole lines: headways, lateness that makes trips overtake, loops, midnight, footpaths, and
vehicles that go back as another trip with their riders seated.

Lines rather than random trips, because the bugs of a search live where trips follow one another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from hypothesis import strategies as st

from smartreise.live.overlay import overlay
from smartreise.live.resolve import Change, Resolved
from smartreise.model.realtime import StopTimeUpdate, TimeEvent
from smartreise.model.region import Region
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.tables import GtfsTables, StopTimes, trip_table
from tests.drawing import ZONE

DAY = date(2026, 11, 10)
STOPS = 7


@dataclass(frozen=True)
class Row:
    """A trip: seconds of arrival and departure after `start` by stop, pickup and drop-off types."""

    line: int
    start: int
    stops: list[int]
    arrive: list[int]
    depart: list[int]
    pickup: list[int]
    drop_off: list[int]
    block: str = ""


@dataclass(frozen=True)
class City:
    timetable: Timetable
    layout: Layout


@st.composite
def lines(draw: st.DrawFn) -> list[Row]:
    """Each trip has its own pickup and drop-off types, so that one may not be left where the next may."""
    rows: list[Row] = []
    for line in range(draw(st.integers(1, 4))):
        length = draw(st.integers(2, 6))
        stops = draw(st.lists(st.integers(0, STOPS - 1), min_size=length, max_size=length))
        stops = [stop for i, stop in enumerate(stops) if i == 0 or stop != stops[i - 1]]
        if len(stops) < 2:
            continue
        hops = [draw(st.sampled_from((0, 1, 2, 3, 5, 9))) * 60 for _ in stops[1:]]
        dwell = [draw(st.sampled_from((0, 0, 60))) for _ in stops]
        first = draw(st.sampled_from((7 * 3600, 7 * 3600 + 7 * 60, 23 * 3600 + 40 * 60)))
        headway = draw(st.sampled_from((120, 300, 480, 900)))
        for number in range(draw(st.integers(1, 5))):
            at, arrive, depart = 0, [], []
            for i in range(len(stops)):
                at += hops[i - 1] if i else 0
                arrive.append(at)
                at += dwell[i]
                depart.append(at)
            pickup, drop_off = ([draw(st.sampled_from((0, 0, 0, 1))) for _ in stops] for _ in range(2))
            row = Row(line, first + number * headway, stops, arrive, depart, pickup, drop_off)
            if draw(st.sampled_from((True, False, False))):
                block = f"{line}-{number}"
                back = _back(row, draw(st.integers(0, 3)), draw(st.sampled_from((0, 120))), block)
                rows += [replace(row, block=block), back]
            else:
                rows.append(row)
    return rows


def _back(row: Row, line: int, layover: int, block: str) -> Row:
    """The same vehicle on its way back."""
    end = row.depart[-1]
    return Row(
        line=line,
        start=row.start + row.arrive[-1] + layover,
        stops=row.stops[::-1],
        arrive=[end - at for at in row.depart[::-1]],
        depart=[end - at for at in row.arrive[::-1]],
        pickup=row.drop_off[::-1],
        drop_off=row.pickup[::-1],
        block=block,
    )


@st.composite
def cities(draw: st.DrawFn) -> City:
    rows = draw(lines().filter(bool))
    close = draw(st.booleans())
    spread = [draw(st.sampled_from((0.0, 0.004, 0.05))) if close else 0.05 for _ in range(STOPS)]
    lon = np.cumsum(spread)
    timetable = _build(rows, lon, draw(st.sampled_from((0, 60, 120))))
    layout = lay_out(timetable, DAY, ZONE)
    return City(timetable, _delayed(draw, timetable, layout))


def _build(rows: list[Row], lon: np.ndarray, change: int) -> Timetable:
    calls = [
        (trip, stop, row.start + a, row.start + d, i + 1, p, o)
        for trip, row in enumerate(rows)
        for i, (stop, a, d, p, o) in enumerate(
            zip(row.stops, row.arrive, row.depart, row.pickup, row.drop_off, strict=True)
        )
    ]
    columns = np.array(calls, dtype=np.int32).T
    times = StopTimes(
        trip=columns[0],
        stop=columns[1],
        arrive=columns[2],
        depart=columns[3],
        sequence=columns[4],
        pickup=columns[5].astype(np.uint8),
        drop_off=columns[6].astype(np.uint8),
        distance=np.full(len(calls), np.nan),
        headsign=np.full(len(calls), -1, np.int32),
    )
    tables = GtfsTables(
        feed_id="drawn",
        prefix="",
        digest="",
        agencies=({"agency_id": "a", "agency_timezone": "Europe/Oslo"},),
        stops=tuple({"stop_id": str(i), "stop_lat": "59.9", "stop_lon": str(10 + x)} for i, x in enumerate(lon)),
        routes=tuple({"route_id": str(r), "route_type": "3"} for r in range(4)),
        trips=trip_table(
            [
                {"trip_id": str(t), "route_id": str(row.line), "service_id": "s", "block_id": row.block}
                for t, row in enumerate(rows)
            ]
        ),
        stop_times=times,
        calendar_dates=({"service_id": "s", "date": "20261110", "exception_type": "1"},),
    )
    return build([tables], replace(Region(id="d", name="d", timezone="Europe/Oslo"), change_s=change))


def _delayed(draw: st.DrawFn, timetable: Timetable, layout: Layout) -> Layout:
    """Some trips late or early from some stop on, some cancelled, some stops skipped."""
    changes = {}
    for dated in range(len(layout.dated_trip)):
        kind = draw(st.sampled_from(("", "", "", "late", "late", "cancel", "skip")))
        if not kind:
            continue
        calls = int(layout.dated_event[dated + 1] - layout.dated_event[dated])
        at = draw(st.integers(1, calls))
        delay = TimeEvent(delay_s=draw(st.sampled_from((-60, 60, 240, 600, 1500))))
        update = StopTimeUpdate(sequence=at, arrival=delay, departure=delay)
        if kind == "skip":
            update = StopTimeUpdate(sequence=at, relationship="SKIPPED")
        key = int(layout.dated_trip[dated]), int(layout.dated_day[dated]), -1
        changes[key] = Change("CANCELED" if kind == "cancel" else "SCHEDULED", (update,), "")
    return overlay(timetable, layout, Resolved(changes, (), {}, {}), ZONE)
