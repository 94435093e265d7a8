"""`make chaos`: the whole matrix of faults, as a table on the terminal and in docs/reliability.md."""

from __future__ import annotations

import asyncio
import platform
import tempfile
from pathlib import Path

from tests.chaos import test_feeds, test_world, world_faults
from tests.chaos.feed_faults import faults_of
from tests.chaos.harness import Row
from tests.chaos.publisher import FEEDS
from tests.service import ROOT

BEGIN, END = "<!-- make chaos -->", "<!-- end -->"


async def run(folder: Path) -> list[Row]:
    """All faults, one family after the other. A fault that is not survived ends the run with what was seen."""
    world_faults.PAUSE_S = 60.0
    rows = [row for source in FEEDS for row in await test_feeds.survive_all(folder / source, faults_of(source))]
    rows += await test_world.survive_all(folder / "store", world_faults.STORE, "store")
    rows += await test_world.survive_all(folder / "processes", world_faults.PROCESSES, "processes")
    return [*rows, await test_world.start_from_nothing(folder / "nothing")]


def table_of(rows: list[Row]) -> str:
    lines = ["| where | fault | survived | fresh again after | lost |", "|---|---|---|---|---|"]
    lines += [f"| {row.where} | {row.fault} | yes | {row.recovery_s:.1f} s | {row.lost} |" for row in rows]
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table between its marks in docs/reliability.md."""
    page = ROOT / "docs" / "reliability.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    machine = f"{platform.system()}, Python {platform.python_version()}"
    page.write_text(
        f"{before}{BEGIN}\n{machine}; {text.count('| yes |')} faults\n\n{text}\n{END}{after}", encoding="utf-8"
    )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="smartreise-chaos-") as folder:
        text = table_of(asyncio.run(run(Path(folder))))
    print(text)
    write(text)


if __name__ == "__main__":
    main()
