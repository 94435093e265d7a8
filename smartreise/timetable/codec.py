"""A timetable as one blob for the store, and back.

The blob is a header (schema, names, dtypes, shapes, strings) and the arrays' raw bytes, 16-byte aligned, so
that reading is a matter of views: decoded arrays share the blob's memory and are read-only. Of large arrays one that is
the same everywhere (headsigns at calls, where a feed has none) is one value, and one that equals another (arrivals and
departures of buses) is that other.
"""

from __future__ import annotations

import struct
from dataclasses import fields
from datetime import date
from mmap import mmap
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused
from smartreise.timetable.arrays import Timetable, arrays_of
from smartreise.timetable.build import SCHEMA

_MAGIC: Final = b"smartreise-timetable"
_HEAD: Final = struct.Struct("<20sIQ")
#: bytes from which an array is worth a look
_LARGE: Final = 2**20
_DERIVED: Final = ("stop_index", "route_index", "trip_index")


def encode(timetable: Timetable) -> bytes:
    """The blob of a timetable."""
    arrays = arrays_of(timetable)
    chunks: list[bytes | memoryview] = []
    plan: list[tuple[str, str, list[int], bool, int]] = []
    large: dict[str, int] = {}
    offset = 0
    for name, array in arrays.items():
        same = next((other for other in large if _are_equal(array, arrays[other])), None)
        constant = same is None and array.nbytes >= _LARGE and bool((array == array.flat[0]).all())
        plan.append((name, array.dtype.str, list(array.shape), constant, offset if same is None else large[same]))
        if same is not None:
            continue
        if array.nbytes >= _LARGE and not constant:
            large[name] = offset
        kept = array.reshape(-1)[:1] if constant else np.ascontiguousarray(array).reshape(-1)
        raw: memoryview = kept.view(np.uint8).data  # copied once, by the join
        padding = -raw.nbytes % 16
        chunks += [raw, bytes(padding)]
        offset += raw.nbytes + padding
    others = {
        field.name: getattr(timetable, field.name)
        for field in fields(timetable)
        if field.name not in arrays and field.name not in _DERIVED
    }
    header = msgspec.msgpack.encode((plan, others))
    head = _HEAD.pack(_MAGIC, SCHEMA, len(header))
    return b"".join([head, header, bytes(-(len(head) + len(header)) % 16), *chunks])


def _are_equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.dtype == other.dtype and one.shape == other.shape and bool(np.array_equal(one, other))


def decode(data: bytes | mmap) -> Timetable:
    """The timetable of a blob. Raises `DatasetRefused` for one of another schema or none at all."""
    if len(data) < _HEAD.size or data[: len(_MAGIC)] != _MAGIC:
        raise DatasetRefused("not a timetable blob")
    _, schema, length = _HEAD.unpack_from(data)
    if schema != SCHEMA:
        raise DatasetRefused(f"a timetable blob of schema {schema}, this version reads {SCHEMA}")
    try:
        plan, others = msgspec.msgpack.decode(memoryview(data)[_HEAD.size : _HEAD.size + length])
        start = _HEAD.size + length
        start += -start % 16
        arrays = {name: _view(data, start + offset, *how) for name, *how, offset in plan}
        return _restore(arrays, others)
    except (msgspec.DecodeError, ValueError, TypeError, KeyError) as fault:
        raise DatasetRefused(f"a damaged timetable blob: {fault}") from None


def _view(data: bytes | mmap, offset: int, dtype: str, shape: list[int], constant: bool) -> NDArray[Any]:
    count = 1 if constant else int(np.prod(shape, dtype=np.int64))
    found = np.frombuffer(data, dtype=np.dtype(dtype), count=count, offset=offset)
    return np.broadcast_to(found[0], shape) if constant else found.reshape(shape)


def _restore(arrays: dict[str, NDArray[Any]], others: dict[str, Any]) -> Timetable:
    values: dict[str, Any] = {**arrays}
    values |= {name: tuple(value) if isinstance(value, list) else value for name, value in others.items()}
    values["first_day"] = date.fromisoformat(values["first_day"])
    for name in _DERIVED:
        values[name] = {key: number for number, key in enumerate(values[name.replace("_index", "_id")])}
    return Timetable(**values)
