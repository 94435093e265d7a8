"""Compiles the tables of all static feeds of a region into one `Timetable`.

Nothing is guessed silently: what is left out or repaired is counted by reason in `Timetable.counts`. A feed
from which nothing usable remains is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from smartreise.model.problems import DatasetRefused
from smartreise.model.region import Region
from smartreise.timetable.arrays import ALIGHT, BOARD, Int32s, Timetable, arrays_of, freeze
from smartreise.timetable.footpaths import Footpaths, build_footpaths
from smartreise.timetable.kernels import interpolate, repair_order, set_flags, share_paths
from smartreise.timetable.parts import (
    Routes,
    Stops,
    Trips,
    build_routes,
    build_stops,
    build_trips,
    merge_calls,
    stop_modes,
)
from smartreise.timetable.paths import Shapes, build_shapes, call_distances
from smartreise.timetable.pathways import Places, StationWalks, walk_stations
from smartreise.timetable.rows import Counts, count, decimal, parse_seconds, small, whole
from smartreise.timetable.services import build_services
from smartreise.timetable.tables import BLANK_TIME, GtfsTables
from smartreise.timetable.transfers import read_transfers

#: raise when arrays change their meaning: blobs of another schema are not read
SCHEMA: Final = 4


class _Times(NamedTuple):
    """Of all calls, and the metres along the ways of trips, as in a `Timetable`."""

    arrive: Int32s
    depart: Int32s
    trip_path: Int32s
    path_m: NDArray[np.float32]


@dataclass(frozen=True)
class _Parts:
    """What a timetable is put together from."""

    stops: Stops
    routes: Routes
    trips: Trips
    times: _Times
    shapes: Shapes
    footpaths: Footpaths
    #: as `_frequencies` gives them
    frequencies: Any
    qualified: list[dict[str, Any]]
    first_day: date
    service_id: tuple[str, ...]
    service_days: NDArray[np.bool_]


def build(feeds: Sequence[GtfsTables], region: Region, *, about: date | None = None) -> Timetable:
    """Merge ``feeds`` (ids prefixed) into a timetable. Raises `DatasetRefused` with a reason for people. Of calendars
    that span decades the years about a date are kept, see `services`."""
    counts: Counts = {}
    for feed in feeds:
        for reason, number in feed.skipped.items():
            count(counts, reason, number)
    stops = build_stops(feeds, counts)
    routes = build_routes(feeds, counts)
    first_day, service_id, service_days = build_services(
        [(feed.prefix, row) for feed in feeds for row in feed.calendar],
        [(feed.prefix, row) for feed in feeds for row in feed.calendar_dates],
        counts,
        about=about,
    )
    shapes = build_shapes({feed.prefix + name: points for feed in feeds for name, points in feed.shapes.items()})
    trips = build_trips(feeds, merge_calls(feeds, stops, counts), routes, service_id, shapes.id, counts)
    if not len(trips.id):
        raise DatasetRefused("no trip has two calls at known stops on a known route and service")
    times = _fill_times(shapes, stops, trips, counts)
    qualified, rules = read_transfers(feeds, stops.index, routes.index, trips.index, counts)
    footpaths = build_footpaths(
        region,
        lat=stops.lat,
        lon=stops.lon,
        kind=stops.kind,
        members=stops.members,
        rules=rules,
        walks=_walks(feeds, stops, region, counts),
    )
    timetable = _put_together(
        _Parts(
            stops=stops,
            routes=routes,
            trips=trips,
            times=times,
            shapes=shapes,
            footpaths=footpaths,
            frequencies=_frequencies(feeds, trips.index, counts),
            qualified=qualified,
            first_day=first_day,
            service_id=service_id,
            service_days=service_days,
        ),
        version_of([(feed.feed_id, feed.prefix, feed.digest) for feed in feeds], region),
        counts,
    )
    freeze(arrays_of(timetable).values())
    return timetable


def _put_together(parts: _Parts, version: str, counts: Counts) -> Timetable:
    """The arrays of a timetable, each by the name that `arrays` explains."""
    stops, routes, trips, calls, times = parts.stops, parts.routes, parts.trips, parts.trips.calls, parts.times
    footpaths, shapes, frequencies = parts.footpaths, parts.shapes, parts.frequencies
    return Timetable(
        version=version,
        first_day=parts.first_day,
        zones=routes.zones,
        agency_id=routes.agency_id,
        agency_name=routes.agency_name,
        stop_id=stops.id,
        stop_name=stops.name,
        stop_platform=stops.platform,
        stop_lat=stops.lat,
        stop_lon=stops.lon,
        stop_kind=stops.kind,
        stop_parent=stops.parent,
        stop_wheelchair=stops.wheelchair,
        stop_modes=stop_modes(stops, routes.mode[trips.route], calls),
        member_start=np.r_[0, np.cumsum([len(m) for m in stops.members])].astype(np.int32),
        member=np.array([stop for m in stops.members for stop in m], dtype=np.int32),
        stop_change_s=footpaths.change_s,
        route_id=routes.id,
        route_name=routes.name,
        route_long_name=routes.long_name,
        route_color=routes.color,
        route_text_color=routes.text_color,
        route_mode=routes.mode,
        route_type=routes.type,
        route_agency=routes.agency,
        trip_id=trips.id,
        trip_route=trips.route,
        trip_service=trips.service,
        trip_headsign=trips.headsign,
        trip_direction=trips.direction,
        trip_wheelchair=trips.wheelchair,
        trip_block=trips.block,
        trip_shape=trips.shape,
        trip_path=times.trip_path,
        trip_zone=routes.zone[trips.route].astype(np.uint8),
        trip_call_start=calls.start,
        trip_begin=times.depart[calls.start[:-1]],
        trip_end=times.arrive[calls.start[1:] - 1],
        headsigns=trips.headsigns,
        call_stop=calls.stop,
        call_arrive=times.arrive,
        call_depart=times.depart,
        call_sequence=calls.sequence,
        call_flags=set_flags(calls.start, _plain(calls.pickup), _plain(calls.drop_off), BOARD, ALIGHT),
        call_headsign=calls.headsign,
        path_m=times.path_m,
        service_id=parts.service_id,
        service_days=parts.service_days,
        frequency_trip=frequencies[0],
        frequency_start=frequencies[1],
        frequency_end=frequencies[2],
        frequency_headway_s=frequencies[3],
        frequency_exact=frequencies[4].astype(np.uint8),
        footpath_start=footpaths.start,
        footpath_stop=footpaths.stop,
        footpath_s=footpaths.seconds,
        footpath_wheelchair_s=footpaths.wheelchair_s,
        footpath_m=footpaths.metres,
        shape_id=shapes.id,
        shape_start=shapes.start,
        shape_lat=shapes.lat,
        shape_lon=shapes.lon,
        shape_distance_m=shapes.distance_m.astype(np.float32),
        qualified_transfers=tuple(parts.qualified),
        counts=counts,
        stop_index={name: i for i, name in enumerate(stops.id)},
        route_index=routes.index,
        trip_index=trips.index,
    )


def _fill_times(shapes: Shapes, stops: Stops, trips: Trips, counts: Counts) -> _Times:
    """Blank times filled by metres along the way, and none before the one before it."""
    calls = trips.calls
    distance, twin = call_distances(
        shapes,
        trip_shape=trips.shape,
        call_start=calls.start,
        call_stop=calls.stop,
        stop_lat=stops.lat,
        stop_lon=stops.lon,
        stated=calls.distance,
    )
    arrive, depart = calls.arrive.copy(), calls.depart.copy()
    filled = interpolate(arrive, depart, distance, calls.start, trips.shape >= 0, int(BLANK_TIME))
    count(counts, "times_interpolated", filled)
    count(counts, "times_raised", repair_order(arrive, depart, calls.start))
    return _Times(arrive, depart, *share_paths(calls.start, twin, distance.astype(np.float32)))


def version_of(feeds: Sequence[tuple[str, str, str]], region: Region) -> str:
    """Digest of feeds (id, prefix, digest of the zip) and of the settings that shape arrays: whoever holds a
    timetable of this version need not build it."""
    walking = region.walking
    shaping = (
        *(walking.detour, walking.speed_mps, region.change_s),
        *(region.change_between_stops_s, region.change_walk_max_m, SCHEMA),
    )
    parts = [":".join(feed) for feed in feeds]
    return hashlib.sha256("|".join([*parts, repr(shaping)]).encode()).hexdigest()[:16]


def _plain(column: Any) -> Any:
    """A column that the feed lacks is one value for all calls; kernels want memory."""
    return np.ascontiguousarray(column)


def _walks(feeds: Sequence[GtfsTables], stops: Stops, region: Region, counts: Counts) -> StationWalks:
    """Ways through stations by pathways.txt and levels.txt."""
    storeys = {
        feed.prefix + row.get("level_id", ""): decimal(row.get("level_index", "")) or 0.0
        for feed in feeds
        for row in feed.levels
    }
    level = {
        stops.index[feed.prefix + row["stop_id"]]: storeys.get(feed.prefix + row["level_id"], 0.0)
        for feed in feeds
        for row in feed.stops
        if row.get("level_id") and feed.prefix + row["stop_id"] in stops.index
    }
    pathways = [(feed.prefix, row) for feed in feeds for row in feed.pathways]
    places = Places(stops.index, stops.kind, stops.above, stops.parent, level, stops.lat, stops.lon)
    return walk_stations(pathways, places, region.walking, counts)


def _frequencies(feeds: Sequence[GtfsTables], trips: dict[str, int], counts: Counts) -> Any:
    """int32[5, Q]: trip, start, end, headway, exact; sorted by trip and start."""
    rows = []
    for feed in feeds:
        for row in feed.frequencies:
            trip = trips.get(feed.prefix + row.get("trip_id", ""))
            start, end = parse_seconds(row.get("start_time", "")), parse_seconds(row.get("end_time", ""))
            headway = whole(row.get("headway_secs", ""))
            if trip is None or start is None or end is None or not headway:
                count(counts, "frequency_bad_row")
                continue
            rows.append((trip, start, end, headway, small(row.get("exact_times", ""), 1)))
    return np.array(sorted(rows), dtype=np.int32).reshape(-1, 5).T.copy()
