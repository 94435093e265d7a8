"""The compiled loops from ids, as they stand in a message's bytes, to indices of the timetable.

A hash only says where to look; the ids' bytes decide. All of it also runs uncompiled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
UInt8s = NDArray[np.uint8]

#: stop indices of an update that names no stop, and of one whose stop the timetable lacks
NO_STOP, UNKNOWN_STOP = -1, -2


class Ids(NamedTuple):
    """A hash table of ids: open addressing over their UTF-8 bytes, which decide, so there are no false hits."""

    text: UInt8s  # uint8[B] all ids one after another
    start: Int32s  # int32[n + 1]
    slots: Int32s  # int32[2^k] index, −1 empty


@njit(cache=True, nogil=True)
def mix(text: UInt8s, at: int, end: int) -> Any:
    """A number under 2^32 that spreads words: FNV-1a, four bytes at a time, in numbers that do not overflow."""
    mixed = np.int64(0x811C9DC5)
    while end - at >= 4:
        word = text[at] | np.int64(text[at + 1]) << 8 | np.int64(text[at + 2]) << 16 | np.int64(text[at + 3]) << 24
        mixed = ((mixed ^ word) * 0x01000193) & 0xFFFFFFFF
        at += 4
    while at < end:
        mixed = ((mixed ^ text[at]) * 0x01000193) & 0xFFFFFFFF
        at += 1
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    return mixed ^ (mixed >> 13)


@njit(cache=True, nogil=True)
def is_equal(one: UInt8s, at: int, other: UInt8s, there: int, length: int) -> bool:
    """Do two words of one length agree?"""
    for i in range(length):  # noqa: SIM110 — compiled
        if one[at + i] != other[there + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def fill_slots(text: UInt8s, start: Int32s, slots: Int32s) -> None:
    """Put n ids into the table; of equal ones the last counts. An empty one is left out."""
    mask = len(slots) - 1
    for number in range(len(start) - 1):
        first, length = start[number], start[number + 1] - start[number]
        if length == 0:
            continue
        slot = mix(text, first, first + length) & mask
        while slots[slot] >= 0:
            other = slots[slot]
            if start[other + 1] - start[other] == length and is_equal(text, start[other], text, first, length):
                break
            slot = (slot + 1) & mask
        slots[slot] = number


@njit(cache=True, nogil=True)
def find_ids(ids: Ids, text: UInt8s, spans: Int32s, found: Int32s) -> None:
    """Indices of the ids that stand at ``spans`` int32[n, 2] of ``text``; NO_STOP for an empty span, UNKNOWN_STOP for
    an id that is not in the table."""
    id_text, start, slots = ids.text, ids.start, ids.slots
    mask = len(slots) - 1
    for row in range(len(spans)):
        first, end = spans[row, 0], spans[row, 1]
        if first == end:
            found[row] = NO_STOP
            continue
        found[row] = UNKNOWN_STOP
        slot = mix(text, first, end) & mask
        while slots[slot] >= 0:
            number = slots[slot]
            length = start[number + 1] - start[number]
            if length == end - first and is_equal(id_text, start[number], text, first, length):
                found[row] = number
                break
            slot = (slot + 1) & mask
