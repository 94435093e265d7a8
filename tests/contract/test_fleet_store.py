"""What administration keeps, against a real Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smartreise.fleet.shelf import Swap
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
    first = await shelf.write("offices", [Swap("o", None, b"1", b"made")])
    assert first is not None
    assert await shelf.write("offices", [Swap("o", None, b"x", b"no")]) is None
    assert await shelf.write("offices", [Swap("o", b"0", b"x", b"no")]) is None
    second = await shelf.write("offices", [Swap("o", b"1", b"2", b"changed")])
    assert second is not None
    assert order_of(second) > order_of(first)
    assert await shelf.revision() == second
    assert await shelf.list_records("offices") == {"o": b"2"}
    assert await shelf.write("offices", [Swap("o", b"2", None, b"removed")]) is not None
    assert await shelf.find("offices", "o") is None
    assert [line for _, line in await shelf.list_audit(2)] == [b"removed", b"changed"]


async def test_of_many_writers_at_once_one_wins(store: Store) -> None:
    shelf = FleetShelf(store)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(shelf.write("keys", [Swap("k", None, str(n).encode(), b"")])) for n in range(20)]
    assert sum(task.result() is not None for task in tasks) == 1
    assert len(await shelf.list_audit(100)) == 1


async def test_a_write_wakes_readers(store: Store) -> None:
    shelf = FleetShelf(store)
    cursor = await store.wait_for_change("$", 0)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(store.wait_for_change(cursor, 30))
        await shelf.write("displays", [Swap("d", None, b"1", b"")])
    assert waiting.result() != cursor


async def test_a_write_is_answered_when_it_is_on_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy disk cannot be had to order: the server's word of what it has not written yet stands for it."""
    behind, asked = [900, 900, 0], list[str]()

    async def told(section: str) -> dict[str, int]:
        asked.append(section)
        return {"aof_buffer_length": behind[len(asked) - 1]}

    assert (await store.connection.info("persistence"))["aof_buffer_length"] == 0  # it does say so
    monkeypatch.setattr(store.connection, "info", told)
    assert await FleetShelf(store).write("offices", [Swap("o", None, b"1", b"made")]) is not None
    assert asked == ["persistence"] * 3


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
        await FleetShelf(store).write("offices", [Swap("o", None, b"1", b"")])
    await store.close()


def swaps(number: int, old: bytes | None, new: bytes | None) -> list[Swap]:
    return [Swap(f"o{n:03}", old, new, f"line {n}".encode()) for n in range(number)]


async def test_many_at_once_are_all_there_or_none(store: Store) -> None:
    shelf = FleetShelf(store)
    revision = await shelf.write("offices", swaps(300, None, b"1"))
    assert len(await shelf.list_records("offices")) == len(await shelf.list_audit(1000)) == 300
    stale = [*swaps(2, b"1", b"2"), Swap("o002", b"0", b"2", b"")]
    assert await shelf.write("offices", stale) is None
    assert set((await shelf.list_records("offices")).values()) == {b"1"}
    assert (await shelf.revision(), len(await shelf.list_audit(1000))) == (revision, 300)


async def test_a_kill_in_the_middle_of_many_leaves_none(tmp_path: Path) -> None:
    """The append-only file as a kill leaves it, cut anywhere within what an import of 40 wrote."""
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        await FleetShelf(store).write("offices", [Swap("before", None, b"1", b"made")])
        begins = await _logged(tmp_path, b"made")
        await FleetShelf(store).write("offices", swaps(40, None, b"1"))
        await store.close()
    whole = _log_of(tmp_path).read_bytes()
    assert whole.count(b"line ") == 40
    for part in (0.0, 0.3, 0.9, 0.999, 1.0):
        _log_of(tmp_path).write_bytes(whole[: begins + int(part * (len(whole) - begins))])
        async with embedded_valkey(tmp_path) as url:
            store = Store(url, "test")
            there = await FleetShelf(store).list_records("offices")
            assert sorted(there) == ["before", *(f"o{n:03}" for n in range(40 if part == 1.0 else 0))]
            assert len(await FleetShelf(store).list_audit(100)) == len(there)
            await store.close()


async def _logged(data_dir: Path, text: bytes) -> int:
    """Size of the log once it holds a text: while the disk is busy the store writes a little later than it answers."""
    for _ in range(200):
        whole = _log_of(data_dir).read_bytes()
        if text in whole and whole.endswith(b"\r\n"):
            return len(whole)
        await asyncio.sleep(0.05)
    raise AssertionError("what was written is not in the log")


def _log_of(data_dir: Path) -> Path:
    """The newest append-only file."""
    return max(data_dir.glob("appendonlydir/*.incr.aof"), key=lambda file: file.stat().st_mtime_ns)
