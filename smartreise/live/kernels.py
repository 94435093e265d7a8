"""The compiled loops of real time: ids to indices, dates, and trip updates laid over planned calls.

Plain functions over arrays that all also run uncompiled. `tests/oracle/overlay.py` says the same of one trip over plain
lists and is the specification. What a reader would get wrong: `lay_all` always starts from the schedule, never from the
last live layout, so there is no state that could drift.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from smartreise.live.updates import ARRIVAL, ARRIVAL_TIME, CANCELED, DELETED, DEPARTURE, DEPARTURE_TIME
from smartreise.timetable.arrays import (
    ALIGHT,
    BOARD,
    CANCELLED,
    PLATFORM_CHANGED,
    REALTIME,
    SKIPPED,
)
from smartreise.timetable.arrays import DELETED as DELETED_TRIP

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
UInt8s = NDArray[np.uint8]

#: the hash function FNV-1a of 32 bits, in numbers that do not overflow
FNV, FNV_PRIME = np.int64(0x811C9DC5), np.int64(0x01000193)
#: stop indices of an update that names no stop, and of one whose stop the timetable lacks
NO_STOP, UNKNOWN_STOP = -1, -2
#: `Heard.kind`
_SKIPPED, _NO_DATA = 1, 2
#: `Changes.kind` of a change that a later one of the same trip replaces
OUTDATED = 255
#: what `match_days` says of an update
MATCHED, UNKNOWN_TRIP, NOT_RUNNING, BY_FREQUENCY = 0, 1, 2, 3
#: what `lay_all` says of a change: no number moved; times; stops or flags; the trip does not run
SAME, TIMES, SHAPE, GONE = 0, 1, 2, 3
#: what is counted, as indices of `Laid.counts`
UNKNOWN, SHUFFLED, UNASSIGNED, RAISED = 0, 1, 2, 3


class Ids(NamedTuple):
    """A hash table of ids: open addressing over their UTF-8 bytes, which decide, so there are no false hits."""

    text: UInt8s  # uint8[B] all ids one after another
    start: Int32s  # int32[n + 1]
    slots: Int32s  # int32[2^k] index, −1 empty


class Heard(NamedTuple):
    """Stop updates with their stops found; W rows, values as in `live.updates.Said`."""

    sequence: Int64s
    stop: Int32s  # int32[W] NO_STOP, UNKNOWN_STOP
    assigned: Int32s
    kind: UInt8s
    events: UInt8s
    arrive: Int64s
    depart: Int64s
    occupancy: NDArray[np.int8]


class Changes(NamedTuple):
    """What is said of dated trips of the timetable; M changes."""

    trip: Int32s  # int32[M]
    day: Int32s  # int32[M] `date.toordinal()`
    start_s: Int32s  # int32[M] start of a frequency run, −1
    kind: UInt8s  # uint8[M] SCHEDULED, CANCELED, DELETED, OUTDATED
    until: Int64s  # int64[M] epoch s; what is said of calls planned to leave later is too old to count
    heard_start: Int32s  # int32[M + 1] CSR into `heard`
    heard: Heard


class Calls(NamedTuple):
    """The calls of a dated trip as planned, n of them; times in s from the same base as the live ones."""

    stop: Int32s
    sequence: Int32s
    arrive: Int32s
    depart: Int32s


class Laid(NamedTuple):
    """What `lay_all` writes: the live arrays of a layout, and lists of what else is to be changed."""

    arrive: Int32s  # int32[E]
    depart: Int32s  # int32[E]
    state: UInt8s  # uint8[E]
    dated_state: UInt8s  # uint8[N]
    moved: Int32s  # int32[room, 2] event and the stop where it calls now
    flagged: Int32s  # int32[room, 2] event and its flags now
    effect: UInt8s  # uint8[M] SAME … GONE
    occupancy: NDArray[np.int8]  # int8[M]
    counts: Int64s  # int64[4]


@njit(cache=True, nogil=True)
def fill_slots(text: UInt8s, start: Int32s, slots: Int32s) -> None:
    """Put n ids into the table; of equal ones the last counts."""
    for number in range(len(start) - 1):
        mixed = FNV
        first, length = start[number], start[number + 1] - start[number]
        for i in range(length):
            mixed = ((mixed ^ text[first + i]) * FNV_PRIME) & 0xFFFFFFFF
        slot = (mixed ^ (mixed >> 15)) & (len(slots) - 1)
        while slots[slot] >= 0:
            other = start[slots[slot]]
            same = start[slots[slot] + 1] - other == length
            for i in range(length if same else 0):
                same = same and text[other + i] == text[first + i]
            if same:
                break
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = number


@njit(cache=True, nogil=True)
def find_ids(ids: Ids, prefix: UInt8s, text: UInt8s, spans: Int32s, found: Int32s) -> None:
    """Indices of the ids that stand at ``spans`` int32[n, 2] of ``text``, after ``prefix``; NO_STOP for an empty span,
    UNKNOWN_STOP for an id that is not in the table."""
    id_text, id_start, slots = ids.text, ids.start, ids.slots
    seed = FNV
    for i in range(len(prefix)):
        seed = ((seed ^ prefix[i]) * FNV_PRIME) & 0xFFFFFFFF
    mask, before = len(slots) - 1, len(prefix)
    for row in range(len(spans)):
        first, end = spans[row, 0], spans[row, 1]
        if first == end:
            found[row] = NO_STOP
            continue
        mixed = seed
        for i in range(first, end):
            mixed = ((mixed ^ text[i]) * FNV_PRIME) & 0xFFFFFFFF
        slot = (mixed ^ (mixed >> 15)) & mask
        found[row] = UNKNOWN_STOP
        while slots[slot] >= 0:
            start = id_start[slots[slot]]
            same = id_start[slots[slot] + 1] - start == before + end - first
            for i in range(before if same else 0):
                same = same and id_text[start + i] == prefix[i]
            for i in range(end - first if same else 0):
                if id_text[start + before + i] != text[first + i]:
                    same = False
                    break
            if same:
                found[row] = slots[slot]
                break
            slot = (slot + 1) & mask


class Running(NamedTuple):
    """When trips run, from a timetable; T trips, V services, D days, Z zones."""

    service: Int32s  # int32[T]
    zone: UInt8s  # uint8[T]
    begin: Int32s  # int32[T] first departure and last arrival, s after the service day's origin
    end: Int32s  # int32[T]
    by_frequency: NDArray[np.bool_]  # bool[T]
    days: NDArray[np.bool_]  # bool[V, D]
    origins: Int64s  # int64[Z, D] epoch s of each service day's second 0
    first_day: int


@njit(cache=True, nogil=True)
def match_days(running: Running, trip: Int32s, day: Int32s, today: Int32s, about: int, reason: UInt8s) -> None:
    """Does each update's trip run on its day? ``day`` int32[U] is `date.toordinal()`; where it is −1 it becomes the
    day whose run is nearest to ``about`` (epoch s), the earlier of equals. ``today`` int32[Z]: the date by zone."""
    span = running.days.shape[1]
    for row in range(len(trip)):
        this = trip[row]
        if this < 0:
            reason[row] = UNKNOWN_TRIP
            continue
        if running.by_frequency[this]:
            reason[row] = BY_FREQUENCY
            continue
        reason[row] = NOT_RUNNING
        service, zone = running.service[this], running.zone[this]
        if day[row] >= 0:
            number = day[row] - running.first_day
            if 0 <= number < span and running.days[service, number]:
                reason[row] = MATCHED
            continue
        best = np.int64(2**62)
        begin, end = np.int64(running.begin[this]), np.int64(running.end[this])
        for shift in range(-2 - end // 86_400, 8):
            number = today[zone] + shift - running.first_day
            if 0 <= number < span and running.days[service, number]:
                origin = running.origins[zone, number]
                distance = max(origin + begin - about, about - origin - end, 0)
                if distance < best:
                    best, day[row], reason[row] = distance, number + running.first_day, MATCHED


@njit(cache=True, nogil=True, inline="always")
def find_call(planned: Calls, sequence: int, stop: int, position: int, station_of: Int32s) -> int:
    """The call that an update means, at or after ``position``, −1 for none. A stop wins over a sequence that does not
    fit; a stop of the planned one's station fits."""
    by_sequence, count = -1, len(planned.stop)
    if sequence >= 0:
        for i in range(position, count):
            if planned.sequence[i] == sequence:
                by_sequence = i
                break
    found = by_sequence if stop == NO_STOP else -1
    if stop >= 0:
        station = station_of[stop]
        if by_sequence >= 0:
            there = planned.stop[by_sequence]
            if there == stop or (station >= 0 and station_of[there] == station):
                found = by_sequence
        if found < 0:
            for i in range(position, count):
                if planned.stop[i] == stop:
                    found = i
                    break
        if found < 0 and station >= 0:
            for i in range(position, count):
                if station_of[planned.stop[i]] == station:
                    found = i
                    break
    return found


@njit(cache=True, nogil=True)
def align(
    planned: Calls,
    heard: Heard,
    first: int,
    last: int,
    station_of: Int32s,
    stop: Int32s,
    stated: Int32s,
    counts: Int64s,
) -> None:
    """Which update, of rows [first, last), means which call: ``stated`` int32[n], −1 for none; and the stop where each
    call is now. Updates come in order of calling; where a feed has shuffled them their sequence puts them right."""
    stated[:] = -1
    stop[:] = planned.stop
    is_numbered, is_sorted = True, True
    for i in range(first, last):
        is_numbered &= heard.sequence[i] >= 0
        is_sorted &= i == first or heard.sequence[i] >= heard.sequence[i - 1]
    order = np.arange(first, last)
    if is_numbered and not is_sorted:
        counts[SHUFFLED] += 1
        order = first + np.argsort(heard.sequence[first:last], kind="mergesort")
    position = 0
    for k in range(last - first):
        row = order[k]
        at: int = find_call(planned, heard.sequence[row], heard.stop[row], position, station_of)
        if at < 0:
            counts[UNKNOWN] += 1
            continue
        stated[at] = row
        position = at + 1
        counts[UNASSIGNED] += heard.assigned[row] == UNKNOWN_STOP
        if heard.assigned[row] >= 0:
            stop[at] = heard.assigned[row]
        elif heard.stop[row] >= 0:
            stop[at] = heard.stop[row]


@njit(cache=True, nogil=True)
def propagate(
    planned: Calls, heard: Heard, stated: Int32s, base: int, until: int, arrive: Int32s, depart: Int32s, state: UInt8s
) -> int:
    """Times of all calls from what is stated: each statement holds until the next. Returns the occupancy, −1."""
    has_delay, delay, occupancy = False, 0, -1
    for i in range(len(stated)):
        row = stated[i]
        arrive[i], depart[i], state[i] = planned.arrive[i], planned.depart[i], 0
        kind = heard.kind[row] if row >= 0 else 0
        if row >= 0 and kind == _SKIPPED:
            state[i] = SKIPPED
        if planned.depart[i] + base > until or kind == _NO_DATA:
            has_delay = False
            continue
        if row >= 0 and kind != _SKIPPED and heard.events[row]:
            times = read_events(planned.arrive[i], planned.depart[i], heard, row, base, has_delay, delay)
            arrive[i], depart[i] = times
            state[i] |= REALTIME
            has_delay, delay = True, depart[i] - planned.depart[i]
            if occupancy < 0:
                occupancy = heard.occupancy[row]
        elif has_delay:
            arrive[i] += delay
            depart[i] += delay
            state[i] |= REALTIME
    return occupancy


@njit(cache=True, nogil=True, inline="always")
def read_events(
    arrive: int, depart: int, heard: Heard, row: int, base: int, has_delay: bool, delay: int
) -> tuple[int, int]:
    """Times of a call that the feed states, from the planned ones. Without a departure an early arrival waits for the
    planned one; without an arrival the delay so far is taken, but nobody arrives after leaving."""
    events = heard.events[row]
    stated_arrive = heard.arrive[row] - base if events & ARRIVAL_TIME else arrive + heard.arrive[row]
    stated_depart = heard.depart[row] - base if events & DEPARTURE_TIME else depart + heard.depart[row]
    if not events & DEPARTURE:
        stated_depart = depart + max(0, stated_arrive - arrive)
    if not events & ARRIVAL:
        stated_arrive = min(arrive + (delay if has_delay else stated_depart - depart), stated_depart)
    return stated_arrive, stated_depart


@njit(cache=True, nogil=True)
def repair(arrive: Int32s, depart: Int32s, state: UInt8s, counts: Int64s) -> None:
    """Make times run forward. Calls before the first statement give way downward (the vehicle is past them); later ones
    are raised and counted."""
    first = 0
    while first < len(state) and not state[first] & REALTIME:
        first += 1
    if first == len(state):
        return
    ceiling = arrive[first]
    for i in range(first - 1, -1, -1):
        depart[i] = min(depart[i], ceiling)
        arrive[i] = min(arrive[i], depart[i])
        ceiling = arrive[i]
    floor = arrive[first]
    for i in range(first, len(state)):
        counts[RAISED] += arrive[i] < floor or depart[i] < max(arrive[i], floor)
        arrive[i] = max(arrive[i], floor)
        depart[i] = max(depart[i], arrive[i])
        floor = depart[i]


@njit(cache=True, nogil=True)
def reflag(planned_flags: UInt8s, state: UInt8s, flags: UInt8s) -> None:
    """Where one boards and alights: not at a skipped stop; nobody boards at the last stop that is served nor alights at
    the first, when the ends are skipped."""
    first, last = -1, -1
    for i in range(len(state)):
        is_skipped = state[i] & SKIPPED
        flags[i] = 0 if is_skipped else planned_flags[i]
        if not is_skipped:
            first, last = i if first < 0 else first, i
    if first >= 0:
        flags[last] &= 0xFF ^ BOARD
        flags[first] &= 0xFF ^ ALIGHT


@njit(cache=True, nogil=True)
def lay_all(
    layout: Any, call_sequence: Int32s, station_of: Int32s, changes: Changes, dated_of: Int32s, into: Laid
) -> tuple[int, int]:
    """Lay ``changes`` over the schedule ``layout``; ``dated_of`` int32[M] is the dated trip of each, −1 if it is not in
    the layout. Returns how many rows of ``moved`` and ``flagged`` were written."""
    moves, flags = 0, 0
    for number in range(len(dated_of)):
        dated, kind = dated_of[number], changes.kind[number]
        into.effect[number], into.occupancy[number] = SAME, -1
        if dated < 0 or kind == OUTDATED:
            continue
        a, b = layout.dated_event[dated], layout.dated_event[dated + 1]
        if kind in (CANCELED, DELETED):
            into.dated_state[dated] = CANCELLED if kind == CANCELED else DELETED_TRIP
            into.effect[number] = GONE
            for event in range(a, b):
                into.flagged[flags, 0], into.flagged[flags, 1] = event, 0
                flags += 1
            continue
        first, last = changes.heard_start[number], changes.heard_start[number + 1]
        if first == last:
            continue
        planned = Calls(
            layout.event_stop[a:b],
            call_sequence[layout.event_call[a:b]],
            layout.event_arrive[a:b],
            layout.event_depart[a:b],
        )
        stated, stop, now_flags = np.empty(b - a, np.int32), np.empty(b - a, np.int32), np.empty(b - a, np.uint8)
        arrive, depart, state = into.arrive[a:b], into.depart[a:b], into.state[a:b]
        align(planned, changes.heard, first, last, station_of, stop, stated, into.counts)
        into.occupancy[number] = propagate(
            planned, changes.heard, stated, layout.base, changes.until[number], arrive, depart, state
        )
        repair(arrive, depart, state, into.counts)
        reflag(layout.event_flags[a:b], state, now_flags)
        for i in range(b - a):
            if stop[i] != planned.stop[i]:
                state[i] |= PLATFORM_CHANGED
                into.moved[moves, 0], into.moved[moves, 1] = a + i, stop[i]
                moves += 1
                into.effect[number] = SHAPE
            if now_flags[i] != layout.event_flags[a + i]:
                into.flagged[flags, 0], into.flagged[flags, 1] = a + i, now_flags[i]
                flags += 1
                into.effect[number] = SHAPE
            if into.effect[number] == SAME and (arrive[i] != planned.arrive[i] or depart[i] != planned.depart[i]):
                into.effect[number] = TIMES
    return moves, flags
