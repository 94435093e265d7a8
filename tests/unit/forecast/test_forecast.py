"""The forecast of bikes and docks: learns what is usual, looks at nothing later, and says so when it knows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from smartreise.forecast.features import Calendar, Usual
from smartreise.forecast.history import History, build_history
from smartreise.forecast.model import Horizon, fit
from smartreise.forecast.score import score
from smartreise.model.problems import DatasetRefused

ZONE = ZoneInfo("Europe/Oslo")
STEP = 1200
A_DAY = 86_400 // STEP
FIRST = int(datetime(2026, 3, 2, tzinfo=ZONE).timestamp())  # a Monday
STATIONS = 30


def city(days: int, *, seed: int = 1) -> History:
    """Stations that empty between 8 and 9 on weekdays and fill between 16 and 17, and one that never changes."""
    generator = np.random.default_rng(seed)
    bikes = np.full((days * A_DAY, STATIONS), 10.0, np.float32)
    for row in range(1, len(bikes)):
        moment = datetime.fromtimestamp(FIRST + row * STEP, ZONE)
        flow = -4 if moment.hour == 8 else 4 if moment.hour == 16 else 0
        if moment.weekday() >= 5:
            flow = 0
        noise = generator.integers(-1, 2, STATIONS)
        bikes[row] = np.clip(bikes[row - 1] + flow + noise, 0, 20)
        bikes[row, 0] = 10
    return History(FIRST, STEP, tuple(f"s{n:02}" for n in range(STATIONS)), bikes, 20 - bikes)


def row_at(history: History, day: int, hour: int, minute: int = 0) -> np.ndarray:
    return np.array([day * A_DAY + (hour * 60 + minute) * 60 // history.step_s])


def fitted(history: History, steps: int, *, days: int) -> tuple[Horizon, Calendar]:
    """A model that knows the first days of a history."""
    calendar = Calendar.of(history, ZONE)
    model = Horizon.fit(history.until(days * A_DAY), calendar, steps)
    assert model is not None
    return model, calendar


def test_knows_that_stations_empty_at_eight_on_weekdays() -> None:
    history = city(21)
    model, calendar = fitted(history, 3, days=19)
    before_the_rush = model.predict(history, calendar, row_at(history, 15, 7, 40))
    at_noon = model.predict(history, calendar, row_at(history, 15, 20, 0))
    many = history.bikes[row_at(history, 15, 7, 40)[0]] >= 8
    assert (
        np.nanmean(before_the_rush.bikes[0][many]) < np.nanmean(history.bikes[row_at(history, 15, 7, 40)[0]][many]) - 5
    )
    assert np.nanmean(at_noon.p_bike) > np.nanmean(before_the_rush.p_bike)
    assert before_the_rush.p_bike[0, 0] > 0.9  # the one that never changes


def test_looks_at_nothing_later() -> None:
    history = city(14)
    model, calendar = fitted(history, 2, days=10)
    row = row_at(history, 11, 7, 40)
    changed = replace(history, bikes=history.bikes.copy(), docks=history.docks.copy())
    changed.bikes[row[0] + 1 :] = 0
    changed.docks[row[0] + 1 :] = 20
    one, other = model.predict(history, calendar, row), model.predict(changed, calendar, row)
    assert np.array_equal(one.p_bike, other.p_bike)
    assert np.array_equal(one.p_dock, other.p_dock)


def test_scores_better_than_the_count_now_and_than_the_hour() -> None:
    (*_, result) = score(city(21), date(2026, 3, 16), ZONE)
    for row in result.horizons:
        assert row["brier_bike"] < row["brier_bike_persistence"], row
        assert row["brier_bike"] < row["brier_bike_hourly"], row
        assert row["mae"] < row["mae_persistence"], row
        assert row["n"] > 0
    assert result.n == sum(row["n"] for row in result.horizons)
    for said, came, count in result.reliability[3600]:
        assert count < 300 or abs(said - came) < 0.1


def test_a_gap_is_unknown_and_costs_nothing_else() -> None:
    history = city(14)
    history.bikes[9 * A_DAY : 9 * A_DAY + 20] = np.nan
    model, calendar = fitted(history, 1, days=12)
    within, after = row_at(history, 9, 3), row_at(history, 12, 12)
    assert np.isnan(model.predict(history, calendar, within).p_bike).all()
    assert not np.isnan(model.predict(history, calendar, after).p_bike).any()


def test_a_short_history_gives_no_model() -> None:
    assert fit(city(2), ZONE, (1200,)) == {}


def test_with_nothing_to_learn_from_the_count_now_is_all_there_is() -> None:
    (*_, result) = score(city(3), date(2026, 3, 3), ZONE)
    row = result.horizons[0]
    assert row["brier_bike"] == row["brier_bike_persistence"]


@pytest.mark.parametrize("start", [date(2026, 3, 2), date(2026, 4, 1)])
def test_a_day_outside_the_history_is_refused_by_its_dates(start: date) -> None:
    with pytest.raises(DatasetRefused, match="2026-03-02 to 2026-03-06"):
        next(score(city(5), start, ZONE))


def test_observations_find_their_places_on_a_grid() -> None:
    at = np.array([1000, 1000, 1610, 2190, 2790])
    station = np.array(["a", "b", "a", "a", "a"])
    bikes = np.array([3.0, 1.0, 2.0, -1.0, 5.0])
    history = build_history(at, station, bikes, np.array([7.0, 9.0, 8.0, 7.0, 5.0]))
    assert (history.first_at, history.step_s, history.stations) == (1000, 600, ("a", "b"))
    assert history.bikes[:, 0].tolist()[:2] == [3.0, 2.0]
    assert np.isnan(history.bikes[2, 0])  # a negative count is unknown
    assert np.isnan(history.bikes[1, 1])


def test_a_fresh_history_of_nothing_is_refused() -> None:
    nothing = np.array([])
    with pytest.raises(DatasetRefused):
        build_history(nothing.astype(np.int64), nothing.astype(np.str_), nothing, nothing)


def test_an_instant_far_away_is_refused_instead_of_filling_the_memory() -> None:
    at = np.concatenate(([5], 1_700_000_000 + np.arange(200) * 1200))
    station = np.array([f"s{n}" for n in range(201)])
    with pytest.raises(DatasetRefused, match="last_updated spans"):
        build_history(at, station, np.ones(201), np.ones(201))


def test_a_usual_weekday_leaves_its_own_day_out_and_a_weekend_has_nothing_to_leave_out() -> None:
    history = city(14)
    calendar = Calendar.of(history, ZONE)
    usual = Usual.of(history.bikes, calendar, len(history))
    rows = row_at(history, 4, 23, 40)  # a Friday; 20 minutes later it is Saturday
    changed = replace(history, bikes=history.bikes.copy())
    changed.bikes[4 * A_DAY : 5 * A_DAY] = 0
    other = Usual.of(changed.bikes, calendar, len(history))
    one, without = (each.at(calendar, rows, rows) for each in (usual, other))
    assert np.allclose(one, without, atol=1.0)  # but for the mean that stands in for few days
    closed = usual.closed(4).at(replace(calendar, day=np.ones_like(calendar.day)), rows, rows)
    assert np.array_equal(closed, usual.at(calendar, rows, rows))
    for when in (rows, rows + 1):
        later = usual.closed(4).at(replace(calendar, day=np.full_like(calendar.day, 2)), rows, when)
        assert np.isfinite(later).all()
    saturday = usual.at(calendar, rows, rows + 1)
    assert np.array_equal(
        saturday, usual.closed(5).at(replace(calendar, day=np.full_like(calendar.day, 2)), rows, rows + 1)
    )
