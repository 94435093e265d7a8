"""A snapshot: everything an answer is made from at one moment, immutable, with a revision.

One writer builds the next snapshot beside the old and swaps one reference; readers take it once per
request. What a reader would get wrong: "now" is not in it. Answers take `now` as an argument, and things
that only age (freshness, reach, rows that leave) follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Final, Literal, Protocol

from smartreise.live.delays import DelayTable
from smartreise.model.feeds import FeedHealth
from smartreise.model.mobility import MobilitySystem
from smartreise.model.realtime import Alert, VehiclePosition
from smartreise.model.region import Display, Notice, Office, Region
from smartreise.model.street import Streets
from smartreise.timetable.arrays import Layout, Timetable

if TYPE_CHECKING:
    from smartreise.live.hear import Heard

#: what an answer may be made from; `realtime` and `feeds` are states (fresh, stale, failing), not ages
Aspect = Literal[
    "timetable", "layouts", "realtime", "alerts", "vehicles", "occupancies", "mobility", "offices", "feeds",
    "displays", "notices",
]  # fmt: skip
ASPECTS: Final[tuple[Aspect, ...]] = (
    "timetable", "layouts", "realtime", "alerts", "vehicles", "occupancies", "mobility", "offices", "feeds",
    "displays", "notices",
)  # fmt: skip


class Layouts(Protocol):
    """Layouts of this snapshot by calendar day, with its real time applied; laid out on demand, cached."""

    def at(self, at: int) -> Layout:
        """The layout that answers for epoch second `at`: from its day's start to the end of tomorrow.

        Raises `Unanswerable` when the day is before yesterday's… see `timetable.layout`.
        """
        ...


@dataclass(frozen=True, slots=True)
class VehicleOnTrip:
    """A vehicle position joined to its trip where one was found."""

    position: VehiclePosition
    trip_id: str | None
    service_day: int | None  # date.toordinal()
    route: int  # −1 unknown
    start_s: int = -1  # start of a frequency run, s after the service day's origin


@dataclass(frozen=True, slots=True)
class Selector:
    """One thing that an alert is about: all parts that are given must hold, None is any."""

    routes: frozenset[int] | None = None
    stops: frozenset[int] | None = None  # a station stands for its stops too
    trip: str | None = None
    service_date: str | None = None  # YYYY-MM-DD
    direction: int | None = None


@dataclass(frozen=True, slots=True)
class AlertInEffect:
    """An alert with its selectors resolved to indices, and all that they name between them. Selectors that name what we
    do not know are left out."""

    alert: Alert
    routes: frozenset[int]
    stops: frozenset[int]  # a station stands for its stops too
    trips: frozenset[str]  # trip ids
    everywhere: bool  # names all there is
    selectors: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    revision: int
    region: Region
    zone: tzinfo
    timetable: Timetable
    layouts: Layouts
    #: message time (epoch s) of the newest trip-updates message, None: no real time at all
    realtime_at: int | None
    #: ids of the feeds that carry trip updates, be the newest message as empty as the night
    carriers: frozenset[str]
    alerts: tuple[AlertInEffect, ...]
    vehicles: tuple[VehicleOnTrip, ...]
    mobility: tuple[MobilitySystem, ...]
    offices: tuple[Office, ...]
    feeds: tuple[FeedHealth, ...]
    #: by aspect: the revision in which it last became another, so that what did not read it need not be made again
    changed_in: Mapping[Aspect, int]
    #: screens that somebody claimed
    displays: tuple[Display, ...] = ()
    #: messages of the offices' own
    notices: tuple[Notice, ...] = ()
    #: streets to walk and ride on, where the region knows them
    streets: Streets | None = None
    #: how late vehicles were in the past
    delays: DelayTable | None = None
    #: how full vehicles say they are: by trip id, service day (None: the feed's own trip) and frequency start (−1)
    occupancies: Mapping[tuple[str, int | None, int], str] = field(default_factory=dict)
    #: the messages it was made from, for the next snapshot to go on from
    heard: Heard | None = None
