"""Whatever a feed does, the last good data is kept with its age, the others are untouched, and it heals by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.feed_faults import faults_of
from tests.chaos.harness import survive
from tests.chaos.publisher import publishing, region_file
from tests.service import serving

#: kept for every run; the whole matrix runs in CI and by `make chaos`
FEW = ("HTML with 200", "hangs", "header only", "one bad item", "shrunk to a tenth", "redirect to an inside address")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("source", ["static", "realtime", "mobility"])
async def test_every_fault_of_a_feed_is_survived(source: str, tmp_path: Path) -> None:
    async with publishing() as publisher:
        file = region_file(tmp_path, publisher.url)
        async with serving(file, data_dir=tmp_path / "data") as service:
            for fault in faults_of(source):
                await survive(service, publisher, fault)


@pytest.mark.slow
async def test_the_commonest_faults_are_survived(tmp_path: Path) -> None:
    chosen = [fault for source in ("static", "realtime", "mobility") for fault in faults_of(source) if fault.name in FEW]
    once = {fault.name: fault for fault in chosen}
    assert len(once) == len(FEW)
    async with publishing() as publisher:
        file = region_file(tmp_path, publisher.url)
        async with serving(file, data_dir=tmp_path / "data") as service:
            for fault in once.values():
                await survive(service, publisher, fault)
