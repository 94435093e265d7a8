"""Which trips of a service day one may ride through without leaving one's seat, and their order.

Trips of one block follow one another in time; transfers.txt type 4 joins two trips by name, type 5 says that riders
must get off. What a reader would get wrong: dated trips that are joined stand next to each other in a layout, so
that their events read as those of one long trip.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.timetable.arrays import Int32s, Timetable, UInt8s
from smartreise.timetable.footpaths import crow_m
from smartreise.timetable.memo import remember

#: one may stay seated where the next trip begins within this (metres crow-fly) of where the last one ended
STAY_MAX_M: Final = 200.0
IN_SEAT, RE_BOARD = 4, 5


def order_blocks(timetable: Timetable, trips: Int32s, by_frequency: UInt8s) -> tuple[Int32s, UInt8s]:
    """An order of the dated trips ``trips`` int32[n] of one service day in which joined ones are neighbours, as
    indices, and uint8[n] in that order: 1 where one may stay seated into the next. Frequency runs never are."""
    joined = np.zeros(len(trips), np.uint8)
    follower = _followers(timetable, trips, by_frequency)
    if not follower:
        return np.arange(len(trips), dtype=np.int32), joined
    led = set(follower.values())
    order: list[int] = []
    for number in range(len(trips)):
        if number in led:
            continue
        here = number
        order.append(here)
        while here in follower:
            joined[len(order) - 1] = 1
            here = follower[here]
            order.append(here)
    return np.array(order, dtype=np.int32), joined


def _followers(timetable: Timetable, trips: Int32s, by_frequency: UInt8s) -> dict[int, int]:
    """By position in ``trips``: the position of the trip that its vehicle goes on as."""
    begin, end = timetable.trip_begin, timetable.trip_end
    follower = _named(timetable, trips, by_frequency, begin, end)
    taken = set(follower.values())
    in_block = np.flatnonzero((timetable.trip_block[trips] >= 0) & (by_frequency == 0))
    ranked = in_block[np.lexsort((trips[in_block], begin[trips[in_block]], timetable.trip_block[trips[in_block]]))]
    one, next_ = ranked[:-1], ranked[1:]
    parted = set(_pairs(timetable, RE_BOARD))
    same = timetable.trip_block[trips[one]] == timetable.trip_block[trips[next_]]
    in_time = end[trips[one]] <= begin[trips[next_]]
    near = _is_near(timetable, trips[one], trips[next_])
    for here, there in zip(one[same & in_time & near].tolist(), next_[same & in_time & near].tolist(), strict=True):
        forbidden = (int(trips[here]), int(trips[there])) in parted
        if here not in follower and there not in taken and not forbidden:
            follower[here] = there
            taken.add(there)
    return follower


def _named(timetable: Timetable, trips: Int32s, by_frequency: UInt8s, begin: Int32s, end: Int32s) -> dict[int, int]:
    """Trips that transfers.txt joins; each may lead to one trip and follow one."""
    pairs = _pairs(timetable, IN_SEAT)
    if not pairs:
        return {}
    place = {int(trip): number for number, trip in enumerate(trips) if not by_frequency[number]}
    follower: dict[int, int] = {}
    for one, next_ in pairs:
        here, there = place.get(one), place.get(next_)
        if here is None or there is None or end[one] > begin[next_]:
            continue
        if here not in follower and there not in follower.values():
            follower[here] = there
    return follower


@remember(most=2)
def _pairs(timetable: Timetable, kind: int) -> tuple[tuple[int, int], ...]:
    """Pairs of trips that rows of transfers.txt of one type name."""
    rows = (row for row in timetable.qualified_transfers if row["type"] == kind)
    named = {(row["from_trip"], row["to_trip"]) for row in rows}
    return tuple(sorted(pair for pair in named if None not in pair))


def _is_near(timetable: Timetable, one: Int32s, next_: Int32s) -> NDArray[np.bool_]:
    last = timetable.call_stop[timetable.trip_call_start[one + 1] - 1]
    first = timetable.call_stop[timetable.trip_call_start[next_]]
    lat, lon, parent = timetable.stop_lat, timetable.stop_lon, timetable.stop_parent
    siblings = (parent[last] >= 0) & (parent[last] == parent[first])
    near: NDArray[np.bool_] = siblings | (crow_m(lat[last], lon[last], lat[first], lon[first]) <= STAY_MAX_M)
    return near
