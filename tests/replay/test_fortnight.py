"""A fortnight on a fast clock, over the night when clocks go back, with faults at random from a seed.

What is held at its end answers as a service does that starts just then from the same last good data: nothing wears out,
nothing piles up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from smartreise.ingest.gates import judge_message, judge_timetable
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.live.layouts import KEPT_DAYS, LiveLayouts
from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.region import Region
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from smartreise.views.board import BoardView
from smartreise.views.suggestions import SuggestionsView
from tests.chaos.publisher import message, tables, zipped

ZONE = ZoneInfo("Europe/Oslo")
REGION = Region(id="city", name="City", timezone="Europe/Oslo")
#: clocks go back on 2026-10-25
START = datetime(2026, 10, 18, 5, tzinfo=ZONE)
STEP_S = 20 * 60
STEPS = 14 * 86_400 // STEP_S
ROUTINES: tuple[tuple[str, str], ...] = (("A", "C"), ("A", "B"), ("B", "C"))


@dataclass
class Service:
    """What ingest and a gateway hold, moved on by hand."""

    timetable: Timetable | None = None
    messages: dict[str, RealtimeMessage] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    refused: int = 0

    def offer_timetable(self, body: bytes, now: float) -> None:
        try:
            new = build([parse_gtfs(body, feed_id="static")], REGION)
            judge_timetable(new, self.timetable, datetime.fromtimestamp(now, ZONE).date())
        except DatasetRefused:
            self.refused += 1
        else:
            self.timetable = new

    def offer_message(self, body: bytes, now: float) -> None:
        try:
            new = parse_message(body, feed_id="realtime", now=int(now))
            if judge_message(new, self.messages.get("realtime"), int(now)):
                self.messages["realtime"] = new
        except DatasetRefused:
            self.refused += 1

    def swap(self, now: float, *, afresh: bool = False) -> Snapshot:
        assert self.timetable is not None
        return assemble(
            region=REGION,
            timetable=self.timetable,
            messages=dict(self.messages),
            mobility=[],
            offices=[],
            feeds=[],
            revision=1 if self.snapshot is None else self.snapshot.revision + 1,
            now=int(now),
            previous=None if afresh else self.snapshot,
        )


def timetable_of(now: float, chance: random.Random) -> bytes:
    """The day's timetable, in one case of four something else."""
    today = datetime.fromtimestamp(now, ZONE).date()
    good = zipped(tables(today=today))
    return chance.choice(
        [good] * 9 + [good[: len(good) // 2], b"<html>", zipped(tables(today=today, every_min=200)),
        zipped(tables(today=today - timedelta(days=90)))]
    )  # fmt: skip


def message_of(now: float, chance: random.Random) -> bytes:
    """The real time of the moment, in one case of four something else."""
    good = message(now).SerializeToString()
    return chance.choice(
        [good] * 9
        + [b"", good[:-3], message(now, at=now - 9000).SerializeToString(), message(now, trips=0).SerializeToString()]
    )


def answers(snapshot: Snapshot, now: float) -> list[Any]:
    """All that is told of three stops."""
    board, suggestions = BoardView(), SuggestionsView()
    told: list[Any] = [
        board.answer(snapshot, dict(board.canonical({"stop": stop, "limit": "8"})), now=int(now)).data for stop in "ABC"
    ]
    for origin, destination in ROUTINES:
        params = dict(suggestions.canonical({"from": origin, "to": destination}))
        told.append(suggestions.answer(snapshot, params, now=int(now)).data)
    return told


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_fortnight_ends_in_the_state_of_a_fresh_start(seed: int) -> None:
    chance, service, now = random.Random(seed), Service(), START.timestamp()
    service.offer_timetable(zipped(tables(today=START.date())), now)
    stop_a = BoardView()
    for step in range(STEPS):
        now = START.timestamp() + step * STEP_S
        if step % 40 == 20:
            service.offer_timetable(timetable_of(now, chance), now)
        service.offer_message(message_of(now, chance), now)
        service.snapshot = service.swap(now)
        board = stop_a.answer(service.snapshot, dict(stop_a.canonical({"stop": "A", "limit": "8"})), now=int(now)).data
        expected = [datetime.fromisoformat(row.expected) for row in board.departures]  # type: ignore[attr-defined]
        assert len(expected) == 8
        assert expected == sorted(expected)
    assert service.refused > 50
    assert service.snapshot is not None
    layouts = service.snapshot.layouts
    assert isinstance(layouts, LiveLayouts)
    assert len(layouts.kept) <= KEPT_DAYS
    assert len(layouts.schedules.kept) <= KEPT_DAYS
    assert answers(service.snapshot, now) == answers(service.swap(now, afresh=True), now)
