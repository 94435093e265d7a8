"""Lower bounds to the destinations: what a search may leave out because it cannot arrive in time.

The network is ridden backwards from the egress stops of all destinations at once, round by round, with every wait
left out and every ride at the speed of the fastest trip of its pattern. (Nigiri prunes by travel time alone, per
destination.) Two things a reader would get wrong. A bound is per number of rides left; from four on one row holds
for any number, which is lower still and so as true. And in the last rounds only patterns are ridden that can be
boarded so early: with six rides at most, six are left only before the first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from smartreise.planner.records import BOUND_ROWS, FAR, INFINITY, NONE_LEADS_THERE, Bounds, Network, Question, Work
from smartreise.timetable.arrays import ALIGHT, BOARD, NO_TIME


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
def fill_lenient(network: Network, planned_arrive: Any, planned_depart: Any) -> None:
    """Lower `pattern_ride_s` to what no trip should undercut whatever its delay: see `least_s`."""
    for pattern in range(len(network.pattern_stop_start) - 1):
        first, end = network.pattern_stop_start[pattern], network.pattern_stop_start[pattern + 1]
        for number in range(network.pattern_run_start[pattern], network.pattern_run_start[pattern + 1]):
            event = network.pattern_run[number]
            for place in range(first, end - 1):
                if planned_arrive[event + 1] != NO_TIME and planned_depart[event] != NO_TIME:
                    least = least_s(planned_arrive[event + 1] - planned_depart[event])
                    network.pattern_ride_s[place] = min(least, network.pattern_ride_s[place])
                event += 1


@njit(cache=True, nogil=True)
def least_s(planned_s: int) -> int:
    """Seconds that a ride planned to take ``planned_s`` is taken to need at least: half of it, or a minute less."""
    return max(0, min(planned_s // 2, planned_s - 60))


@njit(cache=True, nogil=True)
def fill_bounds(network: Network, question: Question, work: Work) -> None:
    """All bounds of a question, from no further ride to `question.rounds`."""
    fill_levels(network, question, work)
    count = start_at_destinations(question, work)
    for r in range(1, question.rounds + 1):
        queued = queue_back(network, question, work, r, count)
        hits = ride_back(network, work, r, queued)
        count = change_back(network, work, r, hits)
    for m in range(count):
        work.is_marked[work.marked[m]] = 0


@njit(cache=True, nogil=True)
def forget(bounds: Bounds) -> None:
    """Nothing leads anywhere yet. What the last search left is little of a large network."""
    least_s, rides = bounds
    for stop in range(len(rides)):
        if rides[stop] != NONE_LEADS_THERE:
            rides[stop] = NONE_LEADS_THERE
            least_s[stop, :, :] = FAR


@njit(cache=True, nogil=True)
def fill_levels(network: Network, question: Question, work: Work) -> None:
    """How many rides come before a pattern: none where one boards at an access stop, one where one changes from there,
    else at least two."""
    patterns, count, queued = len(network.pattern_run_start) - 1, 0, 0
    work.level[:patterns] = 2
    for a in range(len(question.access_stop)):
        stop = question.access_stop[a]
        for j in range(network.stop_pattern_start[stop], network.stop_pattern_start[stop + 1]):
            if work.level[network.stop_pattern[j]] == 2:
                work.level[network.stop_pattern[j]] = 0
                work.queue[queued] = network.stop_pattern[j]
                queued += 1
    for q in range(queued):
        for place in range(network.pattern_stop_start[work.queue[q]], network.pattern_stop_start[work.queue[q] + 1]):
            stop = network.pattern_stop[place]
            if not work.is_marked[stop]:
                work.is_marked[stop] = 1
                work.marked[count] = stop
                count += 1
    for m in range(count):
        stop = work.marked[m]
        work.is_marked[stop] = 0
        for j in range(network.footpath_start[stop] - 1, network.footpath_start[stop + 1]):
            onto = stop if j < network.footpath_start[stop] else network.footpath_stop[j]
            for place in range(network.stop_pattern_start[onto], network.stop_pattern_start[onto + 1]):
                if work.level[network.stop_pattern[place]] == 2:
                    work.level[network.stop_pattern[place]] = 1


@njit(cache=True, nogil=True)
def start_at_destinations(question: Question, work: Work) -> int:
    """The walks from egress stops, without another ride or with any. Returns the stops marked."""
    forget(work.alighted)
    forget(work.boarding)
    count = 0
    for g in range(len(question.egress_stop)):
        stop, d = question.egress_stop[g], question.egress_destination[g]
        work.alighted.least_s[stop, :, d] = min(question.egress_s[g], FAR)
        work.alighted.rides[stop] = 0
        if not work.is_marked[stop]:
            work.is_marked[stop] = 1
            work.marked[count] = stop
            count += 1
    return count


@njit(cache=True, nogil=True)
def queue_back(network: Network, question: Question, work: Work, r: int, count: int) -> int:
    """Queue the patterns through marked stops that may be ridden with r rides left, each with its last such position.
    Returns how many."""
    start, pattern_of, position_of = network.stop_pattern_start, network.stop_pattern, network.stop_pattern_position
    queue, last, level, allowed = work.queue, work.position, work.level, question.pattern_allowed
    queued = 0
    for m in range(count):
        stop = work.marked[m]
        work.is_marked[stop] = 0
        for j in range(start[stop], start[stop + 1]):
            pattern = pattern_of[j]
            if allowed[pattern] and level[pattern] + r <= question.rounds:
                if last[pattern] < 0:
                    queue[queued] = pattern
                    queued += 1
                last[pattern] = max(last[pattern], position_of[j])
    return queued


@njit(cache=True, nogil=True)
def ride_back(network: Network, work: Work, r: int, queued: int) -> int:
    """Ride the queued patterns backwards, improving what can be had by boarding along them. Returns the stops hit."""
    starts, stops, flag_of, ride_of = (
        network.pattern_stop_start,
        network.pattern_stop,
        network.pattern_flags,
        network.pattern_ride_s,
    )
    alighted, boarding, least = work.alighted.least_s, work.boarding.least_s, work.least
    reached, is_reached, hits, lanes = work.reached, work.is_reached, 0, len(work.least)
    row, before = min(r, BOUND_ROWS - 1), min(r - 1, BOUND_ROWS - 1)
    for q in range(queued):
        pattern = work.queue[q]
        base, last = starts[pattern], work.position[pattern]
        work.position[pattern] = -1
        least[:] = FAR
        for position in range(last, -1, -1):
            stop, flags = stops[base + position], flag_of[base + position]
            if position < last:
                ride, better = ride_of[base + position], False
                for d in range(lanes):
                    least[d] += ride
                if flags & BOARD:
                    for d in range(lanes):  # no branch: lanes side by side
                        better |= least[d] < boarding[stop, row, d]
                        boarding[stop, row, d] = min(least[d], boarding[stop, row, d])
                if better:
                    hold_with_more(boarding, stop, row)
                    if not is_reached[stop]:
                        is_reached[stop] = 1
                        reached[hits] = stop
                        hits += 1
            if flags & ALIGHT:
                for d in range(lanes):
                    least[d] = min(least[d], alighted[stop, before, d])
    return hits


@njit(cache=True, nogil=True)
def change_back(network: Network, work: Work, r: int, hits: int) -> int:
    """From where one boards to where one may have alighted: the same stop, or one with a footpath to it. Returns the
    stops marked."""
    start, came_of, path_s, change_s = network.back_start, network.back_stop, network.back_s, network.stop_change_s
    (alighted, rides), (boarding, board_rides), lanes, count = work.alighted, work.boarding, len(work.least), 0
    marked, is_marked, row = work.marked, work.is_marked, min(r, BOUND_ROWS - 1)
    for h in range(hits):
        stop = work.reached[h]
        work.is_reached[stop] = 0
        board_rides[stop] = min(r, board_rides[stop])
        for j in range(start[stop] - 1, start[stop + 1]):
            same = j < start[stop]
            came = stop if same else came_of[j]
            needed = change_s[stop] if same else path_s[j]
            better = False
            for d in range(lanes):
                total = np.int32(boarding[stop, row, d] + needed)
                better |= total < alighted[came, row, d]
                alighted[came, row, d] = min(total, alighted[came, row, d])
            if better:
                hold_with_more(alighted, came, row)
                rides[came] = min(r, rides[came])
                if not is_marked[came]:
                    is_marked[came] = 1
                    marked[count] = came
                    count += 1
    return count


@njit(cache=True, nogil=True)
def hold_with_more(least_s: Any, stop: int, row: int) -> None:
    """What can be had with so many rides can be had with more."""
    for more in range(row + 1, BOUND_ROWS):
        for d in range(least_s.shape[2]):
            least_s[stop, more, d] = min(least_s[stop, row, d], least_s[stop, more, d])
