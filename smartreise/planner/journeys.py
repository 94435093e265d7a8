"""From the kernels' numbers to journeys: rides joined by changes, each followed by its equal by another line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from smartreise.planner.equals import find_equals
from smartreise.planner.kernels import Found, Network, Question
from smartreise.planner.query import Change, Journey, Ride


def read_journeys(
    network: Network, question: Question, found: Found, written: int, *, until: int
) -> Iterator[tuple[int, Journey]]:
    """(destination, journey) of what was written and leaves by ``until``, each followed by its equal if it has one."""
    kept = np.flatnonzero(found.head[:written, 1] <= until)
    chosen = Found(found.head[kept], found.rides[kept])
    others, has = np.empty_like(chosen.rides), np.zeros(len(kept), np.uint8)
    find_equals(network, question, chosen, len(kept), others, has)
    reader = _Reader(network)
    columns = zip(chosen.head.tolist(), chosen.rides.tolist(), others.tolist(), has.tolist(), strict=True)
    for (destination, leave, arrive, rides, egress_stop), events, other, equal in columns:
        yield destination, reader.journey(events[:rides], leave, arrive, egress_stop)
        if equal:
            yield destination, reader.journey(other[:rides], leave, arrive, egress_stop)


class _Reader:
    """Looks up what journeys need of the network."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def journey(self, events: Sequence[Sequence[int]], leave: int, arrive: int, egress_stop: int) -> Journey:
        """A journey over board and alight events in order of travel."""
        network = self.network
        legs: list[Ride | Change] = []
        first = stop = int(network.event_stop[events[0][0]])
        for number, (board, alight) in enumerate(events):
            at = int(network.event_stop[board]) if number else first
            if at != stop:
                legs.append(Change(stop, at, self.footpath_s(stop, at)))
            legs += self.rides(board, alight)
            stop = int(network.event_stop[alight])
        return Journey(leave, arrive, len(events) - 1, first, egress_stop, tuple(legs))

    def rides(self, board: int, alight: int) -> Iterator[Ride]:
        """One ride, or one for each dated trip that the vehicle goes through with its riders seated."""
        network = self.network
        first, last = int(network.event_dated[board]), int(network.event_dated[alight])
        for dated in range(first, last + 1):
            begin = board if dated == first else int(network.dated_event[dated])
            end = alight if dated == last else int(network.dated_event[dated + 1]) - 1
            yield Ride(dated, begin, end)

    def footpath_s(self, from_stop: int, to_stop: int) -> int:
        network = self.network
        rows = slice(int(network.footpath_start[from_stop]), int(network.footpath_start[from_stop + 1]))
        at = network.footpath_stop[rows].tolist().index(to_stop)
        return int(network.footpath_s[rows][at])
