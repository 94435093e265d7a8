"""stop_times.txt and shapes.txt, the large tables, as columns of numbers.

Every column is read as text and turned into numbers here: feeds write "1.0" and " 8:05:00" where the
specification means 1 and 08:05:00, and one bad cell must cost its row, not the feed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused
from smartreise.timetable.tables import BLANK_TIME, StopTimes

BAD_TIME: Final = -2
REQUIRED: Final = ("trip_id", "stop_id", "stop_sequence")
TIMES: Final = ("arrival_time", "departure_time")
#: GTFS-Flex columns: a row with one of them has no place or no time of its own
FLEX: Final = ("location_group_id", "location_id", "start_pickup_drop_off_window")


def read_stop_times(
    data: bytes, trip_row: Mapping[str, int], stop_row: Mapping[str, int], skipped: dict[str, int]
) -> StopTimes:
    """stop_times.txt sorted by (trip, sequence); rows that cannot be used are counted in ``skipped``."""
    table = _read(data, "stop_times", REQUIRED)
    trip = _index(_text(table, "trip_id"), trip_row)
    stop = _index(_text(table, "stop_id"), stop_row)
    sequence = _whole(_text(table, "stop_sequence"), -1)
    arrive, depart = (_times(_text(table, name)) for name in TIMES)
    flex = np.zeros(len(trip), dtype=np.bool_)
    for name in FLEX:
        if name in table.column_names:
            flex |= np.asarray(pc.fill_null(pc.not_equal(_text(table, name), ""), False))
    bad = {
        "stop_time_flex": flex,
        "stop_time_unknown_trip": ~flex & (trip < 0),
        "stop_time_unknown_stop": ~flex & (trip >= 0) & (stop < 0),
        "stop_time_bad_sequence": ~flex & (trip >= 0) & (stop >= 0) & (sequence < 0),
        "stop_time_bad_time": ~flex & (trip >= 0) & (stop >= 0) & ((arrive == BAD_TIME) | (depart == BAD_TIME)),
    }
    drop = np.zeros(len(trip), dtype=np.bool_)
    for reason, rows in bad.items():
        if rows.any():
            skipped[reason] = skipped.get(reason, 0) + int(rows.sum())
        drop |= rows
    keep = np.flatnonzero(~drop)
    order = keep[np.lexsort((sequence[keep], trip[keep]))]
    order = _without_doubles(order, trip, sequence, skipped)
    headsign, headsigns = _interned(_text(table, "stop_headsign"))
    return StopTimes(
        trip=trip[order],
        stop=stop[order],
        arrive=arrive[order],
        depart=depart[order],
        sequence=sequence[order],
        pickup=_small(_text(table, "pickup_type"))[order],
        drop_off=_small(_text(table, "drop_off_type"))[order],
        distance=_floats(_text(table, "shape_dist_traveled"))[order],
        headsign=headsign[order],
        headsigns=headsigns,
    )


def read_shapes(data: bytes, skipped: dict[str, int]) -> dict[str, NDArray[np.float64]]:
    """shapes.txt by shape: float64[n, 3] of lat, lon, shape_dist_traveled (NaN) in sequence order."""
    if not data.strip():
        return {}
    table = _read(data, "shapes", ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"))
    shape, ids = _interned(_text(table, "shape_id"))
    lat, lon = _floats(_text(table, "shape_pt_lat")), _floats(_text(table, "shape_pt_lon"))
    sequence = _whole(_text(table, "shape_pt_sequence"), -1)
    good = (shape >= 0) & ~np.isnan(lat) & ~np.isnan(lon) & (sequence >= 0)
    good &= (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    if not good.all():
        skipped["shape_point_bad"] = int((~good).sum())
    rows = np.flatnonzero(good)
    rows = rows[np.lexsort((sequence[rows], shape[rows]))]
    points = np.stack((lat, lon, _floats(_text(table, "shape_dist_traveled"))), axis=1)[rows]
    ends = np.searchsorted(shape[rows], np.arange(len(ids) + 1))
    return {name: points[ends[i] : ends[i + 1]] for i, name in enumerate(ids) if ends[i + 1] > ends[i]}


def _read(data: bytes, name: str, required: tuple[str, ...]) -> Any:
    """The table with every column as text. Raises `DatasetRefused`."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.count(b"\n", 0, len(data) - 1) == 0:
        data = data.rstrip(b"\r\n") + b"\n" + b"\n"  # a header alone is a table without rows
    header = data[: data.find(b"\n") + 1].decode("utf-8", "replace")
    columns = [column.strip().strip('"').strip() for column in header.strip().split(",")]
    missing = [column for column in required if column not in columns]
    if missing:
        raise DatasetRefused(f"{name}.txt lacks the column {', '.join(missing)}")
    try:
        return pa.csv.read_csv(
            io.BytesIO(data),
            read_options=pa.csv.ReadOptions(skip_rows=1, column_names=columns, block_size=2**24),
            parse_options=pa.csv.ParseOptions(newlines_in_values=False, invalid_row_handler=lambda _: "skip"),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as fault:
        raise DatasetRefused(f"{name}.txt cannot be read as CSV: {str(fault).splitlines()[0][:160]}") from None


def _text(table: Any, name: str) -> Any:
    """A column as trimmed text, "" everywhere when the table lacks it."""
    if name not in table.column_names:
        return pa.array([""]).take(pa.array(np.zeros(table.num_rows, dtype=np.int8)))
    return pc.ascii_trim_whitespace(table[name].combine_chunks())


def _dictionary(text: Any) -> tuple[NDArray[np.int64], list[str]]:
    encoded = text.dictionary_encode()
    return np.asarray(encoded.indices).astype(np.int64), encoded.dictionary.to_pylist()


def _mapped(text: Any, values: Any, dtype: Any) -> Any:
    """A function of text applied once to each distinct value."""
    index, distinct = _dictionary(text)
    table = np.array([values(value) for value in distinct], dtype=dtype)
    return table[index] if len(table) else np.empty(0, dtype=dtype)


def _index(text: Any, rows: Mapping[str, int]) -> NDArray[np.int32]:
    found: NDArray[np.int32] = _mapped(text, lambda value: rows.get(value, -1), np.int32)
    return found


def _whole(text: Any, otherwise: int) -> NDArray[np.int32]:
    def value(cell: str) -> int:
        head = cell.split(".")[0]
        return int(head) if head.isdigit() and len(head) < 10 else otherwise

    found: NDArray[np.int32] = _mapped(text, value, np.int32)
    return found


def _small(text: Any) -> NDArray[np.uint8]:
    found: NDArray[np.uint8] = _mapped(text, lambda cell: int(cell[0]) if cell[:1] in "0123" and cell else 0, np.uint8)
    return found


def _floats(text: Any) -> NDArray[np.float64]:
    def value(cell: str) -> float:
        try:
            return float(cell)
        except ValueError:
            return float("nan")

    found: NDArray[np.float64] = _mapped(text, value, np.float64)
    return found


def _times(text: Any) -> NDArray[np.int32]:
    """Seconds of H:MM:SS, BLANK_TIME where blank, BAD_TIME where it is no time."""

    def value(cell: str) -> int:
        if not cell:
            return int(BLANK_TIME)
        parts = cell.split(":")
        if len(parts) != 3 or not all(part.strip().isdigit() and len(part) <= 3 for part in parts):
            return BAD_TIME
        hours, minutes, seconds = (int(part) for part in parts)
        return hours * 3600 + minutes * 60 + seconds if minutes < 60 and seconds < 60 else BAD_TIME

    found: NDArray[np.int32] = _mapped(text, value, np.int32)
    return found


def _interned(text: Any) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Index of each cell among the distinct non-blank ones, −1 for a blank."""
    index, distinct = _dictionary(text)
    names = tuple(value for value in distinct if value)
    number = {value: i for i, value in enumerate(names)}
    renumber = np.array([number.get(value, -1) for value in distinct] or [-1], dtype=np.int32)
    return renumber[index].astype(np.int32), names


def _without_doubles(
    order: NDArray[np.int64], trip: NDArray[np.int32], sequence: NDArray[np.int32], skipped: dict[str, int]
) -> NDArray[np.int64]:
    """Drop rows that repeat a (trip, stop_sequence)."""
    if len(order) < 2:
        return order
    ranked = np.stack((trip[order], sequence[order]))
    again: NDArray[np.bool_] = np.r_[False, (ranked[:, 1:] == ranked[:, :-1]).all(axis=0)]
    if again.any():
        skipped["stop_time_double_sequence"] = int(again.sum())
    kept: NDArray[np.int64] = order[~again]
    return kept
