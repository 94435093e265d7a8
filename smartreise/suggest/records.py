"""Suggestions in the core's terms: indices, epoch seconds, metres. `views` puts them into words for the wire.

What a reader would get wrong: event indices belong to one layout, the one in `Found`; they say nothing in the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from smartreise.suggest.places import Place
from smartreise.suggest.ways import Stretch
from smartreise.timetable.arrays import Layout

#: transit on foot, with a shared bike at an end, with a scooter at an end or a car to a station, and each means alone
Family = Literal["transit", "hire_transit", "ride_transit", "walk", "bike", "scooter", "car"]
HIRED: Final = ("hire_transit", "ride_transit")


@dataclass(frozen=True, slots=True)
class StreetLeg:
    """A stretch laid into time: epoch seconds."""

    stretch: Stretch
    depart: int
    arrive: int


@dataclass(frozen=True, slots=True)
class TransitLeg:
    """One ride: events of the layout, epoch seconds; planned ones None where nobody planned."""

    dated: int
    board: int
    alight: int
    mode: str
    start: Place
    end: Place
    depart: int
    arrive: int
    planned_depart: int | None
    planned_arrive: int | None
    realtime: bool
    distance_m: float
    stay_seated: bool = False
    #: index of the route, −1 unknown
    line: int = -1


Leg = StreetLeg | TransitLeg


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One way from door to door. ``reason`` says why it is tight, in a code word."""

    id: str
    family: Family
    leave: int
    arrive: int
    transfers: int
    legs: tuple[Leg, ...]
    walk_m: float
    bike_m: float
    co2_g: float
    car_co2_g: float
    modes: tuple[str, ...]
    tight: str | None = None
    #: chance 0–1 of making its tightest change; None: it has no tight one, or nothing is known of it
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All suggestions for one destination, best first, and the layout that their events are of."""

    destination: Place
    layout: Layout
    suggestions: tuple[Suggestion, ...]
    cut: bool
