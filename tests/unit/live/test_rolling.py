"""Months go by without a restart: days come and go, nothing grows, and a new timetable takes the old one's place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from weakref import WeakSet

from smartreise.board.departures import list_departures
from smartreise.live.assemble import assemble
from smartreise.live.layouts import KEPT_DAYS, LiveLayouts
from smartreise.live.snapshot import Snapshot
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TimeEvent, TripDescriptor, TripUpdate
from smartreise.timetable.arrays import Layout, Timetable
from tests.drawing import FIRST, REGION, clock, draw

#: in the morning, at night under yesterday's date, and every two hours
TRIPS = "31/morning: A 08:00 B 08:10\n31/night: A 25:30 B 25:40\n5/often [every=06:00-22:00/7200]: A 00:00 B 00:10"
HOURS = 6


def snapshot(timetable: Timetable, now: int, previous: Snapshot | None, *messages: RealtimeMessage) -> Snapshot:
    return assemble(
        region=REGION,
        timetable=timetable,
        messages={m.feed_id: m for m in messages},
        mobility=(),
        offices=(),
        feeds=(),
        revision=previous.revision + 1 if previous else 1,
        now=now,
        previous=previous,
    )


def late(day: date, now: int) -> RealtimeMessage:
    """The morning's bus of a day is two minutes late."""
    trip = TripDescriptor(trip_id="morning", start_date=f"{day:%Y%m%d}")
    update = TripUpdate("e", trip, (StopTimeUpdate(sequence=1, departure=TimeEvent(delay_s=120)),))
    return RealtimeMessage(feed_id="rt", timestamp=now, trip_updates=(update,))


def board(held: Snapshot, now: int, limit: int = 40) -> list[tuple[str, str, int]]:
    """(trip, service day, expected − start of the day) of what leaves from A."""
    rows = list_departures(held, [held.timetable.stop_index["A"]], at=now, now=now, limit=limit)
    return [
        (
            held.timetable.trip_id[row.layout.dated_trip[row.dated]],
            date.fromordinal(int(row.layout.dated_day[row.dated])).isoformat(),
            row.expected,
        )
        for row in rows
    ]


def planned(day: date, *, late_on: date) -> list[tuple[str, str, int]]:
    """What leaves from A on a service day."""
    clocks = [("morning", "08:02" if day == late_on else "08:00"), ("night", "25:30")]
    clocks += [("often", f"{hour:02}:00") for hour in range(6, 22, 2)]
    return [(trip, day.isoformat(), clock(text, day)) for trip, text in clocks]


def test_the_window_rolls_for_two_months_and_holds_no_more_than_a_few_days() -> None:
    timetable, held, laid = draw(TRIPS), None, WeakSet[Layout]()
    for hour in range(0, 24 * 57, HOURS):
        day = FIRST + timedelta(days=1 + hour // 24)
        now = clock(f"{hour % 24:02}:00", day)
        message = late(day, now)
        held = snapshot(timetable, now, held, message)
        held.layouts.at(now + 1800)  # as the writer prepares tomorrow
        following = [row for n in (-1, 0, 1) for row in planned(day + timedelta(days=n), late_on=day)]
        until = clock("24:00", day + timedelta(days=1))
        assert sorted(board(held, now)) == sorted(row for row in following if now <= row[2] < until)
        assert isinstance(held.layouts, LiveLayouts)
        laid.update(held.layouts.kept.values())
        assert len(held.layouts.kept) <= KEPT_DAYS
        assert len(held.layouts.schedules.kept) <= KEPT_DAYS
        assert len(laid) <= 2 * KEPT_DAYS


def test_readers_see_the_old_timetable_or_the_new_one_and_no_mixture() -> None:
    """Three readers ask without a pause while two timetables take turns."""
    now = clock("07:00")
    timetables = [draw(TRIPS), draw(TRIPS.replace("31/", "32/").replace("morning", "early").replace("night", "owl"))]
    trips = [set(timetable.trip_id) for timetable in timetables]
    current = [snapshot(timetables[0], now, None)]
    stop = Event()

    def read() -> int:
        boards = 0
        while not stop.is_set():
            held = current[0]
            seen = {trip for trip, _, _ in board(held, now)}
            assert seen in trips
            boards += 1
        return boards

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        try:
            for turn in range(1, 60):
                current[0] = snapshot(timetables[turn % 2], now, current[0])
        finally:
            stop.set()
        assert sum(reader.result() for reader in readers) > 30
