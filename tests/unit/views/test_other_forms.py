"""A board as CSV and a suggestion as a calendar's event."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from smartreise.views import wire
from smartreise.views.calendar import _folded, _text, suggestion_ics
from smartreise.views.registry import VIEWS
from smartreise.views.spreadsheet import COLUMNS, board_csv
from tests.drawing import draw
from tests.unit.suggest.situation import NOW, late, moment, north

TIMETABLE = draw(
    """
    31/t1: A 08:05  B 08:20
    """,
    places={"A": north(300), "B": north(9000)},
)


def answered(view: str, **params: str) -> wire.Wire:
    known = VIEWS[view]
    return known.answer(moment(TIMETABLE, updates=[late("t1", 120)]), dict(known.canonical(params)), now=NOW).data


def test_a_board_is_a_table_with_the_apis_words() -> None:
    board = cast("wire.Board", answered("board", stop="A"))
    rows = list(csv.DictReader(io.StringIO(board_csv(board))))
    assert list(rows[0]) == list(COLUMNS)
    first = board.departures[0]
    assert (rows[0]["expected"], rows[0]["delay_s"], rows[0]["line"]) == (first.expected, "120", "31")
    assert rows[0]["realtime"] == "true"
    assert rows[0]["occupancy"] == ""


def test_a_suggestion_is_an_event_from_leaving_to_arriving() -> None:
    told = cast("wire.Suggestions", answered("suggestions", **{"from": "A", "to": "B"}))
    found = next(s for s in told.suggestions if s.modes == ["bus"])
    lines = suggestion_ics(told.from_, told.to, found, now=NOW).split("\r\n")
    leave = datetime.fromisoformat(found.leave_at).astimezone(UTC)
    assert f"DTSTART:{leave:%Y%m%dT%H%M%SZ}" in lines
    assert f"UID:{found.id}@smartreise" in lines
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]


@given(st.text(max_size=300))
def test_any_name_is_folded_into_short_lines_and_can_be_read_back(text: str) -> None:
    line = f"SUMMARY:{_text(text)}"
    parts = _folded(line)
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line
    assert "\n" not in line


def test_a_cell_is_no_formula() -> None:
    board = cast("wire.Board", answered("board", stop="A"))
    row = board.departures[0]
    risky = wire.Board(
        stop=board.stop,
        departures=[wire.Departure(**{**{f: getattr(row, f) for f in row.__struct_fields__}, "headsign": "=1+1"})],
        alerts=[],
        realtime="fresh",
    )
    assert next(csv.DictReader(io.StringIO(board_csv(risky))))["headsign"] == "'=1+1"
