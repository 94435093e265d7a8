"""Puts a snapshot together from what is held, reusing from the last one whatever did not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from smartreise.live.alerts import resolve_alerts
from smartreise.live.layouts import LiveLayouts, Schedules
from smartreise.live.match import match
from smartreise.live.resolve import Resolved, resolve
from smartreise.live.snapshot import ASPECTS, Aspect, Snapshot, VehicleOnTrip
from smartreise.model.feeds import FeedHealth, feed_state, state_since
from smartreise.model.mobility import MobilitySystem
from smartreise.model.realtime import RealtimeMessage, TripDescriptor, VehiclePosition
from smartreise.model.region import Display, Notice, Office, Region
from smartreise.model.street import Streets
from smartreise.timetable.arrays import Timetable

Messages = Mapping[str, RealtimeMessage]


def assemble(
    *,
    region: Region,
    timetable: Timetable,
    messages: Messages,
    mobility: Sequence[MobilitySystem],
    offices: Sequence[Office],
    feeds: Sequence[FeedHealth],
    revision: int,
    now: int,
    previous: Snapshot | None = None,
    displays: Sequence[Display] = (),
    notices: Sequence[Notice] = (),
    streets: Streets | None = None,
) -> Snapshot:
    """The snapshot of the newest ``messages`` by feed id; today's layout is made, others wait until asked for."""
    zone = ZoneInfo(region.timezone)
    held = sorted(messages.values(), key=lambda message: message.feed_id)
    same_timetable = previous is not None and previous.timetable.version == timetable.version
    layouts = _layouts(timetable, held, zone, now, previous if same_timetable else None)
    layouts.at(now)
    carriers = _carriers(held, previous)
    snapshot = Snapshot(
        revision=revision,
        region=region,
        zone=zone,
        timetable=timetable,
        layouts=layouts,
        realtime_at=_realtime_at(held, carriers),
        carriers=carriers,
        alerts=resolve_alerts(timetable, held),
        vehicles=tuple(_join(timetable, m, v, now) for m in held for v in m.vehicles),
        mobility=tuple(mobility),
        offices=tuple(offices),
        feeds=tuple(_with_counts(health, messages.get(health.id), layouts.resolved) for health in feeds),
        changed_in=dict.fromkeys(ASPECTS, revision),
        displays=tuple(displays),
        notices=tuple(notices),
        streets=streets,
    )
    if previous is None or previous.streets is not streets:
        return snapshot
    same = [aspect for aspect in ASPECTS if _seen(snapshot, aspect, now) == _seen(previous, aspect, now)]
    return replace(
        snapshot, changed_in={**snapshot.changed_in, **{aspect: previous.changed_in[aspect] for aspect in same}}
    )


def _seen(snapshot: Snapshot, aspect: Aspect, now: int) -> object:
    """What of an aspect answers are made from; timetables and layouts are equal only to themselves."""
    if aspect == "realtime":
        return snapshot.realtime_at is not None and now - snapshot.realtime_at <= snapshot.region.stale_after_s
    if aspect == "feeds":
        return [(h.id, feed_state(h, now), state_since(h, now), h.attribution, h.licence) for h in snapshot.feeds]
    return getattr(snapshot, aspect)


def _layouts(
    timetable: Timetable, held: Sequence[RealtimeMessage], zone: ZoneInfo, now: int, previous: Snapshot | None
) -> LiveLayouts:
    """Layouts for these messages: the last ones where no trip update differs."""
    updates = {message.feed_id: (message.prefix, message.trip_updates) for message in held if message.trip_updates}
    if previous is not None and isinstance(previous.layouts, LiveLayouts):
        if previous.layouts.updates == updates:
            return previous.layouts
        schedules = previous.layouts.schedules
    else:
        schedules = Schedules(timetable, zone)
    return LiveLayouts(schedules, resolve(timetable, held, now=now), updates)


def _carriers(held: Sequence[RealtimeMessage], previous: Snapshot | None) -> frozenset[str]:
    """Feeds that carry trip updates, or once did: at night such a feed is empty and yet says that nothing is late."""
    now = {message.feed_id for message in held if message.trip_updates}
    before = previous.carriers if previous is not None else frozenset()
    return before.intersection(message.feed_id for message in held).union(now)


def _realtime_at(held: Sequence[RealtimeMessage], carriers: frozenset[str]) -> int | None:
    """The age of real time is that of the newest message of a feed of trip updates."""
    return max((m.timestamp for m in held if m.feed_id in carriers and m.timestamp is not None), default=None)


def _join(timetable: Timetable, message: RealtimeMessage, position: VehiclePosition, now: int) -> VehicleOnTrip:
    """A vehicle with the dated trip it runs on, where the feed says one that we find."""
    trip = position.trip
    if trip is None:
        return VehicleOnTrip(position, None, None, -1)
    about = position.timestamp or message.timestamp or now
    found = match(timetable, trip, prefix=message.prefix, about=about)
    if isinstance(found, str):
        return VehicleOnTrip(position, _new_trip_id(trip, message), None, _route(timetable, trip, message.prefix))
    return VehicleOnTrip(position, timetable.trip_id[found.trip], found.day, int(timetable.trip_route[found.trip]))


def _new_trip_id(trip: TripDescriptor, message: RealtimeMessage) -> str | None:
    return None if trip.trip_id is None else message.prefix + trip.trip_id


def _route(timetable: Timetable, trip: TripDescriptor, prefix: str) -> int:
    return timetable.route_index.get(prefix + (trip.route_id or ""), -1)


def _with_counts(health: FeedHealth, message: RealtimeMessage | None, resolved: Resolved) -> FeedHealth:
    """A real-time feed's health with what its newest message held and how well it fits."""
    if message is None:
        return health
    matched = resolved.by_feed.get(health.id)
    entities = {
        "trip_updates": len(message.trip_updates),
        "vehicles": len(message.vehicles),
        "alerts": len(message.alerts),
    }
    return replace(
        health,
        entities=entities,
        skipped=dict(message.skipped),
        match_rate=matched.rate if matched else None,
        unmatched=dict(matched.unmatched) if matched else {},
    )
