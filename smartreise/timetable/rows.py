"""Cells of a table's rows as values. What means nothing is None, and is counted by whoever asks."""

from __future__ import annotations

import math
import re
from typing import Final

Row = dict[str, str]
Counts = dict[str, int]

_TIME: Final = re.compile(r"([0-9]{1,3}):([0-5]?[0-9]):([0-5]?[0-9])")
_WHOLE: Final = re.compile(r"([0-9]{1,9})(?:\.0*)?")


def count(counts: Counts, reason: str, number: int = 1) -> None:
    """Add to a reason; nothing is noted when nothing happened."""
    if number:
        counts[reason] = counts.get(reason, 0) + number


def parse_seconds(text: str) -> int | None:
    """H:MM:SS, HH:MM:SS or HHH:MM:SS as seconds; None if it is none."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def whole(text: str) -> int | None:
    """A whole number of at most nine digits, "12" or "12.0"."""
    match = _WHOLE.fullmatch(text.strip())
    return int(match[1]) if match else None


def small(text: str, most: int) -> int:
    """A whole number up to ``most``; 0 for a blank or anything else."""
    value = whole(text)
    return value if value is not None and value <= most else 0


def decimal(text: str) -> float | None:
    """A finite decimal number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
