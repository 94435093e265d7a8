"""Departure boards. A station's board covers its stops.

What a reader would get wrong: with `at` left out a board means now and ages by itself; with `at` it stands
still, but real time still applies to what it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.board.departures import CANCELLED_STAYS_S, DepartureRow, end_of_tomorrow, list_departures
from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.modes import TRANSIT_MODES
from smartreise.model.problems import BadInput, UnknownId
from smartreise.timetable.names import members
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.moments import check_moment, earliest
from smartreise.views.params import AT, LIMIT, LINES, MODES_ONLY, Canonical, Names, Parameter, Text, canonical
from smartreise.views.rendering import (
    alerts_about,
    alerts_named,
    alerts_turn,
    departure_of,
    realtime_state,
    realtime_turn,
    stale_real_time,
    stop_of,
)

STOP: Final = Text(name="stop", about="A stop's or station's id.", required=True, example="NSR:StopPlace:3609")
DIRECTIONS: Final = Names(name="directions", about="Only these GTFS directions.", known=("0", "1"), example="0")


class BoardView:
    """`GET /v1/stops/{stop}/departures` and the topic `board`."""

    name = "board"
    about = "Departures from a stop or station"
    parameters: Sequence[Parameter[Any]] = (STOP, LIMIT, AT, LINES, MODES_ONLY, DIRECTIONS)
    result: type[wire.Wire] = wire.Board
    reads: frozenset[Aspect] = frozenset({"timetable", "layouts", "realtime", "alerts", "occupancies"})

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        stop = get_stop(snapshot, STOP.get(params))
        asked = AT.find(params)
        if asked is not None:
            check_moment(snapshot, asked, now=now)
        directions = DIRECTIONS.find(params)
        rows = list_departures(
            snapshot,
            members(snapshot.timetable, stop),
            at=now if asked is None else asked,
            now=now,
            limit=LIMIT.get(params),
            routes=routes_of(snapshot, LINES.find(params), MODES_ONLY.find(params)),
            directions=None if directions is None else frozenset(int(d) for d in directions),
        )
        return Answer(_board(snapshot, stop, rows, now), _turn(snapshot, rows, now, moving=asked is None))


def get_stop(snapshot: Snapshot, id_: str) -> int:
    """Index of a stop or station. Raises `UnknownId`."""
    found = snapshot.timetable.stop_index.get(id_)
    if found is None or snapshot.timetable.stop_kind[found] > 1:
        raise UnknownId("stop", id_)
    return found


def routes_of(snapshot: Snapshot, lines: Sequence[str] | None, modes: Sequence[str] | None) -> NDArray[np.bool_] | None:
    """bool[R + 1]: lines that are wanted; None: all. Raises `BadInput` for a line that does not exist."""
    if lines is None and modes is None:
        return None
    timetable = snapshot.timetable
    wanted = np.ones(len(timetable.route_id) + 1, dtype=np.bool_)
    wanted[-1] = False
    if lines is not None:
        known = {*timetable.route_id, *timetable.route_name}
        for line in lines:
            if line not in known:
                raise BadInput("lines", f"no line {line}")
        pairs = zip(timetable.route_id, timetable.route_name, strict=True)
        wanted[:-1] &= np.array([id_ in lines or name in lines for id_, name in pairs], dtype=np.bool_)
    if modes is not None:
        numbers = [number for number, mode in enumerate(TRANSIT_MODES) if mode in modes]
        wanted[:-1] &= np.isin(timetable.route_mode, numbers)
    return wanted


def _board(snapshot: Snapshot, stop: int, rows: Sequence[DepartureRow], now: int) -> wire.Board:
    departures = [departure_of(snapshot, row, now=now) for row in rows]
    stops = {stop, *members(snapshot.timetable, stop)}
    about = [alert.alert.id for alert in alerts_about(snapshot, now=now, stops=stops)]
    about += [id_ for departure in departures for id_ in departure.alerts]
    return wire.Board(
        stop=stop_of(snapshot, stop),
        departures=departures,
        alerts=alerts_named(snapshot, about, now=now),
        realtime=realtime_state(snapshot, now),
        realtime_at=stale_real_time(snapshot, now),
    )


def _turn(snapshot: Snapshot, rows: Sequence[DepartureRow], now: int, *, moving: bool) -> int | None:
    """When a row leaves, a day ends, an alert turns or real time grows stale."""
    turns = [alerts_turn(snapshot, now), realtime_turn(snapshot, now)]
    if moving:
        gone = [row.expected + 1 + (CANCELLED_STAYS_S if row.cancelled else 0) for row in rows]
        turns += [min((at for at in gone if at > now), default=None), end_of_tomorrow(now, snapshot.zone) - 86_400]
    return earliest(*turns)
