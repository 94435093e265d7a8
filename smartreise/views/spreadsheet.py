"""A board as CSV, for who lives in a spreadsheet.

What a reader would get wrong: a cell that a spreadsheet would take for a formula is given an apostrophe in front: names
come from feeds, and nobody's spreadsheet is to run them.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from smartreise.views import wire

COLUMNS: Final = (
    *("expected", "scheduled", "delay_s", "line", "mode", "headsign", "quay", "realtime", "cancelled", "added"),
    *("platform_changed", "occupancy", "wheelchair", "stop_id", "trip_id", "service_date", "id"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def board_csv(board: wire.Board) -> str:
    """A head, then one departure a line; times as the API has them, unknown is empty."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for departure in board.departures:
        table.writerow([_cell(_value(departure, name)) for name in COLUMNS])
    return out.getvalue()


def _value(departure: wire.Departure, name: str) -> Any:
    if name == "line":
        return departure.line.name
    return departure.line.mode if name == "mode" else getattr(departure, name)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
