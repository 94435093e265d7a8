"""How late vehicles were is kept by line, station and part of the day, and gives the chance of making a change."""

from __future__ import annotations

import numpy as np
import pytest

from smartreise.live.delays import BINS, FULL, MOST, DelayHistory, DelayTable, chance_of_making
from smartreise.model.problems import DatasetRefused

MORNING, EVENING = 8 * 3600, 20 * 3600


def history(late: dict[tuple[str, str, int], list[int]]) -> DelayTable:
    kept = DelayHistory()
    for (line, station, second), delays in late.items():
        for delay in delays:
            kept.observe(line, station, second, "a", delay)
    return DelayTable.decode(kept.encode())


def test_the_narrowest_history_with_enough_runs_speaks() -> None:
    table = history({("31", "A", MORNING): [300] * 25, ("31", "A", EVENING): [0] * 5, ("31", "B", MORNING): [0] * 5})

    def late(line: str, station: str, second: int) -> float:
        shares = table.find(line, station, second, "a")
        return -1.0 if shares is None else round(float(shares[11]), 2)  # five to seven minutes

    assert late("31", "A", MORNING) == 1.0
    assert late("31", "A", EVENING) == 0.83  # too few in the evening: all day here
    assert late("31", "B", MORNING) == 0.71  # too few here: anywhere on the line
    assert late("32", "A", MORNING) == -1.0


def test_a_change_works_as_often_as_the_delays_of_the_past_allow() -> None:
    table = history({("31", "A", MORNING): [20] * 60 + [200] * 40})
    shares = table.find("31", "A", MORNING, "a")
    usual = {"arriving_known": False, "leaving_known": False}
    assert chance_of_making(60, shares, None, **usual) == pytest.approx(0.6)
    assert chance_of_making(300, shares, None, **usual) == 1.0
    assert chance_of_making(0, shares, None, **usual) == 0.0
    # real time says how late it is now: the spread of the past lies around that
    assert chance_of_making(0, shares, None, arriving_known=True, leaving_known=False) == pytest.approx(0.6)
    assert chance_of_making(60, None, shares, **usual) is None


def test_a_late_departure_helps() -> None:
    table = history({("31", "A", MORNING): [200] * 30})
    shares = table.find("31", "A", MORNING, "a")
    assert chance_of_making(0, shares, shares, arriving_known=False, leaving_known=False) == 1.0


def test_old_days_fade_and_the_rarely_seen_make_room() -> None:
    kept = DelayHistory()
    for _ in range(FULL):
        kept.observe("31", "A", MORNING, "a", 300)
    for _ in range(FULL):
        kept.observe("31", "A", MORNING, "a", 0)
    shares = DelayTable.decode(kept.encode()).find("31", "A", MORNING, "a")
    assert shares is not None
    assert shares[4] > 0.7
    for number in range(MOST):
        kept.observe("31", f"S{number}", MORNING, "a", 0)
    assert len(kept) == MOST
    assert DelayTable.decode(kept.encode()).find("31", "A", MORNING, "a") is not None  # by the line
    assert len(kept.encode()) < 2**20


def test_it_comes_back_from_bytes_and_other_bytes_are_refused() -> None:
    kept = DelayHistory()
    kept.observe("31", "Å", MORNING, "d", -45)
    again = DelayHistory.decode(kept.encode())
    again.observe("31", "Å", MORNING, "d", 20)
    assert len(again) == 1
    for body in (b"", b"no", kept.encode()[:-9]):
        with pytest.raises(DatasetRefused):
            DelayTable.decode(body)


def test_every_delay_has_a_bin() -> None:
    kept = DelayHistory()
    for late in (-90_000, -121, -120, 0, 899, 900, 90_000):
        kept.observe("31", "A", MORNING, "a", late)
    assert int(np.frombuffer(next(iter(kept._counts.values())).tobytes(), np.uint16).sum()) == 7
    assert BINS == 15
