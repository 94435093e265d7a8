"""Offices as they are known: their place and where their people go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.suggest.places import get_office
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.office import OFFICE, office_item
from smartreise.views.params import Canonical, Parameter, canonical


class OfficesView:
    """`GET /v1/offices`."""

    name = "offices"
    about = "All offices"
    parameters: Sequence[Parameter[Any]] = ()
    result: type[wire.Wire] = wire.Offices
    reads: frozenset[Aspect] = EVERYTHING

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
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        return Answer(office_item(snapshot, get_office(snapshot, OFFICE.get(params))), None)
