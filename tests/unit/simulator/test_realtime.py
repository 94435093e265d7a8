"""Real time is plausible, calm, and one story from tick to tick."""

from __future__ import annotations

from datetime import date

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.model.geo import distance_m
from smartreise.model.service_day import service_day_origin
from smartreise.simulator.faults import FaultBook
from smartreise.simulator.progress import simulate
from smartreise.simulator.realtime import Realtime
from smartreise.simulator.region import AuthoredRegion
from smartreise.simulator.schedule import Schedule
from tests.unit.simulator.conftest import OSLO, at

AFTERNOON = at("2026-11-24T16:04:00")


def updates(realtime: Realtime, now: int) -> dict[str, pb.TripUpdate]:
    message = pb.FeedMessage.FromString(realtime.trip_updates(now, timestamp=now))
    assert message.header.timestamp == now
    assert message.header.incrementality == pb.FeedHeader.FULL_DATASET
    return {entity.id: entity.trip_update for entity in message.entity}


@pytest.fixture
def book() -> FaultBook:
    return FaultBook()


@pytest.fixture
def realtime(region: AuthoredRegion, schedule: Schedule, book: FaultBook) -> Realtime:
    return Realtime(region, schedule, book, seed=1)


def test_a_seed_tells_one_story_and_another_seed_another(region: AuthoredRegion, schedule: Schedule) -> None:
    def told(seed: int) -> bytes:
        return Realtime(region, schedule, FaultBook(), seed=seed).trip_updates(AFTERNOON, timestamp=1)

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_an_afternoon_holds_all_that_a_reader_must_cope_with(realtime: Realtime) -> None:
    seen = set()
    moved = skipped = 0
    for minutes in range(0, 120, 20):
        for update in updates(realtime, AFTERNOON + 60 * minutes).values():
            seen.add(update.trip.schedule_relationship)
            moved += sum(bool(u.stop_time_properties.assigned_stop_id) for u in update.stop_time_update)
            skipped += sum(u.schedule_relationship == u.SKIPPED for u in update.stop_time_update)
    assert seen == {pb.TripDescriptor.SCHEDULED, pb.TripDescriptor.CANCELED, pb.TripDescriptor.ADDED}
    assert moved
    assert skipped


def test_ids_are_of_the_timetable_except_for_added_trips(realtime: Realtime, schedule: Schedule) -> None:
    known = {trip.id for trip in schedule.trips}
    for update in updates(realtime, AFTERNOON).values():
        added = update.trip.schedule_relationship == pb.TripDescriptor.ADDED
        assert (update.trip.trip_id in known) != added
        assert update.trip.start_date == "20261124"


def test_a_night_bus_belongs_to_the_service_day_before(realtime: Realtime) -> None:
    dates = {update.trip.start_date for update in updates(realtime, at("2026-11-25T02:10:00")).values()}
    assert dates == {"20261124"}


def test_delays_are_mostly_small_and_sometimes_large(schedule: Schedule) -> None:
    day = date(2026, 11, 24)
    origin = service_day_origin(day, OSLO)
    runs = [simulate(trip, day, origin=origin, seed=1) for trip in schedule.list_running(day, 0, 30 * 3600)]
    delays = [delay for run in runs for delay in run.delays]
    share = sum(-60 <= delay <= 180 for delay in delays) / len(delays)
    assert 0.9 < share < 0.995
    assert any(300 <= delay <= 660 for delay in delays)
    assert any(delay < 0 for delay in delays)
    assert min(delays) >= -90
    assert max(delays) <= 700


def test_no_vehicle_arrives_before_it_left_the_stop_before(realtime: Realtime) -> None:
    for run in realtime.list_progress(AFTERNOON):
        told = run.predicted(run.passed(AFTERNOON))
        pattern = run.trip.pattern
        for k in range(1, len(told)):
            assert pattern.arrive[k] + told[k] > pattern.depart[k - 1] + told[k - 1]


def test_what_has_happened_never_changes_and_predictions_change_at_calls_only(realtime: Realtime) -> None:
    before = {(r.trip.id, r.day): r for r in realtime.list_progress(AFTERNOON)}
    for tick in range(5, 600, 5):
        for run in realtime.list_progress(AFTERNOON + tick):
            earlier = before.get((run.trip.id, run.day))
            if earlier is None:
                continue
            assert earlier.delays == run.delays
            passed = run.passed(AFTERNOON)
            if run.passed(AFTERNOON + tick) == passed:
                assert run.predicted(passed) == earlier.predicted(passed)


def test_a_delay_by_fault_is_exact_from_the_stop_on(realtime: Realtime, book: FaultBook) -> None:
    waiting = next(r for r in realtime.list_progress(AFTERNOON) if r.start > AFTERNOON + 600 and not r.cancelled)
    place = f"NSR:StopPlace:{waiting.trip.pattern.quays[3].place}"
    book.add({"kind": "delay", "trip_id": waiting.trip.id, "stop": place, "delay_s": 600}, now=AFTERNOON)
    run = next(r for r in realtime.list_progress(AFTERNOON) if r.trip.id == waiting.trip.id)
    told = run.predicted(0)
    assert set(told[3:]) == {600}
    assert max(told[:3]) < 600


def test_a_fault_leaves_the_past_of_a_running_trip_alone(realtime: Realtime, book: FaultBook) -> None:
    running = next(r for r in realtime.list_progress(AFTERNOON) if 3 < r.passed(AFTERNOON) < len(r.delays) - 3)
    passed = running.passed(AFTERNOON)
    book.add({"kind": "delay", "trip_id": running.trip.id, "delay_s": 480}, now=AFTERNOON)
    run = next(r for r in realtime.list_progress(AFTERNOON) if r.trip.id == running.trip.id)
    assert run.delays[:passed] == running.delays[:passed]
    assert set(run.delays[passed:]) == {480}


def test_vehicles_move_along_their_line(realtime: Realtime) -> None:
    def places(now: int) -> dict[str, pb.VehiclePosition]:
        message = pb.FeedMessage.FromString(realtime.vehicle_positions(now, timestamp=now))
        return {entity.id: entity.vehicle for entity in message.entity}

    first, later = places(AFTERNOON), places(AFTERNOON + 10)
    assert len(first) > 100
    moved = 0
    for name, vehicle in first.items():
        assert 0 <= vehicle.position.bearing < 360
        assert vehicle.HasField("occupancy_status")
        assert vehicle.stop_id.startswith("NSR:Quay:")
        if name in later:
            then = later[name].position
            metres = distance_m(vehicle.position.latitude, vehicle.position.longitude, then.latitude, then.longitude)
            assert metres < 600
            moved += metres > 20
    assert moved > 50


def test_alerts_speak_norwegian_twice_and_english_and_name_what_exists(
    realtime: Realtime, schedule: Schedule, region: AuthoredRegion
) -> None:
    message = pb.FeedMessage.FromString(realtime.alerts(AFTERNOON, timestamp=AFTERNOON))
    routes = {line.id for line in region.lines}
    stops = {place.id for place in region.places.values()}
    assert message.entity
    for entity in message.entity:
        assert {text.language for text in entity.alert.header_text.translation} == {"nb", "nn", "en"}
        for informed in entity.alert.informed_entity:
            assert informed.route_id in routes or informed.stop_id in stops


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_when_clocks_change_trips_still_start_at_their_times_on_the_wall(
    realtime: Realtime, schedule: Schedule, day: date
) -> None:
    noon = at(f"{day}T12:00:00")
    run = next(r for r in realtime.list_progress(noon) if not r.added and r.day == day)
    assert run.start == at(f"{day}T00:00:00") + run.trip.start_s + (
        at(f"{day}T12:00:00") - at(f"{day}T00:00:00") - 43200
    )


def test_a_tick_is_cheap_because_only_what_changed_is_encoded(realtime: Realtime) -> None:
    realtime.trip_updates(AFTERNOON, timestamp=AFTERNOON)
    kept = dict(realtime._encoded)
    realtime.trip_updates(AFTERNOON + 5, timestamp=AFTERNOON + 5)
    same = sum(realtime._encoded.get(key) is value for key, value in kept.items())
    assert same > 0.9 * len(kept)
