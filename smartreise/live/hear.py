"""The newest message of each feed with what follows from it, worked out once per message and timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smartreise.live.alerts import resolve_alerts
from smartreise.live.match import match
from smartreise.live.resolve import FeedChanges, Resolved, combine, resolve_message
from smartreise.live.snapshot import AlertInEffect, VehicleOnTrip
from smartreise.model.realtime import RealtimeMessage, TripDescriptor, VehiclePosition
from smartreise.timetable.arrays import Timetable


@dataclass(frozen=True, slots=True, eq=False)
class HeardFeed:
    """One feed's newest message, resolved."""

    message: RealtimeMessage
    changes: FeedChanges
    alerts: tuple[AlertInEffect, ...]
    vehicles: tuple[VehicleOnTrip, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """All feeds, and what their trip updates come to."""

    feeds: Mapping[str, HeardFeed]
    #: by feed: what it says of calls planned to leave later is too old to count
    until: Mapping[str, int]
    resolved: Resolved


def hear(
    timetable: Timetable,
    messages: Sequence[RealtimeMessage],
    until: Mapping[str, int],
    *,
    now: int,
    last: Heard | None,
) -> Heard:
    """What the messages say; ``last`` is what was heard before of the same timetable, itself where nothing differs."""
    held = last.feeds if last is not None else {}
    feeds = {
        message.feed_id: held[message.feed_id]
        if message.feed_id in held and held[message.feed_id].message is message
        else _hear(timetable, message, now)
        for message in messages
    }
    if last is not None and last.until == until and [*last.feeds.values()] == [*feeds.values()]:
        return last
    resolved = combine({feed: heard.changes for feed, heard in feeds.items()}, until)
    if last is not None and resolved.is_same(last.resolved):  # so that whoever compares may compare by identity
        resolved = replace(resolved, changes=last.resolved.changes, new_trips=last.resolved.new_trips)
    return Heard(feeds, until, resolved)


def _hear(timetable: Timetable, message: RealtimeMessage, now: int) -> HeardFeed:
    return HeardFeed(
        message,
        resolve_message(timetable, message, now=now),
        resolve_alerts(timetable, [message]),
        tuple(_join(timetable, message, vehicle, now) for vehicle in message.vehicles),
    )


def _join(timetable: Timetable, message: RealtimeMessage, position: VehiclePosition, now: int) -> VehicleOnTrip:
    """A vehicle with the dated trip it runs on, where the feed says one that we find."""
    trip = position.trip
    if position.timestamp is None:  # a position is no newer than its message
        position = replace(position, timestamp=message.timestamp)
    if message.prefix and position.stop_id is not None:
        position = replace(position, stop_id=message.prefix + position.stop_id)
    if trip is None:
        return VehicleOnTrip(position, None, None, -1)
    about = position.timestamp or message.timestamp or now
    found = match(timetable, trip, prefix=message.prefix, about=about)
    if isinstance(found, str):
        return VehicleOnTrip(position, _new_trip_id(trip, message), None, _route(timetable, trip, message.prefix))
    route = int(timetable.trip_route[found.trip])
    return VehicleOnTrip(position, timetable.trip_id[found.trip], found.day, route, found.start_s)


def _new_trip_id(trip: TripDescriptor, message: RealtimeMessage) -> str | None:
    return None if trip.trip_id is None else message.prefix + trip.trip_id


def _route(timetable: Timetable, trip: TripDescriptor, prefix: str) -> int:
    return timetable.route_index.get(prefix + (trip.route_id or ""), -1)
