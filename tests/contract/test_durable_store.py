"""The durable part as one thing, against a real Valkey; and the embedded server, which comes back when it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from click.testing import CliRunner

from smartreise.app.cli import commands
from smartreise.fleet.shelf import Swap
from smartreise.model.problems import ConfigError, Conflict
from smartreise.store.backup import Durable, decode_backup, encode_backup
from smartreise.store.durable import DurableShelf
from smartreise.store.embedded import embedded_valkey, find_socket
from smartreise.store.fleet import FleetShelf, order_of
from smartreise.store.migrations import SCHEMA
from smartreise.store.valkey import Store

HELD = Durable(
    records={
        "offices": {"a": b"\x00 1", "b": b"2"},
        "displays": {},
        "keys": {"k": b"hash"},
        "tokens": {},
        "notices": {},
        "webhooks": {},
    },
    audit=(b"first", b"second"),
    uses={"k": 7},
)


async def test_what_is_taken_comes_back_as_it_was(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        shelf, fleet = DurableShelf(store), FleetShelf(store)
        assert (await shelf.take()).is_empty
        revision = await shelf.put_back(HELD, replace=False)
        assert revision is not None
        assert await fleet.revision() == revision
        assert await shelf.take() == HELD
        assert [line for _, line in await fleet.list_audit(1)] == [b"second"]
        await store.close()


async def test_something_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url:
        store = Store(url, "test")
        shelf, fleet = DurableShelf(store), FleetShelf(store)
        first = await fleet.write("offices", [Swap("other", None, b"9", b"made")])
        assert first is not None
        assert await shelf.put_back(HELD, replace=False) is None
        assert await fleet.list_records("offices") == {"other": b"9"}
        second = await shelf.put_back(HELD, replace=True)
        assert second is not None
        assert order_of(second) > order_of(first)
        assert await shelf.take() == HELD
        await store.close()


def test_a_backup_holds_all_of_it_and_its_schema() -> None:
    assert decode_backup(encode_backup(HELD, region="test", made_at=1.0, schema=7)) == (HELD, 7)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format":"x"}', "PK\x03\x04"])
def test_what_is_no_backup_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ConfigError, match="not a backup") as refused:
        decode_backup(text.encode())
    assert "\n" not in str(refused.value)


def test_backup_and_restore_work_without_a_running_service(tmp_path: Path) -> None:
    file = tmp_path / "backup.json"
    file.write_bytes(encode_backup(HELD, region="demo", made_at=1.0, schema=SCHEMA))
    options = ["--region", "demo", "--data-dir", str(tmp_path / "data")]
    run = CliRunner()
    done = run.invoke(commands, ["restore", *options, str(file)])
    assert done.output.strip() == "restored: 2 offices, 0 displays, 1 keys, 0 tokens, 0 notices, 0 webhooks", done
    copy = tmp_path / "copy.json"
    done = run.invoke(commands, ["backup", *options, str(copy)])
    assert "2 offices" in done.output, done
    assert decode_backup(copy.read_bytes()) == (HELD, SCHEMA)
    assert copy.stat().st_mode & 0o077 == 0
    assert isinstance(run.invoke(commands, ["restore", *options, str(file)]).exception, Conflict)


async def test_an_embedded_server_that_is_killed_comes_back_with_what_was_written(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url:
        assert find_socket(tmp_path) == url
        store = Store(url, "test")
        await DurableShelf(store).put_back(HELD, replace=False)
        killed = int((await store.connection.info("server"))["process_id"])
        os.kill(killed, signal.SIGKILL)
        for _ in range(400):
            if await _process_id(store) not in (killed, None):
                break
            await asyncio.sleep(0.05)
        assert await DurableShelf(store).take() == HELD
        await store.close()
    assert find_socket(tmp_path) is None


async def _process_id(store: Store) -> int | None:
    try:
        return int((await store.connection.info("server"))["process_id"])
    except Exception:  # noqa: BLE001 — the server is just away
        return None
