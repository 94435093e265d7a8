"""The forecast in service: the count now until enough is known, then what was learnt, never what comes later."""

from __future__ import annotations

from datetime import datetime

import pytest

from smartreise.forecast.history import History
from smartreise.forecast.live import Chance, Forecaster, Model
from smartreise.forecast.recorder import Recorder
from smartreise.model.problems import BadInput
from tests.unit.forecast.test_forecast import FIRST, STEP, ZONE, city

DAYS = 18


def recorded(history: History, until: int) -> Recorder:
    kept = Recorder(step_s=STEP)
    for row, at in enumerate(history.instants.tolist()):
        if at <= until:
            for place, name in enumerate(history.stations):
                kept.observe(name, at, bikes=int(history.bikes[row, place]), docks=int(history.docks[row, place]))
    return kept


def at(day: int, hour: int, minute: int = 0) -> int:
    return FIRST + day * 86_400 + hour * 3600 + minute * 60


@pytest.fixture(scope="module")
def learnt() -> tuple[Model, History]:
    history = city(DAYS)
    return Model.fit(recorded(history, at(15, 0)).history(), ZONE, horizons_s=(1200, 3600)), history


def test_sees_the_rush_come_that_the_count_now_does_not(learnt: tuple[Model, History]) -> None:
    model, history = learnt
    now = at(15, 7, 40)  # a Tuesday that was not learnt from
    forecaster = Forecaster(recorded(history, now), model)
    few = [n for n in range(1, 30) if 1 <= history.bikes[(now - FIRST) // STEP, n] <= 8]
    told = [forecaster.predict(f"s{n:02}", now, in_s=3600) for n in few]
    assert few
    assert all(chance.p_bike is not None and chance.p_bike < 0.5 for chance in told)
    assert all(chance.confidence == 1.0 for chance in told)
    constant = forecaster.predict("s00", now, in_s=3600)
    assert constant.p_bike is not None
    assert constant.p_bike > 0.9


def test_horizons_in_between_lie_between_and_begin_with_the_count_now(learnt: tuple[Model, History]) -> None:
    model, history = learnt
    forecaster = Forecaster(recorded(history, at(15, 7, 40)), model)
    near, mid, far = (forecaster.predict("s03", at(15, 7, 40), in_s=s).p_bike for s in (1200, 2400, 3600))
    assert None not in (near, mid, far)
    assert sorted((near, mid, far)) in ([near, mid, far], [far, mid, near])  # type: ignore[type-var]
    nothing_ahead = forecaster.predict("s03", at(15, 7, 40), in_s=0)
    assert nothing_ahead.p_bike == float(history.bikes[(at(15, 7, 40) - FIRST) // STEP, 3] >= 1)
    with pytest.raises(BadInput):
        forecaster.predict("s03", at(15, 7, 40), in_s=3601)


def test_what_is_observed_later_changes_no_earlier_answer(learnt: tuple[Model, History]) -> None:
    model, history = learnt
    now = at(15, 7, 40)
    forecaster = Forecaster(recorded(history, now), model)
    before = [forecaster.predict(name, now, in_s=2400) for name in model.stations]
    for name in model.stations:
        forecaster.observe(name, now + STEP, bikes=0, docks=20)
    assert [forecaster.predict(name, now, in_s=2400) for name in model.stations] == before
    assert forecaster.predict("s03", now + STEP, in_s=2400) != before[3]


def test_short_history_and_new_stations_fall_back_to_the_count_and_say_so(learnt: tuple[Model, History]) -> None:
    model, history = learnt
    short = city(2)
    fresh = Forecaster(recorded(short, at(1, 12)))
    fresh.model = Model.fit(fresh.recorder.history(), ZONE, horizons_s=(1200,))
    count = short.bikes[(at(1, 12) - FIRST) // STEP, 0]
    assert fresh.predict("s00", at(1, 12), in_s=1200) == Chance(float(count >= 1), 1.0, 0.0)
    forecaster = Forecaster(recorded(history, at(15, 12)), model)
    forecaster.observe("new", at(15, 12), bikes=0, docks=9)
    assert forecaster.predict("new", at(15, 12), in_s=1200) == Chance(0.0, 1.0, 0.0)
    assert forecaster.predict("nowhere", at(15, 12), in_s=1200) == Chance(None, None, 0.0)


def test_a_station_that_fell_silent_is_unknown_and_a_poll_that_is_due_is_waited_for(
    learnt: tuple[Model, History],
) -> None:
    model, history = learnt
    forecaster = Forecaster(recorded(history, at(15, 12)), model)
    assert forecaster.predict("s03", at(15, 12, 25), in_s=1200) == forecaster.predict("s03", at(15, 12), in_s=1200)
    assert forecaster.predict("s03", at(15, 13), in_s=1200) == Chance(None, None, 0.0)


def test_learning_is_not_undone_by_midnight_nor_by_a_ring_that_moved_on(learnt: tuple[Model, History]) -> None:
    model, history = learnt
    kept = Recorder.decode(recorded(history, at(17, 23, 40)).encode())
    forecaster = Forecaster(kept, model)
    chances = [forecaster.predict(name, at(17, 23, 40), in_s=3600).p_bike for name in model.stations]
    assert all(chance is not None and 0 <= chance <= 1 for chance in chances)
    by_day = Forecaster(recorded(history, at(17, 7, 40)), model).predict("s03", at(17, 7, 40), in_s=3600)
    assert by_day.confidence == 1.0


def test_a_model_knows_the_last_day_that_it_learnt_from(learnt: tuple[Model, History]) -> None:
    history = learnt[1]
    first = datetime.fromtimestamp(FIRST, ZONE).toordinal()
    assert Model.fit(recorded(history, at(9, 12)).history(), ZONE, horizons_s=()).last_day == first + 9
