"""Shared work: one computation per topic and change, whoever asks."""

from __future__ import annotations

import asyncio

import pytest

from smartreise.model.problems import BadInput, NotReady, UnknownId
from smartreise.push.failures import OverloadedError
from smartreise.push.settings import PushSettings
from tests.unit.push.world import World, stage, until


async def test_many_askers_cost_one_computation() -> None:
    async with stage() as at:
        at.world.set(A={"r1": 2000})
        states = await asyncio.gather(*(at.topics.get("board", {"stop": "A"}) for _ in range(50)))
        assert {state.rev for state in states} == {states[0].rev}
        assert at.view.asked == 1


async def test_equal_data_has_equal_revs_on_every_gateway() -> None:
    async with stage() as one, stage() as other:
        one.world.set(A={"r1": 2000, "r2": 2100})
        other.world.set(B={"x": 1})
        other.world.set(A={"r2": 2100, "r1": 2000})
        assert (await one.topics.get("board", {"stop": "A"})).rev == (
            await other.topics.get("board", {"stop": "A"})
        ).rev


async def test_an_answer_holds_until_something_changes_or_its_time_comes() -> None:
    async with stage() as at:
        at.world.set(A={"r1": 1010, "r2": 1500})
        first = await at.topics.get("board", {"stop": "A"})
        at.world.time = 1009.9
        assert await at.topics.get("board", {"stop": "A"}) is first
        at.world.time = 1010.0
        assert b'"r1"' not in (await at.topics.get("board", {"stop": "A"})).body
        at.world.set(A={"r9": 1500})
        assert b'"r9"' in (await at.topics.get("board", {"stop": "A"})).body


async def test_what_fails_is_told_to_who_asks() -> None:
    async with stage() as at:
        with pytest.raises(NotReady):
            await at.topics.get("board", {"stop": "A"})
        at.world.set(A={})
        with pytest.raises(UnknownId):
            await at.topics.get("board", {"stop": "Z"})
        with pytest.raises(BadInput):
            await at.topics.get("board", {})
        with pytest.raises(UnknownId):
            at.topics.get_topic("none", {})
        with pytest.raises(UnknownId):
            at.topics.get_topic("places", {"stop": "A"}, pushed=True)


async def test_topics_that_nobody_follows_are_forgotten_and_watched_ones_never() -> None:
    async with stage(settings=PushSettings(topics=3, heartbeat_s=60)) as at:
        at.world.set(A={}, B={}, C={}, D={})
        followed = at.connect()
        followed.subscribe("a", "A")
        await until(lambda: "snapshot" in followed.kinds())
        for stop in "BCD":
            await at.topics.get("board", {"stop": stop})
        assert at.topics.statistics().held == 3
        assert at.topics.get_topic("board", {"stop": "A"}).followers
        at.world.time += 10_000
        at.world.set()
        await until(lambda: at.topics.statistics().held == 1)


async def test_no_more_topics_are_watched_than_the_settings_allow() -> None:
    async with stage(settings=PushSettings(topics=1)) as at:
        at.world.set(A={}, B={})
        client = at.connect()
        client.subscribe("a", "A")
        await until(lambda: "snapshot" in client.kinds())
        with pytest.raises(OverloadedError):
            at.topics.get_topic("board", {"stop": "B"})


async def test_steps_are_kept_within_number_and_age() -> None:
    world = World()
    async with stage(world=world, settings=PushSettings(history=3, history_s=100)) as at:
        revs = []
        topic = None
        for number in range(6):
            world.set(A={"r": 9000 + number})
            world.time += 10
            revs.append((await at.topics.get("board", {"stop": "A"})).rev)
            topic = at.topics.get_topic("board", {"stop": "A"})
        assert topic is not None
        lengths = [None if (s := topic.steps_since(rev, world.time)) is None else len(s) for rev in revs]
        assert lengths == [None, None, 3, 2, 1, 0]
        assert topic.steps_since(revs[-2], world.time + 200) is None


async def test_news_that_an_answer_is_not_made_from_costs_nothing() -> None:
    async with stage() as at:
        at.world.set(A={"r1": 2000})
        first = await at.topics.get("board", {"stop": "A"})
        at.world.stir("vehicles")
        assert await at.topics.get("board", {"stop": "A"}) is first
        at.world.stir("layouts")
        assert await at.topics.get("board", {"stop": "A"}) is not first
        assert at.view.asked == 2
