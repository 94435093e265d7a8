"""The least time of a change from one vehicle to another, rules of transfers.txt that name lines or trips included.

What a reader would get wrong: a guaranteed change (type 1) needs no time because the next vehicle waits, so it has no
margin that could be short; a change that merely needs no time because the region says so has one.
"""

from __future__ import annotations

from typing import Any

from smartreise.model.region import Region
from smartreise.planner.rules import FORBIDDEN, MINIMUM, TIMED, rank_of
from smartreise.suggest.legs import change_s
from smartreise.suggest.records import TransitLeg
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.memo import remember

Rule = dict[str, Any]


def needed_s(region: Region, timetable: Timetable, layout: Layout, off: TransitLeg, on: TransitLeg) -> int | None:
    """Seconds that the change needs at least; None where it is guaranteed, or where nobody knows of a way."""
    from_stop, to_stop = int(layout.event_stop[off.alight]), int(layout.event_stop[on.board])
    usual = change_s(timetable, from_stop, to_stop)
    for rule in _rules(timetable).get((from_stop, to_stop), ()):
        if _speaks_of(rule, "from", layout, off) and _speaks_of(rule, "to", layout, on):
            if rule["type"] == TIMED:
                return None
            if rule["type"] == MINIMUM and rule["min_transfer_time"] is not None:
                return int(rule["min_transfer_time"])
            return usual
    by_rule = usual == 0 and (from_stop != to_stop or region.change_s > 0)
    return None if by_rule else usual


@remember(most=1)
def _rules(timetable: Timetable) -> dict[tuple[int, int], list[Rule]]:
    """Rules that name lines or trips, by the stops that they speak of, the most specific first."""
    found: dict[tuple[int, int], list[Rule]] = {}
    named = (row for row in timetable.qualified_transfers if row["type"] <= FORBIDDEN)
    for rule in sorted(named, key=rank_of, reverse=True):
        ends = [rule[f"{side}_stop"] for side in ("from", "to")]
        if None in ends:
            continue
        first, second = (timetable.member[timetable.member_start[s] : timetable.member_start[s + 1]] for s in ends)
        for a in first.tolist():
            for b in second.tolist():
                found.setdefault((a, b), []).append(rule)
    return found


def _speaks_of(rule: Rule, side: str, layout: Layout, leg: TransitLeg) -> bool:
    if rule[f"{side}_trip"] is not None:
        return bool(layout.dated_trip[leg.dated] == rule[f"{side}_trip"])
    return rule[f"{side}_route"] in (None, leg.line)
