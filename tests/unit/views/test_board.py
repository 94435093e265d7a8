"""A board on the wire: its rows, its filters, and when it will read otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from smartreise.model.problems import BadInput, Unanswerable, UnknownId
from smartreise.views import wire
from smartreise.views.board import BoardView
from tests.drawing import clock, draw
from tests.unit.suggest.situation import NOW, cancelled, late, moment

TIMETABLE = draw(
    """
    31/t1: A1 08:05  B 08:20
    31/t2: A2 08:15  B 08:30
    32/t3 [mode=tram]: A1 08:25  C 08:40
    33/t4: B 08:10  A1 08:30
    N/t5: A1 25:30  B 25:45
    """,
    stations={"A": "A1 A2"},
)


def board(*, now: int = NOW, updates: Any = (), **params: str) -> tuple[wire.Board, int | None]:
    view = BoardView()
    answer = view.answer(
        moment(TIMETABLE, updates=updates, now=NOW), dict(view.canonical({"stop": "A", "limit": "5"} | params)), now=now
    )
    assert isinstance(answer.data, wire.Board)
    return answer.data, answer.changes_at


def rows(**params: Any) -> list[str]:
    return [f"{d.line.name} {d.expected[11:16]} {d.headsign} {d.stop_id}" for d in board(**params)[0].departures]


def test_a_station_shows_what_leaves_its_stops_and_goes_on_tomorrow() -> None:
    assert rows() == ["31 08:05 B A1", "31 08:15 B A2", "32 08:25 C A1", "N 01:30 B A1", "31 08:05 B A1"]
    assert rows(stop="A2", limit="1") == ["31 08:15 B A2"]


def test_night_trips_belong_to_their_service_date() -> None:
    night = board()[0].departures[3]
    assert night.service_date == "2026-11-10"
    assert night.scheduled == "2026-11-11T01:30:00+01:00"
    assert night.id == "t5|2026-11-10|1"


def test_filters() -> None:
    assert rows(lines="32", limit="1") == ["32 08:25 C A1"]
    assert rows(modes="tram", limit="1") == ["32 08:25 C A1"]
    assert rows(modes="walk") == []
    assert len(rows(directions="0,1")) <= 5
    with pytest.raises(BadInput, match="no line 99"):
        board(lines="99")


def test_lateness_moves_a_row_and_cancellation_marks_it() -> None:
    data, _ = board(updates=[late("t1", 900), cancelled("t2")], limit="3")
    told = [(d.trip_id, d.delay_s, d.realtime, d.cancelled) for d in data.departures]
    assert told == [("t2", 0, True, True), ("t1", 900, True, False), ("t3", 0, False, False)]
    assert data.realtime == "fresh"


def test_it_says_when_it_will_read_otherwise() -> None:
    assert board()[1] == clock("08:05") + 1
    assert board(updates=[cancelled("t1")])[1] == NOW + 91, "real time grows stale first"
    assert board(updates=[cancelled("t1")], now=NOW + 200)[1] == clock("08:05") + 121
    assert board(at="2026-11-10T08:00:00+01:00")[1] is None


def test_days_it_cannot_answer_for() -> None:
    for at in ("2031-01-01T00:00:00Z", "2026-11-05T00:00:00Z", "1970-01-01T00:00:00Z"):
        with pytest.raises(Unanswerable):
            board(at=at)
    with pytest.raises(UnknownId):
        board(stop="nowhere")
