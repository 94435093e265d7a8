"""Trip updates as columns: what the kernels read, made from a scanned message or from records.

Capitals are lengths::

    U trip updates  W stop updates  B bytes of text

A *span* is int32[2], start and end in ``text``; an empty one means that the feed says nothing. What a reader would get
wrong: `Scanned` is a sequence of `TripUpdate` records that are parsed only when somebody looks at them; the columns
hold the ordinary updates alone, whatever is out of the ordinary stands in ``odd``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from smartreise.live.match import parse_date
from smartreise.model.realtime import StopTimeUpdate, TimeEvent, TripUpdate

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
UInt8s = NDArray[np.uint8]

#: values of `Updates.kind`, as in the specification; all others are out of the ordinary
SCHEDULED, CANCELED, DELETED = 0, 3, 7
KINDS: Final = {"SCHEDULED": SCHEDULED, "CANCELED": CANCELED, "DELETED": DELETED}
#: values of `Said.kind`, as in the specification
STOP_KINDS: Final = {"SCHEDULED": 0, "SKIPPED": 1, "NO_DATA": 2, "UNSCHEDULED": 3}
#: values of `Said.occupancy`, as in the specification
OCCUPANCIES: Final = (
    "EMPTY", "MANY_SEATS_AVAILABLE", "FEW_SEATS_AVAILABLE", "STANDING_ROOM_ONLY", "CRUSHED_STANDING_ROOM_ONLY",
    "FULL", "NOT_ACCEPTING_PASSENGERS", "NO_DATA_AVAILABLE", "NOT_BOARDABLE",
)  # fmt: skip
#: bits of `Said.events`
ARRIVAL, ARRIVAL_TIME, DEPARTURE, DEPARTURE_TIME = 1, 2, 4, 8
#: `Updates.day` of an update without a start date
NO_DAY: Final = -1


class Said(NamedTuple):
    """Stop updates: what is said of calls."""

    sequence: Int64s  # int64[W] stop_sequence, −1
    stop: Int32s  # int32[W, 2] span of the stop id
    assigned: Int32s  # int32[W, 2] span of the assigned stop's id
    kind: UInt8s  # uint8[W] see STOP_KINDS
    events: UInt8s  # uint8[W] ARRIVAL | ARRIVAL_TIME | DEPARTURE | DEPARTURE_TIME
    arrive: Int64s  # int64[W] epoch s where ARRIVAL_TIME is set, else delay in s
    depart: Int64s  # int64[W]
    occupancy: NDArray[np.int8]  # int8[W] index in OCCUPANCIES, −1


class Updates(NamedTuple):
    """Ordinary trip updates: known by trip id, date well-formed, kind one of KINDS."""

    text: UInt8s  # uint8[B]
    order: Int32s  # int32[U] place among all trip updates of the message
    entity: Int32s  # int32[U, 2] span of the whole entity
    trip: Int32s  # int32[U, 2] span of the trip id
    start_time: Int32s  # int32[U, 2] span
    day: Int32s  # int32[U] start date as `date.toordinal()`, NO_DAY
    kind: UInt8s  # uint8[U]
    delayed: UInt8s  # uint8[U] 1: has a delay of the whole trip, which is ignored
    said_start: Int32s  # int32[U + 1] CSR into `said`
    said: Said


@dataclass(frozen=True, slots=True, eq=False)
class Scanned(Sequence[TripUpdate]):
    """The trip updates of a message, in order; records are made when asked for."""

    updates: Updates
    #: by place: updates that are out of the ordinary, or whose duplicates or bounds needed a closer look
    odd: dict[int, TripUpdate]
    #: an entity's bytes as a record
    parse: Callable[[bytes], TripUpdate]
    _row: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.updates.order) + len(self.odd)

    @overload
    def __getitem__(self, place: int) -> TripUpdate: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TripUpdate]: ...
    def __getitem__(self, place: int | slice) -> TripUpdate | Sequence[TripUpdate]:
        if isinstance(place, slice):
            return tuple(self)[place]
        number = place + len(self) if place < 0 else place
        if not 0 <= number < len(self):
            raise IndexError(place)
        return self.odd[number] if number in self.odd else self._parse(self._rows()[number])

    def __iter__(self) -> Iterator[TripUpdate]:
        return (self[number] for number in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _rows(self) -> dict[int, int]:
        if not self._row and len(self.updates.order):
            self._row.update({int(place): row for row, place in enumerate(self.updates.order)})
        return self._row

    def _parse(self, row: int) -> TripUpdate:
        start, end = self.updates.entity[row]
        return self.parse(self.updates.text[start:end].tobytes())


def ordinary(update: TripUpdate) -> bool:
    """May the update stand in columns?"""
    trip = update.trip
    dated = trip.start_date is None or parse_date(trip.start_date) is not None
    return bool(trip.trip_id) and dated and trip.relationship in KINDS


def columns(records: Sequence[TripUpdate], order: Sequence[int]) -> Updates:
    """Ordinary records as columns; ``order`` are their places in the message."""
    text = bytearray()

    def span(word: str | None) -> tuple[int, int]:
        start = len(text)
        text.extend((word or "").encode("utf-8", "surrogatepass"))
        return start, len(text)

    rows = [
        (
            span(record.trip.trip_id),
            span(record.trip.start_time),
            NO_DAY if record.trip.start_date is None else day_of(record.trip.start_date),
            KINDS[record.trip.relationship],
            record.delay_s is not None,
        )
        for record in records
    ]
    said = said_of([stop for record in records for stop in record.stops], span)
    lengths = [len(record.stops) for record in records]
    return Updates(
        text=np.frombuffer(bytes(text), np.uint8),
        order=np.array(order, np.int32),
        entity=np.zeros((len(rows), 2), np.int32),
        trip=np.array([row[0] for row in rows], np.int32).reshape(-1, 2),
        start_time=np.array([row[1] for row in rows], np.int32).reshape(-1, 2),
        day=np.array([row[2] for row in rows], np.int32),
        kind=np.array([row[3] for row in rows], np.uint8),
        delayed=np.array([row[4] for row in rows], np.uint8),
        said_start=np.r_[0, np.cumsum(lengths)].astype(np.int32),
        said=said,
    )


def said_of(stops: Sequence[StopTimeUpdate], span: Callable[[str | None], tuple[int, int]]) -> Said:
    """Stop updates as columns; ``span`` puts a word into the text and tells where it stands."""
    said = Said(
        np.full(len(stops), -1, np.int64),
        np.zeros((len(stops), 2), np.int32),
        np.zeros((len(stops), 2), np.int32),
        np.zeros(len(stops), np.uint8),
        np.zeros(len(stops), np.uint8),
        np.zeros(len(stops), np.int64),
        np.zeros(len(stops), np.int64),
        np.full(len(stops), -1, np.int8),
    )
    for row, stop in enumerate(stops):
        said.sequence[row] = -1 if stop.sequence is None else stop.sequence
        said.stop[row], said.assigned[row] = span(stop.stop_id), span(stop.assigned_stop_id)
        said.kind[row] = STOP_KINDS.get(stop.relationship, 0)
        for event, values, has, is_time in (
            (stop.arrival, said.arrive, ARRIVAL, ARRIVAL_TIME),
            (stop.departure, said.depart, DEPARTURE, DEPARTURE_TIME),
        ):
            said.events[row] |= _event(event, values, row, has, is_time)
        if stop.occupancy in OCCUPANCIES:
            said.occupancy[row] = OCCUPANCIES.index(stop.occupancy)
    return said


def day_of(text: str) -> int:
    """YYYYMMDD as `date.toordinal()`; the date is known to be one."""
    day = parse_date(text)
    assert day is not None, text
    return day.toordinal()


def _event(event: TimeEvent | None, values: Int64s, row: int, has: int, is_time: int) -> int:
    """Write an event's value; the bits that tell what it is. A time wins over a delay."""
    if event is None or (event.time is None and event.delay_s is None):
        return 0
    if event.time is not None:
        values[row] = event.time
        return has | is_time
    assert event.delay_s is not None
    values[row] = event.delay_s
    return has
