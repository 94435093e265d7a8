"""The running service on real feeds, compared with a plain reading of the same files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from google.transit import gtfs_realtime_pb2

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.model.region import Region
from smartreise.model.service_day import start_of_day
from smartreise.timetable.arrays import BOARD, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.services import MAX_DAYS
from tests.replay.plain import PlainFeed, seconds
from tests.service import Service, serving
from tests.shared_data import shared

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Period:
    path: str
    clock: str
    #: instants to ask boards for; the first is the clock's
    asked: tuple[str, ...]


PERIODS = {
    "flytoget": Period(
        "norway-flytoget/rb_flt-aggregated-gtfs.zip",
        "2018-09-05T15:30:00+02:00",
        ("2018-09-05T23:50:00+02:00", "2018-09-06T00:20:00+02:00", "2018-09-08T12:00:00+02:00"),
    ),
    "gjovikbanen": Period(
        "norway-gjovikbanen/rb_gjb-aggregated-gtfs.zip",
        "2018-10-27T22:00:00+02:00",
        ("2018-10-28T00:30:00+02:00", "2018-10-28T02:30:00+01:00", "2018-10-28T08:00:00+01:00"),
    ),
    "cairns": Period(
        "cairns/cairns_gtfs.zip",
        "2014-07-04T16:00:00+10:00",
        ("2014-07-05T01:00:00+10:00", "2014-07-05T04:30:00+10:00", "2014-07-07T07:00:00+10:00"),
    ),
    "bullrunner": Period(
        "bullrunner-frequencies/bullrunner-gtfs.zip",
        "2016-03-09T08:00:00-05:00",
        ("2016-03-09T17:29:00-05:00", "2016-03-12T10:00:00-05:00", "2016-03-13T10:00:00-04:00"),
    ),
    "sample": Period(
        "sample/sample_gtfs.zip",
        "2008-05-06T07:30:00-07:00",
        ("2008-05-06T07:58:00-07:00", "2008-05-10T09:00:00-07:00"),
    ),
    "caltrain": Period(
        "caltrain/ct.zip",
        "2023-11-07T17:00:00-08:00",
        ("2023-11-07T23:30:00-08:00", "2023-11-06T00:30:00-08:00", "2023-11-11T10:00:00-08:00"),
    ),
    "caltrain in the night when the clocks go back": Period(
        "caltrain/ct.zip",
        "2023-11-05T08:10:00-08:00",
        ("2023-11-04T23:40:00-07:00", "2023-11-05T00:30:00-07:00", "2023-11-05T01:30:00-08:00"),
    ),
    "bart": Period(
        "bart/bart-rt.zip",
        "2019-08-07T10:40:00-07:00",
        ("2019-08-07T23:40:00-07:00", "2019-08-11T09:00:00-07:00"),
    ),
}


def region_file(folder: Path, period: Period, *, extra: str = "") -> tuple[Path, PlainFeed]:
    """A region of one static feed, with the feed's own zone, and its plain reading."""
    path = shared(period.path)
    plain = PlainFeed(path)
    file = folder / "region.toml"
    file.write_text(
        f'[region]\nid = "real"\nname = "Real"\ntimezone = "{plain.zone.key}"\nlanguages = ["en"]\n'
        f'[[static]]\nid = "static"\nurl = "{path.resolve()}"\ninterval = "1h"\n{extra}'
    )
    return file, plain


def epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def end_of_tomorrow(at: str, plain: PlainFeed) -> int:
    day = datetime.fromtimestamp(epoch(at), plain.zone).date() + timedelta(days=2)
    return int(datetime(day.year, day.month, day.day, tzinfo=plain.zone).timestamp())


async def assert_board(service: Service, plain: PlainFeed, stop: str, at: str) -> int:
    """The board of `stop` from `at` holds just what the files say; returns how many rows were compared."""
    limit = 200
    board = await service.get(f"/v1/stops/{quote(stop)}/departures?limit={limit}&at={quote(at)}")
    rows, blank = plain.departures(stop, epoch(at), end_of_tomorrow(at, plain))
    blank_calls = {trip for trip, _ in blank}
    got = [
        (epoch(row["scheduled"]), row["trip_id"], row["service_date"], row["stop_id"])
        for row in board["departures"]
        if row["trip_id"] not in blank_calls
    ]
    want = [(row.at, row.trip_id, row.service_date, row.stop_id) for row in rows if row.trip_id not in blank_calls]
    if len(board["departures"]) == limit:  # rows at the cut's second may be on either side of it
        cut = epoch(board["departures"][-1]["scheduled"])
        got, want = [row for row in got if row[0] < cut], [row for row in want if row[0] < cut]
    assert Counter(got) == Counter(want), f"{stop} at {at}"
    times = [row["expected"] for row in board["departures"]]
    assert sorted(times, key=epoch) == times
    return len(got)


@pytest.mark.parametrize("name", PERIODS)
async def test_boards_are_what_the_files_say(name: str, tmp_path: Path) -> None:
    period = PERIODS[name]
    file, plain = region_file(tmp_path, period)
    compared = 0
    async with serving(file, data_dir=tmp_path / "data", clock=period.clock) as service:
        for stop in plain.busiest_stops(8):
            for at in (period.clock, *period.asked):
                compared += await assert_board(service, plain, stop, at)
        await assert_direct_trips_are_matched(service, plain, period.clock)
    assert compared > 50


async def assert_direct_trips_are_matched(service: Service, plain: PlainFeed, at: str) -> None:
    """Every trip that goes directly from one stop to another is suggested, or something no worse is."""
    start = epoch(at)
    origin = plain.busiest_stops(1)[0]
    rows, blank = plain.departures(origin, start + 120, start + 3600)
    rows = [row for row in rows if (row.trip_id, row.sequence) not in blank]
    assert rows, "nothing leaves the busiest stop in the hour that the test asks about"
    calls = plain.calls[rows[0].trip_id]
    after = [call for call in calls if int(call["stop_sequence"]) > rows[0].sequence]
    timed = [call for call in after if call["arrival_time"] and call["stop_id"] != origin]
    target = timed[len(timed) // 2]["stop_id"] if timed else None
    if target is None:
        pytest.fail("the trip has no later stop to go to")
    path = f"/v1/suggestions?from={quote(origin)}&to={quote(target)}&at={quote(at)}&limit=50"
    answer = await service.get(path)
    offered = [(epoch(s["leave_at"]), epoch(s["arrive_at"])) for s in answer["suggestions"]]
    matched = 0
    for row in rows:
        arrive = direct_arrival(plain, row.trip_id, row.sequence, target)
        if arrive is None:
            continue
        arrive_at = row.at + arrive
        assert any(leave >= row.at - 60 and there <= arrive_at for leave, there in offered), (row, target, offered)
        matched += 1
    assert matched


def direct_arrival(plain: PlainFeed, trip_id: str, sequence: int, target: str) -> int | None:
    """Seconds from departing at `sequence` to the trip's next call at `target`."""
    left: int | None = None
    for call in plain.calls[trip_id]:
        if int(call["stop_sequence"]) == sequence:
            left = seconds(call["departure_time"])
        elif left is not None and call["stop_id"] == target and call["arrival_time"]:
            return seconds(call["arrival_time"]) - left
    return None


FEEDS = sorted({period.path for period in PERIODS.values()} | {"malformed/sample-feed-bom.zip"})


@pytest.mark.parametrize("path", FEEDS)
def test_every_departure_of_chosen_days_is_what_the_files_say(path: str) -> None:
    """All stops at once: the first day and the last, nights when the clocks change, and some days between."""
    plain = PlainFeed(shared(path))
    region = Region(id="r", name="R", timezone=plain.zone.key)
    timetable = build([parse_gtfs(shared(path).read_bytes(), feed_id="f")], region)
    first, last = plain.days()
    assert (timetable.first_day, timetable.last_day) == (first, min(last, first + timedelta(days=MAX_DAYS - 1)))
    last = timetable.last_day
    changes = plain.nights_of_change()[:1]
    days = [first, last - timedelta(days=1), first + (last - first) // 2, *changes]
    blank = {
        (trip, int(row["stop_sequence"]))
        for trip, rows in plain.calls.items()
        for row in rows
        if not (row["departure_time"] or row["arrival_time"])
    }
    compared = 0
    for day in sorted(set(days)):
        start, end = (start_of_day(day + timedelta(days=n), plain.zone) for n in (0, 2))
        got, want = ours(timetable, day, plain.zone, start, end), plain.everything(start, end)
        assert Counter({key: n for key, n in got.items() if (key[1], key[3]) not in blank}) == want, day
        compared += sum(want.values())
    assert compared > 100


def ours(
    timetable: Timetable, day: date, zone: ZoneInfo, start: int, end: int
) -> Counter[tuple[int, str, str, int, str]]:
    """What the layout of a day has, as `PlainFeed.everything`."""
    layout = lay_out(timetable, day, zone)
    found: Counter[tuple[int, str, str, int, str]] = Counter()
    for event in np.flatnonzero(layout.event_flags & BOARD):
        at, dated = layout.base + int(layout.event_depart[event]), int(layout.event_dated[event])
        if start <= at < end:
            service_date = date.fromordinal(int(layout.dated_day[dated])).isoformat()
            trip, stop = timetable.trip_id[layout.dated_trip[dated]], timetable.stop_id[layout.event_stop[event]]
            found[at, trip, service_date, int(timetable.call_sequence[layout.event_call[event]]), stop] += 1
    return found


def realtime_extra(file: str) -> str:
    return f'[[realtime]]\nid = "rt"\nstatic = "static"\nurl = "{shared(file).resolve()}"\ninterval = "15s"\n'


def stated_departures(message: Any) -> list[tuple[str, str, int]]:
    """(trip, stop, departure time) that updates of scheduled trips state as absolute times."""
    return [
        (entity.trip_update.trip.trip_id, stop.stop_id, stop.departure.time)
        for entity in message.entity
        if entity.HasField("trip_update") and entity.trip_update.trip.schedule_relationship == 0
        for stop in entity.trip_update.stop_time_update
        if stop.departure.time and stop.schedule_relationship == 0
    ]


async def test_caltrain_times_are_what_the_message_says(tmp_path: Path) -> None:
    message = gtfs_realtime_pb2.FeedMessage.FromString(shared("caltrain/ct-trip-updates.pb").read_bytes())
    clock = datetime.fromtimestamp(message.header.timestamp, tz=None).astimezone().isoformat()
    file, plain = region_file(tmp_path, PERIODS["caltrain"], extra=realtime_extra("caltrain/ct-trip-updates.pb"))
    async with serving(file, data_dir=tmp_path / "data", clock=clock) as service:
        feeds = await service.until("/v1/feeds", lambda answer: feed(answer, "rt")["match_rate"] is not None)
        assert feed(feeds, "rt")["match_rate"] == 1.0
        compared = 0
        for trip, stop, time in stated_departures(message):
            if time < message.header.timestamp or stop == plain.calls[trip][-1]["stop_id"]:
                continue
            board = await service.get(f"/v1/stops/{stop}/departures?limit=200")
            rows = [row for row in board["departures"] if row["trip_id"] == trip]
            assert [epoch(row["expected"]) for row in rows[:1]] == [time], (trip, stop)
            assert rows[0]["realtime"]
            compared += 1
        assert compared > 30


async def test_bart_added_trips_are_on_the_board(tmp_path: Path) -> None:
    message = gtfs_realtime_pb2.FeedMessage.FromString(shared("bart/bart-trip-updates.pb").read_bytes())
    clock = datetime.fromtimestamp(message.header.timestamp, tz=None).astimezone().isoformat()
    file, _ = region_file(tmp_path, PERIODS["bart"], extra=realtime_extra("bart/bart-trip-updates.pb"))
    added = [e.trip_update for e in message.entity if e.trip_update.trip.schedule_relationship == 1]
    assert len(added) == 8
    async with serving(file, data_dir=tmp_path / "data", clock=clock) as service:
        await service.until("/v1/feeds", lambda answer: feed(answer, "rt")["match_rate"] is not None)
        seen = 0
        for update in added:
            first = next((s for s in update.stop_time_update if s.departure.time > message.header.timestamp), None)
            if first is None or first is update.stop_time_update[-1]:
                continue
            board = await service.get(f"/v1/stops/{first.stop_id}/departures?limit=200")
            rows = [row for row in board["departures"] if row["trip_id"] == update.trip.trip_id]
            assert rows, update.trip.trip_id
            assert rows[0]["added"]
            assert rows[0]["scheduled"] is None
            assert epoch(rows[0]["expected"]) == first.departure.time
            seen += 1
        assert seen


def feed(answer: Any, feed_id: str) -> Any:
    return next(entry for entry in answer["feeds"] if entry["id"] == feed_id)
