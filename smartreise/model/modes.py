"""Modes of travel as the contract names them, and the GTFS route types behind them.

Route types are the basic ones (0–12) and the extended (Google/TPEG) hundreds that Nordic feeds use.
"""

from __future__ import annotations

from typing import Final

#: Index in this tuple is the number that arrays hold (`Timetable.route_mode`). Order is stable.
TRANSIT_MODES: Final = (
    "bus", "coach", "tram", "metro", "rail", "ferry", "funicular", "gondola", "air", "taxi",
)  # fmt: skip
STREET_MODES: Final = ("walk", "bike", "scooter", "car")
MODES: Final = STREET_MODES + TRANSIT_MODES

_BASIC: Final = {
    0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "tram",
    6: "gondola", 7: "funicular", 11: "bus", 12: "rail",
}  # fmt: skip
_EXTENDED_EXACT: Final = {405: "rail", 714: "bus", 1400: "funicular"}
_EXTENDED: Final = {
    1: "rail", 2: "coach", 3: "rail", 4: "metro", 5: "metro", 6: "metro", 7: "bus", 8: "bus",
    9: "tram", 10: "ferry", 11: "air", 12: "ferry", 13: "gondola", 14: "funicular", 15: "taxi",
}  # fmt: skip


def mode_of_route_type(route_type: int) -> str:
    """The mode of a GTFS route type; `bus` for a type that no list names (1700 "miscellaneous")."""
    if route_type in _BASIC:
        return _BASIC[route_type]
    if route_type in _EXTENDED_EXACT:
        return _EXTENDED_EXACT[route_type]
    return _EXTENDED.get(route_type // 100, "bus")
