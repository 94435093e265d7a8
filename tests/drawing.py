"""Draws timetables in a test, as text that reads like a timetable.

    draw(trips='''
        31/t1: A 08:00  B 08:10-08:12  C 08:20
        31/t2: A 08:15  B 08:25        C 08:35
        L1/t3 [service=sat block=7 mode=rail]: C 25:30  D 26:00
        5/t4 [every=08:00-09:00/600]: A 00:00  B 00:10
    ''')

A row is `line/trip [options]: stop time …`; a time is arrival-departure or one for both; `B^` cannot be boarded,
`Bv` cannot be alighted at, `B -` has a blank time. Stops stand 5 km apart on a line to the east unless placed
(`places={"A": (59.9, 10.6)}`); `stations={"S": "A B"}` puts stops under a station. Every service runs daily
from 2026-11-01 for 60 days unless `services` says else (`{"sat": "2026-11-07 2026-11-14"}`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.model.modes import TRANSIT_MODES
from smartreise.model.region import Region
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.rows import parse_seconds
from smartreise.timetable.tables import BLANK_TIME, GtfsTables, StopTimes, trip_table

ZONE = ZoneInfo("Europe/Oslo")
FIRST = date(2026, 11, 1)
DAYS = 60
DAY = date(2026, 11, 10)
REGION = Region(id="drawn", name="Drawn", timezone="Europe/Oslo", change_walk_max_m=800)
_ROUTE_TYPES = {"bus": 3, "tram": 0, "metro": 1, "rail": 2, "ferry": 4, "coach": 200}


@dataclass
class _Trips:
    trips: list[dict[str, str]] = field(default_factory=list)
    routes: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    frequencies: list[dict[str, str]] = field(default_factory=list)
    stops: dict[str, None] = field(default_factory=dict)


def draw(
    trips: str,
    *,
    places: Mapping[str, tuple[float, float]] | None = None,
    stations: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
    transfers: Sequence[Mapping[str, str]] = (),
    pathways: Sequence[Mapping[str, str]] = (),
    levels: Sequence[Mapping[str, str]] = (),
    stop_options: Mapping[str, Mapping[str, str]] | None = None,
    region: Region = REGION,
    zone: str = "Europe/Oslo",
) -> Timetable:
    """The timetable of some rows of text, see above."""
    return build([tables(**{k: v for k, v in locals().items() if k != "region"})], region)


def tables(
    trips: str,
    *,
    places: Mapping[str, tuple[float, float]] | None = None,
    stations: Mapping[str, str] | None = None,
    services: Mapping[str, str] | None = None,
    transfers: Sequence[Mapping[str, str]] = (),
    pathways: Sequence[Mapping[str, str]] = (),
    levels: Sequence[Mapping[str, str]] = (),
    stop_options: Mapping[str, Mapping[str, str]] | None = None,
    zone: str = "Europe/Oslo",
) -> GtfsTables:
    """As `draw`, the tables before they are compiled."""
    drawn = _Trips()
    for line in trips.strip().splitlines():
        if line.strip():
            _row(line.strip(), drawn)
    parents = {stop: station for station, names in (stations or {}).items() for stop in names.split()}
    names = list(dict.fromkeys([*drawn.stops, *(places or {}), *parents, *(stations or {})]))
    stops = [_stop(i, name, places or {}, parents, (stop_options or {}).get(name, {})) for i, name in enumerate(names)]
    for row in stops:
        if row["stop_id"] in (stations or {}):
            row["location_type"] = "1"
    return GtfsTables(
        feed_id="drawn",
        prefix="",
        digest=str(hash((trips, str(places), str(stations)))),
        agencies=({"agency_id": "a", "agency_name": "Agency", "agency_timezone": zone},),
        stops=tuple(stops),
        routes=tuple(drawn.routes.values()),
        trips=trip_table(drawn.trips),
        stop_times=_stop_times(drawn, {name: i for i, name in enumerate(names)}),
        calendar_dates=tuple(_dates({row["service_id"] for row in drawn.trips}, services or {})),
        frequencies=tuple(drawn.frequencies),
        transfers=tuple(dict(row) for row in transfers),
        pathways=tuple(dict(row) for row in pathways),
        levels=tuple(dict(row) for row in levels),
    )


def layout(timetable: Timetable, day: date = DAY) -> Layout:
    """The drawn timetable around a day in Oslo."""
    return lay_out(timetable, day, ZONE)


def clock(text: str, day: date = DAY) -> int:
    """Epoch second of HH:MM[:SS] on a day in Oslo; hours may pass 24."""
    from smartreise.model.service_day import service_day_origin

    seconds = parse_seconds(text if text.count(":") == 2 else text + ":00")
    assert seconds is not None
    return service_day_origin(day, ZONE) + seconds


def _row(line: str, drawn: _Trips) -> None:
    match = re.fullmatch(r"([^/\s]+)/(\S+?)\s*(?:\[(.*?)\])?:\s*(.*)", line)
    assert match, f"not a timetable row: {line}"
    route, trip, options_text, calls = match.groups()
    options = dict(part.split("=", 1) for part in (options_text or "").split())
    mode = options.get("mode", "bus")
    assert mode in TRANSIT_MODES
    drawn.routes.setdefault(
        route,
        {"route_id": route, "agency_id": "a", "route_short_name": route, "route_type": str(_ROUTE_TYPES[mode])},
    )
    row = {"trip_id": trip, "route_id": route, "service_id": options.get("service", "daily")}
    row |= {"block_id": options.get("block", ""), "trip_headsign": options.get("to", "")}
    row |= {"direction_id": options.get("direction", ""), "wheelchair_accessible": options.get("wheelchair", "")}
    number = len(drawn.trips)
    drawn.trips.append(row)
    if "every" in options:
        span, headway = options["every"].split("/")
        start, end = span.split("-")
        drawn.frequencies.append(
            {"trip_id": trip, "start_time": start + ":00", "end_time": end + ":00", "headway_secs": headway}
        )
    words = calls.split()
    for sequence, (stop, at) in enumerate(zip(words[::2], words[1::2], strict=True), 1):
        name = stop.rstrip("^v")
        drawn.stops[name] = None
        arrive, depart = (at.split("-") * 2)[:2] if at != "-" else ("", "")
        times = [
            parse_seconds(t if t.count(":") == 2 else t + ":00") if t else int(BLANK_TIME) for t in (arrive, depart)
        ]
        drawn.calls.append((number, name, *times, sequence, int(stop.endswith("^")), int(stop.endswith("v"))))


def _stop(
    index: int,
    name: str,
    places: Mapping[str, tuple[float, float]],
    parents: Mapping[str, str],
    options: Mapping[str, str],
) -> dict[str, str]:
    lat, lon = places.get(name, (59.9, 10.0 + 0.09 * index))
    row = {"stop_id": name, "stop_name": name, "stop_lat": str(lat), "stop_lon": str(lon)}
    return row | {"parent_station": parents.get(name, "")} | dict(options)


def _stop_times(drawn: _Trips, stops: Mapping[str, int]) -> StopTimes:
    rows = drawn.calls

    def column(i: int) -> list[Any]:
        return [row[i] for row in rows]

    return StopTimes(
        trip=np.array(column(0), dtype=np.int32),
        stop=np.array([stops[name] for name in column(1)], dtype=np.int32),
        arrive=np.array(column(2), dtype=np.int32),
        depart=np.array(column(3), dtype=np.int32),
        sequence=np.array(column(4), dtype=np.int32),
        pickup=np.array(column(5), dtype=np.uint8),
        drop_off=np.array(column(6), dtype=np.uint8),
        distance=np.full(len(rows), np.nan),
        headsign=np.full(len(rows), -1, dtype=np.int32),
    )


def _dates(used: set[str], services: Mapping[str, str]) -> list[dict[str, str]]:
    rows = []
    for service in sorted(used):
        if service in services:
            days = [date.fromisoformat(text) for text in services[service].split()]
        else:
            days = [FIRST + timedelta(days=n) for n in range(DAYS)]
        rows += [{"service_id": service, "date": f"{day:%Y%m%d}", "exception_type": "1"} for day in days]
    return rows
