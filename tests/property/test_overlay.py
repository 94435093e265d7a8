"""Real time laid over drawn lines, message after message, by the kernels and as plain lists have it.

Lines with loops, stations, joined trips, trips past midnight; messages that contradict each other, the timetable and
themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.hear import Heard, hear
from smartreise.live.layouts import LiveLayouts, Schedules
from smartreise.live.match import match
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate
from smartreise.timetable.arrays import (
    ALIGHT,
    BOARD,
    CANCELLED,
    DELETED,
    PLATFORM_CHANGED,
    REALTIME,
    SKIPPED,
    Layout,
    Timetable,
    arrays_of,
)
from smartreise.timetable.patterns import Patterns, group, index_stop_events
from tests.drawing import DAY, ZONE, clock, draw
from tests.oracle.overlay import PlannedCalls, lay_over

EXAMPLES: Final = int(os.environ.get("SMARTREISE_EXAMPLES", "60"))
#: nothing to shrink in a seed
UNSHRUNK: Final = (Phase.explicit, Phase.generate, Phase.reuse)
STATIONS: Final = {"P": "A B", "Q": "C D"}
STOPS: Final = "ABCDEFG"
Updates = Mapping[tuple[int, int, int], tuple[str, Sequence[StopTimeUpdate]]]


class Drawer:
    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.trips: list[tuple[str, list[str], int]] = []

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def pick(self, *values: Any) -> Any:
        return values[int(self.random.integers(len(values)))]

    def timetable(self) -> Timetable:
        rows = []
        for line in range(int(self.random.integers(1, 4))):
            stops = [self.pick(*STOPS) for _ in range(int(self.random.integers(2, 7)))]
            stops = [stop for i, stop in enumerate(stops) if i == 0 or stop != stops[i - 1]]
            if len(stops) < 2:
                continue
            start, headway = self.pick(8, 8, 23) * 60, self.pick(5, 10, 15)
            for number in range(int(self.random.integers(1, 7))):
                trip = f"L{line}-{number}"
                begin = start + headway * number
                rows.append(self.row(f"{line}/{trip}", stops, begin, block="b" if line == 0 and number == 0 else ""))
                self.trips.append((trip, stops, begin))
            if line == 0:  # the vehicle of the first trip goes back, by another line now and then
                back = self.pick("0", "9")
                rows.append(self.row(f"{back}/back", stops[::-1], start + 12 * len(stops), block="b"))
                self.trips.append(("back", stops[::-1], start + 12 * len(stops)))
        rows.append("F/f [every=08:00-08:40/600]: A 00:00  C 00:07  E 00:20")
        return draw("\n".join(rows), stations=STATIONS)

    def row(self, name: str, stops: list[str], begin: int, *, block: str) -> str:
        calls, at = [], begin
        for stop in stops:
            dwell = self.pick(0, 0, 1)
            calls.append(f"{stop} {at // 60:02}:{at % 60:02}-{(at + dwell) // 60:02}:{(at + dwell) % 60:02}")
            at += dwell + 5
        return f"{name} [block={block}]: " + "  ".join(calls)

    def message(self, feed: str, now: int) -> RealtimeMessage:
        message: Any = pb.FeedMessage()
        message.header.gtfs_realtime_version = "2.0"
        message.header.timestamp = now
        for number in range(int(self.random.integers(0, 9))):
            self.update(message.entity.add(id=str(number)).trip_update)
        return parse_message(message.SerializeToString(), feed_id=feed, now=now)

    def update(self, update: Any) -> None:
        trip, stops, begin = self.pick(*self.trips) if self.trips else ("none", ["A", "B"], 480)
        kind = self.pick(*["SCHEDULED"] * 9, "CANCELED", "DELETED", "ADDED", "REPLACEMENT", "DUPLICATED", "UNSCHEDULED")
        if self.chance(0.1):
            trip, stops, begin = "f", ["A", "C", "E"], 490
            update.trip.start_time = "08:10:00"
        update.trip.trip_id = "extra" if kind == "ADDED" else trip if self.chance(0.97) else "unknown"
        update.trip.schedule_relationship = pb.TripDescriptor.ScheduleRelationship.Value(kind)
        if self.chance(0.9):
            update.trip.start_date = f"{DAY - timedelta(days=self.pick(0, 0, 0, 1, -1)):%Y%m%d}"
        if kind == "DUPLICATED":
            update.trip_properties.trip_id = "copy"
            update.trip_properties.start_time = "09:03:00"
            update.trip_properties.start_date = f"{DAY:%Y%m%d}"
        delay = self.pick(0, 60, 300, 900, -120)
        for position, stop in enumerate(stops):
            if self.chance(0.4) and kind not in ("ADDED", "REPLACEMENT"):
                continue
            self.call(update.stop_time_update.add(), position, stop, begin * 60 + 300 * position + delay)
            delay += self.pick(0, 0, 0, 60, -60, 600)
        if self.chance(0.05) and len(update.stop_time_update) > 1:
            swapped = [update.stop_time_update[i] for i in reversed(range(len(update.stop_time_update)))]
            copies = [pb.TripUpdate.StopTimeUpdate.FromString(call.SerializeToString()) for call in swapped]
            del update.stop_time_update[:]
            update.stop_time_update.extend(copies)

    def call(self, call: Any, position: int, stop: str, at: int) -> None:
        naming = self.pick("both", "both", "sequence", "stop", "wrong")
        if naming in ("both", "sequence", "wrong"):
            call.stop_sequence = position + (3 if naming == "wrong" else 1)
        if naming != "sequence":
            call.stop_id = stop if self.chance(0.9) else self.pick("A", "B", "C", "X")
        kind = self.pick(*["SCHEDULED"] * 12, "SKIPPED", "NO_DATA")
        call.schedule_relationship = pb.TripUpdate.StopTimeUpdate.ScheduleRelationship.Value(kind)
        if kind in ("SKIPPED", "NO_DATA"):
            return
        if self.chance(0.1):
            call.stop_time_properties.assigned_stop_id = self.pick("A", "B", "D", "X")
        for event in (call.arrival, call.departure):
            form = self.pick("time", "delay", "both", "none")
            if form in ("time", "both"):
                event.time = clock("00:00") + at
            if form in ("delay", "both"):
                event.delay = self.pick(0, 60, 240, -180, 1500)
        if self.chance(0.1):
            call.departure_occupancy_status = self.pick(0, 3, 5)


def expected(timetable: Timetable, planned: Layout, updates: Updates, until: int) -> dict[str, Any]:
    """The live columns of a schedule's events, from plain lists."""
    columns: dict[str, list[int]] = {
        "event_stop": planned.event_stop.tolist(),
        "event_arrive": planned.event_arrive.tolist(),
        "event_depart": planned.event_depart.tolist(),
        "event_flags": planned.event_flags.tolist(),
        "event_state": planned.event_state.tolist(),
        "dated_state": planned.dated_state.tolist(),
    }
    stations = timetable.stop_parent.tolist()
    for dated in range(len(planned.dated_trip)):
        key = int(planned.dated_trip[dated]), int(planned.dated_day[dated]), int(planned.dated_start_s[dated])
        kind, stops = updates.get(key, ("SCHEDULED", ()))
        rows = slice(int(planned.dated_event[dated]), int(planned.dated_event[dated + 1]))
        if kind in ("CANCELED", "DELETED"):
            columns["dated_state"][dated] = CANCELLED if kind == "CANCELED" else DELETED
            columns["event_flags"][rows] = [0] * (rows.stop - rows.start)
        elif stops:
            calls = PlannedCalls(
                planned.event_stop[rows].tolist(),
                timetable.call_sequence[planned.event_call[rows]].tolist(),
                planned.event_arrive[rows].tolist(),
                planned.event_depart[rows].tolist(),
            )
            live = lay_over(
                calls, stops, stop_of=timetable.stop_index.get, station_of=stations, base=planned.base, until=until
            )
            columns["event_stop"][rows], columns["event_arrive"][rows] = live.stop, live.arrive
            columns["event_depart"][rows] = live.depart
            served = [i for i, skipped in enumerate(live.skipped) if not skipped]
            for i, event in enumerate(range(rows.start, rows.stop)):
                moved = live.stop[i] != calls.stop[i]
                columns["event_state"][event] = (
                    live.live[i] * REALTIME | live.skipped[i] * SKIPPED | moved * PLATFORM_CHANGED
                )
                flags = 0 if live.skipped[i] else columns["event_flags"][event]
                if served and i == served[-1]:
                    flags &= ~BOARD
                if served and i == served[0]:
                    flags &= ~ALIGHT
                columns["event_flags"][event] = flags
    return columns


def told(timetable: Timetable, messages: Sequence[RealtimeMessage]) -> Updates:
    """What is said of dated trips: the last word counts."""
    updates: dict[tuple[int, int, int], tuple[str, Sequence[StopTimeUpdate]]] = {}
    for message in messages:
        assert message.timestamp is not None
        for update in message.trip_updates:
            kind = update.trip.relationship
            if kind in ("ADDED", "NEW", "DUPLICATED"):
                continue
            found = match(timetable, update.trip, prefix="", about=message.timestamp)
            if isinstance(found, str):
                continue
            if kind == "REPLACEMENT" and update.stops:
                if sum(_has_time(timetable, stop) for stop in update.stops) < 2:
                    continue
                kind = "DELETED"
            updates[found.key] = kind, update.stops
    return updates


def _has_time(timetable: Timetable, stop: StopTimeUpdate) -> bool:
    times = [event for event in (stop.arrival, stop.departure) if event is not None and event.time]
    known = (stop.assigned_stop_id or stop.stop_id or "") in timetable.stop_index
    return bool(times) and stop.relationship != "SKIPPED" and known


def runs_of(patterns: Patterns | Layout) -> set[tuple[int, int, int]]:
    """(first event, calls, kind) of every run."""
    found: set[tuple[int, int, int]] = set()
    for pattern, kind in enumerate(patterns.pattern_kind):
        length = int(patterns.pattern_stop_start[pattern + 1] - patterns.pattern_stop_start[pattern])
        rows = slice(int(patterns.pattern_run_start[pattern]), int(patterns.pattern_run_start[pattern + 1]))
        assert rows.stop > rows.start, "a pattern without runs"
        runs = [(int(first), length, int(kind)) for first in patterns.pattern_run[rows]]
        assert found.isdisjoint(runs)
        found.update(runs)
    return found


def whole(timetable: Timetable, layout: Layout) -> Patterns:
    """The patterns of a layout made anew."""
    names = ("dated_route", "dated_event", "dated_joined", "event_stop", "event_arrive", "event_depart", "event_flags")
    keep = (layout.dated_state != CANCELLED) & (layout.dated_state != DELETED)
    return group(timetable, **{name: getattr(layout, name) for name in names}, keep=keep)


def check_patterns(timetable: Timetable, layout: Layout) -> None:
    """All runs stand somewhere, with others of their kind, and nobody overtakes; the index by stop fits."""
    assert runs_of(layout) == runs_of(whole(timetable, layout))
    occurs: list[list[tuple[int, int]]] = [[] for _ in timetable.stop_id]
    for pattern in range(len(layout.pattern_route)):
        a, b = layout.pattern_stop_start[pattern : pattern + 2].tolist()
        stops = layout.pattern_stop[a:b].tolist()
        for position, stop in enumerate(stops):
            occurs[stop].append((pattern, position))
        runs = layout.pattern_run[slice(*layout.pattern_run_start[pattern : pattern + 2].tolist())].tolist()
        flags = layout.event_flags[runs[0] : runs[0] + b - a].tolist()
        for first in runs:
            assert layout.event_stop[first : first + b - a].tolist() == stops
            assert layout.event_flags[first : first + b - a].tolist() == flags
            assert layout.dated_route[layout.event_dated[first]] == layout.pattern_route[pattern]
        for one, next_ in pairwise(runs):
            for times in (layout.event_arrive, layout.event_depart):
                assert (times[one : one + b - a] <= times[next_ : next_ + b - a]).all(), "somebody overtakes"
    for stop, places in enumerate(occurs):
        rows = slice(*layout.stop_pattern_start[stop : stop + 2].tolist())
        found = zip(layout.stop_pattern[rows].tolist(), layout.stop_pattern_position[rows].tolist(), strict=True)
        assert list(found) == places


def same(one: Layout, other: Layout) -> bool:
    arrays = all(np.array_equal(array, arrays_of(other)[name]) for name, array in arrays_of(one).items())
    plain = ("base", "day", "added", "occupancy", "counts")
    return arrays and all(getattr(one, name) == getattr(other, name) for name in plain)


def days(layouts: LiveLayouts) -> list[Layout]:
    """The two layouts that a night is in."""
    return [layouts.at(clock("12:00", DAY + timedelta(days=n))) for n in (0, 1)]


@given(st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, phases=UNSHRUNK)
def test_after_any_messages_the_layout_is_that_of_the_last_and_of_plain_lists(seed: int) -> None:
    drawer = Drawer(seed)
    timetable = drawer.timetable()
    schedules = Schedules(timetable, ZONE)
    plans = [schedules.get(date).layout for date in (DAY, DAY + timedelta(days=1))]
    before = [{name: array.copy() for name, array in arrays_of(plan).items()} for plan in plans]
    messages: dict[str, RealtimeMessage] = {}
    heard: Heard | None = None
    for tick in range(4):
        now = clock("08:05") + 30 * tick
        for feed in ("a", "b"):
            if tick == 0 or drawer.chance(0.6):
                messages[feed] = drawer.message(feed, now)
        until = {"a": clock("08:20")} if drawer.chance(0.2) else {}
        heard = hear(timetable, list(messages.values()), until, now=now, last=heard)
        fresh = hear(timetable, list(messages.values()), until, now=now, last=None)
        made = days(LiveLayouts(schedules, heard.resolved))
        for layout, plan, other in zip(
            made, plans, days(LiveLayouts(Schedules(timetable, ZONE), fresh.resolved)), strict=True
        ):
            assert same(layout, other)
            check(timetable, layout, plan, messages, until)
    for plan, arrays in zip(plans, before, strict=True):
        assert all(np.array_equal(array, arrays_of(plan)[name]) for name, array in arrays.items())


def check(
    timetable: Timetable,
    layout: Layout,
    plan: Layout,
    messages: Mapping[str, RealtimeMessage],
    until: Mapping[str, int],
) -> None:
    """The layout is what plain lists say; its indices are those of a layout made anew."""
    if until:  # the reference knows one feed's bound at a time
        messages = {"a": messages["a"]} if told(timetable, [messages["b"]]) == {} else {}
    if messages:
        columns = expected(timetable, plan, told(timetable, [*messages.values()]), next(iter(until.values()), 2**62))
        for name, values in columns.items():
            assert getattr(layout, name)[: len(values)].tolist() == values, name
    start, event = index_stop_events(timetable, layout.event_stop, layout.event_depart)
    assert np.array_equal(layout.stop_event_start, start)
    assert np.array_equal(layout.stop_event, event)
    check_patterns(timetable, layout)
    assert not any(array.flags.writeable for array in arrays_of(layout).values())
    assert all(
        len(getattr(layout, f.name)) == len(layout.dated_trip)
        for f in fields(layout)
        if f.name in ("dated_day", "dated_route")
    )


@given(st.integers(0, 2**32))
@settings(max_examples=EXAMPLES // 2, phases=UNSHRUNK)
def test_an_overlay_of_zero_delays_is_no_overlay(seed: int) -> None:
    drawer = Drawer(seed)
    timetable = drawer.timetable()
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = clock("08:00")
    for number, (trip, stops, _) in enumerate(drawer.trips):
        update = message.entity.add(id=str(number)).trip_update
        update.trip.trip_id, update.trip.start_date = trip, f"{DAY:%Y%m%d}"
        for position in range(len(stops)):
            call = update.stop_time_update.add(stop_sequence=position + 1)
            call.arrival.delay = call.departure.delay = 0
    parsed = parse_message(message.SerializeToString(), feed_id="rt", now=clock("08:00"))
    schedules = Schedules(timetable, ZONE)
    heard = hear(timetable, [parsed], {}, now=clock("08:00"), last=None)
    layout, plan = LiveLayouts(schedules, heard.resolved).at(clock("08:00")), schedules.get(DAY).layout
    for name, array in arrays_of(layout).items():
        if name != "event_state":
            assert np.array_equal(array, arrays_of(plan)[name]), name


def test_a_message_that_says_the_same_again_keeps_the_layouts() -> None:
    drawer = Drawer(1)
    timetable = drawer.timetable()
    first = drawer.message("a", clock("08:05"))
    again = RealtimeMessage("a", clock("08:06"), tuple(first.trip_updates))
    heard = hear(timetable, [first], {}, now=clock("08:05"), last=None)
    anew = hear(timetable, [again], {}, now=clock("08:06"), last=heard)
    assert anew.resolved.changes is heard.resolved.changes
    assert hear(timetable, [again], {}, now=clock("08:07"), last=anew) is anew
    assert date.fromordinal(int(anew.resolved.changes.day[0])) if len(anew.resolved.changes.day) else True
