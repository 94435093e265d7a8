"""Offices as they are known: their place and where their people go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smartreise.live.snapshot import Snapshot
from smartreise.model.region import Office
from smartreise.suggest.places import get_office
from smartreise.timetable.arrays import Timetable
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.office import OFFICE, office_item
from smartreise.views.params import Canonical, Parameter, canonical


class OfficesView:
    """`GET /v1/offices`."""

    name = "offices"
    about = "All offices"
    parameters: Sequence[Parameter[Any]] = ()
    result: type[wire.Wire] = wire.Offices

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        return Answer(wire.Offices(offices=[office_item(snapshot, office) for office in snapshot.offices]), None)


class OfficeItemView:
    """`GET /v1/offices/{id}`."""

    name = "office_item"
    about = "One office"
    parameters: Sequence[Parameter[Any]] = (OFFICE,)
    result: type[wire.Wire] = wire.OfficeItem

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        return Answer(office_item(snapshot, get_office(snapshot, OFFICE.get(params))), None)


def warnings_of(timetable: Timetable, offices: Sequence[Office]) -> list[str]:
    """What offices name that the timetable does not know; it is left out of their screens."""
    warnings = []
    for office in offices:
        stops = [*office.stops, *office.hidden_stops, *(d.stop for d in office.destinations if d.stop is not None)]
        for stop in dict.fromkeys(stops):
            if stop not in timetable.stop_index:
                warnings.append(f"office {office.id}: the timetable does not know stop {stop}; it is left out")
        known = {*timetable.route_id, *timetable.route_name}
        for line in dict.fromkeys([*office.lines, *office.hidden_lines]):
            if line not in known:
                warnings.append(f"office {office.id}: the timetable does not know line {line}")
    return warnings
