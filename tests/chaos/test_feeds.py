"""Whatever a feed does, the last good data is kept with its age, the others are untouched, and it heals by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.feed_faults import FeedFault, faults_of
from tests.chaos.harness import Row, survive
from tests.chaos.publisher import FEEDS, publishing, region_file
from tests.service import serving

#: kept for every run; the whole matrix runs in CI and by `make chaos`
FEW = ("HTML with 200", "hangs", "header only", "one bad item", "shrunk to a tenth", "redirect to an inside address")


async def survive_all(folder: Path, faults: Sequence[FeedFault]) -> list[Row]:
    """Each fault in turn, on one service."""
    async with publishing() as publisher:
        file = region_file(folder, publisher.url)
        async with serving(file, data_dir=folder / "data") as service:
            return [await survive(service, publisher, fault) for fault in faults]


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_every_fault_of_every_feed_is_survived(tmp_path: Path) -> None:
    rows = await asyncio.gather(*(survive_all(tmp_path / source, faults_of(source)) for source in FEEDS))
    assert sum(map(len, rows)) >= 60


@pytest.mark.slow
async def test_the_commonest_faults_are_survived(tmp_path: Path) -> None:
    chosen = {fault.name: fault for source in FEEDS for fault in faults_of(source) if fault.name in FEW}
    assert len(chosen) == len(FEW)
    await survive_all(tmp_path / "few", list(chosen.values()))
