"""Offices against the timetable: what a region file names and the timetable does not know.

Timetables change under standing offices, so a missing stop is left out and told, never a reason to stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartreise.model.region import Office
from smartreise.timetable.arrays import Timetable


def warnings_about(timetable: Timetable, offices: Iterable[Office]) -> Iterator[str]:
    """One line for each stop or line of an office that the timetable does not have."""
    lines = {*timetable.route_id, *timetable.route_name}
    for office in offices:
        named = {d.stop for d in office.destinations if d.stop is not None} | {*office.stops, *office.hidden_stops}
        for stop in sorted(named - timetable.stop_index.keys()):
            yield f"office {office.id}: the timetable has no stop {stop}; it is left out"
        for line in sorted({*office.lines, *office.hidden_lines} - lines):
            yield f"office {office.id}: the timetable has no line {line}"
