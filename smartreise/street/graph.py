"""Streets as arrays, and shortest ways on them by SciPy's Dijkstra. Implements `model.street.Streets`.

Everything that can be reached from a point is found at once and kept for a while, so a row of stops costs one search.
What a reader would get wrong: ways begin at the node nearest to a point, and the step there is counted; long edges were
cut into short ones when the graph was built, so that a node is never far from a street that passes.

Capitals: N nodes, E directed edges.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from smartreise.model.geo import distance_m
from smartreise.model.street import Point, Profile, StreetPath

#: a point further (m) from any street is off the map
SNAP_M: Final = 150.0
_DEGREE_M: Final = 111_195.0
#: searches and ways that are kept
_SEARCHES: Final = 400
_PATHS: Final = 4_000

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Arrays:
    """What a graph is made of and is kept as."""

    lat: Floats  # float64[N]
    lon: Floats  # float64[N]
    walk_from: Ints  # int32[E], each walk in one direction: all can be walked both ways
    walk_to: Ints
    walk_m: Floats
    bike_from: Ints
    bike_to: Ints
    bike_m: Floats  # metres, weighted


@dataclass(frozen=True, slots=True)
class _Reached:
    """Nodes within reach of one, ascending, with length and the node before."""

    node: Ints
    length: Floats
    before: Ints


@dataclass(slots=True)
class _Net:
    """The streets of one profile."""

    forward: Any
    backward: Any
    nodes: Ints  # those that streets of this profile touch, in their largest connected part
    tree: Any


@dataclass(slots=True, eq=False)
class StreetGraph:
    """See the module. Safe to ask from several threads: what is kept is replaced whole."""

    arrays: Arrays
    _nets: dict[str, _Net] = field(default_factory=dict)
    _searches: OrderedDict[tuple[str, bool, int, float], _Reached] = field(default_factory=OrderedDict)
    _paths: OrderedDict[tuple[str, Point, Point, float], StreetPath | None] = field(default_factory=OrderedDict)
    _east: float = 1.0

    @classmethod
    def of(cls, arrays: Arrays) -> StreetGraph:
        """The graph of arrays."""
        graph = cls(arrays)
        graph._east = math.cos(math.radians(float(np.median(arrays.lat)))) if len(arrays.lat) else 1.0
        walk = _matrix(arrays, arrays.walk_from, arrays.walk_to, arrays.walk_m)
        bike = _matrix(arrays, arrays.bike_from, arrays.bike_to, arrays.bike_m)
        graph._nets = {"walk": graph._net(walk.maximum(walk.T)), "bike": graph._net(bike)}
        return graph

    def lengths(
        self, profile: Profile, start: Point, ends: Sequence[Point], limit_m: float, *, back: bool = False
    ) -> list[float | None]:
        """See `model.street.Streets`."""
        if not ends:
            return []
        nodes, steps = self._snap(profile, [start, *ends])
        if nodes[0] < 0:
            return [None] * len(ends)
        reached = self._reach(profile, int(nodes[0]), limit_m, back=back)
        place = np.searchsorted(reached.node, nodes[1:]).clip(0, len(reached.node) - 1)
        there = reached.node[place] == nodes[1:]
        total = np.where(there, reached.length[place] + steps[0] + steps[1:], np.inf)
        total[total > limit_m] = np.inf
        return [None if node < 0 else float(metres) for node, metres in zip(nodes[1:], total, strict=True)]

    def find_path(
        self, profile: Profile, start: Point, end: Point, limit_m: float, *, back: bool = False
    ) -> StreetPath | None:
        """See `model.street.Streets`."""
        key = profile, start, end, limit_m
        if key not in self._paths:
            self._paths[key] = self._path(profile, start, end, limit_m, back)
            while len(self._paths) > _PATHS:
                self._paths.popitem(last=False)
        return self._paths[key]

    def _path(self, profile: Profile, start: Point, end: Point, limit_m: float, back: bool) -> StreetPath | None:
        nodes, _ = self._snap(profile, [start, end])
        if (nodes < 0).any():
            return None
        source, at = (int(nodes[1]), int(nodes[0])) if back else (int(nodes[0]), int(nodes[1]))
        reached = self._reach(profile, source, limit_m, back=back)
        on_way = []
        while at >= 0:
            place = int(np.searchsorted(reached.node, at))
            if place == len(reached.node) or reached.node[place] != at:
                return None
            on_way.append(at)
            at = int(reached.before[place])
        lat, lon = self.arrays.lat, self.arrays.lon
        middle = [(float(lat[n]), float(lon[n])) for n in (on_way if back else reversed(on_way))]
        points = [start, *middle, end]
        metres = sum(distance_m(*a, *b) for a, b in pairwise(points))
        return StreetPath(tuple(points), metres)

    def _snap(self, profile: Profile, points: Sequence[Point]) -> tuple[Ints, Floats]:
        """The nearest node of each point, −1 where there is none, and the metres to it."""
        net = self._nets[profile]
        flat = np.array(points, np.float64).reshape(-1, 2) * (_DEGREE_M, _DEGREE_M * self._east)
        metres, found = net.tree.query(flat, distance_upper_bound=SNAP_M)
        off = found == len(net.nodes)
        nodes = np.where(off, -1, net.nodes[np.where(off, 0, found)] if len(net.nodes) else -1).astype(np.int32)
        return nodes, np.where(off, np.inf, metres)

    def _reach(self, profile: Profile, node: int, limit_m: float, *, back: bool) -> _Reached:
        key = profile, back, node, limit_m
        kept = self._searches.get(key)
        if kept is not None:
            return kept
        net = self._nets[profile]
        matrix = net.backward if back else net.forward
        length, before = dijkstra(matrix, indices=node, limit=limit_m, return_predecessors=True)
        there = np.flatnonzero(np.isfinite(length)).astype(np.int32)
        found = _Reached(there, length[there], before[there].astype(np.int32))
        self._searches[key] = found
        while len(self._searches) > _SEARCHES:
            self._searches.popitem(last=False)
        return found

    def _net(self, matrix: Any) -> _Net:
        _, part = connected_components(matrix, directed=True, connection="strong")
        touched = np.unique(np.concatenate(matrix.nonzero())) if matrix.nnz else np.empty(0, np.int64)
        nodes = np.empty(0, np.int32)
        if len(touched):
            largest = np.bincount(part[touched]).argmax()
            nodes = touched[part[touched] == largest].astype(np.int32)
        at = np.stack((self.arrays.lat[nodes], self.arrays.lon[nodes]), axis=1)
        tree = cKDTree(at * (_DEGREE_M, _DEGREE_M * self._east))
        return _Net(matrix, matrix.T.tocsr(), nodes, tree)


def _matrix(arrays: Arrays, start: Ints, end: Ints, metres: Floats) -> Any:
    """float64[N, N] sparse. Of parallel edges the shortest: SciPy would add them up."""
    size = len(arrays.lat)
    order = np.lexsort((metres, end, start))
    start, end, metres = start[order], end[order], metres[order]
    first = np.ones(len(start), np.bool_)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    return csr_matrix((np.maximum(metres[first], 0.01), (start[first], end[first])), shape=(size, size))
