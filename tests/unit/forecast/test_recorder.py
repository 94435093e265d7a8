"""The history that a service keeps: the newest count of each step, bounded, the same after a store."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartreise.forecast.recorder import Recorder
from smartreise.model.problems import DatasetRefused

STEP = 600


def same(one: Recorder, other: Recorder) -> bool:
    left, right = one.history(), other.history()
    return (
        (left.first_at, left.step_s, left.stations) == (right.first_at, right.step_s, right.stations)
        and np.array_equal(left.bikes, right.bikes, equal_nan=True)
        and np.array_equal(left.docks, right.docks, equal_nan=True)
    )


def test_the_last_count_of_a_step_stays_and_gaps_are_unknown() -> None:
    kept = Recorder(step_s=STEP, keep_s=10 * STEP)
    kept.observe("a", 6000, bikes=3, docks=7)
    kept.observe("a", 6500, bikes=2, docks=8)
    kept.observe("a", 7800, bikes=None, docks=8)
    kept.observe("b", 8400, bikes=0, docks=5)
    history = kept.history()
    assert (history.first_at, history.step_s, history.stations) == (6000, STEP, ("a", "b"))
    assert np.array_equal(history.bikes[:, 0], [2, np.nan, np.nan, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(history.docks[:, 1], [np.nan, np.nan, np.nan, np.nan, 5], equal_nan=True)


def test_what_is_old_makes_room_and_comes_back_no_more() -> None:
    kept = Recorder(step_s=STEP, keep_s=3 * STEP)
    for step in range(6):
        kept.observe("a", step * STEP, bikes=step, docks=1)
    kept.observe("a", 0, bikes=99, docks=1)
    assert kept.history().bikes[:, 0].tolist() == [3, 4, 5]
    kept.observe("a", 1000 * STEP, bikes=7, docks=1)
    assert np.nansum(kept.history().bikes) == 7


def test_the_count_now_is_the_latest_that_was_known_then() -> None:
    kept = Recorder(step_s=STEP, keep_s=10 * STEP)
    kept.observe("a", 6000, bikes=3, docks=7)
    kept.observe("a", 7200, bikes=4, docks=6)
    assert kept.find_latest("a", 6700, within_s=2 * STEP) == (3, 7)
    assert kept.find_latest("a", 7300, within_s=2 * STEP) == (4, 6)
    assert kept.find_latest("a", 8500, within_s=2 * STEP) is None
    assert kept.find_latest("b", 7300, within_s=2 * STEP) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 20_000), st.integers(0, 300), st.integers(0, 60))))
def test_comes_back_from_bytes_as_it_was(seen: list[tuple[str, int, int, int]]) -> None:
    kept = Recorder(step_s=STEP, keep_s=20 * STEP)
    kept.observe("a", 10_000, bikes=1, docks=None)
    for station, at, bikes, docks in seen:
        kept.observe(station, at, bikes=bikes, docks=docks)
    back = Recorder.decode(kept.encode())
    known = [name for name in kept.stations if name in back.stations]
    for name in known:
        one, other = kept.history(stations=[name]), back.history(stations=[name])
        assert np.array_equal(one.bikes, other.bikes, equal_nan=True)
    again = Recorder.decode(back.encode())
    assert same(again, back)
    for recorder in (back, again):  # and goes on
        recorder.observe("new", 30_000, bikes=1, docks=1)
    assert same(again, back)


def test_an_empty_one_comes_back_too() -> None:
    back = Recorder.decode(Recorder().encode())
    assert back.stations == ()
    with pytest.raises(DatasetRefused):
        back.history()


@pytest.mark.parametrize("spoil", [lambda b: b"", lambda b: b"XXXX" + b[4:], lambda b: b[:-5], lambda b: b[:6]])
def test_other_bytes_are_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    kept = Recorder()
    kept.observe("a", 10_000, bikes=1, docks=2)
    with pytest.raises(DatasetRefused, match="not a kept history"):
        Recorder.decode(spoil(kept.encode()))


def test_a_month_of_a_station_stays_small() -> None:
    generator = np.random.default_rng(1)
    kept, bikes = Recorder(), np.full(20, 10)
    for at in range(0, 28 * 86_400, 600):
        bikes = np.clip(bikes + generator.integers(-1, 2, 20) * (generator.random(20) < 0.4), 0, 20)
        for place, count in enumerate(bikes.tolist()):
            kept.observe(f"s{place}", at, bikes=count, docks=20 - count)
    assert len(kept.encode()) / 20 < 4_000
