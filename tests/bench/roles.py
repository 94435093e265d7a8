"""What the two roles take in memory on the city, as processes of their own around a real store, by their real path.

ingest fetches the zip, compiles and shelves it; a gateway takes the blob from the store, answers boards and searches.
Sizes are what Linux counts: VmRSS, memory resident now, and VmHWM, the most that ever was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import aiohttp
import numpy as np

from tests.bench.city import draw_city
from tests.bench.table import Row, ms
from tests.chaos.processes import Process, Processes, free_port

#: a weekday of the city's calendar, at a busy hour
CLOCK = "2026-11-10T07:00:00+01:00"
READY_S = 300
#: by then pages of the timetable that only the questions needed are let go
LATER_S = 15
_REGION = """[region]
id = "city"
name = "City"
timezone = "Europe/Oslo"
languages = ["en"]
[[static]]
id = "city"
url = "{url}"
interval = "1h"
max_mb = 400
"""


def run(scale: float, *, questions: int = 60) -> Iterator[Row]:
    """Memory and start of both roles, for a city of a size."""
    if not Path("/proc/self/status").exists():
        return
    city = draw_city(scale)
    with TemporaryDirectory() as folder:
        (Path(folder) / "city.zip").write_bytes(city.zip)
        (Path(folder) / "city.toml").write_text(_REGION.format(url=Path(folder) / "city.zip"))
        measured = asyncio.run(_measure(Path(folder), city.stops // 2, questions))
    name = f"{city.stop_times / 1e6:.1f} M calls"
    yield Row(f"{name}: ingest process, started to shelved", ms(measured["ingest_s"]))
    yield Row(f"{name}: ingest process, most memory", _mb(measured["ingest_peak"]), target="≤ 900 MB")
    yield Row(f"{name}: gateway process, started to ready from the blob", ms(measured["gateway_s"]))
    yield Row(f"{name}: gateway process, memory when ready", _mb(measured["gateway_ready"]), target="≤ 400 MB")
    yield Row(
        f"{name}: gateway process, memory after {questions} questions", _mb(measured["gateway"]), target="≤ 400 MB"
    )
    later = f"memory {LATER_S} s after that"
    yield Row(f"{name}: gateway process, {later}", _mb(measured["gateway_later"]), target="≤ 400 MB")
    yield Row(f"{name}: gateway process, most memory", _mb(measured["gateway_peak"]))


async def _measure(folder: Path, pairs: int, questions: int) -> dict[str, float]:
    store, port = free_port(), free_port()
    redis, region = f"redis://127.0.0.1:{store}", str(folder / "city.toml")
    found: dict[str, float] = {}
    async with Processes(folder) as processes, aiohttp.ClientSession() as http:
        await processes.valkey(store)
        begun = time.perf_counter()
        ingest = await processes.smartreise("ingest", "--region", region, "--redis", redis, "--clock", CLOCK)
        first = await _gateway(processes, http, region, redis, port)
        found["ingest_s"] = time.perf_counter() - begun
        await first.kill()
        begun = time.perf_counter()
        gateway = await _gateway(processes, http, region, redis, port)
        found["gateway_s"] = time.perf_counter() - begun
        found["gateway_ready"] = _status(gateway.child.pid, "VmRSS")
        generator = np.random.default_rng(3)
        for one, other in generator.integers(0, pairs, (questions, 2)).tolist():
            origin, target = quote(f"T:Quay:{2 * one}"), quote(f"T:Quay:{2 * other}")
            for path in (f"/v1/stops/{origin}/departures", f"/v1/suggestions?from={origin}&to={target}"):
                async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
                    assert answer.status == 200, await answer.text()
                    await answer.read()
        found["gateway"] = _status(gateway.child.pid, "VmRSS")
        await asyncio.sleep(LATER_S)
        found["gateway_later"] = _status(gateway.child.pid, "VmRSS")
        found["gateway_peak"] = _status(gateway.child.pid, "VmHWM")
        found["ingest_peak"] = _status(ingest.child.pid, "VmHWM")
    return found


async def _gateway(processes: Processes, http: aiohttp.ClientSession, region: str, redis: str, port: int) -> Process:
    process = await processes.smartreise("gateway", "--region", region, "--redis", redis, "--port", str(port))
    for _ in range(READY_S * 20):
        if process.child.returncode is not None:
            break
        try:
            async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return process
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)
    raise AssertionError("the gateway did not become ready:\n" + "\n".join(process.lines[-20:]))


def _status(pid: int, entry: str) -> float:
    """An entry of /proc/PID/status, in megabytes of 10⁶ bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(entry + ":"):
            return int(line.split()[1]) * 1024 / 1e6
    raise AssertionError(f"/proc has no {entry}")


def _mb(size: float) -> str:
    return f"{size:.0f} MB"
