"""The schema of a store: older ones are migrated once and whole, newer ones are refused; all against a real Valkey."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from smartreise.app.cli import commands
from smartreise.app.doctor import _judge_schema
from smartreise.fleet.shelf import Swap
from smartreise.model.problems import ConfigError
from smartreise.store.backup import Durable, decode_backup, encode_backup
from smartreise.store.durable import DurableShelf
from smartreise.store.embedded import embedded_valkey
from smartreise.store.fleet import FleetShelf
from smartreise.store.migrations import MIGRATIONS, SCHEMA, Migration, Plan, Records
from smartreise.store.shelf import Dataset, SchemaRefused, StoreLost
from smartreise.store.valkey import Store
from tests.service import ROOT

#: records of the form before, whose values count up by one a step; "gone" goes, "new" comes
OLD: Records = {"offices": {"a": b"1", "gone": b"9"}, "displays": {"d": b"5"}}


def count_up(records: Records) -> Records:
    offices = {"new": b"0"} | records["offices"]
    counted = {name: str(int(body) + 1).encode() for name, body in offices.items() if name != "gone"}
    return {**records, "offices": counted}


def steps(*, to: int, least: int = 0, forgets: frozenset[str] = frozenset()) -> Plan:
    """A plan whose steps each count up."""
    return Plan(
        [Migration(to=n, what="counted", least=least, change=count_up, forgets=forgets) for n in range(1, to + 1)]
    )


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with embedded_valkey(tmp_path) as found:
        yield found


async def make_old(url: str) -> None:
    """A store as programs left it that knew of no number."""
    store = Store(url, "test")
    keys = store.keys
    for kind, rows in OLD.items():
        await store.connection.hset(keys.fleet(kind), mapping=rows)
    await store.connection.xadd(keys.fleet_audit, {"entry": b"made"})
    revision = await store.connection.xadd(keys.changes, {"name": "fleet"})
    await store.connection.set(keys.fleet_revision, revision)
    await store.connection.hset(keys.datasets, "realtime:r", b'{"revision":"x","made_at":1}')
    await store.connection.set(keys.body("realtime:r"), b"body")
    await store.close()


def test_the_steps_lead_from_nothing_to_our_schema_one_by_one() -> None:
    assert [step.to for step in MIGRATIONS] == list(range(1, SCHEMA + 1))
    assert all(0 <= step.least <= step.to for step in MIGRATIONS)


async def test_an_empty_store_gets_our_number_and_nothing_else(url: str) -> None:
    store = Store(url, "test")
    await store.agree()
    kept = await store.kept()
    assert (kept.number, kept.least) == (SCHEMA, MIGRATIONS[-1].least)
    assert await store.connection.keys("*") == [store.keys.schema.encode()]
    await store.close()


async def test_whoever_writes_first_agrees_by_itself(url: str) -> None:
    store = Store(url, "test")
    assert await FleetShelf(store).write("offices", [Swap("a", None, b"1", b"made")]) is not None
    assert (await store.kept()).number == SCHEMA
    await store.close()


async def test_a_store_of_before_numbers_is_taken_over_as_it_is(url: str) -> None:
    await make_old(url)
    store = Store(url, "test")
    before = await DurableShelf(store).take()
    await store.agree()
    assert (await store.kept()).number == SCHEMA
    assert await DurableShelf(store).take() == before
    await store.close()


async def test_an_older_store_goes_through_every_step_and_is_kept_as_it_was_too(url: str) -> None:
    await make_old(url)
    store = Store(url, "test", steps(to=3, least=2, forgets=frozenset({"realtime"})))
    revision = await FleetShelf(store).revision()
    await store.agree()
    kept = await store.kept()
    assert (kept.number, kept.least) == (3, 2)
    held = await DurableShelf(store).take()
    assert held.records["offices"] == {"a": b"4", "new": b"3"}
    assert held.records["displays"] == OLD["displays"]
    assert held.audit == (b"made",)
    assert await FleetShelf(store).revision() != revision, "gateways look again"
    assert await store.list_entries() == {}
    assert await store.find_body("realtime:r") is None
    was, schema = decode_backup(await store.find_before(0) or b"")
    assert schema == 0
    assert was.records["offices"] == OLD["offices"]
    assert await store.connection.ttl(store.keys.before(0)) > 29 * 86_400
    await store.close()


async def test_of_many_that_start_at_once_each_step_is_done_once(url: str) -> None:
    await make_old(url)
    stores = [Store(url, "test", steps(to=5)) for _ in range(8)]
    await asyncio.gather(*(store.agree() for store in stores))
    assert (await DurableShelf(stores[0]).take()).records["offices"] == {"a": b"6", "new": b"5"}
    for store in stores:
        await store.close()


async def test_what_an_old_program_writes_meanwhile_is_migrated_too(url: str) -> None:
    await make_old(url)
    old, late = Redis.from_url(url), [True]

    def change(records: Records) -> Records:
        if late.pop() if late else False:
            keys = store.keys
            old.hset(keys.fleet("offices"), "late", b"7")
            old.set(keys.fleet_revision, old.xadd(keys.changes, {"name": "fleet"}))
        return count_up(records)

    store = Store(url, "test", Plan([Migration(to=1, what="counted", least=0, change=change)]))
    await store.agree()
    assert (await DurableShelf(store).take()).records["offices"] == {"a": b"2", "late": b"8", "new": b"1"}
    old.close()
    await store.close()


KILLED = """
import asyncio, os, signal, sys
from smartreise.store.migrations import Migration, Plan
from smartreise.store.valkey import Store
from tests.contract.test_schema import count_up

def die(records):
    os.kill(os.getpid(), signal.SIGKILL)

whole = Migration(to=1, what="counted", least=0, change=count_up)
asyncio.run(Store(sys.argv[1], "test", Plan([whole, Migration(to=2, what="died", least=0, change=die)])).agree())
"""


async def test_a_kill_in_the_middle_leaves_whole_steps_and_the_next_goes_on(url: str) -> None:
    await make_old(url)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, url, cwd=ROOT)
    assert await child.wait() == -signal.SIGKILL
    store = Store(url, "test", steps(to=3))
    assert (await store.kept()).number == 1
    assert (await DurableShelf(store).take()).records["offices"] == {"a": b"2", "new": b"1"}
    await store.agree()
    assert (await DurableShelf(store).take()).records["offices"] == {"a": b"4", "new": b"3"}
    await store.close()


async def test_a_newer_store_is_neither_read_nor_written_where_it_says_so(url: str) -> None:
    newer = Store(url, "test", steps(to=3, least=3))
    await newer.agree()
    revision = await FleetShelf(newer).write("offices", [Swap("a", None, b"1", b"made")])
    ours = Store(url, "test", steps(to=2))
    with pytest.raises(SchemaRefused, match=r"kept in schema 3 by version \S+, this one \(\S+\) knows 2: update it"):
        await ours.agree()
    with pytest.raises(SchemaRefused, match="update it"):
        await FleetShelf(ours).write("offices", [Swap("a", b"1", b"2", b"changed")])
    with pytest.raises(SchemaRefused):
        await ours.lead("me")
    with pytest.raises(SchemaRefused):
        await ours.put(Dataset("realtime", "r", "1", 1, b"x"), 1)
    assert await FleetShelf(newer).revision() == revision
    assert await FleetShelf(newer).find("offices", "a") == b"1"
    for store in (newer, ours):
        await store.close()


async def test_a_newer_store_that_lets_us_is_written_on(url: str) -> None:
    newer, ours = Store(url, "test", steps(to=3, least=2)), Store(url, "test", steps(to=2))
    await newer.agree()
    await ours.agree()
    assert await FleetShelf(ours).write("offices", [Swap("a", None, b"1", b"made")]) is not None
    assert (await ours.kept()).number == 3
    for store in (newer, ours):
        await store.close()


async def test_an_old_program_puts_nothing_back_into_a_store_that_a_newer_one_took(url: str) -> None:
    newer, ours = Store(url, "test", steps(to=3, least=2)), Store(url, "test", steps(to=2))
    await newer.agree()
    held = Durable(records={**Durable({}).records, "offices": {"a": b"old form"}})
    assert await DurableShelf(ours).put_back(held, replace=False) is None
    assert await DurableShelf(newer).put_back(held, replace=False) is not None
    for store in (newer, ours):
        await store.close()


async def test_a_store_that_is_full_is_not_migrated_by_half(url: str) -> None:
    await make_old(url)
    store = Store(url, "test", steps(to=1))
    await store.connection.config_set("maxmemory", "1kb")
    with pytest.raises(StoreLost):
        await store.agree()
    assert (await store.kept()).number is None
    assert await FleetShelf(store).list_records("offices") == OLD["offices"]
    await store.connection.config_set("maxmemory", "0")
    await store.agree()
    assert (await store.kept()).number == 1
    await store.close()


def test_backup_and_restore_carry_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = steps(to=2)
    old = Durable(records={"offices": {"a": b"1"}})
    file, copy = tmp_path / "old.json", tmp_path / "new.json"
    file.write_bytes(encode_backup(old, region="demo", made_at=1.0, schema=1))
    monkeypatch.setattr("smartreise.store.migrations.Plan.__init__.__defaults__", (plan.steps,))
    options, run = ["--region", "demo", "--data-dir", str(tmp_path / "data")], CliRunner()
    done = run.invoke(commands, ["restore", *options, str(file)])
    assert done.output.startswith("restored: 2 offices"), done
    done = run.invoke(commands, ["backup", *options, str(copy)])
    assert f"{copy}: schema 2: 2 offices" in done.output, done
    assert decode_backup(copy.read_bytes())[0].records["offices"] == {"a": b"2", "new": b"1"}
    file.write_bytes(encode_backup(old, region="demo", made_at=1.0, schema=3))
    refused = run.invoke(commands, ["restore", "--replace", *options, str(file)]).exception
    assert isinstance(refused, ConfigError)
    assert str(refused) == f"{file}: made by schema 3, this version knows 2: use a newer version"


def test_the_copy_from_before_a_migration_can_be_had(tmp_path: Path) -> None:
    async def prepare() -> None:
        async with embedded_valkey(tmp_path / "data") as url:
            store = Store(url, "demo")
            await store.connection.hset(store.keys.fleet("offices"), "a", b"1")
            await store.connection.set(store.keys.fleet_revision, "1-1")
            await store.agree()
            await store.close()

    asyncio.run(prepare())
    options, copy = ["--region", "demo", "--data-dir", str(tmp_path / "data")], tmp_path / "copy.json"
    done = CliRunner().invoke(commands, ["backup", *options, "--before", "0", str(copy)])
    assert f"{copy}: schema 0: 1 offices" in done.output, done
    missing = CliRunner().invoke(commands, ["backup", *options, "--before", "5", str(copy)]).exception
    assert "keeps no copy from before a migration of schema 5" in str(missing)


async def test_the_doctor_tells_of_each(url: str) -> None:
    store, found = Store(url, "test", steps(to=2)), []
    found.append(_judge_schema(await store.kept(), store.schema.plan))
    for plan in (steps(to=1), steps(to=2), steps(to=3, least=3)):
        other = Store(url, "test", plan)
        await other.agree()
        found.append(_judge_schema(await other.kept(), store.schema.plan))
        await other.close()
    assert [finding.level for finding in found] == ["ok", "note", "ok", "bad"]
    assert "take a backup first" in found[1].advice
    assert "update this installation" in found[3].advice
    await store.close()
