"""The same shelf behind Sentinels and in a cluster, and through the loss of a master; real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smartreise.fleet.shelf import Swap
from smartreise.model.feeds import FeedHealth
from smartreise.model.problems import ConfigError
from smartreise.store.address import Address, parse
from smartreise.store.fleet import FleetShelf
from smartreise.store.keys import Keys
from smartreise.store.shelf import Dataset, Deposed, StoreLost
from smartreise.store.valkey import Store
from tests.contract.servers import Servers, servers, start_cluster, start_sentinels

REGION = "test"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Servers]:
    async with servers(tmp_path) as started:
        yield started


def dataset(revision: str) -> Dataset:
    return Dataset("realtime", "rt", revision, 1_700_000_000, revision.encode())


async def _patiently(store: Store, owner: str) -> int:
    """The lease, as soon as somebody answers and nobody has it."""
    for _ in range(300):
        try:
            if (token := await store.lead(owner)) is not None:
                return token
        except StoreLost:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("no lease")


@pytest.mark.parametrize("arrangement", ["sentinel", "cluster"])
async def test_the_shelf_works_and_goes_on_when_the_master_dies(running: Servers, arrangement: str) -> None:
    start = start_sentinels(running) if arrangement == "sentinel" else start_cluster(running, Keys(REGION).leader)
    url, master = await start
    store, other = Store(url, REGION), Store(url, REGION)
    try:
        first = await _everything(store)
        await store.resign("me")
        await running.say(master, "WAIT", 1, 2000)
        await running.kill(master)
        second = await _patiently(other, "another")
        assert second > first
        await other.put(dataset("later"), second)
        assert await _eventually(store) == b"later"
        with pytest.raises(Deposed):
            await store.put(dataset("old"), first)
    finally:
        await store.close()
        await other.close()


async def _everything(store: Store) -> int:
    """Each kind of thing that the shelf does; the lease's token."""
    token = await store.lead("me")
    assert token is not None
    cursor = await store.wait_for_change("$", 0)
    await store.put(dataset("r1"), token)
    assert await store.wait_for_change(cursor, 5) != cursor
    assert (await store.list_entries())["realtime:rt"].revision == "r1"
    assert await store.find_body("realtime:rt") == b"r1"
    health = FeedHealth("rt", "realtime", data_at=5)
    await store.put_health(health, token, announce=True)
    assert await store.list_health(["rt", "none"]) == {"rt": health}
    await store.set_clock(1.5)
    assert await store.find_clock() == 1.5
    assert await store.renew("me")
    shelf = FleetShelf(store)
    assert await shelf.write("offices", [Swap("o", None, b"{}", b"{}")]) is not None
    assert await shelf.list_records("offices") == {"o": b"{}"}
    assert (await shelf.take("key", 60))[0] == 59
    await shelf.put_passing("code", b"1", 60)
    await shelf.drop_passing("code", "other")
    return token


async def _eventually(store: Store) -> bytes | None:
    for _ in range(100):
        try:
            return await store.find_body("realtime:rt")
        except StoreLost:
            await asyncio.sleep(0.1)
    raise AssertionError("no answer")


def test_addresses_are_read() -> None:
    assert parse("redis://host:6379/0") is None
    assert parse("unix:///tmp/a.sock") is None
    assert parse("rediss+sentinel://me:p%40ss@a,b:7/main/2?sentinel_password=s") == Address(
        kind="sentinel",
        tls=True,
        hosts=(("a", 26379), ("b", 7)),
        username="me",
        password="p@ss",
        master="main",
        database=2,
        sentinel_password="s",
    )
    found = parse("redis+cluster://:secret@[::1]:7000,b")
    assert found is not None
    assert (found.hosts, found.username, found.password) == ((("::1", 7000), ("b", 6379)), None, "secret")


@pytest.mark.parametrize(
    "url",
    [
        "redis+pigeon://a",
        "http+cluster://a",
        "redis+cluster://",
        "redis+cluster://a/0",
        "redis+cluster://a:port",
        "redis+sentinel://a/0",
        "redis+sentinel://a/main/x",
        "redis+sentinel://a/main?colour=red",
        "http://a",
    ],
)
async def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Store(url.replace("://", "://me:hunter2@"), REGION)
    assert "hunter2" not in str(refused.value)
    assert "redis+sentinel://" in str(refused.value)
