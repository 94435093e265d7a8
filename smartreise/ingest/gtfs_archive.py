"""Opens a GTFS zip from outside: decides whether it is one, and bounds what it may unpack to.

A zip is untrusted: names with `../`, encryption and bombs are refused whole, before anything is read.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from isal import igzip_lib, isal_zlib

from smartreise.model.problems import DatasetRefused

#: unpacked size of all files together, and of one file against its packed size
MAX_UNPACKED: Final = 4 * 2**30
MAX_RATIO: Final = 500
SMALL: Final = 2**20

#: a large table is unpacked in pieces of this size, which fit a processor's cache
PIECE: Final = 2**20
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")

#: what zipfile raises over damaged archives: offsets before the file, cut structures, methods that nobody knows
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, lzma.LZMAError, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),
)

REQUIRED: Final = ("agency", "stops", "routes", "trips", "stop_times")


class GtfsArchive:
    """A zip that looks like GTFS. `read` gives a table's bytes, b"" where the feed lacks it."""

    def __init__(self, data: bytes) -> None:
        if not data:
            raise DatasetRefused("the file is empty")
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise DatasetRefused(f"not a zip file: it begins with {_beginning(data)}") from None
        entries = self._zip.infolist()
        _refuse_unsafe(entries)
        self._entries = {e.filename: e for e in entries if not e.is_dir()}
        if not self._entries:
            raise DatasetRefused("the zip holds no files")
        missing = [name for name in REQUIRED if f"{name}.txt" not in self._entries]
        if missing:
            raise DatasetRefused(_why_missing(missing, list(self._entries)))
        if not {"calendar.txt", "calendar_dates.txt"} & set(self._entries):
            raise DatasetRefused("the zip lacks both calendar.txt and calendar_dates.txt")

    def areas(self) -> int:
        """How many areas locations.geojson has, where flex services call."""
        return 0 if "locations.geojson" not in self._entries else self._read("locations.geojson").count(b'"Feature"')

    def read(self, table: str) -> bytes:
        """Bytes of one table. Raises `DatasetRefused` when they cannot be unpacked."""
        return self._read(f"{table}.txt") if f"{table}.txt" in self._entries else b""

    def _read(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            with self._zip.open(entry) as file:
                data = file.read(entry.file_size + 1)
        except _DAMAGE as fault:
            raise DatasetRefused(f"{name} cannot be unpacked: {fault}") from None
        if len(data) > entry.file_size:
            raise DatasetRefused(f"{name} is larger than the zip says")
        return data

    def size(self, table: str) -> int:
        """Unpacked bytes of a table, 0 where the feed lacks it."""
        entry = self._entries.get(f"{table}.txt")
        return 0 if entry is None else entry.file_size

    def pieces(self, table: str) -> Iterator[bytes]:
        """A table's bytes piece by piece, the next one unpacked in a thread while one is looked at. Raises
        `DatasetRefused` when they cannot be unpacked."""
        entry = self._entries.get(f"{table}.txt")
        if entry is None:
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED or entry.file_size < PIECE:
            yield self.read(table)
            return
        with ThreadPoolExecutor(1) as pool:
            pieces = self._inflate(table, entry)
            coming = pool.submit(next, pieces, None)
            while (piece := coming.result()) is not None:
                coming = pool.submit(next, pieces, None)
                yield piece

    def _inflate(self, table: str, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """As `zipfile` does it, with a quicker library; size and checksum must be those that the zip states."""
        packed = self._packed(table, entry)
        inflator = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_DEFLATE)
        at = size = checksum = 0
        try:
            while not inflator.eof and (at < len(packed) or not inflator.needs_input):
                source = packed[at : at + 2**16] if inflator.needs_input else b""
                at += len(source)
                piece = inflator.decompress(source, PIECE)
                size, checksum = size + len(piece), isal_zlib.crc32(piece, checksum)
                if size > entry.file_size:
                    break
                if piece:
                    yield piece
        except isal_zlib.error as fault:  # type: ignore[misc]
            raise DatasetRefused(f"{table}.txt cannot be unpacked: {fault}") from None
        if size > entry.file_size:
            raise DatasetRefused(f"{table}.txt is larger than the zip says")
        if size < entry.file_size or checksum != entry.CRC:
            raise DatasetRefused(f"{table}.txt cannot be unpacked: its size or checksum is not what the zip says")

    def _packed(self, table: str, entry: zipfile.ZipInfo) -> memoryview:
        head = self._data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(head) == _LOCAL_HEADER.size:
            signature, name, extra = _LOCAL_HEADER.unpack(head)
            begin = entry.header_offset + _LOCAL_HEADER.size + name + extra
            if signature == b"PK\x03\x04" and begin + entry.compress_size <= len(self._data):
                return memoryview(self._data)[begin : begin + entry.compress_size]
        raise DatasetRefused(f"{table}.txt cannot be unpacked: the zip is damaged")


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if not name or name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise DatasetRefused(f"the zip holds an unsafe name: {entry.filename[:80]!r}")
        if entry.flag_bits & 1:
            raise DatasetRefused("the zip is encrypted")
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise DatasetRefused(f"{entry.filename[:80]} expands more than {MAX_RATIO} times")
        unpacked += entry.file_size
    if unpacked > MAX_UNPACKED:
        raise DatasetRefused(f"the zip expands to {unpacked // 2**20} MiB, more than {MAX_UNPACKED // 2**20}")


def _why_missing(missing: list[str], names: list[str]) -> str:
    nested = sorted({name.rsplit("/", 1)[0] for name in names if name.endswith("/stops.txt")})
    if nested and len(missing) == len(REQUIRED):
        return f"the feed is in a sub-folder ({nested[0]}), not at the top of the zip"
    if len(missing) == len(REQUIRED):
        inner = [name for name in names if name.lower().endswith(".zip")]
        return f"the zip holds another zip ({inner[0]}), not tables" if inner else "the zip holds no GTFS tables"
    return "the zip lacks " + ", ".join(f"{name}.txt" for name in missing)


def _beginning(data: bytes) -> str:
    head = data[:24].lstrip()
    return "HTML" if head[:1] == b"<" else repr(head[:12])
