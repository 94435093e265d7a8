"""The small tables of a feed as rows of text, with gtfs-kit where it reads them right.

What a reader would get wrong: pandas, beneath gtfs-kit, takes a stop called "NA" for none, shifts a table whose rows
end with a comma, and gives up a table for one word where a number belongs. Such tables are read with `csv` instead.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from smartreise.ingest.gtfs_archive import GtfsArchive
from smartreise.model.problems import DatasetRefused

#: tables that gtfs-kit reads, and columns without which a table is none
KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
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

Rows = tuple[dict[str, str], ...]

#: cells that pandas takes for none, and a quote behind a blank, which it takes for a part of the text
_MISREAD: Final = re.compile(
    rb"""(?:[,\r\n]|^)[ \t]*"?(?:-?nan|-?NaN|n/a|N/A|NA|null|NULL|None|<NA>|"""
    rb'''#N/A|#NA|#N/A N/A|-?1\.#IND|-?1\.#QNAN)"?[ \t]*(?:[,\r\n]|$)|,[ \t]+"'''
)


def read_small(archive: GtfsArchive) -> dict[str, Rows]:
    """All small tables; an absent one is empty. Raises `DatasetRefused`."""
    tables: dict[str, Rows] = dict.fromkeys((*KNOWN, *PLAIN), ())
    kept: dict[str, bytes] = {}
    for name in (*KNOWN, *PLAIN):
        data = archive.read(name)
        if not data.strip():
            continue
        if name in PLAIN or _misleads(data):
            tables[name] = _read_plainly(name, data)
        else:
            kept[name] = data
    return tables | _read_with_kit(kept)


def _read_with_kit(kept: Mapping[str, bytes]) -> dict[str, Rows]:
    """Tables as gtfs-kit reads them; all plainly where it gives one up."""
    import pandas as pd
    from gtfs_kit.feed import read_feed

    with tempfile.TemporaryDirectory(prefix="smartreise-gtfs-") as folder:
        for name, data in kept.items():
            (Path(folder) / f"{name}.txt").write_bytes(data)
        try:
            feed = read_feed(Path(folder), dist_units="km")
        except (ValueError, KeyError, TypeError, OverflowError, pd.errors.ParserError):
            return {name: _read_plainly(name, data) for name, data in kept.items()}
    tables = {}
    for name in kept:
        frame = getattr(feed, name)
        if frame is not None:
            _require(name, frame.columns)
            tables[name] = _rows(frame)
    return tables


def _misleads(data: bytes) -> bool:
    """Would pandas misread this table?"""
    if _MISREAD.search(data) or (b"\r" in data and b"\n" not in data):
        return True
    try:
        rows = _csv(_decoded(data[: 2**16]))
        header: list[str] = next(rows, [])
        first: list[str] = next(rows, [])
    except csv.Error:
        return True
    return len(first) > len(header) or len(set(header)) < len(header)


def _read_plainly(name: str, data: bytes) -> Rows:
    """Rows as they stand: cells that a row lacks are blank, those beyond the header are left out."""
    try:
        rows = _csv(_decoded(data))
        header = [cell.strip() for cell in next(rows, [])]
        _require(name, header)
        first = {cell: number for number, cell in reversed(list(enumerate(header)))}
        blank = [""] * len(header)
        padded = ((row + blank)[: len(header)] for row in rows if any(cell.strip() for cell in row))
        return tuple({cell: row[number].strip() for cell, number in first.items()} for row in padded)
    except csv.Error as fault:
        raise DatasetRefused(f"{name}.txt cannot be read as CSV: {fault}") from None


def _csv(text: str) -> Any:
    return csv.reader(io.StringIO(text, newline=None), skipinitialspace=True)


def _decoded(data: bytes) -> str:
    """UTF-8, as it should be; else what Western machines write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _require(table: str, found: Any) -> None:
    missing = [column for column in KNOWN.get(table, ()) if column not in set(found)]
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
