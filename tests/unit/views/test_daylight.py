"""The sun over Oslo, beside the almanac."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from smartreise.views.daylight import is_daylight


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [
        ("2026-06-21", "01:54", "20:44"),
        ("2026-12-21", "08:18", "14:12"),
        ("2026-03-20", "05:20", "17:31"),
    ],
)
def test_within_five_minutes_of_the_almanac(day: str, rises: str, sets: str) -> None:
    def up(time: str, minutes: int) -> bool:
        at = datetime.fromisoformat(f"{day}T{time}:00+00:00") + timedelta(minutes=minutes)
        return is_daylight(at, 59.91, 10.75)

    assert [up(rises, -5), up(rises, 5), up(sets, -5), up(sets, 5)] == [False, True, True, False]
