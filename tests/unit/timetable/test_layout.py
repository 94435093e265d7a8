"""Service days, midnight, DST nights and frequencies become absolute time."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from smartreise.model.problems import DatasetRefused, Unanswerable
from smartreise.timetable.arrays import ALIGHT, BOARD, Layout, Timetable
from smartreise.timetable.layout import layout_day
from tests.drawing import DAY, ZONE, clock, draw, layout


def departures(timetable: Timetable, laid: Layout, stop: str) -> list[str]:
    """Wall-clock times at which one can board at a stop, with the service date."""
    index = timetable.stop_index[stop]
    events = laid.stop_event[laid.stop_event_start[index] : laid.stop_event_start[index + 1]]
    return [
        f"{datetime.fromtimestamp(int(laid.event_depart[e]) + laid.base, ZONE):%d %H:%M:%S}"
        f" of {date.fromordinal(int(laid.dated_day[laid.event_dated[e]])):%d}"
        for e in events
        if laid.event_flags[e] & BOARD
    ]


def test_a_trip_after_midnight_belongs_to_yesterday() -> None:
    timetable = draw("N1/t [service=one]: A 25:30 B 26:00", services={"one": "2026-11-10"})
    laid = layout(timetable, date(2026, 11, 11))
    assert departures(timetable, laid, "A") == ["11 01:30:00 of 10"]


def test_a_time_of_33_16_is_the_next_morning() -> None:
    timetable = draw("N1/t [service=one]: A 33:16 B 34:00", services={"one": "2026-11-10"})
    assert departures(timetable, layout(timetable, date(2026, 11, 11)), "A") == ["11 09:16:00 of 10"]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_eight_o_clock_is_eight_o_clock_when_the_clocks_change(day: date) -> None:
    timetable = draw("31/t [service=one]: A 08:00 B 08:10", services={"one": day.isoformat()})
    assert departures(timetable, layout(timetable, day), "A") == [f"{day:%d} 08:00:00 of {day:%d}"]


def test_on_a_dst_night_a_small_hour_counts_from_noon() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    timetable = draw(
        "N1/t1 [service=spring]: A 00:30 B 00:40\nN1/t2 [service=autumn]: A 00:30 B 00:40",
        services={"spring": spring.isoformat(), "autumn": autumn.isoformat()},
    )
    assert departures(timetable, layout(timetable, spring), "A") == ["28 23:30:00 of 29"]
    assert departures(timetable, layout(timetable, autumn), "A") == ["25 01:30:00 of 25"]


def test_frequencies_start_every_headway_and_end_before_the_end() -> None:
    timetable = draw("5/t [every=08:00-08:30/600 service=one]: A 06:00 B 06:04 C 06:10", services={"one": "2026-11-10"})
    laid = layout(timetable)
    assert departures(timetable, laid, "B") == [f"10 08:{m}:00 of 10" for m in ("04", "14", "24")]


def test_nobody_boards_at_the_last_stop_or_where_the_feed_says_no() -> None:
    timetable = draw("31/t: A 08:00 B^ 08:05 Cv 08:10 D 08:15")
    flags = timetable.call_flags.tolist()
    assert flags == [BOARD, ALIGHT, BOARD, ALIGHT]


def test_blank_times_are_shared_out_between_the_stated_ones() -> None:
    timetable = draw("31/t: A 08:00 B - C - D 08:30")
    assert [int(t) // 60 for t in timetable.call_arrive] == [480, 490, 500, 510]


def test_patterns_part_trips_that_overtake() -> None:
    timetable = draw("31/slow: A 08:00 B 09:00\n31/fast: A 08:10 B 08:30\n31/later: A 09:00 B 09:30")
    laid = layout(timetable)
    per_day = [
        {timetable.trip_id[laid.dated_trip[n]] for n in laid.event_dated[laid.pattern_run[start:end]]}
        for start, end in zip(laid.pattern_run_start[:-1], laid.pattern_run_start[1:], strict=True)
    ]
    assert not any({"slow", "fast"} <= trips for trips in per_day)
    assert sum(len(set(trips)) for trips in per_day) >= 3


def test_a_day_outside_the_timetable_is_unanswerable() -> None:
    timetable = draw("31/t: A 08:00 B 08:10")
    assert layout_day(timetable, clock("08:00"), ZONE) == DAY
    with pytest.raises(Unanswerable, match="2026-11-01"):
        layout_day(timetable, clock("08:00", date(2027, 6, 1)), ZONE)


def test_a_feed_without_usable_trips_is_refused() -> None:
    with pytest.raises(DatasetRefused, match="no trip"):
        draw("31/t: A 08:00")
