"""The forecast in service: observe stations as they are polled, ask for any of them, learn anew now and then.

What a reader would get wrong: a `Model` is made from a history and does not change; what was observed since is what
it looks at. Confidence is about what stands behind a chance, not about the chance: 0 is "this is only the count now".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

import numpy as np

from smartreise.forecast.features import Calendar
from smartreise.forecast.history import LEAST_HISTORY_S, History
from smartreise.forecast.model import Forecast, Horizon, fit
from smartreise.forecast.recorder import Recorder
from smartreise.model.problems import BadInput

#: what models are learnt for (s); chances in between are interpolated, the count now being 0 s
HORIZONS_S: Final = (600, 1200, 1800, 3600)
#: forecasts reach this far (s)
MOST_S: Final = 3600
#: a count older than this many steps is not the count now
_STALE_STEPS: Final = 2
#: days of a station's history that give full confidence
_SURE_DAYS: Final = 14.0
_LOOK_BACK_S: Final = 26 * 3600


@dataclass(frozen=True, slots=True)
class Chance:
    """Chances 0–1 of at least one bike and dock, None where not even the count now is known.

    ``confidence`` is 0 where they are only the count now, else the share of two weeks that was learnt from."""

    p_bike: float | None
    p_dock: float | None
    confidence: float


NOTHING: Final = Chance(None, None, 0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt from a history: a set of trees for each horizon, and how well each station is known."""

    stations: tuple[str, ...]
    horizons: Mapping[int, Horizon]
    known_s: Mapping[str, float]
    zone: tzinfo
    last_day: int  # date.toordinal() of the newest row learnt from

    @classmethod
    def fit(cls, history: History, zone: tzinfo, *, horizons_s: tuple[int, ...] = HORIZONS_S) -> Model:
        """Learn. A history that is too short gives a model that knows no horizon. Takes seconds a horizon."""
        calendar = Calendar.of(history, zone)
        own = int(calendar.day[len(history) - 1])
        fitted = fit(history, zone, tuple(h for h in horizons_s if h >= history.step_s))
        horizons = {h: replace(found, means=found.means.closed(own)) for h, found in sorted(fitted.items())}
        seen = (~np.isnan(history.bikes)).sum(axis=0) * history.step_s
        last = datetime.fromtimestamp(int(history.instants[-1]), UTC).astimezone(zone).toordinal()
        return cls(history.stations, horizons, dict(zip(history.stations, seen.tolist(), strict=True)), zone, last)

    def predict(self, tail: History, in_s: int) -> Forecast:
        """For the last instant of ``tail``, whose stations are the model's, at the horizon ``in_s``: float32[1, S]."""
        first = datetime.fromtimestamp(tail.first_at, UTC).astimezone(self.zone).toordinal()
        calendar = Calendar.of(tail, self.zone)
        day = np.where(calendar.day + first == self.last_day, 1, 2)
        rows = np.array([len(tail) - 1])
        return self.horizons[in_s].predict(tail, replace(calendar, day=day), rows)


class Forecaster:
    """Observations in, chances out. Not thread-safe: fit a `Model` elsewhere and set `model`."""

    def __init__(self, recorder: Recorder, model: Model | None = None) -> None:
        self.recorder = recorder
        self._model = model
        self._place = {name: place for place, name in enumerate(model.stations)} if model else {}
        self._told: dict[tuple[int, int], Forecast] = {}
        self._tails: dict[int, History] = {}

    @property
    def model(self) -> Model | None:
        """What chances are made with."""
        return self._model

    @model.setter
    def model(self, model: Model | None) -> None:
        self._model = model
        self._place = {name: place for place, name in enumerate(model.stations)} if model else {}
        self._forget()

    def observe(self, station: str, at: int, *, bikes: int | None, docks: int | None) -> None:
        """Counts seen at ``at`` (epoch s); None is unknown."""
        self.recorder.observe(station, at, bikes=bikes, docks=docks)
        self._forget()

    def predict(self, station: str, at: int, *, in_s: int) -> Chance:
        """The chances ``in_s`` seconds after ``at`` (epoch s). Raises `BadInput` beyond `MOST_S`."""
        if not 0 <= in_s <= MOST_S:
            raise BadInput("in_s", f"0 to {MOST_S}")
        now = self._now(station, at)
        if now is None:
            return NOTHING
        held = Chance(float(now[0] >= 1), float(now[1] >= 1), 0.0)
        model = self._model
        if model is None or not model.horizons or model.known_s.get(station, 0.0) < LEAST_HISTORY_S:
            return held
        below = max((h for h in model.horizons if h <= in_s), default=0)
        above = min((h for h in model.horizons if h >= in_s), default=below)
        low, high = (self._at(station, at, horizon, held) for horizon in (below, above))
        if low is None or high is None:
            return held
        share = 0.0 if above == below else (in_s - below) / (above - below)
        p_bike, p_dock = (one + (other - one) * share for one, other in zip(low, high, strict=True))
        return Chance(p_bike, p_dock, round(min(1.0, model.known_s[station] / (_SURE_DAYS * 86_400)), 2))

    def _now(self, station: str, at: int) -> tuple[float, float] | None:
        return self.recorder.find_latest(station, at, within_s=_STALE_STEPS * self.recorder.step_s)

    def _at(self, station: str, at: int, horizon: int, held: Chance) -> tuple[float, float] | None:
        if horizon == 0:
            assert held.p_bike is not None
            assert held.p_dock is not None
            return held.p_bike, held.p_dock
        model, place = self._model, self._place[station]
        assert model is not None
        step = at // self.recorder.step_s
        for back in range(_STALE_STEPS):  # a step that has just begun has not been polled yet
            key = step - back, horizon
            if key not in self._told:
                self._told[key] = model.predict(self._tail(step - back), horizon)
            told = self._told[key]
            chances = float(told.p_bike[0, place]), float(told.p_dock[0, place])
            if not np.isnan(chances).any():
                return chances
        return None

    def _tail(self, step: int) -> History:
        if step not in self._tails:
            assert self._model is not None
            self._tails[step] = self.recorder.history(
                last_s=_LOOK_BACK_S, stations=self._model.stations, until=step * self.recorder.step_s
            )
        return self._tails[step]

    def _forget(self) -> None:
        self._told.clear()
        self._tails.clear()
