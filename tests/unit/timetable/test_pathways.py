"""Time through a station by pathways.txt, on foot and by wheelchair."""

from __future__ import annotations

from typing import Any

from smartreise.timetable.arrays import NO_CHANGE, Timetable
from tests.drawing import draw

#: two platforms of a station at one place, and what lies between them
TRIPS = "1/t1 [wheelchair=1]: A 08:00 P1 08:10\n2/t2 [wheelchair=1]: P2 08:20 B 08:30"
PLACES = dict.fromkeys(("P1", "P2", "S", "HALL", "AREA", "DOOR"), (59.9, 10.5))
OPTIONS = {
    "HALL": {"location_type": "3", "parent_station": "S"},
    "DOOR": {"location_type": "2", "parent_station": "S"},
    "AREA": {"location_type": "4", "parent_station": "P2"},
}
WALKWAY, STAIRS, ESCALATOR, LIFT = "1", "2", "4", "5"


def way(one: str, other: str, mode: str, time: str = "", *, back: str = "1", **more: str) -> dict[str, str]:
    ends = {"from_stop_id": one, "to_stop_id": other, "is_bidirectional": back}
    return {"pathway_id": one + other + mode, **ends, "pathway_mode": mode, "traversal_time": time, **more}


def station(*pathways: dict[str, str], **more: Any) -> Timetable:
    options = {**OPTIONS, **more.pop("options", {})}
    places = {**PLACES, **more.pop("places", {})}
    return draw(TRIPS, places=places, stations={"S": "P1 P2"}, stop_options=options, pathways=pathways, **more)


def change_s(timetable: Timetable, one: str, other: str) -> tuple[int, int | None]:
    """Least seconds of a change between two stops, on foot and by wheelchair."""
    row, to = timetable.stop_index[one], timetable.stop_index[other]
    rows = range(timetable.footpath_start[row], timetable.footpath_start[row + 1])
    (found,) = [i for i in rows if timetable.footpath_stop[i] == to]
    by_wheelchair = int(timetable.footpath_wheelchair_s[found])
    return int(timetable.footpath_s[found]), by_wheelchair if by_wheelchair < NO_CHANGE else None


def test_a_change_takes_a_minute_and_the_way_through_the_station() -> None:
    timetable = station(way("P1", "HALL", STAIRS, "45"), way("HALL", "P2", WALKWAY, "100"))
    assert change_s(timetable, "P1", "P2") == (60 + 145, None)
    assert change_s(station(), "P1", "P2") == (60, 60)


def test_a_wheelchair_takes_the_lift_where_others_take_the_stairs() -> None:
    ways = [way("P1", "HALL", STAIRS, "45"), way("P1", "HALL", LIFT, "120"), way("HALL", "P2", WALKWAY, "100")]
    assert change_s(station(*ways), "P1", "P2") == (205, 280)
    up = [way("P1", "HALL", ESCALATOR, "30", back="0"), way("HALL", "P1", LIFT, "90"), way("HALL", "P2", WALKWAY, "1")]
    assert change_s(station(*up), "P1", "P2") == (91, 151)
    assert change_s(station(*up), "P2", "P1") == (151, 151)


def test_a_boarding_area_is_its_platform() -> None:
    timetable = station(way("P1", "HALL", WALKWAY, "30"), way("HALL", "AREA", WALKWAY, "40"))
    assert change_s(timetable, "P1", "P2") == (130, 130)


def test_where_no_time_is_stated_length_steps_or_storeys_tell() -> None:
    assert change_s(station(way("P1", "P2", WALKWAY, length="130")), "P1", "P2")[0] == 60 + 100
    assert change_s(station(way("P1", "P2", STAIRS, stair_count="-50")), "P1", "P2")[0] == 60 + 30
    levels = [{"level_id": "L0", "level_index": "0"}, {"level_id": "L2", "level_index": "-2"}]
    options = {"P1": {"level_id": "L0"}, "P2": {"level_id": "L2"}}
    deep = station(way("P1", "P2", LIFT), options=options, levels=levels)
    assert change_s(deep, "P1", "P2") == (100, 100)


def test_platforms_that_no_pathway_joins_are_walked_between_but_not_rolled() -> None:
    assert change_s(station(way("P1", "HALL", WALKWAY, "5"), way("P2", "DOOR", WALKWAY, "5")), "P1", "P2") == (60, None)


def test_a_stated_way_is_never_quicker_than_the_crow_walks() -> None:
    apart = {"P2": (59.9, 10.51)}
    assert change_s(station(way("P1", "P2", WALKWAY, "20"), places=apart), "P1", "P2")[0] > 600


def test_transfers_txt_binds_before_pathways() -> None:
    rule = {"from_stop_id": "S", "to_stop_id": "S", "transfer_type": "2", "min_transfer_time": "500"}
    timetable = station(way("P1", "P2", STAIRS, "20"), transfers=[rule])
    assert change_s(timetable, "P1", "P2") == (500, None)


def test_pathways_of_what_is_not_there_are_counted() -> None:
    timetable = station(way("P1", "Q", WALKWAY, "20"), way("P1", "P2", "9", "20"), way("P1", "P2", WALKWAY, "2e1"))
    assert timetable.counts["pathway_unknown_stop_or_mode"] == 2
    assert change_s(timetable, "P1", "P2") == (80, 80)
