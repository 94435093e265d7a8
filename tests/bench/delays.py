"""Trip updates for a drawn city: running trips with a delay that grows and heals, as protobuf."""

from __future__ import annotations

from datetime import date

import numpy as np
from google.transit import gtfs_realtime_pb2 as pb

from smartreise.timetable.arrays import Layout, Timetable


def draw_delays(timetable: Timetable, layout: Layout, now: int, *, trips: int, seed: int = 0) -> bytes:
    """A message of ``trips`` of those that run about ``now`` (epoch s), each with all of its calls."""
    generator = np.random.default_rng(seed)
    begins = layout.event_depart[layout.dated_event[:-1]] + layout.base
    ends = layout.event_arrive[layout.dated_event[1:] - 1] + layout.base
    running = np.flatnonzero((begins < now + 3600) & (ends > now - 600))
    chosen = generator.choice(running, min(trips, len(running)), replace=False)
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = now + seed
    for number in np.sort(chosen):
        entity = message.entity.add(id=str(number))
        update = entity.trip_update
        update.trip.trip_id = timetable.trip_id[layout.dated_trip[number]]
        update.trip.start_date = f"{date.fromordinal(int(layout.dated_day[number])):%Y%m%d}"
        delay = int(generator.integers(0, 6)) * 60
        for event in range(layout.dated_event[number], layout.dated_event[number + 1]):
            delay = max(0, delay + int(generator.integers(-1, 2)) * 60)
            call = update.stop_time_update.add()
            call.stop_sequence = int(timetable.call_sequence[layout.event_call[event]])
            call.stop_id = timetable.stop_id[layout.event_stop[event]]
            call.arrival.delay = call.departure.delay = delay
            call.arrival.time = layout.base + int(layout.event_planned_arrive[event]) + delay
            call.departure.time = layout.base + int(layout.event_planned_depart[event]) + delay
    return message.SerializeToString()


def redrawn(body: bytes, other: bytes, trips: int, *, seed: int = 0) -> bytes:
    """A message in which so many of its trips run as another message says of them."""
    message, others = pb.FeedMessage.FromString(body), pb.FeedMessage.FromString(other)
    said = {entity.trip_update.trip.trip_id: entity.trip_update for entity in others.entity}
    both = [entity for entity in message.entity if entity.trip_update.trip.trip_id in said]
    for number in np.random.default_rng(seed).permutation(len(both))[:trips].tolist():
        both[number].trip_update.CopyFrom(said[both[number].trip_update.trip.trip_id])
    return message.SerializeToString()
