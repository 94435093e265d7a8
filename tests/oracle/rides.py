"""The search, the slow and obvious way: the specification of what the planner answers.

Plain lists and dictionaries, no arrays, no patterns, no pruning: from every leaving the window allows, ride every
trip that can be boarded to every later stop, change wherever there is time, round by round; then keep what no
other beats in leaving later, arriving earlier, fewer transfers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Found = tuple[int, int, int]  # leave, arrive, transfers


@dataclass
class OracleCall:
    stop: int
    arrive: int
    depart: int
    board: bool
    alight: bool
    line: int = -1
    trip: int = -1


@dataclass(frozen=True)
class OracleRule:
    """A row of transfers.txt that names lines or trips: what is None is any. ``seconds`` None: forbidden."""

    from_stop: int
    to_stop: int
    from_line: int | None
    to_line: int | None
    from_trip: int | None
    to_trip: int | None
    seconds: int | None

    def speaks_of(self, off: OracleCall, on: OracleCall) -> bool:
        return (
            (self.from_stop, self.to_stop) == (off.stop, on.stop)
            and self.from_line in (None, off.line)
            and self.to_line in (None, on.line)
            and self.from_trip in (None, off.trip)
            and self.to_trip in (None, on.trip)
        )

    def rank(self) -> int:
        """How specific: a trip on each side, then a trip and a line, a trip, two lines, a line."""
        sides = ((self.from_trip, self.from_line), (self.to_trip, self.to_line))
        return sum(3 if trip is not None else 1 if line is not None else 0 for trip, line in sides)

    def turned(self) -> OracleRule:
        return OracleRule(
            self.to_stop, self.from_stop, self.to_line, self.from_line, self.to_trip, self.from_trip, self.seconds
        )


@dataclass
class OracleNetwork:
    trips: list[list[OracleCall]]
    change_s: dict[int, int]
    #: stop → {other stop: least seconds of a change on foot}
    footpaths: dict[int, dict[int, int]] = field(default_factory=dict)
    rules: list[OracleRule] = field(default_factory=list)

    def change(self, off: OracleCall, on: OracleCall) -> int | None:
        """Seconds from alighting to boarding, None where one may not."""
        for rule in sorted(self.rules, key=OracleRule.rank, reverse=True):
            if rule.speaks_of(off, on):
                return rule.seconds
        if off.stop == on.stop:
            return self.change_s[off.stop]
        return self.footpaths.get(off.stop, {}).get(on.stop)


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
        arrived: list[OracleCall] | None = None
        for transfers in range(max_transfers + 1):
            arrived = _ride(network, access, leave, arrived)
            for call in arrived:
                if call.stop in egress and call.arrive + egress[call.stop] - leave <= max_travel_s:
                    found.add((leave, call.arrive + egress[call.stop], transfers))
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


def _ride(
    network: OracleNetwork, access: dict[int, int], leave: int, arrived: list[OracleCall] | None
) -> list[OracleCall]:
    """Where one can alight by one more ride, having left the origin (None) or alighted at some calls. The first ride
    must leave just when one gets there: what leaves later belongs to a later leaving."""
    reached: dict[tuple[int, int, int], OracleCall] = {}
    for trip in network.trips:
        for i, board in enumerate(trip[:-1]):
            if not board.board:
                continue
            if arrived is None:
                caught = board.stop in access and board.depart == leave + access[board.stop]
            else:
                caught = any(_in_time(network, off, board) for off in arrived)
            for alight in trip[i + 1 :] if caught else ():
                key = (alight.stop, *_named(network, alight))
                if alight.alight and (key not in reached or alight.arrive < reached[key].arrive):
                    reached[key] = alight
    return list(reached.values())


def _in_time(network: OracleNetwork, off: OracleCall, on: OracleCall) -> bool:
    if off.arrive > on.depart:
        return False
    seconds = network.change(off, on)
    return seconds is not None and off.arrive + seconds <= on.depart


def _named(network: OracleNetwork, call: OracleCall) -> tuple[int, int]:
    """Line and trip as far as some rule names them: only then it matters by which one arrived."""
    line = any(call.line in (rule.from_line, rule.to_line) for rule in network.rules)
    trip = any(call.trip in (rule.from_trip, rule.to_trip) for rule in network.rules)
    return call.line if line else -1, call.trip if trip else -1


def mirror(network: OracleNetwork) -> OracleNetwork:
    """The network with time running backwards: arriving by a time is leaving from it."""
    back = OracleNetwork(
        [[_turned(call) for call in reversed(trip)] for trip in network.trips],
        network.change_s,
        {stop: {} for stop in network.footpaths},
        [rule.turned() for rule in network.rules],
    )
    for stop, paths in network.footpaths.items():
        for other, seconds in paths.items():
            back.footpaths[other][stop] = seconds
    return back


def _turned(call: OracleCall) -> OracleCall:
    return OracleCall(call.stop, -call.depart, -call.arrive, call.alight, call.board, call.line, call.trip)
