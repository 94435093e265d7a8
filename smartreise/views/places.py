"""Places for what somebody types: offices, then stations and stops.

An address is not found here: that takes a geocoder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.geo import distance_m
from smartreise.timetable.names import find_stops, fold, match_rank
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.params import NEAR, Canonical, Parameter, Text, Whole, canonical, parse_point

QUERY: Final = Text(name="q", about="What somebody typed.", required=True, example="oslo s")
MANY: Final = Whole(name="limit", about="How many at most.", least=1, most=50, default="10")
#: stops that fit the text are ordered by distance among the best this many
_CANDIDATES: Final = 50


class PlacesView:
    """`GET /v1/places`."""

    name = "places"
    about = "Stops and offices for a text"
    parameters: Sequence[Parameter[Any]] = (QUERY, NEAR, MANY)
    result: type[wire.Wire] = wire.Places
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        text, limit = QUERY.get(params), MANY.get(params)
        places = _point(text) + _offices(snapshot, text) + _stops(snapshot, text, NEAR.find(params))
        return Answer(wire.Places(places=places[:limit]), None)


def _point(text: str) -> list[wire.Place]:
    """What was typed as lat,lon."""
    point = parse_point(text)
    if point is None or not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        return []
    return [wire.Place(name=f"{point[0]:.5f}, {point[1]:.5f}", lat=point[0], lon=point[1])]


def _offices(snapshot: Snapshot, text: str) -> list[wire.Place]:
    wanted = fold(text)
    return [
        wire.Place(name=office.name, lat=office.lat, lon=office.lon, office_id=office.id)
        for office in snapshot.offices
        if wanted and (match_rank(fold(office.name), wanted) is not None or fold(office.id) == wanted)
    ]


def _stops(snapshot: Snapshot, text: str, near: tuple[float, float] | None) -> list[wire.Place]:
    timetable = snapshot.timetable
    found = find_stops(timetable, text, _CANDIDATES)
    if near is not None:
        wanted, here = fold(text), near

        def order(stop: int) -> tuple[bool, float]:
            """What begins with the text comes before what only holds it, however near."""
            rank = match_rank(fold(timetable.stop_name[stop]), wanted)
            away = distance_m(*here, float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop]))
            return rank is None or rank > 1, away

        found.sort(key=order)
    exact = timetable.stop_index.get(text)
    if exact is not None:
        found = [exact, *(stop for stop in found if stop != exact)]
    return [
        wire.Place(
            name=timetable.stop_name[stop],
            lat=round(float(timetable.stop_lat[stop]), 6),
            lon=round(float(timetable.stop_lon[stop]), 6),
            stop_id=timetable.stop_id[stop],
        )
        for stop in found
    ]
