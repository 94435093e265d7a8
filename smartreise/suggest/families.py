"""Every family of suggestions for one origin and any number of destinations.

The planner is asked once per family for all destinations together. What a reader would get wrong: a family is
judged by itself (contract, "What must be in it"); walking alone never hides transit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nsmallest
from typing import Final

from smartreise.live.snapshot import Snapshot
from smartreise.model.mobility import SharedVehicle, Station
from smartreise.model.problems import Unanswerable
from smartreise.model.service_day import local_date
from smartreise.planner.held import search_or_hold
from smartreise.planner.query import Answer, Journey, Query, StopTimesTo
from smartreise.suggest.access import Approach, by_vehicle, nearest, on_foot
from smartreise.suggest.describe import describe
from smartreise.suggest.footing import Footing
from smartreise.suggest.legs import laid, laid_back, legs_of
from smartreise.suggest.places import Place
from smartreise.suggest.ranking import pareto, ranked
from smartreise.suggest.records import Family, Found, StreetLeg, Suggestion
from smartreise.suggest.shared import COUNTS_HOLD_S, Fleet, list_fleets
from smartreise.suggest.ways import Way, duration_s, hired_way, walk
from smartreise.suggest.wish import Wish
from smartreise.timetable.arrays import Layout
from smartreise.timetable.layout import layout_day

#: a shared vehicle all the way must save this against walking
_WORTH_S: Final = 60
#: equal journeys that are described, of which up to two are told
_EQUALS: Final = 4
#: for a screen, this many times as many journeys with a shared vehicle are described as it shows
_SOME: Final = 3
#: the planner looks this far past the window: what a departure just after it beats is left out
_BEYOND_S: Final = 1800
#: and to the next instant that this divides, so that an answer holds though the window moves on
_END_S: Final = 300


def suggest(snapshot: Snapshot, origin: Place, destinations: Sequence[Place], wish: Wish, *, now: int) -> list[Found]:
    """All suggestions per destination, best first, none left out for a limit.

    Raises `Unanswerable` for a time before yesterday or outside the timetable.
    """
    asking = Asking(
        snapshot, origin, tuple(destinations), wish, now, wish.footing(snapshot), layout_for(snapshot, wish, now)
    )
    fleets = asking.fleets()
    transit, cut = asking.transit(fleets) if wish.rides_transit() else ([[] for _ in destinations], False)
    found = []
    for place, rides in zip(destinations, transit, strict=True):
        everything = [*rides, *asking.street_only(place, fleets)]
        found.append(
            Found(
                place, asking.layout, tuple(ranked(everything, snapshot.region.weights, arrive_by=wish.arrive_by)), cut
            )
        )
    return found


def layout_for(snapshot: Snapshot, wish: Wish, now: int) -> Layout:
    """The layout of the day that the window begins on. "Now" is always answered, if only with walks."""
    if wish.at is not None:
        if local_date(wish.at, snapshot.zone) < local_date(now, snapshot.zone) - timedelta(days=1):
            raise Unanswerable("at", "at must not be before yesterday")
        layout_day(snapshot.timetable, wish.at, snapshot.zone)
    return snapshot.layouts.at(wish.span(now)[0])


@dataclass(frozen=True, slots=True)
class _Ride:
    """A journey of the planner with how its ends are reached."""

    journey: Journey
    access: Approach
    egress: Approach

    @property
    def key(self) -> tuple[int, int, int]:
        """Leaving, arriving, transfers."""
        return self.journey.leave, self.journey.arrive, self.journey.transfers


@dataclass(frozen=True, slots=True)
class Asking:
    """A question on its way to its answer."""

    snapshot: Snapshot
    origin: Place
    destinations: tuple[Place, ...]
    wish: Wish
    now: int
    footing: Footing
    layout: Layout
    beyond_s: int = _BEYOND_S
    ways: dict[tuple[int, int], Way] = field(default_factory=dict)
    near: dict[int, list[tuple[Station | SharedVehicle, int]]] = field(default_factory=dict)

    def fleets(self) -> list[Fleet]:
        """Vehicles that may be used: none when the journey is so far ahead that counts say nothing."""
        start, _ = self.wish.span(self.now)
        if start > self.now + COUNTS_HOLD_S:
            return []
        return list_fleets(self.snapshot, self.wish.forms(), now=self.now, providers=self.wish.providers)

    def transit(self, fleets: Sequence[Fleet]) -> tuple[list[list[Suggestion]], bool]:
        """Transit on foot, and with a shared vehicle at the start or the end or both."""
        limit_m, timetable = self.wish.walk_limit_m(self.snapshot), self.snapshot.timetable

        def walked(place: Place, outward: bool) -> Approach:
            return on_foot(timetable, place, self.footing, max_walk_m=limit_m, outward=outward)

        access, egress = walked(self.origin, True), [walked(place, False) for place in self.destinations]
        plain, cut = self.rides(access, egress)
        told = [[self.described("transit", ride) for ride in unbeaten(rides)] for rides in plain]
        bikes = [fleet for fleet in fleets if fleet.kind.form == "bike"]
        others = [fleet for fleet in fleets if fleet.kind.form != "bike"]
        groups: tuple[tuple[Family, list[Fleet]], ...] = (("hire_transit", bikes), ("ride_transit", others))
        for family, group in groups:
            if not group:
                continue
            found, cut_here = self.hired(group, access, egress)
            cut |= cut_here
            for suggestions, on_feet, rides in zip(told, plain, found, strict=True):
                suggestions += self.described_few(family, rides, on_feet)
        return told, cut

    def hired(
        self, fleets: Sequence[Fleet], access: Approach, egress: Sequence[Approach]
    ) -> tuple[list[list[_Ride]], bool]:
        """Journeys with a vehicle of the fleets at the start or the end or both; a car takes one to a station and is
        not waited for at the other end."""
        limit_m, timetable = self.wish.walk_limit_m(self.snapshot), self.snapshot.timetable

        def by(fleets: Sequence[Fleet], place: Place, outward: bool) -> Approach:
            return by_vehicle(timetable, fleets, place, self.footing, max_walk_m=limit_m, outward=outward)

        light = [fleet for fleet in fleets if fleet.kind.form != "car"]
        from_vehicle, to_vehicle = by(fleets, self.origin, True), [by(light, p, False) for p in self.destinations]
        both = [_quicker(foot, wheels) for foot, wheels in zip(egress, to_vehicle, strict=True)]
        first, cut_first = self.rides(from_vehicle, both)
        last, cut_last = self.rides(access, to_vehicle)
        found = [unbeaten([*one, *other]) for one, other in zip(first, last, strict=True)]
        return found, cut_first or cut_last

    def described_few(self, family: Family, rides: list[_Ride], on_feet: Sequence[_Ride]) -> list[Suggestion]:
        """Journeys with a shared vehicle; for a screen the best few that transit on foot does not beat."""
        if self.wish.useful_only:
            rides = [ride for ride in rides if not any(_as_good(foot, ride) for foot in on_feet)]
            rides = nsmallest(_SOME * self.wish.limit, rides, key=self.rough_cost)
        return pareto(self.described(family, ride) for ride in rides)

    def rough_cost(self, ride: _Ride) -> float:
        """`ranking.cost` as far as times and transfers go."""
        leave, arrive, transfers = ride.key
        weights = self.snapshot.region.weights
        times = -leave + weights.wait_gain * arrive if self.wish.arrive_by else arrive - weights.wait_gain * leave
        return times + weights.change_s * transfers

    def rides(self, access: Approach, egress: Sequence[Approach]) -> tuple[list[list[_Ride]], bool]:
        """One pass of the planner for all destinations."""
        if not access.seconds or not any(e.seconds for e in egress):
            return [[] for _ in egress], False
        slack = self.snapshot.region.boarding_slack_s
        answer = self.search(access.times(slack), tuple(e.times() for e in egress))
        found = [
            [_Ride(journey, access, end) for journey in journeys]
            for journeys, end in zip(answer.journeys, egress, strict=True)
        ]
        return found, answer.cut

    def search(self, access: StopTimesTo, egress: tuple[StopTimesTo, ...]) -> Answer:
        start, end = self.wish.span(self.now)
        query = Query(
            access=access,
            egress=egress,
            earliest=start - self.layout.base,
            latest=end - self.layout.base,
            beyond_s=self.beyond_s and -(-(end + self.beyond_s) // _END_S) * _END_S - end,
            arrive_by=self.wish.arrive_by,
            max_transfers=self.wish.max_transfers,
            routes=self.wish.routes(self.snapshot),
            wheelchair=self.wish.wheelchair,
        )
        return search_or_hold(self.snapshot.timetable, self.layout, query)

    def described(self, family: Family, ride: _Ride) -> Suggestion:
        journey, access, egress = ride.journey, ride.access, ride.egress
        way_in, way_out = self.way(access, journey.access_stop), self.way(egress, journey.egress_stop)
        return describe(
            self.snapshot,
            self.layout,
            family,
            (access.place, egress.place),
            legs_of(self.snapshot, self.layout, journey, way_in, way_out),
            transfers=journey.transfers,
            leave=journey.leave + self.layout.base,
            arrive=journey.arrive + self.layout.base,
        )

    def way(self, approach: Approach, stop: int) -> Way:
        """`Approach.way`, made once: many journeys begin and end alike."""
        key = id(approach), stop
        if key not in self.ways:
            self.ways[key] = approach.way(self.snapshot.timetable, stop)
        return self.ways[key]

    def street_only(self, place: Place, fleets: Sequence[Fleet]) -> list[Suggestion]:
        """Walking alone within the limit, and the quickest shared vehicle of each form that is worth it."""
        on_feet = walk(self.footing, self.origin, place)
        found = (
            [self.alone("walk", place, (on_feet,))]
            if on_feet.distance_m <= self.wish.walk_limit_m(self.snapshot)
            else []
        )
        best: dict[str, Way] = {}
        for fleet in fleets:
            for way in self.hires(fleet, place):
                form = fleet.kind.form
                if duration_s(way) + _WORTH_S <= on_feet.duration_s and (
                    form not in best or duration_s(way) < duration_s(best[form])
                ):
                    best[form] = way
        for form, way in best.items():
            family: Family = "bike" if form == "bike" else "scooter" if form == "scooter" else "car"
            found.append(self.alone(family, place, way))
        return found

    def hires(self, fleet: Fleet, place: Place) -> list[Way]:
        """Ways by one fleet all the way, over the nearest few pickups and drop-offs."""
        limit_m, ways = self.wish.walk_limit_m(self.snapshot), []
        dropoffs = nearest(place, fleet.dropoffs, self.footing, limit_m)
        taken = self.taken(fleet) if dropoffs or fleet.floating or fleet.leaves_stations else []
        free = (fleet.floats or fleet.leaves_stations) and fleet.may_end_at(place.lat, place.lon)
        for pickup, _ in taken:
            at_station = isinstance(pickup, Station)
            for dropoff, _ in dropoffs if at_station or fleet.docks else ():
                if pickup.id != dropoff.id and isinstance(dropoff, Station):
                    ways.append(hired_way(fleet, self.footing, self.origin, pickup, dropoff, place))
            if free and (fleet.leaves_stations if at_station else fleet.floats):
                ways.append(hired_way(fleet, self.footing, self.origin, pickup, None, place))
        return [way for way in ways if _rideable(way, fleet)]

    def taken(self, fleet: Fleet) -> list[tuple[Station | SharedVehicle, int]]:
        """The nearest few vehicles at the origin, found once for all destinations."""
        if id(fleet) not in self.near:
            limit_m = self.wish.walk_limit_m(self.snapshot)
            self.near[id(fleet)] = nearest(self.origin, (*fleet.pickups, *fleet.floating), self.footing, limit_m)
        return self.near[id(fleet)]

    def alone(self, family: Family, place: Place, way: Way) -> Suggestion:
        """A way that can be left at any time: at the asked time, or at the next full minute for now."""
        start, end = self.wish.span(self.now)
        legs: list[StreetLeg]
        if self.wish.arrive_by:
            legs = laid_back(way, end)
        else:
            legs = laid(way, start if self.wish.at is not None else -(-start // 60) * 60)
        leave, arrive = legs[0].depart, legs[-1].arrive
        return describe(
            self.snapshot, self.layout, family, (self.origin, place), legs, transfers=0, leave=leave, arrive=arrive
        )


def _as_good(one: _Ride, other: _Ride) -> bool:
    """Is the one as good as the other in all three?"""
    a, b = one.journey, other.journey
    return a.leave >= b.leave and a.arrive <= b.arrive and a.transfers <= b.transfers


def unbeaten(rides: Sequence[_Ride]) -> list[_Ride]:
    """Without those that another beats in leaving later, arriving earlier and fewer transfers. Of equals a few stay:
    more than are told of, for some turn out to be the same trips."""
    kept: list[_Ride] = []
    soonest: dict[int, int] = {}  # earliest arrival so far, from the latest leaving on, by transfers at most
    equals: Counter[tuple[int, int, int]] = Counter()
    for ride in sorted(rides, key=lambda r: (-r.key[0], *r.key[1:])):
        key = ride.key
        _, arrive, transfers = key
        best = min((at for changes, at in soonest.items() if changes <= transfers), default=arrive + 1)
        if (arrive >= best and key not in equals) or equals[key] >= _EQUALS:
            continue
        kept.append(ride)
        equals[key] += 1
        soonest[transfers] = min(arrive, soonest.get(transfers, arrive))
    return kept


def _quicker(foot: Approach, wheels: Approach) -> Approach:
    """The quicker of two approaches at each stop."""
    return Approach(foot.place, foot.footing, foot.outward, foot.seconds | wheels.seconds, wheels.hired)


def _rideable(way: Way, fleet: Fleet) -> bool:
    for stretch in way:
        if stretch.hire is not None:
            vehicle = stretch.hire.vehicle
            reach_m = vehicle.range_m if vehicle is not None and vehicle.range_m is not None else fleet.kind.max_ride_m
            return stretch.distance_m <= min(reach_m, fleet.kind.max_ride_m)
    return False
