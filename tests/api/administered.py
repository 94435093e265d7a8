"""The demo service as a process of its own, with its administrator's token, for tests of administration."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.service import ROOT, free_port

_READY_S = 60


@dataclass(frozen=True)
class Administered:
    url: str
    token: str

    def smartreise(self, *arguments: str) -> tuple[int, str]:
        """A command of ours against the service: exit code and what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "smartreise", *arguments],
            cwd=ROOT,
            env={**os.environ, "SMARTREISE_SERVER": self.url, "SMARTREISE_ADMIN_TOKEN": self.token},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode()


@contextmanager
def administered(folder: Path, **settings: str) -> Iterator[Administered]:
    """Starts it, with these environment variables, and stops it by id."""
    port, log = free_port(), folder / "service.log"
    with log.open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "smartreise", "demo", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "PYTHONASYNCIODEBUG": "", "PYTHONUNBUFFERED": "1", **settings},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            for _ in range(_READY_S * 10):
                text = log.read_text()
                if "ready:" in text or process.poll() is not None:
                    break
                time.sleep(0.1)
            assert "ready:" in text, text
            token = text.split("admin token: ", 1)[1].split()[0]
            yield Administered(f"http://127.0.0.1:{port}", token)
        finally:
            process.terminate()
            process.wait(20)


class Asker:
    """Requests with one token, or none."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str | None) -> None:
        self.http, self.url, self.token = http, url, token

    def with_token(self, token: str | None) -> Asker:
        return Asker(self.http, self.url, token)

    async def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, aiohttp.ClientResponse]:
        """Status, JSON (None where there is none) and the answer.

        Waits while the limit by address, which all tests of one service share, is used up.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            named["Authorization"] = f"Bearer {self.token}"
        while True:
            async with self.http.request(method, self.url + path, json=body, headers=named) as answer:
                raw = await answer.read()
                if answer.status != 429 or '"address";r=0' not in answer.headers.get("RateLimit", ""):
                    return answer.status, json.loads(raw) if raw else None, answer
            await asyncio.sleep(0.2)

    async def get(self, path: str) -> Any:
        return await self.done(200, "GET", path)

    async def done(self, status: int, method: str, path: str, body: Any = None) -> Any:
        """The JSON of an answer that must have this status."""
        found, answer, _ = await self.ask(method, path, body)
        assert found == status, f"{method} {path}: {found} {answer}"
        return answer


@asynccontextmanager
async def asking(service: Administered) -> AsyncIterator[Asker]:
    """As the administrator."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        yield Asker(http, service.url, service.token)
