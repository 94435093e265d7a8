"""`smartreise.client` against the service: the questions of apps, changes, losses."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from smartreise.client import Refused, connect
from tests.api.conftest import Served
from tests.unit.push.world import until
from tests.unit.suggest.situation import late, point


async def test_next_departures(served: Served) -> None:
    async with connect(served.url) as reiseinfo:
        departures = await reiseinfo.next_departures("A", limit=2, modes=["bus", "tram"])
        _, body = await served.get("/v1/stops/A/departures?limit=2")
        assert [row.id for row in departures] == [row["id"] for row in body["departures"]]
        assert reiseinfo.minutes_until(departures[0].expected) in (4, 5)


async def test_when_must_i_leave(served: Served) -> None:
    async with connect(served.url) as reiseinfo:
        way = await reiseinfo.when_to_leave((59.9, 10.6), "B")
        assert way is None or way.reach in ("go", "hurry")
        async with aclosing(reiseinfo.suggestions(point(0), "B")) as ways:
            assert (await anext(ways)).suggestions
        assert await reiseinfo.alerts() == []


async def test_a_live_board_moves_on_through_a_lost_connection(served: Served) -> None:
    async with connect(served.url) as reiseinfo, aclosing(reiseinfo.boards("A")) as boards:
        assert (await anext(boards)).departures[0].delay_s == 0
        served.source.show(late("t1", 120))
        assert (await anext(boards)).departures[0].delay_s == 120
        for client in list(served.hub._clients):
            client.close(1001, "a test")
        served.source.show(late("t1", 180))
        async with asyncio.timeout(10):
            while (await anext(boards)).departures[0].delay_s != 180:
                pass
        assert reiseinfo.connection.opened == 2


async def test_what_is_refused_is_raised(served: Served) -> None:
    async with connect(served.url) as reiseinfo:
        with pytest.raises(Refused) as refused:
            await reiseinfo.next_departures("nowhere")
        assert refused.value.code == 404
    with pytest.raises(RuntimeError, match="its own"):
        async with connect(served.url):
            raise RuntimeError("its own")


async def test_who_no_longer_reads_leaves_the_topic(served: Served) -> None:
    async with connect(served.url) as reiseinfo:
        await reiseinfo.next_departures("A")
        await until(lambda: served.hub.statistics().subscriptions == 0)
