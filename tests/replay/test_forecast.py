"""A real city's bikes, learnt from and then observed poll by poll: the live forecast beats the count now."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest

from smartreise.forecast.live import Forecaster, Model
from smartreise.forecast.recorder import Recorder
from tests.shared_data import shared

ZONE = ZoneInfo("Europe/Oslo")
STEP = 1200
Poll = tuple[int, list[tuple[str, int, int]]]


def polls(first: datetime, last: datetime) -> Iterator[Poll]:
    path = shared("oslo-bysykkel/history-2023-04-20_2023-05-10.csv.gz")
    with gzip.open(path, "rt", newline="") as text:
        rows = csv.DictReader(text)
        for at, group in groupby(rows, itemgetter("last_updated")):
            if first.timestamp() <= int(at) < last.timestamp():
                counts = [
                    (r["station_id"], int(r["num_bikes_available"]), int(r["num_docks_available"])) for r in group
                ]
                yield int(at), counts


@pytest.mark.long
def test_the_live_forecast_beats_the_count_now_on_days_it_never_saw() -> None:
    kept = Recorder(step_s=STEP)
    for at, counts in polls(datetime(2023, 4, 26, tzinfo=ZONE), datetime(2023, 5, 3, tzinfo=ZONE)):
        for station, bikes, docks in counts:
            kept.observe(station, at, bikes=bikes, docks=docks)
    forecaster = Forecaster(kept, Model.fit(kept.history(), ZONE, horizons_s=(1200, 3600)))
    waiting: list[tuple[int, str, int, float, float]] = []
    ours = now = count = 0.0
    for at, counts in polls(datetime(2023, 5, 3, tzinfo=ZONE), datetime(2023, 5, 4, tzinfo=ZONE)):
        came = {station: float(bikes >= 1) for station, bikes, _ in counts}
        due = [said for said in waiting if said[0] <= at]
        waiting = [said for said in waiting if said[0] > at]
        for when, station, _, p_bike, held in due:
            if at - when <= STEP // 2 and station in came:
                ours, now = ours + (p_bike - came[station]) ** 2, now + (held - came[station]) ** 2
                count += 1
        for station, bikes, docks in counts:
            forecaster.observe(station, at, bikes=bikes, docks=docks)
        for station, bikes, _ in counts:
            for in_s in (1800, 3600):
                chance = forecaster.predict(station, at, in_s=in_s)
                assert chance.p_bike is not None
                assert 0.0 <= chance.p_bike <= 1.0
                waiting.append((at + in_s, station, in_s, chance.p_bike, float(bikes >= 1)))
    assert count > 10_000
    assert ours / now < 0.85, (ours / count, now / count)
    assert len(forecaster.recorder.encode()) / len(forecaster.recorder.stations) < 2_000
