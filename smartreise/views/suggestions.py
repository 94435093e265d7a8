"""Suggestions between two places: the question's parameters, and its answer as it ages.

What a reader would get wrong: without ``at`` the question means now and moves on by itself. Its window begins at
``now`` and ends on a full minute, so that the answer changes when something does and not every second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import UNSET, UnsetType

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.modes import MODES
from smartreise.model.problems import BadInput
from smartreise.model.service_day import iso
from smartreise.suggest.describe import reach_turns
from smartreise.suggest.families import suggest
from smartreise.suggest.last import EVENING_S, WARN_S, list_last, night_end
from smartreise.suggest.places import Place, get_place, parse_point
from smartreise.suggest.ranking import chosen
from smartreise.suggest.records import Found, StreetLeg, Suggestion, TransitLeg
from smartreise.suggest.shared import COUNTS_HOLD_S, station_stale_at
from smartreise.suggest.wish import Wish
from smartreise.timetable.arrays import Layout
from smartreise.views import wire
from smartreise.views.answer import JOURNEYS, Answer
from smartreise.views.broken import with_broken
from smartreise.views.legs import place_of, suggestion_of
from smartreise.views.moments import earliest
from smartreise.views.params import AT, Canonical, Flag, Names, Number, Parameter, Text, Whole, canonical
from smartreise.views.rendering import alerts_named, alerts_turn, realtime_state, realtime_turn, stale_real_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Somewhere(Text):
    """A place as lat,lon, or the id of a stop, station or office."""

    def canonical(self, text: str) -> str:
        point = parse_point(self.name, Text.parse(self, text))
        if point is None:
            return text
        return ",".join(f"{part:.6f}".rstrip("0").rstrip(".") for part in point)


_EXAMPLE: Final = "59.8953,10.6284"
FROM: Final = Somewhere(name="from", about="Where: lat,lon, a stop or an office id.", required=True, example=_EXAMPLE)
TO: Final = Somewhere(name="to", about="Where to, likewise.", required=True, example="NSR:StopPlace:337")
ARRIVE_BY: Final = Flag(name="arrive_by", about="Is `at` when to arrive at the latest?", default="false")
WINDOW: Final = Whole(
    name="window_s", about="Seconds from `at` within which to leave.", least=0, most=14_400, default="3600"
)
USABLE: Final = Names(name="modes", about="Only these vehicles; walking always may.", known=MODES, example="rail,bike")
PROVIDERS: Final = Names(
    name="providers", about="Shared vehicles of these systems alone, by feed or system id.", example="oslobysykkel"
)
MAX_TRANSFERS: Final = Whole(name="max_transfers", about="Changes at most.", least=0, most=8, default="5")
MAX_WALK: Final = Number(name="max_walk_m", about="Metres walked at either end, at most.", least=0, most=5_000)
WALK_SPEED: Final = Number(name="walk_speed", about="Walking, metres a second.", least=0.3, most=4)
WHEELCHAIR: Final = Flag(name="wheelchair", about="Only what says it takes wheelchairs.", default="false")
LIMIT: Final = Whole(name="limit", about="Suggestions at most.", least=1, most=50, default="6")


class SuggestionsView:
    """`GET /v1/suggestions` and the topic `suggestions`."""

    name = "suggestions"
    about = "Ways from one place to another, with when to leave"
    parameters: Sequence[Parameter[Any]] = (
        FROM, TO, AT, ARRIVE_BY, WINDOW, USABLE, PROVIDERS, MAX_TRANSFERS, MAX_WALK, WALK_SPEED, WHEELCHAIR, LIMIT,
    )  # fmt: skip
    result: type[wire.Wire] = wire.Suggestions
    reads: frozenset[Aspect] = JOURNEYS

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        wish = wish_of(params)
        _check_providers(snapshot, wish)
        origin = get_place(snapshot, "from", FROM.get(params))
        destination = get_place(snapshot, "to", TO.get(params))
        (found,) = suggest(snapshot, origin, [destination], wish, now=now)
        shown = previous.suggestions if isinstance(previous, wire.Suggestions) else []
        (last,), last_turn = last_ways(snapshot, origin, [destination], wish, found.layout, now=now)
        told, changes_at = told_of(snapshot, found, shown, wish, now=now)
        data = wire.Suggestions(
            from_=place_of(snapshot, origin),
            to=place_of(snapshot, destination),
            suggestions=told,
            alerts=alerts_named(snapshot, alert_ids(told), now=now),
            realtime=realtime_state(snapshot, now),
            realtime_at=stale_real_time(snapshot, now),
            at=UNSET if wish.at is None else iso(wish.at, snapshot.zone),
            cut=found.cut,
            last=last,
        )
        return Answer(data, earliest(changes_at, last_turn, alerts_turn(snapshot, now), realtime_turn(snapshot, now)))


def wish_of(params: Mapping[str, str]) -> Wish:
    """The wish in canonical parameters."""
    modes, providers = USABLE.find(params), PROVIDERS.find(params)
    return Wish(
        at=AT.find(params),
        arrive_by=ARRIVE_BY.get(params),
        window_s=WINDOW.get(params),
        modes=None if modes is None else frozenset(modes),
        providers=None if providers is None else frozenset(providers),
        max_transfers=MAX_TRANSFERS.get(params),
        max_walk_m=MAX_WALK.find(params),
        walk_speed=WALK_SPEED.find(params),
        wheelchair=WHEELCHAIR.get(params),
        limit=LIMIT.get(params),
    )


def _check_providers(snapshot: Snapshot, wish: Wish) -> None:
    known = {id_ for system in snapshot.mobility for id_ in (system.feed_id, system.system_id)}
    known |= {feed.id for feed in snapshot.feeds}
    for name in sorted(wish.providers or ()):
        if name not in known:
            raise BadInput("providers", f"no shared vehicles of {name[:60]!r} are known here")


def told_of(
    snapshot: Snapshot, found: Found, shown: Sequence[wire.Suggestion], wish: Wish, *, now: int
) -> tuple[list[wire.Suggestion], int | None]:
    """What is told of what was found, with what broke of what was shown, and when that will change by itself."""
    best = chosen(found.suggestions, wish.limit, useful_only=wish.useful_only)
    current = [suggestion_of(snapshot, found.layout, s, now=now) for s in best]
    ids = [s.id for s in found.suggestions]
    told, goes_at = with_broken(snapshot, found.layout, shown, current, ids, now=now, limit=wish.limit)
    turns = [turn for s in best for turn in _turns(s, now)]
    if wish.at is None:
        turns.append(now // 60 * 60 + 60)
    elif wish.at - COUNTS_HOLD_S > now:
        turns.append(wish.at - COUNTS_HOLD_S)
    return told, earliest(goes_at, *turns)


def last_ways(
    snapshot: Snapshot, origin: Place, places: Sequence[Place], wish: Wish, layout: Layout, *, now: int
) -> tuple[list[wire.LastWay | UnsetType], int | None]:
    """The last way tonight to each of the places, and when what is said of it changes by itself."""
    evening = night_end(snapshot, now) - EVENING_S
    if wish.at is None and now < evening:
        return [UNSET] * len(places), evening
    told: list[wire.LastWay | UnsetType] = []
    turns = []
    for way in list_last(snapshot, origin, places, wish, now=now):
        if way is None:
            told.append(UNSET)
            continue
        shown = suggestion_of(snapshot, layout, way, now=now)
        turns += [way.leave - WARN_S, way.leave + 1, *_turns(way, now)]
        told.append(
            wire.LastWay(
                leave_at=shown.leave_at,
                arrive_at=shown.arrive_at,
                warning=now >= way.leave - WARN_S,
                suggestion=shown,
            )
        )
    return told, min((turn for turn in turns if turn > now), default=None)


def alert_ids(suggestions: Sequence[wire.Suggestion]) -> set[str]:
    """Ids of the alerts that legs name."""
    return {id_ for s in suggestions for leg in s.legs if isinstance(leg.alerts, list) for id_ in leg.alerts}


def _turns(suggestion: Suggestion, now: int) -> list[int]:
    """When a suggestion will read otherwise: its reach turns, or a station it counts on grows stale."""
    turns = []
    if any(isinstance(leg, TransitLeg) for leg in suggestion.legs):
        turns.append(reach_turns(suggestion.leave, now=now))
    for leg in suggestion.legs:
        hire = leg.stretch.hire if isinstance(leg, StreetLeg) else None
        if hire is not None:
            turns += [station_stale_at(hire.system, s) for s in (hire.station, hire.dropoff) if s is not None]
    return [turn for turn in turns if turn is not None and turn > now]
