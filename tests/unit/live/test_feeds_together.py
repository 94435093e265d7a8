"""Several feeds, prefixes, vehicles and trips that only real time knows: what a gateway makes of them together."""

from __future__ import annotations

from typing import Any

from google.transit import gtfs_realtime_pb2 as pb

from smartreise.board.departures import DepartureRow, list_departures
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.model.feeds import FeedHealth
from smartreise.model.realtime import RealtimeMessage
from smartreise.timetable.build import build
from smartreise.timetable.tables import GtfsTables
from smartreise.views.rendering import occupancy_of
from tests.drawing import DAY, REGION, clock, draw, tables

LINE = "31/t1: A 08:00  B 08:10  C 08:20\n31/t2: A 09:00  B 09:10  C 09:20"
NOW = clock("07:30")


def feed(feed_id: str, *entities: Any, prefix: str = "") -> RealtimeMessage:
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = NOW
    for number, entity in enumerate(entities):
        added = message.entity.add(id=str(number))
        (added.vehicle if isinstance(entity, pb.VehiclePosition) else added.trip_update).CopyFrom(entity)
    return parse_message(message.SerializeToString(), feed_id=feed_id, now=NOW, prefix=prefix)


def late(trip: str, minutes: int, **descriptor: Any) -> Any:
    update: Any = pb.TripUpdate()
    update.trip.trip_id, update.trip.start_date = trip, f"{DAY:%Y%m%d}"
    for name, value in descriptor.items():
        setattr(update.trip, name, value)
    update.stop_time_update.add(stop_sequence=1).departure.delay = 60 * minutes
    return update


def vehicle(trip: str, occupancy: int, *, at: int = NOW) -> Any:
    position: Any = pb.VehiclePosition(occupancy_status=occupancy, timestamp=at)  # type: ignore[arg-type]
    position.trip.trip_id, position.trip.start_date = trip, f"{DAY:%Y%m%d}"
    position.position.latitude, position.position.longitude = 59.9, 10.7
    return position


def shown(*messages: RealtimeMessage, timetable: Any = None) -> Snapshot:
    return assemble(
        region=REGION,
        timetable=timetable or draw(LINE),
        messages={message.feed_id: message for message in messages},
        mobility=(),
        offices=(),
        feeds=[FeedHealth(message.feed_id, "realtime") for message in messages],
        revision=1,
        now=NOW,
    )


def rows(found: Snapshot, stop: str = "A", limit: int = 2) -> list[DepartureRow]:
    return list_departures(found, [found.timetable.stop_index[stop]], at=NOW, now=NOW, limit=limit)


def test_of_two_feeds_that_speak_of_one_trip_the_later_by_name_counts_and_it_is_counted() -> None:
    found = shown(feed("b", late("t1", 2)), feed("a", late("t1", 5), late("t2", 1)))
    assert [row.delay_s for row in rows(found)] == [120, 60]
    assert found.heard is not None
    assert found.heard.resolved.counts == {"second_update_of_a_trip": 1}
    assert [health.match_rate for health in found.feeds] == [1.0, 1.0]


def test_an_extra_trip_that_two_feeds_tell_of_runs_once() -> None:
    extra: Any = pb.TripUpdate()
    extra.trip.trip_id, extra.trip.schedule_relationship = "extra", pb.TripDescriptor.ADDED
    extra.trip.start_date = f"{DAY:%Y%m%d}"
    for stop, at in (("A", "08:05"), ("C", "08:25")):
        extra.stop_time_update.add(stop_id=stop).departure.time = clock(at)
    found = shown(feed("a", extra), feed("b", extra))
    assert [row.added for row in rows(found, limit=3)] == [False, True, False]


def test_ids_of_a_second_feed_carry_its_prefix() -> None:
    one, other = tables(LINE), tables("5/t1: A 08:30  B 08:40\n5/t9: A 09:30  B 09:40")
    prefixed = {name: getattr(other, name) for name in GtfsTables.__dataclass_fields__} | {"prefix": "x:"}
    timetable = build([one, GtfsTables(**prefixed)], REGION)
    update = late("t1", 3)
    update.stop_time_update[0].stop_id = "A"
    odd = late("t9", 4, start_time="x", schedule_relationship=pb.TripDescriptor.UNSCHEDULED)
    found = shown(feed("rt", update, odd, prefix="x:"), timetable=timetable)
    assert [row.delay_s for row in rows(found, "x:A")] == [180, 240]
    assert [row.delay_s for row in rows(found, "A")] == [0, 0]


def test_a_vehicle_tells_how_full_its_trip_is_where_no_update_does() -> None:
    fuller = late("t2", 1)
    fuller.stop_time_update[0].departure_occupancy_status = pb.VehiclePosition.FULL
    found = shown(feed("u", fuller), feed("v", vehicle("t1", 3), vehicle("t2", 0)))
    told = [occupancy_of(found, row.layout, row.dated) for row in rows(found, limit=3)]
    assert told == ["STANDING_ROOM_ONLY", "FULL", None]  # the third is tomorrow's t1


def test_a_vehicle_that_has_been_silent_for_long_tells_nothing() -> None:
    found = shown(feed("v", vehicle("t1", 3, at=NOW - 900)))
    assert [occupancy_of(found, row.layout, row.dated) for row in rows(found)] == [None, None]


def test_an_extra_trip_may_tell_when_it_was_planned() -> None:
    extra: Any = pb.TripUpdate()
    extra.trip.trip_id, extra.trip.schedule_relationship = "extra", pb.TripDescriptor.ADDED
    first, last = extra.stop_time_update.add(stop_id="A"), extra.stop_time_update.add(stop_id="C")
    first.departure.time, first.departure.scheduled_time = clock("07:55"), clock("07:50")
    last.arrival.delay, last.arrival.scheduled_time = 300, clock("08:10")
    row = rows(shown(feed("a", extra)))[0]
    assert (row.planned, row.expected, row.delay_s, row.added) == (clock("07:50"), clock("07:55"), 300, True)
    assert row.layout.event_arrive[row.event + 1] + row.layout.base == clock("08:15")


def test_a_copy_of_a_trip_has_the_plan_of_the_trip_at_its_own_time() -> None:
    copy = late("t1", 2, schedule_relationship=pb.TripDescriptor.DUPLICATED)
    copy.trip_properties.trip_id, copy.trip_properties.start_time = "copy", "07:40:00"
    copy.trip_properties.start_date = f"{DAY:%Y%m%d}"
    row = rows(shown(feed("a", copy)))[0]
    assert (row.planned, row.expected, row.added) == (clock("07:40"), clock("07:42"), True)


def test_text_that_is_no_utf8_is_an_id_that_nobody_knows() -> None:
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    for name, trip in (("1", "t1"), ("2", "??")):
        message.entity.add(id=name).trip_update.CopyFrom(late(trip, 2))
    for odd in (False, True):
        if odd:  # what the scanner leaves to protobuf
            message.entity[1].trip_update.trip.schedule_relationship = pb.TripDescriptor.ADDED
        body = message.SerializeToString().replace(b"??", b"\xff\xfe")
        found = shown(parse_message(body, feed_id="rt", now=NOW))
        assert rows(found)[0].delay_s == 120
        reason = "added_with_under_two_calls" if odd else "unknown_trip"
        assert found.feeds[0].unmatched == {reason: 1}


def test_overtaking_is_counted() -> None:
    timetable = draw("31/t1: A 08:00  B 08:10\n31/t2: A 08:05  B 08:15")
    found = shown(feed("a", late("t1", 9)), timetable=timetable)
    assert found.layouts.at(NOW).counts == {"runs_overtaking": 1}


def test_a_position_without_a_time_is_as_old_as_its_message() -> None:
    found = shown(feed("v", vehicle("t1", 3, at=0)))
    assert [v.position.timestamp for v in found.vehicles] == [NOW]
