"""From indices to records on the wire: stops, lines, departures, alerts. Shared by all views.

What a reader would get wrong: an ADDED trip has no row in the timetable; its id and headsign come from
`Layout.added`, its line may be unknown (route −1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from msgspec import UNSET, UnsetType

from smartreise.board.departures import DepartureRow, is_cut_short, last_stop_served
from smartreise.live.alerts import concerns, in_effect, next_turn
from smartreise.live.snapshot import AlertInEffect, Snapshot
from smartreise.model.modes import TRANSIT_MODES
from smartreise.model.service_day import iso
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.memo import remember
from smartreise.views import wire

_YES_NO = {0: None, 1: True, 2: False}


def stop_of(snapshot: Snapshot, index: int) -> wire.Stop:
    """A stop or station by index."""
    return _stop(snapshot.timetable, index)


@remember(most=20_000)
def _stop(timetable: Timetable, index: int) -> wire.Stop:
    parent = int(timetable.stop_parent[index])
    return wire.Stop(
        id=timetable.stop_id[index],
        name=timetable.stop_name[index],
        lat=round(float(timetable.stop_lat[index]), 6),
        lon=round(float(timetable.stop_lon[index]), 6),
        platform=timetable.stop_platform[index],
        parent=timetable.stop_id[parent] if parent >= 0 else None,
        modes=modes_of(int(timetable.stop_modes[index])),
        wheelchair=_YES_NO[int(timetable.stop_wheelchair[index])],
    )


def modes_of(bits: int) -> list[str]:
    """Names of the modes whose bits are set in `Timetable.stop_modes`."""
    return [mode for number, mode in enumerate(TRANSIT_MODES) if bits >> number & 1]


def line_of(snapshot: Snapshot, route: int) -> wire.Line:
    """A line by route index; −1 is a line that only the real-time feed knows."""
    return _line(snapshot.timetable, route)


@remember(most=5_000)
def _line(timetable: Timetable, route: int) -> wire.Line:
    if route < 0:
        return wire.Line(id="", name="", mode="bus", color=None, text_color=None)
    return wire.Line(
        id=timetable.route_id[route],
        name=timetable.route_name[route],
        mode=TRANSIT_MODES[timetable.route_mode[route]],
        color=timetable.route_color[route],
        text_color=timetable.route_text_color[route],
    )


def trip_id_of(timetable: Timetable, layout: Layout, dated: int) -> str:
    """The trip id of a dated trip, the feed's own where the trip is added."""
    trip = int(layout.dated_trip[dated])
    return timetable.trip_id[trip] if trip >= 0 else layout.added[dated].trip_id


def service_date_of(layout: Layout, dated: int) -> str:
    """YYYY-MM-DD of the service day."""
    return date.fromordinal(int(layout.dated_day[dated])).isoformat()


def headsign_of(timetable: Timetable, layout: Layout, event: int) -> str | None:
    """Where the vehicle says it goes at an event: where it really ends if its last stops are skipped, else the
    stop's headsign, else the trip's, else the name of its last stop."""
    dated = int(layout.event_dated[event])
    last = last_stop_served(layout, dated)
    end = timetable.stop_name[last] if last is not None else None
    if is_cut_short(layout, dated) and end is not None:
        return end
    added = layout.added.get(dated)
    if added is not None and added.headsign:
        return added.headsign
    trip, call = int(layout.dated_trip[dated]), int(layout.event_call[event])
    own = int(timetable.call_headsign[call]) if call >= 0 else -1
    if own < 0 and trip >= 0:
        own = int(timetable.trip_headsign[trip])
    return timetable.headsigns[own] if own >= 0 else end


def wheelchair_of(timetable: Timetable, layout: Layout, dated: int) -> bool | None:
    """Does the vehicle take wheelchairs? None where the feed does not say."""
    trip = like_trip(layout, dated)
    return _YES_NO[int(timetable.trip_wheelchair[trip])] if trip >= 0 else None


def call_of(snapshot: Snapshot, planned: int | None, expected: int) -> wire.Call:
    """Scheduled and expected instant from epoch seconds."""
    return wire.Call(
        scheduled=None if planned is None else iso(planned, snapshot.zone), expected=iso(expected, snapshot.zone)
    )


def departure_of(snapshot: Snapshot, row: DepartureRow, *, now: int) -> wire.Departure:
    """A row of a board."""
    timetable, layout, dated = snapshot.timetable, row.layout, row.dated
    route = int(layout.dated_route[dated])
    trip_id = trip_id_of(timetable, layout, dated)
    about = alerts_of_run(snapshot, layout, dated, {row.stop}, now)
    return wire.Departure(
        id=departure_id(timetable, layout, row.event),
        trip_id=trip_id,
        service_date=service_date_of(layout, dated),
        line=line_of(snapshot, route),
        headsign=headsign_of(timetable, layout, row.event),
        stop_id=timetable.stop_id[row.stop],
        quay=timetable.stop_platform[row.stop],
        scheduled=None if row.planned is None else iso(row.planned, snapshot.zone),
        expected=iso(row.expected, snapshot.zone),
        delay_s=row.delay_s,
        realtime=row.realtime,
        cancelled=row.cancelled,
        added=row.added,
        platform_changed=row.platform_changed,
        occupancy=occupancy_of(snapshot, layout, dated),
        wheelchair=wheelchair_of(timetable, layout, dated),
        alerts=[alert.alert.id for alert in about],
    )


def departure_id(timetable: Timetable, layout: Layout, event: int) -> str:
    """Trip, service date, start of the frequency run where there is one, and stop sequence."""
    dated, call = int(layout.event_dated[event]), int(layout.event_call[event])
    start = int(layout.dated_start_s[dated])
    parts = [trip_id_of(timetable, layout, dated), service_date_of(layout, dated)]
    if start >= 0:
        parts.append(f"{start // 3600:02}{start // 60 % 60:02}{start % 60:02}")
    sequence = int(timetable.call_sequence[call]) if call >= 0 else event - int(layout.dated_event[dated]) + 1
    return "|".join([*parts, str(sequence)])


def alerts_about(
    snapshot: Snapshot,
    *,
    now: int,
    routes: Collection[int] | None = None,
    stops: Collection[int] | None = None,
    trips: Collection[str] | None = None,
    dates: Collection[str] | None = None,
    directions: Collection[int] | None = None,
) -> list[AlertInEffect]:
    """Alerts in effect that concern these lines, stops and trips together, see `live.alerts.concerns`, or the whole
    network."""
    asked: dict[str, Any] = {"routes": routes, "stops": stops, "trips": trips, "dates": dates, "directions": directions}
    return [
        alert
        for alert in snapshot.alerts
        if in_effect(alert.alert, now)
        and (alert.everywhere or any(concerns(selector, **asked) for selector in alert.selectors))
    ]


def alerts_of_run(
    snapshot: Snapshot, layout: Layout, dated: int, stops: Collection[int], now: int
) -> list[AlertInEffect]:
    """Alerts in effect that concern a dated trip at some of its stops."""
    timetable, trip = snapshot.timetable, like_trip(layout, dated)
    direction = int(timetable.trip_direction[trip]) if trip >= 0 else -1
    return alerts_about(
        snapshot,
        now=now,
        routes={int(layout.dated_route[dated])},
        stops=stops,
        trips={trip_id_of(timetable, layout, dated)},
        dates={service_date_of(layout, dated)},
        directions={direction} if direction >= 0 else None,
    )


def like_trip(layout: Layout, dated: int) -> int:
    """The trip of a dated trip, or that which an added one is like; −1."""
    trip = int(layout.dated_trip[dated])
    return layout.added[dated].like_trip if trip < 0 and dated in layout.added else trip


def occupancy_of(snapshot: Snapshot, layout: Layout, dated: int) -> str | None:
    """How full a dated trip is: as its trip update says, else as its vehicle does."""
    told = layout.occupancy.get(dated)
    if told is not None:
        return told
    trip_id, start_s = trip_id_of(snapshot.timetable, layout, dated), int(layout.dated_start_s[dated])
    day = int(layout.dated_day[dated]) if layout.dated_trip[dated] >= 0 else None
    return snapshot.occupancies.get((trip_id, day, start_s))


def alerts_named(snapshot: Snapshot, ids: Iterable[str], *, now: int) -> list[wire.AlertItem]:
    """The alerts with these ids, in the snapshot's order, each once."""
    wanted, items = set(ids), []
    for alert in snapshot.alerts:
        if alert.alert.id in wanted and in_effect(alert.alert, now):
            wanted.discard(alert.alert.id)
            items.append(alert_of(snapshot, alert))
    return items


def alerts_turn(snapshot: Snapshot, now: int) -> int | None:
    """When the next alert begins or ends, None if none does."""
    turns = [next_turn(alert.alert, now) for alert in snapshot.alerts]
    return min((turn for turn in turns if turn is not None), default=None)


def notices_of(snapshot: Snapshot, office: str, *, now: int) -> list[wire.AlertItem]:
    """An office's own messages in effect."""
    return [
        alert_of(snapshot, AlertInEffect(notice.alert, frozenset(), frozenset(), frozenset(), everywhere=False))
        for notice in snapshot.notices
        if (not notice.offices or office in notice.offices) and in_effect(notice.alert, now)
    ]


def notices_turn(snapshot: Snapshot, now: int) -> int | None:
    """When the next of the offices' own messages begins or ends."""
    turns = [next_turn(notice.alert, now) for notice in snapshot.notices]
    return min((turn for turn in turns if turn is not None), default=None)


def alert_of(snapshot: Snapshot, alert: AlertInEffect) -> wire.AlertItem:
    """An alert with the ids of what it names."""
    timetable, said = snapshot.timetable, alert.alert

    def instant(at: int | None) -> str | None:
        return None if at is None else iso(at, snapshot.zone)

    return wire.AlertItem(
        id=said.id,
        header=dict(said.header),
        description=dict(said.description),
        url=dict(said.url),
        cause=said.cause,
        effect=said.effect,
        severity=said.severity,
        periods=[wire.AlertPeriod(start=instant(start), end=instant(end)) for start, end in said.periods],
        lines=sorted(timetable.route_id[route] for route in alert.routes),
        stops=sorted(timetable.stop_id[stop] for stop in alert.stops),
        trips=sorted(alert.trips),
    )


def realtime_state(snapshot: Snapshot, now: int) -> wire.Freshness:
    """none without real time, else fresh, or stale past the region's limit."""
    if snapshot.realtime_at is None:
        return "none"
    return "stale" if now - snapshot.realtime_at > snapshot.region.stale_after_s else "fresh"


def stale_real_time(snapshot: Snapshot, now: int) -> str | UnsetType:
    """When real time was last heard of, once it is stale; unset before, so that an answer does not change with age."""
    at = snapshot.realtime_at
    return iso(at, snapshot.zone) if at is not None and realtime_state(snapshot, now) == "stale" else UNSET


def realtime_turn(snapshot: Snapshot, now: int) -> int | None:
    """When fresh real time grows stale if nothing new comes, None if it is not fresh."""
    if snapshot.realtime_at is None or realtime_state(snapshot, now) == "stale":
        return None
    return snapshot.realtime_at + snapshot.region.stale_after_s + 1
