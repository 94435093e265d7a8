"""How much better the forecast is than the count now on a city of generated stations, and what it costs in service.

Where the recorded history of Oslo's bikes is at hand (SMARTREISE_SHARED) its figures come too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from smartreise.app.cli_forecast import read_history
from smartreise.forecast.history import History
from smartreise.forecast.live import Forecaster, Model
from smartreise.forecast.recorder import Recorder
from smartreise.forecast.score import score
from tests.bench.table import Row, each, ms, timed

ZONE = ZoneInfo("Europe/Oslo")
_NAME = "data/oslo-bysykkel/history-2023-04-20_2023-05-10.csv.gz"
_TARGETS = {1200: 0.80, 2400: 0.74, 3600: 0.70}


def run() -> Iterator[Row]:
    """The score of a week never seen, and the cost of a live answer; nothing where there is no recorded history."""
    root = Path(__file__).resolve().parent.parent.parent
    file = Path(os.environ.get("SMARTREISE_SHARED", root.parent / "shared")) / _NAME
    if not file.exists():
        return
    history = read_history((file,))
    yield from _scores(history)
    yield from _live(history)


def _scores(history: History) -> Iterator[Row]:
    with timed() as timer:
        (*_, result) = score(history, date(2023, 5, 4), ZONE)
    for row in result.horizons:
        minutes = row["in_s"] // 60
        for name, label in (("brier_bike", "a bike"), ("brier_dock", "a dock"), ("mae", "mean error of the count")):
            ours, now = row[name], row[f"{name}_persistence"]
            target = f"≤ {_TARGETS[row['in_s']]:.2f}" if name == "brier_bike" else "≤ 1"
            yield Row(
                f"forecast {minutes} min ahead, {label}, ÷ the count now",
                f"{ours:.4f}",
                f"{now:.4f}",
                ours / now,
                target,
            )
    yield Row("forecast: learn and play three weeks of 264 stations", ms(timer.seconds), target="≤ 120 s")


def _live(history: History) -> Iterator[Row]:
    kept = Recorder(step_s=history.step_s)
    for row, at in enumerate(history.instants.tolist()):
        for place, name in enumerate(history.stations):
            bikes, docks = history.bikes[row, place], history.docks[row, place]
            if bikes == bikes and docks == docks:  # known
                kept.observe(name, at, bikes=int(bikes), docks=int(docks))
    with timed() as timer:
        model = Model.fit(kept.history(), ZONE, horizons_s=(1200,))
    yield Row("forecast: learn one horizon from three weeks", ms(timer.seconds))
    forecaster, now = Forecaster(kept, model), int(history.instants[-1])

    def ask(_: int) -> None:
        forecaster.model = model  # forgets what was said
        for name in history.stations:
            forecaster.predict(name, now, in_s=1200)

    spent = sorted(each(ask, range(20)))
    yield Row(f"forecast: {len(history.stations)} stations, one horizon, after a poll", ms(spent[len(spent) // 2]))
    yield Row("forecast: history of a station, as bytes", f"{len(kept.encode()) / len(history.stations):.0f} B")
