"""Staying seated: which trips are joined, and when they part."""

from __future__ import annotations

import pytest

from smartreise.timetable.arrays import PART, SEVERAL_LINES, Timetable
from tests.drawing import draw, layout

THERE_AND_ON = """
    31/t1 [block=7]: A 08:00  B 08:10
    31/t2 [block=7]: B 08:12  C 08:20
"""


def joined(timetable: Timetable) -> list[tuple[str, str]]:
    """Pairs of trips that one may ride through, on the drawn day."""
    laid = layout(timetable)
    names = [timetable.trip_id[trip] for trip in laid.dated_trip]
    day = laid.day.toordinal()
    return [
        (names[n], names[n + 1])
        for n in range(len(names) - 1)
        if laid.dated_joined[n] and laid.dated_day[n] == laid.dated_day[n + 1] == day
    ]


def test_trips_of_a_block_are_joined_in_time() -> None:
    assert joined(draw(THERE_AND_ON)) == [("t1", "t2")]
    turned = "31/t2 [block=7]: B 08:12 C 08:20\n 31/x: A 09:00 B 09:10\n 31/t1 [block=7]: A 08:00 B 08:10"
    assert joined(draw(turned)) == [("t1", "t2")]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("31/t2 [block=8]: B 08:12 C 08:20", "another block"),
        ("31/t2 [block=7]: B 08:09 C 08:20", "it leaves before the first is there"),
        ("31/t2 [block=7]: D 08:12 C 08:20", "it begins elsewhere"),
        ("31/t2 [block=7 service=other]: B 08:12 C 08:20", "it runs on other days"),
    ],
)
def test_other_trips_are_not(second: str, why: str) -> None:
    timetable = draw(f"31/t1 [block=7]: A 08:00 B 08:10\n{second}", services={"other": "2026-12-01"})
    assert joined(timetable) == [], why


def test_platforms_of_a_station_are_one_place_to_a_vehicle() -> None:
    rows = "31/t1 [block=7]: A 08:00 B1 08:10\n 31/t2 [block=7]: B2 08:12 C 08:20"
    assert joined(draw(rows, stations={"B": "B1 B2"})) == [("t1", "t2")]


def test_transfers_txt_joins_and_parts_by_name() -> None:
    plain = "31/t1: A 08:00 B 08:10\n 31/t2: B 08:12 C 08:20"
    names = {"from_trip_id": "t1", "to_trip_id": "t2", "from_stop_id": "B", "to_stop_id": "B"}
    assert joined(draw(plain, transfers=[{**names, "transfer_type": "4"}])) == [("t1", "t2")]
    assert joined(draw(THERE_AND_ON, transfers=[{**names, "transfer_type": "5"}])) == []


def test_joined_trips_of_several_lines_also_stand_alone() -> None:
    laid = layout(draw("31/t1 [block=7]: A 08:00 B 08:10\n 32/t2 [block=7]: B 08:12 C 08:20"))
    assert sorted(laid.pattern_kind.tolist()) == [SEVERAL_LINES, PART, PART]
