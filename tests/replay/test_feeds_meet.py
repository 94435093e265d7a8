"""Two operators' feeds in one region: each has the stops of the national register under ids of its own, and a change
between the two halves of a station is a walk like any other (feeds/ruter.toml joins Ruter, Vy and Flytoget so)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.region import Region
from smartreise.model.service_day import start_of_day
from smartreise.planner.query import Change, Query, Ride, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from tests.replay.plain import PlainFeed
from tests.shared_data import shared

DAY, ZONE = date(2018, 9, 5), ZoneInfo("Europe/Oslo")
LINE, EXPRESS = "norway-gjovikbanen/rb_gjb-aggregated-gtfs.zip", "norway-flytoget/rb_flt-aggregated-gtfs.zip"
GREFSEN, OSLO_S, AIRPORT = "NSR:StopPlace:343", "NSR:StopPlace:337", "NSR:StopPlace:269"


def quays(timetable: Timetable, place: str) -> StopTimesTo:
    row = list(timetable.stop_id).index(place)
    own = timetable.member[timetable.member_start[row] : timetable.member_start[row + 1]].astype(np.int32)
    return StopTimesTo(own, np.zeros(len(own), np.int32))


def departures(path: str, place: str, towards: str, start: int) -> list[int]:
    """Epoch seconds at which a feed's trains leave one station for another, by a plain reading of its files."""
    plain = PlainFeed(shared(path))
    ends = plain.members(towards)
    rows, _ = plain.departures(place, start, start + 4 * 3600)
    return [
        row.at
        for row in rows
        if any(c["stop_id"] in ends and int(c["stop_sequence"]) > row.sequence for c in plain.calls[row.trip_id])
    ]


def test_a_train_of_one_feed_reaches_the_next_train_of_the_other() -> None:
    feeds = [
        parse_gtfs(shared(LINE).read_bytes(), feed_id="gjb"),
        parse_gtfs(shared(EXPRESS).read_bytes(), feed_id="flt", prefix="flt:"),
    ]
    timetable = build(feeds, Region(id="two", name="Two", timezone="Europe/Oslo"))
    layout = lay_out(timetable, DAY, ZONE)
    eight = int(start_of_day(DAY, ZONE)) + 8 * 3600
    ends = quays(timetable, GREFSEN), (quays(timetable, "flt:" + AIRPORT),)
    query = Query(*ends, earliest=eight - layout.base, latest=eight + 3600 - layout.base)
    found = search(timetable, layout, query).journeys[0]
    express = departures(EXPRESS, OSLO_S, AIRPORT, eight)

    assert len(found) >= 2
    for journey in found:
        line, change, airport = journey.legs
        assert isinstance(line, Ride)
        assert isinstance(change, Change)
        assert isinstance(airport, Ride)
        trips = [timetable.trip_id[layout.dated_trip[ride.dated]] for ride in (line, airport)]
        assert [trip.startswith("flt:") for trip in trips] == [False, True]
        assert change.duration_s >= 60
        ready = int(layout.event_arrive[line.alight]) + change.duration_s + layout.base
        assert next(at for at in express if at >= ready) == int(layout.event_depart[airport.board]) + layout.base
    assert all(a.leave < b.leave and a.arrive < b.arrive for a, b in pairwise(found))
