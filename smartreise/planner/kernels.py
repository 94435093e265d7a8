"""The search itself: range RAPTOR over a layout, for many destinations at once. The only compiled code here.

Delling, Pajor, Werneck, "Round-Based Public Transit Routing" (2012), section 4.2 (rRAPTOR): leavings are taken
from the latest to the earliest and labels are kept between them, so an earlier leaving only pays for what
it improves. Two labels a stop and number of rides: `arrive` (alighting there) and `ready` (can board there, the
change or footpath counted), since footpaths are not transitively closed and changing takes time at the same stop.

What a reader would get wrong: boarding in round k only looks at stops whose `ready` label of k − 1 improved
*for this leaving*. So every chain of parents belongs to one leaving, and rides are never chained in a round.

Before the search a pass from the destinations backwards (`planner.bounds`) tells, for each stop and number of rides
left, the least time from there to each destination. A label that cannot beat what is known is dropped.

Capitals: K rounds (rides at most), S stops, P patterns, N dated trips, E events, D destinations.
Arguments come in the order network, query, state.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from smartreise.timetable.arrays import ALIGHT, BOARD

INFINITY = np.int32(2**31 - 1)


class Network(NamedTuple):
    """Read-only int32 arrays of a layout and its timetable, named as there; `event_flags` uint8."""

    pattern_stop_start: Any
    pattern_stop: Any
    #: parallel to `pattern_stop`: int32 least time of any of its trips to the next stop; uint8 BOARD | ALIGHT
    pattern_ride_s: Any
    pattern_flags: Any
    pattern_run_start: Any
    pattern_run: Any
    stop_pattern_start: Any
    stop_pattern: Any
    stop_pattern_position: Any
    dated_route: Any
    dated_event: Any
    event_dated: Any
    event_stop: Any
    event_arrive: Any
    event_depart: Any
    event_flags: Any
    stop_change_s: Any
    footpath_start: Any
    footpath_stop: Any
    footpath_s: Any
    #: the same footpaths by the stop that they lead to
    back_start: Any
    back_stop: Any
    back_s: Any


class Question(NamedTuple):
    """A query in arrays. Leavings are (time, stop) pairs by falling time: first boardings that the window allows."""

    leave: Any  # int32[L]
    leave_stop: Any  # int32[L]
    access_s: Any  # int32[S] seconds to each stop, INFINITY where there is no access
    latest: int
    pattern_allowed: Any  # bool[P]
    #: CSR by stop: destinations that it is an egress stop of, and seconds from there
    egress_start: Any  # int32[S + 1]
    egress_destination: Any  # int32
    egress_s: Any  # int32
    rounds: int  # rides at most
    max_travel_s: int
    max_scans: int  # bound on work: pattern scans


class Labels(NamedTuple):
    """Written by the search. Row 0 of `arrive` is unused; a label is kept from leaving to leaving."""

    arrive: Any  # int32[K + 1, S] earliest alighting, cumulated over fewer rides
    ready: Any  # int32[K + 1, S] earliest boarding, cumulated over fewer rides
    board: Any  # int32[K + 1, S] event where the ride of `arrive` was boarded
    alight: Any  # int32[K + 1, S] event where it was left
    came: Any  # int32[K + 1, S] stop alighted at, for `ready`
    best: Any  # int32[K + 1, D] earliest arrival at each destination, cumulated
    best_stop: Any  # int32[K + 1, D] egress stop of `best` found at this leaving, −1


class Bounds(NamedTuple):
    """Least seconds to destination d with at most r more rides, INFINITY where none leads there (`planner.bounds`)."""

    alighted: Any  # int32[D, K + 1, S] from alighting at a stop
    boarding: Any  # int32[D, K + 1, S] from standing ready to board there
    rides: Any  # uint8[D, S] fewest more rides from alighting, 255: none leads there
    board_rides: Any  # uint8[D, S] fewest rides from boarding


class Found(NamedTuple):
    """Journeys written out: `head` int32[M, 5] destination, leave, arrive, rides, egress stop; `rides` int32[M, K, 2]
    board and alight events in order of travel."""

    head: Any
    rides: Any


@njit(cache=True, nogil=True)
def search_range(
    network: Network, question: Question, bounds: Bounds, labels: Labels, found: Found
) -> tuple[int, bool]:
    """All leavings, latest first. Returns journeys written (may exceed what fits: call again with more room)
    and whether the bound on work ended the search early."""
    stops = len(network.stop_change_s)
    first_position = np.full(len(network.pattern_run_start) - 1, INFINITY, np.int32)
    queue = np.empty(len(first_position), np.int32)
    marked, reached = np.empty(stops, np.int32), np.empty(stops, np.int32)
    is_marked, is_reached = np.zeros(stops, np.uint8), np.zeros(stops, np.uint8)
    written, scans, i = 0, 0, 0
    while i < len(question.leave):
        leave = question.leave[i]
        count = 0
        while i < len(question.leave) and question.leave[i] == leave:
            stop = question.leave_stop[i]
            ready = leave + question.access_s[stop]
            labels.ready[0, stop] = min(labels.ready[0, stop], ready)
            over = leave + question.max_travel_s
            if not is_marked[stop] and helps(
                bounds.boarding, bounds.board_rides, labels.best, question.rounds, 0, stop, ready, over
            ):
                is_marked[stop] = 1
                marked[count] = stop
                count += 1
            i += 1
        for k in range(1, question.rounds + 1):
            queued = collect_patterns(network, question, marked, count, first_position, queue)
            scans += queued
            hits = 0
            for q in range(queued):
                pattern, start = queue[q], first_position[queue[q]]
                first_position[pattern] = INFINITY
                hits = scan_pattern(
                    network, question, bounds, labels, k, leave, pattern, start, is_marked, reached, is_reached, hits
                )
            for m in range(count):
                is_marked[marked[m]] = 0
            count = relax_changes(
                network, question, bounds, labels, k, leave, reached, hits, is_reached, marked, is_marked
            )
            if count == 0:
                break
        for m in range(count):
            is_marked[marked[m]] = 0
        written = write_journeys(network, question, labels, leave, found, written)
        if scans > question.max_scans and i < len(question.leave):
            return written, True
    return written, False


@njit(cache=True, nogil=True)
def collect_patterns(
    network: Network, question: Question, marked: Any, count: int, first_position: Any, queue: Any
) -> int:
    """Queue the allowed patterns through marked stops, each with its first marked position."""
    queued = 0
    for m in range(count):
        stop = marked[m]
        for j in range(network.stop_pattern_start[stop], network.stop_pattern_start[stop + 1]):
            pattern = network.stop_pattern[j]
            if not question.pattern_allowed[pattern]:
                continue
            if first_position[pattern] == INFINITY:
                queue[queued] = pattern
                queued += 1
            if network.stop_pattern_position[j] < first_position[pattern]:
                first_position[pattern] = network.stop_pattern_position[j]
    return queued


@njit(cache=True, nogil=True)
def helps(least: Any, fewest: Any, best: Any, left: int, k: int, stop: int, at: int, end: int) -> bool:
    """Can a label at `at`, after k rides and with `left` more, still improve an arrival? `least` and `fewest` are the
    bounds from alighting or from boarding; arrivals after `end` count for nothing."""
    for d in range(best.shape[1]):
        rides = fewest[d, stop]
        if rides <= left:
            there = at + least[d, left, stop]
            if there <= end and there < best[k + rides, d]:
                return True
    return False


@njit(cache=True, nogil=True)
def scan_pattern(
    network: Network,
    question: Question,
    bounds: Bounds,
    labels: Labels,
    k: int,
    leave: int,
    pattern: int,
    start: int,
    is_marked: Any,
    reached: Any,
    is_reached: Any,
    hits: int,
) -> int:
    """Ride along one pattern from its first marked position, changing to an earlier trip wherever one can be caught."""
    stop_base = network.pattern_stop_start[pattern]
    length = network.pattern_stop_start[pattern + 1] - stop_base
    first, end = network.pattern_run_start[pattern], network.pattern_run_start[pattern + 1]
    current = end
    board = np.int32(-1)
    event = np.int32(0)
    left, over = question.rounds - k, leave + question.max_travel_s
    for position in range(start, length):
        stop = network.pattern_stop[stop_base + position]
        if current < end:
            here = event + position
            at = network.event_arrive[here]
            if (
                at < labels.arrive[k, stop]
                and network.event_flags[here] & ALIGHT
                and helps(bounds.alighted, bounds.rides, labels.best, left, k, stop, at, over)
            ):
                for more in range(k, labels.arrive.shape[0]):
                    if at < labels.arrive[more, stop]:
                        labels.arrive[more, stop] = at
                labels.board[k, stop] = board
                labels.alight[k, stop] = here
                if not is_reached[stop]:
                    is_reached[stop] = 1
                    reached[hits] = stop
                    hits += 1
        if is_marked[stop] and position + 1 < length:
            caught = catch(network, labels.ready[k - 1, stop], first, current, position)
            if caught < current:
                candidate = network.pattern_run[caught]
                leaves = network.event_depart[candidate + position]
                if k > 1 or leaves - question.access_s[stop] <= question.latest:
                    current, event, board = caught, candidate, candidate + position
    return hits


@njit(cache=True, nogil=True)
def catch(network: Network, ready: int, first: int, current: int, position: int) -> int:
    """First trip of a pattern before `current` that leaves `position` at or after `ready` and can be boarded there."""
    low, high = first, current
    while low < high:
        middle = (low + high) // 2
        if network.event_depart[network.pattern_run[middle] + position] < ready:
            low = middle + 1
        else:
            high = middle
    while low < current:
        if network.event_flags[network.pattern_run[low] + position] & BOARD:
            return low
        low += 1
    return current


@njit(cache=True, nogil=True)
def relax_changes(
    network: Network,
    question: Question,
    bounds: Bounds,
    labels: Labels,
    k: int,
    leave: int,
    reached: Any,
    hits: int,
    is_reached: Any,
    marked: Any,
    is_marked: Any,
) -> int:
    """From the stops reached in round k: destinations, changes at the stop, footpaths. Returns stops marked."""
    count, left, over = 0, question.rounds - k, leave + question.max_travel_s
    for h in range(hits):
        stop = reached[h]
        is_reached[stop] = 0
        at = labels.arrive[k, stop]
        for j in range(question.egress_start[stop], question.egress_start[stop + 1]):
            there, d = at + question.egress_s[j], question.egress_destination[j]
            if there < labels.best[k, d] and there <= over:
                for more in range(k, labels.best.shape[0]):
                    if there < labels.best[more, d]:
                        labels.best[more, d] = there
                labels.best_stop[k, d] = stop
        if left == 0:
            continue
        ready = at + network.stop_change_s[stop]
        if helps(bounds.boarding, bounds.board_rides, labels.best, left, k, stop, ready, over):
            count = make_ready(labels, k, stop, stop, ready, marked, is_marked, count)
        for j in range(network.footpath_start[stop], network.footpath_start[stop + 1]):
            ready, onto = at + network.footpath_s[j], network.footpath_stop[j]
            if ready < labels.ready[k, onto] and helps(
                bounds.boarding, bounds.board_rides, labels.best, left, k, onto, ready, over
            ):
                count = make_ready(labels, k, onto, stop, ready, marked, is_marked, count)
    return count


@njit(cache=True, nogil=True)
def make_ready(
    labels: Labels, k: int, stop: int, came: int, ready: int, marked: Any, is_marked: Any, count: int
) -> int:
    """Can one board at `stop` earlier than known? Then label and mark it."""
    if ready < labels.ready[k, stop]:
        for more in range(k, labels.ready.shape[0]):
            if ready < labels.ready[more, stop]:
                labels.ready[more, stop] = ready
        labels.came[k, stop] = came
        if not is_marked[stop]:
            is_marked[stop] = 1
            marked[count] = stop
            count += 1
    return count


@njit(cache=True, nogil=True)
def write_journeys(network: Network, question: Question, labels: Labels, leave: int, found: Found, written: int) -> int:
    """Write out what this leaving improved at the destinations, following parents back to the first boarding."""
    for d in range(labels.best.shape[1]):
        for k in range(1, question.rounds + 1):
            stop = labels.best_stop[k, d]
            if stop < 0:
                continue
            labels.best_stop[k, d] = -1
            if written < len(found.head):
                found.head[written, 0] = d
                found.head[written, 1] = leave
                found.head[written, 2] = labels.best[k, d]
                found.head[written, 3] = k
                found.head[written, 4] = stop
                for ride in range(k, 0, -1):
                    board = labels.board[ride, stop]
                    found.rides[written, ride - 1, 0] = board
                    found.rides[written, ride - 1, 1] = labels.alight[ride, stop]
                    stop = labels.came[ride - 1, network.event_stop[board]]
            written += 1
    return written
