"""Is a shared system open at a moment? From system_hours and system_calendar (1.x, 2.x) or opening_hours (3.x).

What a reader would get wrong: silence is not "closed". Rules that are absent or that we cannot read leave the
system open; its stations' own flags still gate every count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OSM_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY: Final = 24 * 3600
_MONTH_DAY: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?: \d{1,2})?"
_RULE: Final = re.compile(
    rf"(?P<dates>{_MONTH_DAY}(?:\s*-\s*{_MONTH_DAY})?:?)?\s*"
    r"(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:\s*[-,]\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))*)?\s*"
    r"(?P<times>\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}(?:\s*,\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})*|24/7|off|closed)?"
)


def is_closed_by_calendar(calendars: Any, at: datetime) -> bool:
    """True if system_calendar names seasons and local time ``at`` is in none of them."""
    if not isinstance(calendars, list):
        return False
    seasons = [season for row in calendars if (season := _season(row)) is not None]
    today = (at.month, at.day)
    return bool(seasons) and not any(_in_season(season, today, at.year) for season in seasons)


def is_closed_by_hours(rental_hours: Any, at: datetime) -> bool:
    """True if system_hours names opening hours and local time ``at`` is in none, for any kind of user."""
    if not isinstance(rental_hours, list):
        return False
    spans = [span for row in rental_hours if isinstance(row, dict) for span in _spans(row)]
    return bool(spans) and not _in_spans(spans, at)


def is_closed_by_opening_hours(text: Any, at: datetime) -> bool:
    """True if version 3's opening_hours (OpenStreetMap syntax, its common part) closes the system at ``at``.

    Later rules win where they name the same day, as in the syntax's definition.
    """
    if not isinstance(text, str) or not text.strip():
        return False
    rules = [_RULE.fullmatch(part.strip()) for part in text.split(";") if part.strip()]
    if any(rule is None for rule in rules):
        return False
    parsed = [rule for rule in rules if rule is not None]
    return not any(_open_on(parsed, at, days_before) for days_before in (0, 1))


def _open_on(rules: Sequence[re.Match[str]], at: datetime, days_before: int) -> bool:
    """Whether the rules of the day ``days_before`` ``at`` reach ``at``: an evening may end after midnight."""
    day = at - timedelta(days=days_before)
    second = days_before * _DAY + at.hour * 3600 + at.minute * 60 + at.second
    fitting = [rule for rule in rules if _rule_names(rule, day)]
    if not fitting:
        return False
    times = fitting[-1]["times"]
    if times in ("off", "closed"):
        return False
    if times in (None, "24/7"):
        return days_before == 0
    return any(start <= second < end for start, end in map(_time_span, times.split(",")))


def _rule_names(rule: re.Match[str], day: datetime) -> bool:
    return _date_fits(rule["dates"], day) and _weekday_fits(rule["days"], day)


def _date_fits(text: str | None, day: datetime) -> bool:
    if not text:
        return True
    first, _, last = text.rstrip(":").partition("-")
    start = _month_day(first.strip(), 1)
    end = _month_day((last or first).strip(), 31)
    today = (day.month, day.day)
    return start <= today <= end if start <= end else today >= start or today <= end


def _month_day(text: str, missing_day: int) -> tuple[int, int]:
    month, _, day = text.partition(" ")
    return _MONTHS.index(month) + 1, int(day) if day else missing_day


def _weekday_fits(text: str | None, day: datetime) -> bool:
    if not text:
        return True
    for part in text.split(","):
        first, _, last = (name.strip() for name in part.partition("-"))
        start, end = _OSM_DAYS.index(first), _OSM_DAYS.index(last or first)
        days = range(start, end + 1) if start <= end else (*range(start, 7), *range(end + 1))
        if day.weekday() in days:
            return True
    return False


def _time_span(text: str) -> tuple[int, int]:
    start, end = (_seconds(part.strip()) or 0 for part in text.split("-"))
    return start, end if end > start else end + _DAY


def _season(row: Any) -> tuple[tuple[int, int], tuple[int, int], int | None, int | None] | None:
    if not isinstance(row, dict):
        return None
    try:
        start, end = (int(row["start_month"]), int(row["start_day"])), (int(row["end_month"]), int(row["end_day"]))
        years = [int(row[key]) if row.get(key) is not None else None for key in ("start_year", "end_year")]
    except (KeyError, TypeError, ValueError):
        return None
    return start, end, years[0], years[1]


def _in_season(
    season: tuple[tuple[int, int], tuple[int, int], int | None, int | None], today: tuple[int, int], year: int
) -> bool:
    start, end, first_year, last_year = season
    if first_year is not None and last_year is not None:
        return (first_year, *start) <= (year, *today) <= (last_year, *end)
    if (first_year is not None and year < first_year) or (last_year is not None and year > last_year):
        return False
    return start <= today <= end if start <= end else today >= start or today <= end


def _spans(row: Mapping[str, Any]) -> list[tuple[int, int, int]]:
    """(weekday, start, end) in seconds of the day; the end may pass midnight."""
    start, end = _seconds(row.get("start_time")), _seconds(row.get("end_time"))
    days = row.get("days")
    if start is None or end is None or not isinstance(days, list):
        return []
    end = end if end > start else end + _DAY
    return [(_DAYS.index(name), start, end) for d in days if (name := str(d).lower()[:3]) in _DAYS]


def _in_spans(spans: Sequence[tuple[int, int, int]], at: datetime) -> bool:
    second = at.hour * 3600 + at.minute * 60 + at.second
    today, yesterday = at.weekday(), (at.weekday() - 1) % 7
    return any(
        (day == today and start <= second <= end) or (day == yesterday and start <= second + _DAY <= end)
        for day, start, end in spans
    )


def _seconds(text: Any) -> int | None:
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
        return None
    parts = [int(part) for part in text.split(":")]
    return parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
