"""Tells journeys: from board and alight events to the rows that Python makes records of.

All that has to be looked up is looked up here, without the interpreter's lock: which trips a ride goes through, how
long a change on foot takes, and each journey's equal by another line.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from smartreise.planner.equals import change_s, other_ride
from smartreise.planner.records import Found, Network, Question

#: first column of a row that is a change on foot
ON_FOOT = -1


@njit(cache=True, nogil=True)
def tell(network: Network, question: Question, found: Found, written: int, until: int) -> tuple[Any, Any]:
    """What leaves by ``until``: int32[J, 7] destination, leave, arrive, transfers, access stop, egress stop, number of
    legs, and int32[·, 4] their legs in order: dated trip, board, alight, 0, or ON_FOOT, from stop, to stop, seconds.
    Each journey is followed by its equal by another line, if it has one."""
    rounds = found.rides.shape[1]
    journeys, told = np.empty((2 * written, 7), np.int32), 0
    legs, length = np.empty((8 * written * rounds + 8, 4), np.int32), 0
    other = np.empty((rounds, 2), np.int32)
    for m in range(written):
        if found.head[m, 1] > until:
            continue
        for equal in range(2):
            rides = found.head[m, 3]
            if equal and not find_equal(network, question, found.rides[m], rides, other):
                break
            events = other if equal else found.rides[m]
            begin = length
            for number in range(rides):
                need = network.event_dated[events[number, 1]] - network.event_dated[events[number, 0]] + 2
                if length + need > len(legs):
                    legs = np.concatenate((legs, np.empty((len(legs) + need, 4), np.int32)))
                if number:
                    length = tell_change(network, events[number - 1, 1], events[number, 0], legs, length)
                length = tell_ride(network, events[number, 0], events[number, 1], legs, length)
            journeys[told, 0] = found.head[m, 0]
            journeys[told, 1] = found.head[m, 1]
            journeys[told, 2] = found.head[m, 2]
            journeys[told, 3] = rides - 1
            journeys[told, 4] = network.real_stop[network.event_stop[events[0, 0]]]
            journeys[told, 5] = network.real_stop[found.head[m, 4]]
            journeys[told, 6] = length - begin
            told += 1
    return journeys[:told], legs[:length]


@njit(cache=True, nogil=True)
def find_equal(network: Network, question: Question, events: Any, rides: int, other: Any) -> bool:
    """Write the same journey with one ride by another line into ``other``; False if there is none."""
    for number in range(rides):
        board, alight = other_ride(network, question, events, rides, number)
        if board >= 0:
            other[:] = events
            other[number, 0], other[number, 1] = board, alight
            return True
    return False


@njit(cache=True, nogil=True)
def tell_change(network: Network, alight: int, board: int, legs: Any, length: int) -> int:
    """A change on foot between two stops; none at one stop."""
    from_stop = network.real_stop[network.event_stop[alight]]
    to_stop = network.real_stop[network.event_stop[board]]
    if from_stop == to_stop:
        return length
    legs[length, 0], legs[length, 1], legs[length, 2] = ON_FOOT, from_stop, to_stop
    legs[length, 3] = change_s(network, alight, board)
    return length + 1


@njit(cache=True, nogil=True)
def tell_ride(network: Network, board: int, alight: int, legs: Any, length: int) -> int:
    """One ride, or one for each dated trip that the vehicle goes through with its riders seated."""
    first, last = network.event_dated[board], network.event_dated[alight]
    for dated in range(first, last + 1):
        legs[length, 0] = dated
        legs[length, 1] = board if dated == first else network.dated_event[dated]
        legs[length, 2] = alight if dated == last else network.dated_event[dated + 1] - 1
        legs[length, 3] = 0
        length += 1
    return length
