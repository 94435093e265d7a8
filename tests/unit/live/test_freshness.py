"""The age of real time: an empty message of a feed of trip updates is news too."""

from __future__ import annotations

from smartreise.board.departures import list_departures
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


LINE = "\n".join(
    f"31/t{n}: A {8 + n // 4:02}:{n % 4 * 15:02}  B {8 + n // 4:02}:{n % 4 * 15 + 10:02}" for n in range(8)
)


def said_at(at: str, feed: str = "updates") -> RealtimeMessage:
    """All trips four minutes late, the last one cancelled."""
    call = StopTimeUpdate(sequence=1, departure=TimeEvent(delay_s=240))
    updates = [TripUpdate(f"e{n}", TripDescriptor(f"t{n}", start_date="20261110"), (call,)) for n in range(7)]
    gone = TripUpdate("e7", TripDescriptor("t7", start_date="20261110", relationship="CANCELED"))
    return RealtimeMessage(feed_id=feed, timestamp=clock(at), trip_updates=(*updates, gone))


def drawn(previous: Snapshot | None, now: str, *messages: RealtimeMessage) -> Snapshot:
    return assemble(
        region=REGION,
        timetable=previous.timetable if previous else draw(LINE),
        messages={m.feed_id: m for m in messages},
        mobility=(),
        offices=(),
        feeds=(),
        revision=previous.revision + 1 if previous else 1,
        now=clock(now),
        previous=previous,
    )


def marks(found: Snapshot) -> dict[str, str]:
    """By departure: minutes late, `=` where the schedule says it, `x` for cancelled."""
    layout = found.layouts.at(clock("08:00"))
    rows = list_departures(found, [found.timetable.stop_index["A"]], at=clock("07:50"), now=clock("07:50"), limit=8)
    assert all(row.layout is layout for row in rows)
    told = {}
    for row in rows:
        assert row.planned is not None
        mark = "x" if row.cancelled else str(row.delay_s // 60) if row.realtime else "="
        told[f"{(row.planned - clock('00:00')) // 3600:02}:{(row.planned - clock('00:00')) // 60 % 60:02}"] = mark
    return told


def test_a_dead_feed_is_believed_for_five_minutes_then_of_what_is_near() -> None:
    message = said_at("08:00")
    fresh = drawn(None, "08:00", message)
    old = drawn(fresh, "08:05", message)
    assert set(marks(old).values()) == {"4", "x"}
    assert old.layouts is fresh.layouts

    dead = drawn(old, "08:05:01", message)  # 20 minutes from 08:05 is 08:25
    assert marks(dead) == {
        "08:00": "4", "08:15": "4", "08:30": "=", "08:45": "=", "09:00": "=", "09:15": "=", "09:30": "=", "09:45": "x",
    }  # fmt: skip
    assert dead.changed_in["layouts"] == 3


def test_a_row_never_gets_a_delay_back_that_it_had_lost() -> None:
    message = said_at("08:00")
    dead = drawn(drawn(None, "08:00", message), "08:06", message)
    later = drawn(dead, "08:28", message)
    assert marks(later)["08:30"] == "="
    assert later.layouts is dead.layouts


def test_a_feed_that_lives_again_is_believed_at_once() -> None:
    dead = drawn(drawn(None, "08:00", said_at("08:00")), "08:10", said_at("08:00"))
    assert marks(dead)["09:30"] == "="
    assert marks(drawn(dead, "08:10", said_at("08:09")))["09:30"] == "4"


def test_one_dead_feed_does_not_take_another_with_it() -> None:
    other = TripUpdate(
        "x", TripDescriptor("t6", start_date="20261110"), (StopTimeUpdate(sequence=1, departure=TimeEvent(delay_s=60)),)
    )
    living = RealtimeMessage("z-living", clock("08:09"), (other,))
    found = drawn(drawn(None, "08:00", said_at("08:00")), "08:09", said_at("08:00"), living)
    assert marks(found)["09:30"] == "1"
    assert marks(found)["09:15"] == "="
