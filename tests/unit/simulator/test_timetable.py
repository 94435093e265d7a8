"""The timetable covers today and the coming weeks, holds together, and is the same bytes every time."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections import Counter
from datetime import date, timedelta

import gtfs_kit as gk
import pytest

from smartreise.model.geo import distance_m
from smartreise.simulator.region import AuthoredRegion
from smartreise.simulator.schedule import (
    Schedule,
    build_schedule,
    day_types,
    easter,
    is_public_holiday,
    service_span,
)
from smartreise.simulator.timetable import build_gtfs

TODAY = date(2026, 11, 24)
FIRST, LAST = service_span(TODAY)


@pytest.fixture(scope="module")
def gtfs(region: AuthoredRegion, schedule: Schedule) -> bytes:
    return build_gtfs(region, schedule, first=FIRST, last=LAST)


@pytest.fixture(scope="module")
def feed(gtfs: bytes, tmp_path_factory: pytest.TempPathFactory) -> gk.Feed:
    path = tmp_path_factory.mktemp("gtfs") / "demo.zip"
    path.write_bytes(gtfs)
    return gk.read_feed(path, dist_units="m")


def test_the_same_input_gives_the_same_bytes(region: AuthoredRegion, gtfs: bytes) -> None:
    assert build_gtfs(region, build_schedule(region), first=FIRST, last=LAST) == gtfs


def test_times_and_references_hold_together(feed: gk.Feed) -> None:
    assert feed.stop_times.stop_id.isin(feed.stops.stop_id).all()
    assert feed.stop_times.trip_id.isin(feed.trips.trip_id).all()
    assert feed.trips.route_id.isin(feed.routes.route_id).all()
    assert feed.trips.shape_id.isin(feed.shapes.shape_id).all()
    assert feed.trips.service_id.isin(feed.calendar.service_id).all()
    assert feed.routes.agency_id.isin(feed.agency.agency_id).all()
    assert feed.transfers.from_stop_id.isin(feed.stops.stop_id).all()
    assert feed.stops.parent_station.dropna().isin(feed.stops.stop_id).all()
    for ids in (feed.stops.stop_id, feed.trips.trip_id, feed.routes.route_id):
        assert ids.is_unique
    assert feed.trips.trip_id.str.contains(":ServiceJourney:").all()


@pytest.mark.parametrize("offset", range(0, 400, 13))
def test_the_span_always_covers_yesterday_and_the_coming_weeks(offset: int) -> None:
    today = TODAY + timedelta(days=offset)
    first, last = service_span(today)
    assert first <= today - timedelta(days=3)
    assert last >= today + timedelta(days=55)


def test_the_span_changes_once_a_week_only() -> None:
    assert len({service_span(TODAY + timedelta(days=n)) for n in range(28)}) == 4 + 1


def test_public_holidays_run_the_sunday_service(feed: gk.Feed) -> None:
    assert easter(2027) == date(2027, 3, 28)
    assert is_public_holiday(date(2027, 3, 25))  # Maundy Thursday
    assert day_types(date(2026, 12, 25)) == ("sunday",)
    active = set(feed.get_trips(date="20261225").trip_id)
    assert active == set(feed.get_trips(date="20261129").trip_id)
    assert active != set(feed.get_trips(date="20261204").trip_id)


def test_every_stop_place_is_served_on_working_day_afternoons_saturdays_and_sundays(
    region: AuthoredRegion, schedule: Schedule
) -> None:
    for day, begin, end in ((TODAY, 15.5, 17), (date(2026, 11, 28), 10, 18), (date(2026, 11, 29), 10, 18)):
        served = set()
        for trip in schedule.list_running(day, int(begin * 3600), int(end * 3600)):
            served |= {quay.place for quay in trip.pattern.quays[:-1]}
        missing = {region.places[place].name for place in set(region.places) - served}
        assert missing == set(), day


def test_every_night_has_buses_past_midnight(schedule: Schedule) -> None:
    for offset in range(7):
        lines = {
            t.pattern.line.name for t in schedule.list_running(TODAY + timedelta(days=offset), 26 * 3600, 28 * 3600)
        }
        assert "31" in lines


def test_line_5_passes_majorstuen_twice_at_one_platform(schedule: Schedule) -> None:
    for pattern in schedule.patterns:
        if pattern.line.name == "5":
            calls = Counter(quay.id for quay in pattern.quays if quay.place == 4478)
            assert list(calls.values()) == [2]


def test_bus_31_leaves_it_fornebu_every_ten_minutes_by_day(schedule: Schedule) -> None:
    leaves = sorted(
        trip.start_s + trip.pattern.depart[k]
        for trip in schedule.list_running(TODAY, 10 * 3600, 14 * 3600)
        if trip.pattern.line.name == "31" and trip.pattern.direction == 0
        for k, quay in enumerate(trip.pattern.quays)
        if quay.place == 3609
    )
    by_day = [second for second in leaves if 10 * 3600 <= second < 14 * 3600]
    assert {b - a for a, b in itertools.pairwise(by_day)} == {600}


def test_the_express_runs_in_the_peaks_of_working_days_only(schedule: Schedule) -> None:
    runs = [trip for trip in schedule.trips if trip.pattern.line.name == "31E"]
    assert {trip.days for trip in runs} == {("weekday",)}
    assert all(6 <= trip.start_s / 3600 < 9.5 or 14 <= trip.start_s / 3600 < 18 for trip in runs)


def test_short_turns_carry_the_name_of_where_they_end(schedule: Schedule) -> None:
    turns = {(p.line.name, p.headsign) for p in schedule.patterns if p.direction == 1}
    assert ("3", "Bekkestua") in turns
    assert ("3", "Kolsås") in turns


def test_speeds_are_plausible_and_distances_grow(schedule: Schedule) -> None:
    for pattern in schedule.patterns:
        top = 130 if 100 <= pattern.line.type < 200 else 60
        for k in range(1, len(pattern.quays)):
            metres = pattern.metres[k] - pattern.metres[k - 1]
            seconds = pattern.arrive[k] - pattern.depart[k - 1]
            assert metres > 0
            assert 0 < metres / seconds * 3.6 < top, (pattern.line.name, pattern.quays[k])


def test_a_shape_is_no_detour(schedule: Schedule) -> None:
    for pattern in schedule.patterns:
        pairs = zip(pattern.quays, pattern.quays[1:], strict=False)
        crow = sum(distance_m(a.lat, a.lon, b.lat, b.lon) for a, b in pairs)
        assert pattern.metres[-1] < 1.25 * crow, pattern.line.name


def test_kept_lines_make_a_small_feed(region: AuthoredRegion, schedule: Schedule) -> None:
    small = build_gtfs(region, schedule, first=FIRST, last=LAST, lines=frozenset({"B10"}))
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        trips = archive.read("trips.txt").decode().splitlines()[1:]
    assert trips
    assert all(row.startswith("RUT:Line:3810,") for row in trips)
