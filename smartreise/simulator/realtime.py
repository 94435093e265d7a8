"""GTFS-realtime of the simulated region: trip updates, vehicle positions and alerts at an instant.

A whole message is the concatenation of its parts in protobuf, so an entity is encoded once and kept until its trip
passes its next call or a fault changes: a tick costs the new entities alone, not all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from google.transit import gtfs_realtime_pb2 as pb

from smartreise.model.service_day import local_date, service_day_origin
from smartreise.simulator.faults import FaultBook
from smartreise.simulator.progress import Progress, simulate
from smartreise.simulator.region import AlertText, AuthoredRegion
from smartreise.simulator.schedule import Schedule, Trip, day_types
from smartreise.simulator.vehicles import locate

#: trips are told of so long before they start, and so long after they ended
_AHEAD_S = 3600
_AFTER_S = 120
#: an extra bus this often, from a line with a short series of runs
_EXTRA_EVERY_S = 1800
_EXTRA_LINE = "31"


class Realtime:
    """Answers are bytes of FeedMessage. Not thread-safe: one caller at a time."""

    def __init__(self, region: AuthoredRegion, schedule: Schedule, faults: FaultBook, *, seed: int) -> None:
        self._region = region
        self._schedule = schedule
        self._faults = faults
        self._seed = seed
        self._zone = ZoneInfo(region.timezone)
        self._platforms = _busy_platforms(region)
        short = [p for p in schedule.patterns if p.line.name == _EXTRA_LINE and p.direction == 0]
        self._extra_pattern = min(short, key=lambda p: len(p.quays)) if short else None
        self._progress: dict[tuple[str, date], Progress] = {}
        self._encoded: dict[tuple[str, date], tuple[int, bytes]] = {}
        self._revision = -1

    def trip_updates(self, now: int, *, timestamp: int) -> bytes:
        """A FeedMessage with every trip under way or starting within the hour, at epoch second `now`."""
        parts = [_header(timestamp)]
        encoded: dict[tuple[str, date], tuple[int, bytes]] = {}
        for progress in self.list_progress(now):
            key = (progress.trip.id, progress.day)
            passed = progress.passed(now)
            told = -1 if progress.cancelled and now >= progress.cancelled_from else passed
            kept = self._encoded.get(key)
            if kept is None or kept[0] != told:
                kept = (told, _entity(_trip_update(progress, told)))
            encoded[key] = kept
            parts.append(kept[1])
        self._encoded = encoded
        return b"".join(parts)

    def vehicle_positions(self, now: int, *, timestamp: int) -> bytes:
        """A FeedMessage with the position of every vehicle on its way."""
        parts = [_header(timestamp)]
        for progress in self.list_progress(now):
            place = None if progress.cancelled else locate(progress, now, seed=self._seed)
            if place is None:
                continue
            entity = pb.FeedEntity(id=f"vp-{progress.trip.id}-{progress.day:%Y%m%d}")
            vehicle = entity.vehicle
            _describe(vehicle.trip, progress)
            vehicle.vehicle.id, vehicle.vehicle.label = place.vehicle_id, place.label
            vehicle.position.latitude, vehicle.position.longitude = place.lat, place.lon
            vehicle.position.bearing, vehicle.position.speed = place.bearing, place.speed_mps
            vehicle.current_stop_sequence = place.call + 1
            vehicle.stop_id = progress.trip.pattern.quays[place.call].id
            vehicle.current_status = getattr(pb.VehiclePosition, place.status)
            vehicle.occupancy_status = getattr(pb.VehiclePosition, place.occupancy)
            vehicle.timestamp = now
            parts.append(_entity(entity))
        return b"".join(parts)

    def alerts(self, now: int, *, timestamp: int) -> bytes:
        """A FeedMessage with the alerts of this day, each with the period in which it is in effect."""
        day = local_date(now, self._zone)
        types = set(day_types(day))
        parts = [_header(timestamp)]
        line_ids = {line.name: line.id for line in self._region.lines}
        for alert in self._region.alerts:
            if not alert.days or types.intersection(alert.days):
                parts.append(_entity(_alert(alert, line_ids, service_day_origin(day, self._zone))))
        return b"".join(parts)

    def list_progress(self, now: int) -> list[Progress]:
        """Every trip that real time tells of at `now`, in order of planned start."""
        if self._revision != self._faults.revision:
            self._revision = self._faults.revision
            self._progress, self._encoded = {}, {}
        today = local_date(now, self._zone)
        kept: dict[tuple[str, date], Progress] = {}
        for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
            origin = service_day_origin(day, self._zone)
            # a late trip is still told of: look back an hour beyond its planned end
            running = self._schedule.list_running(day, now - 3600 - origin, now + _AHEAD_S - origin)
            for trip, added in [(trip, False) for trip in running] + [(t, True) for t in self._extras(day, now)]:
                progress = self._progress.get((trip.id, day)) or self._simulate(trip, day, origin, added)
                kept[trip.id, day] = progress
        self._progress = kept
        return sorted(
            (progress for progress in kept.values() if progress.end + _AFTER_S > now),
            key=lambda progress: (progress.start, progress.trip.id),
        )

    def _simulate(self, trip: Trip, day: date, origin: int, added: bool) -> Progress:
        faults = self._faults.list_of("delay", "cancel", "skip_stop", "platform")
        return simulate(
            trip, day, origin=origin, seed=self._seed, faults=faults, platforms=self._platforms, added=added
        )

    def _extras(self, day: date, now: int) -> Iterator[Trip]:
        """Extra runs between 05:30 and 24:30 of service day `day` that are not in the timetable."""
        if self._extra_pattern is None:
            return
        origin = service_day_origin(day, self._zone)
        line = self._extra_pattern.line
        for start in range(5 * 3600 + 1800 + 240, 24 * 3600 + 1800, _EXTRA_EVERY_S):
            if origin + start - _AHEAD_S <= now <= origin + start + self._extra_pattern.duration_s + 3600:
                name = f"{line.name}-extra-{start // 3600:02d}{start % 3600 // 60:02d}"
                yield Trip(f"RUT:ServiceJourney:{name}-{day:%Y%m%d}", self._extra_pattern, start, day_types(day))


def _busy_platforms(region: AuthoredRegion) -> dict[int, tuple[str, ...]]:
    """Stop places of trains with at least three platforms, and their quay ids."""
    trains = {call.place for line in region.lines if 100 <= line.type < 200 for call in line.calls}
    quays: dict[int, list[str]] = {}
    for quay in region.quays.values():
        quays.setdefault(quay.place, []).append(quay.id)
    return {place: tuple(sorted(ids)) for place, ids in quays.items() if place in trains and len(ids) >= 3}


def _header(timestamp: int) -> bytes:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.incrementality = pb.FeedHeader.FULL_DATASET
    message.header.timestamp = timestamp
    return bytes(message.SerializePartialToString())


def _entity(entity: pb.FeedEntity) -> bytes:
    message = pb.FeedMessage()
    message.entity.append(entity)
    return bytes(message.SerializePartialToString())


def _describe(trip: pb.TripDescriptor, progress: Progress) -> None:
    trip.trip_id = progress.trip.id
    trip.route_id = progress.trip.pattern.line.id
    trip.direction_id = progress.trip.pattern.direction
    trip.start_date = f"{progress.day:%Y%m%d}"
    if progress.added:
        trip.schedule_relationship = pb.TripDescriptor.ADDED


def _trip_update(progress: Progress, passed: int) -> pb.FeedEntity:
    """The entity when `passed` calls lie behind, −1 for a cancellation."""
    entity = pb.FeedEntity(id=f"tu-{progress.trip.id}-{progress.day:%Y%m%d}")
    _describe(entity.trip_update.trip, progress)
    if passed < 0:
        entity.trip_update.trip.schedule_relationship = pb.TripDescriptor.CANCELED
        return entity
    pattern = progress.trip.pattern
    # trains tell times, the others delays: both are allowed and both are met in the wild
    by_time = progress.added or 100 <= pattern.line.type < 200
    delays = progress.predicted(passed)
    for k in range(max(passed - 1, 0), len(delays)):
        update = entity.trip_update.stop_time_update.add()
        update.stop_sequence = k + 1
        update.stop_id = pattern.quays[k].id
        if k in progress.moved:
            update.stop_time_properties.assigned_stop_id = progress.moved[k]
        if k in progress.skipped:
            update.schedule_relationship = pb.TripUpdate.StopTimeUpdate.SKIPPED
            continue
        if by_time:
            update.arrival.time = progress.start + pattern.arrive[k] + delays[k]
            update.departure.time = progress.start + pattern.depart[k] + delays[k]
        else:
            update.arrival.delay = delays[k]
            update.departure.delay = delays[k]
    return entity


def _alert(alert: AlertText, line_ids: dict[str, str], origin: int) -> pb.FeedEntity:
    entity = pb.FeedEntity(id=alert.id)
    out = entity.alert
    if alert.hours is not None:
        period = out.active_period.add()
        period.start, period.end = origin + alert.hours[0], origin + alert.hours[1]
    for line in alert.lines:
        out.informed_entity.add().route_id = line_ids[line]
    for stop in alert.stops:
        out.informed_entity.add().stop_id = f"NSR:StopPlace:{stop}"
    out.cause = getattr(pb.Alert, alert.cause)
    out.effect = getattr(pb.Alert, alert.effect)
    out.severity_level = getattr(pb.Alert, alert.severity)
    for texts, target in ((alert.header, out.header_text), (alert.description, out.description_text)):
        for language, text in texts.items():
            target.translation.add(text=text, language=language)
    return entity


def list_trips(
    progress: Sequence[Progress], *, now: int, zone: ZoneInfo, stop: str | None, line: str | None
) -> list[dict[str, object]]:
    """What GET /trips tells: running and soon-starting trips with the calls that are still ahead."""
    out: list[dict[str, object]] = []
    for run in progress:
        pattern = run.trip.pattern
        passed = run.passed(now)
        told = run.predicted(passed)
        calls = [
            {
                "stop_id": quay.id,
                "station": f"NSR:StopPlace:{quay.place}",
                "stop_sequence": k + 1,
                "scheduled": _iso(run.start + pattern.depart[k], zone),
                "expected": _iso(run.start + pattern.depart[k] + told[k], zone),
                "skipped": k in run.skipped,
            }
            for k, quay in enumerate(pattern.quays)
            if k >= passed and (stop is None or stop in (quay.id, f"NSR:StopPlace:{quay.place}"))
        ]
        if not calls or (line is not None and line not in (pattern.line.name, pattern.line.id)):
            continue
        out.append(
            {
                "trip_id": run.trip.id,
                "service_date": run.day.isoformat(),
                "line": pattern.line.name,
                "headsign": pattern.headsign,
                "cancelled": run.cancelled,
                "added": run.added,
                "started": run.start <= now,
                "calls": calls,
            }
        )
    return out


def _iso(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
