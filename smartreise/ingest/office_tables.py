"""The `[[office]]` tables of a region file: what may stand in them, and the offices they are."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from smartreise.model.modes import MODES
from smartreise.model.region import Destination, Office, OpeningHours

LANGUAGES: Final = ("nb", "nn", "en")
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Positive = Annotated[float, Meta(gt=0)]
_Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_Day = Literal["mo", "tu", "we", "th", "fr", "sa", "su"]
#: pictures that a browser shows in an <img>, by their files' endings
_LOGOS: Final = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp", ".svg": "svg+xml"}
#: every view of the office carries it
_LARGEST_LOGO: Final = 36_000


class DestinationTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    stop: str | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None


class HoursTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    days: Annotated[tuple[_Day, ...], Meta(min_length=1)]
    opens: _Clock
    closes: _Clock


class OfficeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    lat: Latitude
    lon: Longitude
    destinations: tuple[DestinationTable, ...] = ()
    stops: tuple[str, ...] = ()
    hidden_stops: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    hidden_lines: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("nb",)
    walk_speed: Positive | None = None
    max_walk_m: Positive | None = None
    modes: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    theme: Literal["dark", "light", "daylight"] = "dark"
    accent: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")] | None = None
    #: a picture file, relative to the region file
    logo: str | None = None
    layout: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,39}$")] = "standard"
    opening_hours: tuple[HoursTable, ...] = ()
    after_hours: Literal["dark", "dim"] = "dark"


def check_offices(tables: Sequence[OfficeTable], folder: Path, bad: Callable[[str, str], Exception]) -> None:
    """Raises `bad(key, what is allowed)` at the first mistake that a table's types cannot tell. Logos are files in
    `folder`."""
    ids = [table.id for table in tables]
    for number, table in enumerate(tables):
        key = f"office[{number}]"
        if not ID.fullmatch(table.id) or ids.count(table.id) > 1:
            raise bad(f"{key}.id", f"{table.id!r}: must be unique; letters, digits, dot, dash and underscore")
        if set(table.languages) - set(LANGUAGES) or not table.languages:
            raise bad(f"{key}.languages", f"allowed are {', '.join(LANGUAGES)}")
        if set(table.modes) - set(MODES):
            raise bad(f"{key}.modes", f"allowed are {', '.join(MODES)}")
        for d, destination in enumerate(table.destinations):
            if destination.stop is None and (destination.lat is None or destination.lon is None):
                raise bad(f"{key}.destinations[{d}]", "needs a stop, or lat and lon")
        if table.logo is not None:
            path = folder / table.logo
            fits = path.suffix.lower() in _LOGOS and path.is_file() and path.stat().st_size <= _LARGEST_LOGO
            if not fits:
                raise bad(f"{key}.logo", f"a file of at most {_LARGEST_LOGO} bytes: {', '.join(_LOGOS)}")


def office_of(table: OfficeTable, folder: Path) -> Office:
    """The office of a checked table."""
    return Office(
        id=table.id,
        name=table.name,
        lat=table.lat,
        lon=table.lon,
        destinations=tuple(Destination(d.name, d.stop, d.lat, d.lon) for d in table.destinations),
        stops=table.stops,
        hidden_stops=table.hidden_stops,
        lines=table.lines,
        hidden_lines=table.hidden_lines,
        languages=table.languages,
        walk_speed=table.walk_speed,
        max_walk_m=table.max_walk_m,
        modes=table.modes,
        providers=table.providers,
        theme=table.theme,
        accent=table.accent,
        logo=None if table.logo is None else _data_address(folder / table.logo),
        layout=table.layout,
        opening_hours=tuple(OpeningHours(h.days, h.opens, h.closes) for h in table.opening_hours),
        after_hours=table.after_hours,
    )


def _data_address(path: Path) -> str:
    kind = _LOGOS[path.suffix.lower()]
    return f"data:image/{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
