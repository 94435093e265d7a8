"""What trip updates mean, rule by rule: bytes in, a board out."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.board.departures import list_departures
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.alerts import resolve_alerts
from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.model.feeds import FeedHealth
from smartreise.timetable.arrays import CANCELLED, NO_TIME, SKIPPED, Timetable
from smartreise.timetable.names import members
from tests.drawing import DAY, REGION, clock, draw

LINE = "31/t1: A 08:00  B 08:10-08:12  C 08:20  D 08:30"
TRIP = pb.TripDescriptor
STOP = pb.TripUpdate.StopTimeUpdate


def update(trip: str = "t1", *stops: dict[str, Any], kind: str = "SCHEDULED", **trip_fields: Any) -> pb.TripUpdate:
    """A trip update of stop updates like ``{"seq": 2, "arr": 60, "dep_at": "08:15"}``: delays in s, or times."""
    made = pb.TripUpdate()
    made.trip.schedule_relationship = cast("Any", TRIP.ScheduleRelationship.Value(kind))
    fields = {"start_date": f"{DAY:%Y%m%d}", **trip_fields}
    if trip:
        made.trip.trip_id = trip
    for name, value in fields.items():
        if value is not None and name in ("start_date", "start_time", "route_id"):
            setattr(made.trip, name, value)
    for name, value in fields.get("properties", {}).items():
        setattr(made.trip_properties, name, value)
    if "delay" in fields:
        made.delay = fields["delay"]
    for stop in stops:
        call = made.stop_time_update.add()
        if "seq" in stop:
            call.stop_sequence = stop["seq"]
        if "stop" in stop:
            call.stop_id = stop["stop"]
        if "kind" in stop:
            call.schedule_relationship = cast("Any", STOP.ScheduleRelationship.Value(stop["kind"]))
        if "assigned" in stop:
            call.stop_time_properties.assigned_stop_id = stop["assigned"]
        for name, event in (("arr", call.arrival), ("dep", call.departure)):
            if name in stop:
                event.delay = stop[name]
            if f"{name}_at" in stop:
                event.time = clock(stop[f"{name}_at"])
    return made


def snapshot(timetable: Timetable, *updates: pb.TripUpdate, now: str = "07:30") -> Snapshot:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = clock(now)
    for number, each in enumerate(updates):
        message.entity.add(id=str(number)).trip_update.CopyFrom(each)
    parsed = parse_message(message.SerializeToString(), feed_id="rt", now=clock(now))
    return assemble(
        region=REGION,
        timetable=timetable,
        messages={"rt": parsed},
        mobility=(),
        offices=(),
        feeds=(FeedHealth("rt", "realtime"),),
        revision=1,
        now=clock(now),
    )


def board(found: Snapshot, stop: str, *, at: str = "07:30", limit: int = 10) -> list[str]:
    """Departures as `HH:MM[:SS] trip`, with `=` for the schedule, `x` for cancelled."""
    stops = members(found.timetable, found.timetable.stop_index[stop])
    rows = list_departures(found, stops, at=clock(at), now=clock(at), limit=limit)
    told = []
    for row in rows:
        layout = row.layout
        trip = int(layout.dated_trip[row.dated])
        name = found.timetable.trip_id[trip] if row.dated not in layout.added else layout.added[row.dated].trip_id
        seconds = row.expected - clock("00:00")
        text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
        mark = "x" if layout.dated_state[row.dated] == CANCELLED else "" if row.realtime else "="
        told.append(f"{text}{mark} {name}")
    return [text for text in told if not text.startswith(("32", "33", "34"))]  # tomorrow's


def rate(found: Snapshot) -> tuple[float | None, dict[str, int]]:
    return found.feeds[0].match_rate, dict(found.feeds[0].unmatched)


def test_a_delay_carries_on_until_the_next_statement() -> None:
    late = snapshot(draw(LINE), update("t1", {"seq": 2, "arr": 120, "dep": 180}))
    assert [board(late, stop)[0] for stop in "ABC"] == ["08:00= t1", "08:15 t1", "08:23 t1"]
    heals = snapshot(draw(LINE), update("t1", {"seq": 1, "dep": 180}, {"seq": 3, "arr": 0, "dep": 0}))
    assert [board(heals, stop)[0] for stop in "ABC"] == ["08:03 t1", "08:15 t1", "08:20 t1"]


def test_a_time_wins_over_a_delay() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 3, "dep": 60, "dep_at": "08:25"}))
    assert board(found, "C")[0] == "08:25 t1"


def test_an_early_arrival_waits_for_the_planned_departure() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 2, "arr": -120}))
    assert [board(found, stop)[0] for stop in "BC"] == ["08:12 t1", "08:20 t1"]
    late = snapshot(draw(LINE), update("t1", {"seq": 2, "arr": 120}))
    assert [board(late, stop)[0] for stop in "BC"] == ["08:14 t1", "08:22 t1"]


def test_no_data_ends_what_is_known() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 1, "dep": 300}, {"seq": 3, "kind": "NO_DATA"}))
    assert [board(found, stop)[0] for stop in "ABC"] == ["08:05 t1", "08:17 t1", "08:20= t1"]


def test_nobody_boards_at_a_skipped_stop_and_the_delay_goes_on() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 1, "dep": 300}, {"seq": 2, "kind": "SKIPPED"}))
    assert board(found, "B") == []
    assert board(found, "C") == ["08:25 t1"]
    layout = found.layouts.at(clock("08:00"))
    assert (layout.event_state & SKIPPED).astype(bool).sum() == 1


def test_where_the_last_stop_is_skipped_the_one_before_is_the_last() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 4, "kind": "SKIPPED"}))
    assert board(found, "C") == []
    assert board(found, "B") == ["08:12= t1"]


def test_a_cancelled_trip_stays_on_the_board_marked_and_a_deleted_one_goes() -> None:
    assert board(snapshot(draw(LINE), update("t1", kind="CANCELED")), "A")[0] == "08:00x t1"
    assert board(snapshot(draw(LINE), update("t1", kind="DELETED")), "A") == []


def test_a_stop_id_wins_over_a_sequence_that_does_not_fit() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 1, "stop": "C", "dep": 240}))
    assert [board(found, stop)[0] for stop in "ABC"] == ["08:00= t1", "08:12= t1", "08:24 t1"]


def test_a_stop_id_alone_means_the_next_call_there() -> None:
    loop = draw("5/t1: A 08:00  B 08:10  C 08:20  A 08:30  D 08:40")
    first = snapshot(loop, update("t1", {"stop": "A", "dep": 60}, {"stop": "A", "dep": 240}))
    assert board(first, "A") == ["08:01 t1", "08:34 t1"]
    by_sequence = snapshot(loop, update("t1", {"seq": 4, "stop": "A", "dep": 240}))
    assert board(by_sequence, "A") == ["08:00= t1", "08:34 t1"]


def test_a_sibling_of_the_planned_stop_is_a_change_of_platform() -> None:
    timetable = draw("1/t1: A 08:00  P1 08:10  C 08:20\n2/t2: P2 09:00  C 09:10", stations={"P": "P1 P2"})
    for moved in (
        update("t1", {"seq": 2, "stop": "P2", "dep": 0}),
        update("t1", {"seq": 2, "stop": "P1", "assigned": "P2", "dep": 0}),
    ):
        found = snapshot(timetable, moved)
        rows = list_departures(found, [timetable.stop_index["P2"]], at=clock("07:30"), now=clock("07:30"), limit=1)
        assert rows[0].platform_changed
        assert board(found, "P")[0] == "08:10 t1"


def test_times_that_run_backwards_are_raised_and_counted() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 1, "dep_at": "08:20"}, {"seq": 2, "arr": 0, "dep": 0}))
    assert [board(found, stop)[0] for stop in "ABC"] == ["08:20 t1", "08:20 t1", "08:20 t1"]
    assert found.layouts.at(clock("08:00")).counts["times_raised"] >= 1


def test_shuffled_updates_are_put_in_order() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 3, "dep": 240}, {"seq": 1, "dep": 60}))
    assert [board(found, stop)[0] for stop in "ABC"] == ["08:01 t1", "08:13 t1", "08:24 t1"]


def test_an_unknown_stop_is_counted_and_the_rest_holds() -> None:
    found = snapshot(draw(LINE), update("t1", {"seq": 3, "dep": 120}, {"seq": 9, "stop": "X", "dep": 60}))
    assert board(found, "C")[0] == "08:22 t1"
    assert found.layouts.at(clock("08:00")).counts == {"stop_update_at_unknown_stop": 1}


def test_a_delay_of_the_whole_trip_is_ignored() -> None:
    assert board(snapshot(draw(LINE), update("t1", delay=600)), "A")[0] == "08:00= t1"


def test_a_late_trip_may_be_overtaken() -> None:
    timetable = draw(LINE + "\n31/t2: A 08:10  B 08:20-08:22  C 08:30  D 08:40")
    found = snapshot(timetable, update("t1", {"seq": 2, "arr": 900, "dep": 900}))
    assert board(found, "C") == ["08:30= t2", "08:35 t1"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"trip": "t9"}, "unknown_trip"),
        ({"start_date": "20270601"}, "not_running"),
        ({"start_date": "2026-11"}, "bad_start_date"),
        ({"trip": "", "route_id": "31"}, "no_trip_id"),
    ],
)
def test_what_fits_nothing_is_counted_by_reason(fields: dict[str, Any], reason: str) -> None:
    fields = {"trip": "t1", **fields}
    found = snapshot(draw(LINE), update(fields.pop("trip"), {"seq": 1, "dep": 60}, **fields))
    assert rate(found) == (0.0, {reason: 1})
    assert board(found, "A")[0] == "08:00= t1"


def test_without_a_date_the_run_nearest_the_feeds_time_is_meant() -> None:
    night = draw("1/t1: A 25:30  B 25:50")
    found = snapshot(night, update("t1", {"seq": 1, "dep": 300}, start_date=None), now="01:20")
    assert board(found, "A", at="01:00")[0] == "01:35 t1"
    assert rate(found) == (1.0, {})


def test_a_trip_after_midnight_belongs_to_yesterday() -> None:
    night = draw("1/t1: A 25:30  B 25:50")
    yesterday = f"{date(2026, 11, 9):%Y%m%d}"
    found = snapshot(night, update("t1", {"seq": 1, "dep": 300}, start_date=yesterday), now="01:20")
    assert board(found, "A", at="01:00")[0] == "01:35 t1"
    assert snapshot(night, update("t1", {"seq": 1, "dep": 300}), now="01:20") is not None
    todays = snapshot(night, update("t1", {"seq": 1, "dep": 300}), now="01:20")
    assert board(todays, "A", at="01:00")[:2] == ["01:30= t1", "25:35 t1"]


def test_runs_of_a_frequency_are_told_apart_by_their_start() -> None:
    timetable = draw("5/t1 [every=08:00-08:30/600]: A 00:00  B 00:10")
    found = snapshot(timetable, update("t1", {"seq": 1, "dep": 120}, start_time="08:10:00"))
    assert board(found, "A") == ["08:00= t1", "08:12 t1", "08:20= t1"]
    for start, reason in ((None, "missing_start_time"), ("08:07:00", "unknown_start_time")):
        assert rate(snapshot(timetable, update("t1", {"seq": 1, "dep": 120}, start_time=start))) == (0.0, {reason: 1})


def test_an_unscheduled_run_of_a_line_by_headway_is_a_trip_of_its_own() -> None:
    timetable = draw("5/t1 [every=08:00-08:30/600]: A 00:00  B 00:10")
    run = update(
        "t1",
        {"stop": "A", "dep_at": "08:07"},
        {"stop": "B", "arr_at": "08:18"},
        kind="UNSCHEDULED",
        start_time="08:07:00",
    )
    found = snapshot(timetable, run)
    assert board(found, "A") == ["08:00= t1", "08:07 t1", "08:10= t1", "08:20= t1"]
    assert rate(found) == (0.0, {"unknown_start_time": 1})  # no run of the timetable, and told so


@pytest.mark.parametrize("kind", ["ADDED", "NEW"])
def test_an_added_trip_has_no_schedule(kind: str) -> None:
    if kind not in TRIP.ScheduleRelationship.keys():  # noqa: SIM118 — an enum of protobuf is no dictionary
        pytest.skip(f"these bindings do not know {kind}")
    extra = update(
        "extra", {"stop": "A", "dep_at": "08:05"}, {"stop": "C", "arr_at": "08:15"}, kind=kind, route_id="31"
    )
    found = snapshot(draw(LINE), extra)
    assert board(found, "A") == ["08:00= t1", "08:05 extra"]
    assert rate(found) == (None, {})
    rows = list_departures(found, [0], at=clock("08:01"), now=clock("08:01"), limit=1)
    assert rows[0].planned is None
    assert found.layouts.at(clock("08:00")).event_planned_depart[rows[0].event] == NO_TIME


def test_an_added_trip_of_one_call_is_none() -> None:
    found = snapshot(draw(LINE), update("extra", {"stop": "A", "dep_at": "08:05"}, kind="ADDED"))
    assert board(found, "A") == ["08:00= t1"]
    assert found.feeds[0].unmatched == {"added_with_under_two_calls": 1}


def test_a_duplicate_runs_at_its_own_time_with_its_own_delay() -> None:
    copy = {"trip_id": "copy", "start_date": f"{DAY:%Y%m%d}", "start_time": "09:00:00"}
    found = snapshot(draw(LINE), update("t1", {"seq": 2, "arr": 60, "dep": 60}, kind="DUPLICATED", properties=copy))
    assert board(found, "A") == ["08:00= t1", "09:00 copy"]
    assert board(found, "C") == ["08:20= t1", "09:21 copy"]
    assert rate(found) == (1.0, {})
    bare = snapshot(draw(LINE), update("t1", kind="DUPLICATED"))
    assert rate(bare) == (0.0, {"duplicated_without_properties": 1})


def test_a_replacement_takes_the_trips_place() -> None:
    other_way = update("t1", {"stop": "A", "dep_at": "08:02"}, {"stop": "D", "arr_at": "08:40"}, kind="REPLACEMENT")
    found = snapshot(draw(LINE), other_way)
    assert board(found, "A") == ["08:02 t1"]
    assert board(found, "B") == []


def test_both_nights_of_the_changing_clock() -> None:
    night = draw("1/t1: A 02:30  B 03:30  C 04:00", services={"daily": "2026-10-25 2027-03-28"})
    for day, shown in ((date(2026, 10, 25), "01:31"), (date(2027, 3, 28), "03:31")):
        at = clock("12:00", day) - 9 * 3600 - 30 * 60 + 60  # noon − 12 h + 02:30, and the minute it is late
        made = update("t1", {"seq": 1, "dep": 60}, start_date=f"{day:%Y%m%d}")
        message = pb.FeedMessage()
        message.header.gtfs_realtime_version = "2.0"
        message.header.timestamp = at - 600
        message.entity.add(id="1").trip_update.CopyFrom(made)
        found = assemble(
            region=REGION,
            timetable=night,
            messages={"rt": parse_message(message.SerializeToString(), feed_id="rt", now=at - 600)},
            mobility=(),
            offices=(),
            feeds=(),
            revision=1,
            now=at - 600,
        )
        (row, *_) = list_departures(found, [0], at=at - 600, now=at - 600, limit=1)
        assert row.expected == at
        assert shown  # what a wall clock shows of it is the views' affair


@pytest.mark.parametrize(
    ("selectors", "lines", "everywhere"),
    [
        ([{"agency_id": "a"}], {"31", "L1"}, True),
        ([{"agency_id": "other"}], set(), False),
        ([{"agency_id": "other", "route_type": 3}], set(), False),
        ([{"agency_id": "a", "route_type": 2}], {"L1"}, False),
        ([{"route_type": 3}], {"31"}, False),
        ([{"route_id": "31"}, {"route_id": "gone"}], {"31"}, False),
        ([], set(), True),
    ],
)
def test_an_alert_is_about_what_all_parts_of_a_selector_name(
    selectors: list[dict[str, Any]], lines: set[str], everywhere: bool
) -> None:
    timetable = draw(LINE + "\nL1/t2 [mode=rail]: A 09:00  B 09:10")
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = clock("07:30")
    alert = message.entity.add(id="1").alert
    alert.header_text.translation.add(text="Works", language="en")
    for selector in selectors:
        informed = alert.informed_entity.add()
        for name, value in selector.items():
            setattr(informed, name, value)
    (resolved,) = resolve_alerts(
        timetable, [parse_message(message.SerializeToString(), feed_id="a", now=clock("07:30"))]
    )
    assert {timetable.route_id[route] for route in resolved.routes} == lines
    assert resolved.everywhere is everywhere


@pytest.mark.parametrize("direction", [None, 1])
def test_a_trip_may_be_named_by_its_line_start_and_direction(direction: int | None) -> None:
    lines = (
        "31/out [direction=0]: A 08:00  B 08:10\n31/back [direction=1]: B 08:00  A 08:15\n32/other: A 08:00  B 08:30"
    )
    made = update("", {"seq": 1, "dep": 60}, route_id="31", start_time="08:00:00")
    if direction is not None:
        made.trip.direction_id = direction
    found = snapshot(draw(lines), made)
    assert rate(found) == ((0.0, {"no_trip_id": 1}) if direction is None else (1.0, {}))
    assert board(found, "B")[0] == ("08:00= back" if direction is None else "08:01 back")


def test_a_time_that_only_real_time_explains_is_marked_as_real_time() -> None:
    """Nothing is known of C, but the vehicle cannot be there before it has left B; and it is past A by then."""
    late = snapshot(draw(LINE), update("t1", {"seq": 2, "dep": 900}, {"seq": 3, "kind": "NO_DATA"}))
    assert [board(late, stop)[0] for stop in "ABC"] == ["08:00= t1", "08:27 t1", "08:27 t1"]
    early = snapshot(draw(LINE), update("t1", {"seq": 2, "arr_at": "07:55", "dep_at": "07:56"}))
    assert [board(early, stop)[0] for stop in "AB"] == ["07:55 t1", "07:56 t1"]
