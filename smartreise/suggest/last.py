"""The last way home tonight: per destination the journey that leaves latest before the night ends.

What a reader would get wrong: the night ends at a local time of the region's settings, not at midnight, and where night
buses run until then the last of them is the last way. Shared vehicles are left out: nobody knows which there will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from smartreise.live.snapshot import Snapshot
from smartreise.suggest.access import on_foot
from smartreise.suggest.families import Asking, layout_for
from smartreise.suggest.places import Place
from smartreise.suggest.records import Suggestion
from smartreise.suggest.wish import Wish

#: the last way is looked for from this long before the night's end, hour by hour from the end backwards
EVENING_S: Final = 9 * 3600
WARN_S: Final = 45 * 60
_HOUR_S: Final = 3600


def night_end(snapshot: Snapshot, now: int) -> int:
    """The epoch second at which this night ends."""
    hour, minute = (int(part) for part in snapshot.region.night_ends.split(":"))
    local = datetime.fromtimestamp(now, UTC).astimezone(snapshot.zone)
    end = datetime.combine(local.date(), time(hour, minute), snapshot.zone)
    if end.timestamp() <= now:
        end = datetime.combine(local.date() + timedelta(days=1), time(hour, minute), snapshot.zone)
    return int(end.timestamp())


def list_last(
    snapshot: Snapshot, origin: Place, destinations: Sequence[Place], wish: Wish, *, now: int
) -> list[Suggestion | None]:
    """The last way to each destination; None by day, where one can walk, and when it has left."""
    end = night_end(snapshot, now)
    found: list[Suggestion | None] = [None] * len(destinations)
    if wish.at is not None or now < end - EVENING_S or not wish.rides_transit():
        return found
    open_ = [i for i, place in enumerate(destinations) if not _is_walk(snapshot, origin, place, wish)]
    while open_ and end > now:
        start = max(now, end - _HOUR_S)
        latest = _latest(snapshot, origin, [destinations[i] for i in open_], wish, (start, end), now)
        for i, suggestion in zip(open_, latest, strict=True):
            found[i] = suggestion
        open_ = [i for i in open_ if found[i] is None]
        end = start
    return found


def _is_walk(snapshot: Snapshot, origin: Place, place: Place, wish: Wish) -> bool:
    walk, _ = wish.footing(snapshot).walk((origin.lat, origin.lon), (place.lat, place.lon))
    return walk.metres <= wish.walk_limit_m(snapshot)


def _latest(
    snapshot: Snapshot, origin: Place, places: Sequence[Place], wish: Wish, span: tuple[int, int], now: int
) -> list[Suggestion | None]:
    """The journey that leaves latest within a span, and of those the one that arrives first."""
    within = replace(wish, at=span[0], window_s=span[1] - span[0])
    layout = layout_for(snapshot, replace(wish, at=None), now)
    asking = Asking(snapshot, origin, tuple(places), within, now, wish.footing(snapshot), layout, beyond_s=0)
    limit_m, timetable = wish.walk_limit_m(snapshot), snapshot.timetable
    access = on_foot(timetable, origin, asking.footing, max_walk_m=limit_m, outward=True)
    egress = [on_foot(timetable, place, asking.footing, max_walk_m=limit_m, outward=False) for place in places]
    rides, _ = asking.rides(access, egress)
    best = [max(some, key=lambda r: (r.key[0], -r.key[1], -r.key[2]), default=None) for some in rides]
    return [None if ride is None else asking.described("transit", ride) for ride in best]
