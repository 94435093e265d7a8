"""pathways.txt: how long it takes through a station from platform to platform, and which of it is free of stairs.

A graph of platforms, boarding areas, entrances and nodes, searched from every platform. What a reader would get wrong:
a station with pathways is described wholly (so the specification), hence two of its platforms that no step-free way
joins cannot be changed between by wheelchair; on foot people find a way, and the crow's distance still stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray

from smartreise.model.geo import Walking
from smartreise.timetable.arrays import NO_CHANGE, Float64s, Int32s
from smartreise.timetable.footpaths import crow_m
from smartreise.timetable.rows import Counts, Row, count, decimal, whole

STAIRS, ESCALATOR = 2, 4
_MODES: Final = range(1, 8)
#: one step of a stair, and one storey where nothing better is stated (s)
STEP_S: Final = 0.6
STOREY_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class StationWalks:
    """Ways between platforms of one station. W ways."""

    start: Int32s  # int32[W] stop
    end: Int32s  # int32[W] stop
    seconds: Int32s  # int32[W] on foot, NO_CHANGE where pathways join them not
    metres: Float64s  # float64[W]
    wheelchair_s: Int32s  # int32[W] without stairs and escalators, NO_CHANGE where there is no such way


@dataclass(frozen=True, slots=True)
class Places:
    """What of stops a pathway needs. S stops."""

    index: Mapping[str, int]
    kind: NDArray[np.uint8]
    #: parent_station as stated: a boarding area's is its platform
    above: Int32s
    station: Int32s
    level: Mapping[int, float]
    lat: Float64s
    lon: Float64s


#: by node: (node, seconds, metres, step-free) for each pathway from it
_Graph = dict[int, list[tuple[int, float, float, bool]]]


def walk_stations(
    pathways: Sequence[tuple[str, Row]], places: Places, walking: Walking, counts: Counts
) -> StationWalks:
    """Ways between all platforms of the stations that ``pathways``, rows with their feed's prefix, describe."""
    graph = _graph(pathways, places, walking, counts)
    platforms: dict[int, list[int]] = defaultdict(list)
    for node in sorted(graph):
        if places.kind[node] == 0 and places.station[node] >= 0:
            platforms[int(places.station[node])].append(node)
    rows: list[tuple[int, int, int, float, int]] = []
    for stops in platforms.values():
        for one in stops:
            on_foot, step_free = _reach(graph, one, step_free=False), _reach(graph, one, step_free=True)
            for other in stops:
                if other != one:
                    seconds, metres = on_foot.get(other, (float(NO_CHANGE), 0.0))
                    rows.append((one, other, _ceil(seconds), metres, _ceil(step_free.get(other, (np.inf, 0))[0])))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return StationWalks(
        start=np.array(columns[0], dtype=np.int32),
        end=np.array(columns[1], dtype=np.int32),
        seconds=np.array(columns[2], dtype=np.int32),
        metres=np.array(columns[3], dtype=np.float64),
        wheelchair_s=np.array(columns[4], dtype=np.int32),
    )


def _ceil(seconds: float) -> int:
    return int(NO_CHANGE) if seconds >= NO_CHANGE else int(np.ceil(round(seconds, 6)))


def _graph(pathways: Sequence[tuple[str, Row]], places: Places, walking: Walking, counts: Counts) -> _Graph:
    graph: _Graph = defaultdict(list)
    for prefix, row in pathways:
        ends = [places.index.get(prefix + row.get(key, "")) for key in ("from_stop_id", "to_stop_id")]
        mode = whole(row.get("pathway_mode", ""))
        if ends[0] is None or ends[1] is None or mode not in _MODES:
            count(counts, "pathway_unknown_stop_or_mode")
            continue
        seconds, metres = _cost(row, ends[0], ends[1], places, walking)
        step_free = mode not in (STAIRS, ESCALATOR)
        graph[ends[0]].append((ends[1], seconds, metres, step_free))
        if row.get("is_bidirectional") == "1":
            graph[ends[1]].append((ends[0], seconds, metres, step_free))
        else:
            graph.setdefault(ends[1], [])
    for area in [node for node in graph if places.kind[node] == 4 and places.above[node] >= 0]:
        platform = int(places.above[area])
        graph[platform].append((area, 0.0, 0.0, True))
        graph[area].append((platform, 0.0, 0.0, True))
    return graph


def _cost(row: Row, one: int, other: int, places: Places, walking: Walking) -> tuple[float, float]:
    """Seconds and metres of one pathway: as stated, else by its length, its steps, its storeys or the crow."""
    here, there = slice(one, one + 1), slice(other, other + 1)
    crow = float(crow_m(places.lat[here], places.lon[here], places.lat[there], places.lon[there])[0])
    stated_m = decimal(row.get("length", ""))
    metres = stated_m if stated_m is not None else 0.0 if np.isnan(crow) else walking.path_m(crow)
    stated_s = decimal(row.get("traversal_time", ""))
    if stated_s is not None and stated_s > 0:
        return stated_s, metres
    steps = abs(decimal(row.get("stair_count", "")) or 0.0)
    storeys = abs(places.level.get(one, 0.0) - places.level.get(other, 0.0))
    return metres / walking.speed_mps + (steps * STEP_S or storeys * STOREY_S), metres


def _reach(graph: _Graph, start: int, *, step_free: bool) -> dict[int, tuple[float, float]]:
    """Least seconds, and their metres, from a node to those that can be reached."""
    found: dict[int, tuple[float, float]] = {}
    queue = [(0.0, 0.0, start)]
    while queue:
        seconds, metres, node = heappop(queue)
        if node in found:
            continue
        found[node] = (seconds, metres)
        for next_, more_s, more_m, free in graph[node]:
            if next_ not in found and (free or not step_free):
                heappush(queue, (seconds + more_s, metres + more_m, next_))
    return found
