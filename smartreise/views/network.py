"""The network as GeoJSON: each line's paths, simplified, for a map that needs no tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.modes import TRANSIT_MODES
from smartreise.timetable.arrays import Float64s, Timetable
from smartreise.timetable.geometry import path
from smartreise.timetable.memo import remember
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.params import Canonical, Parameter, canonical

#: paths of a line that are drawn: the ones most trips take
_PATHS: Final = 4
#: points nearer to the line between their neighbours than this (degrees, some 6 m) are left out
_TOLERANCE_DEG: Final = 6e-5


class NetworkView:
    """`GET /v1/network`."""

    name = "network"
    about = "The lines' paths as GeoJSON"
    parameters: Sequence[Parameter[Any]] = ()
    result: type[wire.Wire] = wire.Network
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        return Answer(network_of(snapshot.timetable), None)


@remember(most=1)
def network_of(timetable: Timetable) -> wire.Network:
    """The network of a timetable, drawn once: snapshots come by the second, timetables by the day."""
    features = [_feature(timetable, route, trips) for route, trips in _typical_trips(timetable).items()]
    return wire.Network(features=features)


def _typical_trips(timetable: Timetable) -> dict[int, list[int]]:
    """By line: one trip of each of its most used paths (shape, else first and last stop and length)."""
    count: dict[int, dict[tuple[int, ...], list[int]]] = {}
    start = timetable.trip_call_start
    for trip, route in enumerate(timetable.trip_route.tolist()):
        shape = int(timetable.trip_shape[trip])
        ends = int(timetable.call_stop[start[trip]]), int(timetable.call_stop[start[trip + 1] - 1])
        key = (shape,) if shape >= 0 else (*ends, int(start[trip + 1] - start[trip]))
        count.setdefault(route, {}).setdefault(key, []).append(trip)
    return {
        route: [trips[0] for trips in sorted(paths.values(), key=lambda t: (-len(t), t[0]))[:_PATHS]]
        for route, paths in sorted(count.items())
    }


def _feature(timetable: Timetable, route: int, trips: Sequence[int]) -> wire.LineFeature:
    start = timetable.trip_call_start
    paths = [path(timetable, trip, int(start[trip]), int(start[trip + 1]) - 1) for trip in trips]
    return wire.LineFeature(
        properties=wire.LineProperties(
            id=timetable.route_id[route],
            name=timetable.route_name[route],
            mode=TRANSIT_MODES[timetable.route_mode[route]],
            color=timetable.route_color[route],
        ),
        geometry=wire.MultiLine(coordinates=[_simplified(points) for points in paths]),
    )


def _simplified(points: Float64s) -> list[tuple[float, float]]:
    """GeoJSON lon, lat of a path without the points that hardly bend it (Douglas and Peucker, 1973)."""
    keep = np.zeros(len(points), dtype=np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        off = _distance(points[first + 1 : last], points[first], points[last])
        farthest = int(np.argmax(off))
        if off[farthest] > _TOLERANCE_DEG:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return [(round(float(lon), 5), round(float(lat), 5)) for lat, lon in points[keep]]


def _distance(points: Float64s, start: Float64s, end: Float64s) -> Float64s:
    """Degrees of latitude between points and the straight piece from start to end, on a local plane."""
    scale = np.array([1.0, np.cos(np.radians(start[0]))])
    p, a, b = points * scale, start * scale, end * scale
    along = b - a
    square = float(along @ along)
    part = np.clip((p - a) @ along / square, 0, 1) if square else np.zeros(len(p))
    off: Float64s = np.hypot(*(p - a - part[:, None] * along).T)
    return off
