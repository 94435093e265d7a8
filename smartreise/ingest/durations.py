"""Durations as people write them: "15s", "10m", "1h", "2d", or a number of seconds."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)")


def parse_duration(value: str | float) -> float:
    """Seconds of a duration. Raises `ValueError` with what is allowed."""
    if isinstance(value, int | float):
        return float(value)
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise ValueError(f"{value!r} is no duration like 15s, 10m, 1h or 2d")
    number, unit = match.groups()
    return float(number) * _UNITS[unit or "s"]
