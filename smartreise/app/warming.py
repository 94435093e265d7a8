"""Compiles all kernels, or loads them from their cache, by doing once on a tiny network what they are for."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import Any, Final

from google.transit import gtfs_realtime_pb2 as pb

from smartreise.ingest.gtfs import warm as warm_reading
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.hear import hear
from smartreise.live.layouts import LiveLayouts, Schedules
from smartreise.planner.search import warm
from smartreise.planner.tiny import tiny_layout

_DAY: Final = date(2024, 1, 1)


def compile_all() -> None:
    """Compile all kernels into their cache, as many at once as there are processors."""
    with ProcessPoolExecutor(min(3, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(work) for work in (warm, warm_realtime, warm_reading)]:
            done.result()


def warm_gateway() -> None:
    """What a gateway runs: the search, and real time."""
    warm()
    warm_realtime()


def warm_realtime() -> None:
    """A message with a late trip that calls at another stop, a copy of it and an extra one, laid over its day."""
    timetable, scheduled = tiny_layout()
    now = int(datetime(_DAY.year, _DAY.month, _DAY.day, tzinfo=UTC).timestamp())
    message = parse_message(_message(now), feed_id="tiny", now=now)
    heard = hear(timetable, [message], {}, now=now, last=None)
    layout = LiveLayouts(Schedules(timetable, UTC), heard.resolved).at(now)
    assert len(layout.dated_trip) == len(scheduled.dated_trip) + 2, "the kernels do not find the only trips there are"


def _message(now: int) -> bytes:
    message: Any = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = now
    late = message.entity.add(id="1").trip_update
    late.trip.trip_id, late.trip.start_date = "t", f"{_DAY:%Y%m%d}"
    call = late.stop_time_update.add(stop_sequence=1, stop_id="0")
    call.departure.delay, call.stop_time_properties.assigned_stop_id = 60, "1"
    copy = message.entity.add(id="2").trip_update
    copy.CopyFrom(late)
    copy.trip.schedule_relationship = pb.TripDescriptor.DUPLICATED
    copy.trip_properties.trip_id, copy.trip_properties.start_time = "copy", "00:20:00"
    extra = message.entity.add(id="3").trip_update
    extra.trip.trip_id, extra.trip.schedule_relationship = "extra", pb.TripDescriptor.ADDED
    for stop in ("0", "1"):
        extra.stop_time_update.add(stop_id=stop).departure.time = now + 60
    return bytes(message.SerializeToString())
