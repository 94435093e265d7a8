"""Changes between stops: neighbourhood, stations, and transfers.txt where it speaks."""

from __future__ import annotations

import math

from smartreise.model.geo import distance_m
from smartreise.timetable.arrays import NO_CHANGE, Timetable
from tests.drawing import draw

TRIPS = "31/t1: A 08:00 B 08:10\n32/t2: C 08:20 D 08:30"
PLACES = {"B": (59.9, 10.0), "C": (59.9, 10.002), "A": (59.8, 10.0), "D": (59.7, 10.0)}


def footpath_s(timetable: Timetable, origin: str, target: str) -> int | None:
    row = timetable.stop_index[origin]
    span = slice(int(timetable.footpath_start[row]), int(timetable.footpath_start[row + 1]))
    found = dict(zip(timetable.footpath_stop[span].tolist(), timetable.footpath_s[span].tolist(), strict=True))
    return found.get(timetable.stop_index[target])


def test_near_stops_are_a_minute_and_the_walk_apart() -> None:
    timetable = draw(TRIPS, places=PLACES)
    walk = math.ceil(distance_m(59.9, 10.0, 59.9, 10.002) * 1.3 / 1.3)
    assert footpath_s(timetable, "B", "C") == footpath_s(timetable, "C", "B") == 60 + walk
    assert footpath_s(timetable, "A", "B") is None


def test_stops_of_a_station_are_joined_though_far_apart() -> None:
    places = {**PLACES, "C": (59.9, 10.02)}
    timetable = draw(TRIPS, places={**places, "S": (59.9, 10.01)}, stations={"S": "B C"})
    assert footpath_s(timetable, "B", "C") == 60 + math.ceil(distance_m(59.9, 10.0, 59.9, 10.02))


def test_transfers_txt_binds_where_it_speaks() -> None:
    def drawn(kind: int, seconds: str = "") -> int | None:
        row = {"from_stop_id": "B", "to_stop_id": "C", "transfer_type": str(kind), "min_transfer_time": seconds}
        timetable = draw(TRIPS, places=PLACES, transfers=[row])
        assert footpath_s(timetable, "C", "B") == footpath_s(draw(TRIPS, places=PLACES), "C", "B")
        return footpath_s(timetable, "B", "C")

    assert drawn(2, "300") == 300
    assert drawn(3) is None
    assert drawn(1) == 0


def test_a_row_of_stops_wins_over_one_of_their_stations() -> None:
    rows = [
        {"from_stop_id": "B", "to_stop_id": "C", "transfer_type": "2", "min_transfer_time": "100"},
        {"from_stop_id": "S", "to_stop_id": "S", "transfer_type": "2", "min_transfer_time": "400"},
    ]
    timetable = draw(TRIPS, places={**PLACES, "S": (59.9, 10.001)}, stations={"S": "B C"}, transfers=rows)
    assert footpath_s(timetable, "B", "C") == 100
    assert footpath_s(timetable, "C", "B") == 400
    assert timetable.stop_change_s[timetable.stop_index["B"]] == 400


def test_a_forbidden_change_at_a_stop_is_never_ready() -> None:
    row = {"from_stop_id": "B", "to_stop_id": "B", "transfer_type": "3"}
    timetable = draw(TRIPS, places=PLACES, transfers=[row])
    assert timetable.stop_change_s[timetable.stop_index["B"]] == NO_CHANGE
    assert timetable.stop_change_s[timetable.stop_index["A"]] == 120
