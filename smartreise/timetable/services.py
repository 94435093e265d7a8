"""calendar.txt and calendar_dates.txt as one table: which service runs on which day.

Either file may be absent; an exception always wins over the weekday rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: of a calendar that spans more days than this (from 2000 to 2099, as some say) a part about today is kept
MAX_DAYS: Final = 1500
#: of which this many lie before today
BEHIND_DAYS: Final = 400

Row = dict[str, str]


def build_services(
    calendar: Sequence[tuple[str, Row]],
    dates: Sequence[tuple[str, Row]],
    counts: dict[str, int],
    *,
    about: date | None = None,
) -> tuple[date, tuple[str, ...], NDArray[np.bool_]]:
    """First day, service ids and bool[V, D] of rows (prefix, row) of all feeds; of a very long calendar the days
    about a date, its first ones without one.

    Bad rows are counted in ``counts``. Raises `DatasetRefused` when no service runs on any day.
    """
    spans = [(prefix + row["service_id"], row, _span(row, counts)) for prefix, row in calendar]
    changes = [(prefix + row["service_id"], row, _date(row.get("date", ""), counts)) for prefix, row in dates]
    days = [day for _, _, span in spans if span for day in span]
    days += [day for _, row, day in changes if day and row.get("exception_type") == "1"]
    if not days:
        raise DatasetRefused("no service runs on any day: calendar.txt and calendar_dates.txt name none")
    first, last = _kept(min(days), max(days), about)
    ids = tuple(dict.fromkeys([service for service, _, _ in spans] + [service for service, _, _ in changes]))
    index = {service: number for number, service in enumerate(ids)}
    runs = np.zeros((len(ids), (last - first).days + 1), dtype=np.bool_)
    for service, row, span in spans:
        if span:
            _mark_weekdays(runs[index[service]], row, first, span)
    for service, row, day in changes:
        if day and first <= day <= last:
            runs[index[service], (day - first).days] = row.get("exception_type") == "1"
    if not runs.any():
        raise DatasetRefused("no service runs on any day: every weekday and exception says no")
    return first, ids, runs


def _kept(first: date, last: date, about: date | None) -> tuple[date, date]:
    """The days of a calendar that are kept."""
    if (last - first).days < MAX_DAYS:
        return first, last
    if about is not None:
        first = max(first, min(about - timedelta(days=BEHIND_DAYS), last - timedelta(days=MAX_DAYS - 1)))
    return first, first + timedelta(days=MAX_DAYS - 1)


def _mark_weekdays(runs: NDArray[np.bool_], row: Row, first: date, span: tuple[date, date]) -> None:
    start = max((span[0] - first).days, 0)
    end = min((span[1] - first).days + 1, len(runs))
    weekdays = np.array([row.get(name) == "1" for name in _WEEKDAYS])
    if start < end:
        runs[start:end] |= weekdays[(np.arange(start, end) + first.weekday()) % 7]


def _span(row: Row, counts: dict[str, int]) -> tuple[date, date] | None:
    start, end = _date(row.get("start_date", ""), counts), _date(row.get("end_date", ""), counts)
    if start is None or end is None or end < start:
        counts["calendar_bad_dates"] = counts.get("calendar_bad_dates", 0) + 1
        return None
    return start, end


def _date(text: str, counts: dict[str, int]) -> date | None:
    """YYYYMMDD as a date; anything else is counted and None."""
    text = text.split(".")[0]
    try:
        if len(text) == 8:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        text = ""
    counts["bad_date"] = counts.get("bad_date", 0) + 1
    return None
