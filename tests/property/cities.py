"""Draws small cities of whole lines from a seed: headways or frequencies, lateness that makes trips overtake, loops,
days that run past midnight, nights when the clock changes, footpaths, and vehicles that go back as another trip with
riders seated.

Lines rather than random trips, because the bugs of a search live where trips follow one another; a seed rather than
hypothesis's own draws, which are mostly so simple that nobody has to change (with those, three of sixteen planted
faults went unnoticed). `plain` reads a city a second time, from what was drawn and not from our arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import strategies as st

from smartreise.live.hear import hear
from smartreise.live.overlay import overlay
from smartreise.live.resolve import Resolved
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TimeEvent, TripDescriptor, TripUpdate
from smartreise.model.region import Region
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.tables import GtfsTables, StopTimes, trip_table
from tests.drawing import ZONE

STOPS = 9
LINES = 5
#: an ordinary day, the day before and of the night when the clock goes back, and of the one when it goes forward
DAYS = (date(2026, 11, 10), date(2026, 10, 24), date(2026, 10, 25), date(2027, 3, 28))
#: when a line's first trip leaves, seconds of the service day: in the morning, before and after midnight, at night
FIRSTS = (7 * 3600, 7 * 3600 + 420, 23 * 3600 + 2400, 24 * 3600 + 600, 25 * 3600 + 1800, 2 * 3600 + 1200)
HOUR = 3600


@dataclass(frozen=True)
class Row:
    """A trip: seconds of arrival and departure after `start` by stop, pickup and drop-off types."""

    line: int
    start: int
    stops: list[int]
    arrive: list[int]
    depart: list[int]
    pickup: list[int]
    drop_off: list[int]
    block: str = ""
    #: under frequencies.txt: seconds from run to run (0: a trip of its own), how many, and `exact_times`
    every: int = 0
    count: int = 1
    exact: int = 1

    @property
    def starts(self) -> list[int]:
        """Start of each run, seconds of the service day."""
        return [self.start + number * self.every for number in range(self.count)]


#: a run: trip, service day, start where it is under frequencies.txt, else −1
Run = tuple[int, date, int]


@dataclass(frozen=True)
class Late:
    """What real time says of a trip on a day: `kind` late, skip or cancel, from call `at` (0-based) on."""

    kind: str
    at: int
    delay_s: int


#: a row of transfers.txt that names lines or trips
Rule = dict[str, str]


@dataclass(frozen=True)
class City:
    """What was drawn, and what the product makes of it."""

    rows: list[Row]
    lon: list[float]
    change_s: int
    day: date
    late: dict[Run, Late]
    rules: list[Rule]
    timetable: Timetable
    layout: Layout

    @property
    def days(self) -> list[date]:
        """Service days of every trip."""
        return [self.day + timedelta(days=n) for n in (-1, 0, 1)]

    @property
    def runs(self) -> list[Run]:
        """All that runs on these days."""
        return list_runs(self.rows, self.days)


def cities() -> st.SearchStrategy[City]:
    """A city for each seed, with few lines or some."""
    return st.builds(draw_city, st.integers(0, 2**32 - 1), st.integers(2, LINES))


def draw_city(seed: int, lines: int = 4) -> City:
    """The city of a seed."""
    generator = np.random.default_rng(seed)
    rows = with_frequencies(np.random.default_rng((seed, 1)), draw_lines(generator, lines))
    walkable = (0.0, 0.004, 0.05) if generator.random() < 0.6 else (0.05,)
    lon = [float(x) for x in 10 + np.cumsum(generator.choice(walkable, STOPS))]
    change_s, day = int(generator.choice((0, 60, 120))), DAYS[min(int(generator.integers(8)), len(DAYS) - 1)]
    late = _lateness(generator, rows, [day + timedelta(days=n) for n in (-1, 0, 1)])
    rules = _rules(generator, rows) if generator.random() < 0.4 else []
    return make_city(rows, lon, change_s, day, late, rules)


def make_city(
    rows: list[Row],
    lon: list[float],
    change_s: int,
    day: date,
    late: dict[Run, Late],
    rules: list[Rule],
) -> City:
    """What was drawn, compiled, laid out and with its real time."""
    timetable = _build(rows, lon, change_s, day, rules)
    moved = overlay(timetable, lay_out(timetable, day, ZONE), _resolved(timetable, late, day), ZONE)
    return City(rows, lon, change_s, day, late, rules, timetable, moved)


def draw_lines(generator: np.random.Generator, lines: int) -> list[Row]:
    """Some trips have pickup and drop-off types of their own, so that one may not be left where the next may."""
    rows: list[Row] = []
    first = int(generator.choice(FIRSTS))
    for line in range(lines):
        stops = [int(generator.integers(STOPS))]
        for _ in range(int(generator.integers(2, 7))):
            stops.append(int((stops[-1] + generator.integers(1, STOPS)) % STOPS))
        hops = [int(generator.choice((0, 1, 2, 3, 5, 9))) * 60 for _ in stops[1:]]
        dwell = [int(generator.choice((0, 0, 60))) for _ in stops]
        headway, begin = int(generator.choice((120, 300, 480, 900))), first + int(generator.integers(15)) * 60
        usual = _kinds(generator, len(stops))
        for number in range(int(generator.integers(2, 7))):
            kinds = _kinds(generator, len(stops)) if generator.random() < 0.2 else usual
            row = _trip(line, begin + number * headway, stops, hops, dwell, kinds)
            if generator.random() < 0.2:
                block = f"{line}-{number}"
                back = _back(row, int(generator.integers(lines)), int(generator.choice((0, 120))), block)
                rows += [replace(row, block=block), back]
            else:
                rows.append(row)
    return rows


def with_frequencies(generator: np.random.Generator, rows: list[Row]) -> list[Row]:
    """In a third of cities some lines without blocks run under frequencies.txt, as often and as long."""
    if generator.random() > 1 / 3:
        return rows
    found = list(rows)  # in their order, which blocks are ridden in
    for line in dict.fromkeys(row.line for row in rows):
        own = [row for row in rows if row.line == line]
        if len(own) > 1 and not any(row.block for row in own) and generator.random() < 0.7:
            every, exact = own[1].start - own[0].start, int(generator.integers(2))
            found[found.index(own[0])] = replace(own[0], every=every, count=len(own), exact=exact)
            found = [row for row in found if row not in own[1:]]
    return found


def list_runs(rows: list[Row], days: list[date]) -> list[Run]:
    """Every run of every trip on each day."""
    return [
        (trip, day, start if row.every else -1) for trip, row in enumerate(rows) for day in days for start in row.starts
    ]


_Kinds = tuple[list[int], list[int]]


def _kinds(generator: np.random.Generator, length: int) -> _Kinds:
    """Pickup and drop-off types."""
    pickup, drop_off = generator.choice((0, 0, 0, 0, 0, 1), (2, length)).tolist()
    return pickup, drop_off


def _trip(line: int, start: int, stops: list[int], hops: list[int], dwell: list[int], kinds: _Kinds) -> Row:
    at, arrive, depart = 0, [], []
    for i in range(len(stops)):
        at += hops[i - 1] if i else 0
        arrive.append(at)
        at += dwell[i]
        depart.append(at)
    return Row(line, start, stops, arrive, depart, *kinds)


def _back(row: Row, line: int, layover: int, block: str) -> Row:
    """The same vehicle on its way back."""
    end = row.depart[-1]
    return Row(
        line=line,
        start=row.start + row.arrive[-1] + layover,
        stops=row.stops[::-1],
        arrive=[end - at for at in row.depart[::-1]],
        depart=[end - at for at in row.arrive[::-1]],
        pickup=row.drop_off[::-1],
        drop_off=row.pickup[::-1],
        block=block,
    )


def _rules(generator: np.random.Generator, rows: list[Row]) -> list[Rule]:
    """Changes between lines or trips that take no time, some time, or may not be."""
    found: list[Rule] = []
    for _ in range(int(generator.integers(4, 12))):
        rule = {"transfer_type": str(generator.choice(("1", "2", "3"))), "min_transfer_time": "300"}
        for side in ("from", "to"):
            trip = int(generator.integers(len(rows)))
            named = str(generator.choice(("", "route", "trip")))
            rule[f"{side}_stop_id"] = str(generator.choice(rows[trip].stops))
            if named:
                rule[f"{side}_{named}_id"] = str(trip if named == "trip" else rows[trip].line)
        if generator.random() < 0.6:
            rule["to_stop_id"] = rule["from_stop_id"]
        named_keys = [key for key in rule if key.endswith(("route_id", "trip_id"))]
        if named_keys:
            found.append(rule)
        if len(named_keys) > 1:  # and what holds for more, of another type
            wider = {key: value for key, value in rule.items() if key != named_keys[0]}
            found.append({**wider, "transfer_type": str(generator.choice(("1", "3")))})
    return _unambiguous(found)


def _unambiguous(rules: list[Rule]) -> list[Rule]:
    """Without rules between the same stops that are as specific as an earlier one: GTFS does not say which wins."""
    ranks: dict[tuple[str, str, int, int], Rule] = {}
    for rule in rules:
        trips = sum(f"{side}_trip_id" in rule for side in ("from", "to"))
        routes = sum(f"{side}_route_id" in rule for side in ("from", "to"))
        ranks.setdefault((rule["from_stop_id"], rule["to_stop_id"], trips, routes), rule)
    return list(ranks.values())


def _build(rows: list[Row], lon: list[float], change_s: int, day: date, rules: list[Rule]) -> Timetable:
    calls = [
        (trip, stop, row.start + a, row.start + d, i + 1, p, o)
        for trip, row in enumerate(rows)
        for i, (stop, a, d, p, o) in enumerate(
            zip(row.stops, row.arrive, row.depart, row.pickup, row.drop_off, strict=True)
        )
    ]
    columns = np.array(calls, dtype=np.int32).T
    times = StopTimes(
        trip=columns[0],
        stop=columns[1],
        arrive=columns[2],
        depart=columns[3],
        sequence=columns[4],
        pickup=columns[5].astype(np.uint8),
        drop_off=columns[6].astype(np.uint8),
        distance=np.full(len(calls), np.nan),
        headsign=np.full(len(calls), -1, np.int32),
    )
    service_days = [f"{day + timedelta(days=n):%Y%m%d}" for n in (-1, 0, 1)]
    tables = GtfsTables(
        feed_id="drawn",
        prefix="",
        digest="",
        agencies=({"agency_id": "a", "agency_timezone": "Europe/Oslo"},),
        stops=tuple({"stop_id": str(i), "stop_lat": "59.9", "stop_lon": str(x)} for i, x in enumerate(lon)),
        routes=tuple({"route_id": str(r), "route_type": "3"} for r in range(LINES)),
        trips=trip_table(
            [
                {"trip_id": str(t), "route_id": str(row.line), "service_id": "s", "block_id": row.block}
                for t, row in enumerate(rows)
            ]
        ),
        stop_times=times,
        transfers=tuple(rules),
        frequencies=tuple(
            {
                "trip_id": str(trip),
                "start_time": clock_text(row.start),
                "end_time": clock_text(row.start + row.count * row.every),
                "headway_secs": str(row.every),
                "exact_times": str(row.exact),
            }
            for trip, row in enumerate(rows)
            if row.every
        ),
        calendar_dates=tuple({"service_id": "s", "date": text, "exception_type": "1"} for text in service_days),
    )
    return build([tables], replace(Region(id="d", name="d", timezone="Europe/Oslo"), change_s=change_s))


def clock_text(seconds: int) -> str:
    """HH:MM:SS of a service day."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _lateness(generator: np.random.Generator, rows: list[Row], days: list[date]) -> dict[Run, Late]:
    """Some trips late or early from some stop on, some cancelled, some stops skipped."""
    late = {}
    for run in list_runs(rows, days):
        kind = str(generator.choice(("", "", "", "late", "late", "cancel", "skip")))
        at, delay = int(generator.integers(len(rows[run[0]].stops))), int(generator.choice((-60, 60, 240, 600, 1500)))
        if kind:
            late[run] = Late(kind, at, delay)
    return late


def _resolved(timetable: Timetable, late: dict[Run, Late], day: date) -> Resolved:
    """What a feed says of it, matched: runs under frequencies.txt are told apart by their start."""
    now = int(datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).timestamp())
    updates = []
    for (trip, service_day, start), what in late.items():
        event = TimeEvent(delay_s=what.delay_s)
        update = StopTimeUpdate(sequence=what.at + 1, arrival=event, departure=event)
        if what.kind == "skip":
            update = StopTimeUpdate(sequence=what.at + 1, relationship="SKIPPED")
        descriptor = TripDescriptor(
            trip_id=str(trip),
            start_date=f"{service_day:%Y%m%d}",
            start_time=clock_text(start) if start >= 0 else None,
            relationship="CANCELED" if what.kind == "cancel" else "SCHEDULED",
        )
        updates.append(TripUpdate(f"{trip} {service_day} {start}", descriptor, (update,)))
    resolved = hear(timetable, [RealtimeMessage("rt", now, tuple(updates))], {}, now=now, last=None).resolved
    assert len(resolved.changes.trip) == len(late), "not every update found its run"
    return resolved
