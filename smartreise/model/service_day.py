"""Service days: GTFS times count seconds from noon minus 12 hours in the agency's zone.

That origin is midnight except on the two nights a year when clocks change: then it is 23:00 or 01:00.
A reader who adds seconds to local midnight is an hour wrong on those days.
"""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

_NOON = time(12)
_HALF_DAY_S = 12 * 3600


def service_day_origin(day: date, zone: tzinfo) -> int:
    """Epoch seconds of second 0 of a service day: noon − 12 h, as the GTFS reference defines it."""
    return int(datetime.combine(day, _NOON, zone).timestamp()) - _HALF_DAY_S


def start_of_day(day: date, zone: tzinfo) -> int:
    """Epoch seconds of the first instant of a calendar day in `zone` (what a wall clock shows)."""
    return int(datetime.combine(day, time(0), zone).timestamp())


def local_date(at: int, zone: tzinfo) -> date:
    """Calendar date in `zone` at epoch second `at`."""
    return datetime.fromtimestamp(at, zone).date()


def iso(at: int, zone: tzinfo) -> str:
    """Epoch seconds as ISO 8601 with the zone's offset, whole seconds."""
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
