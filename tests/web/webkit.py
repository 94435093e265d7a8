"""The machine's own WebKit (WebKitGTK's MiniBrowser, Debian's webkit2gtk-driver), driven by WebDriver: the driver of
the other tests needs a WebKit of its own making, which no package registry carries.

What a reader would get wrong: it draws on a screen of its own (Xvfb), and a window has edges. The size asked for is
that of the page.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
from PIL import Image

from tests.service import free_port
from tests.web import xserver

_BROWSERS: Final = Path("/usr/lib")


def installed() -> tuple[str, str, str] | None:
    """Paths of the driver, the browser and the X server; None where one of them is missing."""
    driver, server = shutil.which("WebKitWebDriver"), xserver.installed()
    browser = next(iter(sorted(_BROWSERS.glob("*/webkit2gtk-*/MiniBrowser"))), None)
    return (driver, str(browser), server) if driver and server and browser else None


class WebKitPage:
    """One page. The driver tells nothing of the console: `errors` stays empty."""

    def __init__(self, http: aiohttp.ClientSession, base: str, screen: Path) -> None:
        self._http = http
        self._base = base
        self._screen = screen
        self._session = ""
        self.errors: list[str] = []

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self._base}/session{self._session}{path}"
        async with self._http.request(method, url, json=body if method == "POST" else None) as answer:
            told = await answer.json(content_type=None)
            assert answer.status == 200, told
            return told["value"]

    async def start(self, browser: str) -> None:
        wanted = {"webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]}}
        told = await self.call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/{told['sessionId']}"

    async def open(self, url: str, size: tuple[int, int]) -> None:
        width, height = size
        for _ in range(2):  # the first time tells how thick the window's edges are
            await self.call("POST", "/window/rect", {"x": 0, "y": 0, "width": width, "height": height})
            inner = await self.value("[innerWidth, innerHeight]")
            width, height = width + size[0] - inner[0], height + size[1] - inner[1]
        await self.call("POST", "/url", {"url": url})

    async def value(self, expression: str) -> Any:
        return await self.call("POST", "/execute/sync", {"script": f"return {expression}", "args": []})

    async def until(self, expression: str, *, seconds: float = 60) -> None:
        for _ in range(int(seconds / 0.1)):
            if await self.value(expression):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{expression} never held")

    async def picture(self) -> bytes:
        """A PNG of what it shows, without what WebGL draws."""
        return base64.b64decode(await self.call("GET", "/screenshot"))

    async def on_screen(self) -> Image.Image:
        """What stands on the screen, WebGL too: a moment after what the page has come to."""
        width, height, above = await self.value("[innerWidth, innerHeight, outerHeight - innerHeight]")
        whole = await asyncio.to_thread(xserver.read, self._screen)
        return whole.crop((0, above, width, above + height))

    async def end(self) -> None:
        if self._session:
            await self.call("DELETE", "")


@asynccontextmanager
async def webkit_page(programs: tuple[str, str, str], home: Path) -> AsyncIterator[WebKitPage]:
    """The browser with one empty page; all of it stopped on leaving."""
    driver, browser, server = programs
    await asyncio.to_thread(home.mkdir)
    async with xserver.screen(server, home) as display:
        environment = {
            **os.environ, **display, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "NO_AT_BRIDGE": "1",
            "GTK_THEME": "Adwaita",
        }  # fmt: skip
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            driver, f"--port={port}", "--host=127.0.0.1", env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with aiohttp.ClientSession() as http:
                page = WebKitPage(http, f"http://127.0.0.1:{port}", home)
                await _reached(http, f"http://127.0.0.1:{port}/status")
                await page.start(browser)
                try:
                    yield page
                finally:
                    await page.end()
        finally:
            process.terminate()
            await process.wait()


async def _reached(http: aiohttp.ClientSession, url: str) -> None:
    for _ in range(200):
        try:
            async with http.get(url):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)  # not up yet
    raise AssertionError("the driver of WebKit did not start")
