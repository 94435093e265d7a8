"""What was shown and can no longer be travelled stays for a minute, struck, with the reason and a replacement.

What a reader would get wrong: a suggestion that merely aged, or that better ones pushed out, did not break. It
broke only if the snapshot says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

import msgspec
import numpy as np

from smartreise.live.snapshot import Snapshot
from smartreise.suggest.legs import change_s
from smartreise.suggest.shared import may_leave, may_take, vehicles_fresh
from smartreise.timetable.arrays import CANCELLED, DELETED, SKIPPED, Layout
from smartreise.views import wire

#: how long a broken suggestion stays
STAYS_S: Final = 60


def with_broken(
    snapshot: Snapshot,
    layout: Layout,
    shown: Sequence[wire.Suggestion],
    current: Sequence[wire.Suggestion],
    ids: Iterable[str],
    *,
    now: int,
    limit: int,
) -> tuple[list[wire.Suggestion], int | None]:
    """``current`` with those of ``shown`` that broke, in their old places, and when the next of them goes.

    ``ids`` are those of all suggestions that can be travelled now, also beyond the limit.
    """
    alive = set(ids)
    result = list(current)
    goes: list[int] = []
    for place, before in enumerate(shown):
        if before.id in alive:
            continue
        struck = _struck(snapshot, layout, before, current, now)
        if struck is not None:
            result.insert(min(place, len(result)), struck)
            goes.append(_epoch(struck.broken_at) + STAYS_S)
    return _within(result, limit), min(goes, default=None)


def _within(result: Sequence[wire.Suggestion], limit: int) -> list[wire.Suggestion]:
    """As many as fit, each replacement beside what it replaces: of the others the last ones give way."""
    if len(result) <= limit:
        return list(result)
    instead = {s.replaced_by for s in result if s.status == "broken"}
    wanted = sorted(range(len(result)), key=lambda i: (result[i].id not in instead, i))
    return [result[i] for i in sorted(wanted[:limit])]


def _struck(
    snapshot: Snapshot, layout: Layout, before: wire.Suggestion, current: Sequence[wire.Suggestion], now: int
) -> wire.Suggestion | None:
    if before.status == "broken":
        return before if now < _epoch(before.broken_at) + STAYS_S else None
    if _epoch(before.leave_at) < now:
        return None
    reason = _reason(snapshot, layout, before, now)
    if reason is None:
        return None
    instead = next((s.id for s in current if _epoch(s.leave_at) >= now), None)
    return msgspec.structs.replace(
        before,
        status="broken",
        reason=reason,
        replaced_by=instead,
        broken_at=datetime.fromtimestamp(now, snapshot.zone).isoformat(timespec="seconds"),
    )


def _reason(snapshot: Snapshot, layout: Layout, before: wire.Suggestion, now: int) -> str | None:
    """Why it can no longer be travelled; None if it can."""
    last: tuple[int, int] | None = None  # stop and time of the last alighting
    for leg in before.legs:
        if leg.pickup is not msgspec.UNSET:
            reason = _hire_reason(snapshot, leg, now)
            if reason is not None:
                return reason
        if leg.trip_id is msgspec.UNSET:
            continue
        events = _find_events(snapshot, layout, leg)
        if isinstance(events, str):
            return events
        board, alight = events
        stop, depart = int(layout.event_stop[board]), int(layout.event_depart[board])
        if last is not None and leg.stay_seated is msgspec.UNSET:
            needed = change_s(snapshot.timetable, last[0], stop)
            if needed is None or last[1] + needed > depart:
                return "missed_change"
        last = int(layout.event_stop[alight]), int(layout.event_arrive[alight])
    return None


def _find_events(snapshot: Snapshot, layout: Layout, leg: wire.Leg) -> tuple[int, int] | str:
    """The events of a shown ride as they stand, or why it cannot be ridden."""
    dated = _find_dated(snapshot, layout, leg)
    if dated is None:
        return "trip_withdrawn"
    if layout.dated_state[dated] == CANCELLED:
        return "trip_cancelled"
    if layout.dated_state[dated] == DELETED:
        return "trip_withdrawn"
    rows = range(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1]))
    board = _event_at(snapshot, layout, rows, leg.from_.stop_id, leg.depart.scheduled, arrive=False)
    alight = _event_at(snapshot, layout, rows, leg.to.stop_id, leg.arrive.scheduled, arrive=True)
    if board is None or alight is None or (layout.event_state[board] | layout.event_state[alight]) & SKIPPED:
        return "stop_skipped"
    return board, alight


def _find_dated(snapshot: Snapshot, layout: Layout, leg: wire.Leg) -> int | None:
    assert isinstance(leg.trip_id, str)
    assert isinstance(leg.service_date, str)
    day = date.fromisoformat(leg.service_date).toordinal()
    trip = snapshot.timetable.trip_index.get(leg.trip_id)
    candidates: list[int] = []
    if trip is not None:
        candidates = np.flatnonzero((layout.dated_trip == trip) & (layout.dated_day == day)).tolist()
    candidates += [
        dated
        for dated, added in layout.added.items()
        if added.trip_id == leg.trip_id and int(layout.dated_day[dated]) == day
    ]
    if len(candidates) <= 1 or leg.depart.scheduled is None:
        return candidates[0] if candidates else None
    planned = _epoch(leg.depart.scheduled) - layout.base
    for dated in candidates:
        rows = slice(int(layout.dated_event[dated]), int(layout.dated_event[dated + 1]))
        if bool((layout.event_planned_depart[rows] == planned).any()):
            return dated
    return candidates[0]


def _event_at(
    snapshot: Snapshot,
    layout: Layout,
    rows: range,
    stop_id: str | msgspec.UnsetType,
    scheduled: str | None,
    *,
    arrive: bool,
) -> int | None:
    """The event of a trip at a planned time, else at a stop: a platform may have changed since."""
    times = layout.event_planned_arrive if arrive else layout.event_planned_depart
    if scheduled is not None:
        planned = _epoch(scheduled) - layout.base
        for event in rows:
            if times[event] == planned and _same_station(snapshot, int(layout.event_stop[event]), stop_id):
                return event
    for event in rows:
        if snapshot.timetable.stop_id[int(layout.event_stop[event])] == stop_id:
            return event
    return None


def _same_station(snapshot: Snapshot, stop: int, stop_id: str | msgspec.UnsetType) -> bool:
    timetable = snapshot.timetable
    other = timetable.stop_index.get(stop_id) if isinstance(stop_id, str) else None
    if other is None:
        return False
    parents = int(timetable.stop_parent[stop]), int(timetable.stop_parent[other])
    return stop == other or (parents[0] >= 0 and parents[0] == parents[1])


def _hire_reason(snapshot: Snapshot, leg: wire.Leg, now: int) -> str | None:
    """Is the vehicle gone, or the dock taken?"""
    system = next((s for s in snapshot.mobility if s.system_id == leg.provider), None)
    if system is None or system.state == "closed":
        return "provider_closed"
    stations = {station.id: station for station in system.stations}
    pickup, dropoff = leg.pickup, leg.dropoff
    if isinstance(pickup, wire.Pickup) and isinstance(pickup.station_id, str):
        station = stations.get(pickup.station_id)
        if station is None or not may_take(system, station, leg.mode, now=now):
            return "no_vehicle"
    elif isinstance(pickup, wire.Pickup):
        floating = {v.id for v in system.vehicles} if vehicles_fresh(system, now=now) else set()
        if pickup.vehicle_id not in floating:
            return "no_vehicle"
    if isinstance(dropoff, wire.Dropoff) and isinstance(dropoff.station_id, str):
        station = stations.get(dropoff.station_id)
        if station is None or not may_leave(system, station, leg.mode, now=now):
            return "no_dock"
    return None


def _epoch(instant: str | msgspec.UnsetType | None) -> int:
    assert isinstance(instant, str)
    return int(datetime.fromisoformat(instant).timestamp())
