"""Equal journeys by other lines: the same leaving, arrival and changes with one ride taken over by another line.

A rider who may take the 31 or the 31E wants to see both; a search for what no other beats keeps only one of equals.
For each journey the first other line is looked for, by ride, then pattern.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from smartreise.planner.records import Network, Question
from smartreise.timetable.arrays import ALIGHT, BOARD, NO_CHANGE


@njit(cache=True, nogil=True)
def other_ride(network: Network, question: Question, events: Any, rides: int, number: int) -> tuple[int, int]:
    """Board and alight events of another line that can take over one ride, (−1, −1) if none can."""
    board, alight = events[number, 0], events[number, 1]
    earliest, latest = network.event_depart[board], network.event_arrive[alight]
    if number > 0:
        before = events[number - 1, 1]
        earliest = network.event_arrive[before] + change_s(network, before, board)
    if number + 1 < rides:
        after = events[number + 1, 0]
        latest = network.event_depart[after] - change_s(network, alight, after)
    from_stop, to_stop = network.event_stop[board], network.event_stop[alight]
    for j in range(network.stop_pattern_start[from_stop], network.stop_pattern_start[from_stop + 1]):
        pattern, position = network.stop_pattern[j], network.stop_pattern_position[j]
        if not question.pattern_allowed[pattern]:
            continue
        further = steps_to(network, pattern, position, to_stop)
        first = first_from(network, pattern, position, earliest)
        if further == 0 or first < 0:
            continue
        on, off = first + position, first + position + further
        if rides_line(network, events, rides, network.dated_route[network.event_dated[on]]):
            continue
        leaves, arrives = network.event_depart[on], network.event_arrive[off]
        if (number == 0 and leaves != network.event_depart[board]) or arrives > latest:
            continue
        if number + 1 == rides and arrives != network.event_arrive[alight]:
            continue
        if network.event_flags[on] & BOARD and network.event_flags[off] & ALIGHT:
            return on, off
    return -1, -1


@njit(cache=True, nogil=True)
def rides_line(network: Network, events: Any, rides: int, route: int) -> bool:
    """Does a journey already ride this line?"""
    for number in range(rides):  # noqa: SIM110 — a kernel knows no generators
        if network.dated_route[network.event_dated[events[number, 0]]] == route:
            return True
    return False


@njit(cache=True, nogil=True)
def steps_to(network: Network, pattern: int, position: int, stop: int) -> int:
    """Stops ridden from a position of a pattern to its next call at `stop`, 0 if it does not get there."""
    start, end = network.pattern_stop_start[pattern], network.pattern_stop_start[pattern + 1]
    for place in range(start + position + 1, end):
        if network.pattern_stop[place] == stop:
            return int(place - start - position)
    return 0


@njit(cache=True, nogil=True)
def first_from(network: Network, pattern: int, position: int, earliest: int) -> int:
    """First event of the first trip of a pattern that leaves a position at or after `earliest`, −1 if none does."""
    low, end = network.pattern_run_start[pattern], network.pattern_run_start[pattern + 1]
    high = end
    while low < high:
        middle = (low + high) // 2
        if network.event_depart[network.pattern_run[middle] + position] < earliest:
            low = middle + 1
        else:
            high = middle
    return int(network.pattern_run[low]) if low < end else -1


@njit(cache=True, nogil=True)
def change_s(network: Network, alight: int, board: int) -> int:
    """Seconds of the change between two events: at the stop, or over the footpath between their stops; NO_CHANGE where
    there is none."""
    from_stop, to_stop = network.event_stop[alight], network.event_stop[board]
    if from_stop == to_stop:
        return int(network.stop_change_s[from_stop])
    for j in range(network.footpath_start[from_stop], network.footpath_start[from_stop + 1]):
        if network.footpath_stop[j] == to_stop:
            return int(network.footpath_s[j])
    return int(NO_CHANGE)
