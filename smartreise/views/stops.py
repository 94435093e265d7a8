"""Stops and stations: by name, nearby, and one with its quays and lines.

What a reader would get wrong: what is near holds stations and their stops alike; a station is as near as the
nearest of its stops and stands before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.problems import BadInput
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.names import find_stops, members
from smartreise.timetable.nearby import near
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.board import STOP, get_stop
from smartreise.views.params import NEAR, RADIUS, Canonical, Parameter, Text, Whole, canonical
from smartreise.views.rendering import line_of, stop_of

QUERY: Final = Text(name="q", about="What somebody typed of a name.", example="fornebu")
MANY: Final = Whole(name="limit", about="How many at most.", least=1, most=1000, default="200")


class StopsView:
    """`GET /v1/stops`; by name come stations and stops that belong to none."""

    name = "stops"
    about = "Stops by name, or nearby"
    parameters: Sequence[Parameter[Any]] = (QUERY, NEAR, RADIUS, MANY)
    result: type[wire.Wire] = wire.StopList
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        found = canonical(self.parameters, params)
        if not {name for name, _ in found} & {"q", "near"}:
            raise BadInput("q", "is missing: ask by q or near")
        return found

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        text, place, limit = QUERY.find(params), NEAR.find(params), MANY.get(params)
        if place is None:
            stops = _named(snapshot.timetable, text or "", limit)
            return Answer(wire.StopList(stops=[stop_of(snapshot, stop) for stop in stops]), None)
        found = _nearby(snapshot, place, RADIUS.get(params), text, limit)
        return Answer(wire.StopList(stops=[_stop(snapshot, stop, metres) for stop, metres in found]), None)


class StopView:
    """`GET /v1/stops/{stop}`."""

    name = "stop"
    about = "A stop or station with its quays and lines"
    parameters: Sequence[Parameter[Any]] = (STOP,)
    result: type[wire.Wire] = wire.StopDetail
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        stop = get_stop(snapshot, STOP.get(params))
        quays = members(snapshot.timetable, stop)
        fields = msgspec.structs.asdict(stop_of(snapshot, stop))
        detail = wire.StopDetail(
            **fields,
            quays=[stop_of(snapshot, quay) for quay in quays if quay != stop],
            lines=[line_of(snapshot, route) for route in _routes_at(snapshot.timetable, quays)],
        )
        return Answer(detail, None)


def _named(timetable: Timetable, text: str, limit: int) -> list[int]:
    """By name; an id finds its stop too."""
    exact = timetable.stop_index.get(text)
    found = [stop for stop in find_stops(timetable, text, limit) if stop != exact]
    return ([] if exact is None else [exact]) + found[: limit - (exact is not None)]


def _nearby(
    snapshot: Snapshot, place: tuple[float, float], radius_m: float, text: str | None, limit: int
) -> list[tuple[int, float]]:
    """Those where something calls, nearest first; with a text too, those that fit it."""
    timetable = snapshot.timetable
    stops, metres = near(timetable, *place, radius_m)
    rows: dict[int, float] = {}
    for stop, away in zip(stops.tolist(), metres.tolist(), strict=True):
        parent = int(timetable.stop_parent[stop])
        if timetable.stop_modes[stop]:
            if parent >= 0:
                rows.setdefault(parent, away)
            rows[stop] = away
    fitting = rows.keys() if text is None else set(find_stops(timetable, text, len(timetable.stop_id)))
    return [(stop, away) for stop, away in rows.items() if stop in fitting][:limit]


def _stop(snapshot: Snapshot, stop: int, metres: float) -> wire.Stop:
    return msgspec.structs.replace(stop_of(snapshot, stop), distance_m=round(metres, 1))


def _routes_at(timetable: Timetable, stops: Sequence[int]) -> list[int]:
    """Lines that call at any of the stops, by mode and name."""
    calls = np.flatnonzero(np.isin(timetable.call_stop, stops))
    trips = np.searchsorted(timetable.trip_call_start, calls, "right") - 1
    routes = np.unique(timetable.trip_route[trips]).tolist()
    return sorted(
        routes, key=lambda r: (timetable.route_mode[r], len(timetable.route_name[r]), timetable.route_name[r])
    )
