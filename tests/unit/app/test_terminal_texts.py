"""What commands print is in one language, whichever it is."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from smartreise.app.screen import board_lines, suggestion_lines
from smartreise.app.terminal_texts import TERMINAL_TEXTS, language_of_terminal

_AT = {"depart": {"expected": "2026-11-23T16:00:00+01:00"}, "arrive": {"expected": "2026-11-23T16:05:00+01:00"}}
_BIKE: dict[str, Any] = {
    **_AT,
    "mode": "bike",
    "distance_m": 812.4,
    "to": {"name": "Oslo S"},
    "pickup": {"available": 1},
    "price": {"amount": 12.5, "currency": "NOK"},
}
_WAY: dict[str, Any] = {
    "leave_at": "2026-11-23T16:00:00+01:00",
    "arrive_at": "2026-11-23T16:05:00+01:00",
    "duration_s": 300,
    "transfers": 1,
    "status": "broken",
    "reason": "missed_change",
    "legs": [_BIKE],
}
_ANSWER = {"from": {"name": "A"}, "to": {"name": "Oslo S"}, "suggestions": [_WAY]}


@pytest.mark.parametrize(
    ("language", "head", "leg"),
    [
        (
            "nb",
            "  gå 16:00, framme 16:05  (5 min, 1 bytte, rekker ikke byttet)",
            "sykkel 812 m til Oslo S (1 ledig), om lag 12,5 NOK",
        ),
        (
            "nn",
            "  gå 16:00, framme 16:05  (5 min, 1 byte, rekk ikkje bytet)",
            "sykkel 812 m til Oslo S (1 ledig), om lag 12,5 NOK",
        ),
        (
            "en",
            "  leave 16:00, arrive 16:05  (5 min, 1 change, the change is too short)",
            "bike 812 m to Oslo S (1 free), about 12.5 NOK",
        ),
    ],
)
def test_a_way_is_told_in_one_language(language: str, head: str, leg: str) -> None:
    assert suggestion_lines(_ANSWER, TERMINAL_TEXTS[language])[1:] == [head, f"      16:00–16:05  {leg}"]


def test_a_board_says_that_it_is_empty_and_old() -> None:
    board = {"stop": {"name": "Lysaker"}, "realtime": "stale", "departures": []}
    assert board_lines(board, TERMINAL_TEXTS["en"]) == ["Lysaker (live data are old)", "  No more departures today"]


def test_every_language_takes_the_same_values() -> None:
    for entry in dataclasses.fields(TERMINAL_TEXTS["nb"]):
        if entry.name != "page":
            counts = {str(getattr(texts, entry.name)).count("{}") for texts in TERMINAL_TEXTS.values()}
            assert len(counts) == 1, entry.name


@pytest.mark.parametrize(
    ("named", "language"),
    [("nn_NO.UTF-8", "nn"), ("en_GB", "en"), ("no_NO", "nb"), ("C.UTF-8", "nb"), ("", "nb")],
)
def test_the_terminal_names_the_language(monkeypatch: pytest.MonkeyPatch, named: str, language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", named)
    assert language_of_terminal() == language
