"""The package `@smart-reise/client`: built, packed, installed elsewhere, and its examples run against a service."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.service import ROOT, Service

pytestmark = [pytest.mark.asyncio(loop_scope="session")]

WEB = ROOT / "web"
CONSUMER = """
import { Reiseinfo, Refused, type Board, type Suggestion, type Trip } from "@smart-reise/client";
const reiseinfo = new Reiseinfo("http://localhost:8080", { key: "k" });
export async function use(): Promise<string> {
  const board: Board = await reiseinfo.departures("a", { limit: 5, modes: ["bus"] });
  const way: Suggestion | null = await reiseinfo.whenToLeave({ lat: 59.9, lon: 10.6 }, "b");
  const follower = { data: (trip: Trip) => trip.calls.length, refused: ({ status }: Refused) => status };
  const end = reiseinfo.follow("trip", { trip_id: "t" }, follower);
  end();
  // @ts-expect-error: there is no such topic
  reiseinfo.follow("weather", {}, { data: () => {} });
  // @ts-expect-error: a board needs a stop
  reiseinfo.states("board", { limit: 5 });
  for await (const { suggestions } of reiseinfo.journeys("a", "b")) return suggestions[0]?.leave_at ?? "";
  throw new Refused(404, board.stop.name, way?.id ?? "");
}
"""


def _run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stdout[-2000:]} {done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody else's in which the packed package is installed."""
    folder = tmp_path_factory.mktemp("consumer")
    _run("npm", "run", "--silent", "client", cwd=WEB)
    packed = _run("npm", "pack", "--silent", "--pack-destination", str(folder), "./client", cwd=WEB).split()[-1]
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    _run("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", f"./{packed}", cwd=folder)
    return folder


async def _example(folder: Path, name: str, server: str, *, lines: int | None = None) -> list[str]:
    """What an example prints; with `lines` it is stopped after so many, for one that never ends."""
    script = folder / "node_modules/@smart-reise/client/examples" / name
    process = await asyncio.create_subprocess_exec(
        "node", "--no-warnings", "--experimental-websocket", str(script), server,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(90):
        if lines is None:
            output, error = await process.communicate()
            assert process.returncode == 0, error.decode()
            return output.decode().splitlines()
        told = [(await process.stdout.readline()).decode() for _ in range(lines)]
        process.kill()
        await process.wait()
        return told


async def test_next_departures_are_those_of_the_api(installed: Path, demo: Service) -> None:
    told = await _example(installed, "next-departures.mjs", demo.url)
    board = await demo.get("/v1/stops/NSR:StopPlace:3609/departures?limit=10")
    rows = [f"{d['line']['name']} {d['headsign']}" for d in board["departures"]]
    assert told
    assert all(re.fullmatch(r"\d\d:\d\d .+", line) for line in told)
    assert all(line[6:] in rows for line in told[1:])  # the first may have left between


async def test_when_to_leave_is_told_in_minutes_of_the_service(installed: Path, demo: Service) -> None:
    (told,) = await _example(installed, "when-must-i-leave.mjs", demo.url)
    found = re.fullmatch(r"leave in (\d+) min, there at (\d\d:\d\d)", told)
    assert found, told
    assert int(found[1]) <= 60


@pytest.mark.long
async def test_a_live_board_tells_again_when_it_changes(installed: Path, demo: Service) -> None:
    example = asyncio.ensure_future(_example(installed, "live-board.mjs", demo.url, lines=2))
    last = (await demo.get("/v1/stops/NSR:StopPlace:3609/departures?limit=5"))["departures"][-1]
    try:
        for minutes in range(1, 40):  # whenever it began to watch, there is a change after that
            async with demo.fault("delay", last, delay_s=60 * minutes):
                if (await asyncio.wait([example], timeout=2))[0]:
                    break
        first, second = await example
    finally:
        example.cancel()
    assert re.match(r"\S+ in \d+ min, ", first)
    assert re.match(r"\S+ in -?\d+ min, ", second)


async def test_its_types_hold_a_consumer_to_the_wire(installed: Path) -> None:
    (installed / "use.ts").write_text(CONSUMER, encoding="utf-8")
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false"]
    _run(str(WEB / "node_modules/.bin/tsc"), *options, "--types", "", "use.ts", cwd=installed)


async def test_the_readme_shows_the_examples_that_run() -> None:
    readme = (WEB / "client/README.md").read_text(encoding="utf-8")
    for path in sorted((WEB / "client/examples").iterdir()):
        example = path.read_text(encoding="utf-8").replace(
            'process.argv[2] ?? "http://localhost:8080"', '"https://reise.example.org"'
        )
        assert f"```js\n{example}```" in readme, path.name
        assert len(example.splitlines()) <= 5, "five lines are promised"
