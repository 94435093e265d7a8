"""Runs the kernel that lays changes over planned calls, for a layout's trips or for one alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from smartreise.live.kernels import Changes, Laid, Planned, Work, lay_all
from smartreise.timetable.arrays import Int32s, Timetable

#: what is counted, in the order of `Laid.counts`
COUNTED: Final = ("stop_update_at_unknown_stop", "assigned_stop_unknown", "times_raised")


def lay(timetable: Timetable, planned: Planned, changes: Changes, dated_of: Int32s, into: Laid) -> tuple[int, int]:
    """Lay ``changes`` over ``planned``; how many rows of ``into.moved`` and ``into.flagged`` were written."""
    touched = dated_of[dated_of >= 0]
    longest = int((planned.dated_event[touched + 1] - planned.dated_event[touched]).max(initial=0))
    work = Work(np.empty(longest, np.int32), np.empty(longest, np.int32), np.empty(longest, np.uint8))
    moves, flags = lay_all(planned, timetable.call_sequence, timetable.stop_parent, changes, dated_of, work, into)
    return int(moves), int(flags)


def lay_alone(timetable: Timetable, trip: int, changes: Changes, base: int) -> Laid:
    """Lay the one change of ``changes`` over a trip whose service day begins at ``base``, epoch s."""
    rows = slice(int(timetable.trip_call_start[trip]), int(timetable.trip_call_start[trip + 1]))
    count = rows.stop - rows.start
    events, call = np.array([0, count], np.int32), np.arange(rows.start, rows.stop, dtype=np.int32)
    for array in (events, call):
        array.flags.writeable = False  # as a layout's are: the kernel is compiled for those
    planned = Planned(
        base,
        events,
        timetable.call_stop[rows],
        call,
        timetable.call_arrive[rows],
        timetable.call_depart[rows],
        timetable.call_flags[rows],
    )
    laid = Laid(
        arrive=planned.event_arrive.copy(),
        depart=planned.event_depart.copy(),
        state=np.zeros(count, np.uint8),
        dated_state=np.zeros(1, np.uint8),
        moved=np.empty((count, 2), np.int32),
        flagged=np.empty((count, 2), np.int32),
        effect=np.empty(1, np.uint8),
        occupancy=np.empty(1, np.int8),
        counts=np.zeros(len(COUNTED), np.int64),
    )
    moves, _ = lay(timetable, planned, changes, np.zeros(1, np.int32), laid)
    return laid._replace(moved=laid.moved[:moves])
