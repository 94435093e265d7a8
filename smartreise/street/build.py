"""Reads an extract of OpenStreetMap into `graph.Arrays`, through pyosmium, and keeps them as a file beside the data.

What a reader would get wrong: pyosmium is an extra (``pip install smartreise[street]``). A region that names an extract
needs it, and says so at the start; no other region does.
"""

from __future__ import annotations

import hashlib
import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from smartreise.model.geo import distance_m
from smartreise.model.problems import ConfigError
from smartreise.street.graph import Arrays, StreetGraph

#: counts up when the same extract would be read otherwise
FORMAT: Final = 1
#: edges are cut into pieces of at most this many metres
PIECE_M: Final = 40.0
_MAY: Final = frozenset({"yes", "designated", "permissive", "permit", "official"})
_MAY_NOT: Final = frozenset({"no", "private", "closed_temporarily", "use_sidepath"})
_ROADS: Final = frozenset({
    *("residential", "living_street", "service", "unclassified", "road", "track", "cycleway", "path"),
    *("tertiary", "tertiary_link", "secondary", "secondary_link", "primary", "primary_link", "pedestrian"),
})  # fmt: skip
_ON_FOOT: Final = _ROADS | {"footway", "steps", "bridleway", "corridor", "platform", "trail", "crossing"}
#: a metre by bike counts as so many: less for own lanes, more among cars, people and steps
_BY_BIKE: Final[dict[str, float]] = {
    "cycleway": 0.95, "residential": 1.0, "living_street": 1.05, "unclassified": 1.05, "road": 1.05, "path": 1.05,
    "service": 1.1, "track": 1.15, "tertiary": 1.1, "tertiary_link": 1.1, "secondary": 1.2, "secondary_link": 1.2,
    "primary": 1.3, "primary_link": 1.3, "footway": 1.3, "pedestrian": 1.3, "trunk": 1.6, "steps": 5.0,
}  # fmt: skip
_PUSHED: Final = 3.0
_OWN_LANE: Final = 0.85


def open_streets(osm: Path, cache: Path | None) -> StreetGraph:
    """The graph of an extract, see `load_streets`."""
    return StreetGraph.of(load_streets(osm, cache))


def load_streets(osm: Path, cache: Path | None) -> Arrays:
    """The arrays of an extract, from the folder ``cache`` if they were made before. Takes seconds to minutes.

    Raises `ConfigError` for a file that cannot be read, and where pyosmium is missing."""
    try:
        digest = hashlib.blake2b(osm.read_bytes(), digest_size=12).hexdigest()
    except OSError as fault:
        raise ConfigError(f"street.osm: {osm}: {fault.strerror or fault}") from None
    kept = None if cache is None else cache / f"streets-{FORMAT}-{digest}.npz"
    if kept is not None and kept.is_file():
        try:
            with np.load(io.BytesIO(kept.read_bytes()), allow_pickle=False) as file:
                return Arrays(**{name: file[name] for name in Arrays.__dataclass_fields__})
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            kept.unlink(missing_ok=True)  # half written: made anew
    arrays = read_streets(osm)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part.npz")
        np.savez(part, **{name: getattr(arrays, name) for name in Arrays.__dataclass_fields__})
        part.replace(kept)
    return arrays


def read_streets(osm: Path) -> Arrays:
    """The arrays of an extract. Raises `ConfigError`."""
    try:
        import osmium
    except ImportError:
        raise ConfigError("street.osm needs pyosmium: pip install 'smartreise[street]'") from None
    drawing = _Drawing()
    try:
        for way in osmium.FileProcessor(str(osm)).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
            if isinstance(way, osmium.osm.Way):
                points = [(n.ref, n.lat, n.lon) for n in way.nodes if n.location.valid()]
                drawing.add(dict(way.tags), points)
    except RuntimeError as fault:
        raise ConfigError(f"street.osm: {osm}: {fault}") from None
    return drawing.arrays()


class _Drawing:
    """Collects nodes and edges."""

    def __init__(self) -> None:
        self._number: dict[int, int] = {}
        self._lat: list[float] = []
        self._lon: list[float] = []
        self._walk: list[tuple[int, int, float]] = []
        self._bike: list[tuple[int, int, float]] = []

    def add(self, tags: Mapping[str, str], points: list[tuple[int, float, float]]) -> None:
        """One way."""
        walks, rides = may_walk(tags), bike_factor(tags)
        if not walks and rides is None:
            return
        along, against = bike_directions(tags)
        nodes = list(self._nodes(points))
        for (a, b), metres in nodes:
            if walks:
                self._walk.append((a, b, metres))
            if rides is not None and along:
                self._bike.append((a, b, metres * rides))
            if rides is not None and against:
                self._bike.append((b, a, metres * rides))

    def _nodes(self, points: list[tuple[int, float, float]]) -> Iterator[tuple[tuple[int, int], float]]:
        """Edges between nodes, cut into pieces."""
        for (ref_a, lat_a, lon_a), (ref_b, lat_b, lon_b) in pairwise(points):
            metres = distance_m(lat_a, lon_a, lat_b, lon_b)
            if ref_a == ref_b or metres == 0:
                self._join(ref_a, ref_b, lat_b, lon_b)
                continue
            pieces = max(1, math.ceil(metres / PIECE_M))
            at = self._node(ref_a, lat_a, lon_a)
            for piece in range(1, pieces + 1):
                share = piece / pieces
                lat, lon = lat_a + (lat_b - lat_a) * share, lon_a + (lon_b - lon_a) * share
                to = self._node(ref_b, lat_b, lon_b) if piece == pieces else self._new(lat, lon)
                yield (at, to), metres / pieces
                at = to

    def _join(self, ref_a: int, ref_b: int, lat: float, lon: float) -> None:
        """Two nodes at one place are one."""
        self._number.setdefault(ref_b, self._node(ref_a, lat, lon))

    def _node(self, ref: int, lat: float, lon: float) -> int:
        if ref not in self._number:
            self._number[ref] = self._new(lat, lon)
        return self._number[ref]

    def _new(self, lat: float, lon: float) -> int:
        self._lat.append(lat)
        self._lon.append(lon)
        return len(self._lat) - 1

    def arrays(self) -> Arrays:
        """What was collected."""
        walk, bike = (np.array(edges, np.float64).reshape(-1, 3) for edges in (self._walk, self._bike))
        ends: Any = [column.astype(np.int32) for edges in (walk, bike) for column in (edges[:, 0], edges[:, 1])]
        return Arrays(
            lat=np.array(self._lat, np.float64),
            lon=np.array(self._lon, np.float64),
            walk_from=ends[0],
            walk_to=ends[1],
            walk_m=walk[:, 2].copy(),
            bike_from=ends[2],
            bike_to=ends[3],
            bike_m=bike[:, 2].copy(),
        )


def may_walk(tags: Mapping[str, str]) -> bool:
    """May one walk here?"""
    foot, access = tags.get("foot"), tags.get("access")
    if foot in _MAY:
        return tags["highway"] not in ("construction", "proposed")
    if foot in _MAY_NOT or (access in _MAY_NOT and foot is None):
        return False
    return tags["highway"] in _ON_FOOT


def bike_factor(tags: Mapping[str, str]) -> float | None:
    """What a metre by bike counts as; None where one may not ride. In Norway one may ride on footways."""
    highway, bicycle = tags["highway"], tags.get("bicycle")
    if bicycle in _MAY_NOT or (tags.get("access") in _MAY_NOT and bicycle not in _MAY):
        return None
    factor = _BY_BIKE.get(highway)
    if factor is None or (highway == "trunk" and bicycle not in _MAY):
        return None
    if bicycle == "dismount":
        return _PUSHED
    if highway in ("footway", "path", "pedestrian") and bicycle == "designated":
        return _BY_BIKE["cycleway"]
    lanes = (tags.get(key) for key in ("cycleway", "cycleway:both", "cycleway:right", "cycleway:left"))
    return factor * _OWN_LANE if any(lane in ("lane", "track") for lane in lanes) else factor


def bike_directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """May one ride along the way as it is drawn, and against it?"""
    if tags.get("oneway:bicycle") == "no" or str(tags.get("cycleway", "")).startswith("opposite"):
        return True, True
    oneway = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
    if tags["highway"] in ("footway", "pedestrian", "steps") and tags.get("oneway:bicycle") != "yes":
        return True, True
    return oneway not in ("-1", "reverse"), oneway not in ("yes", "true", "1")
