"""All that an office's screen shows, composed: ways to its destinations, boards nearby, shared vehicles, alerts.

What a reader would get wrong: a departure's ``leave_at`` is when to get up in the office for the stop it leaves
from, walk and slack counted; its ``expected`` stays the true time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from smartreise.board.departures import CANCELLED_STAYS_S, DepartureRow, list_departures
from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.feeds import FeedHealth, feed_state, state_since
from smartreise.model.geo import Walking
from smartreise.model.modes import TRANSIT_MODES
from smartreise.model.region import Office
from smartreise.model.service_day import iso
from smartreise.suggest.describe import reach, reach_turns
from smartreise.suggest.families import suggest
from smartreise.suggest.footing import Footing
from smartreise.suggest.places import Place, find_destination, get_office, place_of_office
from smartreise.suggest.records import Found
from smartreise.suggest.wish import Wish
from smartreise.timetable.names import members
from smartreise.timetable.nearby import near_stations
from smartreise.views import wire
from smartreise.views.answer import JOURNEYS, Answer
from smartreise.views.crowd import with_advice
from smartreise.views.legs import place_of
from smartreise.views.mobility import office_mobility
from smartreise.views.moments import earliest
from smartreise.views.params import Canonical, Parameter, Text, canonical
from smartreise.views.rendering import (
    alerts_about,
    alerts_named,
    alerts_turn,
    departure_of,
    notices_of,
    notices_turn,
    realtime_state,
    realtime_turn,
    stale_real_time,
    stop_of,
)
from smartreise.views.suggestions import alert_ids, last_ways, told_of

OFFICE: Final = Text(name="office", about="The office's id.", required=True, example="fornebu")
#: ways told per destination, and boards where the office names none
_WAYS: Final = 4
_BOARDS: Final = 4
#: where no way without a shared vehicle leaves within the hour, one that leaves within this is told
_LATER_S: Final = 4 * 3600
_PLAIN: Final = ("transit", "walk")
#: a screen goes on from held data for this long, in as many rows as that takes within these bounds
_HELD_S: Final = 90 * 60
_FEWEST_ROWS: Final = 8
_MOST_ROWS: Final = 30


class OfficeView_:  # noqa: N801 — `wire.OfficeView` is the record
    """`GET /v1/offices/{id}/view` and the topic `office`."""

    name = "office"
    about = "All that an office's screen shows"
    parameters: Sequence[Parameter[Any]] = (OFFICE,)
    result: type[wire.Wire] = wire.OfficeView
    reads: frozenset[Aspect] = JOURNEYS | {"feeds", "notices", "occupancies"}

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        office = get_office(snapshot, OFFICE.get(params))
        shown = previous.suggestions if isinstance(previous, wire.OfficeView) else []
        ways, ways_turn = _ways(snapshot, office, shown, now)
        boards, boards_turn = _boards(snapshot, office, now)
        walk_m = _limit_m(snapshot, office)
        mobility, mobility_turn = office_mobility(
            snapshot, office.lat, office.lon, max_walk_m=walk_m, walk_speed=office.walk_speed, now=now
        )
        ids = {id_ for way in ways for id_ in alert_ids(way.suggestions)}
        ids |= {alert.id for board in boards for alert in board.alerts}
        data = wire.OfficeView(
            office=office_item(snapshot, office),
            suggestions=ways,
            boards=boards,
            mobility=mobility,
            alerts=[*notices_of(snapshot, office.id, now=now), *alerts_named(snapshot, ids, now=now)],
            feeds=[_feed(snapshot, health, now) for health in snapshot.feeds],
            demo=snapshot.region.demo,
            attribution=_attribution(snapshot.feeds),
            region=snapshot.region.name,
            timezone=snapshot.region.timezone,
            public_url=snapshot.region.public_url,
        )
        return Answer(
            data,
            earliest(
                ways_turn,
                boards_turn,
                mobility_turn,
                alerts_turn(snapshot, now),
                notices_turn(snapshot, now),
                realtime_turn(snapshot, now),
                *(_feed_turn(health, now) for health in snapshot.feeds),
            ),
        )


def office_item(snapshot: Snapshot, office: Office) -> wire.OfficeItem:
    """An office as `GET /v1/offices/{id}` gives it; destinations that the timetable lost are left out."""
    return wire.OfficeItem(
        id=office.id,
        name=office.name,
        lat=office.lat,
        lon=office.lon,
        languages=list(office.languages),
        theme=office.theme,
        destinations=[place_of(snapshot, place) for place in _destinations(snapshot, office)],
        **_settings(office),
    )


def _settings(office: Office) -> dict[str, Any]:
    """The settings that differ from what is usual."""
    hours = [wire.OpeningHours(days=list(h.days), opens=h.opens, closes=h.closes) for h in office.opening_hours]
    told = {
        "stops": list(office.stops),
        "hidden_stops": list(office.hidden_stops),
        "lines": list(office.lines),
        "hidden_lines": list(office.hidden_lines),
        "modes": list(office.modes),
        "providers": list(office.providers),
        "walk_speed": office.walk_speed,
        "max_walk_m": office.max_walk_m,
        "accent": office.accent,
        "logo": office.logo,
        "layout": office.layout if office.layout != "standard" else None,
        "opening_hours": hours,
        "after_hours": office.after_hours if office.after_hours != "dark" else None,
    }
    return {name: value for name, value in told.items() if value}


def _destinations(snapshot: Snapshot, office: Office) -> list[Place]:
    found = (find_destination(snapshot, destination) for destination in office.destinations)
    return [place for place in found if place is not None]


def _ways(
    snapshot: Snapshot, office: Office, shown: Sequence[wire.DestinationSuggestions], now: int
) -> tuple[list[wire.DestinationSuggestions], int | None]:
    """Per destination the best suggestions, all found in one pass."""
    places = _destinations(snapshot, office)
    if not places:
        return [], None
    wish = Wish(
        modes=frozenset(office.modes) or None,
        providers=frozenset(office.providers) or None,
        max_walk_m=office.max_walk_m,
        walk_speed=office.walk_speed,
        limit=_WAYS,
        useful_only=True,
    )
    before = {(way.destination.name, way.destination.lat, way.destination.lon): way.suggestions for way in shown}
    ways, turns = [], []
    origin = place_of_office(office)
    everything = _with_plain_ways(snapshot, origin, suggest(snapshot, origin, places, wish, now=now), wish, now)
    lasts, last_turn = last_ways(snapshot, origin, places, wish, everything[0].layout, now=now)
    for found, last in zip(everything, lasts, strict=True):
        place = place_of(snapshot, found.destination)
        told, turn = told_of(snapshot, found, before.get((place.name, place.lat, place.lon), []), wish, now=now)
        told = with_advice(snapshot, found, told, now=now)
        ways.append(wire.DestinationSuggestions(destination=place, suggestions=told, last=last))
        turns.append(turn)
    return ways, earliest(last_turn, *turns)


def _with_plain_ways(snapshot: Snapshot, origin: Place, everything: list[Found], wish: Wish, now: int) -> list[Found]:
    """Each destination has a way without a shared vehicle, be it hours away: bikes are not for everybody, and there are
    not enough for all who read a screen."""
    lacking = [i for i, found in enumerate(everything) if not any(s.family in _PLAIN for s in found.suggestions)]
    later = replace(wish, modes=_rides(wish), window_s=_LATER_S)
    if not lacking or not later.rides_transit():
        return everything
    places = [everything[i].destination for i in lacking]
    for i, found in zip(lacking, suggest(snapshot, origin, places, later, now=now), strict=True):
        first = sorted(found.suggestions, key=lambda s: (s.arrive, s.id))[:1]
        everything[i] = replace(everything[i], suggestions=(*everything[i].suggestions, *first))
    return everything


def _rides(wish: Wish) -> frozenset[str]:
    """The transit that a wish allows."""
    return frozenset(TRANSIT_MODES) if wish.modes is None else wish.modes & frozenset(TRANSIT_MODES)


@dataclass(frozen=True, slots=True)
class _Row:
    row: DepartureRow
    walk_s: int
    leave: int


def _boards(snapshot: Snapshot, office: Office, now: int) -> tuple[list[wire.Board], int | None]:
    """Boards of the stations that the office names, else of the nearest that have departures."""
    boards: list[wire.Board] = []
    turns: list[int | None] = [now // 60 * 60 + 60]
    for station in _stations(snapshot, office):
        rows = _rows(snapshot, office, station, now)
        if not rows and not office.stops:
            continue
        boards.append(_board(snapshot, station, rows, now))
        turns += [_row_turn(row, now) for row in rows]
        if len(boards) == _BOARDS and not office.stops:
            break
    return boards, earliest(*turns)


def _stations(snapshot: Snapshot, office: Office) -> list[int]:
    timetable = snapshot.timetable
    hidden = {timetable.stop_index[id_] for id_ in office.hidden_stops if id_ in timetable.stop_index}
    if office.stops:
        named = [timetable.stop_index[id_] for id_ in office.stops if id_ in timetable.stop_index]
    else:
        radius_m = _limit_m(snapshot, office) / snapshot.region.walking.detour
        named = near_stations(timetable, office.lat, office.lon, radius_m)[0].tolist()
    return [stop for stop in named if stop not in hidden]


def _rows(snapshot: Snapshot, office: Office, station: int, now: int) -> list[_Row]:
    """What can still be reached, and the last that no longer can; 90 minutes of it, up to the next full minute."""
    stops = members(snapshot.timetable, station)
    listed = list_departures(snapshot, stops, at=now, now=now, limit=_MOST_ROWS * 2, routes=_routes(snapshot, office))
    walks = _walks(snapshot, office, {row.stop for row in listed})
    rows = []
    for row in listed:
        walk_s = walks[row.stop]
        rows.append(_Row(row, walk_s, row.expected - walk_s - snapshot.region.boarding_slack_s))
    missed = [row for row in rows if row.leave < now]
    ahead = [row for row in rows if row.leave >= now]
    horizon = now // 60 * 60 + 60 + _HELD_S
    kept = [row for number, row in enumerate(ahead) if number < _FEWEST_ROWS or row.row.expected <= horizon]
    return sorted(missed[-1:] + kept[: _MOST_ROWS - 1], key=lambda row: (row.row.expected, row.row.event))


def _routes(snapshot: Snapshot, office: Office) -> NDArray[np.bool_] | None:
    """Lines to show, by id or name; None: all."""
    if not office.lines and not office.hidden_lines:
        return None
    timetable = snapshot.timetable

    def names(route: int, wanted: tuple[str, ...]) -> bool:
        return timetable.route_id[route] in wanted or timetable.route_name[route] in wanted

    shown = [
        (not office.lines or names(route, office.lines)) and not names(route, office.hidden_lines)
        for route in range(len(timetable.route_id))
    ]
    return np.array([*shown, not office.lines], dtype=np.bool_)


def _board(snapshot: Snapshot, station: int, rows: Sequence[_Row], now: int) -> wire.Board:
    routes = {int(row.row.layout.dated_route[row.row.dated]) for row in rows}
    stops = {station, *(row.row.stop for row in rows)}
    about = {a.alert.id for a in alerts_about(snapshot, now=now, routes=routes, stops=stops)}
    departures = [_departure(snapshot, row, now) for row in rows]
    about |= {id_ for departure in departures for id_ in departure.alerts}
    return wire.Board(
        stop=stop_of(snapshot, station),
        departures=departures,
        alerts=alerts_named(snapshot, about, now=now),
        realtime=realtime_state(snapshot, now),
        realtime_at=stale_real_time(snapshot, now),
    )


def _departure(snapshot: Snapshot, row: _Row, now: int) -> wire.Departure:
    return msgspec.structs.replace(
        departure_of(snapshot, row.row, now=now),
        walk_s=row.walk_s,
        leave_at=iso(row.leave, snapshot.zone),
        reach=reach(row.leave, now=now),
    )


def _row_turn(row: _Row, now: int) -> int | None:
    gone = row.row.expected + (CANCELLED_STAYS_S if row.row.cancelled else 0) + 1
    return earliest(reach_turns(row.leave, now=now), gone if gone > now else None)


def _walking(snapshot: Snapshot, office: Office) -> Walking:
    usual = snapshot.region.walking
    return usual if office.walk_speed is None else Walking(usual.detour, office.walk_speed)


def _limit_m(snapshot: Snapshot, office: Office) -> float:
    return snapshot.region.max_walk_m if office.max_walk_m is None else office.max_walk_m


def _walks(snapshot: Snapshot, office: Office, stops: set[int]) -> dict[int, int]:
    """Seconds on foot from the office to stops."""
    footing, timetable = Footing(_walking(snapshot, office), snapshot.streets), snapshot.timetable
    here = office.lat, office.lon
    points = {stop: (float(timetable.stop_lat[stop]), float(timetable.stop_lon[stop])) for stop in stops}
    return {stop: footing.walk(here, point)[0].seconds for stop, point in points.items()}


def _feed(snapshot: Snapshot, health: FeedHealth, now: int) -> wire.FeedBrief:
    since = state_since(health, now)
    return wire.FeedBrief(
        id=health.id,
        kind=health.kind,
        state=feed_state(health, now),
        since=None if since is None else iso(since, snapshot.zone),
    )


def _feed_turn(health: FeedHealth, now: int) -> int | None:
    """When a fresh feed grows stale if nothing new comes."""
    if health.data_at is None or health.stale_after_s is None or feed_state(health, now) != "fresh":
        return None
    return health.data_at + health.stale_after_s + 1


def _attribution(feeds: Sequence[FeedHealth]) -> list[str]:
    """Credits to print, each once, with the licence."""
    credits = [f"{f.attribution} ({f.licence})" if f.licence else f.attribution for f in feeds if f.attribution]
    return list(dict.fromkeys(credits))
