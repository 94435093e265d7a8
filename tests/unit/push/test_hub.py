"""What clients see: snapshots, deltas, resumption, slowness, failures, goodbyes."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartreise.push.settings import PushSettings
from tests.unit.push.world import Socket, Stage, World, stage, until

ROWS = {f"r{n}": 5000 + n for n in range(20)}


async def subscribed(at: Stage, stop: str = "A", **more: Any) -> Socket:
    client = at.connect(**more)
    client.subscribe("s", stop)
    await until(lambda: f"board?stop={stop}" in client.held)
    return client


def has_minute(client: Socket, minute: int) -> bool:
    return client.rows("A")["r3"] == minute


def holds_rev(client: Socket, key: str, rev: str) -> bool:
    return key in client.held and client.held[key][0] == rev


async def test_hello_comes_first_then_the_state_then_changes() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = await subscribed(at)
        at.world.set(A={**ROWS, "r3": 5500})
        await until(lambda: client.rows("A")["r3"] == 5500)
        assert client.kinds() == ["hello", "subscribed", "snapshot", "delta"]
        assert client.sent[1] == {"type": "subscribed", "sub": "s", "topic": "board?stop=A"}
        assert len(client.sent[3]["patch"]) == 2, "one row moves and changes its minute"
        assert all("server_time" in frame for frame in client.sent if frame["type"] in ("snapshot", "delta"))


async def test_content_that_only_ages_is_pushed_at_its_moment() -> None:
    async with stage() as at:
        at.world.set(A={"r1": 1100, "r2": 1200})
        client = await subscribed(at)
        at.world.time = 1100.0
        await until(lambda: client.rows("A") == {"r2": 1200})


async def test_all_subscribers_get_the_same_bytes() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        clients = [await subscribed(at) for _ in range(5)]
        at.world.set(A={**ROWS, "r3": 5500})
        await until(lambda: all(client.kinds()[-1] == "delta" for client in clients))
        assert all(client.sent[-1] == clients[0].sent[-1] for client in clients)
        assert at.view.asked == 2


async def test_who_comes_back_gets_current_or_what_was_missed_or_the_whole() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        before = await subscribed(at)
        rev = before.held["board?stop=A"][0]
        before.hang_up()

        async def back(rev: str) -> list[str]:
            client = at.connect(held=before)
            client.subscribe("s", "A", rev=rev)
            await until(lambda: len(client.sent) > 2)
            assert client.rows("A") == (at.world.snapshot.rows["A"] if at.world.snapshot else {})
            client.hang_up()
            return client.kinds()[2:]

        assert await back(rev) == ["current"]
        at.world.set(A={**ROWS, "r3": 5500})
        assert await back(rev) == ["delta"]
        assert await back("of another life") == ["snapshot"]


async def test_a_slow_client_gets_the_newest_state_and_no_queue() -> None:
    async with stage(settings=PushSettings(outbox_bytes=2_000)) as at:
        at.world.set(A=ROWS)
        slow, quick = await subscribed(at), await subscribed(at)
        slow.stop_reading()
        for number in range(100):
            at.world.set(A={**ROWS, "r3": 6000 + number})
            await until(partial(has_minute, quick, 6000 + number))
        assert at.hub.statistics().waiting_bytes <= 2_000
        assert at.hub.statistics().coalesced >= 1
        slow.read_on()
        await until(lambda: slow.rows("A")["r3"] == 6099)
        assert len(slow.sent) < 20


async def test_a_client_that_takes_nothing_is_let_go() -> None:
    async with stage(settings=PushSettings(slow_after_s=0.05)) as at:
        at.world.set(A=ROWS)
        client = at.connect(reads=False)
        await until(lambda: client.closed)
        assert client.closed == (1013, "too slow a reader")
        await until(lambda: at.hub.statistics().clients == 0)
        assert at.hub.statistics().closed_slow == 1


async def test_a_bad_request_fails_alone() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = await subscribed(at)
        client.subscribe("x", "nowhere")
        client.say(type="subscribe", sub="y", topic="weather", params={})
        client.say(type="subscribe", sub="z", topic="board", params={"colour": "red"})
        client.say_raw("{not json")
        client.say(type="ping")
        await until(lambda: len(client.sent) >= 8)
        errors = {(frame["sub"], frame["code"]) for frame in client.sent if frame["type"] == "error"}
        assert errors == {("x", 404), ("y", 404), ("z", 400), (None, 400)}
        assert "pong" in client.kinds()
        at.world.set(A={"r": 7000})
        await until(lambda: client.rows("A") == {"r": 7000})


async def test_who_subscribes_before_the_first_timetable_gets_it_when_it_comes() -> None:
    async with stage() as at:
        client = at.connect()
        client.subscribe("s", "A")
        await until(lambda: "subscribed" in client.kinds())
        at.world.set(A=ROWS)
        await until(lambda: client.held and client.rows("A") == ROWS)


async def test_a_topic_that_loses_its_subject_says_so_and_comes_back() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = await subscribed(at)
        at.world.drop("A")
        await until(lambda: client.kinds()[-1] == "error")
        assert (client.sent[-1]["sub"], client.sent[-1]["code"]) == ("s", 404)
        at.world.set(A=ROWS)
        await until(lambda: client.kinds()[-1] == "snapshot")


async def test_two_subscriptions_on_a_topic_share_frames_and_leave_apart() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = await subscribed(at)
        client.subscribe("t", "A")
        await until(lambda: client.kinds().count("snapshot") == 2)
        client.say(type="unsubscribe", sub="s")
        at.world.set(A={"r": 7000})
        await until(lambda: client.rows("A") == {"r": 7000})
        assert client.kinds()[-1] in ("delta", "snapshot")
        client.say(type="unsubscribe", sub="t")
        await until(lambda: at.hub.statistics().subscriptions == 0)


async def test_two_subscriptions_at_once_are_both_promised_before_the_state_comes() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = at.connect()
        client.subscribe("one", "A")
        client.subscribe("two", "A")
        await until(lambda: client.kinds().count("subscribed") == 2 and client.kinds()[-1] == "snapshot")


async def test_a_request_that_crossed_a_change_on_its_way_gets_the_whole() -> None:
    async with stage() as at:
        at.world.set(A=ROWS)
        client = await subscribed(at)
        rev = client.held["board?stop=A"][0]
        at.world.set(A={**ROWS, "r3": 5500})
        await until(lambda: client.kinds()[-1] == "delta")
        client.subscribe("s", "A", rev=rev)  # as it was before the delta came
        await until(lambda: client.kinds()[-1] == "snapshot")
        client.subscribe("s", "A", rev=client.held["board?stop=A"][0])
        await until(lambda: client.kinds()[-1] == "current")


async def test_heartbeats_come_by_themselves() -> None:
    async with stage(settings=PushSettings(heartbeat_s=0.02)) as at:
        client = at.connect()
        await until(lambda: client.kinds().count("heartbeat") >= 3)


async def test_a_connection_that_died_unnoticed_is_found_within_three_intervals() -> None:
    async with stage(settings=PushSettings(heartbeat_s=0.1)) as at:
        dead, quiet = at.connect(), at.connect()
        dead.lives = False
        begun = asyncio.get_running_loop().time()
        await until(lambda: dead.closed)
        assert asyncio.get_running_loop().time() - begun < 0.3
        assert dead.closed == (1008, "no answer to pings")
        assert at.hub.statistics().closed_silent == 1
        await until(lambda: quiet.kinds().count("heartbeat") >= 5)
        assert quiet.closed is None


async def test_too_many_connections_from_one_address() -> None:
    async with stage(settings=PushSettings(sockets_per_address=1)) as at:
        first, second, other = at.connect(), at.connect(), at.connect(address="b")
        await until(lambda: second.closed and first.sent and other.sent)
        assert second.closed is not None
        assert second.closed[0] == 1013
        assert first.closed is None


async def test_a_planned_stop_says_goodbye() -> None:
    async with stage() as at:
        clients = [at.connect() for _ in range(3)]
        await until(lambda: all(client.sent for client in clients))
        await at.hub.stop()
        assert {client.closed for client in clients} == {(1012, "the service restarts")}
        late = at.connect()
        await until(lambda: late.closed)


async def test_a_planned_stop_is_spread_over_time() -> None:
    async with stage(settings=PushSettings(farewells_per_s=200)) as at:  # ten at a time
        clients = [at.connect() for _ in range(30)]
        stopping = asyncio.ensure_future(at.hub.stop())
        await until(lambda: any(client.closed for client in clients))
        assert sum(client.closed is not None for client in clients) <= 20
        await stopping
        assert all(client.closed == (1012, "the service restarts") for client in clients)


async def test_who_comes_when_there_is_no_room_is_told_to_come_later() -> None:
    async with stage(settings=PushSettings(sockets=2)) as at:
        clients = [at.connect(address=str(number)) for number in range(3)]
        assert clients[2].closed == (1013, "more than 2 connections; try again later")
        clients[0].hang_up()
        assert at.connect().closed is None
        assert at.hub.statistics().refused == 1


async def test_nobody_is_taken_while_the_loop_is_behind() -> None:
    async with stage(settings=PushSettings(lag_s=0.05, heartbeat_s=0.2)) as at:
        await asyncio.sleep(0.02)
        time.sleep(0.3)  # noqa: ASYNC251 — this is what being behind means
        refused = []

        def turned_away() -> bool:
            client = at.connect()
            refused.append(client.closed)
            client.hang_up()
            return client.closed is not None

        await until(turned_away)
        assert refused[-1] == (1013, "the service is behind; try again later")
        await until(lambda: not turned_away())


async def test_what_waits_for_all_together_is_bounded() -> None:
    async with stage(settings=PushSettings(waiting_bytes=3_000)) as at:
        at.world.set(A=ROWS)
        clients = [await subscribed(at) for _ in range(10)]
        for client in clients:
            client.stop_reading()
        for number in range(12):
            at.world.set(A={**ROWS, "r3": 6000 + number})
            await asyncio.sleep(0.01)
        assert 0 < at.hub.statistics().waiting_bytes <= 3_000
        for client in clients:
            client.read_on()
        await until(lambda: all(client.rows("A")["r3"] == 6011 for client in clients))
        assert at.hub.statistics().waiting_bytes == 0


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "pause", "read", "reconnect", "reconnect", "resubscribe", "age", "drop"]),
        st.sampled_from("AB"),
        st.dictionaries(st.sampled_from("abcdefg"), st.integers(1500, 1520), max_size=7),
    ),
    max_size=25,
)


@given(ACTIONS, st.integers(200, 3000))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_a_client_ends_with_what_the_server_has(actions: Any, outbox: int) -> None:
    asyncio.run(_play(actions, outbox))


async def _play(actions: Any, outbox: int) -> None:
    world = World()
    async with stage(world=world, settings=PushSettings(outbox_bytes=outbox, history=4, heartbeat_s=60)) as at:
        world.set(A={"a": 1500}, B={"b": 1500})
        client = at.connect()
        for stop in "AB":
            client.subscribe(stop, stop)
        for action, stop, rows in actions:
            client = _act(at, client, action, stop, rows)
            await asyncio.sleep(0.001)
        world.set(A=world.snapshot.rows.get("A", {}) if world.snapshot else {}, B={"z": 1600})
        client.read_on()
        for stop in "AB":
            answer = await at.topics.get("board", {"stop": stop})
            await _insist(client, stop, answer.rev)


async def _insist(client: Socket, stop: str, rev: str) -> None:
    """Ends with the rev; a subscription that failed while the stop was gone is asked for again."""
    refused = 0

    def holds() -> bool:
        nonlocal refused
        errors = sum(frame["type"] == "error" and frame["sub"] == stop for frame in client.sent)
        if errors > refused:
            refused = errors
            client.subscribe(stop, stop)
        return holds_rev(client, f"board?stop={stop}", rev)

    await until(holds)


def _act(at: Stage, client: Socket, action: str, stop: str, rows: dict[str, int]) -> Socket:
    if action == "set":
        at.world.set(**{stop: rows})
    elif action == "pause":
        client.stop_reading()
    elif action == "read":
        client.read_on()
    elif action == "age":
        at.world.time = min(at.world.time + 250, 1530.0)
    elif action == "drop":
        at.world.drop(stop)
    elif action == "resubscribe":
        held = client.held.get(f"board?stop={stop}")
        client.subscribe(stop, stop, **({"rev": held[0]} if held and client.reads else {}))
    elif action == "reconnect":
        client.hang_up()
        again = at.connect(held=client)
        for name in "AB":
            held = client.held.get(f"board?stop={name}")
            again.subscribe(name, name, **({"rev": held[0]} if held else {}))
        return again
    return client


@pytest.mark.parametrize("followers", [3, 1200])
async def test_slices_reach_everybody(followers: int) -> None:
    async with stage(settings=PushSettings(heartbeat_s=60)) as at:
        at.world.set(A=ROWS)
        clients = [at.connect() for _ in range(followers)]
        for client in clients:
            client.subscribe("s", "A")
        await until(lambda: all(client.held for client in clients))
        at.world.set(A={"r": 7000})
        await until(lambda: all(client.rows("A") == {"r": 7000} for client in clients))
