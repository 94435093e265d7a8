"""The chance of making a change is told where the change is tight, and weighs in the order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import UNSET

from smartreise.app.delays import Delays
from smartreise.live.delays import DelayHistory, DelayTable
from tests.drawing import REGION, clock, draw
from tests.unit.suggest.situation import NOW, ask, late, moment

CHANGE = draw(
    """
    1/t1: A 08:10  X 08:20
    2/t2: X 08:23  B 08:40
    """
)


def table(*delays: int) -> DelayTable:
    history = DelayHistory()
    for delay in delays:
        history.observe("1", "X", 8 * 3600 + 1200, "a", delay)
    return DelayTable.decode(history.encode())


def told(delays: DelayTable | None, updates: Any = ()) -> list[tuple[str, str | None, object]]:
    snapshot = replace(moment(CHANGE, updates=updates), delays=delays)
    return [(s.status, s.reason, s.change_chance) for s in ask(snapshot, "A", "B").suggestions]


def test_a_change_that_often_failed_is_tight_with_its_chance() -> None:
    # three minutes to change, two are needed: one to spare
    assert told(None) == [("ok", None, UNSET)]
    assert told(table(*[0] * 90, *[200] * 10)) == [("ok", None, UNSET)]
    assert told(table(*[0] * 50, *[200] * 50)) == [("tight", "tight_change", 0.5)]


def test_a_change_that_is_short_now_has_its_chance_too() -> None:
    assert told(table(*[0] * 90, *[200] * 10), [late("t1", 30)]) == [("tight", "tight_change", 0.9)]
    assert told(None, [late("t1", 30)]) == [("tight", "tight_change", UNSET)]


def test_what_passed_by_real_time_is_counted_once() -> None:
    at = clock("08:21")
    snapshot = moment(CHANGE, updates=[late("t1", 45)], now=at)
    watched = Delays(REGION)
    layout = snapshot.layouts.at(at)
    for since, until in ((NOW, clock("08:20")), (clock("08:20"), at), (at, clock("08:25"))):
        watched.take(snapshot.timetable, layout, since, until)
    assert {key: int(counts.sum()) for key, counts in watched.history._counts.items()} == {
        ("1", "A", 2, "d"): 1,
        ("1", "X", 2, "a"): 1,
        ("1", "A", 2, "a"): 1,
        ("1", "X", 2, "d"): 1,
    }
