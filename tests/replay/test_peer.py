"""Our journeys beside nigiri's: the same on a city drawn in whole minutes, and on every real feed at hand all of
nigiri's matched or beaten.

On real feeds both differ in what a change is, and here is how: nigiri cuts times down to the minute, so a change of
two minutes may have less; a row of transfers.txt that only recommends (type 0) takes it no time; and it walks between
neighbours of one name at no more than its two minutes, at the ends too. Where nigiri is ahead, we must be as good under
rules as lax as those: what is left is no difference in trips, days or search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.region import Region
from smartreise.model.service_day import start_of_day
from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.nearby import near
from tests.bench.city import draw_city
from tests.bench.engine import BEYOND_S, DAY, REGION, ZONE, Bench, ours, theirs
from tests.bench.peer import AVAILABLE, Peer, Trip
from tests.shared_data import shared

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not AVAILABLE, reason="nigiri comes as a wheel for CPython 3.11 on Linux x86-64 alone"),
]


@cache
def bench(folder: Path, seed: int) -> Bench:
    """A tenth of a city, in ours and nigiri's hands, and a thousand pairs to ask."""
    city = draw_city(0.1, seed=seed)
    path = folder / f"{seed}.zip"
    path.write_bytes(city.zip)
    timetable = build([parse_gtfs(city.zip, feed_id="city")], REGION)
    pairs = np.random.default_rng(seed).integers(0, city.stops // 2, (1100, 2)).tolist()
    peer = Peer.load(path, DAY - timedelta(days=1), 3)
    return Bench(city, timetable, lay_out(timetable, DAY, ZONE), peer, [(a, b) for a, b in pairs if a != b][:1000])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cities")


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("hours", [1, 2])
def test_a_thousand_answers_are_nigiris(folder: Path, seed: int, hours: int) -> None:
    asked = bench(folder, seed)
    differ = [(a, b) for a, b in asked.pairs if ours(asked, a, b, hours * 3600) != theirs(asked, a, b, hours * 3600)]
    assert len(asked.pairs) == 1000
    assert differ == []


@dataclass(frozen=True)
class Feed:
    """A zip under the shared folder, a day it covers, its zone, and how many of nigiri's journeys in a hundred we must
    match by our own stricter rules."""

    path: str
    day: date
    zone: str
    share: float


FEEDS = {
    "bart": Feed("bart/bart-rt.zip", date(2019, 8, 7), "America/Los_Angeles", 0.98),
    "bullrunner": Feed("bullrunner-frequencies/bullrunner-gtfs.zip", date(2016, 3, 9), "America/New_York", 0.9),
    "cairns": Feed("cairns/cairns_gtfs.zip", date(2014, 7, 4), "Australia/Brisbane", 0.9),
    "caltrain": Feed("caltrain/ct.zip", date(2023, 11, 7), "America/Los_Angeles", 1.0),
    "flytoget": Feed("norway-flytoget/rb_flt-aggregated-gtfs.zip", date(2018, 9, 5), "Europe/Oslo", 1.0),
    "gjovikbanen": Feed("norway-gjovikbanen/rb_gjb-aggregated-gtfs.zip", date(2018, 10, 27), "Europe/Oslo", 0.85),
}


@dataclass(frozen=True)
class Side:
    """A feed by some rules of walking and changing."""

    timetable: Timetable
    layout: Layout
    walk_m: float

    def ways(self, place: int) -> StopTimesTo:
        """A place's own stops at no cost, and others within ``walk_m`` crow-fly metres at 1 m/s."""
        timetable = self.timetable
        own = timetable.member[timetable.member_start[place] : timetable.member_start[place + 1]].tolist()
        found = dict.fromkeys(own, 0)
        if self.walk_m:
            lat, lon = float(timetable.stop_lat[place]), float(timetable.stop_lon[place])
            stops, crow = near(timetable, lat, lon, self.walk_m)
            found = {int(s): int(m) for s, m in zip(stops, crow, strict=True)} | found
        stops_, seconds = np.array(sorted(found), np.int32), np.array([found[s] for s in sorted(found)], np.int32)
        return StopTimesTo(stops_, seconds)

    def ask(self, origin: int, destination: int, earliest: int, latest: int) -> list[Trip]:
        base = self.layout.base
        ends = self.ways(origin), (self.ways(destination),)
        query = Query(*ends, earliest=earliest - base, latest=latest - base)
        found = search(self.timetable, self.layout, query).journeys[0]
        return [(j.leave + base, j.arrive + base, j.transfers) for j in found]


def side(feed: Feed, region: Region, *, lax: bool) -> Side:
    tables = parse_gtfs(shared(feed.path).read_bytes(), feed_id="f")
    if lax:
        named = [row for row in tables.transfers if row.get("transfer_type") != "0"]
        tables = replace(tables, transfers=tuple(named))
    timetable = build([tables], region)
    return Side(timetable, lay_out(timetable, feed.day, ZoneInfo(feed.zone)), 600 if lax else 0)


def is_matched(trip: Trip, found: Sequence[Trip]) -> bool:
    """Does one of ours leave no earlier, arrive no later and change no more often, to the minute?"""
    leave, arrive, transfers = trip
    return any(a // 60 * 60 >= leave and b // 60 * 60 <= arrive and n <= transfers for a, b, n in found)


@pytest.mark.parametrize("name", list(FEEDS))
def test_every_journey_of_nigiris_is_matched_or_beaten(name: str) -> None:
    feed = FEEDS[name]
    usual = Region(id="f", name="f", timezone=feed.zone)
    strict = side(feed, usual, lax=False)
    lax = side(feed, replace(usual, change_s=0, change_between_stops_s=0), lax=True)
    peer = Peer.load(shared(feed.path), feed.day - timedelta(days=1), 3)
    start = int(start_of_day(feed.day, ZoneInfo(feed.zone))) + 8 * 3600
    end = start + 3600 + BEYOND_S
    parent = strict.timetable.stop_parent
    places = sorted({int(parent[s]) if parent[s] >= 0 else int(s) for s in strict.timetable.call_stop})
    generator = np.random.default_rng(5)
    asked = matched = 0
    for _ in range(60):
        origin, destination = (int(p) for p in generator.choice(places, 2, replace=False))
        near_, far = (
            [peer.find(strict.timetable.stop_id[s]) for s in strict.ways(p).stop] for p in (origin, destination)
        )
        trips = peer.ask(near_, far, start, end)
        trips = [t for t in trips if start < t[0] < end]  # walks leave at either end
        found = strict.ask(origin, destination, start, end)
        missed = [trip for trip in trips if not is_matched(trip, found)]
        asked, matched = asked + len(trips), matched + len(trips) - len(missed)
        also = lax.ask(origin, destination, start, end) if missed else []
        assert [trip for trip in missed if not is_matched(trip, also)] == []
    assert asked > 20
    assert matched >= feed.share * asked, f"{matched} of {asked}"
