"""Streets of a drawn town, read by pyosmium: who may go where, and which way is the best."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from smartreise.model.geo import Walking, distance_m
from smartreise.model.problems import ConfigError
from smartreise.street.build import bike_factor, load_streets, may_walk, open_streets, read_streets
from smartreise.street.graph import StreetGraph
from smartreise.suggest.footing import Footing
from tests.shared_data import shared

#: about 100 m in each direction
NORTH, EAST = 100 / 111_195, 100 / (111_195 * math.cos(math.radians(59.9)))


def at(x: float, y: float) -> tuple[float, float]:
    """A point x hundred metres east and y north of the town's corner."""
    return 59.9 + y * NORTH, 10.0 + x * EAST


def town(folder: Path, *ways: str) -> Path:
    """A file of ways such as "residential 0,0 1,0 1,1 oneway=yes"."""
    nodes: dict[str, int] = {}
    rows = []
    for number, way in enumerate(ways, 1):
        kind, *parts = way.split()
        points = [part for part in parts if "=" not in part]
        tags = [("highway", kind), *(part.split("=") for part in parts if "=" in part)]
        refs = "".join(f'<nd ref="{nodes.setdefault(p, len(nodes) + 1)}"/>' for p in points)
        rows.append(f'<way id="{number}">{refs}{"".join(f"<tag k={k!r} v={v!r}/>" for k, v in tags)}</way>')
    places = ((id_, at(*map(float, name.split(",")))) for name, id_ in nodes.items())
    drawn = "".join(f'<node id="{id_}" lat="{lat}" lon="{lon}"/>' for id_, (lat, lon) in places)
    file = folder / "town.osm"
    file.write_text(f'<osm version="0.6">{drawn}{"".join(rows)}</osm>', encoding="utf-8")
    return file


def graph(folder: Path, *ways: str) -> StreetGraph:
    return StreetGraph.of(read_streets(town(folder, *ways)))


def test_a_walk_goes_round_the_block(tmp_path: Path) -> None:
    block = graph(tmp_path, "residential 0,0 2,0 2,1 0,1")
    (metres,) = block.lengths("walk", at(0, 0), [at(0, 1)], 1500)
    assert metres == pytest.approx(500, rel=0.01)  # 100 m as the crow flies, but there is no street
    path = block.find_path("walk", at(0, 0), at(0, 1), 1500)
    assert path is not None
    assert path.distance_m == pytest.approx(metres, rel=0.001)
    assert path.points[0] == at(0, 0)
    assert path.points[-1] == at(0, 1)
    assert max(distance_m(*a, *b) for a, b in pairwise(path.points)) <= 41


def test_a_point_beside_a_long_street_joins_it_where_it_is_near(tmp_path: Path) -> None:
    street = graph(tmp_path, "residential 0,0 9,0")
    (metres,) = street.lengths("walk", at(4, 0.2), [at(9, 0)], 1500)
    assert metres == pytest.approx(520, abs=20)


def test_off_the_map_is_unknown_and_beyond_the_limit_is_out_of_reach(tmp_path: Path) -> None:
    street = graph(tmp_path, "residential 0,0 9,0")
    assert street.lengths("walk", at(0, 0), [at(50, 0), at(9, 0)], 500) == [None, math.inf]
    assert street.lengths("walk", at(50, 0), [at(0, 0)], 500) == [None]


def test_an_island_of_streets_is_left_out(tmp_path: Path) -> None:
    both = graph(tmp_path, "residential 0,0 9,0", "footway 0,1 1,1")
    assert both.lengths("walk", at(0, 1), [at(3, 0)], 1500)[0] == pytest.approx(400, rel=0.08)


def test_bikes_keep_to_the_direction_of_the_street_and_walkers_do_not(tmp_path: Path) -> None:
    square = graph(tmp_path, "residential 0,0 1,0 oneway=yes", "residential 1,0 1,1 0,1 0,0")
    assert square.lengths("bike", at(0, 0), [at(1, 0)], 1500)[0] == pytest.approx(100, rel=0.02)
    assert square.lengths("bike", at(1, 0), [at(0, 0)], 1500)[0] == pytest.approx(300, rel=0.02)
    assert square.lengths("bike", at(0, 0), [at(1, 0)], 1500, back=True)[0] == pytest.approx(300, rel=0.02)
    assert square.lengths("walk", at(1, 0), [at(0, 0)], 1500)[0] == pytest.approx(100, rel=0.02)
    path = square.find_path("bike", at(1, 0), at(0, 0), 1500, back=True)
    assert path is not None
    assert path.distance_m == pytest.approx(300, rel=0.02)


def test_a_bike_takes_the_quiet_way_though_it_is_a_little_longer(tmp_path: Path) -> None:
    choice = graph(tmp_path, "primary 0,0 4,0", "cycleway 0,0 0,0.3 4,0.3 4,0")
    quiet = choice.find_path("bike", at(0, 0), at(4, 0), 3000)
    direct = choice.find_path("walk", at(0, 0), at(4, 0), 3000)
    assert quiet is not None
    assert direct is not None
    assert quiet.distance_m == pytest.approx(460, rel=0.02)
    assert direct.distance_m == pytest.approx(400, rel=0.02)


@pytest.mark.parametrize(
    ("tags", "walks", "rides"),
    [
        ("motorway", False, False),
        ("trunk", False, False),
        ("trunk foot=yes bicycle=yes", True, True),
        ("footway", True, True),
        ("footway bicycle=no", True, False),
        ("steps", True, True),
        ("service access=private", False, False),
        ("service access=private foot=yes", True, False),
        ("cycleway foot=no", False, True),
        ("construction foot=yes", False, False),
        ("proposed", False, False),
    ],
)
def test_who_may_go_where(tags: str, walks: bool, rides: bool) -> None:
    kind, *more = tags.split()
    found = {"highway": kind} | dict(part.split("=") for part in more)
    assert may_walk(found) is walks
    assert (bike_factor(found) is not None) is rides


def test_streets_are_read_once_and_a_half_written_file_is_made_anew(tmp_path: Path) -> None:
    file, cache = town(tmp_path, "residential 0,0 9,0"), tmp_path / "cache"
    first = load_streets(file, cache)
    (kept,) = cache.iterdir()
    assert (load_streets(file, cache).lat == first.lat).all()
    kept.write_bytes(kept.read_bytes()[:100])
    assert (load_streets(file, cache).lat == first.lat).all()


@pytest.mark.parametrize("content", [b"", b"no map at all"])
def test_what_is_no_map_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.osm.pbf"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"street\.osm"):
        load_streets(file, None)


def test_where_nobody_knows_streets_a_walk_is_crow_fly_with_a_detour() -> None:
    plain = Footing(Walking())
    walk, path = plain.walk(at(0, 0), at(10, 0))
    assert walk.metres == pytest.approx(1300, rel=0.01)
    assert path is None
    assert plain.walks(at(0, 0), [at(10, 0), at(20, 0)], 1500)[1] is None


def test_a_way_on_streets_is_never_shorter_than_the_crow_flies() -> None:
    streets = open_streets(shared("osm-oslo/oslo-east-filtered.osm.pbf"), None)
    start = 59.9127, 10.7610
    ends = [(59.905 + i * 0.002, 10.75 + j * 0.004) for i in range(8) for j in range(10)]
    lengths = streets.lengths("walk", start, ends, 5000)
    known = [(end, metres) for end, metres in zip(ends, lengths, strict=True) if metres is not None]
    assert len(known) > 60
    ratios = [metres / distance_m(*start, *end) for end, metres in known if math.isfinite(metres)]
    assert min(ratios) > 0.98
    assert sorted(ratios)[len(ratios) // 2] < 1.5
    back = [streets.lengths("walk", end, [start], 5000)[0] for end, _ in known]
    assert back == pytest.approx([metres for _, metres in known])


def test_neighbours_are_not_sent_round_by_the_street(tmp_path: Path) -> None:
    beside = Footing(Walking(), graph(tmp_path, "residential 0,0 9,0"))
    near, path = beside.walk(at(4, 1), at(4.2, 1))
    assert (round(near.metres), path) == (26, None)
    assert beside.walks(at(4, 1), [at(4.2, 1)], 1500) == [near]
    far, path = beside.walk(at(4, 1), at(6, 1))
    assert path is not None
    assert far.metres == pytest.approx(400, rel=0.1)
