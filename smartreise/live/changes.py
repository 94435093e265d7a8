"""What feeds say of dated trips as one table, which is all that the overlay reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from smartreise.live.ids import look_up, stop_ids
from smartreise.live.kernels import OUTDATED, Changes, Heard
from smartreise.live.match import Key
from smartreise.live.updates import KINDS, Said, said_of
from smartreise.model.realtime import StopTimeUpdate
from smartreise.timetable.arrays import Int32s, Timetable

#: `Changes.until` of a feed that is believed as far as it speaks
ALWAYS = np.int64(2**62)


def heard(timetable: Timetable, said: Said, text: np.ndarray[tuple[int], np.dtype[np.uint8]], prefix: str) -> Heard:
    """Stop updates with their stops found in the timetable."""
    ids = stop_ids(timetable, prefix)
    return Heard(
        said.sequence,
        look_up(ids, text, said.stop),
        look_up(ids, text, said.assigned),
        said.kind,
        said.events,
        said.arrive,
        said.depart,
        said.occupancy,
    )


def heard_of(timetable: Timetable, stops: Sequence[StopTimeUpdate], prefix: str) -> Heard:
    """As `heard`, from records."""
    text = bytearray()

    def span(word: str | None) -> tuple[int, int]:
        start = len(text)
        text.extend((word or "").encode("utf-8", "surrogatepass"))
        return start, len(text)

    said = said_of(stops, span)
    return heard(timetable, said, np.frombuffer(bytes(text), np.uint8), prefix)


def changes_of(
    timetable: Timetable, told: Mapping[Key, tuple[str, Sequence[StopTimeUpdate]]], prefix: str = ""
) -> Changes:
    """A table from records: by dated trip, its relationship and stop updates."""
    keys = np.array(list(told), np.int32).reshape(-1, 3)
    return Changes(
        trip=keys[:, 0].copy(),
        day=keys[:, 1].copy(),
        start_s=keys[:, 2].copy(),
        kind=np.array([KINDS.get(kind, 0) for kind, _ in told.values()], np.uint8),
        until=np.full(len(told), ALWAYS),
        heard_start=np.r_[0, np.cumsum([len(stops) for _, stops in told.values()])].astype(np.int32),
        heard=heard_of(timetable, [stop for _, stops in told.values() for stop in stops], prefix),
    )


def in_order(heard: Heard, start: Int32s) -> tuple[Heard, int]:
    """Stop updates in order of calling, by their sequence where a feed has shuffled those of a trip; and of how many
    trips. ``start`` int32[M + 1] are the rows of each."""
    count = len(start) - 1
    trip = np.repeat(np.arange(count), np.diff(start))
    same = trip[1:] == trip[:-1]
    shuffled = np.zeros(count, np.bool_)
    shuffled[trip[1:][same & (heard.sequence[1:] < heard.sequence[:-1])]] = True
    shuffled[trip[heard.sequence < 0]] = False
    if not shuffled.any():
        return heard, 0
    order = np.lexsort((np.where(shuffled[trip], heard.sequence, 0), trip))
    columns: Any = [column[order] for column in heard]
    return Heard(*columns), int(shuffled.sum())


def join(tables: Sequence[Changes]) -> Changes:
    """One table of several."""
    if len(tables) == 1:
        return tables[0]
    columns = {name: np.concatenate([getattr(table, name) for table in tables]) for name in Changes._fields[:5]}
    lengths = np.concatenate([np.diff(table.heard_start) for table in tables])
    parts = [np.concatenate(columns) for columns in zip(*(table.heard for table in tables), strict=True)]
    return Changes(**columns, heard_start=np.r_[0, np.cumsum(lengths)].astype(np.int32), heard=Heard(*parts))


def settle(changes: Changes, rank: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[Changes, int]:
    """Of several changes of one dated trip the one of highest ``rank`` int64[M] counts, the others are OUTDATED: the
    table, and how many those are."""
    order = np.lexsort((rank, changes.start_s, changes.day, changes.trip))
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for column in (changes.trip, changes.day, changes.start_s):
        same &= column[order[1:]] == column[order[:-1]]
    if not same.any():
        return changes, 0
    kind = changes.kind.copy()
    kind[order[:-1][same]] = OUTDATED
    return changes._replace(kind=kind), int(same.sum())


def is_same(one: Changes, other: Changes) -> bool:
    """Do two tables say the same?"""
    pairs: list[tuple[Any, Any]] = [*zip(one[:-1], other[:-1], strict=True), *zip(one.heard, other.heard, strict=True)]
    return all(np.array_equal(a, b) for a, b in pairs)
