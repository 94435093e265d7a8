"""How good a forecast is: learns from what lies before a day, plays the rest forward, and compares.

The peers are persistence (the count now stays) and the station's mean for that weekday and hour. What a reader would
get wrong: now and then the model learns anew from all that was played by then, as it does in service; what it says of
an instant never knows anything later than that instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from smartreise.forecast.features import Calendar, indicator
from smartreise.forecast.history import Floats, History
from smartreise.forecast.model import Forecast, Horizon
from smartreise.model.problems import DatasetRefused

HORIZONS_S: Final = (1200, 2400, 3600)
#: it learns anew after a week, or when what it learnt from has grown by a third; not for a last day or two
REFIT_DAYS: Final = 7
_GROWN: Final = 1.34
_LAST_DAYS: Final = 2
_BINS: Final = 10
_PEERS: Final = ("", "_persistence", "_hourly")


@dataclass(slots=True)
class _Tally:
    """Sums of errors at one horizon."""

    n: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    #: by tenth of probability: forecasts, sum of their chances, outcomes
    bins: NDArray[np.float64] = field(default_factory=lambda: np.zeros((_BINS, 3)))

    def add(self, name: str, errors: Floats) -> None:
        self.sums[name] = self.sums.get(name, 0.0) + float(np.sum(errors, dtype=np.float64))

    def told(self, in_s: int) -> dict[str, Any]:
        means = {name: round(total / self.n, 6) if self.n else None for name, total in self.sums.items()}
        return {"in_s": in_s, "n": self.n, **means}


@dataclass(frozen=True, slots=True)
class Score:
    """`horizons` as the command prints them; `reliability` by horizon: (chance said, share that came, how often)."""

    n: int
    horizons: tuple[dict[str, Any], ...]
    reliability: dict[int, list[tuple[float, float, int]]]


def score(history: History, start: date, zone: tzinfo) -> Iterator[Score]:
    """Scores after each day played, the last one being the score of all.

    Raises `DatasetRefused` when there is nothing before ``start`` or nothing from it on."""
    begin = int(datetime.combine(start, time(0), zone).timestamp())
    first = int(np.searchsorted(history.instants, begin))
    if not 0 < first < len(history):
        last = datetime.fromtimestamp(int(history.instants[-1]), UTC).astimezone(zone).date()
        opening = datetime.fromtimestamp(history.first_at, UTC).astimezone(zone).date()
        raise DatasetRefused(f"the history covers {opening} to {last}: nothing to learn from or to play from {start}")
    calendar = Calendar.of(history, zone)
    weekday = _weekdays(history, zone)
    tallies = {horizon: _Tally() for horizon in HORIZONS_S}
    models: dict[int, Horizon | None] = {}
    days, learnt = _days(calendar, first, len(history)), 0
    for number, rows in enumerate(days):
        is_due = rows[0] - learnt >= REFIT_DAYS * 86_400 / history.step_s or rows[0] >= _GROWN * learnt
        learns = learnt == 0 or (is_due and len(days) - number > _LAST_DAYS)
        learnt = int(rows[0]) if learns else learnt
        for horizon, tally in tallies.items():
            steps = max(1, round(horizon / history.step_s))
            if learns:
                models[horizon] = Horizon.fit(history.until(int(rows[0])), calendar, steps)
            _tally_day(tally, history, calendar, weekday, first, rows, steps, models[horizon])
        yield Score(
            n=sum(tally.n for tally in tallies.values()),
            horizons=tuple(tally.told(horizon) for horizon, tally in tallies.items()),
            reliability={horizon: _reliability(tally) for horizon, tally in tallies.items()},
        )


def _days(calendar: Calendar, first: int, end: int) -> list[NDArray[np.int64]]:
    days = calendar.day[first:end]
    return [np.flatnonzero(days == day) + first for day in np.unique(days)]


def _weekdays(history: History, zone: tzinfo) -> NDArray[np.int64]:
    """int64[T, 2] weekday and hour."""
    local = [datetime.fromtimestamp(int(at), UTC).astimezone(zone) for at in history.instants]
    return np.array([(moment.weekday(), moment.hour) for moment in local], np.int64)


def _tally_day(
    tally: _Tally,
    history: History,
    calendar: Calendar,
    weekday: NDArray[np.int64],
    first: int,
    rows: NDArray[np.int64],
    steps: int,
    model: Horizon | None,
) -> None:
    rows = rows[rows + steps < len(history)]
    if not len(rows):
        return
    bikes, docks = history.bikes[rows], history.docks[rows]
    later_bikes, later_docks = history.bikes[rows + steps], history.docks[rows + steps]
    seen = ~(np.isnan(bikes) | np.isnan(docks) | np.isnan(later_bikes) | np.isnan(later_docks))
    held = Forecast(indicator(bikes), indicator(docks), bikes)
    ours = held if model is None else model.predict(history.until(int(rows[-1]) + 1), calendar, rows)
    hourly = _hourly(history, weekday, first, rows + steps)
    tally.n += int(seen.sum())
    for peer, said in zip(_PEERS, (ours, held, hourly), strict=True):
        tally.add(f"brier_bike{peer}", ((said.p_bike - indicator(later_bikes)) ** 2)[seen])
        tally.add(f"brier_dock{peer}", ((said.p_dock - indicator(later_docks)) ** 2)[seen])
        tally.add(f"mae{peer}", np.abs(said.bikes - later_bikes)[seen])
    chances, outcomes = ours.p_bike[seen], indicator(later_bikes)[seen]
    place = np.minimum((chances * _BINS).astype(np.int64), _BINS - 1)
    for column, values in enumerate((np.ones_like(chances), chances, outcomes)):
        tally.bins[:, column] += np.bincount(place, values, minlength=_BINS)


def _hourly(history: History, weekday: NDArray[np.int64], first: int, when: NDArray[np.int64]) -> Forecast:
    """The station's mean for that weekday and hour before the first day played; of all its hours where it has none."""
    means = []
    for values in (indicator(history.bikes[:first]), indicator(history.docks[:first]), history.bikes[:first]):
        there = ~np.isnan(values)
        sums, counts = np.zeros((7, 24, values.shape[1])), np.zeros((7, 24, values.shape[1]))
        index = weekday[:first, 0], weekday[:first, 1]
        np.add.at(sums, index, np.where(there, values, 0.0))
        np.add.at(counts, index, there)
        overall = sums.sum((0, 1)) / np.maximum(counts.sum((0, 1)), 1)
        table = np.where(counts > 0, sums / np.maximum(counts, 1), overall)
        means.append(table[weekday[when, 0], weekday[when, 1]].astype(np.float32))
    return Forecast(*means)


def _reliability(tally: _Tally) -> list[tuple[float, float, int]]:
    return [(float(s / n), float(o / n), int(n)) for n, s, o in tally.bins.tolist() if n]
