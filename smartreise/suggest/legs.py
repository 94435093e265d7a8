"""From the planner's journeys to legs: access, rides, walks between platforms, egress.

What a reader would get wrong: a change at one station is a walk only where the platforms are more than 25 m apart;
its duration is what the footpath counts, margin included, not the bare walk.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from smartreise.live.snapshot import Snapshot
from smartreise.model.geo import distance_m
from smartreise.model.modes import TRANSIT_MODES
from smartreise.planner.query import Change, Journey, Ride
from smartreise.suggest.places import Place, place_of_stop
from smartreise.suggest.records import Leg, StreetLeg, TransitLeg
from smartreise.suggest.ways import Stretch, Way, duration_s
from smartreise.timetable.arrays import NO_TIME, REALTIME, Layout, Timetable
from smartreise.timetable.geometry import along_m

#: platforms of one station nearer than this are one place to a walker
SAME_PLACE_M: Final = 25.0


def legs_of(snapshot: Snapshot, layout: Layout, journey: Journey, access: Way, egress: Way) -> tuple[Leg, ...]:
    """All legs of a journey in time. ``journey.leave`` is when the access begins."""
    timetable = snapshot.timetable
    legs: list[Leg] = list(laid(access, journey.leave + layout.base))
    before: Ride | None = None
    change: Change | None = None
    for part in journey.legs:
        if isinstance(part, Change):
            change = part
            continue
        if before is not None and change is not None and _is_walk(timetable, change):
            legs.append(_change_leg(snapshot, change, layout.base + int(layout.event_arrive[before.alight])))
        rides = sum(isinstance(p, Ride) for p in journey.legs)
        seated = before is not None and journey.transfers < rides - 1 and _is_seated(layout, before, part)
        legs.append(_transit_leg(timetable, layout, part, seated))
        before, change = part, None
    assert before is not None  # a journey rides
    legs += laid(egress, layout.base + int(layout.event_arrive[before.alight]))
    return tuple(legs)


def laid(way: Way, start: int) -> list[StreetLeg]:
    """A way from epoch second ``start`` on."""
    legs = []
    for stretch in way:
        legs.append(StreetLeg(stretch, start, start + stretch.duration_s))
        start += stretch.duration_s
    return legs


def laid_back(way: Way, end: int) -> list[StreetLeg]:
    """A way that ends at epoch second ``end``."""
    return laid(way, end - duration_s(way))


def change_s(timetable: Timetable, from_stop: int, to_stop: int) -> int | None:
    """Least seconds of a change between two stops; None where there is no footpath."""
    if from_stop == to_stop:
        return int(timetable.stop_change_s[from_stop])
    row = _footpath(timetable, from_stop, to_stop)
    return None if row is None else int(timetable.footpath_s[row])


def _footpath(timetable: Timetable, from_stop: int, to_stop: int) -> int | None:
    for row in range(int(timetable.footpath_start[from_stop]), int(timetable.footpath_start[from_stop + 1])):
        if timetable.footpath_stop[row] == to_stop:
            return row
    return None


def _is_walk(timetable: Timetable, change: Change) -> bool:
    a, b = change.from_stop, change.to_stop
    parent = timetable.stop_parent
    if parent[a] < 0 or parent[a] != parent[b]:
        return a != b
    return _crow(timetable, a, b) > SAME_PLACE_M


def _crow(timetable: Timetable, a: int, b: int) -> float:
    lat, lon = timetable.stop_lat, timetable.stop_lon
    return distance_m(float(lat[a]), float(lon[a]), float(lat[b]), float(lon[b]))


def _change_leg(snapshot: Snapshot, change: Change, start: int) -> StreetLeg:
    timetable = snapshot.timetable
    row = _footpath(timetable, change.from_stop, change.to_stop)
    crow = _crow(timetable, change.from_stop, change.to_stop)
    metres = snapshot.region.walking.path_m(crow) if row is None else float(timetable.footpath_m[row])
    stretch = Stretch(
        "walk",
        place_of_stop(timetable, change.from_stop),
        place_of_stop(timetable, change.to_stop),
        change.duration_s,
        metres,
    )
    return StreetLeg(stretch, start, start + change.duration_s)


def _is_seated(layout: Layout, before: Ride, after: Ride) -> bool:
    """Does the vehicle of one ride go on as the other?"""
    ends = before.alight == layout.dated_event[before.dated + 1] - 1 and after.board == layout.dated_event[after.dated]
    return bool(after.dated == before.dated + 1 and layout.dated_joined[before.dated] and ends)


def _transit_leg(timetable: Timetable, layout: Layout, ride: Ride, seated: bool) -> TransitLeg:
    base, route = layout.base, int(layout.dated_route[ride.dated])
    planned_depart = int(layout.event_planned_depart[ride.board])
    planned_arrive = int(layout.event_planned_arrive[ride.alight])
    start = place_of_stop(timetable, int(layout.event_stop[ride.board]))
    end = place_of_stop(timetable, int(layout.event_stop[ride.alight]))
    return TransitLeg(
        dated=ride.dated,
        board=ride.board,
        alight=ride.alight,
        mode=TRANSIT_MODES[timetable.route_mode[route]] if route >= 0 else "bus",
        start=start,
        end=end,
        depart=base + int(layout.event_depart[ride.board]),
        arrive=base + int(layout.event_arrive[ride.alight]),
        planned_depart=None if planned_depart == NO_TIME else base + planned_depart,
        planned_arrive=None if planned_arrive == NO_TIME else base + planned_arrive,
        realtime=bool((layout.event_state[ride.board] | layout.event_state[ride.alight]) & REALTIME),
        distance_m=_distance_m(timetable, layout, ride, start, end),
        stay_seated=seated,
        line=route,
    )


def _distance_m(timetable: Timetable, layout: Layout, ride: Ride, start: Place, end: Place) -> float:
    """Along the trip's path where the timetable has the trip, else from stop to stop."""
    calls = int(layout.event_call[ride.board]), int(layout.event_call[ride.alight])
    if min(calls) >= 0:
        along = along_m(timetable, calls[1]) - along_m(timetable, calls[0])
        if along > 0:
            return along
    stops = [int(s) for s in layout.event_stop[ride.board : ride.alight + 1]]
    return sum(_crow(timetable, a, b) for a, b in pairwise(stops))
