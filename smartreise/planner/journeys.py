"""From the kernels' numbers to journeys: rides joined by changes, and equals by other lines.

"Equal journeys by other lines are kept up to two": for each journey the first other line is looked for that
takes over one ride and keeps leave, arrival and number of transfers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from smartreise.planner.kernels import Found, Network, Question
from smartreise.planner.query import Change, Journey, Ride
from smartreise.timetable.arrays import ALIGHT, BOARD, Layout


def read_journeys(
    layout: Layout, network: Network, question: Question, found: Found, written: int
) -> Iterator[tuple[int, Journey]]:
    """(destination, journey) of everything written, each followed by its equal by another line if there is one."""
    for number in range(written):
        destination, leave, arrive, rides, egress_stop = (int(value) for value in found.head[number])
        events = [(int(b), int(a)) for b, a in found.rides[number, :rides]]
        journey = _journey(layout, network, events, leave, arrive, egress_stop)
        yield destination, journey
        other = _equal_by_other_line(layout, network, question, events)
        if other is not None:
            yield destination, _journey(layout, network, other, leave, arrive, egress_stop)


def _journey(
    layout: Layout, network: Network, events: list[tuple[int, int]], leave: int, arrive: int, egress_stop: int
) -> Journey:
    legs: list[Ride | Change] = []
    for board, alight in events:
        if legs:
            before = legs[-1]
            assert isinstance(before, Ride)
            from_stop, to_stop = int(layout.event_stop[before.alight]), int(layout.event_stop[board])
            if from_stop != to_stop:
                legs.append(Change(from_stop, to_stop, _footpath_s(network, from_stop, to_stop)))
        legs.append(Ride(int(layout.event_dated[board]), board, alight))
    return Journey(leave, arrive, len(events) - 1, int(layout.event_stop[events[0][0]]), egress_stop, tuple(legs))


def _footpath_s(network: Network, from_stop: int, to_stop: int) -> int:
    rows = slice(int(network.footpath_start[from_stop]), int(network.footpath_start[from_stop + 1]))
    at = np.flatnonzero(network.footpath_stop[rows] == to_stop)
    return int(network.footpath_s[rows][at[0]])


def _equal_by_other_line(
    layout: Layout, network: Network, question: Question, events: list[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    """The same journey with one ride taken over by another line; the first by ride, then pattern."""
    used = {int(layout.dated_route[layout.event_dated[board]]) for board, _ in events}
    for number, (board, alight) in enumerate(events):
        earliest, latest_arrival = _bounds(layout, network, events, number)
        exact_leave, exact_arrival = number == 0, number == len(events) - 1
        for candidate in _rides_between(layout, network, question, board, alight, earliest):
            leaves, arrives = int(layout.event_depart[candidate[0]]), int(layout.event_arrive[candidate[1]])
            if exact_leave and leaves != layout.event_depart[board]:
                continue
            if (exact_arrival and arrives != layout.event_arrive[alight]) or arrives > latest_arrival:
                continue
            if int(layout.dated_route[layout.event_dated[candidate[0]]]) in used:
                continue
            return [*events[:number], candidate, *events[number + 1 :]]
    return None


def _bounds(layout: Layout, network: Network, events: list[tuple[int, int]], number: int) -> tuple[int, int]:
    """When the ride may be boarded at the earliest and must have arrived at the latest, by its neighbours."""
    board, alight = events[number]
    earliest, latest = int(layout.event_depart[board]), int(layout.event_arrive[alight])
    if number > 0:
        before = events[number - 1][1]
        earliest = int(layout.event_arrive[before]) + _change_s(layout, network, before, board)
    if number + 1 < len(events):
        after = events[number + 1][0]
        latest = int(layout.event_depart[after]) - _change_s(layout, network, alight, after)
    return earliest, latest


def _change_s(layout: Layout, network: Network, alight: int, board: int) -> int:
    from_stop, to_stop = int(layout.event_stop[alight]), int(layout.event_stop[board])
    return int(network.stop_change_s[from_stop]) if from_stop == to_stop else _footpath_s(network, from_stop, to_stop)


def _rides_between(
    layout: Layout, network: Network, question: Question, board: int, alight: int, earliest: int
) -> Iterator[tuple[int, int]]:
    """Of every allowed pattern that goes from the one stop to the other: its first ride from `earliest` on."""
    from_stop, to_stop = int(layout.event_stop[board]), int(layout.event_stop[alight])
    for j in range(int(network.stop_pattern_start[from_stop]), int(network.stop_pattern_start[from_stop + 1])):
        pattern, position = int(network.stop_pattern[j]), int(network.stop_pattern_position[j])
        if not question.pattern_allowed[pattern]:
            continue
        rows = slice(int(network.pattern_stop_start[pattern]), int(network.pattern_stop_start[pattern + 1]))
        later = np.flatnonzero(network.pattern_stop[rows][position + 1 :] == to_stop)
        if not len(later):
            continue
        span = slice(int(network.pattern_dated_start[pattern]), int(network.pattern_dated_start[pattern + 1]))
        first = network.dated_event[network.pattern_dated[span]]
        departs = network.event_depart[first + position]
        at = int(np.searchsorted(departs, earliest))
        if at == len(first):
            continue
        on, off = int(first[at]) + position, int(first[at]) + position + 1 + int(later[0])
        if network.event_flags[on] & BOARD and network.event_flags[off] & ALIGHT:
            yield on, off
