"""A scanner of the wire format of GTFS-realtime: trip updates from a message's bytes into columns.

It reads what is ordinary and says ODD of all else; an odd entity is protobuf's. What a reader would get wrong: it must
judge like protobuf, so a field is walked through although nobody reads it, the last of several values counts, and what
protobuf would merge, drop or refuse (a sub-message given twice, an unknown value of an enumeration, groups, text cut
short) is ODD rather than understood here.

Positions are bytes in ``data`` uint8[B]; a position −1 means trouble. Plain functions over arrays; all also run
uncompiled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from smartreise.live.id_kernels import is_equal, mix
from smartreise.live.updates import ARRIVAL, ARRIVAL_TIME, Said, Updates

Bytes = NDArray[np.uint8]
Int32s = NDArray[np.int32]
#: what a stop update is, and the values of its columns
StopFound = tuple[int, int, int, int, int, int, int, int, int, int, int]

#: what an entity is
FAST, ODD, GONE, NO_TRIP, ABSURD, OTHER = 0, 1, 2, 3, 4, 5
#: wire types
VARINT, FIXED64, SPAN, FIXED32 = 0, 1, 2, 5
#: fields of a stop update that protobuf merges where they come twice: arrival and departure
TWICE_ODD = 1 << 2 | 1 << 3


@njit(cache=True, nogil=True)
def varint(data: Bytes, at: int, end: int) -> Any:
    """A number, its 64 bits as int64, and the position behind it."""
    if at < end and data[at] < 0x80:
        return np.int64(data[at]), at + 1
    value, shift = np.int64(0), 0
    while at < end and shift < 63:
        byte = np.int64(data[at])
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    if at < end and data[at] <= 1:  # the tenth byte holds the last bit
        return value | np.int64(data[at]) << 63, at + 1
    return 0, -1


@njit(cache=True, nogil=True)
def key(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Field number, wire type and the position behind them; field 0 in trouble."""
    number, behind = varint(data, at, end)
    if behind < 0 or behind - at > 5 or number < 8 or number > 0xFFFFFFFF:
        return 0, 0, -1
    return number >> 3, number & 7, behind


@njit(cache=True, nogil=True)
def span(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Start and end of what a length stands before, (−1, −1) in trouble."""
    length, start = varint(data, at, end)
    if start < 0 or length < 0 or length > end - start:
        return -1, -1
    return start, start + length


@njit(cache=True, nogil=True)
def skip(data: Bytes, at: int, end: int, wire: int) -> int:
    """The position behind a value that nobody reads. Groups are trouble."""
    if wire == VARINT:
        behind: int = varint(data, at, end)[1]
        return behind
    if wire == SPAN:
        return span(data, at, end)[1]
    size = 8 if wire == FIXED64 else 4 if wire == FIXED32 else end - at + 1
    return at + size if at + size <= end else -1


@njit(cache=True, nogil=True)
def is_sound(data: Bytes, at: int, end: int) -> bool:
    """May a sub-message be walked through, to its very end?"""
    while 0 <= at < end:
        _, wire, at = key(data, at, end)
        if at >= 0:
            at = skip(data, at, end, wire)
    return at == end


@njit(cache=True, nogil=True)
def list_entities(data: Bytes) -> tuple[Int32s, int, int]:
    """Spans int32[n, 2] of the entities and the span of the header, (−1, −1) if the message is odd as a whole."""
    spans = np.empty((0, 2), np.int32)
    start, stop = -1, -1
    for is_filling in (False, True):
        at, count, headers = 0, 0, 0
        while at < len(data):
            number, wire, at = key(data, at, len(data))
            if at < 0 or (number <= 2 and wire != SPAN):
                return spans, -1, -1
            if number > 2:
                at = skip(data, at, len(data), wire)
            else:
                first, at = span(data, at, len(data))
                if number == 2:
                    if is_filling:
                        spans[count, 0], spans[count, 1] = first, at
                    count += 1
                else:
                    headers += 1
                    start, stop = first, at
            if at < 0:
                return spans, -1, -1
        if headers != 1:
            return spans, -1, -1
        if not is_filling:
            spans = np.empty((count, 2), np.int32)
    return spans, start, stop


@njit(cache=True, nogil=True)
def count_said(data: Bytes, spans: Int32s) -> int:
    """How many stop updates there are at most: room to make."""
    count = 0
    for row in range(len(spans)):
        at, end = spans[row, 0], spans[row, 1]
        while 0 <= at < end:
            number, wire, at = key(data, at, end)
            if at < 0 or number != 3 or wire != SPAN:
                at = skip(data, at, end, wire) if at >= 0 else -1
                continue
            inner, at = span(data, at, end)
            while 0 <= inner < at:
                number, wire, inner = key(data, inner, at)
                if inner >= 0:
                    count += number == 2
                    inner = skip(data, inner, at, wire)
    return count


@njit(cache=True, nogil=True)
def scan(data: Bytes, spans: Int32s, about: int, absurd_s: int, into: Updates, state: Bytes, ids: Int32s) -> Any:
    """Write the ordinary updates of the entities ``spans``; tell of each entity what it is in ``state`` uint8[n] and
    its id's span in ``ids`` int32[n, 2]. Returns how many updates and stop updates were written."""
    row: Any = np.int64(0)
    said: Any = np.int64(0)
    into.said_start[0] = 0
    for number in range(len(spans)):
        start: Any = np.int64(spans[number, 0])
        end: Any = np.int64(spans[number, 1])
        found, behind = scan_entity(data, start, end, row, said, about, absurd_s, into, ids[number])
        state[number] = found
        if found == FAST:
            into.entity[row, 0], into.entity[row, 1] = spans[number, 0], spans[number, 1]
            into.order[row] = number
            row, said = row + 1, behind
            into.said_start[row] = said
    return row, said


@njit(cache=True, nogil=True)
def scan_entity(
    data: Bytes, at: int, end: int, row: int, said: int, about: int, absurd_s: int, into: Updates, name: Int32s
) -> tuple[int, int]:
    """What an entity is, and the number of stop updates behind its own. ``name`` int32[2] gets the span of its id."""
    found, is_gone, is_other, behind = -1, False, False, said
    name[0], name[1] = 0, 0
    while at < end:
        number, wire, at = key(data, at, end)
        if at < 0:
            return ODD, said
        if number > 8:
            at = skip(data, at, end, wire)
        elif number == 2 and wire == VARINT:
            value, at = varint(data, at, end)
            is_gone = value != 0
        elif number != 2 and wire == SPAN:
            start, at = span(data, at, end)
            if at < 0:
                return ODD, said
            if number == 1:
                name[0], name[1] = start, at
            elif number > 3:
                is_other = True
            elif found >= 0:
                return ODD, said  # given twice: protobuf merges them
            else:
                found, behind = scan_update(data, start, at, row, said, about, absurd_s, into)
        else:
            return ODD, said
        if at < 0:
            return ODD, said
    if found == ODD or (is_other and (is_gone or found >= 0)):
        return ODD, said
    if is_gone:
        return GONE, said
    return (OTHER, said) if found < 0 else (found, behind)


@njit(cache=True, nogil=True)
def scan_update(
    data: Bytes, at: int, end: int, row: int, said: int, about: int, absurd_s: int, into: Updates
) -> tuple[int, int]:
    """A trip update: FAST, ODD, NO_TRIP or ABSURD, and the number of stop updates behind its own."""
    named, is_absurd, has_trip = NO_TRIP, False, False
    into.delayed[row] = 0
    while at < end:
        number, wire, at = key(data, at, end)
        if at < 0 or (number <= 6 and wire != (VARINT if number == 4 or number == 5 else SPAN)):
            return ODD, said
        if number == 4 or number == 5 or number > 6:
            into.delayed[row] |= number == 5
            at = skip(data, at, end, wire)
            if at < 0:
                return ODD, said
            continue
        start, at = span(data, at, end)
        if at < 0:
            return ODD, said
        if number == 2:
            if said >= len(into.said.kind):
                return ODD, said
            found = scan_stop(data, start, at, about, absurd_s)
            if found[0] == ODD:
                return ODD, said
            is_absurd |= found[0] == ABSURD
            write_stop(into.said, said, found)
            said += 1
        elif number == 1:
            named = ODD if has_trip else scan_descriptor(data, start, at, row, into)
            has_trip = True
        elif (number == 6 and at > start) or not is_sound(data, start, at):
            return ODD, said
        if named == ODD:
            return ODD, said
    return (ABSURD if named == FAST and is_absurd else named), said


@njit(cache=True, nogil=True, inline="always")
def write_stop(said: Said, row: int, found: StopFound) -> None:
    """A row of `Said` from what `scan_stop` found."""
    said.sequence[row] = found[1]
    said.stop[row, 0], said.stop[row, 1] = found[2], found[3]
    said.assigned[row, 0], said.assigned[row, 1] = found[4], found[5]
    said.kind[row], said.events[row] = found[6], found[7]
    said.arrive[row], said.depart[row] = found[8], found[9]
    said.occupancy[row] = found[10]


@njit(cache=True, nogil=True)
def scan_descriptor(data: Bytes, at: int, end: int, row: int, into: Updates) -> int:
    """A trip descriptor: FAST, ODD or NO_TRIP."""
    day, has_route = np.int32(-1), False
    into.kind[row] = 0
    into.trip[row, 0] = into.trip[row, 1] = into.start_time[row, 0] = into.start_time[row, 1] = 0
    while at < end:
        number, wire, at = key(data, at, end)
        if at < 0 or (number <= 7 and wire != (VARINT if number == 4 or number == 6 else SPAN)) or number == 7:
            return ODD
        if number == 4:
            value, at = varint(data, at, end)
            if at < 0 or (value != 0 and value != 3 and value != 7):
                return ODD
            into.kind[row] = value
        elif number == 6 or number > 7:
            at = skip(data, at, end, wire)
        else:
            start, at = span(data, at, end)
            if at < 0:
                return ODD
            if number == 1:
                into.trip[row, 0], into.trip[row, 1] = start, at
            elif number == 2:
                into.start_time[row, 0], into.start_time[row, 1] = start, at
            elif number == 3:
                day = read_day(data, start, at)
            else:
                has_route = at > start
        if at < 0:
            return ODD
    into.day[row] = day
    if into.trip[row, 0] == into.trip[row, 1]:
        return ODD if has_route else NO_TRIP
    return ODD if day == -2 else FAST


@njit(cache=True, nogil=True)
def read_day(data: Bytes, at: int, end: int) -> np.int32:
    """YYYYMMDD as `date.toordinal()`, −1 for no text, −2 for what is no date written so."""
    if at == end:
        return np.int32(-1)
    if end - at != 8:
        return np.int32(-2)
    value = np.int64(0)
    for i in range(at, end):
        digit = np.int64(data[i]) - 48
        if digit < 0 or digit > 9:
            return np.int32(-2)
        value = value * 10 + digit
    year, month, day = value // 10_000, value // 100 % 100, value % 100
    if year < 1 or month < 1 or month > 12 or day < 1:
        return np.int32(-2)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = 28 + is_leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if day > length:
        return np.int32(-2)
    before, rest = year - 1, (367 * month - 362) // 12  # Gregorian reckoning: days of the months before, +2 too many
    rest -= 0 if month <= 2 else 1 if is_leap else 2
    return np.int32(before * 365 + before // 4 - before // 100 + before // 400 + rest + day)


@njit(cache=True, nogil=True)
def scan_stop(data: Bytes, at: int, end: int, about: int, absurd_s: int) -> StopFound:
    """A stop update: FAST, ODD or ABSURD, and the values of a row of `Said`."""
    found, sequence, kind, events, occupancy, arrive, depart = FAST, -1, 0, 0, -1, 0, 0
    stop, stop_end, assigned, assigned_end, seen = 0, 0, 0, 0, 0
    while at < end:
        number, wire, at = key(data, at, end)
        is_number = number == 1 or number == 5 or number == 7
        if at < 0 or (number <= 7 and wire != (VARINT if is_number else SPAN)):
            found = ODD
        elif number > 7:
            at = skip(data, at, end, wire)
        elif is_number:
            value, at = varint(data, at, end)
            if number == 1:
                sequence = value & 0xFFFFFFFF
            elif value < 0 or value > (3 if number == 5 else 8):
                found = ODD  # an enumeration's value that protobuf does not know
            elif number == 5:
                kind = value
            else:
                occupancy = value
        else:
            start, at = span(data, at, end)
            if at < 0 or seen & 1 << number & TWICE_ODD:
                found = ODD  # cut short, or given twice: protobuf merges them
            elif number == 4:
                stop, stop_end = start, at
            elif number == 6:
                is_fine, assigned, assigned_end = scan_properties(data, start, at, assigned, assigned_end)
                found = found if is_fine else ODD
            else:
                state, bits, value = scan_event(data, start, at, about, absurd_s)
                found = state if state != FAST else found
                events |= bits if number == 2 else bits << 2
                if number == 2:
                    arrive = value
                else:
                    depart = value
            seen |= 1 << number
        if at < 0 or found == ODD:
            return ODD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    return found, sequence, stop, stop_end, assigned, assigned_end, kind, events, arrive, depart, occupancy


@njit(cache=True, nogil=True)
def scan_properties(data: Bytes, at: int, end: int, first: int, last: int) -> tuple[bool, int, int]:
    """Are a call's properties fine, and the span of its assigned stop: (first, last) if they name none."""
    while at < end:
        number, wire, at = key(data, at, end)
        if at < 0 or (number <= 4 and wire != (SPAN if number <= 2 else VARINT)):
            return False, first, last
        if number == 1:
            first, last = span(data, at, end)
            at = last
        else:
            at = skip(data, at, end, wire)
        if at < 0:
            return False, first, last
    return True, first, last


@njit(cache=True, nogil=True)
def scan_event(data: Bytes, at: int, end: int, about: int, absurd_s: int) -> tuple[int, int, int]:
    """A stop time event: FAST, ODD or ABSURD, its bits as if it were an arrival's, and its value. A time wins over a
    delay; one that is not after 1970 is none."""
    time, planned, delay, has_delay = 0, 0, 0, False
    while at < end:
        number, wire, at = key(data, at, end)
        if at < 0 or (number <= 4 and wire != VARINT):
            return ODD, 0, 0
        if number > 4:
            at = skip(data, at, end, wire)
        else:
            value, at = varint(data, at, end)
            if number == 1:
                has_delay, delay = True, value & 0xFFFFFFFF
                delay -= 0x100000000 if delay >= 0x80000000 else 0
            elif number == 2:
                time = max(value, 0)
            elif number == 4:
                planned = max(value, 0)
        if at < 0:
            return ODD, 0, 0
    is_far = (time > 0 and abs(time - about) > absurd_s) or (planned > 0 and abs(planned - about) > absurd_s)
    if is_far or (has_delay and abs(delay) > absurd_s):
        return ABSURD, 0, 0
    if time > 0:
        return FAST, ARRIVAL | ARRIVAL_TIME, time
    return FAST, ARRIVAL if has_delay else 0, delay


@njit(cache=True, nogil=True)
def has_duplicates(data: Bytes, ids: Int32s, state: Bytes) -> bool:
    """Do two entities that may hold trip updates share an id?"""
    size = 16
    while size < 3 * len(ids):
        size *= 2
    slots = np.full(size, -1, np.int32)
    for number in range(len(ids)):
        if state[number] == OTHER or state[number] == GONE:
            continue
        start, end = ids[number]
        slot = mix(data, start, end) & (size - 1)
        while slots[slot] >= 0:
            first, last = ids[slots[slot]]
            if last - first == end - start and is_equal(data, first, data, start, end - start):
                return True
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
    return False
