"""From the kernels' numbers to journeys: rides joined by changes, each followed by its equal by another line."""

from __future__ import annotations

from collections.abc import Iterator

from smartreise.planner.query import Change, Journey, Ride
from smartreise.planner.records import Found, Network, Question
from smartreise.planner.telling import tell


def read_journeys(
    network: Network, question: Question, found: Found, written: int, *, until: int
) -> Iterator[tuple[int, Journey]]:
    """(destination, journey) of what was written and leaves by ``until``, each followed by its equal if it has one."""
    heads, rows = tell(network, question, found, written, until)
    legs = [
        Ride(dated, one, other) if dated >= 0 else Change(one, other, seconds)
        for dated, one, other, seconds in rows.tolist()
    ]
    begin = 0
    for destination, leave, arrive, transfers, access_stop, egress_stop, count in heads.tolist():
        yield (
            destination,
            Journey(leave, arrive, transfers, access_stop, egress_stop, tuple(legs[begin : begin + count])),
        )
        begin += count
