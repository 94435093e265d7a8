"""A region and what is fixed about it; an office and where its people want to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smartreise.model.geo import Walking


@dataclass(frozen=True, slots=True)
class Region:
    """What every answer depends on besides data. Durations in seconds, distances in metres."""

    id: str
    name: str
    timezone: str
    languages: tuple[str, ...] = ("nb", "nn", "en")
    demo: bool = False
    walking: Walking = field(default_factory=Walking)
    #: slack before the first boarding, counted in `leave_at`
    boarding_slack_s: int = 60
    #: change at one stop where transfers.txt says nothing
    change_s: int = 120
    #: least time of a change between two stops, added to the walk
    change_between_stops_s: int = 60
    #: footpaths between stops reach this far (metres walked)
    change_walk_max_m: float = 800.0
    #: access and egress on foot reach this far when a query says nothing (metres walked)
    max_walk_m: float = 1500.0
    bike_mps: float = 4.2
    bike_detour: float = 1.3
    #: a real-time message older than this is stale
    stale_after_s: int = 90
    #: grams CO2e per traveller-kilometre by mode, from feeds/emissions.toml; "car_alone" is the comparison
    emissions_g_per_km: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where people of an office go: a stop or station by id, or a point."""

    name: str
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A place that people leave from, with the screen in its lobby."""

    id: str
    name: str
    lat: float
    lon: float
    destinations: tuple[Destination, ...] = ()
    #: stops and stations whose boards the screen shows; empty: the nearest ones
    stops: tuple[str, ...] = ()
    hidden_stops: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    hidden_lines: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("nb",)
    walk_speed: float | None = None
    max_walk_m: float | None = None
    modes: tuple[str, ...] = ()
    theme: str = "dark"
