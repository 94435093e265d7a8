"""Limits of a question: wheelchair, metres at a change, lines, changes, the window's ends, and the mirror."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.search import search
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.layout import BEFORE_S
from tests.drawing import draw, layout

EIGHT = BEFORE_S + 8 * 3600


def at(timetable: Timetable, stop: str, seconds: int = 0) -> StopTimesTo:
    return StopTimesTo(np.array([timetable.stop_index[stop]], np.int32), np.array([seconds], np.int32))


def ways(
    timetable: Timetable, *, origin: str = "A", destination: str = "C", span: int = 3600, **limits: Any
) -> list[str]:
    """Journeys as "leave arrive changes"."""
    query = Query(at(timetable, origin), (at(timetable, destination),), earliest=EIGHT, latest=EIGHT + span, **limits)
    found = search(timetable, layout(timetable), query).journeys[0]
    return sorted({f"{clock(j.leave)} {clock(j.arrive)} {j.transfers}" for j in found})


def clock(seconds: int) -> str:
    return f"{(seconds - BEFORE_S) // 3600:02}:{(seconds - BEFORE_S) // 60 % 60:02}"


def test_unknown_is_not_yes_for_a_wheelchair() -> None:
    rows = "1/known [wheelchair=1]: A 08:20 C 08:30\n1/unknown: A 08:10 C 08:20\n1/no [wheelchair=2]: A 08:15 C 08:25"
    yes = {"wheelchair_boarding": "1"}
    everywhere = draw(rows, stop_options={"A": yes, "C": yes})
    assert ways(everywhere, wheelchair=True) == ["08:20 08:30 0"]
    assert len(ways(everywhere)) == 3
    assert ways(draw(rows, stop_options={"A": yes}), wheelchair=True) == []


def test_a_change_on_foot_may_be_too_far() -> None:
    places = {"A": (59.9, 10.0), "B": (59.9, 10.1), "D": (59.9, 10.106), "C": (59.9, 10.2)}
    timetable = draw("1/a: A 08:00 B 08:10\n2/b: D 08:20 C 08:30", places=places)
    assert ways(timetable) == ["08:00 08:30 1"]
    assert ways(timetable, max_transfer_walk_m=500.0) == ["08:00 08:30 1"]
    assert ways(timetable, max_transfer_walk_m=300.0) == []


def test_only_some_lines_and_so_many_changes() -> None:
    timetable = draw("1/a: A 08:00 B 08:10\n2/b: B 08:15 C 08:25\n3/c: A 08:00 C 09:00")
    lines = np.array([route != "2" for route in timetable.route_id] + [False])
    assert ways(timetable) == ["08:00 08:25 1", "08:00 09:00 0"]
    assert ways(timetable, routes=lines) == ["08:00 09:00 0"]
    assert ways(timetable, max_transfers=0) == ["08:00 09:00 0"]
    assert ways(timetable, max_travel_s=1800) == ["08:00 08:25 1"]


def test_a_journey_of_a_day_is_refused_rather_than_lost() -> None:
    timetable = draw("1/slow: A 08:00 C 26:00")
    assert ways(timetable, max_travel_s=65_534) == ["08:00 26:00 0"]
    with pytest.raises(ValueError, match="less than 65535 s, not 86400"):
        ways(timetable, max_travel_s=86_400)


def test_both_ends_of_the_window_are_in_it() -> None:
    timetable = draw("1/a: A 08:00 C 08:10\n1/b: A 09:00 C 09:10\n1/c: A 09:01 C 09:11\n1/d: A 07:59 C 08:09")
    assert ways(timetable) == ["08:00 08:10 0", "09:00 09:10 0"]
    assert ways(timetable, arrive_by=True) == ["07:59 08:09 0", "08:00 08:10 0"]
    assert ways(timetable, arrive_by=True, span=4200) == ["07:59 08:09 0", "08:00 08:10 0", "09:00 09:10 0"]


def test_what_one_just_after_the_window_beats_is_left_out_on_request() -> None:
    timetable = draw("1/slow: A 09:00 C 10:00\n2/fast: A 09:05 C 09:30")
    assert ways(timetable) == ["09:00 10:00 0"]
    assert ways(timetable, beyond_s=1800) == []
