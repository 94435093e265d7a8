"""The scanner of trip updates says of any bytes what protobuf says: of drawn messages, and of those spoilt."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from smartreise.ingest import gtfs_rt
from smartreise.ingest.gtfs_rt_scan import find_frame, scan
from smartreise.live.updates import Scanned, Updates, columns, ordinary
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage, TripUpdate

NOW: Final = 1_794_300_000
EXAMPLES: Final = int(os.environ.get("SMARTREISE_EXAMPLES", "150"))
#: nothing to shrink in a seed
UNSHRUNK: Final = (Phase.explicit, Phase.generate, Phase.reuse)


def said(parse: Callable[..., RealtimeMessage | None], body: bytes) -> str:
    """All that a parser makes of a body, as text."""
    try:
        message = parse(body)
    except DatasetRefused as refused:
        return refused.reason
    assert message is not None
    updates = tuple(message.trip_updates)
    if isinstance(message.trip_updates, Scanned):
        check_columns(message.trip_updates.updates, updates)
    return "\n".join(
        [
            repr((message.timestamp, tuple(message.vehicles), tuple(message.alerts), sorted(message.skipped.items()))),
            *(repr(update) for update in updates),
        ]
    )


def check_columns(scanned: Updates, records: Sequence[TripUpdate]) -> None:
    """The scanner's columns are those of protobuf's records."""
    order = scanned.order.tolist()
    assert all(ordinary(records[place]) for place in order)
    assert readable(scanned) == readable(columns([records[place] for place in order], order))


def readable(updates: Updates) -> list[tuple[Any, ...]]:
    """Columns row by row, words in place of spans."""

    def word(span: NDArray[np.int32]) -> bytes:
        return updates.text[span[0] : span[1]].tobytes().decode("utf-8", "replace").encode()

    said = updates.said
    stops = [
        (*row[:3], word(row[3]), word(row[4]), *row[5:])
        for row in zip(
            said.sequence.tolist(), said.kind.tolist(), said.events.tolist(), said.stop, said.assigned,
            said.arrive.tolist(), said.depart.tolist(), said.occupancy.tolist(), strict=True,
        )
    ]  # fmt: skip
    return [
        (
            *(int(column[row]) for column in (updates.order, updates.day, updates.kind, updates.delayed)),
            *(word(span[row]) for span in (updates.trip, updates.start_time)),
            *stops[updates.said_start[row] : updates.said_start[row + 1]],
        )
        for row in range(len(updates.order))
    ]


def by_protobuf(body: bytes) -> RealtimeMessage:
    try:
        return gtfs_rt._parse_whole(body, "f", NOW, "")
    except DecodeError:
        raise DatasetRefused("the body is no GTFS-realtime message, or cut short") from None


def by_scan(body: bytes) -> RealtimeMessage:
    return gtfs_rt.parse_message(body, feed_id="f", now=NOW)


def varint(value: int) -> bytes:
    """A number on the wire."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def number(field_number: int, value: int) -> bytes:
    return varint(field_number << 3) + varint(value)


def field(field_number: int, value: bytes) -> bytes:
    return varint(field_number << 3 | 2) + varint(len(value)) + value


class Drawer:
    """Draws messages, mostly ordinary, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def pick(self, *values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def message(self) -> bytes:
        message: Any = pb.FeedMessage()
        message.header.gtfs_realtime_version = "2.0"
        if self.chance(0.9):
            message.header.timestamp = self.pick(NOW, NOW - 30, NOW + 10**6, 2**63) if self.chance(0.1) else NOW - 5
        if self.chance(0.03):
            message.header.incrementality = pb.FeedHeader.DIFFERENTIAL
        for place in range(int(self.random.integers(0, 6))):
            entity = message.entity.add(id=str(place if self.chance(0.97) else 0))
            if self.chance(0.05):
                entity.is_deleted = self.chance(0.7)
            if self.chance(0.9):
                self.update(entity.trip_update)
            if self.chance(0.1):
                entity.vehicle.position.latitude, entity.vehicle.position.longitude = 59.9, self.pick(10.7, 400.0)
            if self.chance(0.05):
                entity.alert.header_text.translation.add(text="Æ", language="nb")
        raw = [field(2, self.entity(str(n))) for n in range(100, 102) if self.chance(0.2)]
        return bytes(message.SerializePartialToString()) + b"".join(raw)

    def entity(self, name: str) -> bytes:
        """An entity put together from its fields, some of them given twice or with values that nobody knows."""
        stop = pb.TripUpdate.StopTimeUpdate
        call: Any = stop(stop_sequence=1, stop_id="A")
        call.arrival.delay = 60
        parts = [call.SerializeToString()]
        if self.chance(0.4):
            event = pb.TripUpdate.StopTimeEvent(delay=90) if self.chance(0.5) else pb.TripUpdate.StopTimeEvent(time=NOW)
            parts.append(field(self.pick(2, 3), event.SerializeToString()))
        if self.chance(0.4):
            parts.append(number(self.pick(5, 7, 1), self.pick(0, 2, 4, 9, 2**33 + 1, 2**64 - 1)))
        trip = field(1, b"t1") + field(3, b"20261110")
        if self.chance(0.3):
            trip += number(4, self.pick(3, 4, 9, 2**32 + 3)) + number(4, self.pick(0, 3, 99))
        update = field(1, trip) + field(2, b"".join(parts))
        if self.chance(0.2):
            update += field(1, field(5, b"31"))
        if self.chance(0.2):
            update += number(5, 7)
        return field(1, name.encode()) + field(3, update) + (field(3, update) if self.chance(0.1) else b"")

    def update(self, update: Any) -> None:
        if self.chance(0.97):
            update.trip.trip_id = self.pick("t1", "t2", "Ø-3", "", "t1")
            if self.chance(0.8):
                update.trip.start_date = (
                    "20261110"
                    if self.chance(0.8)
                    else self.pick("20261110", "20240229", "20230229", "", "2026-1-1", " 2026111")
                )
            if self.chance(0.2):
                update.trip.start_time = self.pick("08:00:00", "25:10:00", "")
            if self.chance(0.2):
                update.trip.route_id = self.pick("31", "")
            if self.chance(0.2):
                update.trip.direction_id = self.pick(0, 1)
            if self.chance(0.15):
                update.trip.schedule_relationship = self.pick(0, 1, 2, 3, 3, 5, 6, 7, 8)
            if self.chance(0.02):
                update.trip.modified_trip.modifications_id = "m"
        if self.chance(0.3):
            update.vehicle.id = "v"
            update.vehicle.label = "Bjørn"
        if self.chance(0.3):
            update.timestamp = NOW
        if self.chance(0.05):
            update.delay = -5
        if self.chance(0.05):
            update.trip_properties.trip_id = "copy"
        for sequence in range(int(self.random.integers(0, 5))):
            self.call(update.stop_time_update.add(), sequence)

    def call(self, call: Any, sequence: int) -> None:
        if self.chance(0.8):
            call.stop_sequence = sequence if self.chance(0.95) else 2**32 - 1
        if self.chance(0.8):
            call.stop_id = self.pick("A", "B", "NSR:Quay:7", "")
        for event in (call.arrival, call.departure):
            if self.chance(0.8):
                if self.chance(0.6):
                    event.delay = self.pick(0, 60, -60, 10**7) if self.chance(0.05) else 120
                if self.chance(0.6):
                    event.time = self.pick(NOW, 0, -1, 2**62) if self.chance(0.03) else NOW + 60 * sequence
                if self.chance(0.1):
                    event.uncertainty = -1
                if self.chance(0.1):
                    event.scheduled_time = NOW if self.chance(0.9) else 5
        if self.chance(0.2):
            call.schedule_relationship = self.pick(0, 1, 2, 3)
        if self.chance(0.1):
            call.stop_time_properties.assigned_stop_id = self.pick("B2", "")
            if self.chance(0.3):
                call.stop_time_properties.stop_headsign = "Elsewhere"
        if self.chance(0.1):
            call.departure_occupancy_status = self.pick(0, 5, 8)

    def spoil(self, body: bytes) -> bytes:
        """Bytes changed, lost, doubled, put in between, or cut off."""
        spoilt = bytearray(body)
        for _ in range(int(self.random.integers(1, 4))):
            at = int(self.random.integers(0, max(len(spoilt), 1)))
            length = int(self.random.integers(1, 12))
            kind = self.pick("flip", "set", "lose", "double", "insert", "cut", "field")
            if kind == "flip" and spoilt:
                spoilt[at] ^= 1 << int(self.random.integers(8))
            elif kind == "set" and spoilt:
                spoilt[at] = self.pick(0, 0x7F, 0x80, 0xFF, 8, 10, 18)
            elif kind == "lose":
                del spoilt[at : at + self.pick(1, length)]
            elif kind == "double":
                spoilt[at:at] = spoilt[at : at + length]
            elif kind == "insert":
                spoilt[at:at] = self.random.bytes(length)
            elif kind == "field":  # an extension or an unknown field, well-formed
                spoilt[at:at] = self.pick(
                    b"\xc2\x3e\x02ab", b"\xf8\x07\x05", b"\xfd\x07abcd", b"\xf9\x07abcdefgh", b"\xfb\x07\xfc\x07"
                )
            elif kind == "cut":
                del spoilt[at:]
        return bytes(spoilt)


@given(st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, phases=UNSHRUNK)
def test_drawn_messages_say_the_same(seed: int) -> None:
    body = Drawer(seed).message()
    assert said(by_scan, body) == said(by_protobuf, body)


@given(st.integers(0, 2**32))
@settings(max_examples=2 * EXAMPLES, phases=UNSHRUNK)
def test_spoilt_messages_say_the_same_or_are_refused_alike(seed: int) -> None:
    drawer = Drawer(seed)
    whole = drawer.message()
    for _ in range(20):
        body = drawer.spoil(whole)
        if body and body.lstrip()[:1] not in (b"<", b"{", b"["):
            assert said(by_scan, body) == said(by_protobuf, body), body


@pytest.mark.long
def test_a_hundred_thousand_spoilt_messages_say_the_same() -> None:
    for seed in range(5000):
        drawer = Drawer(seed)
        whole = drawer.message()
        for _ in range(20):
            body = drawer.spoil(whole)
            if body and body.lstrip()[:1] not in (b"<", b"{", b"["):
                assert said(by_scan, body) == said(by_protobuf, body), (seed, body)


def test_most_drawn_updates_are_the_scanners() -> None:
    """Without this the tests above might compare protobuf with itself."""
    scanned = odd = 0
    for seed in range(300):
        message = None
        body = Drawer(seed).message()
        if said(by_protobuf, body).startswith("("):
            message = by_scan(body)
        if message is not None and isinstance(message.trip_updates, Scanned):
            scanned += len(message.trip_updates.updates.order)
            odd += len(message.trip_updates.odd)
    assert scanned > 200
    assert odd > 20


def test_every_date_is_read_as_the_calendar_has_it() -> None:
    from datetime import date

    for day in range(date(1899, 12, 25).toordinal(), date(2101, 3, 3).toordinal(), 7):
        message: Any = pb.FeedMessage()
        message.header.gtfs_realtime_version = "2.0"
        message.entity.add(id="1").trip_update.trip.trip_id = "t"
        message.entity[0].trip_update.trip.start_date = f"{date.fromordinal(day):%Y%m%d}"
        frame = find_frame(message.SerializeToString())
        assert frame is not None
        found = scan(frame, about=NOW, absurd_s=1)
        assert found is not None
        assert found.updates.day.tolist() == [day]
