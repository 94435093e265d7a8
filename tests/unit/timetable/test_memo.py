"""What is derived from a timetable lives as long as the timetable."""

from __future__ import annotations

import gc
from weakref import ref

from smartreise.timetable.arrays import Timetable
from smartreise.timetable.memo import remember
from tests.drawing import draw


def test_remembers_per_timetable_and_lets_the_replaced_one_go() -> None:
    asked: list[tuple[int, int]] = []

    @remember(most=10)
    def first_stop(timetable: Timetable, times: int) -> str:
        asked.append((len(timetable.stop_id), times))
        return timetable.stop_id[0] * times

    one = draw("31/t1: A 08:00  B 08:10")
    two = draw("31/t1: C 08:00  B 08:10  D 08:20")
    assert [first_stop(one, 2), first_stop(two, 2), first_stop(one, 2)] == ["AA", "CC", "AA"]
    assert asked == [(2, 2), (3, 2)]
    gone = ref(one)
    del one
    gc.collect()
    assert gone() is None
    assert first_stop(two, 2) == "CC"
