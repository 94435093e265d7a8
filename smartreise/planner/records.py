"""What the kernels read and write: a network, a question, and the memory of a search.

Capitals: K rounds (rides at most), S stops, P patterns, N dated trips, E events, D destinations, L lanes for them
(`planner.workshop`), A access ways, G egress ways. What a reader would get wrong: a question's arrays are writeable, a
network's are not; kernels are compiled for just these types.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

INFINITY: Final = np.int32(2**31 - 1)
#: a bound that says that nothing leads there in the longest time that a journey may take (18 hours, and some minutes)
FAR: Final = np.int32(2**16 - 1)
#: a number of rides that says so
NONE_LEADS_THERE: Final = 255
#: bounds are kept for 0 to 3 more rides, and together for all beyond
BOUND_ROWS: Final = 5


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
    #: events of each stop by departure
    stop_event_start: Any
    stop_event: Any
    stop_change_s: Any
    footpath_start: Any
    footpath_stop: Any
    footpath_s: Any
    #: the same footpaths by the stop that they lead to
    back_start: Any
    back_stop: Any
    back_s: Any
    #: the stop that each stop of the search is (`planner.rules`)
    real_stop: Any


class Question(NamedTuple):
    """A query in arrays."""

    access_stop: Any  # int32[A]
    access_s: Any  # int32[A] seconds from leaving until one can board there
    egress_stop: Any  # int32[G]
    egress_s: Any  # int32[G] seconds from alighting there to the destination
    egress_destination: Any  # int32[G]
    pattern_allowed: Any  # bool[P], read-only
    earliest: int  # first and last time of leaving
    latest: int
    rounds: int  # rides at most
    max_travel_s: int
    max_scans: int  # bound on work: pattern scans
    notes: bool  # note in `Work.ridden` what is ridden?


class Bounds(NamedTuple):
    """Least seconds from each stop to each destination, by how many more rides at most (the last row: any number)."""

    least_s: Any  # uint16[S, BOUND_ROWS, L] or FAR; all of a stop are FAR where `rides` says that none leads there
    rides: Any  # uint8[S] fewest rides to any destination, or NONE_LEADS_THERE


class Work(NamedTuple):
    """What a search writes. Kept from search to search: memory that is asked for anew costs more than the search of a
    small city, and two threads that ask wait for one another. What is *clean* is so before and after each search."""

    alighted: Bounds  # from alighting at a stop
    boarding: Bounds  # from standing ready to board there
    least: Any  # int32[L] the same from where a ride is being followed
    #: labels, kept from leaving to leaving, each the best of at most k rides
    arrive: Any  # int32[K + 1, S] earliest alighting
    ready: Any  # int32[K + 1, S] earliest boarding
    board: Any  # int32[K + 1, S] event where the ride of `arrive` was boarded
    alight: Any  # int32[K + 1, S] event where it was left
    came: Any  # int32[K + 1, S] stop alighted at, for `ready`
    best: Any  # int32[K + 1, L] earliest arrival at each destination, at most one second after any that counts
    best_stop: Any  # int32[K + 1, L] egress stop of `best` found at this leaving, −1
    access_s: Any  # int32[S] by stop, where there is access
    marked: Any  # int32[S]
    is_marked: Any  # uint8[S] clean: 0
    reached: Any  # int32[S]
    is_reached: Any  # uint8[S] clean: 0
    queue: Any  # int32[P]
    position: Any  # int32[P] first or last position from which a queued pattern is ridden, clean: −1
    #: runs, by their first dated trip, that were boarded, and the last one where all had left; clean: 0
    ridden: Any  # uint8[N]
    level: Any  # uint8[P] fewest rides before a pattern can be boarded: 0, 1, 2 or more
    egress_first: Any  # int32[S] first way from a stop to a destination, clean: −1


class Found(NamedTuple):
    """Journeys in numbers, room for M of them."""

    #: int32[M, 5] destination, leave, arrive, rides, egress stop
    head: Any
    #: int32[M, K, 2] board and alight events in order of travel
    rides: Any
