"""The gateway's writer on a real Valkey: real time taken up, laid over and grown old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.app.clock import ServiceClock
from smartreise.app.writer import Writer
from smartreise.board.departures import list_departures
from smartreise.ingest.catalogue import load
from smartreise.live.snapshot import Snapshot
from smartreise.planner import held, network
from smartreise.store.embedded import embedded_valkey
from smartreise.store.shelf import Dataset
from smartreise.store.valkey import Store
from smartreise.timetable.codec import encode
from smartreise.views import wire
from smartreise.views.suggestions import SuggestionsView
from tests.drawing import clock, draw

REGION = """
[region]
id = "drawn"
name = "Drawn"
timezone = "Europe/Oslo"
fall_back_after = "3m"
near = "10m"

[[static]]
id = "static"
url = "static.zip"

[[realtime]]
id = "rt"
static = "static"
url = "http://127.0.0.1:1/rt"
"""
TIMETABLE = draw("1/t1: A 08:00  B 08:10\n1/t2: A 09:00  B 09:10\n2/t3: C 08:20  D 08:30")


@dataclass
class Gateway:
    """A writer and the leader whose shelf it reads."""

    store: Store
    writer: Writer
    clock: ServiceClock
    token: int
    seen: list[Snapshot] = field(default_factory=list)

    def stand_at(self, at: str) -> None:
        self.clock.offset_s += clock(at) - self.clock.now()

    async def put(self, kind: str, feed: str, body: bytes, revision: str) -> None:
        await self.store.put(Dataset(kind, feed, revision, int(self.clock.now()), body), self.token)

    def delays(self) -> list[str]:
        found = self.writer.current()
        assert found is not None
        rows = list_departures(found, [0], at=clock("07:50"), now=clock("07:50"), limit=2)
        return [str(row.delay_s // 60) if row.realtime else "=" for row in rows]


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    path = tmp_path / "region.toml"
    path.write_text(REGION)
    config = load(str(path), environ={})
    async with embedded_valkey(tmp_path / "store") as url:
        store = Store(url, "drawn")
        token = await store.lead("me")
        assert token is not None
        service = ServiceClock()
        writer = Writer(config, store, service, follow_clock=False)
        writer.streets_known.set()
        made = Gateway(store, writer, service, token)
        writer.on_change(made.seen.append)
        made.stand_at("08:00")
        await made.put("timetable", "timetable", encode(TIMETABLE), "t1")
        yield made
        await store.close()


def late(at: str | None, minutes: int, *trips: str) -> bytes:
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    if at is not None:
        message.header.timestamp = clock(at)
    for trip in trips or ("t1", "t2"):
        update = message.entity.add(id=trip).trip_update
        update.trip.trip_id, update.trip.start_date = trip, "20261110"
        update.stop_time_update.add(stop_sequence=1).departure.delay = minutes * 60
    return bytes(message.SerializeToString())


async def test_a_feed_that_stops_falls_back_to_the_schedule_with_no_further_message(gateway: Gateway) -> None:
    await gateway.put("realtime", "rt", late("08:00", 4), "r1")
    await gateway.writer.refresh()
    assert gateway.delays() == ["4", "4"]
    swaps = len(gateway.seen)
    gateway.stand_at("08:02:30")
    await gateway.writer.refresh()
    assert len(gateway.seen) == swaps
    gateway.stand_at("08:03:30")
    await gateway.writer.refresh()
    assert gateway.delays() == ["4", "="]
    assert len(gateway.seen) == swaps + 1
    await gateway.writer.refresh()
    assert len(gateway.seen) == swaps + 1
    await gateway.put("realtime", "rt", late("08:03", 5), "r2")
    await gateway.writer.refresh()
    assert gateway.delays() == ["5", "5"]


async def test_a_message_without_a_time_is_as_old_as_its_arrival(gateway: Gateway) -> None:
    await gateway.put("realtime", "rt", late(None, 4), "r1")
    await gateway.writer.refresh()
    found = gateway.writer.current()
    assert found is not None
    assert found.realtime_at is not None
    assert abs(found.realtime_at - clock("08:00")) < 30


async def test_a_layout_is_ready_to_be_searched_before_anybody_sees_it(gateway: Gateway) -> None:
    ready: list[bool] = []
    gateway.writer.on_change(lambda seen: ready.append(seen.layouts.at(clock("08:00")) in network._kept))
    for minutes in (4, 5):
        await gateway.put("realtime", "rt", late("08:00", minutes), f"r{minutes}")
        await gateway.writer.refresh()
    assert ready == [True, True]


async def test_a_message_that_does_not_concern_an_answer_spares_the_search(gateway: Gateway) -> None:
    async def ask() -> list[tuple[str, str]]:
        snapshot = gateway.writer.current()
        assert snapshot is not None
        view = SuggestionsView()
        params = view.canonical({"from": "C", "to": "D", "modes": "bus"})
        answer = view.answer(snapshot, dict(params), now=int(gateway.clock.now())).data
        assert isinstance(answer, wire.Suggestions)
        return [(s.leave_at[11:16], s.arrive_at[11:16]) for s in answer.suggestions]

    await gateway.put("realtime", "rt", late("08:00", 4), "r1")
    await gateway.writer.refresh()
    assert await ask() == [("08:19", "08:30")]
    for revision, minutes, spared in (("r2", 5, 1), ("r3", 6, 1)):
        before = replace(held.statistics)
        await gateway.put("realtime", "rt", late("08:01", minutes), revision)
        await gateway.writer.refresh()
        assert gateway.delays() == [str(minutes)] * 2
        assert await ask() == [("08:19", "08:30")]
        assert (held.statistics.asked - before.asked, held.statistics.spared - before.spared) == (1, spared)
    before = replace(held.statistics)
    await gateway.put("realtime", "rt", late("08:02", 6, "t3"), "r4")
    await gateway.writer.refresh()
    assert await ask() == [("08:25", "08:36")]
    assert held.statistics.spared == before.spared


async def test_a_message_that_says_the_same_moves_nothing_but_its_time(gateway: Gateway) -> None:
    await gateway.put("realtime", "rt", late("08:00", 4), "r1")
    await gateway.writer.refresh()
    first = gateway.writer.current()
    await gateway.put("realtime", "rt", late("08:01", 4), "r2")
    await gateway.writer.refresh()
    second = gateway.writer.current()
    assert first is not None
    assert second is not None
    assert second.realtime_at == clock("08:01")
    assert second.layouts is first.layouts
    assert second.changed_in == first.changed_in
