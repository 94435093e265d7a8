"""GTFS-realtime bytes to records. Pure: it knows nothing of what was there before.

Ordinary trip updates are read by the scanner (`gtfs_rt_scan`) and become records only when somebody asks for one; all
else is protobuf's, and so is any message or entity that the scanner finds odd. Both say the same of any bytes.

Whether a message may replace the last one (older, empty) is the poller's business. One bad entity is
skipped and counted; only a body that is no message at all is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.ingest.gtfs_rt_scan import ABSURD, FAST, GONE, NO_TRIP, find_frame, scan
from smartreise.live.updates import Scanned
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import (
    Alert,
    Informed,
    RealtimeMessage,
    StopTimeUpdate,
    TimeEvent,
    TripDescriptor,
    TripUpdate,
    VehiclePosition,
)

#: a header this far ahead of our clock is an error of theirs, not a skew
FUTURE_S: Final = 3600
#: stated times farther than this from the message are absurd (epoch 0, year 3000)
ABSURD_S: Final = 10 * 86_400
#: the end of the year 9998
LAST_S: Final = 253_370_764_799
TRANSLATED: Final = {"no": "nb", "nob": "nb", "nno": "nn", "nor": "nb", "eng": "en"}

_trip_relationship: Any = pb.TripDescriptor.ScheduleRelationship
_stop_relationship: Any = pb.TripUpdate.StopTimeUpdate.ScheduleRelationship
_occupancy: Any = pb.VehiclePosition.OccupancyStatus
_stop_status: Any = pb.VehiclePosition.VehicleStopStatus


class _SkipError(Exception):
    """This entity is left out, for a reason."""


@dataclass(slots=True)
class _Found:
    """What a message holds, as it is gathered, by entity id."""

    about: int
    updates: dict[str | bytes, TripUpdate] = field(default_factory=dict)
    vehicles: dict[str | bytes, VehiclePosition] = field(default_factory=dict)
    alerts: dict[str | bytes, Alert] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)

    def skip(self, reason: str) -> None:
        """Count something that is left out."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


def parse_message(data: bytes, *, feed_id: str, now: int, prefix: str = "") -> RealtimeMessage:
    """One whole message. Raises `DatasetRefused` with a reason for people; ``now`` in epoch seconds."""
    if not data:
        raise DatasetRefused("the message is empty")
    if data.lstrip()[:1] in (b"<", b"{", b"["):
        raise DatasetRefused("the body is text (HTML or JSON), not a GTFS-realtime message")
    try:
        return _parse_by_scan(data, feed_id, now, prefix) or _parse_whole(data, feed_id, now, prefix)
    except DecodeError:
        raise DatasetRefused("the body is no GTFS-realtime message, or cut short") from None


def _parse_by_scan(data: bytes, feed_id: str, now: int, prefix: str) -> RealtimeMessage | None:
    """A message whose ordinary trip updates the scanner reads; None where it takes protobuf as a whole."""
    frame = find_frame(data)
    if frame is None:
        return None
    header: Any = pb.FeedHeader.FromString(frame.header)
    timestamp = int(header.timestamp) or None
    if (timestamp or 0) > now + FUTURE_S:
        return None  # refused, but first it must be a message
    scanned = scan(frame, about=timestamp or now, absurd_s=ABSURD_S)
    if scanned is None:
        return None
    found, order = _Found(timestamp or now), np.zeros(len(scanned.state), np.bool_)
    odd: dict[int, TripUpdate] = {}
    order[scanned.updates.order] = True
    for number in np.flatnonzero(scanned.state != FAST).tolist():
        state = scanned.state[number]
        if state in (NO_TRIP, ABSURD):
            found.skip("trip_update_without_trip" if state == NO_TRIP else "absurd_time")
        elif state != GONE:
            _take(found, pb.FeedEntity.FromString(frame.entity(number)))
            if found.updates:
                odd[number] = found.updates.popitem()[1]
                order[number] = True
    _judge_header(header, now)
    place = np.cumsum(order, dtype=np.int32) - 1
    updates = scanned.updates._replace(order=place[scanned.updates.order])
    return RealtimeMessage(
        feed_id=feed_id,
        timestamp=timestamp,
        trip_updates=Scanned(updates, {int(place[n]): update for n, update in odd.items()}, _reparse),
        vehicles=tuple(found.vehicles.values()),
        alerts=tuple(found.alerts.values()),
        prefix=prefix,
        skipped=found.skipped,
    )


def _reparse(entity: bytes) -> TripUpdate:
    """A trip update that the scanner found ordinary: no stated time is absurd."""
    return _trip_update(pb.FeedEntity.FromString(entity), None)


def _parse_whole(data: bytes, feed_id: str, now: int, prefix: str) -> RealtimeMessage:
    message: Any = pb.FeedMessage.FromString(data)
    if not message.HasField("header"):
        raise DatasetRefused("the message has no header")
    _judge_header(message.header, now)
    timestamp = int(message.header.timestamp) or None
    found = _Found(timestamp or now)
    for entity in message.entity:
        _take(found, entity)
    return RealtimeMessage(
        feed_id=feed_id,
        timestamp=timestamp,
        trip_updates=tuple(found.updates.values()),
        vehicles=tuple(found.vehicles.values()),
        alerts=tuple(found.alerts.values()),
        prefix=prefix,
        skipped=found.skipped,
    )


def _judge_header(header: Any, now: int) -> None:
    if not header.gtfs_realtime_version:
        raise DatasetRefused("the message has no header")
    if header.incrementality == pb.FeedHeader.DIFFERENTIAL:
        raise DatasetRefused("differential messages are not supported: a feed must send whole ones")
    timestamp = int(header.timestamp)
    if timestamp > now + FUTURE_S:
        raise DatasetRefused(f"the message is {(timestamp - now) // 60} minutes in the future")


def _take(found: _Found, entity: Any) -> None:
    """File what an entity holds, or count why it is left out."""
    if entity.is_deleted:
        return
    try:
        if entity.HasField("trip_update"):
            _put(found, found.updates, entity.id, _trip_update(entity, found.about))
        if entity.HasField("vehicle"):
            _put(found, found.vehicles, entity.id, _vehicle(entity))
        if entity.HasField("alert"):
            _put(found, found.alerts, entity.id, _alert(entity))
    except _SkipError as reason:
        found.skip(str(reason))


def _put(found: _Found, into: dict[str | bytes, Any], key: str | bytes, value: Any) -> None:
    if key in into:
        found.skip("duplicate_entity_id")
        return
    into[key] = value


def _text(value: str | bytes) -> str | None:
    """A text field, None if it is empty. Protobuf hands out as bytes what is no UTF-8."""
    return (value if isinstance(value, str) else value.decode("utf-8", "replace")) or None


def _descriptor(trip: Any) -> TripDescriptor:
    return TripDescriptor(
        trip_id=_text(trip.trip_id),
        route_id=_text(trip.route_id),
        direction_id=trip.direction_id if trip.HasField("direction_id") else None,
        start_date=_text(trip.start_date),
        start_time=_text(trip.start_time),
        relationship=_name(_trip_relationship, trip.schedule_relationship, "SCHEDULED"),
    )


def _name(enumeration: Any, value: int, otherwise: str) -> str:
    return str(enumeration.Name(value)) if value in enumeration.values() else otherwise


def _trip_update(entity: Any, about: int | None) -> TripUpdate:
    update = entity.trip_update
    if not update.HasField("trip") or not (update.trip.trip_id or update.trip.route_id):
        raise _SkipError("trip_update_without_trip")
    properties = update.trip_properties
    return TripUpdate(
        entity_id=_text(entity.id) or "",
        trip=_descriptor(update.trip),
        stops=tuple(_stop_update(stop, about) for stop in update.stop_time_update),
        timestamp=update.timestamp or None,
        vehicle_id=_text(update.vehicle.id),
        delay_s=update.delay if update.HasField("delay") else None,
        new_trip_id=_text(properties.trip_id),
        new_start_date=_text(properties.start_date),
        new_start_time=_text(properties.start_time),
        headsign=_text(properties.trip_headsign),
    )


def _stop_update(stop: Any, about: int | None) -> StopTimeUpdate:
    occupancy = stop.departure_occupancy_status if stop.HasField("departure_occupancy_status") else None
    return StopTimeUpdate(
        sequence=stop.stop_sequence if stop.HasField("stop_sequence") else None,
        stop_id=_text(stop.stop_id),
        arrival=_event(stop.arrival, about) if stop.HasField("arrival") else None,
        departure=_event(stop.departure, about) if stop.HasField("departure") else None,
        relationship=_name(_stop_relationship, stop.schedule_relationship, "SCHEDULED"),
        assigned_stop_id=_text(stop.stop_time_properties.assigned_stop_id),
        occupancy=None if occupancy is None else _name(_occupancy, occupancy, "") or None,
    )


def _event(event: Any, about: int | None) -> TimeEvent | None:
    time = int(event.time) if event.HasField("time") and event.time > 0 else None
    delay = int(event.delay) if event.HasField("delay") else None
    far = time is not None and about is not None and abs(time - about) > ABSURD_S
    if far or (delay is not None and abs(delay) > ABSURD_S):
        raise _SkipError("absurd_time")
    planned = int(event.scheduled_time) if event.HasField("scheduled_time") and event.scheduled_time > 0 else None
    if planned is not None and about is not None and abs(planned - about) > ABSURD_S:
        raise _SkipError("absurd_time")
    return None if time is None and delay is None and planned is None else TimeEvent(delay, time, planned)


def _vehicle(entity: Any) -> VehiclePosition:
    vehicle = entity.vehicle
    if not vehicle.HasField("position"):
        raise _SkipError("vehicle_without_position")
    lat, lon = vehicle.position.latitude, vehicle.position.longitude
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        raise _SkipError("vehicle_with_absurd_position")
    position = vehicle.position
    return VehiclePosition(
        entity_id=_text(entity.id) or "",
        trip=_descriptor(vehicle.trip) if vehicle.HasField("trip") else None,
        vehicle_id=_text(vehicle.vehicle.id),
        label=_text(vehicle.vehicle.label),
        lat=round(lat, 6),
        lon=round(lon, 6),
        bearing=position.bearing if position.HasField("bearing") else None,
        speed_mps=position.speed if position.HasField("speed") else None,
        stop_sequence=vehicle.current_stop_sequence if vehicle.HasField("current_stop_sequence") else None,
        stop_id=_text(vehicle.stop_id),
        stop_status=_name(_stop_status, vehicle.current_status, "IN_TRANSIT_TO"),
        occupancy=_name(_occupancy, vehicle.occupancy_status, "") or None
        if vehicle.HasField("occupancy_status")
        else None,
        timestamp=int(vehicle.timestamp) if 0 < vehicle.timestamp <= LAST_S else None,
    )


def _alert(entity: Any) -> Alert:
    alert = entity.alert
    return Alert(
        id=_text(entity.id) or "",
        cause=pb.Alert.Cause.Name(alert.cause) if alert.HasField("cause") else None,
        effect=pb.Alert.Effect.Name(alert.effect) if alert.HasField("effect") else None,
        severity=pb.Alert.SeverityLevel.Name(alert.severity_level) if alert.HasField("severity_level") else None,
        header=_texts(alert.header_text),
        description=_texts(alert.description_text),
        url=_texts(alert.url),
        periods=tuple((_instant(period.start), _instant(period.end)) for period in alert.active_period),
        informed=tuple(_informed(selector) for selector in alert.informed_entity),
    )


def _instant(at: int) -> int | None:
    """An end of a period: none where it is 0, and no later than calendars go (some feeds say "for ever" so)."""
    return min(int(at), LAST_S) or None


def _texts(translated: Any) -> dict[str, str]:
    texts: dict[str, str] = {}
    for entry in translated.translation:
        language = (_text(entry.language) or "").split("-")[0].lower()
        texts.setdefault(TRANSLATED.get(language, language), _text(entry.text) or "")
    return texts


def _informed(selector: Any) -> Informed:
    return Informed(
        agency_id=_text(selector.agency_id),
        route_id=_text(selector.route_id),
        route_type=selector.route_type if selector.HasField("route_type") else None,
        direction_id=selector.direction_id if selector.HasField("direction_id") else None,
        stop_id=_text(selector.stop_id),
        trip=_descriptor(selector.trip) if selector.HasField("trip") else None,
    )
