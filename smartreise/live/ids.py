"""What matching needs of a timetable, prepared once: hash tables of its ids, and when each trip runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from smartreise.live.id_kernels import Ids, fill_slots, find_ids
from smartreise.live.kernels import Running
from smartreise.model.service_day import local_date, service_day_origin
from smartreise.timetable.arrays import Int32s, Timetable
from smartreise.timetable.memo import remember


@remember(most=4)
def trip_ids(timetable: Timetable, prefix: str) -> Ids:
    """The table of the trip ids that begin with ``prefix``, without it."""
    return _table(timetable.trip_id, prefix)


@remember(most=4)
def stop_ids(timetable: Timetable, prefix: str) -> Ids:
    """The table of the stop ids that begin with ``prefix``, without it."""
    return _table(timetable.stop_id, prefix)


@remember(most=1)
def running(timetable: Timetable) -> Running:
    """When each trip runs."""
    by_frequency = np.zeros(len(timetable.trip_id), np.bool_)
    by_frequency[timetable.frequency_trip] = True
    days = range(timetable.service_days.shape[1])
    origins = [
        [service_day_origin(timetable.first_day + timedelta(days=n), ZoneInfo(zone)) for n in days]
        for zone in timetable.zones
    ]
    return Running(
        service=timetable.trip_service,
        zone=timetable.trip_zone,
        begin=timetable.trip_begin,
        end=timetable.trip_end,
        by_frequency=by_frequency,
        days=timetable.service_days,
        origins=np.array(origins, np.int64).reshape(len(timetable.zones), len(days)),
        first_day=timetable.first_day.toordinal(),
    )


def today(timetable: Timetable, about: int) -> Int32s:
    """int32[Z] the calendar day at epoch second ``about`` in each zone of the timetable."""
    days: list[date] = [local_date(about, ZoneInfo(zone)) for zone in timetable.zones]
    return np.array([day.toordinal() for day in days], np.int32)


def look_up(ids: Ids, text: NDArray[np.uint8], spans: Int32s) -> Int32s:
    """int32[n] the indices of ids by their spans in a feed's text, see `kernels.find_ids`."""
    found = np.empty(len(spans), np.int32)
    find_ids(ids, text, spans, found)
    return found


def _table(names: Sequence[str], prefix: str) -> Ids:
    encoded = [name.removeprefix(prefix).encode("utf-8", "surrogatepass") for name in names]
    if prefix:
        encoded = [word if name.startswith(prefix) else b"" for name, word in zip(names, encoded, strict=True)]
    size = 16
    while size < 2 * len(encoded):
        size *= 2
    start = np.r_[0, np.cumsum([len(name) for name in encoded], dtype=np.int64)].astype(np.int32)
    table = Ids(np.frombuffer(b"".join(encoded), np.uint8), start, np.full(size, -1, np.int32))
    fill_slots(*table)
    return table
