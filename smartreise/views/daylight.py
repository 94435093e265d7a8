"""Is it day where an office is? The rule that the screen's own scripts have (web/src/core/daylight.ts).

What a reader would get wrong: it is good to a few minutes, which is all that a theme needs, and nothing more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin
from typing import Final

_DAY_S: Final = 86_400
_J2000: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)
#: the sun's upper edge at the horizon, its light bent by the air
_HORIZON_DEG: Final = -0.83


def is_daylight(now: datetime, lat: float, lon: float) -> bool:
    """Is the sun up at a place? `now` is aware of its zone; `lat` and `lon` are degrees."""
    return sun_elevation_deg(now, lat, lon) > _HORIZON_DEG


def sun_elevation_deg(now: datetime, lat: float, lon: float) -> float:
    """Of the sun's centre above the horizon."""
    days = (now - _J2000).total_seconds() / _DAY_S
    anomaly = radians(357.529 + 0.98560028 * days)
    longitude = radians(280.459 + 0.98564736 * days + 1.915 * sin(anomaly) + 0.02 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.00000036 * days)
    ascension = atan2(cos(tilt) * sin(longitude), cos(longitude))
    declination = asin(sin(tilt) * sin(longitude))
    hour = radians(280.46061837 + 360.98564736629 * days + lon) - ascension
    north = radians(lat)
    return degrees(asin(sin(north) * sin(declination) + cos(north) * cos(declination) * cos(hour)))
