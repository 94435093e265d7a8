"""A network of two stops and one trip along a shape, to compile the kernels on: same types, same read-only arrays."""

from __future__ import annotations

from datetime import UTC, date

import numpy as np

from smartreise.model.region import Region
from smartreise.timetable.arrays import Layout, Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from smartreise.timetable.tables import GtfsTables, StopTimes, trip_table


def tiny_layout() -> tuple[Timetable, Layout]:
    """Stop 0 at 00:00 to stop 1 at 00:10 on 2024-01-01 UTC, laid out around that day."""

    def numbers(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(values, dtype=np.int32)

    times = StopTimes(
        trip=numbers(0, 0),
        stop=numbers(0, 1),
        arrive=numbers(0, 600),
        depart=numbers(0, 600),
        sequence=numbers(1, 2),
        pickup=np.zeros(2, np.uint8),
        drop_off=np.zeros(2, np.uint8),
        distance=np.array([0.0, 1.0]),
        headsign=numbers(-1, -1),
    )
    tables = GtfsTables(
        feed_id="tiny",
        prefix="",
        digest="tiny",
        agencies=({"agency_id": "a", "agency_timezone": "UTC"},),
        stops=tuple({"stop_id": str(i), "stop_lat": str(59 + i), "stop_lon": "10"} for i in range(2)),
        routes=({"route_id": "r", "agency_id": "a", "route_type": "3"},),
        trips=trip_table([{"trip_id": "t", "route_id": "r", "service_id": "s", "shape_id": "p"}]),
        stop_times=times,
        shapes={"p": np.array([[59.0, 10.0, 0.0], [60.0, 10.0, 1.0]])},
        calendar_dates=({"service_id": "s", "date": "20240101", "exception_type": "1"},),
    )
    timetable = build([tables], Region(id="tiny", name="tiny", timezone="UTC"))
    return timetable, lay_out(timetable, date(2024, 1, 1), UTC)
