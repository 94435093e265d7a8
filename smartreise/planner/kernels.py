"""The search itself: range RAPTOR over a layout, for many destinations at once.

Delling, Pajor, Werneck, "Round-Based Public Transit Routing" (2012), section 4.2 (rRAPTOR): leavings are taken
from the latest to the earliest and labels are kept between them, so an earlier leaving only pays for what
it improves. Two labels a stop and number of rides: `arrive` (alighting there) and `ready` (can board there, the
change or footpath counted), since footpaths are not transitively closed and changing takes time at the same stop.

What a reader would get wrong: boarding in round k only looks at stops whose `ready` label of k − 1 improved
*for this leaving*. So every chain of parents belongs to one leaving, and rides are never chained in a round.

Before the search a pass from the destinations backwards (`planner.bounds`) tells, for each stop and number of rides
left, the least time from there to each destination. A label that cannot beat what is known is dropped; its time is
kept, without a mark, so that nothing as late is looked at again: what cannot help now never will, since arrivals only
become earlier. Arguments come in the order network, query, state.

Of labels that are equally early the one of the lower event or stop is kept, whichever comes first: an answer does not
depend on the order of patterns, nor on how much the bounds leave out (`planner.held` counts on it).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from smartreise.planner.bounds import fill_bounds
from smartreise.planner.records import BOUND_ROWS, INFINITY, Found, Network, Question, Work
from smartreise.timetable.arrays import ALIGHT, BOARD


@njit(cache=True, nogil=True)
def search_range(network: Network, question: Question, work: Work, found: Found) -> tuple[int, bool]:
    """All leavings, latest first. Returns how many journeys were written (may exceed what fits: call again with more
    room) and whether the bound on work ended the search early."""
    leavings = list_leavings(network, question)
    if len(leavings) == 0:
        return 0, False
    fill_bounds(network, question, work)
    start_labels(question, work)
    written, scans, i, cut = 0, 0, len(leavings) - 1, False
    while i >= 0 and not cut:
        leave = leavings[i] >> 32
        forget_later(work.best, leave + question.max_travel_s)
        count = 0
        while i >= 0 and leavings[i] >> 32 == leave:
            count = leave_by(question, work, leavings[i] & 0xFFFFFFFF, leave, count)
            i -= 1
        for k in range(1, question.rounds + 1):
            if count == 0:
                break
            queued = collect_patterns(network, question, work, count)
            hits = scan_patterns(network, question, work, k, queued)
            for m in range(count):
                work.is_marked[work.marked[m]] = 0
            count = relax_changes(network, question, work, k, hits)
            scans += queued
        written = write_journeys(network, work, leave, found, written)
        cut = scans > question.max_scans and i >= 0
    for stop in question.egress_stop:
        work.egress_first[stop] = -1
    return written, cut


@njit(cache=True, nogil=True)
def list_leavings(network: Network, question: Question) -> Any:
    """int64[L], rising: when to leave the origin for a first boarding that the window allows, in the upper half, and by
    which way of access, in the lower."""
    total = 0
    for a in range(len(question.access_stop)):
        stop = question.access_stop[a]
        total += network.stop_event_start[stop + 1] - network.stop_event_start[stop]
    found, count = np.empty(total, np.int64), 0
    for a in range(len(question.access_stop)):
        stop, seconds = question.access_stop[a], question.access_s[a]
        end, last = network.stop_event_start[stop + 1], INFINITY
        for j in range(first_leaving(network, stop, question.earliest + seconds), end):
            event = network.stop_event[j]
            leave = network.event_depart[event] - seconds
            if leave > question.latest:
                break
            if leave != last and network.event_flags[event] & BOARD:
                found[count] = np.int64(leave) << 32 | a
                count, last = count + 1, leave
    return np.sort(found[:count])


@njit(cache=True, nogil=True)
def first_leaving(network: Network, stop: int, earliest: int) -> int:
    """Place in `stop_event` of the first event of a stop that departs at or after ``earliest``."""
    low, high = network.stop_event_start[stop], network.stop_event_start[stop + 1]
    while low < high:
        middle = (low + high) // 2
        if network.event_depart[network.stop_event[middle]] < earliest:
            low = middle + 1
        else:
            high = middle
    return int(low)


@njit(cache=True, nogil=True)
def start_labels(question: Question, work: Work) -> None:
    """Nothing is reached yet. Parents need no start: they are read only where a label was written."""
    work.arrive[:, :] = INFINITY
    work.ready[:, :] = INFINITY
    work.best[:, :] = INFINITY
    work.best_stop[:, :] = -1
    for a in range(len(question.access_stop)):
        work.access_s[question.access_stop[a]] = question.access_s[a]
    for g in range(len(question.egress_stop) - 1, -1, -1):
        work.egress_first[question.egress_stop[g]] = g


@njit(cache=True, nogil=True)
def forget_later(best: Any, over: int) -> None:
    """Arrivals after `over` count for nothing: not for a leaving, and not for those before it."""
    for k in range(best.shape[0]):
        for d in range(best.shape[1]):
            best[k, d] = min(best[k, d], over + 1)


@njit(cache=True, nogil=True)
def leave_by(question: Question, work: Work, a: int, leave: int, count: int) -> int:
    """Leave the origin by one way of access: its stop is marked if that can help."""
    stop = question.access_stop[a]
    ready = leave + question.access_s[a]
    work.ready[0, stop] = ready
    if helps(work.boarding.least_s, work.boarding.rides, work.best, question.rounds, 0, stop, ready):
        work.is_marked[stop] = 1
        work.marked[count] = stop
        count += 1
    return count


@njit(cache=True, nogil=True)
def helps(least_s: Any, rides: Any, best: Any, left: int, k: int, stop: int, at: int) -> bool:
    """Can a label at `at`, after k rides and with `left` more, still improve an arrival? `least_s` and `rides` are the
    bounds from alighting or from boarding."""
    fewest = rides[stop]
    if fewest > left:
        return False
    for r in range(min(fewest, BOUND_ROWS - 1), min(left, BOUND_ROWS - 1) + 1):
        could, after = False, k + max(fewest, r)
        for d in range(best.shape[1]):  # no branch: lanes side by side
            could |= np.int32(at + least_s[stop, r, d]) < best[after, d]
        if could:
            return True
    return False


@njit(cache=True, nogil=True)
def collect_patterns(network: Network, question: Question, work: Work, count: int) -> int:
    """Queue the allowed patterns through marked stops, each with its first marked position."""
    start, pattern_of, position_of = network.stop_pattern_start, network.stop_pattern, network.stop_pattern_position
    queue, first, allowed, queued = work.queue, work.position, question.pattern_allowed, 0
    for m in range(count):
        stop = work.marked[m]
        for j in range(start[stop], start[stop + 1]):
            pattern, position = pattern_of[j], position_of[j]
            if first[pattern] < 0:
                if not allowed[pattern]:
                    continue
                queue[queued] = pattern
                first[pattern] = position
                queued += 1
            elif position < first[pattern]:
                first[pattern] = position
    return queued


@njit(cache=True, nogil=True)
def scan_patterns(network: Network, question: Question, work: Work, k: int, queued: int) -> int:
    """Ride along the queued patterns from their first marked position, changing to an earlier trip wherever one can be
    caught. Returns the stops reached."""
    starts, stops, run_start, run = (
        network.pattern_stop_start,
        network.pattern_stop,
        network.pattern_run_start,
        network.pattern_run,
    )
    arrives, departs, flags = network.event_arrive, network.event_depart, network.event_flags
    arrive, ready, board, alight, best = work.arrive, work.ready[k - 1], work.board[k], work.alight[k], work.best
    (alighted, rides), access_s, is_marked = work.alighted, work.access_s, work.is_marked
    reached, is_reached, hits, left = work.reached, work.is_reached, 0, question.rounds - k
    notes, ridden, event_dated = question.notes, work.ridden, network.event_dated
    for q in range(queued):
        pattern = work.queue[q]
        base, start, first, end = starts[pattern], work.position[pattern], run_start[pattern], run_start[pattern + 1]
        work.position[pattern] = -1
        current, boarded, event = end, 0, 0
        last = starts[pattern + 1] - base - 1
        for position in range(start, last + 1):
            stop = stops[base + position]
            if current < end:
                here = event + position
                at = arrives[here]
                if at == arrive[k, stop] and is_reached[stop]:
                    if here < alight[stop] and flags[here] & ALIGHT:
                        board[stop], alight[stop] = boarded, here
                elif at < arrive[k, stop] and flags[here] & ALIGHT:
                    lower(arrive, k, stop, at)
                    if helps(alighted, rides, best, left, k, stop, at):
                        board[stop], alight[stop] = boarded, here
                        if not is_reached[stop]:
                            is_reached[stop] = 1
                            reached[hits] = stop
                            hits += 1
            if is_marked[stop] and position < last:
                caught = catch(run, departs, flags, ready[stop], first, current, position)
                if caught < current:
                    leaves = departs[run[caught] + position]
                    if k > 1 or leaves - access_s[stop] <= question.latest:
                        current, event, boarded = caught, run[caught], run[caught] + position
                        if notes:
                            ridden[event_dated[event]] = 1
                elif notes and current == end:
                    ridden[event_dated[run[end - 1]]] = 1  # all have left; what leaves later would be ridden
    return hits


@njit(cache=True, nogil=True)
def lower(labels: Any, k: int, stop: int, at: int) -> None:
    """What can be had with k rides can be had with more."""
    for more in range(k, labels.shape[0]):
        if at >= labels[more, stop]:
            break
        labels[more, stop] = at


@njit(cache=True, nogil=True)
def catch(run: Any, departs: Any, flags: Any, ready: int, first: int, current: int, position: int) -> int:
    """First run of a pattern before `current` that leaves `position` at or after `ready` and can be boarded there."""
    low, high = first, current
    if low < high and departs[run[high - 1] + position] < ready:
        return current
    while low < high:
        middle = (low + high) // 2
        if departs[run[middle] + position] < ready:
            low = middle + 1
        else:
            high = middle
    while low < current:
        if flags[run[low] + position] & BOARD:
            return low
        low += 1
    return current


@njit(cache=True, nogil=True)
def relax_changes(network: Network, question: Question, work: Work, k: int, hits: int) -> int:
    """From the stops reached in round k: destinations, then changes at the stop and footpaths. Returns stops marked.
    Of changes that make one ready at the same time that at the stop itself is kept, else that from the lowest stop."""
    arrive_at_destinations(question, work, k, hits)
    if k == question.rounds:
        return 0
    start, onto_of, path_s, change_s = (
        network.footpath_start,
        network.footpath_stop,
        network.footpath_s,
        network.stop_change_s,
    )
    ready, came, best, left = work.ready, work.came[k], work.best, question.rounds - k
    (boarding, rides), marked, is_marked, count = work.boarding, work.marked, work.is_marked, 0
    for h in range(hits):
        stop = work.reached[h]
        at = work.arrive[k, stop]
        for j in range(start[stop] - 1, start[stop + 1]):
            same = j < start[stop]
            onto = stop if same else onto_of[j]
            there = at + (change_s[stop] if same else path_s[j])
            if there == ready[k, onto] and is_marked[onto]:
                if came[onto] != onto and (same or stop < came[onto]):
                    came[onto] = stop
            elif there < ready[k, onto]:
                lower(ready, k, onto, there)
                if helps(boarding, rides, best, left, k, onto, there):
                    came[onto] = stop
                    if not is_marked[onto]:
                        is_marked[onto] = 1
                        marked[count] = onto
                        count += 1
    return count


@njit(cache=True, nogil=True)
def arrive_at_destinations(question: Question, work: Work, k: int, hits: int) -> None:
    """Where a stop reached in round k is an egress stop: is a destination reached earlier than known?"""
    egress_stop, egress_s, destination, first = (
        question.egress_stop,
        question.egress_s,
        question.egress_destination,
        work.egress_first,
    )
    for h in range(hits):
        stop = work.reached[h]
        work.is_reached[stop] = 0
        g = first[stop]
        while 0 <= g < len(egress_stop) and egress_stop[g] == stop:
            there, d = work.arrive[k, stop] + egress_s[g], destination[g]
            known = work.best_stop[k, d]
            if known >= 0 and there == work.best[k, d]:
                later = work.arrive[k, stop] - work.arrive[k, known]  # and walks less
                if later > 0 or (later == 0 and stop < known):
                    work.best_stop[k, d] = stop
            elif there < work.best[k, d]:
                lower(work.best, k, d, there)
                work.best_stop[k, d] = stop
            g += 1


@njit(cache=True, nogil=True)
def write_journeys(network: Network, work: Work, leave: int, found: Found, written: int) -> int:
    """Write out what this leaving improved at the destinations, following parents back to the first boarding."""
    for d in range(work.best.shape[1]):
        for k in range(1, work.best.shape[0]):
            stop = work.best_stop[k, d]
            if stop < 0:
                continue
            work.best_stop[k, d] = -1
            if written < len(found.head):
                found.head[written, 0] = d
                found.head[written, 1] = leave
                found.head[written, 2] = work.best[k, d]
                found.head[written, 3] = k
                found.head[written, 4] = stop
                for ride in range(k, 0, -1):
                    board = work.board[ride, stop]
                    found.rides[written, ride - 1, 0] = board
                    found.rides[written, ride - 1, 1] = work.alight[ride, stop]
                    stop = work.came[ride - 1, network.event_stop[board]]
            written += 1
    return written
