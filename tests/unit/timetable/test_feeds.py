"""Feeds as text, by the lines of the specification: what leaves where, and when on the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.modes import TRANSIT_MODES
from smartreise.model.region import Region
from smartreise.timetable.arrays import BOARD, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from tests.unit.ingest.feed import FILES, zipped

OSLO = ZoneInfo("Europe/Oslo")
REGION = Region(id="r", name="R", timezone="Europe/Oslo")
DAY = date(2026, 11, 10)
HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence"
Files = Mapping[str, str | bytes | None]


def feed(files: Files | None = None, **more: str) -> Timetable:
    return build([parse_gtfs(zipped(files), feed_id="f", **more)], REGION)


def departures(timetable: Timetable, day: date = DAY) -> list[str]:
    """`stop HH:MM[:SS] trip` of what can be boarded on a day in Oslo, by time."""
    layout = lay_out(timetable, day, OSLO)
    rows = []
    for event in np.flatnonzero(layout.event_flags & BOARD).tolist():
        at = datetime.fromtimestamp(layout.base + int(layout.event_depart[event]), OSLO)
        if at.date() == day:
            trip = timetable.trip_id[layout.dated_trip[layout.event_dated[event]]]
            rows.append((at, timetable.stop_id[layout.event_stop[event]], trip))
    return [f"{stop} {at.strftime('%H:%M:%S' if at.second else '%H:%M')} {trip}" for at, stop, trip in sorted(rows)]


def calls(*rows: str, columns: str = "") -> str:
    return f"{HEAD}{columns}\n" + "".join(row + "\n" for row in rows)


def test_feeds_of_one_region_keep_apart_by_prefix_and_each_keeps_its_agencies_time() -> None:
    """Both use the same ids; the ferry's feed counts by London's clock and runs on another day too."""
    ferry = zipped(
        {
            "agency.txt": FILES["agency.txt"].replace("Europe/Oslo", "Europe/London"),
            "routes.txt": "route_id,agency_id,route_short_name,route_type\nr,a,F,4\n",
            "calendar_dates.txt": "service_id,date,exception_type\ns,20261110,1\ns,20261111,1\n",
        }
    )
    feeds = [parse_gtfs(zipped(), feed_id="one"), parse_gtfs(ferry, feed_id="two", prefix="x:")]
    timetable = build(feeds, REGION)
    assert timetable.trip_id == ("t", "x:t")
    assert timetable.stop_id == ("A", "B", "C", "x:A", "x:B", "x:C")
    assert timetable.agency_id == ("a", "x:a")
    assert departures(timetable) == ["A 08:00 t", "B 08:11 t", "x:A 09:00 x:t", "x:B 09:11 x:t"]
    assert departures(timetable, date(2026, 11, 11)) == ["x:A 09:00 x:t", "x:B 09:11 x:t"]
    assert [TRANSIT_MODES[mode] for mode in timetable.route_mode] == ["bus", "ferry"]


def test_agencies_of_one_feed_may_live_in_two_zones_and_stops_have_no_say() -> None:
    timetable = feed(
        {
            "agency.txt": "agency_id,agency_name,agency_timezone\na,Here,Europe/Oslo\nb,There,Europe/Helsinki\n",
            "routes.txt": "route_id,agency_id,route_short_name,route_type\nr,a,1,3\nq,b,2,3\nn,,3,3\n",
            "trips.txt": "route_id,service_id,trip_id\nr,s,t\nq,s,u\nn,s,v\n",
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,stop_timezone\n"
            "A,Alfa,59.9,10.6,Asia/Tokyo\nB,Beta,59.9,10.7,\n",
            "stop_times.txt": calls(*(f"{t},12:0{i}:00,12:0{i}:00,{'AB'[i]},{i}" for t in "tuv" for i in (0, 1))),
        }
    )
    assert departures(timetable) == ["A 11:00 u", "A 12:00 t", "A 12:00 v"]


BLANK = ["t,08:00:00,08:00:00,A,0", "t,,,B,1", "t,,,C,2", "t,09:00:00,09:00:00,D,3"]
PLACES = "stop_id,stop_name,stop_lat,stop_lon\nA,A,59.9,10.0\nB,B,59.9,10.1\nC,C,59.9,10.2\nD,D,59.9,10.4\n"
SHAPE = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence{}\np,59.9,10.0,1{}\np,59.9,10.4,2{}\n"
ON_SHAPE = "route_id,service_id,trip_id,shape_id\nr,s,t,p\n"


def test_blank_times_by_stated_distance() -> None:
    rows = [f"{row},{far}" for row, far in zip(BLANK, (0, 30, 45, 60), strict=True)]
    timetable = feed(
        {
            "stops.txt": PLACES,
            "trips.txt": ON_SHAPE,
            "shapes.txt": SHAPE.format(",shape_dist_traveled", ",0", ",60"),
            "stop_times.txt": calls(*rows, columns=",shape_dist_traveled"),
        }
    )
    assert departures(timetable) == ["A 08:00 t", "B 08:30 t", "C 08:45 t"]


def test_blank_times_by_where_stops_lie_on_the_shape() -> None:
    shape = SHAPE.format("", "", "")
    timetable = feed({"stops.txt": PLACES, "trips.txt": ON_SHAPE, "shapes.txt": shape, "stop_times.txt": calls(*BLANK)})
    assert departures(timetable) == ["A 08:00 t", "B 08:15 t", "C 08:30 t"]


def test_blank_times_by_the_number_of_stops_without_a_shape() -> None:
    timetable = feed({"stops.txt": PLACES, "stop_times.txt": calls(*BLANK)})
    assert departures(timetable) == ["A 08:00 t", "B 08:20 t", "C 08:40 t"]
    assert timetable.counts["times_interpolated"] == 2


@pytest.mark.parametrize("exact", ["0", "1", ""])
def test_frequencies_shift_the_trip_and_end_before_their_end(exact: str) -> None:
    rows = "trip_id,start_time,end_time,headway_secs,exact_times\n"
    rows += f"t,06:00:00,07:00:00,1800,{exact}\nt,07:00:00,07:50:30,1515,{exact}\n"
    timetable = feed({"frequencies.txt": rows})
    assert [row for row in departures(timetable) if row[0] == "A"] == [
        *("A 06:00 t", "A 06:30 t", "A 07:00 t"),
        *("A 07:25:15 t",),
    ]
    assert "B 06:11 t" in departures(timetable)


def test_a_loop_leaves_its_stop_twice_and_not_where_it_ends() -> None:
    rows = [f"t,08:{10 * n:02}:00,08:{10 * n:02}:00,{stop},{n}" for n, stop in enumerate("ABCAB")]
    assert departures(feed({"stop_times.txt": calls(*rows)})) == ["A 08:00 t", "B 08:10 t", "C 08:20 t", "A 08:30 t"]


def test_pickup_types_phone_and_driver_can_be_boarded_none_cannot() -> None:
    rows = [f"t,08:{10 * n:02}:00,08:{10 * n:02}:00,{stop},{n},{n}" for n, stop in enumerate("ABCA")]
    rows.append("t,09:00:00,09:00:00,B,9,")
    timetable = feed({"stop_times.txt": calls(*rows, columns=",pickup_type")})
    assert departures(timetable) == ["A 08:00 t", "C 08:20 t", "A 08:30 t"]


def test_exceptions_win_over_weekdays() -> None:
    timetable = feed(
        {
            "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
            "s,1,1,1,1,1,0,0,20261102,20261113\n",
            "calendar_dates.txt": "service_id,date,exception_type\ns,20261110,2\ns,20261114,1\n",
        }
    )
    running = {
        day for day in range(2, 16) if day <= timetable.last_day.day and departures(timetable, date(2026, 11, day))
    }
    assert running == {2, 3, 4, 5, 6, 9, 11, 12, 13, 14}


def test_of_a_calendar_of_a_century_the_years_about_today_are_kept() -> None:
    week = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    files = {"calendar.txt": week + "s,0,1,0,0,0,0,0,20000101,20991231\n", "calendar_dates.txt": None}
    tables = [parse_gtfs(zipped(files), feed_id="f")]
    timetable = build(tables, REGION, about=DAY)
    assert timetable.first_day < DAY < timetable.last_day
    assert [departures(timetable, date(2026, 11, day)) != [] for day in (9, 10, 11, 17)] == [False, True, False, True]
    assert build(tables, REGION, about=date(2150, 1, 1)).last_day == date(2099, 12, 31)
    assert build(tables, REGION).first_day == date(2000, 1, 1)


def test_what_riders_call_a_line_and_its_colours() -> None:
    timetable = feed(
        {
            "routes.txt": "route_id,route_short_name,route_long_name,route_type,route_color,route_text_color\n"
            "r,,The Long Line,702,#00ff0f,FFFFFF\nq,7,,109,blue,12345\nn,,,nonsense,,\n",
        }
    )
    assert timetable.route_name == ("The Long Line", "7", "n")
    assert timetable.route_color == ("00FF0F", None, None)
    assert timetable.route_text_color == ("FFFFFF", None, None)
    assert [TRANSIT_MODES[mode] for mode in timetable.route_mode] == ["bus", "rail", "bus"]
    assert timetable.counts["route_bad_type"] == 1


def test_stations_entrances_nodes_and_boarding_areas_are_no_stops() -> None:
    timetable = feed(
        {
            "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code\n"
            "S,Central,59.9,10.6,1,,\nA,,59.9,10.6,0,S,1\nB,Beta,59.9,10.7,,,\nC,Gamma,59.9,10.8,0,,\n"
            "E,West,59.9,10.6,2,S,\nN,,,,3,S,\nBA,,,,4,A,\n",
            "stop_times.txt": FILES["stop_times.txt"] + "t,08:30:00,08:30:00,S,4\nt,08:40:00,08:40:00,E,5\n",
        }
    )
    index = timetable.stop_index
    assert timetable.stop_name[index["A"]] == "Central"
    assert timetable.stop_platform[index["A"]] == "1"
    assert timetable.stop_parent[index["BA"]] == timetable.stop_parent[index["N"]] == index["S"]
    rows = slice(timetable.member_start[index["S"]], timetable.member_start[index["S"] + 1])
    assert timetable.member[rows].tolist() == [index["A"]]
    assert departures(timetable) == ["A 08:00 t", "B 08:11 t"]
    assert timetable.counts["call_at_unknown_stop"] == 2


def test_in_the_night_when_the_clocks_go_back_an_hour_comes_twice() -> None:
    """Service times count from noon − 12 h: 01:30 of the long day is half past two by summer's clock."""
    rows = [f"t,{h:02}:30:00,{h:02}:30:00,{stop},{h}" for h, stop in zip(range(1, 5), "ABAB", strict=True)]
    files = {
        "stop_times.txt": calls(*rows),
        "calendar_dates.txt": "service_id,date,exception_type\ns,20261025,1\ns,20261024,1\n",
    }
    layout = lay_out(feed(files), date(2026, 10, 25), OSLO)
    on_day = layout.dated_day[layout.event_dated] == date(2026, 10, 25).toordinal()
    noon = int(datetime(2026, 10, 25, 12, tzinfo=OSLO).timestamp())
    expected = [noon - 12 * 3600 + h * 3600 + 1800 for h in range(1, 5)]
    assert (layout.event_depart[on_day] + layout.base).tolist() == expected
    assert departures(feed(files), date(2026, 10, 25)) == ["A 02:30 t", "B 02:30 t", "A 03:30 t"]
    assert departures(feed(files), date(2026, 10, 24)) == ["A 01:30 t", "B 02:30 t", "A 03:30 t"]
