"""Keeps what a process holds in memory near to what it needs.

A blob of a large timetable is mostly days and columns that nobody asks for: mapped from a file without a name, the
system reads in the pages that are used and may drop them again. What a reader would get wrong: freed memory stays with
the process until the allocator is told to give it back.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
import tempfile
from typing import Final

#: bytes written at once. Linux keeps what is written together in one piece, and since 6.18 maps all of a piece at the
#: first touch of any of it: of a file written at once two megabytes for each call that is looked up
_PIECE: Final = 1 << 16


def mapped(data: bytes) -> mmap.mmap:
    """The same bytes, read-only, in a file that goes when they go."""
    with tempfile.TemporaryFile(prefix="smartreise-", buffering=0) as file:
        written = 0
        while written < len(data):
            written += file.write(memoryview(data)[written : written + _PIECE])
        found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hasattr(mmap, "MADV_RANDOM"):
        found.madvise(mmap.MADV_RANDOM)  # a page that is used brings no neighbours
    return found


def let_go(mapping: mmap.mmap) -> None:
    """Drop the pages of a mapped file that were used: those that are needed again come back by themselves."""
    if hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)


def give_back_memory() -> None:
    """Return what was freed to the system, where the C library can (glibc)."""
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "malloc_trim"):
            library.malloc_trim(0)
