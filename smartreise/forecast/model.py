"""The forecast itself: boosted trees over `forecast.features`, one set for each horizon.

Gradient boosting of shallow histogram trees (Friedman 2001; Ke et al. 2017) as scikit-learn has it, with the logistic
loss, so that what comes out is a probability and well calibrated. All stations share the trees: three weeks of one
station are too little, three weeks of a city are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from smartreise.forecast.features import Calendar, Means, ahead, features_of, indicator
from smartreise.forecast.history import LEAST_HISTORY_S, Floats, History

#: rows that a model learns from; more are drawn from, evenly
MOST_ROWS: Final = 400_000
_TREES: Final[dict[str, Any]] = {
    "max_iter": 70,
    "learning_rate": 0.09,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 150,
    "l2_regularization": 20.0,
    "max_features": 0.3,  # of the features, drawn for each split: quicker, and better on days never seen
    "early_stopping": False,
    "random_state": 1,
}
#: after so many rows the trees count as much as the count now
_DOUBTED_ROWS: Final = 2000.0
#: medians of counts move in few, large steps
_COUNT_TREES: Final = _TREES | {"loss": "absolute_error", "max_iter": 40, "learning_rate": 0.2}


@dataclass(frozen=True, slots=True)
class Forecast:
    """For each station: chance of at least one bike, of at least one dock, and the count expected. NaN: unknown."""

    p_bike: Floats
    p_dock: Floats
    bikes: Floats


@dataclass(frozen=True, slots=True)
class Horizon:
    """What was learnt about one number of steps ahead."""

    steps: int
    means: Means
    has_bike: Any
    has_dock: Any
    change: Any
    #: how far the trees are trusted against the count now, 0–1: little was learnt from few rows
    trust: float = 1.0

    @classmethod
    def fit(cls, history: History, calendar: Calendar, steps: int) -> Horizon | None:
        """Learn from a whole history; None if it is too short to."""
        known = len(history)
        if known * history.step_s < LEAST_HISTORY_S:
            return None
        means = Means.of(history, calendar, steps=steps, known=known)
        rows = np.arange(min(known // 4, 7200 // history.step_s + 1), known - steps)
        rows = rows[:: max(1, -(-len(rows) * len(history.stations) // MOST_ROWS))]
        features = features_of(history, calendar, means, rows, steps)
        bikes, later = history.bikes[rows].ravel(), ahead(history.bikes, steps)[rows].ravel()
        docks = ahead(history.docks, steps)[rows].ravel()
        seen = ~np.isnan(bikes) & ~np.isnan(later) & ~np.isnan(docks)
        if not seen.any():
            return None
        learn = features[seen]
        with threadpool_limits(limits=1):  # its threads spin when other work has the cores: slower by a factor
            return cls(
                steps,
                means,
                _fit_chance(learn, indicator(later[seen])),
                _fit_chance(learn, indicator(docks[seen])),
                HistGradientBoostingRegressor(**_COUNT_TREES).fit(learn, later[seen] - bikes[seen]),
                trust=len(learn) / (len(learn) + _DOUBTED_ROWS),
            )

    def predict(self, history: History, calendar: Calendar, rows: NDArray[np.int64]) -> Forecast:
        """For the instants ``rows`` float32[len(rows), S]; only what was known then is looked at."""
        features = features_of(history, calendar, self.means, rows, self.steps)
        with threadpool_limits(limits=1):
            return self._told(history, rows, features)

    def _told(self, history: History, rows: NDArray[np.int64], features: Floats) -> Forecast:
        shape = len(rows), len(history.stations)
        bikes = history.bikes[rows]
        unknown = np.isnan(bikes)

        def shaped(values: NDArray[np.float64]) -> Floats:
            return np.where(unknown, np.nan, values.reshape(shape)).astype(np.float32)

        def mixed(said: NDArray[np.float64], now: Floats) -> Floats:
            return self.trust * shaped(said) + (1 - self.trust) * indicator(now)

        capacity = bikes + history.docks[rows]
        expected = np.clip(bikes + self.trust * shaped(self.change.predict(features)), 0, capacity)
        p_bike = mixed(_chance(self.has_bike, features), bikes)
        return Forecast(p_bike, mixed(_chance(self.has_dock, features), history.docks[rows]), expected)


def fit(history: History, zone: tzinfo, horizons_s: tuple[int, ...]) -> dict[int, Horizon]:
    """A model for each horizon (s), by horizon; without those that the history is too short for."""
    calendar = Calendar.of(history, zone)
    fitted = {h: Horizon.fit(history, calendar, max(1, round(h / history.step_s))) for h in horizons_s}
    return {horizon_s: found for horizon_s, found in fitted.items() if found is not None}


def _fit_chance(features: Floats, happened: Floats) -> Any:
    """A classifier, or the only outcome there ever was."""
    if happened.min() == happened.max():
        return float(happened[0])
    return HistGradientBoostingClassifier(**_TREES).fit(features, happened)


def _chance(model: Any, features: Floats) -> NDArray[np.float64]:
    if isinstance(model, float):
        return np.full(len(features), model)
    chance: NDArray[np.float64] = model.predict_proba(features)[:, 1]
    return chance
