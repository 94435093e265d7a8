"""Where transfers.txt names lines or trips, a stop is several stops to the search.

A rule such as "from line 1 to line 2 in no time" or "never from this trip" cannot be had by labels that only know
stops: an arrival by line 3 would hide a later one by line 1 that catches more. So the calls at such a stop are dealt
into classes, by the line and trip that some rule there names, and each class is a stop of its own: its changes to other
classes are footpaths, by the most specific rule that speaks of them. Nothing in the kernels knows of it.

What a reader would get wrong: class numbers begin where stop numbers end, and calls that no rule names keep the number
of their stop. Patterns whose runs are of different classes are dealt too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.timetable.arrays import NO_CHANGE, Int32s, Layout, Timetable

TIMED, MINIMUM, FORBIDDEN = 1, 2, 3
_ANY: Final = -1


@dataclass(frozen=True, slots=True)
class Classes:
    """Stops and classes of a layout, C in all. ``of`` are those of each stop that has more than itself."""

    of: dict[int, list[int]]
    stop: Int32s  # int32[C] the stop that a class belongs to
    route: Int32s  # int32[C] −1: of lines that no rule names here
    trip: Int32s  # int32[C]
    event_stop: Int32s  # int32[E] class of each event

    def all_of(self, stop: int) -> list[int]:
        """The stop itself and its classes."""
        return self.of.get(stop, [stop])


@dataclass(frozen=True, slots=True)
class Dealt:
    """What takes the place of a layout's and a timetable's arrays of the same names; ``pattern_of`` int32[P] is the
    layout's pattern that each came from."""

    arrays: dict[str, NDArray[Any]]
    pattern_of: Int32s
    classes: Classes


def deal(timetable: Timetable, layout: Layout) -> Dealt | None:
    """The layout as its rules need it; None where no rule names a line or trip, or nothing runs."""
    rules = [row for row in timetable.qualified_transfers if row["type"] <= FORBIDDEN]
    rules = [row for row in rules if row["from_stop"] is not None and row["to_stop"] is not None]
    if not rules or not len(layout.pattern_run):
        return None
    classes = _classes(timetable, layout, rules)
    patterns, pattern_of = _patterns(layout, classes)
    event = layout.stop_event[np.argsort(classes.event_stop[layout.stop_event], kind="stable")]
    arrays: dict[str, NDArray[Any]] = {
        **patterns,
        **_changes(timetable, classes, rules),
        "real_stop": classes.stop,
        "event_stop": classes.event_stop,
        "stop_event_start": _starts(len(classes.stop), classes.event_stop),
        "stop_event": event,
    }
    return Dealt(arrays, pattern_of, classes)


def _classes(timetable: Timetable, layout: Layout, rules: Sequence[dict[str, Any]]) -> Classes:
    routes: set[tuple[int, int]] = set()
    trips: set[tuple[int, int]] = set()
    for row in rules:
        for side in ("from", "to"):
            for at in _members(timetable, row[f"{side}_stop"]):
                if row[f"{side}_trip"] is not None:
                    trips.add((at, row[f"{side}_trip"]))
                elif row[f"{side}_route"] is not None:
                    routes.add((at, row[f"{side}_route"]))
    rows = np.flatnonzero(np.isin(layout.event_stop, sorted({stop for stop, _ in routes | trips})))
    stop, dated = layout.event_stop[rows], layout.event_dated[rows]
    route = np.where(_named(stop, layout.dated_route[dated], routes), layout.dated_route[dated], _ANY)
    trip = np.where(_named(stop, layout.dated_trip[dated], trips), layout.dated_trip[dated], _ANY)
    apart = (route >= 0) | (trip >= 0)
    found, number = np.unique(np.stack((stop, route, trip))[:, apart], axis=1, return_inverse=True)
    count = len(timetable.stop_id)
    event_stop = layout.event_stop.copy()
    event_stop[rows[apart]] = count + number.ravel()
    of: dict[int, list[int]] = {}
    for n, at in enumerate(found[0].tolist()):
        of.setdefault(at, [at]).append(count + n)
    none = np.full(count, _ANY)

    def column(usual: Any, apart: Any) -> Int32s:
        joined: Int32s = np.r_[usual, apart].astype(np.int32)
        return joined

    return Classes(of, column(np.arange(count), found[0]), column(none, found[1]), column(none, found[2]), event_stop)


def _named(stop: Int32s, what: Int32s, named: set[tuple[int, int]]) -> NDArray[np.bool_]:
    keys = np.array([(at << 32) + number for at, number in named], dtype=np.int64)
    return np.isin((stop.astype(np.int64) << 32) + what, keys)


def _members(timetable: Timetable, stop: int) -> list[int]:
    members: list[int] = timetable.member[timetable.member_start[stop] : timetable.member_start[stop + 1]].tolist()
    return members


def _changes(timetable: Timetable, classes: Classes, rules: Sequence[dict[str, Any]]) -> dict[str, NDArray[Any]]:
    """Footpaths and changes between classes: as between their stops, unless a rule speaks, the most specific last."""
    usual, onto, seconds = timetable.stop_change_s, timetable.footpath_stop, timetable.footpath_s
    origin = np.repeat(np.arange(len(usual), dtype=np.int32), np.diff(timetable.footpath_start))
    dealt = np.isin(origin, list(classes.of)) | np.isin(onto, list(classes.of))
    columns = (array[dealt].tolist() for array in (origin, onto, seconds))
    walks = {(a, b): s for a, b, s in zip(*columns, strict=True)}
    table = _table(timetable, classes, rules, walks)
    change_s = usual[classes.stop].copy()
    for x in {x for known in classes.of.values() for x in known}:
        change_s[x] = table.pop((x, x))
    pairs = [(x, y, s) for (x, y), s in table.items() if s < NO_CHANGE]
    more = np.array(pairs, dtype=np.int32).reshape(-1, 3).T
    first, second, took = (
        np.r_[array[~dealt], part].astype(np.int32) for array, part in zip((origin, onto, seconds), more, strict=True)
    )
    order = np.lexsort((second, first))
    return {
        "stop_change_s": change_s,
        "footpath_start": _starts(len(classes.stop), first),
        "footpath_stop": second[order],
        "footpath_s": took[order],
    }


def _table(
    timetable: Timetable,
    classes: Classes,
    rules: Sequence[dict[str, Any]],
    walks: dict[tuple[int, int], int],
) -> dict[tuple[int, int], int]:
    """Seconds of the changes between classes; ``walks`` are the footpaths that lead from or to a stop with classes."""
    usual = timetable.stop_change_s
    changes = {(a, a): int(usual[a]) for a in classes.of}
    table = {
        (x, y): seconds
        for (a, b), seconds in {**walks, **changes}.items()
        for x in classes.all_of(a)
        for y in classes.all_of(b)
    }
    for row in sorted(rules, key=rank_of):
        for a in _members(timetable, row["from_stop"]):
            for b in _members(timetable, row["to_stop"]):
                seconds = _seconds(row, int(usual[a]) if a == b else walks.get((a, b), int(NO_CHANGE)))
                for x in _concerned(classes, a, row["from_route"], row["from_trip"]):
                    for y in _concerned(classes, b, row["to_route"], row["to_trip"]):
                        table[x, y] = seconds
    return table


def rank_of(row: dict[str, Any]) -> tuple[int, int]:
    """How specific a rule is, by GTFS: trips before lines, two before one."""
    trips = [row[f"{side}_trip"] is not None for side in ("from", "to")]
    routes = [row[f"{side}_route"] is not None and not trip for side, trip in zip(("from", "to"), trips, strict=True)]
    return sum(trips), sum(routes)


def _seconds(row: dict[str, Any], usual: int) -> int:
    if row["type"] == FORBIDDEN:
        return int(NO_CHANGE)
    if row["type"] == TIMED:
        return 0
    least = row["min_transfer_time"]
    return int(least) if row["type"] == MINIMUM and least is not None else usual


def _concerned(classes: Classes, stop: int, route: int | None, trip: int | None) -> Iterator[int]:
    """Classes at a stop that a side of a rule speaks of."""
    for x in classes.all_of(stop):
        if trip is not None:
            if classes.trip[x] == trip:
                yield x
        elif route is None or classes.route[x] == route:
            yield x


def _patterns(layout: Layout, classes: Classes) -> tuple[dict[str, NDArray[Any]], Int32s]:
    """Patterns by class: the stops of all, and those whose runs are of several classes dealt."""
    start, run_start = layout.pattern_stop_start, layout.pattern_run_start
    head = layout.pattern_run[run_start[:-1]] if len(layout.pattern_run) else run_start[:-1]
    length = np.diff(start)
    position = np.arange(len(layout.pattern_stop)) - np.repeat(start[:-1], length)
    stops = classes.event_stop[np.repeat(head, length) + position]
    split = np.isin(layout.pattern_stop, list(classes.of))
    touched = np.unique(np.repeat(np.arange(len(length)), length)[split])
    of, pieces, runs = (
        list(range(len(length))),
        np.split(stops, start[1:-1]),
        np.split(layout.pattern_run, run_start[1:-1]),
    )
    for pattern in touched.tolist():
        sequences = classes.event_stop[runs[pattern][:, None] + np.arange(length[pattern])]
        kinds, kind = np.unique(sequences, axis=0, return_inverse=True)
        if len(kinds) > 1:
            members = runs[pattern]
            for number, sequence in enumerate(kinds):
                chosen = members[kind.ravel() == number]
                if number == 0:
                    pieces[pattern], runs[pattern] = sequence, chosen
                else:
                    of.append(pattern)
                    pieces.append(sequence)
                    runs.append(chosen)
    return _indexed(len(classes.stop), pieces, runs), np.array(of, dtype=np.int32)


def _indexed(count: int, pieces: Sequence[Int32s], runs: Sequence[Int32s]) -> dict[str, NDArray[Any]]:
    """Pattern arrays from the stops and the runs of each pattern, with the index by stop."""
    flat = np.concatenate(pieces).astype(np.int32)
    lengths = np.array([len(piece) for piece in pieces], dtype=np.int32)
    stop_start = np.r_[0, np.cumsum(lengths)].astype(np.int32)
    by_stop = np.argsort(flat, kind="stable")
    place = (np.arange(len(flat)) - np.repeat(stop_start[:-1], lengths)).astype(np.int32)
    return {
        "pattern_stop_start": stop_start,
        "pattern_stop": flat,
        "pattern_run_start": np.r_[0, np.cumsum([len(run) for run in runs])].astype(np.int32),
        "pattern_run": np.concatenate(runs).astype(np.int32),
        "stop_pattern_start": _starts(count, flat),
        "stop_pattern": np.repeat(np.arange(len(pieces)), lengths)[by_stop].astype(np.int32),
        "stop_pattern_position": place[by_stop],
    }


def _starts(count: int, index: Int32s) -> Int32s:
    starts: Int32s = np.r_[0, np.cumsum(np.bincount(index, minlength=count))].astype(np.int32)
    return starts
