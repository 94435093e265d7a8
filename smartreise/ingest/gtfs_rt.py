"""GTFS-realtime bytes to records. Pure: it knows nothing of what was there before.

Whether a message may replace the last one (older, empty) is the poller's business. One bad entity is
skipped and counted; only a body that is no message at all is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as pb

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
TRANSLATED: Final = {"no": "nb", "nob": "nb", "nno": "nn", "nor": "nb", "eng": "en"}

_trip_relationship: Any = pb.TripDescriptor.ScheduleRelationship
_stop_relationship: Any = pb.TripUpdate.StopTimeUpdate.ScheduleRelationship
_occupancy: Any = pb.VehiclePosition.OccupancyStatus
_stop_status: Any = pb.VehiclePosition.VehicleStopStatus


class _SkipError(Exception):
    """This entity is left out, for a reason."""


def parse_message(data: bytes, *, feed_id: str, now: int, prefix: str = "") -> RealtimeMessage:
    """One whole message. Raises `DatasetRefused` with a reason for people; ``now`` in epoch seconds."""
    if not data:
        raise DatasetRefused("the message is empty")
    if data.lstrip()[:1] in (b"<", b"{", b"["):
        raise DatasetRefused("the body is text (HTML or JSON), not a GTFS-realtime message")
    message: Any = pb.FeedMessage()
    try:
        message.ParseFromString(data)
    except DecodeError:
        raise DatasetRefused("the body is no GTFS-realtime message, or cut short") from None
    if not message.HasField("header") or not message.header.gtfs_realtime_version:
        raise DatasetRefused("the message has no header")
    if message.header.incrementality == pb.FeedHeader.DIFFERENTIAL:
        raise DatasetRefused("differential messages are not supported: a feed must send whole ones")
    timestamp = int(message.header.timestamp) or None
    if timestamp is not None and timestamp > now + FUTURE_S:
        raise DatasetRefused(f"the message is {(timestamp - now) // 60} minutes in the future")
    return replace(_collect(message.entity, feed_id, timestamp, timestamp or now), prefix=prefix)


def _collect(entities: Any, feed_id: str, timestamp: int | None, about: int) -> RealtimeMessage:
    updates: dict[str, TripUpdate] = {}
    vehicles: dict[str, VehiclePosition] = {}
    alerts: dict[str, Alert] = {}
    skipped: dict[str, int] = {}
    for entity in entities:
        if entity.is_deleted:
            continue
        try:
            if entity.HasField("trip_update"):
                _put(updates, entity.id, _trip_update(entity, about), skipped)
            if entity.HasField("vehicle"):
                _put(vehicles, entity.id, _vehicle(entity), skipped)
            if entity.HasField("alert"):
                _put(alerts, entity.id, _alert(entity), skipped)
        except _SkipError as reason:
            skipped[str(reason)] = skipped.get(str(reason), 0) + 1
    return RealtimeMessage(
        feed_id=feed_id,
        timestamp=timestamp,
        trip_updates=tuple(updates.values()),
        vehicles=tuple(vehicles.values()),
        alerts=tuple(alerts.values()),
        skipped=skipped,
    )


def _put(found: dict[str, Any], key: str, value: Any, skipped: dict[str, int]) -> None:
    if key in found:
        skipped["duplicate_entity_id"] = skipped.get("duplicate_entity_id", 0) + 1
        return
    found[key] = value


def _descriptor(trip: Any) -> TripDescriptor:
    return TripDescriptor(
        trip_id=trip.trip_id or None,
        route_id=trip.route_id or None,
        direction_id=trip.direction_id if trip.HasField("direction_id") else None,
        start_date=trip.start_date or None,
        start_time=trip.start_time or None,
        relationship=_name(_trip_relationship, trip.schedule_relationship, "SCHEDULED"),
    )


def _name(enumeration: Any, value: int, otherwise: str) -> str:
    return str(enumeration.Name(value)) if value in enumeration.values() else otherwise


def _trip_update(entity: Any, about: int) -> TripUpdate:
    update = entity.trip_update
    if not update.HasField("trip") or not (update.trip.trip_id or update.trip.route_id):
        raise _SkipError("trip_update_without_trip")
    properties = update.trip_properties
    return TripUpdate(
        entity_id=entity.id,
        trip=_descriptor(update.trip),
        stops=tuple(_stop_update(stop, about) for stop in update.stop_time_update),
        timestamp=update.timestamp or None,
        vehicle_id=update.vehicle.id or None,
        delay_s=update.delay if update.HasField("delay") else None,
        new_trip_id=properties.trip_id or None,
        new_start_date=properties.start_date or None,
        new_start_time=properties.start_time or None,
        headsign=properties.trip_headsign or None,
    )


def _stop_update(stop: Any, about: int) -> StopTimeUpdate:
    occupancy = stop.departure_occupancy_status if stop.HasField("departure_occupancy_status") else None
    return StopTimeUpdate(
        sequence=stop.stop_sequence if stop.HasField("stop_sequence") else None,
        stop_id=stop.stop_id or None,
        arrival=_event(stop.arrival, about) if stop.HasField("arrival") else None,
        departure=_event(stop.departure, about) if stop.HasField("departure") else None,
        relationship=_name(_stop_relationship, stop.schedule_relationship, "SCHEDULED"),
        assigned_stop_id=stop.stop_time_properties.assigned_stop_id or None,
        occupancy=None if occupancy is None else _name(_occupancy, occupancy, "") or None,
    )


def _event(event: Any, about: int) -> TimeEvent | None:
    time = int(event.time) if event.HasField("time") and event.time > 0 else None
    delay = int(event.delay) if event.HasField("delay") else None
    absurd = (time is not None and abs(time - about) > ABSURD_S) or (delay is not None and abs(delay) > ABSURD_S)
    if absurd:
        raise _SkipError("absurd_time")
    return None if time is None and delay is None else TimeEvent(delay, time)


def _vehicle(entity: Any) -> VehiclePosition:
    vehicle = entity.vehicle
    if not vehicle.HasField("position"):
        raise _SkipError("vehicle_without_position")
    lat, lon = vehicle.position.latitude, vehicle.position.longitude
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
        raise _SkipError("vehicle_with_absurd_position")
    position = vehicle.position
    return VehiclePosition(
        entity_id=entity.id,
        trip=_descriptor(vehicle.trip) if vehicle.HasField("trip") else None,
        vehicle_id=vehicle.vehicle.id or None,
        label=vehicle.vehicle.label or None,
        lat=round(lat, 6),
        lon=round(lon, 6),
        bearing=position.bearing if position.HasField("bearing") else None,
        speed_mps=position.speed if position.HasField("speed") else None,
        stop_sequence=vehicle.current_stop_sequence if vehicle.HasField("current_stop_sequence") else None,
        stop_id=vehicle.stop_id or None,
        stop_status=_name(_stop_status, vehicle.current_status, "IN_TRANSIT_TO"),
        occupancy=_name(_occupancy, vehicle.occupancy_status, "") or None
        if vehicle.HasField("occupancy_status")
        else None,
        timestamp=vehicle.timestamp or None,
    )


def _alert(entity: Any) -> Alert:
    alert = entity.alert
    return Alert(
        id=entity.id,
        cause=pb.Alert.Cause.Name(alert.cause) if alert.HasField("cause") else None,
        effect=pb.Alert.Effect.Name(alert.effect) if alert.HasField("effect") else None,
        severity=pb.Alert.SeverityLevel.Name(alert.severity_level) if alert.HasField("severity_level") else None,
        header=_texts(alert.header_text),
        description=_texts(alert.description_text),
        url=_texts(alert.url),
        periods=tuple((period.start or None, period.end or None) for period in alert.active_period),
        informed=tuple(_informed(selector) for selector in alert.informed_entity),
    )


def _texts(translated: Any) -> dict[str, str]:
    texts: dict[str, str] = {}
    for entry in translated.translation:
        language = entry.language.split("-")[0].lower()
        texts.setdefault(TRANSLATED.get(language, language), entry.text)
    return texts


def _informed(selector: Any) -> Informed:
    return Informed(
        agency_id=selector.agency_id or None,
        route_id=selector.route_id or None,
        route_type=selector.route_type if selector.HasField("route_type") else None,
        direction_id=selector.direction_id if selector.HasField("direction_id") else None,
        stop_id=selector.stop_id or None,
        trip=_descriptor(selector.trip) if selector.HasField("trip") else None,
    )
