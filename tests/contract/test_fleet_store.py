"""What administration keeps, against a real Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smartreise.store.embedded import embedded_valkey
from smartreise.store.fleet import FleetShelf, order_of
from smartreise.store.shelf import StoreLost
from smartreise.store.valkey import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        yield store
        await store.close()


async def test_a_write_replaces_only_what_the_writer_saw(store: Store) -> None:
    shelf = FleetShelf(store)
    assert await shelf.revision() is None
    first = await shelf.write("offices", "o", old=None, new=b"1", audit=b"made")
    assert first is not None
    assert await shelf.write("offices", "o", old=None, new=b"x", audit=b"no") is None
    assert await shelf.write("offices", "o", old=b"0", new=b"x", audit=b"no") is None
    second = await shelf.write("offices", "o", old=b"1", new=b"2", audit=b"changed")
    assert second is not None
    assert order_of(second) > order_of(first)
    assert await shelf.revision() == second
    assert await shelf.list_records("offices") == {"o": b"2"}
    assert await shelf.write("offices", "o", old=b"2", new=None, audit=b"removed") is not None
    assert await shelf.find("offices", "o") is None
    assert [line for _, line in await shelf.list_audit(2)] == [b"removed", b"changed"]


async def test_of_many_writers_at_once_one_wins(store: Store) -> None:
    shelf = FleetShelf(store)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(shelf.write("keys", "k", old=None, new=str(n).encode(), audit=b"")) for n in range(20)
        ]
    assert sum(task.result() is not None for task in tasks) == 1
    assert len(await shelf.list_audit(100)) == 1


async def test_a_write_wakes_readers(store: Store) -> None:
    shelf = FleetShelf(store)
    cursor = await store.wait_for_change("$", 0)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(store.wait_for_change(cursor, 30))
        await shelf.write("displays", "d", old=None, new=b"1", audit=b"")
    assert waiting.result() != cursor


async def test_a_bucket_is_shared_and_refills(store: Store) -> None:
    shelf, other = FleetShelf(store), FleetShelf(store)
    left = [(await shelf_.take("key:k", 3, count=True))[0] for shelf_ in (shelf, other, shelf)]
    assert left == [2, 1, 0]
    empty, seconds = await other.take("key:k", 3, count=True)
    assert empty == -1
    assert 0 < seconds <= 20
    assert await shelf.list_uses() == {"key:k": 3}
    assert (await shelf.take("key:other", 3))[0] == 2
    fast = [(await shelf.take("key:fast", 60_000))[0] for _ in range(50)]
    assert min(fast) > 59_900


async def test_what_passes_is_taken_once(store: Store) -> None:
    shelf = FleetShelf(store)
    assert await shelf.put_passing("code:A", b"d1", 60)
    assert not await shelf.put_passing("code:A", b"d2", 60)
    assert await shelf.find_passing("code:A") == b"d1"
    await shelf.drop_passing("code:A", "code:B")
    assert await shelf.find_passing("code:A") is None


async def test_a_store_that_is_away_is_told(tmp_path: Path) -> None:
    store = Store(f"unix://{tmp_path / 'nothing'}", "test")
    with pytest.raises(StoreLost):
        await FleetShelf(store).write("offices", "o", old=None, new=b"1", audit=b"")
    await store.close()
