"""The chance of making a change, by how late the vehicles of these lines were here at this time of day.

What a reader would get wrong: it is about changes between vehicles alone, and it is told only where a change is tight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from smartreise.live.delays import DelayTable, chance_of_making
from smartreise.live.snapshot import Snapshot
from smartreise.suggest.changing import needed_s
from smartreise.suggest.records import Leg, TransitLeg
from smartreise.timetable.arrays import Layout, Timetable


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """A change: seconds to spare above what it needs, is it known by real time, and the chance of making it."""

    spare_s: int
    live: bool
    chance: float | None


def list_changes(snapshot: Snapshot, layout: Layout, legs: Sequence[Leg]) -> Iterator[ChangeMade]:
    """Every change between vehicles that can be missed, in order: not where riders stay seated or the next waits."""
    timetable, delays = snapshot.timetable, snapshot.delays
    before: TransitLeg | None = None
    for leg in legs:
        if not isinstance(leg, TransitLeg):
            continue
        if before is not None and not leg.stay_seated:
            needed = needed_s(snapshot.region, timetable, layout, before, leg)
            if needed is not None:
                spare = leg.depart - before.arrive - needed
                chance = None if delays is None else _chance(timetable, delays, before, leg, spare, snapshot.zone)
                yield ChangeMade(spare, before.realtime or leg.realtime, chance)
        before = leg


def _chance(
    timetable: Timetable, delays: DelayTable, before: TransitLeg, after: TransitLeg, spare_s: int, zone: tzinfo
) -> float | None:
    if min(before.line, after.line, before.end.stop, after.start.stop) < 0:
        return None
    local = datetime.fromtimestamp(before.arrive, UTC).astimezone(zone)
    second = local.hour * 3600 + local.minute * 60
    return chance_of_making(
        spare_s,
        delays.find(timetable.route_id[before.line], station_id(timetable, before.end.stop), second, "a"),
        delays.find(timetable.route_id[after.line], station_id(timetable, after.start.stop), second, "d"),
        arriving_known=before.realtime,
        leaving_known=after.realtime,
    )


def station_id(timetable: Timetable, stop: int) -> str:
    """The id of a stop's station, or its own."""
    parent = int(timetable.stop_parent[stop])
    return timetable.stop_id[parent if parent >= 0 else stop]
