"""Scans a large CSV table of a feed into columns of numbers, piece by piece as it is unpacked.

Only `ingest.kernels` sees the cells. Texts of all scanned tables of a feed share one `Texts`, so that an id has the
same code in every table and no dictionary of strings is needed to join them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.ingest import kernels
from smartreise.ingest.kernels import BAD_WHOLE, BLANK_TIME, NO_TEXT, TextTable
from smartreise.model.problems import DatasetRefused

Int32s = NDArray[np.int32]

#: a row longer than this is taken for a quote that is never closed
_LONGEST_ROW: Final = 2**20
_BOM: Final = b"\xef\xbb\xbf"


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = 1
    TIME = 2
    WHOLE = 3
    REAL = 4
    FLAG = 5


#: what a cell of a column is that the table lacks
_MISSING: Final = {Kind.TEXT: NO_TEXT, Kind.TIME: BLANK_TIME, Kind.WHOLE: BAD_WHOLE, Kind.FLAG: 0}


@dataclass(slots=True)
class Texts:
    """Texts of a feed by code. Grows as needed."""

    table: TextTable = field(default_factory=lambda: _text_table(1 << 14, 1 << 18))

    def add(self, texts: Sequence[str]) -> Int32s:
        """Codes of some texts, int32[n]."""
        raw = [text.encode("utf-8", "replace") for text in texts]
        begin = np.zeros(len(raw) + 1, dtype=np.int64)
        np.cumsum([len(text) for text in raw], out=begin[1:])
        codes = np.empty(len(raw), dtype=np.int32)
        self._add(np.frombuffer(bytearray(b"".join(raw)), dtype=np.uint8), begin, codes)
        return codes

    def _add(self, data: NDArray[np.uint8], begin: NDArray[np.int64], codes: Int32s) -> None:
        done = 0
        while (done := kernels.add_texts(data, begin, done, self.table, codes)) < len(codes):
            self.grow()

    def grow(self) -> None:
        """Twice the room for texts and bytes."""
        old, count = self.table, self.count
        self.table = _text_table(len(old.slot) * 2, len(old.byte) * 2)
        self._add(old.byte, old.start[: count + 1].copy(), np.empty(count, dtype=np.int32))

    @property
    def count(self) -> int:
        return int(self.table.used[0])

    def strings(self, codes: NDArray[Any]) -> list[str]:
        """The texts of some codes; "" for −1."""
        low = self.table.start[codes].tolist()
        high = np.where(codes >= 0, self.table.start[codes + 1], self.table.start[codes]).tolist()
        raw = self.table.byte[: self.table.start[self.count]].tobytes()
        if raw.isascii():
            text = raw.decode("ascii")
            return [text[a:b] for a, b in zip(low, high, strict=True)]
        return [_decoded(raw[a:b]) for a, b in zip(low, high, strict=True)]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _text_table(slots: int, size: int) -> TextTable:
    return TextTable(
        slot=np.full(slots, -1, dtype=np.int32),
        digest=np.empty(slots // 2, dtype=np.int32),
        start=np.zeros(slots // 2 + 1, dtype=np.int64),
        byte=np.empty(size, dtype=np.uint8),
        used=np.zeros(1, dtype=np.int64),
        next=np.full(slots // 2, -1, dtype=np.int32),
    )


@dataclass(frozen=True, slots=True)
class Scanned:
    """A table's columns: REAL float64[rows], others int32[rows]. One that it lacks is a single value, broadcast."""

    rows: int
    columns: Mapping[str, NDArray[Any]]
    #: the columns that the table has
    present: frozenset[str]

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]


def scan_table(
    name: str,
    pieces: Iterable[bytes],
    texts: Texts,
    *,
    kinds: Mapping[str, Kind],
    required: Sequence[str] = (),
    size: int = 0,
) -> Scanned:
    """Columns of a table that comes in ``pieces``, of ``size`` bytes together (for room). Raises `DatasetRefused`."""
    scan: _Scan | None = None
    held = b""
    for piece in pieces:
        if scan is not None:
            scan.take(piece)
            continue
        held += piece
        end = min((at for at in (held.find(b"\n"), held.find(b"\r")) if at >= 0), default=-1)
        if end >= 0:
            scan = _Scan(name, held[:end], texts, kinds, size)
            scan.take(held[end + 1 :])
        elif len(held) > _LONGEST_ROW:
            raise DatasetRefused(f"{name}.txt begins with a line of more than {_LONGEST_ROW // 2**20} MiB")
    scan = scan or _Scan(name, held, texts, kinds, size)
    missing = [column for column in required if column not in scan.columns]
    if missing:
        raise DatasetRefused(f"{name}.txt lacks the column {', '.join(missing)}")
    return scan.finish()


class _Scan:
    """A table while it is scanned."""

    def __init__(self, name: str, header: bytes, texts: Texts, kinds: Mapping[str, Kind], size: int) -> None:
        self._name, self._texts, self._kinds, self._size = name, texts, kinds, size
        text = header.removeprefix(_BOM).decode("utf-8", "replace")
        try:
            names = [cell.strip() for cell in next(csv.reader([text], skipinitialspace=True), [])]
        except csv.Error as fault:
            raise DatasetRefused(f"{name}.txt has no header that can be read: {fault}") from None
        #: number of each wanted column
        self.columns = {column: names.index(column) for column in kinds if column in names}
        self._out: dict[str, NDArray[Any]] = {
            column: np.empty(0, np.float64 if kinds[column] is Kind.REAL else np.int32) for column in self.columns
        }
        self._data = self._mark = np.zeros(0, dtype=np.uint8)
        self._ends = self._row = np.zeros(0, dtype=np.int32)
        self._rows = self._left = self._seen = 0

    def take(self, piece: bytes, *, last: bool = False) -> None:
        """Scan what is left of the last piece and this one."""
        size = self._left + len(piece) + last
        self._make_space(size)
        self._data[self._left : self._left + len(piece)] = np.frombuffer(piece, dtype=np.uint8)
        if last:
            self._data[size - 1] = ord("\n")
        self._seen += len(piece)
        data, ends, row = self._data, self._ends, self._row
        quotes = kernels.mark_ends(data, size, self._mark)
        if quotes:
            cells = kernels.list_ends_quoted(data, size, ends)
        else:
            cells = kernels.list_ends(self._mark.view(np.uint64), size, ends)
        rows = kernels.list_rows(data, ends, cells, row)
        done = int(ends[row[2 * rows]]) + 1
        if quotes:
            kernels.unquote(data, ends, int(row[2 * rows]))
        self._read(rows)
        self._left = size - done
        if self._left > _LONGEST_ROW or (last and self._left):
            raise DatasetRefused(
                f"{self._name}.txt cannot be read as CSV: row {self._rows + 2} has a quote without end"
            )
        data[: self._left] = data[done:size].copy()

    def finish(self) -> Scanned:
        """The columns, once all pieces are taken."""
        self.take(b"", last=True)
        columns: dict[str, NDArray[Any]] = {
            column: np.broadcast_to(np.float64("nan") if kind is Kind.REAL else np.int32(_MISSING[kind]), self._rows)
            for column, kind in self._kinds.items()
        }
        columns |= {column: values[: self._rows] for column, values in self._out.items()}
        self._out = {}
        return Scanned(self._rows, columns, frozenset(self.columns))

    def _make_space(self, size: int) -> None:
        if size >= len(self._data):
            room = (size + 2**16) // 8 * 8
            data = np.empty(room, dtype=np.uint8)
            data[: self._left] = self._data[: self._left]
            self._data, self._mark = data, np.zeros(room, dtype=np.uint8)
            self._ends = np.full(room + 1, -1, dtype=np.int32)
            self._row = np.zeros(room + 2, dtype=np.int32)

    def _read(self, rows: int) -> None:
        """The wanted columns of a piece's rows."""
        if self._rows + rows > min((len(values) for values in self._out.values()), default=2**62):
            self._make_room(self._rows + rows)
        for column, number in self.columns.items():
            out = self._out[column][self._rows : self._rows + rows]
            kind = self._kinds[column]
            if kind is Kind.TEXT:
                done = 0
                while True:
                    done = kernels.read_texts(
                        self._data, self._ends, self._row, done, rows, number, self._texts.table, out
                    )
                    if done == rows:
                        break
                    self._texts.grow()
            else:
                _READ[kind](self._data, self._ends, self._row, rows, number, out)
        self._rows += rows

    def _make_room(self, rows: int) -> None:
        """Room for as many rows as the bytes seen so far let expect, and some more; untouched room costs nothing."""
        room = max(rows + rows // 4, int(rows * (self._size / max(self._seen, 1)) * 1.02)) + 64
        for column, values in self._out.items():
            wider = np.empty(room, dtype=values.dtype)
            wider[: self._rows] = values[: self._rows]
            self._out[column] = wider


_READ: Final[Mapping[Kind, Callable[..., None]]] = {
    Kind.TIME: kernels.read_times,
    Kind.WHOLE: kernels.read_wholes,
    Kind.REAL: kernels.read_reals,
    Kind.FLAG: kernels.read_flags,
}
