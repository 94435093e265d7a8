"""The last way home: which it is, when it is told, and when it becomes a warning."""

from __future__ import annotations

from typing import Any

from smartreise.views import wire
from smartreise.views.suggestions import SuggestionsView
from tests.drawing import clock, draw
from tests.unit.suggest.situation import ask, late, line, moment, north, point

NIGHT = draw(
    """
    31/t1: A 20:00  B 20:20
    31/t2: A 23:40  B 24:00
    31/t3: A 24:40  B 25:00
    31/morning: A 29:00  B 29:20
    """,
    places={"A": north(300), "B": north(9000)},
)


def last(now: str, updates: Any = (), **params: Any) -> str:
    at = clock(now)
    found = ask(moment(NIGHT, updates=updates, now=at), point(0), "B", now=at, **params).last
    if not isinstance(found, wire.LastWay):
        return "none"
    return f"{line(found.suggestion)}{' soon' if found.warning else ''}"


def test_the_last_way_tonight_is_told_in_the_evening_with_a_warning_from_45_minutes_before() -> None:
    assert last("18:00") == "none"
    assert last("19:30") == "00:34:00 01:00:00 walk 31"
    assert last("23:48") == "00:34:00 01:00:00 walk 31"
    assert last("23:49") == "00:34:00 01:00:00 walk 31 soon"
    assert last("24:34") == "00:34:00 01:00:00 walk 31 soon"


def test_when_it_has_left_there_is_none_and_the_morning_is_no_night() -> None:
    assert last("24:35") == "none"
    assert last("28:10") == "none"


def test_a_delay_keeps_the_last_way_longer() -> None:
    assert last("24:35", [late("t3", 600)]) == "00:44:00 01:10:00 walk 31 soon"


def test_a_question_about_another_time_has_no_last_way_tonight() -> None:
    assert last("20:00", at="2026-11-10T21:00:00+01:00") == "none"


def test_the_answer_says_when_the_warning_comes() -> None:
    at, view = clock("23:30"), SuggestionsView()
    snapshot = moment(NIGHT, now=at)
    params = dict(view.canonical({"from": point(0), "to": "B", "limit": "1", "window_s": "0"}))
    while at < clock("23:50"):
        answer = view.answer(snapshot, params, now=at)
        assert answer.changes_at is not None
        assert view.answer(snapshot, params, now=answer.changes_at - 1).data == answer.data
        at = answer.changes_at
