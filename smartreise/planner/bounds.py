"""Lower bounds to the destinations: what a search may leave out because it cannot arrive in time.

The network is ridden backwards from the egress stops, round by round, with every wait left out and every ride at the
speed of the fastest trip of its pattern. What a reader would get wrong: a bound is per number of rides left, so in
the last round only what stops at an egress stop is still ridden. (Nigiri prunes by travel time alone.)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from smartreise.planner.kernels import INFINITY, Bounds, Network, Question
from smartreise.timetable.arrays import ALIGHT, BOARD


def empty_bounds(destinations: int, rounds: int, stops: int) -> Bounds:
    """Bounds that say that nothing can be reached, for `fill_bounds`."""
    return Bounds(
        alighted=np.full((destinations, rounds + 1, stops), INFINITY, np.int32),
        boarding=np.full((destinations, rounds + 1, stops), INFINITY, np.int32),
        rides=np.full((destinations, stops), 255, np.uint8),
        board_rides=np.full((destinations, stops), 255, np.uint8),
    )


@njit(cache=True, nogil=True)
def fill_minima(network: Network) -> None:
    """Fill in `pattern_ride_s` and `pattern_flags`, which the trips of a pattern share."""
    for pattern in range(len(network.pattern_stop_start) - 1):
        first, end = network.pattern_stop_start[pattern], network.pattern_stop_start[pattern + 1]
        head = network.pattern_run[network.pattern_run_start[pattern]]
        for place in range(first, end):
            network.pattern_flags[place] = network.event_flags[head + place - first]
            network.pattern_ride_s[place] = INFINITY if place + 1 < end else 0
        for number in range(network.pattern_run_start[pattern], network.pattern_run_start[pattern + 1]):
            event = network.pattern_run[number]
            for place in range(first, end - 1):
                ride = network.event_arrive[event + 1] - network.event_depart[event]
                if ride < network.pattern_ride_s[place]:
                    network.pattern_ride_s[place] = ride
                event += 1


@njit(cache=True, nogil=True)
def fill_bounds(network: Network, question: Question, bounds: Bounds) -> None:
    """All bounds, destination by destination, from no further ride to `question.rounds`."""
    stops, patterns = len(network.stop_change_s), len(network.pattern_run_start) - 1
    last_position = np.full(patterns, -1, np.int32)
    queue, marked = np.empty(patterns, np.int32), np.empty(stops, np.int32)
    is_marked = np.zeros(stops, np.uint8)
    boarded, is_boarded = np.empty(stops, np.int32), np.zeros(stops, np.uint8)
    for d in range(bounds.alighted.shape[0]):
        count = 0
        for stop in range(stops):
            for j in range(question.egress_start[stop], question.egress_start[stop + 1]):
                if question.egress_destination[j] == d:
                    bounds.alighted[d, 0, stop] = question.egress_s[j]
                    bounds.rides[d, stop] = 0
                    marked[count] = stop
                    count += 1
        for r in range(1, question.rounds + 1):
            bounds.alighted[d, r] = bounds.alighted[d, r - 1]
            bounds.boarding[d, r] = bounds.boarding[d, r - 1]
            queued = 0
            for m in range(count):
                is_marked[marked[m]] = 0
                queued = queue_back(network, question, marked[m], last_position, queue, queued)
            hits = 0
            for q in range(queued):
                pattern, start = queue[q], last_position[queue[q]]
                last_position[pattern] = -1
                hits = ride_back(network, bounds, d, r, pattern, start, boarded, is_boarded, hits)
            count = 0
            for h in range(hits):
                count = change_back(network, bounds, d, r, boarded[h], marked, is_marked, count)
                is_boarded[boarded[h]] = 0
        for m in range(count):
            is_marked[marked[m]] = 0


@njit(cache=True, nogil=True)
def queue_back(network: Network, question: Question, stop: int, last_position: Any, queue: Any, queued: int) -> int:
    """Queue the allowed patterns through a stop, each with its last such position."""
    for j in range(network.stop_pattern_start[stop], network.stop_pattern_start[stop + 1]):
        pattern = network.stop_pattern[j]
        if question.pattern_allowed[pattern]:
            if last_position[pattern] < 0:
                queue[queued] = pattern
                queued += 1
            last_position[pattern] = max(last_position[pattern], network.stop_pattern_position[j])
    return queued


@njit(cache=True, nogil=True)
def ride_back(
    network: Network, bounds: Bounds, d: int, r: int, pattern: int, start: int, boarded: Any, is_boarded: Any, hits: int
) -> int:
    """Ride a pattern backwards from a position, improving what can be had by boarding along it."""
    base = network.pattern_stop_start[pattern]
    least = INFINITY
    for position in range(start, -1, -1):
        stop = network.pattern_stop[base + position]
        if least < INFINITY:
            least += network.pattern_ride_s[base + position]
            if least < bounds.boarding[d, r, stop] and network.pattern_flags[base + position] & BOARD:
                bounds.boarding[d, r, stop] = least
                bounds.board_rides[d, stop] = min(bounds.board_rides[d, stop], np.uint8(r))
                if not is_boarded[stop]:
                    is_boarded[stop] = 1
                    boarded[hits] = stop
                    hits += 1
        if bounds.alighted[d, r - 1, stop] < least and network.pattern_flags[base + position] & ALIGHT:
            least = bounds.alighted[d, r - 1, stop]
    return hits


@njit(cache=True, nogil=True)
def change_back(
    network: Network, bounds: Bounds, d: int, r: int, stop: int, marked: Any, is_marked: Any, count: int
) -> int:
    """From where one boards to where one may have alighted: the same stop, or one with a footpath to it."""
    least = bounds.boarding[d, r, stop]
    for j in range(network.back_start[stop] - 1, network.back_start[stop + 1]):
        same = j < network.back_start[stop]
        came = stop if same else network.back_stop[j]
        total = least + (network.stop_change_s[stop] if same else network.back_s[j])
        if total < bounds.alighted[d, r, came]:
            bounds.alighted[d, r, came] = total
            bounds.rides[d, came] = min(bounds.rides[d, came], np.uint8(r))
            if not is_marked[came]:
                is_marked[came] = 1
                marked[count] = came
                count += 1
    return count
