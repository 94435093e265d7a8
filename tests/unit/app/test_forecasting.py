"""The forecast in service: from polls to a table, over a restart."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from smartreise.app.forecasting import AHEAD_S, Forecasting, read_table
from smartreise.model.mobility import MobilitySystem, Station
from smartreise.model.problems import DatasetRefused

ZONE = ZoneInfo("Europe/Oslo")
FIRST = int(datetime(2026, 3, 2, tzinfo=ZONE).timestamp())
STEP = 600


def system(at: int) -> MobilitySystem:
    """A station that is empty from eight to sixteen, and one that always has bikes."""
    hour = datetime.fromtimestamp(at, ZONE).hour
    bikes = {"empties": 0 if 8 <= hour < 16 else 6, "keeps": 5}
    stations = tuple(
        Station(id=name, name=name, lat=59.9, lon=10.7, bikes=count, docks=10 - count) for name, count in bikes.items()
    )
    return MobilitySystem("bikes", "city", "City", "2.3", at, 60, stations=stations, stations_at=at)


async def test_what_stations_had_becomes_what_is_told() -> None:
    forecasting = Forecasting(ZONE)
    now = FIRST
    for now in range(FIRST, FIRST + 10 * 86_400 + 7 * 3600 + 2401, STEP):
        assert await forecasting.observe(system(now), now) is None  # nothing was learnt yet
    await forecasting.learn("bikes", now)
    body = await forecasting.observe(system(now), now)
    assert body is not None
    told = read_table(body).stations
    assert read_table(body).confidence["keeps"] == pytest.approx(
        10.3 / 14, abs=0.02
    )  # of two weeks, ten days are known
    assert [ahead for ahead, _, _ in told["keeps"]] == list(AHEAD_S)
    assert all(p_bike > 0.9 for _, p_bike, _ in told["keeps"])
    assert told["empties"][-1][1] < 0.6  # it is 07:40, and half an hour ahead they are gone on each day known
    assert told["empties"][-1][1] < told["keeps"][-1][1]


async def test_a_history_survives_a_change_of_leader() -> None:
    one, other = Forecasting(ZONE), Forecasting(ZONE)
    for now in range(FIRST, FIRST + 4 * 86_400, STEP):
        await one.observe(system(now), now)
    kept = await one.take_history("bikes", now)
    assert kept is not None
    assert await one.take_history("bikes", now + 10) is None  # not again so soon
    other.load("bikes", kept)
    await other.learn("bikes", now)
    assert await other.observe(system(now), now) is not None
    with pytest.raises(DatasetRefused):
        other.load("bikes", b"nonsense")


async def test_a_short_history_tells_nothing() -> None:
    forecasting = Forecasting(ZONE)
    for now in range(FIRST, FIRST + 86_400, STEP):
        await forecasting.observe(system(now), now)
    await forecasting.learn("bikes", now)
    assert await forecasting.observe(system(now), now) is None


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(DatasetRefused):
        read_table(b'{"at": "yesterday"}')
