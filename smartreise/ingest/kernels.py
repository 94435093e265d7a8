"""CSV bytes to columns of numbers: the compiled loops behind `ingest.gtfs_scan`. They also run uncompiled.

A piece of a file is scanned in two steps. First where its cells end (`mark_ends`, `list_ends`, `list_rows`); then each
wanted column on its own: times, whole numbers, decimals, or texts, each kept once and known by its code. What a reader
would get wrong: cell ``k`` lies between the delimiters ``ends[k]`` and ``ends[k + 1]``, quotes and doubled quotes are
blanks by then (`unquote`), and a row that the piece cuts off is scanned again with the next one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

#: what a cell is that is blank or means nothing
BLANK_TIME, BAD_TIME, BAD_WHOLE, NO_TEXT = -1, -2, -1, -1

_COMMA: Final = 44
_QUOTE: Final = 34
_NEWLINE: Final = 10
_RETURN: Final = 13
_SPACE: Final = 32
_POINT: Final = 46
_COLON: Final = 58
_ZERO: Final = 48
_ONE: Final = np.uint64(1)

UInt8s = NDArray[np.uint8]
UInt64s = NDArray[np.uint64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]


class TextTable(NamedTuple):
    """Texts by code, each kept once; an open-addressing table finds the code of one."""

    slot: Int32s  # int32[2 ** k] code or −1
    digest: Int32s  # int32[n] by code: some bits of its hash, so that unequal texts are seldom compared
    start: Int64s  # int64[n + 1] first byte of each code's text
    byte: UInt8s  # uint8[≥ start of the next code]
    used: Int64s  # int64[1] codes given
    next: Int32s  # int32[n] by code: the one that was last seen in the row below, a guess at what comes


@njit(cache=True, nogil=True)
def mark_ends(data: UInt8s, size: int, mark: UInt8s) -> bool:
    """``mark[i]`` 1 where ``data[i]`` may end a cell; is there a quote? (No branch: compiles to vector code.)"""
    quotes = np.uint8(0)
    for i in range(size):
        c = data[i]
        mark[i] = np.uint8(c == _COMMA) | np.uint8(c == _NEWLINE) | np.uint8(c == _RETURN)
        quotes |= np.uint8(c == _QUOTE)
    return bool(quotes)


@njit(cache=True, nogil=True)
def list_ends(words: UInt64s, size: int, ends: Int32s) -> int:
    """Positions < ``size`` of the marks, eight bytes at a time, from ``ends[1]`` on; returns how many."""
    count = 0
    for w in range((size + 7) // 8):
        word = words[w]
        while word:
            low = word & (~word + _ONE)
            word ^= low
            at = w * 8 + _lowest_byte(low)
            if at < size:
                count += 1
                ends[count] = at
    return count


@njit(cache=True, nogil=True)
def _lowest_byte(bit: np.uint64) -> int:
    """In which byte of a word its only bit is."""
    high = 4 if bit >> np.uint64(32) else 0
    rest = bit >> np.uint64(8 * high)
    high += 2 if rest >> np.uint64(16) else 0
    return high + (1 if bit >> np.uint64(8 * high + 8) else 0)


@njit(cache=True, nogil=True)
def list_ends_quoted(data: UInt8s, size: int, ends: Int32s) -> int:
    """As `list_ends` where there are quotes: what stands within them ends nothing."""
    count, inside, begins = 0, False, True
    for i in range(size):
        c = data[i]
        if inside:
            inside = c != _QUOTE
        elif c == _QUOTE and (begins or (i and data[i - 1] == _QUOTE)):
            inside = True  # the second time: the closing quote was the first of a pair
            begins = False
        elif c in (_COMMA, _NEWLINE, _RETURN):
            count += 1
            ends[count] = i
            begins = True
        elif c > _SPACE:
            begins = False
    return count


@njit(cache=True, nogil=True)
def list_rows(data: UInt8s, ends: Int32s, cells: int, row: Int32s) -> int:
    """``row[2 r]`` the first cell of row r, ``row[2 r + 1]`` the one behind its last; returns how many rows there are,
    and leaves at ``row[2 rows]`` the first cell that is in none.

    A row ends at a line feed, a carriage return or both; empty lines are left out.
    """
    rows, first = 0, 0
    for k in range(cells):
        at = ends[k + 1]
        if data[at] == _COMMA:
            continue
        a, b = trimmed(data, ends, k)
        if k > first or b > a:
            row[2 * rows] = first
            row[2 * rows + 1] = k + 1
            rows += 1
        first = k + 1
    row[2 * rows] = first
    return rows


@njit(cache=True, nogil=True)
def unquote(data: UInt8s, ends: Int32s, cells: int) -> None:
    """Overwrite quotes of quoted cells with blanks, and close up doubled ones, in place."""
    for k in range(cells):
        a, b = trimmed(data, ends, k)
        if a == b or data[a] != _QUOTE:
            continue
        data[a] = _SPACE
        write, i = a + 1, a + 1
        while i < b:
            if data[i] == _QUOTE:
                i += 1
                if i == b or data[i] != _QUOTE:
                    continue
            data[write] = data[i]
            write += 1
            i += 1
        for j in range(write, b):
            data[j] = _SPACE


@njit(cache=True, nogil=True)
def trimmed(data: UInt8s, ends: Int32s, k: int) -> tuple[int, int]:
    """Bounds of a cell without blanks around it."""
    a, b = ends[k] + 1, ends[k + 1]
    while b > a and data[b - 1] <= _SPACE:
        b -= 1
    while a < b and data[a] <= _SPACE:
        a += 1
    return a, b


@njit(cache=True, nogil=True)
def read_times(data: UInt8s, ends: Int32s, row: Int32s, rows: int, column: int, out: Int32s) -> None:
    """Seconds of H:MM:SS with up to three digits of hours; BLANK_TIME, BAD_TIME."""
    for r in range(rows):
        k = row[2 * r] + column
        out[r] = BLANK_TIME
        if k < row[2 * r + 1]:
            a, b = trimmed(data, ends, k)
            out[r] = time_of(data, a, b)


@njit(cache=True, nogil=True)
def time_of(data: UInt8s, a: int, b: int) -> int:
    """One time, see `read_times`."""
    if a == b:
        return BLANK_TIME
    part, value, digits, total = 0, 0, 0, 0
    for i in range(a, b + 1):
        digit = int(data[i]) - _ZERO if i < b else 10
        if 0 <= digit <= 9:
            value = value * 10 + digit
            digits += 1
            continue
        if i < b and data[i] != _COLON:
            return BAD_TIME
        if digits == 0 or digits > (3 if part == 0 else 2) or part > 2 or (part > 0 and value > 59):
            return BAD_TIME
        total = total * 60 + value
        part, value, digits = part + 1, 0, 0
    return total if part == 3 else BAD_TIME


@njit(cache=True, nogil=True)
def read_wholes(data: UInt8s, ends: Int32s, row: Int32s, rows: int, column: int, out: Int32s) -> None:
    """Whole numbers of at most nine digits, "12" or "12.0"; BAD_WHOLE for a blank or anything else."""
    for r in range(rows):
        k = row[2 * r] + column
        out[r] = BAD_WHOLE
        if k < row[2 * r + 1]:
            a, b = trimmed(data, ends, k)
            out[r] = whole_of(data, a, b)


@njit(cache=True, nogil=True)
def whole_of(data: UInt8s, a: int, b: int) -> int:
    """One whole number, see `read_wholes`."""
    value, i = 0, a
    while i < b and _ZERO <= data[i] <= _ZERO + 9:
        value = value * 10 + int(data[i]) - _ZERO
        i += 1
    if i == a or i - a > 9 or (i < b and data[i] != _POINT):
        return BAD_WHOLE
    for j in range(i + 1, b):
        if data[j] != _ZERO:
            return BAD_WHOLE
    return value


@njit(cache=True, nogil=True)
def read_reals(data: UInt8s, ends: Int32s, row: Int32s, rows: int, column: int, out: Float64s) -> None:
    """Decimal numbers, NaN for a blank or anything else."""
    for r in range(rows):
        k = row[2 * r] + column
        out[r] = np.nan
        if k < row[2 * r + 1]:
            a, b = trimmed(data, ends, k)
            out[r] = real_of(data, a, b)


@njit(cache=True, nogil=True)
def real_of(data: UInt8s, a: int, b: int) -> float:
    """One decimal number, exponent allowed, exact to the last bit but one."""
    negative = a < b and data[a] == 45
    i = a + 1 if a < b and (negative or data[a] == 43) else a
    mantissa, digits, scale, pointed = 0, 0, 0, False
    while i < b:
        digit = int(data[i]) - _ZERO
        if 0 <= digit <= 9:
            if digits < 18:
                mantissa = mantissa * 10 + digit
                scale -= 1 if pointed else 0
            elif not pointed:
                scale += 1
            digits += 1
        elif data[i] == _POINT and not pointed:
            pointed = True
        else:
            break
        i += 1
    if digits == 0:
        return np.nan
    if i < b:
        down = i + 1 < b and data[i + 1] == 45
        begin = i + 2 if down or (i + 1 < b and data[i + 1] == 43) else i + 1
        power = whole_of(data, begin, b)
        if (data[i] | 32) != 101 or power == BAD_WHOLE or power > 300:
            return np.nan
        scale += -power if down else power
    value = mantissa / 10.0**-scale if -22 <= scale < 0 else mantissa * 10.0**scale
    return -value if negative else value


@njit(cache=True, nogil=True)
def read_flags(data: UInt8s, ends: Int32s, row: Int32s, rows: int, column: int, out: Int32s) -> None:
    """1 where a cell is not blank."""
    for r in range(rows):
        k = row[2 * r] + column
        out[r] = 0
        if k < row[2 * r + 1]:
            a, b = trimmed(data, ends, k)
            out[r] = 1 if b > a else 0


@njit(cache=True, nogil=True)
def read_texts(
    data: UInt8s, ends: Int32s, row: Int32s, first: int, rows: int, column: int, texts: TextTable, out: Int32s
) -> int:
    """Codes of texts, NO_TEXT for a blank, from row ``first`` on; returns the row it got to: there `texts` is full.

    Mostly a text is that of the row above, or what followed it the last time: these are tried first.
    """
    above = -1
    for r in range(first, rows):
        k = row[2 * r] + column
        out[r] = NO_TEXT
        if k >= row[2 * r + 1]:
            continue
        a, b = trimmed(data, ends, k)
        if a == b:
            continue
        code = above
        if above < 0 or not is_text(data, a, b, texts.start, texts.byte, above):
            code = texts.next[above]
            if code < 0 or not is_text(data, a, b, texts.start, texts.byte, code):
                code = find_or_add(data, a, b, texts.slot, texts.digest, texts.start, texts.byte, texts.used)
                if code < 0:
                    return r
                texts.next[above] = code  # of nothing (−1) it is the last one's: a guess may be wrong
        out[r] = above = code
    return rows


@njit(cache=True, nogil=True)
def is_text(data: UInt8s, a: int, b: int, start: Int64s, byte: UInt8s, code: int) -> bool:
    """Is ``data[a:b]`` the text of this code? From the end, where ids differ."""
    begin = start[code]
    if start[code + 1] - begin != b - a:
        return False
    for i in range(b - a - 1, -1, -1):  # noqa: SIM110 (compiled)
        if byte[begin + i] != data[a + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def find_or_add(
    data: UInt8s, a: int, b: int, slot: Int32s, digest: Int32s, start: Int64s, byte: UInt8s, used: Int64s
) -> int:
    """Code of the text ``data[a:b]``, added if new; −1 where there is no room for it."""
    hashed = 2166136261
    for i in range(a, b):
        hashed = ((hashed ^ int(data[i])) * 16777619) & 0xFFFFFFFF  # FNV-1a
    bits = np.int32(hashed >> 1)
    mask = len(slot) - 1
    place = (hashed ^ (hashed >> 15)) & mask
    while slot[place] >= 0:
        code = slot[place]
        if digest[code] == bits and is_text(data, a, b, start, byte, code):
            return int(code)
        place = (place + 1) & mask
    code = used[0]
    if code == len(digest) or start[code] + b - a > len(byte):
        return -1
    for i in range(b - a):
        byte[start[code] + i] = data[a + i]
    slot[place] = code
    digest[code] = bits
    start[code + 1] = start[code] + b - a
    used[0] = code + 1
    return int(code)


@njit(cache=True, nogil=True)
def add_texts(data: UInt8s, begin: Int64s, first: int, texts: TextTable, out: Int32s) -> int:
    """Codes of the texts ``data[begin[i]:begin[i + 1]]`` from ``first`` on; returns how far it got, as `read_texts`."""
    for i in range(first, len(out)):
        code = find_or_add(data, begin[i], begin[i + 1], texts.slot, texts.digest, texts.start, texts.byte, texts.used)
        if code < 0:
            return i
        out[i] = code
    return len(out)


@njit(cache=True, nogil=True)
def judge_calls(
    flex: UInt8s, trip: Int32s, stop: Int32s, sequence: Int32s, arrive: Int32s, depart: Int32s, reason: UInt8s
) -> bool:
    """Why each row of stop_times cannot be used, 0 if it can; are all usable and in order?

    1 flex, 2 unknown trip, 3 unknown stop, 4 no sequence, 5 a time that is none.
    """
    in_order = True
    for i in range(len(trip)):
        if flex[i]:
            reason[i] = 1
        elif trip[i] < 0:
            reason[i] = 2
        elif stop[i] < 0:
            reason[i] = 3
        elif sequence[i] < 0:
            reason[i] = 4
        elif arrive[i] == BAD_TIME or depart[i] == BAD_TIME:
            reason[i] = 5
        if reason[i] or (i and (trip[i] < trip[i - 1] or (trip[i] == trip[i - 1] and sequence[i] <= sequence[i - 1]))):
            in_order = False
    return in_order


@njit(cache=True, nogil=True)
def order_calls(trip: Int32s, sequence: Int32s, reason: UInt8s, trips: int) -> Int32s:
    """Rows without a ``reason``, by (trip, sequence); a row that repeats both is left out, for reason 6."""
    place = np.zeros(trips + 1, dtype=np.int32)
    for i in range(len(trip)):
        if reason[i] == 0:
            place[trip[i] + 1] += 1
    for t in range(trips):
        place[t + 1] += place[t]
    order = np.empty(place[trips], dtype=np.int32)
    fill = place[:-1].copy()
    for i in range(len(trip)):
        if reason[i] == 0:
            order[fill[trip[i]]] = i
            fill[trip[i]] += 1
    for t in range(trips):
        rows = order[place[t] : place[t + 1]]
        for k in range(1, len(rows)):
            if sequence[rows[k]] < sequence[rows[k - 1]]:
                rows[:] = rows[np.argsort(sequence[rows], kind="mergesort")]
                break
    kept = 0
    for k in range(len(order)):
        i = order[k]
        if kept and trip[order[kept - 1]] == trip[i] and sequence[order[kept - 1]] == sequence[i]:
            reason[i] = 6
            continue
        order[kept] = i
        kept += 1
    return order[:kept].copy()
