"""A timetable as one blob for the store, and back.

The blob is a header (schema, names, dtypes, shapes, strings) and the arrays' raw bytes, 16-byte aligned, so
that reading is a matter of views: decoded arrays share the blob's memory and are read-only.
"""

from __future__ import annotations

import struct
from dataclasses import fields
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused
from smartreise.timetable.arrays import Timetable, arrays_of
from smartreise.timetable.build import SCHEMA

_MAGIC: Final = b"smartreise-timetable"
_HEAD: Final = struct.Struct("<20sIQ")
_DERIVED: Final = ("stop_index", "route_index", "trip_index")


def encode(timetable: Timetable) -> bytes:
    """The blob of a timetable."""
    arrays = arrays_of(timetable)
    plan, chunks, offset = [], [], 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        plan.append((name, array.dtype.str, list(array.shape), offset))
        padding = -len(raw) % 16
        chunks.append(raw + bytes(padding))
        offset += len(raw) + padding
    others = {
        field.name: getattr(timetable, field.name)
        for field in fields(timetable)
        if field.name not in arrays and field.name not in _DERIVED
    }
    header = msgspec.msgpack.encode((plan, others))
    head = _HEAD.pack(_MAGIC, SCHEMA, len(header))
    return head + header + bytes(-(len(head) + len(header)) % 16) + b"".join(chunks)


def decode(data: bytes) -> Timetable:
    """The timetable of a blob. Raises `DatasetRefused` for one of another schema or none at all."""
    if len(data) < _HEAD.size or not data.startswith(_MAGIC):
        raise DatasetRefused("not a timetable blob")
    _, schema, length = _HEAD.unpack_from(data)
    if schema != SCHEMA:
        raise DatasetRefused(f"a timetable blob of schema {schema}, this version reads {SCHEMA}")
    try:
        plan, others = msgspec.msgpack.decode(memoryview(data)[_HEAD.size : _HEAD.size + length])
        start = _HEAD.size + length
        start += -start % 16
        arrays = {name: _view(data, start + offset, dtype, shape) for name, dtype, shape, offset in plan}
        return _restore(arrays, others)
    except (msgspec.DecodeError, ValueError, TypeError, KeyError) as fault:
        raise DatasetRefused(f"a damaged timetable blob: {fault}") from None


def _view(data: bytes, offset: int, dtype: str, shape: list[int]) -> NDArray[Any]:
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(data, dtype=np.dtype(dtype), count=count, offset=offset).reshape(shape)


def _restore(arrays: dict[str, NDArray[Any]], others: dict[str, Any]) -> Timetable:
    values: dict[str, Any] = {**arrays}
    values |= {name: tuple(value) if isinstance(value, list) else value for name, value in others.items()}
    values["first_day"] = date.fromisoformat(values["first_day"])
    for name in _DERIVED:
        values[name] = {key: number for number, key in enumerate(values[name.replace("_index", "_id")])}
    return Timetable(**values)
