"""Reads a GTFS zip into tables: the small ones with gtfs-kit, stop_times and shapes as columns with pyarrow.

gtfs-kit reads most broken zips as an empty feed without a word, so what must be there is checked before
and after. It is imported on first use: importing it takes longer than reading a small feed.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from smartreise.ingest.gtfs_archive import GtfsArchive
from smartreise.ingest.gtfs_columns import read_shapes, read_stop_times
from smartreise.model.problems import DatasetRefused
from smartreise.timetable.tables import GtfsTables

#: tables that gtfs-kit reads, and columns without which a table is none
SMALL: Final[Mapping[str, tuple[str, ...]]] = {
    "agency": ("agency_timezone",),
    "stops": ("stop_id",),
    "routes": ("route_id", "route_type"),
    "trips": ("trip_id", "route_id", "service_id"),
    "calendar": ("service_id", "start_date", "end_date"),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
    "transfers": (),
    "feed_info": (),
}
#: tables that gtfs-kit does not know
PLAIN: Final = ("pathways", "levels")
FLEX: Final = ("locations.geojson", "location_groups", "booking_rules", "stop_areas")

Rows = tuple[dict[str, str], ...]


def parse_gtfs(data: bytes, *, feed_id: str, prefix: str = "") -> GtfsTables:
    """A zip's bytes as tables. Raises `DatasetRefused` with a reason for people."""
    archive = GtfsArchive(data)
    tables = _read_small(archive)
    for name in ("agency", "stops", "routes", "trips"):
        if not tables[name]:
            raise DatasetRefused(f"{name}.txt has no rows")
    skipped: dict[str, int] = {}
    _check_zones(tables["agency"])
    trip_row = {row["trip_id"]: number for number, row in reversed(list(enumerate(tables["trips"])))}
    stop_row = {row["stop_id"]: number for number, row in reversed(list(enumerate(tables["stops"])))}
    stop_times = read_stop_times(archive.read("stop_times"), trip_row, stop_row, skipped)
    if not len(stop_times.trip):
        raise DatasetRefused("stop_times.txt has no row with a known trip and a known stop")
    for name in FLEX:
        if name in archive.names():
            skipped[f"flex_{name}"] = max(1, archive.read(name).count(b"\n") - 1)
    return GtfsTables(
        feed_id=feed_id,
        prefix=prefix,
        digest=hashlib.sha256(data).hexdigest(),
        agencies=tables["agency"],
        stops=tables["stops"],
        routes=tables["routes"],
        trips=tables["trips"],
        stop_times=stop_times,
        calendar=tables["calendar"],
        calendar_dates=tables["calendar_dates"],
        frequencies=tables["frequencies"],
        transfers=tables["transfers"],
        pathways=tables["pathways"],
        levels=tables["levels"],
        feed_info=tables["feed_info"],
        shapes=read_shapes(archive.read("shapes"), skipped),
        skipped=skipped,
    )


def _check_zones(agencies: Rows) -> None:
    from zoneinfo import ZoneInfo

    for row in agencies:
        try:
            ZoneInfo(row["agency_timezone"])
        except (ValueError, OSError, KeyError):
            raise DatasetRefused(f"agency.txt names no time zone that exists: {row['agency_timezone']!r}") from None


def _read_small(archive: GtfsArchive) -> dict[str, Rows]:
    """All small tables as rows of text; an absent one is empty."""
    import pandas as pd
    from gtfs_kit.constants import DTYPES
    from gtfs_kit.feed import read_feed

    tables: dict[str, Rows] = dict.fromkeys((*SMALL, *PLAIN), ())
    with tempfile.TemporaryDirectory(prefix="smartreise-gtfs-") as folder:
        for name in SMALL:
            data = archive.read(name)
            if data.strip():
                (Path(folder) / f"{name}.txt").write_bytes(data)
        try:
            feed = read_feed(Path(folder), dist_units="km")
        except (ValueError, KeyError, TypeError, UnicodeDecodeError, pd.errors.ParserError) as fault:
            feed = _read_leniently(Path(folder), DTYPES, str(fault))
    for name, columns in SMALL.items():
        frame = feed.get(name) if isinstance(feed, dict) else getattr(feed, name)
        if frame is not None:
            _require(name, columns, frame.columns)
            tables[name] = _rows(frame)
    for name in PLAIN:
        data = archive.read(name)
        if data.strip():
            tables[name] = _rows(_read_text(data))
    return tables


def _read_leniently(folder: Path, known: Mapping[str, Any], fault: str) -> dict[str, Any]:
    """The same tables as text: one row with a word where a number belongs must not cost the feed."""
    frames = {}
    for path in sorted(folder.iterdir()):
        if path.stem in known:
            frames[path.stem] = _read_text(path.read_bytes(), fault)
    return frames


def _read_text(data: bytes, fault: str = "") -> Any:
    import io

    import pandas as pd

    try:
        frame = pd.read_csv(
            io.BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8-sig", encoding_errors="replace",
            on_bad_lines="skip", skipinitialspace=True,
        )  # fmt: skip
    except (ValueError, pd.errors.ParserError) as second:
        raise DatasetRefused(f"a table cannot be read as CSV: {fault or second}") from None
    frame.columns = [str(column).strip() for column in frame.columns]
    return frame


def _require(table: str, columns: tuple[str, ...], found: Any) -> None:
    missing = [column for column in columns if column not in set(found)]
    if missing:
        raise DatasetRefused(f"{table}.txt lacks the column {', '.join(missing)}")


def _rows(frame: Any) -> Rows:
    """A frame's rows as text; blanks are "" and whole numbers have no decimal point."""
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if column.dtype.kind == "f":
            values = ["" if np.isnan(v) else repr(float(v)) for v in column.to_numpy(dtype=float, na_value=np.nan)]
        else:
            values = [
                "" if v is None or v != v else str(v).strip() for v in column.astype(object).where(column.notna(), None)
            ]
        columns[str(name)] = values
    names = list(columns)
    return tuple(dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True))
