"""Stops and stations: by name, nearby, and one with its quays and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import BadInput
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.names import find_stops, members
from smartreise.timetable.nearby import near_stations
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.board import STOP, get_stop
from smartreise.views.params import NEAR, RADIUS, Canonical, Parameter, Text, Whole, canonical
from smartreise.views.rendering import line_of, stop_of

QUERY: Final = Text(name="q", about="What somebody typed of a name.", example="fornebu")
MANY: Final = Whole(name="limit", about="How many at most.", least=1, most=200, default="20")


class StopsView:
    """`GET /v1/stops`: stations, and stops that belong to none."""

    name = "stops"
    about = "Stops by name, or nearby"
    parameters: Sequence[Parameter[Any]] = (QUERY, NEAR, RADIUS, MANY)
    result: type[wire.Wire] = wire.StopList

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        found = canonical(self.parameters, params)
        if not {name for name, _ in found} & {"q", "near"}:
            raise BadInput("q", "is missing: ask by q or near")
        return found

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        text, place, limit = QUERY.find(params), NEAR.find(params), MANY.get(params)
        if place is None:
            stops = find_stops(snapshot.timetable, text or "", limit)
            return Answer(wire.StopList(stops=[stop_of(snapshot, stop) for stop in stops]), None)
        found = _nearby(snapshot, place, RADIUS.get(params), text, limit)
        return Answer(wire.StopList(stops=[_stop(snapshot, stop, metres) for stop, metres in found]), None)


class StopView:
    """`GET /v1/stops/{stop}`."""

    name = "stop"
    about = "A stop or station with its quays and lines"
    parameters: Sequence[Parameter[Any]] = (STOP,)
    result: type[wire.Wire] = wire.StopDetail

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


def _nearby(
    snapshot: Snapshot, place: tuple[float, float], radius_m: float, text: str | None, limit: int
) -> list[tuple[int, float]]:
    """Those with departures at some time, nearest first; with a text too, those that fit it."""
    timetable = snapshot.timetable
    stops, metres = near_stations(timetable, *place, radius_m)
    fitting = None if text is None else set(find_stops(timetable, text, len(timetable.stop_id)))
    pairs = zip(stops.tolist(), metres.tolist(), strict=True)
    served = [(s, m) for s, m in pairs if timetable.stop_modes[s] and (fitting is None or s in fitting)]
    return served[:limit]


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
