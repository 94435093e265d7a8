"""Puts a snapshot together from what is held, reusing from the last one whatever did not change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from smartreise.live.aging import too_old
from smartreise.live.delays import DelayTable
from smartreise.live.hear import Heard, hear
from smartreise.live.layouts import LiveLayouts, Schedules
from smartreise.live.resolve import Resolved
from smartreise.live.snapshot import ASPECTS, Aspect, Snapshot
from smartreise.model.feeds import FeedHealth, feed_state, state_since
from smartreise.model.mobility import MobilitySystem
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.region import Display, Notice, Office, Region
from smartreise.model.street import Streets
from smartreise.timetable.arrays import Timetable

#: what a vehicle says holds this long
REPORT_HOLDS_S: Final = 600

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
    delays: DelayTable | None = None,
) -> Snapshot:
    """The snapshot of the newest ``messages`` by feed id; today's layout is made, others wait until asked for."""
    zone = ZoneInfo(region.timezone)
    held = sorted(messages.values(), key=lambda message: message.feed_id)
    same_timetable = previous is not None and previous.timetable.version == timetable.version
    last = previous if same_timetable else None
    heard = hear(timetable, held, too_old(held, region, now), now=now, last=last.heard if last is not None else None)
    layouts = _layouts(timetable, heard.resolved, zone, last)
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
        alerts=tuple(alert for feed in heard.feeds.values() for alert in feed.alerts),
        vehicles=tuple(vehicle for feed in heard.feeds.values() for vehicle in feed.vehicles),
        mobility=tuple(mobility),
        offices=tuple(offices),
        feeds=tuple(_with_counts(health, messages.get(health.id), heard.resolved) for health in feeds),
        changed_in=dict.fromkeys(ASPECTS, revision),
        displays=tuple(displays),
        notices=tuple(notices),
        streets=streets,
        delays=delays,
        occupancies=_occupancies(heard, now),
        heard=heard,
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
        at = snapshot.realtime_at
        return (at is not None and now - at <= snapshot.region.stale_after_s) or at
    if aspect == "feeds":
        return [(h.id, feed_state(h, now), state_since(h, now), h.attribution, h.licence) for h in snapshot.feeds]
    return getattr(snapshot, aspect)


def _layouts(timetable: Timetable, resolved: Resolved, zone: ZoneInfo, last: Snapshot | None) -> LiveLayouts:
    """Layouts for what is heard: the last ones where nothing differs that they are made from."""
    if last is None or not isinstance(last.layouts, LiveLayouts):
        return LiveLayouts(Schedules(timetable, zone), resolved)
    layouts = last.layouts
    same = resolved.changes is layouts.resolved.changes and resolved.new_trips is layouts.resolved.new_trips
    return layouts if same else LiveLayouts(layouts.schedules, resolved)


def _carriers(held: Sequence[RealtimeMessage], previous: Snapshot | None) -> frozenset[str]:
    """Feeds that carry trip updates, or once did: at night such a feed is empty and yet says that nothing is late."""
    now = {message.feed_id for message in held if message.trip_updates}
    before = previous.carriers if previous is not None else frozenset()
    return before.intersection(message.feed_id for message in held).union(now)


def _realtime_at(held: Sequence[RealtimeMessage], carriers: frozenset[str]) -> int | None:
    """The age of real time is that of the newest message of a feed of trip updates."""
    return max((m.timestamp for m in held if m.feed_id in carriers and m.timestamp is not None), default=None)


def _occupancies(heard: Heard, now: int) -> dict[tuple[str, int | None, int], str]:
    """How full the vehicles say they are, by trip, as long as a report holds."""
    return {
        (vehicle.trip_id, vehicle.service_day, vehicle.start_s): vehicle.position.occupancy
        for feed in heard.feeds.values()
        for vehicle in feed.vehicles
        if vehicle.trip_id is not None
        and vehicle.position.occupancy is not None
        and now - (vehicle.position.timestamp or feed.message.timestamp or now) < REPORT_HOLDS_S
    }


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
