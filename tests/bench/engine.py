"""The engine beside nigiri, on one synthetic city: load, queries, journeys, many destinations, threads, real time.

Both are asked the same: from the two quays of a random pair of stops to those of another, footpaths explicit and
closed, times in whole minutes, journeys with their legs read out.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.region import Region
from smartreise.planner import held
from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search, warm
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.layout import lay_out
from tests.bench import realtime
from tests.bench.city import City, draw_city
from tests.bench.delays import draw_delays, redrawn
from tests.bench.peer import Peer, Trip
from tests.bench.table import Row, against, each, ms, timed

ZONE = ZoneInfo("Europe/Oslo")
DAY = date(2026, 11, 10)
REGION = Region(id="city", name="City", timezone="Europe/Oslo", change_walk_max_m=0)
#: both are asked this far past the window, so that neither counts what a departure just after it beats
BEYOND_S = 7200


#: an origin and its destinations
Asked = tuple[int, list[int]]


@dataclass
class Bench:
    city: City
    timetable: Timetable
    layout: Layout
    peer: Peer
    pairs: list[tuple[int, int]]

    @property
    def morning(self) -> int:
        """07:00 on the day, epoch seconds."""
        return int(datetime(DAY.year, DAY.month, DAY.day, 7, tzinfo=ZONE).timestamp())

    def quays(self, pair: int) -> StopTimesTo:
        stops = sorted(self.timetable.stop_index[f"T:Quay:{pair * 2 + side}"] for side in (0, 1))
        return StopTimesTo(np.array(stops, np.int32), np.zeros(2, np.int32))

    def query(self, origin: int, destinations: list[int], window_s: int, *, beyond_s: int = 0) -> Query:
        start = self.morning - self.layout.base
        egress = tuple(self.quays(pair) for pair in destinations)
        return Query(self.quays(origin), egress, earliest=start, latest=start + window_s, beyond_s=beyond_s)

    def locations(self, pair: int) -> list[object]:
        return [self.peer.find(f"T:Quay:{pair * 2 + side}") for side in (0, 1)]

    def asker(self, window_s: int, *, layout: Layout | None = None) -> Callable[[Asked], object]:
        """Asks us for the ways from one place to some, in one pass; places are looked up before, as for the peer."""
        laid, start = layout or self.layout, self.morning - self.layout.base
        places = {pair: self.quays(pair) for pair in range(self.city.stops // 2)}

        def ask(asked: Asked) -> None:
            egress = tuple(places[to] for to in asked[1])
            search(self.timetable, laid, Query(places[asked[0]], egress, earliest=start, latest=start + window_s))

        return ask

    def peer_asker(self, window_s: int) -> Callable[[Asked], object]:
        """Asks the peer, once for each destination; places are looked up before."""
        start = self.morning
        places = {pair: self.locations(pair) for both in self.pairs for pair in both}

        def ask(asked: Asked) -> None:
            for to in asked[1]:
                self.peer.ask(places[asked[0]], places[to], start, start + window_s)

        return ask


def run(scale: float, queries: int, *, seed: int = 7) -> Iterator[Row]:
    """All rows for a city of a size."""
    city = draw_city(scale)
    name = f"{city.stop_times / 1e6:.1f} M calls"
    warm()
    with TemporaryDirectory() as folder:
        zip_path = Path(folder) / "city.zip"
        zip_path.write_bytes(city.zip)
        with timed() as cold:
            timetable = build([parse_gtfs(city.zip, feed_id="city")], REGION)
            layout = lay_out(timetable, DAY, ZONE)
        with timed() as loading:
            peer = Peer.load(zip_path, DAY - timedelta(days=1), 3)
    yield Row(f"{name}: zip to ready", ms(cold.seconds), ms(loading.seconds), cold.seconds / loading.seconds, "≤ 1.0")
    blob = encode(timetable)
    with timed() as warm_start:
        lay_out(decode(blob), DAY, ZONE)
    yield Row(f"{name}: blob of {len(blob) / 1e6:.0f} MB to ready", ms(warm_start.seconds), target="≤ 1.5 s")
    generator = np.random.default_rng(seed)
    pairs = [(int(a), int(b)) for a, b in generator.integers(0, city.stops // 2, (queries, 2)) if a != b]
    bench = Bench(city, timetable, layout, peer, pairs)
    yield from _queries(bench, name)
    yield from _many(bench, name)
    yield from _threads(bench, name)
    yield from _start(name)
    yield from _realtime(bench, name)


def ours(bench: Bench, origin: int, destination: int, window_s: int, *, layout: Layout | None = None) -> list[Trip]:
    """Our journeys as the peer tells them."""
    laid = layout or bench.layout
    answer = search(bench.timetable, laid, bench.query(origin, [destination], window_s, beyond_s=BEYOND_S))
    return sorted({(j.leave + laid.base, j.arrive + laid.base, j.transfers) for j in answer.journeys[0]})


def theirs(bench: Bench, origin: int, destination: int, window_s: int) -> list[Trip]:
    """The peer's journeys in the window that none beats that leaves in it or a while after."""
    start = bench.morning
    found = bench.peer.ask(bench.locations(origin), bench.locations(destination), start, start + window_s + BEYOND_S)

    def beats(a: Trip, b: Trip) -> bool:
        return a != b and a[0] >= b[0] and a[1] <= b[1] and a[2] <= b[2]

    return [t for t in found if t[0] <= start + window_s and not any(beats(other, t) for other in found)]


def _queries(bench: Bench, name: str) -> Iterator[Row]:
    asked: list[Asked] = [(a, [b]) for a, b in bench.pairs]
    for window_s, targets in ((3600, ("≤ 0.5", "≤ 0.4")), (7200, ("≤ 0.5", "≤ 0.7"))):
        hours = window_s // 3600
        mine, peers = each(bench.asker(window_s), asked), each(bench.peer_asker(window_s), asked)
        yield against(f"{name}: {hours} h query, median", mine, peers, 0.5, targets[0])
        yield against(f"{name}: {hours} h query, p95", mine, peers, 0.95, targets[1])
        same = sum(ours(bench, a, b, window_s) == theirs(bench, a, b, window_s) for a, b in bench.pairs)
        yield Row(f"{name}: {hours} h, same journeys", str(same), f"of {len(bench.pairs)}", target="all")


def _many(bench: Bench, name: str) -> Iterator[Row]:
    pairs = bench.pairs
    tens = [(pairs[n][0], [b for _, b in pairs[n : n + 10]]) for n in range(0, len(pairs) - 10, 10)]
    mine, peers = each(bench.asker(3600), tens), each(bench.peer_asker(3600), tens)
    yield against(f"{name}: ten destinations from one office", mine, peers, 0.5, "≤ 0.12")


def _threads(bench: Bench, name: str) -> Iterator[Row]:
    """The best of some tries: whatever else runs takes from two threads more than from one."""

    def ask(pair: tuple[int, int]) -> None:
        search(bench.timetable, bench.layout, bench.query(pair[0], [pair[1]], 3600))

    gains = []
    for _ in range(3):
        with timed() as alone:
            for pair in bench.pairs:
                ask(pair)
        with ThreadPoolExecutor(2) as pool, timed() as together:
            list(pool.map(ask, bench.pairs))
        gains.append(alone.seconds / together.seconds)
    yield Row(f"{name}: two threads", f"{max(gains):.2f} × one", target="≥ 1.7 ×")


def _offices(bench: Bench, name: str) -> Iterator[Row]:
    """All offices' ways on layouts that have just been made and made ready to be searched, as a gateway does: after
    messages that move most of what runs, few trips or none."""
    pairs = np.random.default_rng(3).integers(0, bench.city.stops // 2, (1000, 5)).tolist()
    start, places = bench.morning - bench.layout.base, {n: bench.quays(n) for n in range(bench.city.stops // 2)}
    gateway = realtime.Gateway(bench, REGION)
    bodies = [
        draw_delays(bench.timetable, bench.layout, bench.morning, trips=realtime.TRIPS, seed=n) for n in range(2, 5)
    ]
    before: Layout | None = None

    def take(body: bytes) -> Layout:
        nonlocal before
        layout = gateway.take(body).layouts.at(bench.morning)
        held.follow(bench.timetable, before, layout)
        before = layout
        return layout

    def ask_all(layout: Layout, since: int) -> tuple[float, int]:
        def ask(row: list[int]) -> None:
            egress = tuple(places[to] for to in row[1:])
            query = Query(places[row[0]], egress, earliest=start + since, latest=start + 3600)
            held.search_or_hold(bench.timetable, layout, query)

        spared = held.statistics.spared
        return sum(each(ask, pairs)), held.statistics.spared - spared

    offices = f"{name}: 1,000 offices × 4 destinations"
    take(bodies[0])
    spent, spared = ask_all(take(bodies[1]), 0)
    yield Row(f"{offices} after a tick", ms(spent), target="≤ 4 s of one core")
    body = bodies[1]
    for trips in (20, 20, 5):
        body = redrawn(body, bodies[2], trips, seed=trips + len(body))
        layout = take(body)
        spent, spared = ask_all(layout, 15)
        if spared:  # the first small tick after a big one finds nothing noted
            yield Row(f"{offices} after a tick of {trips} trips, {spared} spared", ms(spent))
        else:
            yield Row(f"{offices} after a tick of {trips} trips, the first such", ms(spent))
    spent, spared = ask_all(layout, 30)
    yield Row(f"{offices} as the clock goes on, {spared} spared", ms(spent))


def _start(name: str) -> Iterator[Row]:
    """A process that loads the kernels and asks once, from the disk cache."""
    code = "import time; from smartreise.planner.search import warm; t = time.process_time(); warm()"
    code += "; print(time.process_time() - t)"
    starts = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in (1, 2)
    ]
    yield Row(f"{name}: first query of a process", ms(starts[0]), ms(starts[1]), starts[0] / starts[1], "< 1 s more")


def _realtime(bench: Bench, name: str) -> Iterator[Row]:
    yield from realtime.run(bench, name, REGION)
    moved_layout = realtime.live_layout(bench, REGION)
    sample: list[Asked] = [(a, [b]) for a, b in bench.pairs[:300]]
    static = each(bench.asker(3600), sample)
    moved = each(bench.asker(3600, layout=moved_layout), sample)
    yield against(f"{name}: 1 h query with real time, ÷ our static one", moved, static, 0.5, "≤ 1.1")
    yield against(f"{name}: 1 h query with real time", moved, each(bench.peer_asker(3600), sample), 0.5, "≤ 0.45")
    yield from _offices(bench, name)
