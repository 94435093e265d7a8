"""A screen speaks to many at once: how many bikes there are, where the next ones stand, and how to go without.

What a reader would get wrong: ``instead`` names a suggestion of the same list. Where the list has none without a shared
vehicle it is null, and the screen must not praise the bike as if everybody could take it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from smartreise.live.snapshot import Snapshot
from smartreise.model.geo import distance_m
from smartreise.suggest.records import Found, StreetLeg, Suggestion
from smartreise.suggest.shared import count_around, may_take
from smartreise.suggest.ways import Hire
from smartreise.views import wire

#: the next station is named if it is this near (crow-fly m) to the first
NEXT_M: Final = 600.0


def with_advice(
    snapshot: Snapshot, found: Found, told: Sequence[wire.Suggestion], *, now: int
) -> list[wire.Suggestion]:
    """The suggestions, those by shared vehicle with what a crowd needs to know."""
    by_id = {suggestion.id: suggestion for suggestion in found.suggestions}
    plain = next(
        (s.id for s in told if s.status != "broken" and all(leg.pickup is msgspec.UNSET for leg in s.legs)), None
    )
    advised = []
    for shown in told:
        hire = _first_hire(by_id.get(shown.id))
        if hire is None or shown.status == "broken":
            advised.append(shown)
            continue
        crowd = wire.Crowd(available=_available(hire), next=_next(snapshot, hire, now), instead=plain)
        advised.append(msgspec.structs.replace(shown, crowd=crowd))
    return advised


def _first_hire(suggestion: Suggestion | None) -> Hire | None:
    legs = () if suggestion is None else suggestion.legs
    return next((leg.stretch.hire for leg in legs if isinstance(leg, StreetLeg) and leg.stretch.hire is not None), None)


def _available(hire: Hire) -> int | None:
    if hire.station is not None:
        return hire.station.available.get(hire.form)
    return None if hire.vehicle is None else count_around(hire.system, hire.vehicle)


def _next(snapshot: Snapshot, hire: Hire, now: int) -> wire.NextStation | None:
    """The nearest other station with vehicles of the kind."""
    here = hire.station or hire.vehicle
    assert here is not None
    others = [
        (metres, station.id, station)
        for station in hire.system.stations
        if station.id != here.id
        and (metres := distance_m(here.lat, here.lon, station.lat, station.lon)) <= NEXT_M
        and may_take(hire.system, station, hire.form, now=now)
    ]
    if not others:
        return None
    metres, _, station = min(others)
    return wire.NextStation(
        station_id=station.id,
        name=station.name,
        available=station.available.get(hire.form),
        walk_s=snapshot.region.walking.time_s(metres),
    )
