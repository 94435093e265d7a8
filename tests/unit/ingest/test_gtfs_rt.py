"""GTFS-realtime bytes to records: what is refused, what is left out and counted, what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.ingest.gtfs_rt import parse_message
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage

NOW = 1_794_300_000
YEAR_3000 = 32_503_680_000


def feed(*, version: str = "2.0", timestamp: int = NOW) -> Any:
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = version
    message.header.timestamp = timestamp
    return message


def add(message: Any, name: str, *, trip: str = "t1", time: int = NOW + 60) -> Any:
    entity = message.entity.add(id=name)
    entity.trip_update.trip.trip_id = trip
    entity.trip_update.stop_time_update.add(stop_sequence=1).arrival.time = time
    return entity


def parse(message: Any) -> RealtimeMessage:
    return parse_message(message.SerializeToString(), feed_id="f", now=NOW)


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'  {"a": 1}', b"\xff\xfe garbage", b"\x00" * 64])
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(DatasetRefused):
        parse_message(body, feed_id="f", now=NOW)


def test_a_message_cut_within_an_entity_is_refused() -> None:
    message = feed()
    add(message, "1")
    body = message.SerializeToString()
    with pytest.raises(DatasetRefused, match="cut short"):
        parse_message(body[:-3], feed_id="f", now=NOW)


def test_a_whole_message_without_entities_is_good() -> None:
    assert parse(feed()).trip_updates == ()


def test_a_version_to_come_is_read() -> None:
    message = feed(version="9.7")
    add(message, "1")
    assert [u.entity_id for u in parse(message).trip_updates] == ["1"]


def test_a_message_from_the_future_is_refused() -> None:
    with pytest.raises(DatasetRefused, match="in the future"):
        parse(feed(timestamp=YEAR_3000))


def test_of_entities_with_one_id_the_first_is_kept_and_the_rest_counted() -> None:
    message = feed()
    add(message, "1", trip="first")
    add(message, "1", trip="second")
    parsed = parse(message)
    assert [u.trip.trip_id for u in parsed.trip_updates] == ["first"]
    assert parsed.skipped == {"duplicate_entity_id": 1}


@pytest.mark.parametrize("time", [1, YEAR_3000])
def test_an_absurd_time_leaves_out_its_trip_alone(time: int) -> None:
    message = feed()
    add(message, "bad", time=time)
    add(message, "good")
    parsed = parse(message)
    assert [u.entity_id for u in parsed.trip_updates] == ["good"]
    assert parsed.skipped == {"absurd_time": 1}


def test_a_deleted_entity_is_left_out() -> None:
    message = feed()
    add(message, "1").is_deleted = True
    assert parse(message).trip_updates == ()


def test_fifty_thousand_entities_are_all_read() -> None:
    message = feed()
    for number in range(50_000):
        add(message, str(number))
    assert len(parse(message).trip_updates) == 50_000
