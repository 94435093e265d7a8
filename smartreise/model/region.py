"""A region and what is fixed about it; an office and where its people want to go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smartreise.model.geo import Walking
from smartreise.model.realtime import Alert


@dataclass(frozen=True, slots=True)
class Weights:
    """What the order of suggestions weighs, all in seconds of arriving later. docs/suggestions.md explains them."""

    #: of each second waited before leaving, this share is not counted: one can go on working
    wait_gain: float = 0.4
    change_s: float = 120.0
    #: a second on foot costs this much on top of itself
    walk: float = 0.2
    #: a second on a bike or scooter
    ride: float = 0.1
    #: a shared car: it is booked and paid for, and there is one for a lobby full of people
    car_s: float = 900.0
    #: a last bike or dock, or a tight change of which nothing is known
    tight_s: float = 180.0
    #: missing a change, times the chance of missing it
    missed_s: float = 900.0
    #: a gram of CO2e
    gram_s: float = 0.02


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
    #: of a real-time message older than this only what it says of calls soon after counts: those within `near_s`
    fall_back_after_s: int = 300
    near_s: int = 1200
    #: grams CO2e per traveller-kilometre by mode, from feeds/emissions.toml; "car_alone" is the comparison
    emissions_g_per_km: Mapping[str, float] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    #: where people's own devices reach the service, e.g. "https://reise.example.no"; None: where a page came from
    public_url: str | None = None
    #: local time at which a night's last journeys have left and the next day's have not
    night_ends: str = "04:00"


@dataclass(frozen=True, slots=True)
class MapTiles:
    """Tiles that a region's maps are drawn on; one of the first three is given."""

    #: address of picture tiles with {z}, {x} and {y}
    pictures: str | None
    #: address of a PMTiles archive elsewhere
    archive: str | None
    #: a PMTiles archive of our own
    file: Path | None
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where people of an office go: a stop or station by id, or a point."""

    name: str
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """From and to as HH:MM on some days of the week (mo, tu, we, th, fr, sa, su)."""

    days: tuple[str, ...]
    opens: str
    closes: str


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
    #: shared vehicles of these systems alone, by feed or system id; empty: of all
    providers: tuple[str, ...] = ()
    #: "dark", "light", or "daylight": light while the sun is up here
    theme: str = "dark"
    #: colour of the theme, #rrggbb; None: the product's own
    accent: str | None = None
    #: a small picture for the head of its screens, as a data: address
    logo: str | None = None
    layout: str = "standard"
    #: when its screens are on; empty: always
    opening_hours: tuple[OpeningHours, ...] = ()
    #: what they do outside those hours: "dark" or "dim"
    after_hours: str = "dark"


@dataclass(frozen=True, slots=True)
class Display:
    """A screen that somebody claimed, as it is told to show itself.

    `identify` and `reload` count the requests: a screen acts when one is another than it was.
    """

    id: str
    name: str
    office: str
    group: str = ""
    #: None: as its office says
    layout: str | None = None
    theme: str | None = None
    test: bool = False
    identify: int = 0
    reload: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of an office's own, e.g. that the lift is out of order; `offices` empty: for all of them."""

    alert: Alert
    offices: frozenset[str]
