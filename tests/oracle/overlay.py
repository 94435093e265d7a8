"""The specification of the overlay: one trip's updates laid over its planned calls, over plain lists.

It shares nothing with the kernels but the records. The rules are GTFS-realtime's: updates come in order, a stated time
wins over a delay, the last delay carries on to later calls until the next statement, NO_DATA ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from smartreise.model.realtime import StopTimeUpdate, TimeEvent


@dataclass
class PlannedCalls:
    """A dated trip as the timetable has it."""

    stop: list[int]
    sequence: list[int]
    arrive: list[int]
    depart: list[int]


@dataclass
class LiveCalls:
    """The same calls with real time; ``live[i]``: the time is real time's."""

    stop: list[int]
    arrive: list[int]
    depart: list[int]
    live: list[bool]
    skipped: list[bool]
    occupancy: str | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, reason: str) -> None:
        """Count something that was ignored or repaired."""
        self.counts[reason] = self.counts.get(reason, 0) + 1


def lay_over(
    planned: PlannedCalls,
    updates: Sequence[StopTimeUpdate],
    *,
    stop_of: Callable[[str], int | None],
    station_of: Sequence[int],
    base: int,
    until: int = 2**62,
) -> LiveCalls:
    """The calls with ``updates`` applied, times repaired to run forward; as `live.kernels` does it."""
    count = len(planned.stop)
    live = LiveCalls(planned.stop[:], planned.arrive[:], planned.depart[:], [False] * count, [False] * count)
    stated = _align(planned, updates, live, stop_of, station_of)
    _propagate(planned, stated, live, base, until)
    _repair(live)
    return live


def _align(
    planned: PlannedCalls,
    updates: Sequence[StopTimeUpdate],
    live: LiveCalls,
    stop_of: Callable[[str], int | None],
    station_of: Sequence[int],
) -> dict[int, StopTimeUpdate]:
    stated: dict[int, StopTimeUpdate] = {}
    position = 0
    for update in _in_order(updates, live):
        stop = stop_of(update.stop_id) if update.stop_id is not None else None
        at = _position(planned, update, stop, position, station_of)
        if at is None:
            live.note("stop_update_at_unknown_stop")
            continue
        stated[at] = update
        position = at + 1
        assigned = stop_of(update.assigned_stop_id) if update.assigned_stop_id else None
        if update.assigned_stop_id and assigned is None:
            live.note("assigned_stop_unknown")
        if assigned is not None:
            live.stop[at] = assigned
        elif stop is not None:
            live.stop[at] = stop
    return stated


def _in_order(updates: Sequence[StopTimeUpdate], live: LiveCalls) -> Sequence[StopTimeUpdate]:
    numbers = [update.sequence for update in updates if update.sequence is not None]
    if len(numbers) < len(updates) or numbers == sorted(numbers):
        return updates
    live.note("stop_updates_out_of_order")
    return sorted(updates, key=lambda update: update.sequence or 0)


def _position(
    planned: PlannedCalls, update: StopTimeUpdate, stop: int | None, position: int, station_of: Sequence[int]
) -> int | None:
    ahead = range(position, len(planned.stop))
    by_sequence = next((i for i in ahead if planned.sequence[i] == update.sequence), None)
    if update.stop_id is None:
        return by_sequence
    if stop is None:
        return None

    def sibling(i: int) -> bool:
        station = station_of[stop]
        return station >= 0 and station_of[planned.stop[i]] == station

    if by_sequence is not None and (planned.stop[by_sequence] == stop or sibling(by_sequence)):
        return by_sequence
    exact = next((i for i in ahead if planned.stop[i] == stop), None)
    return exact if exact is not None else next((i for i in ahead if sibling(i)), None)


def _propagate(
    planned: PlannedCalls, stated: Mapping[int, StopTimeUpdate], live: LiveCalls, base: int, until: int
) -> None:
    delay: int | None = None
    for i in range(len(planned.stop)):
        update = stated.get(i)
        if update is not None and update.relationship == "SKIPPED":
            live.skipped[i] = True
        if planned.depart[i] + base > until or (update is not None and update.relationship == "NO_DATA"):
            delay = None
        elif update is not None and update.relationship != "SKIPPED" and _speaks(update):
            _state(planned, update, live, i, delay, base)
            delay = live.depart[i] - planned.depart[i]
            live.occupancy = live.occupancy or update.occupancy
        elif delay is not None:
            live.arrive[i] += delay
            live.depart[i] += delay
            live.live[i] = True


def _speaks(update: StopTimeUpdate) -> bool:
    events = (update.arrival, update.departure)
    return any(event is not None and (event.time is not None or event.delay_s is not None) for event in events)


def _state(
    planned: PlannedCalls, update: StopTimeUpdate, live: LiveCalls, i: int, delay: int | None, base: int
) -> None:
    """Without a departure an early arrival waits for the planned one; without an arrival the delay so far is taken,
    but nobody arrives after leaving."""
    arrive = _time(update.arrival, planned.arrive[i], base)
    depart = _time(update.departure, planned.depart[i], base)
    if depart is None:
        assert arrive is not None
        depart = planned.depart[i] + max(0, arrive - planned.arrive[i])
    if arrive is None:
        carried = planned.arrive[i] + (delay if delay is not None else depart - planned.depart[i])
        arrive = min(carried, depart)
    live.arrive[i], live.depart[i], live.live[i] = arrive, depart, True


def _time(event: TimeEvent | None, planned: int, base: int) -> int | None:
    if event is None:
        return None
    if event.time is not None:
        return event.time - base
    return None if event.delay_s is None else planned + event.delay_s


def _repair(live: LiveCalls) -> None:
    first = next((i for i, is_live in enumerate(live.live) if is_live), None)
    if first is None:
        return
    ceiling = live.arrive[first]
    for i in range(first - 1, -1, -1):
        live.live[i] = live.depart[i] > ceiling
        live.depart[i] = min(live.depart[i], ceiling)
        live.arrive[i] = min(live.arrive[i], live.depart[i])
        ceiling = live.arrive[i]
    floor = live.arrive[first]
    for i in range(first, len(live.arrive)):
        if live.arrive[i] < floor or live.depart[i] < max(live.arrive[i], floor):
            live.note("times_raised")
            live.live[i] = True
        live.arrive[i] = max(live.arrive[i], floor)
        live.depart[i] = max(live.depart[i], live.arrive[i])
        floor = live.depart[i]
