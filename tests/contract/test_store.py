"""The store against a real Valkey, the one that ships with us."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smartreise.model.feeds import FeedHealth
from smartreise.model.problems import ConfigError
from smartreise.store.embedded import embedded_valkey
from smartreise.store.shelf import Dataset, Deposed, StoreLost
from smartreise.store.valkey import PIECE, Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with embedded_valkey(tmp_path / "a folder with spaces") as url:
        store = Store(url, "test")
        yield store
        await store.close()


def dataset(revision: str, body: bytes = b"body") -> Dataset:
    return Dataset("realtime", "rt", revision, 1_700_000_000, body)


async def test_a_dataset_is_on_the_shelf_whole_and_announced(store: Store) -> None:
    token = await store.lead("me")
    assert token is not None
    cursor = await store.wait_for_change("$", 0)
    await store.put(dataset("r1", b"\x00\xff"), token)
    assert await store.wait_for_change(cursor, 5) != cursor
    assert (await store.list_entries())["realtime:rt"].revision == "r1"
    assert await store.find_body("realtime:rt") == b"\x00\xff"
    assert await store.find_body("realtime:other") is None


async def test_a_large_dataset_comes_in_pieces_and_takes_its_place_at_once(store: Store) -> None:
    token = await store.lead("me")
    assert token is not None
    body = bytes(range(256)) * (PIECE // 100)
    await store.put(dataset("r1", b"small"), token)
    await store.put(dataset("r2", body), token)
    assert await store.find_body("realtime:rt") == body
    assert (await store.list_entries())["realtime:rt"].revision == "r2"
    assert await store.connection.ttl(store.keys.body("realtime:rt")) == -1
    assert not await store.connection.exists(store.keys.coming("realtime:rt", token))
    with pytest.raises(Deposed):
        await store.put(dataset("r3", body[1:]), token - 1)
    assert await store.find_body("realtime:rt") == body


async def test_a_waiting_reader_is_woken(store: Store) -> None:
    token = await store.lead("me")
    assert token is not None
    cursor = await store.wait_for_change("$", 0)
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(store.wait_for_change(cursor, 30))
        await store.put(dataset("r1"), token)
    assert waiting.result() != cursor


async def test_one_leads_and_a_deposed_leader_cannot_write(store: Store) -> None:
    first = await store.lead("first")
    assert first is not None
    assert await store.lead("second") is None
    await store.resign("first")
    second = await store.lead("second")
    assert second is not None
    assert second > first
    assert not await store.renew("first")
    with pytest.raises(Deposed):
        await store.put(dataset("old"), first)
    with pytest.raises(Deposed):
        await store.put_health(FeedHealth("rt", "realtime"), first, announce=True)
    await store.put(dataset("new"), second)
    assert (await store.list_entries())["realtime:rt"].revision == "new"


async def test_health_wakes_readers_only_when_it_turned(store: Store) -> None:
    token = await store.lead("me")
    assert token is not None
    cursor = await store.wait_for_change("$", 0)
    health = FeedHealth("rt", "realtime", data_at=5, entities={"trips": 2})
    await store.put_health(health, token, announce=False)
    assert await store.wait_for_change(cursor, 0.05) == cursor
    await store.put_health(health, token, announce=True)
    assert await store.wait_for_change(cursor, 5) != cursor
    assert await store.list_health(["rt", "unknown"]) == {"rt": health}


async def test_what_was_written_survives_a_kill_of_the_server(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        token = await store.lead("me")
        assert token is not None
        await store.put(dataset("r1"), token)
        await store.set_clock(12.5)
        await _until_on_disk(tmp_path)
        os.kill(_server_of(tmp_path), signal.SIGKILL)
        await _until_lost(store)
        await store.close()
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        assert (await store.list_entries())["realtime:rt"].revision == "r1"
        assert await store.find_clock() == 12.5
        await store.close()


async def test_two_services_do_not_share_a_folder(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path):
        with pytest.raises(ConfigError, match="another service"):
            async with embedded_valkey(tmp_path):
                pytest.fail("a second server runs on the same file")


def test_a_wrong_address_is_a_readable_mistake() -> None:
    with pytest.raises(ConfigError, match="--redis"):
        Store("nonsense://here", "test")


def _server_of(folder: Path) -> int:
    """Id of the server whose data is in a folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                home = (entry / "cwd").resolve().as_posix()
            except OSError:  # gone by now, or another user's
                continue
            if "valkey-server" in command.split("\0")[0] and str(folder) in home:
                return int(entry.name)
    raise AssertionError("no server runs on the folder")


async def _until_lost(store: Store) -> None:
    for _ in range(100):
        try:
            await store.ping()
        except StoreLost:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the server still answers")


async def _until_on_disk(folder: Path) -> None:
    """The append-only file is synced every second."""
    for _ in range(100):
        if _appended(folder):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was appended")


def _appended(folder: Path) -> bool:
    return any(b"realtime:rt" in file.read_bytes() for file in folder.rglob("*.aof"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a cut-off command's connection
async def test_a_task_that_only_talks_to_the_store_can_be_ended(store: Store) -> None:
    async def talk() -> None:
        while True:
            await store.list_entries()

    for number in range(150):
        task = asyncio.get_running_loop().create_task(talk())
        await asyncio.sleep(number % 10 / 3000)
        task.cancel()
        _, going_on = await asyncio.wait([task], timeout=5)
        assert not going_on, f"at try {number}"
