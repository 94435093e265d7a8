"""Reads a GTFS zip into tables: the small ones with gtfs-kit, trips, stop_times and shapes as columns (`gtfs_scan`).

gtfs-kit reads most broken zips as an empty feed without a word, so what must be there is checked before
and after. It is imported on first use: importing it takes longer than reading a small feed. What a reader would get
wrong: pandas, beneath it, takes a stop called "NA" for none and shifts a table whose rows end with a comma; such
tables are read as plain text instead (`_misleads`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from smartreise.ingest.gtfs_archive import GtfsArchive
from smartreise.ingest.gtfs_scan import Texts
from smartreise.ingest.gtfs_tables import read_shapes, read_stop_times, read_trips
from smartreise.model.problems import DatasetRefused
from smartreise.timetable.tables import GtfsTables

#: tables that gtfs-kit reads, and columns without which a table is none
SMALL: Final[Mapping[str, tuple[str, ...]]] = {
    "agency": ("agency_timezone",),
    "stops": ("stop_id",),
    "routes": ("route_id", "route_type"),
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
    texts = Texts()
    trips, trip_codes = read_trips(archive, texts)
    for name, rows in (
        *((name, len(tables[name])) for name in ("agency", "stops", "routes")),
        ("trips", len(trips.id)),
    ):
        if not rows:
            raise DatasetRefused(f"{name}.txt has no rows")
    skipped: dict[str, int] = {}
    _check_zones(tables["agency"])
    stop_ids = [row["stop_id"] for row in tables["stops"]]
    stop_times = read_stop_times(archive, texts, trip_codes, stop_ids, skipped)
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
        trips=trips,
        stop_times=stop_times,
        calendar=tables["calendar"],
        calendar_dates=tables["calendar_dates"],
        frequencies=tables["frequencies"],
        transfers=tables["transfers"],
        pathways=tables["pathways"],
        levels=tables["levels"],
        feed_info=tables["feed_info"],
        shapes=read_shapes(archive, texts, skipped),
        skipped=skipped,
    )


def warm() -> None:
    """Compile the kernels that read tables, or load them from the cache, by reading a feed of one trip."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _TINY.items():
            archive.writestr(f"{name}.txt", text)
    tables = parse_gtfs(body.getvalue(), feed_id="tiny")
    assert len(tables.stop_times.trip) == 2, "the kernels do not find the two calls there are"


#: out of order, with quotes, so that every kernel runs
_TINY: Final = {
    "agency": "agency_timezone\nUTC\n",
    "stops": "stop_id,stop_lat,stop_lon\na,1,1\nb,2,2\n",
    "routes": "route_id,route_type\nr,3\n",
    "calendar_dates": "service_id,date,exception_type\ns,20261110,1\n",
    "trips": 'trip_id,route_id,service_id,shape_id\n"t",r,s,p\n',
    "stop_times": "trip_id,stop_id,arrival_time,departure_time,stop_sequence,location_id\n"
    't,"b",9:00:00,9:00:00,2,\nt,a,8:00:00,8:00:00,1,\n',
    "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\np,1,1,1\np,2,2,2\n",
}


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
            if not data.strip():
                continue
            if _misleads(data):
                _require(name, SMALL[name], (frame := _read_text(data)).columns)
                tables[name] = _rows(frame)
            else:
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


#: cells that pandas takes for none, and a quote behind a blank, which it takes for a part of the text
_MISREAD: Final = re.compile(
    rb"""(?:[,\r\n]|^)[ \t]*"?(?:-?nan|-?NaN|n/a|N/A|NA|null|NULL|None|<NA>|"""
    rb'''#N/A|#NA|#N/A N/A|-?1\.#IND|-?1\.#QNAN)"?[ \t]*(?:[,\r\n]|$)|,[ \t]+"'''
)


def _misleads(data: bytes) -> bool:
    """Would pandas misread this table?"""
    if _MISREAD.search(data):
        return True
    rows = csv.reader(io.StringIO(data[: 2**16].decode("utf-8-sig", "replace")))
    header, first = next(rows, []), next(rows, [])
    return len(first) > len(header)


def _read_leniently(folder: Path, known: Mapping[str, Any], fault: str) -> dict[str, Any]:
    """The same tables as text: one row with a word where a number belongs must not cost the feed."""
    frames = {}
    for path in sorted(folder.iterdir()):
        if path.stem in known:
            frames[path.stem] = _read_text(path.read_bytes(), fault)
    return frames


def _read_text(data: bytes, fault: str = "") -> Any:
    import pandas as pd

    try:
        frame = pd.read_csv(
            io.BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8-sig", encoding_errors="replace",
            on_bad_lines="skip", skipinitialspace=True, index_col=False,
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
