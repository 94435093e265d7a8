"""Places for what somebody types: offices, then stations and stops, then addresses where somebody knows them.

What a reader would get wrong: addresses come from a geocoder over the network, so they are added by the API and are in
no view's answer. The local index is first and, when the geocoder is silent, all there is.
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
from smartreise.views.rendering import modes_of

QUERY: Final = Text(name="q", about="What somebody typed.", required=True, example="oslo s")
MANY: Final = Whole(name="limit", about="How many at most.", least=1, most=50, default="10")
#: stops that fit the text are ordered by distance among the best this many
_CANDIDATES: Final = 50
_FEWEST_LETTERS: Final = 3
#: a geocoder's stop this near (m) to ours of the same name is ours
_SAME_M: Final = 400.0


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


def asks_for_address(text: str) -> bool:
    """Are these words to ask a geocoder about? A point is one already, and two letters are nobody's address."""
    return len(text) >= _FEWEST_LETTERS and parse_point(text) is None


def limit_of(params: Mapping[str, str]) -> int:
    """How many places a question wants. Raises `BadInput`."""
    return MANY.get(dict(canonical(PlacesView.parameters, params)))


def with_addresses(places: wire.Places, found: Sequence[wire.Place], *, limit: int) -> wire.Places:
    """The local places, then what they do not name. An exact address is not pushed out by stops that sound alike."""
    local = places.places
    new = [place for place in found if not any(_is_same(place, known) for known in local)]
    room = max(limit - len(local), min(len(new), limit // 3))
    return wire.Places(places=[*local[: limit - min(room, len(new))], *new[:room]])


def _is_same(place: wire.Place, known: wire.Place) -> bool:
    """Does a geocoder's place name one of ours? It adds the town to the name."""
    named = fold(place.name).startswith(fold(known.name))
    return named and distance_m(place.lat, place.lon, known.lat, known.lon) <= _SAME_M


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
            modes=modes_of(int(timetable.stop_modes[stop])),
        )
        for stop in found
    ]
