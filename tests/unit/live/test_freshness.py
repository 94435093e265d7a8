"""The age of real time: an empty message of a feed of trip updates is news too."""

from __future__ import annotations

from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TimeEvent, TripDescriptor, TripUpdate
from tests.drawing import REGION, clock, draw


def message(at: str, *, late: bool, feed: str = "updates") -> RealtimeMessage:
    call = StopTimeUpdate(sequence=1, departure=TimeEvent(delay_s=60))
    update = TripUpdate("e1", TripDescriptor(trip_id="t1"), (call,))
    return RealtimeMessage(feed_id=feed, timestamp=clock(at), trip_updates=(update,) if late else ())


def snapshot(previous: Snapshot | None, now: str, *messages: RealtimeMessage) -> Snapshot:
    return assemble(
        region=REGION,
        timetable=previous.timetable if previous else draw("31/t1: A 08:00  B 08:10"),
        messages={m.feed_id: m for m in messages},
        mobility=(),
        offices=(),
        feeds=(),
        revision=previous.revision + 1 if previous else 1,
        now=clock(now),
        previous=previous,
    )


def test_a_feed_of_trip_updates_stays_fresh_when_nothing_is_late() -> None:
    by_day = snapshot(None, "08:00", message("08:00", late=True))
    at_night = snapshot(by_day, "23:00", message("23:00", late=False))
    assert by_day.realtime_at == clock("08:00")
    assert at_night.realtime_at == clock("23:00")


def test_a_feed_that_never_had_trip_updates_makes_nothing_fresh() -> None:
    first = snapshot(None, "08:00", message("08:00", late=False, feed="alerts"))
    assert first.realtime_at is None
    second = snapshot(first, "08:01", message("08:00", late=True), message("08:01", late=False, feed="alerts"))
    assert second.realtime_at == clock("08:00")


def test_only_what_became_another_is_marked_as_changed() -> None:
    first = snapshot(None, "08:00", message("08:00", late=True))
    again = snapshot(first, "08:01", message("08:01", late=True))
    assert again.realtime_at == clock("08:01")
    assert set(again.changed_in.values()) == {1}

    on_time = snapshot(again, "08:02", message("08:02", late=False))
    assert {aspect for aspect, revision in on_time.changed_in.items() if revision > 1} == {"layouts"}


def test_real_time_that_comes_back_is_news() -> None:
    first = snapshot(None, "08:00", message("08:00", late=True))
    back = snapshot(first, "08:10", message("08:10", late=True))
    assert {aspect for aspect, revision in back.changed_in.items() if revision == 2} == {"realtime"}
