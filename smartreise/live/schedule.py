"""The schedule of some days with what laying real time over it needs: made once, used by every snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

import numpy as np
from numpy.typing import NDArray

from smartreise.live.index_kernels import Grouped
from smartreise.live.kernels import Changes
from smartreise.timetable.arrays import PART, Int32s, Layout, Timetable, freeze
from smartreise.timetable.layout import lay_out


@dataclass(slots=True, eq=False)
class Schedule:
    """A layout without real time, indexed. N dated trips, E events, R runs (of `pattern_run`)."""

    layout: Layout
    grouped: Grouped
    keys: NDArray[np.int64]  # int64[N] `_keys` of the dated trips, sorted
    dated: Int32s  # int32[N] parallel to `keys`
    run_of: Int32s  # int32[N] run that a dated trip rides in, alone or joined, −1
    part_of: Int32s  # int32[N] run of a dated trip on its own where it is joined with other lines, −1
    run_head: Int32s  # int32[R] first and last dated trip of a run
    run_tail: Int32s  # int32[R]
    _position: Int32s | None = None

    def position(self) -> Int32s:
        """int32[E] where an event stands in `stop_event`; made when real time first touches these days."""
        if self._position is None:
            position = np.empty(len(self.layout.stop_event), np.int32)
            position[self.layout.stop_event] = np.arange(len(position), dtype=np.int32)
            freeze((position,))
            self._position = position
        return self._position

    def find(self, changes: Changes) -> Int32s:
        """int32[M] the dated trip of each change, −1 where this schedule does not reach."""
        if not len(self.keys):
            return np.full(len(changes.trip), -1, np.int32)
        wanted = _keys(changes.trip, changes.day, changes.start_s)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.dated[at], -1).astype(np.int32)


def schedule(timetable: Timetable, day: date, zone: tzinfo) -> Schedule:
    """The schedule around a calendar day."""
    return index_schedule(lay_out(timetable, day, zone))


def index_schedule(layout: Layout) -> Schedule:
    """Index a layout without real time."""
    keys = _keys(layout.dated_trip, layout.dated_day, layout.dated_start_s)
    order = np.argsort(keys, kind="stable").astype(np.int32)
    patterns = np.repeat(np.arange(len(layout.pattern_route)), np.diff(layout.pattern_run_start))
    length = np.diff(layout.pattern_stop_start)[patterns]
    head = layout.event_dated[layout.pattern_run]
    tail = layout.event_dated[layout.pattern_run + length - 1]
    is_part = layout.pattern_kind[patterns] == PART
    run_of, part_of = np.full((2, len(layout.dated_trip)), -1, np.int32)
    slots = np.arange(len(patterns), dtype=np.int32)
    part_of[head[is_part]] = slots[is_part]
    run_of[head[~is_part]] = slots[~is_part]
    for slot in np.flatnonzero(~is_part & (tail > head)):
        run_of[head[slot] : tail[slot] + 1] = slot
    made = Schedule(
        layout,
        grouped_of(layout),
        keys[order],
        order,
        run_of,
        part_of,
        head.astype(np.int32),
        tail.astype(np.int32),
    )
    freeze((made.keys, made.dated, made.run_of, made.part_of, made.run_head, made.run_tail))
    return made


def grouped_of(layout: Layout) -> Grouped:
    """A layout's patterns as the kernels take them."""
    return Grouped(*(getattr(layout, name) for name in Grouped._fields))


def _keys(trip: Int32s, day: Int32s, start_s: Int32s) -> NDArray[np.int64]:
    """One number for trip, service day and frequency start: days under 2^21, starts under 2^19 s (six days)."""
    packed: NDArray[np.int64] = (
        trip.astype(np.int64) << 40 | (day.astype(np.int64) & 0x1FFFFF) << 19 | (start_s.astype(np.int64) + 1)
    )
    return packed
