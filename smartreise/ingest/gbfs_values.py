"""Reads single values of GBFS leniently: every version's way of writing a number, a flag, a text, a time.

What a reader would get wrong: None means that the feed said nothing *or* something that cannot be true
(999 free docks, −1 bikes). It never means zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

#: counts from here up are placeholders for "unknown" that providers send
ABSURD_COUNT: Final = 999
_MILLISECONDS_FROM: Final = 100_000_000_000
_FIRST_PLAUSIBLE: Final = 946_684_800  # 2000-01-01
_LANGUAGES: Final = ("nb", "no", "nn", "nb-NO", "en")

_FORMS: Final = {
    "bicycle": "bike",
    "cargo_bicycle": "bike",
    "scooter": "scooter",
    "scooter_standing": "scooter",
    "scooter_seated": "scooter",
    "car": "car",
    "moped": "moped",
}


def find_count(value: Any) -> int | None:
    """A number of vehicles or docks; None where unknown or absurd."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if 0 <= value < ABSURD_COUNT else None


def find_flag(value: Any) -> bool | None:
    """Version 1 writes 0 and 1, later ones booleans, some publishers strings."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return None


def find_text(value: Any) -> str | None:
    """A text, or version 3's list of {text, language}: Norwegian first, then English, then the first."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        texts = {str(t.get("language")): t["text"] for t in value if isinstance(t, dict) and t.get("text")}
        for language in (*_LANGUAGES, *texts):
            if language in texts:
                return str(texts[language])
    return None


def find_time(value: Any) -> int | None:
    """Epoch seconds from an epoch in s or ms or from ISO 8601 with offset; None if absent or before 2000."""
    if isinstance(value, str):
        value = _parse_iso(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    seconds = value / 1000 if value >= _MILLISECONDS_FROM else value
    return int(seconds) if seconds >= _FIRST_PLAUSIBLE else None


def _parse_iso(text: str) -> float | None:
    if text.strip().isdigit():
        return float(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


def find_point(item: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude; None if missing, out of range, or the null island of unset fields."""
    lat, lon = find_number(item.get("lat")), find_number(item.get("lon"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        return None
    return lat, lon


def find_number(value: Any) -> float | None:
    """A finite number, also written as text (version 1 has such coordinates)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def find_id(value: Any) -> str | None:
    """An id as text; old feeds write integers."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return str(value)


def find_rental_url(item: Mapping[str, Any]) -> str | None:
    """The link that rents this, best for a QR code: the web's, else an app's."""
    uris = item.get("rental_uris")
    if not isinstance(uris, dict):
        return None
    return next((str(uris[key]) for key in ("web", "android", "ios") if isinstance(uris.get(key), str)), None)


def form_of(form_factor: Any) -> str:
    """The contract's mode nearest to a GBFS form factor: bike, scooter, car; else moped or other."""
    return _FORMS.get(str(form_factor), "other")
