"""Offices as they are known: their place and where their people go.

What a reader would get wrong: they keep the order of the region's file, so a page begins after an office that must
still be there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.problems import UnknownId
from smartreise.model.region import Office
from smartreise.suggest.places import get_office
from smartreise.timetable.names import fold
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.office import OFFICE, office_item
from smartreise.views.params import Canonical, Parameter, Text, Whole, canonical

QUERY: Final = Text(name="q", about="Only those with this text in their id or name.", example="fornebu")
MANY: Final = Whole(name="limit", about="How many at most.", least=1, most=1000, default="1000")
AFTER: Final = Text(name="after", about="Only what comes after this office: `next` of the answer before.")


class OfficesView:
    """`GET /v1/offices`."""

    name = "offices"
    about = "All offices"
    parameters: Sequence[Parameter[Any]] = (QUERY, MANY, AFTER)
    result: type[wire.Wire] = wire.Offices
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        text, limit, after = QUERY.find(params), MANY.get(params), AFTER.find(params)
        offices = snapshot.offices
        if after is not None:
            ids = [office.id for office in offices]
            if after not in ids:
                raise UnknownId("office", f"{after}, that the page was to begin after; begin with the first one")
            offices = offices[ids.index(after) + 1 :]
        fitting = [office for office in offices if text is None or _fits(office, text)]
        told = fitting[:limit]
        following = told[-1].id if len(fitting) > limit else None
        return Answer(wire.Offices(offices=[office_item(snapshot, one) for one in told], next=following), None)


def _fits(office: Office, text: str) -> bool:
    wanted = fold(text)
    return bool(wanted) and (wanted in fold(office.name) or wanted in fold(office.id))


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
