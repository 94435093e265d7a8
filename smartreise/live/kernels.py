"""The compiled loops of real time: ids to indices, dates, and trip updates laid over planned calls.

Plain functions over arrays that all also run uncompiled. `tests/oracle/overlay.py` says the same of one trip over plain
lists and is the specification. What a reader would get wrong: `lay_all` always starts from the schedule, never from the
last live layout, so there is no state that could drift.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from smartreise.live.id_kernels import NO_STOP, UNKNOWN_STOP
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

#: `Heard.kind`
_SKIPPED, _NO_DATA = 1, 2
#: `Changes.kind` of a change that a later one of the same trip replaces
OUTDATED = 255
#: what `match_days` says of an update
MATCHED, UNKNOWN_TRIP, NOT_RUNNING, BY_FREQUENCY = 0, 1, 2, 3
#: what `lay_all` says of a change: no number moved; times; stops or flags; the trip does not run
SAME, TIMES, SHAPE, GONE = 0, 1, 2, 3
#: what is counted, as indices of `Laid.counts`
UNKNOWN, UNASSIGNED, RAISED = 0, 1, 2


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


class Planned(NamedTuple):
    """What `lay_all` reads of a layout without real time, named as there."""

    base: int
    dated_event: Int32s
    event_stop: Int32s
    event_call: Int32s
    event_arrive: Int32s
    event_depart: Int32s
    event_flags: UInt8s


class Work(NamedTuple):
    """Room for one trip's calls, from its first on: as many as the longest trip has."""

    stated: Int32s  # the row of `Heard` that means a call, −1
    stop: Int32s  # where it calls now
    flags: UInt8s


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
    counts: Int64s  # int64[3]


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
def find_call(
    event_stop: Int32s,
    call_sequence: Int32s,
    station_of: Int32s,
    at: tuple[int, int, int, int],
    sequence: int,
    stop: int,
) -> int:
    """The call that an update means, −1 for none. A stop wins over a sequence that does not fit; a stop of the planned
    one's station fits. ``at``: the first event of the trip, its first call, its length, and the first call to look at.
    """
    first, call, count, position = at
    by_sequence = -1
    if sequence >= 0:
        for i in range(position, count):
            if call_sequence[call + i] == sequence:
                by_sequence = i
                break
    found = by_sequence if stop == NO_STOP else -1
    if stop >= 0:
        station = station_of[stop]
        if by_sequence >= 0:
            there = event_stop[first + by_sequence]
            if there == stop or (station >= 0 and station_of[there] == station):
                found = by_sequence
        if found < 0:
            for i in range(position, count):
                if event_stop[first + i] == stop:
                    found = i
                    break
        if found < 0 and station >= 0:
            for i in range(position, count):
                if station_of[event_stop[first + i]] == station:
                    found = i
                    break
    return found


@njit(cache=True, nogil=True, inline="always")
def align(
    planned: Planned,
    call_sequence: Int32s,
    station_of: Int32s,
    heard: Heard,
    rows: tuple[int, int],
    calls: tuple[int, int, int],
    work: Work,
    counts: Int64s,
) -> None:
    """Which update, of ``rows`` [first, last), means which call, and the stop where each call is now, into ``work``.
    Updates come in order of calling. ``calls``: the first event of the trip, its first call and its length."""
    event_stop, sequence, stop, assigned = planned.event_stop, heard.sequence, heard.stop, heard.assigned
    for i in range(calls[2]):
        work.stated[i], work.stop[i] = -1, event_stop[calls[0] + i]
    position = 0
    for row in range(rows[0], rows[1]):
        where = (calls[0], calls[1], calls[2], position)
        at = find_call(event_stop, call_sequence, station_of, where, sequence[row], stop[row])
        if at < 0:
            counts[UNKNOWN] += 1
            continue
        work.stated[at] = row
        position = at + 1
        counts[UNASSIGNED] += assigned[row] == UNKNOWN_STOP
        if assigned[row] >= 0:
            work.stop[at] = assigned[row]
        elif stop[row] >= 0:
            work.stop[at] = stop[row]


@njit(cache=True, nogil=True, inline="always")
def propagate(planned: Planned, heard: Heard, first: int, count: int, until: int, stated: Int32s, into: Laid) -> int:
    """Times of the trip's calls from what is stated: each statement holds until the next. Returns the occupancy, −1."""
    has_delay, delay, occupancy = False, 0, -1
    for i in range(count):
        row, event = stated[i], first + i
        arrive, depart, state = planned.event_arrive[event], planned.event_depart[event], 0
        kind = heard.kind[row] if row >= 0 else 0
        if kind == _SKIPPED:
            state = SKIPPED
        if depart + planned.base > until or kind == _NO_DATA:
            has_delay = False
        elif row >= 0 and kind != _SKIPPED and heard.events[row]:
            into.arrive[event], into.depart[event] = read_events(
                arrive, depart, heard.events[row], heard.arrive[row], heard.depart[row], planned.base, has_delay, delay
            )
            into.state[event] = REALTIME
            has_delay, delay = True, into.depart[event] - depart
            if occupancy < 0:
                occupancy = heard.occupancy[row]
            continue
        elif has_delay:
            arrive += delay
            depart += delay
            state |= REALTIME
        into.arrive[event], into.depart[event], into.state[event] = arrive, depart, state
    return occupancy


@njit(cache=True, nogil=True, inline="always")
def read_events(
    arrive: int, depart: int, events: int, said_arrive: int, said_depart: int, base: int, has_delay: bool, delay: int
) -> tuple[int, int]:
    """Times of a call that the feed states, from the planned ones. Without a departure an early arrival waits for the
    planned one; without an arrival the delay so far is taken, but nobody arrives after leaving."""
    stated_arrive = said_arrive - base if events & ARRIVAL_TIME else arrive + said_arrive
    stated_depart = said_depart - base if events & DEPARTURE_TIME else depart + said_depart
    if not events & DEPARTURE:
        stated_depart = depart + max(0, stated_arrive - arrive)
    if not events & ARRIVAL:
        stated_arrive = min(arrive + (delay if has_delay else stated_depart - depart), stated_depart)
    return stated_arrive, stated_depart


@njit(cache=True, nogil=True, inline="always")
def repair(arrive: Int32s, depart: Int32s, state: UInt8s, start: int, end: int, counts: Int64s) -> None:
    """Make times run forward. Calls before the first statement give way downward (the vehicle is past them); later ones
    are raised and counted. What changes is real time's."""
    first = start
    while first < end and not state[first] & REALTIME:
        first += 1
    if first == end:
        return
    ceiling = arrive[first]
    for i in range(first - 1, start - 1, -1):
        state[i] |= REALTIME if depart[i] > ceiling else 0
        depart[i] = min(depart[i], ceiling)
        arrive[i] = min(arrive[i], depart[i])
        ceiling = arrive[i]
    floor = arrive[first]
    for i in range(first, end):
        if arrive[i] < floor or depart[i] < max(arrive[i], floor):
            counts[RAISED] += 1
            state[i] |= REALTIME
        arrive[i] = max(arrive[i], floor)
        depart[i] = max(depart[i], arrive[i])
        floor = depart[i]


@njit(cache=True, nogil=True, inline="always")
def reflag(planned_flags: UInt8s, state: UInt8s, start: int, count: int, flags: UInt8s) -> None:
    """Where one boards and alights: not at a skipped stop; nobody boards at the last stop that is served nor alights at
    the first, when the ends are skipped."""
    first, last = -1, -1
    for i in range(count):
        is_skipped = state[start + i] & SKIPPED
        flags[i] = 0 if is_skipped else planned_flags[start + i]
        if not is_skipped:
            first, last = i if first < 0 else first, i
    if first >= 0:
        flags[last] &= 0xFF ^ BOARD
        flags[first] &= 0xFF ^ ALIGHT


@njit(cache=True, nogil=True, inline="always")
def compare(
    planned: Planned, first: int, count: int, work: Work, into: Laid, at: tuple[int, int]
) -> tuple[int, int, int]:
    """What of a trip is another than planned: what `effect` says of it, and the rows behind those written to ``moved``
    and ``flagged``, from ``at`` on."""
    moves, flags = at
    effect = SAME
    for i in range(count):
        event = first + i
        if into.arrive[event] != planned.event_arrive[event] or into.depart[event] != planned.event_depart[event]:
            effect = max(effect, TIMES)
        if work.stop[i] != planned.event_stop[event]:
            into.state[event] |= PLATFORM_CHANGED
            into.moved[moves, 0], into.moved[moves, 1] = event, work.stop[i]
            moves += 1
            effect = SHAPE
        if work.flags[i] != planned.event_flags[event]:
            into.flagged[flags, 0], into.flagged[flags, 1] = event, work.flags[i]
            flags += 1
            effect = SHAPE
    return effect, moves, flags


@njit(cache=True, nogil=True)
def lay_all(
    planned: Planned,
    call_sequence: Int32s,
    station_of: Int32s,
    changes: Changes,
    dated_of: Int32s,
    work: Work,
    into: Laid,
) -> tuple[int, int]:
    """Lay ``changes`` over the schedule; ``dated_of`` int32[M] is the dated trip of each, −1 if it is not there.
    Returns how many rows of ``moved`` and ``flagged`` were written."""
    moves, flags = 0, 0
    for number in range(len(dated_of)):
        dated, kind = dated_of[number], changes.kind[number]
        into.effect[number], into.occupancy[number] = SAME, -1
        if dated < 0 or kind == OUTDATED:
            continue
        first, end = planned.dated_event[dated], planned.dated_event[dated + 1]
        if kind in (CANCELED, DELETED):
            into.dated_state[dated] = CANCELLED if kind == CANCELED else DELETED_TRIP
            into.effect[number] = GONE
            for event in range(first, end):
                into.flagged[flags, 0], into.flagged[flags, 1] = event, 0
                flags += 1
            continue
        rows = (changes.heard_start[number], changes.heard_start[number + 1])
        count = end - first
        if rows[0] == rows[1] or count == 0:
            continue
        calls = (first, planned.event_call[first], count)  # the calls of a trip follow one another
        align(planned, call_sequence, station_of, changes.heard, rows, calls, work, into.counts)
        into.occupancy[number] = propagate(
            planned, changes.heard, first, count, changes.until[number], work.stated, into
        )
        repair(into.arrive, into.depart, into.state, first, end, into.counts)
        reflag(planned.event_flags, into.state, first, count, work.flags)
        into.effect[number], moves, flags = compare(planned, first, count, work, into, (moves, flags))
    return moves, flags
