"""Which rows an alert stands at: all parts of one selector must hold together."""

from __future__ import annotations

from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.board.departures import list_departures
from smartreise.ingest.gtfs_rt import LAST_S, parse_message
from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.timetable.names import members
from smartreise.views.rendering import alert_of, alerts_about, alerts_of_run
from tests.drawing import REGION, clock, draw

TIMETABLE = draw(
    """
    31/out [direction=0]: A 08:00  B 08:10  C 08:20
    31/back [direction=1]: B 08:02  A 08:15
    32/other: A 08:04  C 08:30
    L1/train [mode=rail]: B 08:06  C 08:12
    """,
    stations={"S": "A B"},
)


def shown(*selectors: dict[str, Any], periods: tuple[tuple[int, int], ...] = ()) -> Snapshot:
    """A snapshot with one alert."""
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = clock("07:30")
    alert = message.entity.add(id="1").alert
    alert.header_text.translation.add(text="Works", language="en")
    for start, end in periods:
        alert.active_period.add(start=start, end=end)
    for selector in selectors:
        informed = alert.informed_entity.add()
        for name, value in selector.items():
            setattr(informed.trip if name in ("trip_id", "start_date") else informed, name, value)
    parsed = parse_message(message.SerializeToString(), feed_id="a", now=clock("07:30"))
    return assemble(
        region=REGION,
        timetable=TIMETABLE,
        messages={"a": parsed},
        mobility=(),
        offices=(),
        feeds=(),
        revision=1,
        now=clock("07:30"),
    )


def at(found: Snapshot, stop: str = "S") -> str:
    """Trips that depart with the alert, in the order of their departures; with `!` if the board itself tells of it."""
    stops = members(TIMETABLE, TIMETABLE.stop_index[stop])
    rows = list_departures(found, stops, at=clock("07:50"), now=clock("07:50"), limit=50)
    trips = []
    for row in rows:
        if alerts_of_run(found, row.layout, row.dated, {row.stop}, clock("07:50")) and row.expected < clock("12:00"):
            trips.append(TIMETABLE.trip_id[row.layout.dated_trip[row.dated]] + ":" + TIMETABLE.stop_id[row.stop])
    board = alerts_about(found, now=clock("07:50"), stops={TIMETABLE.stop_index[stop], *stops})
    return " ".join([*trips, *(["!"] if board else [])])


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ([{"route_id": "31"}], "out:A back:B out:B"),
        ([{"route_id": "31", "direction_id": 1}], "back:B"),
        ([{"stop_id": "A"}], "out:A other:A !"),
        ([{"stop_id": "S"}], "out:A back:B other:A train:B out:B !"),
        ([{"route_id": "31", "stop_id": "B"}], "back:B out:B !"),
        ([{"route_id": "31"}, {"stop_id": "B"}], "out:A back:B train:B out:B !"),
        ([{"agency_id": "a", "stop_id": "A"}], "out:A other:A !"),
        ([{"route_type": 2}], "train:B"),
        ([{"agency_id": "a", "route_type": 2}], "train:B"),
        ([{"agency_id": "other", "stop_id": "A"}], ""),
        ([{"route_id": "gone", "stop_id": "A"}], ""),
        ([{"route_id": "31", "stop_id": "gone"}], ""),
        ([{"trip_id": "back"}], "back:B"),
        ([{"trip_id": "back", "start_date": "20261110"}], "back:B"),
        ([{"trip_id": "back", "start_date": "20261111"}], ""),
        ([{"trip_id": "out", "stop_id": "B"}], "out:B !"),
        ([], "out:A back:B other:A train:B out:B !"),
    ],
)
def test_an_alert_stands_where_all_parts_of_a_selector_hold(selectors: list[dict[str, Any]], expected: str) -> None:
    assert at(shown(*selectors)) == expected


def test_a_period_without_end_in_any_calendar_is_told_as_one_with_a_last_day() -> None:
    found = shown({"route_id": "31"}, periods=((clock("07:00"), 2**64 - 1),))
    assert at(found) == "out:A back:B out:B"
    told = alert_of(found, found.alerts[0])
    assert told.periods[0].end is not None
    assert found.alerts[0].alert.periods == ((clock("07:00"), LAST_S),)


def test_an_alert_is_told_in_its_periods_only() -> None:
    assert at(shown({"route_id": "31"}, periods=((0, clock("07:40")), (clock("09:00"), 0)))) == ""
    assert at(shown({"route_id": "31"}, periods=((clock("07:50"), 0),))) == "out:A back:B out:B"
