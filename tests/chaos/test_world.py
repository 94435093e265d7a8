"""Whatever happens to store, processes and clients: answers go on, nothing kept is lost, all is fresh soon after."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

import pytest

from tests.chaos.harness import Row
from tests.chaos.processes import Process
from tests.chaos.world import World, a_world
from tests.chaos.world_faults import PROCESSES, STORE, Inject, start_with_everything_down

#: processes that start anew load their code first; on a busy machine that takes longer than any recovery
START_S = 60.0
_TROUBLE = (("serving what is held", "the store answers again"), ("ingest pauses", "the store answers ingest again"))
NUMBERED = ("store is of a newer schema", "store is of an older schema")


async def survive(world: World, name: str, inject: Inject, where: str) -> Row:
    """One fault, from well to well; who lives through it says once that trouble began and once that it ended."""
    read = {process.id: len(process.lines) for process in (*world.gateways, *world.ingests)}
    begun = monotonic()
    async with inject(world):
        begun = monotonic()
    await world.well(within_s=START_S)
    took = monotonic() - begun
    await world.kept()
    world.no_failures()
    for process in (*world.gateways, *world.ingests):
        if process.id in read:
            await told_once(process, read[process.id], name)
    return Row(name, where, took)


async def told_once(process: Process, since: int, fault: str) -> None:
    """Trouble with the store has one line when it starts and one when it ends; nothing is said again and again."""
    for trouble, end in _TROUBLE:
        for _ in range(200):
            starts, ends = ([line for line in process.lines[since:] if text in line] for text in (trouble, end))
            if len(starts) == len(ends):
                break
            await asyncio.sleep(0.1)
        assert len(starts) == len(ends) <= 1, f"{fault}: {starts} {ends}"
    warned = [line.split(": ", 1)[-1] for line in process.lines[since:] if "WARNING" in line or "ERROR" in line]
    assert len(warned) == len(set(warned)), f"{fault}: {warned}"


async def survive_all(folder: Path, faults: Mapping[str, Inject], where: str) -> list[Row]:
    """Each fault in turn, on one set-up."""
    async with a_world(folder) as world:
        return [await survive(world, name, inject, where) for name, inject in faults.items()]


async def start_from_nothing(folder: Path) -> Row:
    """Everything is down when it starts; it is well soon after the last came up."""
    async with a_world(folder, ingests=1, gateways=1) as world:
        async with start_with_everything_down(world):
            begun = monotonic()
        await world.well(within_s=START_S)
        return Row("start with everything down", "processes", monotonic() - begun)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_faults_of_store_processes_and_clients_are_survived(tmp_path: Path) -> None:
    rows = await asyncio.gather(
        survive_all(tmp_path / "store", STORE, "store"), survive_all(tmp_path / "processes", PROCESSES, "processes")
    )
    assert [len(part) for part in rows] == [len(STORE), len(PROCESSES)]
    await start_from_nothing(tmp_path / "nothing")


@pytest.mark.long
async def test_a_store_that_comes_back_empty_gets_everything_back(tmp_path: Path) -> None:
    names = ("store comes back empty", "store holds another schema", *NUMBERED)
    chosen = {name: STORE[name] for name in names}
    await survive_all(tmp_path / "world", chosen, "store")
