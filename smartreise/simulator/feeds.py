"""Every feed of the simulator as bytes at an instant, cached until its next tick or the next fault.

A message's timestamp is when its tick began, and moves on at once when a fault is switched on: whoever polls with
an ETag sees either a 304 or something newer, never an older message under a new tag.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from google.transit import gtfs_realtime_pb2 as pb

from smartreise.model.service_day import local_date
from smartreise.simulator.faults import FaultBook
from smartreise.simulator.mobility import Mobility
from smartreise.simulator.realtime import Realtime, list_trips
from smartreise.simulator.region import AuthoredRegion
from smartreise.simulator.schedule import build_schedule, service_span
from smartreise.simulator.timetable import build_gtfs

GTFS = "gtfs"
REALTIME = ("trip-updates", "vehicle-positions", "alerts")
_TICK_S = 5
_MOBILITY_TICK_S = 10
#: the day's alerts say nothing new before
_ALERTS_TICK_S = 30
#: a spoiled ("shrunk") timetable keeps this line alone
_SHRUNK_LINES = frozenset({"B10"})


@dataclass(frozen=True, slots=True)
class Body:
    """One reply's content. `modified` is an epoch second."""

    data: bytes
    content_type: str
    etag: str
    modified: int


class Feeds:
    """Thread-safe; building a timetable takes a second, everything else milliseconds."""

    def __init__(self, region: AuthoredRegion, faults: FaultBook, *, seed: int) -> None:
        self._region = region
        self._faults = faults
        self._zone = ZoneInfo(region.timezone)
        self._schedule = build_schedule(region)
        self._realtime = Realtime(region, self._schedule, faults, seed=seed)
        self._mobility = Mobility(region, faults, seed=seed)
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[tuple[object, ...], Body]] = {}
        self._stamps: dict[str, int] = {}

    def list_feeds(self) -> list[str]:
        """Names that `get` knows; GBFS files as "system/file"."""
        gbfs = [f"{system}/{name}" for system, names in self._mobility.list_systems().items() for name in names]
        return [GTFS, *REALTIME, *gbfs]

    def named(self) -> Mapping[str, frozenset[str]]:
        """What a fault's fields can name: feeds, and systems as a whole; lines; stations of bikes and cars."""
        feeds, region = self.list_feeds(), self._region
        stations = frozenset(dock.id for dock in region.docks) | {station.id for station in region.car_stations}
        return {
            "feed": frozenset(feeds) | {feed.split("/")[0] for feed in feeds},
            "line": frozenset(line.name for line in region.lines),
            "station_id": stations,
        }

    def get(self, feed: str, *, now: float, base: str) -> Body:
        """The feed's bytes at `now` (epoch s). KeyError for a name that `list_feeds` does not list."""
        with self._lock:
            key = (*self._tick(feed, int(now)), self._faults.revision if feed != GTFS else 0)
            kept = self._kept.get(feed)
            if kept is None or kept[0] != key:
                kept = (key, self._build(feed, int(now), base))
                self._kept[feed] = kept
            return kept[1]

    def list_trips(self, *, now: float, stop: str | None, line: str | None) -> list[dict[str, object]]:
        """Running and soon-starting trips (see `realtime.list_trips`)."""
        with self._lock:
            progress = self._realtime.list_progress(int(now))
            return list_trips(progress, now=int(now), zone=self._zone, stop=stop, line=line)

    def shrunk_gtfs(self, *, now: float) -> bytes:
        """A timetable that is well-formed and nearly empty: one line is left."""
        first, last = service_span(local_date(int(now), self._zone))
        return build_gtfs(self._region, self._schedule, first=first, last=last, lines=_SHRUNK_LINES)

    def _tick(self, feed: str, now: int) -> tuple[date | int, ...]:
        if feed == GTFS:
            return service_span(local_date(now, self._zone))
        if feed == "alerts":
            return (now // _ALERTS_TICK_S * _ALERTS_TICK_S,)
        tick = _TICK_S if feed in REALTIME else _MOBILITY_TICK_S
        return (now // tick * tick,)

    def _build(self, feed: str, now: int, base: str) -> Body:
        if feed == GTFS:
            first, last = service_span(local_date(now, self._zone))
            return body_of(build_gtfs(self._region, self._schedule, first=first, last=last), "application/zip", now)
        stamp = self._stamp(feed, now)
        if feed == "trip-updates":
            data = self._realtime.trip_updates(now, timestamp=stamp)
        elif feed == "vehicle-positions":
            data = self._realtime.vehicle_positions(now, timestamp=stamp)
        elif feed == "alerts":
            data = self._realtime.alerts(now, timestamp=stamp)
        else:
            system, _, name = feed.partition("/")
            return body_of(self._mobility.render(system, name, now=stamp, base=base), "application/json", stamp)
        return body_of(data, "application/x-protobuf", stamp)

    def _stamp(self, feed: str, now: int) -> int:
        """The message's time: now, but later than the one before, even twice in one second."""
        before = self._stamps.get(feed, 0)
        stamp = now if now < before - 60 else max(now, before + 1)  # far back: the clock was set
        self._stamps[feed] = stamp
        return stamp


def body_of(data: bytes, content_type: str, modified: int) -> Body:
    """A reply with its strong ETag."""
    return Body(data, content_type, f'"{hashlib.sha256(data).hexdigest()[:24]}"', modified)


def restamp(data: bytes, *, shift_s: int) -> bytes:
    """A GTFS-realtime message whose header says another time."""
    message = pb.FeedMessage.FromString(data)
    message.header.timestamp += shift_s
    return bytes(message.SerializeToString())


def keep_entities(data: bytes, keep: Iterable[int]) -> bytes:
    """A GTFS-realtime message with some of its entities alone."""
    message = pb.FeedMessage.FromString(data)
    kept = [message.entity[i] for i in keep if i < len(message.entity)]
    del message.entity[:]
    message.entity.extend(kept)
    return bytes(message.SerializeToString())
