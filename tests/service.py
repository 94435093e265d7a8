"""Starts the service as a user does, a process with its own store, and stops it by id.

The port is free, the data folder the test's own. `Service.lines` keeps what it printed, for messages.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that is free now on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    url: str
    process: asyncio.subprocess.Process
    http: aiohttp.ClientSession
    lines: list[str] = field(default_factory=list)

    async def get(self, path: str, *, status: int = 200) -> Any:
        """The JSON of a GET, which must have `status`."""
        async with self.http.get(self.url + path) as answer:
            body = await answer.text()
            assert answer.status == status, f"{path}: {answer.status} {body[:400]}"
            return await answer.json(content_type=None)

    @property
    def simulator(self) -> str:
        """Base URL of the region's simulator, as the service printed it."""
        for line in self.lines:
            if "simulator:" in line:
                return line.split("simulator:", 1)[1].split()[0]
        raise AssertionError("the service printed no simulator address:\n" + "\n".join(self.lines))

    @asynccontextmanager
    async def fault(self, kind: str, trip: Mapping[str, Any], **more: Any) -> AsyncIterator[None]:
        """While it lasts, the simulator spoils a trip: that of a departure, or of a suggestion's leg."""
        spoilt = {"kind": kind, "trip_id": trip["trip_id"], "service_date": trip["service_date"], **more}
        async with self.http.post(f"{self.simulator}/faults", json=spoilt) as answer:
            assert answer.status < 300, await answer.text()
        try:
            yield
        finally:
            async with self.http.delete(f"{self.simulator}/faults") as answer:
                assert answer.status < 300, await answer.text()

    async def until(self, path: str, holds: Any, *, seconds: float = 30) -> Any:
        """Ask again until `holds(answer)`; fails with the last answer."""
        last: Any = None
        for _ in range(int(seconds / 0.1)):
            async with self.http.get(self.url + path) as answer:
                last = await answer.json(content_type=None)
                if answer.status == 200 and holds(last):
                    return last
            await asyncio.sleep(0.1)
        raise AssertionError(f"{path} never came to hold: {str(last)[:1500]}")


@asynccontextmanager
async def serving(
    region: str | Path,
    *,
    data_dir: Path,
    clock: str | None = None,
    args: Sequence[str] = (),
    ready_s: float = 60,
    port: int | None = None,
) -> AsyncIterator[Service]:
    """`smartreise serve` on this loopback port or a free one, ready to answer; stopped on leaving."""
    port = port or free_port()
    command = [sys.executable, "-m", "smartreise", "serve", "--region", str(region), "--port", str(port)]
    command += ["--host", "127.0.0.1", "--data-dir", str(data_dir), *(["--clock", clock] if clock else []), *args]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONASYNCIODEBUG": "", "PYTHONUNBUFFERED": "1"},
    )
    lines: list[str] = []

    async def keep_lines() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            lines.append(line.decode(errors="replace").rstrip())

    async with asyncio.TaskGroup() as group:
        group.create_task(keep_lines())
        async with aiohttp.ClientSession() as http:
            service = Service(f"http://127.0.0.1:{port}", process, http, lines)
            try:
                await _until_ready(service, ready_s)
                yield service
            finally:
                await _stop(process)


async def _until_ready(service: Service, seconds: float) -> None:
    for _ in range(int(seconds / 0.1)):
        if service.process.returncode is not None:
            break
        try:
            async with service.http.get(service.url + "/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("the service did not become ready:\n" + "\n".join(service.lines[-40:]))


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()
