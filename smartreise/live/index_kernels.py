"""The compiled loops that mend a layout's indices where real time moved something: patterns, and events by stop.

What a reader would get wrong: both begin with the *schedule's* index and look only at what moved; the result is what an
index made anew would be (the events by stop), or as good (patterns: nobody overtakes, each run stands where its line,
stops and flags put it).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
UInt8s = NDArray[np.uint8]


class Grouped(NamedTuple):
    """The pattern arrays of a layout without their index by stop, named as there."""

    pattern_route: Int32s
    pattern_kind: UInt8s
    pattern_stop_start: Int32s
    pattern_stop: Int32s
    pattern_run_start: Int32s
    pattern_run: Int32s


@njit(cache=True, nogil=True)
def overtakes(one: int, next_: int, length: int, arrive: Int32s, depart: Int32s) -> bool:
    """Is the run that begins with event ``next_`` before the run ``one`` anywhere?"""
    for i in range(length):  # noqa: SIM110 — compiled
        if arrive[next_ + i] < arrive[one + i] or depart[next_ + i] < depart[one + i]:
            return True
    return False


@njit(cache=True, nogil=True)
def thin_out(grouped: Grouped, arrive: Int32s, depart: Int32s, moved: UInt8s, out: UInt8s) -> int:
    """Take runs out of their patterns (``out`` uint8[R] becomes 1) until nobody overtakes there; only runs whose times
    ``moved`` may go, since the others were in order. Returns how many were taken out."""
    stop_start, run_start, run = grouped.pattern_stop_start, grouped.pattern_run_start, grouped.pattern_run
    taken = 0
    stack = np.empty(len(run), np.int32)
    for pattern in range(len(run_start) - 1):
        first, last = run_start[pattern], run_start[pattern + 1]
        is_touched = False
        for here in range(first, last):
            is_touched |= moved[here] != 0
        if not is_touched:
            continue
        length, height = stop_start[pattern + 1] - stop_start[pattern], 0
        for here in range(first, last):
            if out[here]:
                continue
            while height > 0:
                below = stack[height - 1]
                is_ordered = not (moved[here] or moved[below])
                if is_ordered or not overtakes(run[below], run[here], length, arrive, depart):
                    break
                taken += 1
                if moved[here]:
                    out[here] = 1
                    break
                out[below] = 1
                height -= 1
            if not out[here]:
                stack[height] = here
                height += 1
    return taken


@njit(cache=True, nogil=True)
def merge(grouped: Grouped, out: UInt8s, more: Grouped) -> Grouped:
    """The patterns without the runs that are ``out`` uint8[R], without those that this leaves empty, and ``more``."""
    stop_start, run_start = grouped.pattern_stop_start, grouped.pattern_run_start
    patterns, stops, runs = len(more.pattern_route), len(more.pattern_stop), len(more.pattern_run)
    for pattern in range(len(run_start) - 1):
        kept = 0
        for slot in range(run_start[pattern], run_start[pattern + 1]):
            kept += out[slot] == 0
        runs += kept
        patterns += kept > 0
        stops += stop_start[pattern + 1] - stop_start[pattern] if kept > 0 else 0
    merged = Grouped(
        np.empty(patterns, np.int32),
        np.empty(patterns, np.uint8),
        np.empty(patterns + 1, np.int32),
        np.empty(stops, np.int32),
        np.empty(patterns + 1, np.int32),
        np.empty(runs, np.int32),
    )
    nothing = np.zeros(len(more.pattern_run), np.uint8)
    at = append(grouped, out, merged, (0, 0, 0))
    patterns, stops, runs = append(more, nothing, merged, at)
    merged.pattern_stop_start[patterns], merged.pattern_run_start[patterns] = stops, runs
    return merged


@njit(cache=True, nogil=True)
def append(grouped: Grouped, out: UInt8s, into: Grouped, at: tuple[int, int, int]) -> tuple[int, int, int]:
    """Write what is left of patterns behind the patterns, stops and runs ``at``; the counts behind them."""
    patterns, stops, runs = at
    for pattern in range(len(grouped.pattern_route)):
        before = runs
        for slot in range(grouped.pattern_run_start[pattern], grouped.pattern_run_start[pattern + 1]):
            if not out[slot]:
                into.pattern_run[runs] = grouped.pattern_run[slot]
                runs += 1
        if runs == before:
            continue
        into.pattern_route[patterns] = grouped.pattern_route[pattern]
        into.pattern_kind[patterns] = grouped.pattern_kind[pattern]
        into.pattern_stop_start[patterns], into.pattern_run_start[patterns] = stops, before
        patterns += 1
        for i in range(grouped.pattern_stop_start[pattern], grouped.pattern_stop_start[pattern + 1]):
            into.pattern_stop[stops] = grouped.pattern_stop[i]
            stops += 1
    return patterns, stops, runs


@njit(cache=True, nogil=True)
def index_patterns(count: int, grouped: Grouped) -> tuple[Int32s, Int32s, Int32s]:
    """CSR of where each of ``count`` stops occurs: `stop_pattern_start`, `stop_pattern`, `stop_pattern_position`."""
    start, size = np.zeros(count + 1, np.int32), len(grouped.pattern_stop)
    for i in range(size):
        start[grouped.pattern_stop[i] + 1] += 1
    for stop in range(count):
        start[stop + 1] += start[stop]
    pattern_of, position, at = np.empty(size, np.int32), np.empty(size, np.int32), start[:-1].copy()
    for pattern in range(len(grouped.pattern_route)):
        first = grouped.pattern_stop_start[pattern]
        for i in range(first, grouped.pattern_stop_start[pattern + 1]):
            slot = at[grouped.pattern_stop[i]]
            pattern_of[slot], position[slot] = pattern, i - first
            at[grouped.pattern_stop[i]] += 1
    return start, pattern_of, position


@njit(cache=True, nogil=True)
def mark_moved(
    ranges: Int32s, stop: Int32s, planned_depart: Int32s, depart: Int32s, position: Int32s, low: Int32s, high: Int32s
) -> None:
    """By stop: the places between which departures moved, ``low`` and ``high`` int32[S] in the schedule's `stop_event`.
    ``ranges`` int32[n, 2] are the events of the changed trips."""
    for number in range(len(ranges)):
        for event in range(ranges[number, 0], ranges[number, 1]):
            if depart[event] != planned_depart[event]:
                here, place = stop[event], position[event]
                low[here] = min(low[here], place)
                high[here] = max(high[here], place)


@njit(cache=True, nogil=True)
def sort_part(order: Int32s, depart: Int32s, start: int, end: int, low: int, high: int) -> None:
    """Sort ``order[start:end]`` by departure, then event, in place, where only places ``low`` to ``high`` are out of
    order."""
    for i in range(max(low, start + 1), end):
        event = order[i]
        at, j = depart[event], i - 1
        while j >= start and (depart[order[j]] > at or (depart[order[j]] == at and order[j] > event)):
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = event
        if j == i - 1 and i > high:
            return


@njit(cache=True, nogil=True)
def sort_moved(start: Int32s, order: Int32s, depart: Int32s, low: Int32s, high: Int32s) -> None:
    """Mend ``order``, a layout's `stop_event`, at the stops where something moved, see `mark_moved`."""
    for stop in range(len(low)):
        if high[stop] >= 0:
            sort_part(order, depart, start[stop], start[stop + 1], low[stop], high[stop])


@njit(cache=True, nogil=True)
def replace_events(
    start: Int32s, order: Int32s, stop: Int32s, planned: Int32s, come: Int32s, low: Int32s, high: Int32s
) -> tuple[Int32s, Int32s]:
    """The events by stop, those of ``come`` int32[n] each at its ``stop`` and no longer where it was ``planned``, which
    is int32[E] of the schedule: an event behind its end is new. Stops where events come or go are marked to be sorted
    as a whole; the marks of the others follow to where their events now stand."""
    stops = len(start) - 1
    joined, left = np.zeros(stops, np.int32), np.zeros(stops, np.int32)
    for event in come:
        joined[stop[event]] += 1
        if event < len(planned):
            left[planned[event]] += 1
    now_start = np.zeros(stops + 1, np.int32)
    for here in range(stops):
        now_start[here + 1] = now_start[here] + start[here + 1] - start[here] + joined[here] - left[here]
    now, fill = np.empty(now_start[stops], np.int32), now_start[:-1].copy()
    for here in range(stops):
        first, last = start[here], start[here + 1]
        if left[here] == 0:
            for slot in range(first, last):
                now[fill[here] + slot - first] = order[slot]
            fill[here] += last - first
        else:
            for slot in range(first, last):
                if stop[order[slot]] == here:
                    now[fill[here]] = order[slot]
                    fill[here] += 1
        if joined[here] or left[here]:
            low[here], high[here] = now_start[here], now_start[here + 1]
        elif high[here] >= 0:
            low[here] += now_start[here] - first
            high[here] += now_start[here] - first
    for event in come:
        now[fill[stop[event]]] = event
        fill[stop[event]] += 1
    return now_start, now
