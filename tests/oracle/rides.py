"""The search, the slow and obvious way: the specification of what the planner answers.

Plain lists and dictionaries, no arrays, no patterns, no pruning: from every leaving the window allows, ride every
trip that can be boarded to every later stop, change wherever there is time, round by round; then keep what no
other beats in leaving later, arriving earlier, fewer transfers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from smartreise.timetable.arrays import ALIGHT, BOARD, CANCELLED, DELETED, Layout, Timetable

Found = tuple[int, int, int]  # leave, arrive, transfers


@dataclass
class OracleCall:
    stop: int
    arrive: int
    depart: int
    board: bool
    alight: bool


@dataclass
class OracleNetwork:
    trips: list[list[OracleCall]]
    change_s: dict[int, int]
    #: stop → {other stop: least seconds of a change on foot}
    footpaths: dict[int, dict[int, int]] = field(default_factory=dict)


def read_network(timetable: Timetable, layout: Layout) -> OracleNetwork:
    """A layout as plain lists; what is cancelled is not there. Joined trips read as one long trip, unless the second
    leaves before the first is there."""
    trips: list[list[OracleCall]] = []
    seated = False
    for dated in range(len(layout.dated_trip)):
        if layout.dated_state[dated] in (CANCELLED, DELETED):
            seated = False
            continue
        calls = []
        for event in range(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1])):
            flags = int(layout.event_flags[event])
            times = int(layout.event_arrive[event]), int(layout.event_depart[event])
            calls.append(OracleCall(int(layout.event_stop[event]), *times, bool(flags & BOARD), bool(flags & ALIGHT)))
        if seated and trips[-1][-1].arrive <= calls[0].depart:
            trips[-1] += calls
        else:
            trips.append(calls)
        seated = bool(layout.dated_joined[dated])
    network = OracleNetwork(trips, {stop: int(s) for stop, s in enumerate(timetable.stop_change_s)})
    for stop in range(len(timetable.stop_id)):
        rows = range(int(timetable.footpath_start[stop]), int(timetable.footpath_start[stop + 1]))
        network.footpaths[stop] = {int(timetable.footpath_stop[r]): int(timetable.footpath_s[r]) for r in rows}
    return network


def all_journeys(
    network: OracleNetwork,
    access: dict[int, int],
    egress: dict[int, int],
    *,
    earliest: int,
    latest: int,
    max_transfers: int,
    max_travel_s: int,
) -> set[Found]:
    """(leave, arrive, transfers) of every journey that no other beats."""
    found: set[Found] = set()
    for leave in _leavings(network, access, earliest, latest):
        # where one stands ready to board, and since when, having left the origin at `leave` just in time
        ready = {
            stop: (leave + seconds, True)
            for stop, seconds in access.items()
            if any(c.stop == stop and c.board and c.depart == leave + seconds for t in network.trips for c in t[:-1])
        }
        for transfers in range(max_transfers + 1):
            arrived = _ride(network, ready, first=transfers == 0)
            for stop, at in arrived.items():
                if stop in egress and at + egress[stop] - leave <= max_travel_s:
                    found.add((leave, at + egress[stop], transfers))
            ready = {stop: (at, False) for stop, at in _change(network, arrived).items()}
    return pareto(found)


def pareto(found: set[Found]) -> set[Found]:
    """Those that no other beats."""

    def beats(a: Found, b: Found) -> bool:
        return a != b and a[0] >= b[0] and a[1] <= b[1] and a[2] <= b[2]

    return {journey for journey in found if not any(beats(other, journey) for other in found)}


def _leavings(network: OracleNetwork, access: dict[int, int], earliest: int, latest: int) -> list[int]:
    leavings = {
        call.depart - access[call.stop]
        for trip in network.trips
        for call in trip[:-1]
        if call.stop in access and call.board
    }
    return sorted(leave for leave in leavings if earliest <= leave <= latest)


def _ride(network: OracleNetwork, ready: dict[int, tuple[int, bool]], *, first: bool) -> dict[int, int]:
    """Earliest arrival at every stop by one ride. The first ride must leave just when one gets there: what leaves
    later belongs to a later leaving."""
    arrived: dict[int, int] = {}
    for trip in network.trips:
        for i, board in enumerate(trip):
            if board.stop not in ready or not board.board:
                continue
            since = ready[board.stop][0]
            if board.depart < since or (first and board.depart != since):
                continue
            for alight in trip[i + 1 :]:
                if alight.alight:
                    arrived[alight.stop] = min(arrived.get(alight.stop, alight.arrive), alight.arrive)
    return arrived


def _change(network: OracleNetwork, arrived: dict[int, int]) -> dict[int, int]:
    """Where one can board again, and from when: at the same stop, or after one footpath."""
    ready: dict[int, int] = {}
    for stop, at in arrived.items():
        for other, seconds in {stop: network.change_s[stop], **network.footpaths.get(stop, {})}.items():
            ready[other] = min(ready.get(other, at + seconds), at + seconds)
    return ready


def mirror(network: OracleNetwork) -> OracleNetwork:
    """The network with time running backwards: arriving by a time is leaving from it."""
    back = OracleNetwork(
        [[OracleCall(c.stop, -c.depart, -c.arrive, c.alight, c.board) for c in reversed(t)] for t in network.trips],
        network.change_s,
        {stop: {} for stop in network.footpaths},
    )
    for stop, paths in network.footpaths.items():
        for other, seconds in paths.items():
            back.footpaths[other][stop] = seconds
    return back
