"""The schedule as arrays: `Timetable` for the feed's whole period, `Layout` for some days in absolute time.

This docstring and the two classes are the only place where the layout is explained.

Capitals are lengths::

    S stops (stations too)  R routes  T trips  C calls (stop_times)  V services  D days
    M members of stops  G path rows  Q frequency rows  K shapes  H shape points  F footpaths
    N dated trips  E events  P patterns  L stops of patterns  U runs of patterns  W entries of stops' boards

A *dated trip* is a trip on a service day (and, under frequencies.txt, one start of it); an *event* is one
call of a dated trip. Pairs ``x_start int32[n + 1], x`` are CSR: row i holds ``x[x_start[i]:x_start[i + 1]]``.
Indices are int32 with −1 for "none". All arrays are read-only (`freeze`).

What a reader would get wrong: times in `Timetable` count from the *service day's* origin (noon − 12 h, may
pass 86,400); times in `Layout` count from `Layout.base`, an epoch second, so that midnight, DST and
frequencies are gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
UInt8s = NDArray[np.uint8]
Float64s = NDArray[np.float64]

#: bits of `call_flags` and `event_flags`
BOARD: Final = 1
ALIGHT: Final = 2

#: bits of `Layout.event_state`
REALTIME: Final = 1  # time comes from a trip update, stated or propagated
SKIPPED: Final = 2  # the vehicle passes without stopping (flags hold neither BOARD nor ALIGHT)
PLATFORM_CHANGED: Final = 4  # `event_stop` is not `event_planned_stop`

#: values of `Layout.dated_state`
SCHEDULED: Final = 0
CANCELLED: Final = 1  # shown struck, never ridden
ADDED: Final = 2  # the timetable does not have it
DELETED: Final = 3  # neither shown nor ridden
REPLACED: Final = 4  # runs with calls of its own (REPLACEMENT)

#: planned time of an event that nobody planned
NO_TIME: Final = np.int32(-(2**31))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Timetable:
    """All static feeds of a region, merged, with prefixed ids."""

    #: digest over the feeds' digests and the settings that shaped the arrays
    version: str
    first_day: date
    #: per agency zone that occurs; `trip_zone` points here
    zones: tuple[str, ...]

    agency_id: tuple[str, ...]
    agency_name: tuple[str, ...]

    stop_id: tuple[str, ...]  # S
    stop_name: tuple[str, ...]  # S
    stop_platform: tuple[str | None, ...]  # S platform_code, else None
    stop_lat: Float64s  # float64[S] degrees; a child without a place has its parent's
    stop_lon: Float64s  # float64[S]
    stop_kind: UInt8s  # uint8[S] location_type 0 stop, 1 station, 2 entrance, 3 node, 4 boarding area
    stop_parent: Int32s  # int32[S] station of a stop, −1
    stop_wheelchair: UInt8s  # uint8[S] 0 unknown, 1 yes, 2 no; inherited from the station where 0
    stop_modes: NDArray[np.uint16]  # uint16[S] bit i: TRANSIT_MODES[i] calls here; a station has its stops'
    #: CSR: the stops where one boards that a stop or station stands for (a stop: itself)
    member_start: Int32s  # int32[S + 1]
    member: Int32s  # int32[M]
    stop_change_s: Int32s  # int32[S] change at this stop; NO_CHANGE where forbidden

    route_id: tuple[str, ...]  # R
    route_name: tuple[str, ...]  # R what riders call the line: short name, else long
    route_long_name: tuple[str, ...]  # R
    route_color: tuple[str | None, ...]  # R RRGGBB, None if the feed says none
    route_text_color: tuple[str | None, ...]  # R
    route_mode: UInt8s  # uint8[R] index in model.modes.TRANSIT_MODES
    route_type: Int32s  # int32[R] as in the feed
    route_agency: Int32s  # int32[R]

    trip_id: tuple[str, ...]  # T
    trip_route: Int32s  # int32[T]
    trip_service: Int32s  # int32[T]
    trip_headsign: Int32s  # int32[T] index in `headsigns`, −1
    trip_direction: NDArray[np.int8]  # int8[T] 0, 1, −1 unknown
    trip_wheelchair: UInt8s  # uint8[T] 0 unknown, 1 yes, 2 no
    trip_block: Int32s  # int32[T]
    trip_shape: Int32s  # int32[T]
    trip_path: Int32s  # int32[T] first row in `path_m`: trips that go the same way share their rows
    trip_zone: UInt8s  # uint8[T] index in `zones`
    trip_call_start: Int32s  # int32[T + 1]
    trip_begin: Int32s  # int32[T] departure of its first call, seconds after the service day's origin
    trip_end: Int32s  # int32[T] arrival of its last call
    headsigns: tuple[str, ...]

    call_stop: Int32s  # int32[C]
    call_arrive: Int32s  # int32[C] seconds after the service day's origin; blanks are interpolated
    call_depart: Int32s  # int32[C]
    call_sequence: Int32s  # int32[C] stop_sequence as in the feed
    call_flags: UInt8s  # uint8[C] BOARD | ALIGHT
    call_headsign: Int32s  # int32[C] index in `headsigns`, −1: the trip's

    path_m: NDArray[np.float32]  # float32[G] metres along the trip's path of each call, see `geometry.along_m`

    service_id: tuple[str, ...]  # V
    service_days: NDArray[np.bool_]  # bool[V, D] day d is `first_day` + d

    frequency_trip: Int32s  # int32[Q], sorted by trip, start
    frequency_start: Int32s  # int32[Q] seconds after the service day's origin
    frequency_end: Int32s  # int32[Q] exclusive
    frequency_headway_s: Int32s  # int32[Q]
    frequency_exact: UInt8s  # uint8[Q]

    #: footpaths between different stops (location_type 0), both ways listed where both may be walked
    footpath_start: Int32s  # int32[S + 1]
    footpath_stop: Int32s  # int32[F]
    footpath_s: Int32s  # int32[F] least time of a change over it, everything counted
    #: int32[F] the same without stairs and escalators; NO_CHANGE where pathways.txt has no such way
    footpath_wheelchair_s: Int32s  # int32[F]
    footpath_m: NDArray[np.float32]  # float32[F] metres walked

    shape_id: tuple[str, ...]  # K
    shape_start: Int32s  # int32[K + 1]
    shape_lat: Float64s  # float64[H]
    shape_lon: Float64s  # float64[H]
    shape_distance_m: NDArray[np.float32]  # float32[H] metres along the shape

    #: transfers.txt rows with route or trip qualifiers, as in the feed with indices resolved
    qualified_transfers: tuple[dict[str, Any], ...] = ()
    #: rows ignored or repaired, by reason, and rows kept, by table
    counts: dict[str, int] = field(default_factory=dict)

    #: lookups, derived from the tuples above
    stop_index: dict[str, int] = field(default_factory=dict)
    route_index: dict[str, int] = field(default_factory=dict)
    trip_index: dict[str, int] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        """Last day that any service runs on."""
        return date.fromordinal(self.first_day.toordinal() + self.service_days.shape[1] - 1)


#: `pattern_kind`
ONE_LINE, SEVERAL_LINES, PART = np.uint8(0), np.uint8(1), np.uint8(2)

#: `stop_change_s` where transfers.txt forbids the change (type 3)
NO_CHANGE: Final = np.int32(2**30)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Layout:
    """Dated trips of a span of days in absolute time, as scheduled or with real time applied.

    The schedule and the live state have the same shape: `timetable.lay_out` makes one without real time
    (every planned array *is* its live twin), `live.overlay` one with. Times are int32 seconds from `base`.
    """

    #: epoch second of time 0
    base: int
    #: the calendar day (region's zone) that this layout answers for; see `timetable.layout.lay_out`
    day: date
    dated_trip: Int32s  # int32[N] trip, −1: ADDED, see `added`
    dated_day: Int32s  # int32[N] service day as `date.toordinal()`
    dated_start_s: Int32s  # int32[N] start of a frequency run, s after the origin; −1 without
    dated_route: Int32s  # int32[N] route, −1 unknown
    dated_state: UInt8s  # uint8[N] SCHEDULED … REPLACED
    dated_event: Int32s  # int32[N + 1] events of a dated trip, in order of calling
    dated_joined: UInt8s  # uint8[N] 1: the vehicle goes on as the next dated trip and riders may stay seated

    event_dated: Int32s  # int32[E]
    event_stop: Int32s  # int32[E] where it calls now
    event_planned_stop: Int32s  # int32[E]
    event_arrive: Int32s  # int32[E] expected; never before the previous event's departure
    event_depart: Int32s  # int32[E]
    event_planned_arrive: Int32s  # int32[E] NO_TIME where nobody planned it
    event_planned_depart: Int32s  # int32[E]
    event_flags: UInt8s  # uint8[E] BOARD | ALIGHT as it is now: 0 on a cancelled trip or a skipped stop
    event_planned_flags: UInt8s  # uint8[E]
    event_state: UInt8s  # uint8[E] REALTIME | SKIPPED | PLATFORM_CHANGED
    event_call: Int32s  # int32[E] call in the timetable, −1

    #: patterns: same route, same stops in the same order with the same flags, and no dated trip overtakes another
    #: anywhere. Were flags left out, a search that rides the first trip it catches would miss that it may not be left
    #: where the next one may. Dated trips that are joined run in one pattern as one long trip; where they are of
    #: several lines, each stands in a pattern of its own too, for those who may not ride them all.
    pattern_route: Int32s  # int32[P] the line of the first dated trip
    pattern_kind: UInt8s  # uint8[P] ONE_LINE | SEVERAL_LINES | PART of one with several
    pattern_stop_start: Int32s  # int32[P + 1]
    pattern_stop: Int32s  # int32[L]
    pattern_run_start: Int32s  # int32[P + 1]
    pattern_run: Int32s  # int32[U] first event of each run, by time; CANCELLED and DELETED are left out
    #: CSR: where each stop occurs in patterns
    stop_pattern_start: Int32s  # int32[S + 1]
    stop_pattern: Int32s  # int32[L]
    stop_pattern_position: Int32s  # int32[L]
    #: CSR: events of each stop by *planned stop or stop now*, sorted by expected departure (boards)
    stop_event_start: Int32s  # int32[S + 1]
    stop_event: Int32s  # int32[W]

    #: by dated trip: what a feed says of a trip that the timetable lacks or that runs otherwise
    added: dict[int, AddedTrip] = field(default_factory=dict)
    #: by dated trip: occupancy, vehicle
    occupancy: dict[int, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddedTrip:
    """A trip that only the real-time feed knows (ADDED, NEW, DUPLICATED, REPLACEMENT)."""

    trip_id: str
    headsign: str | None
    #: trip whose line, shape and accessibility it borrows, −1
    like_trip: int = -1


def freeze(arrays: Iterable[NDArray[Any]]) -> None:
    """Make arrays read-only: snapshots are shared between threads."""
    for array in arrays:
        array.flags.writeable = False


def arrays_of(record: Timetable | Layout) -> dict[str, NDArray[Any]]:
    """The array fields of a record by name (for the codec, `freeze` and the test of this docstring)."""
    values = {f.name: getattr(record, f.name) for f in fields(record)}
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
