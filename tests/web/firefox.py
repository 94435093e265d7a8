"""The machine's own Firefox, driven by WebDriver BiDi: the driver of the other tests needs a Firefox of its own making,
which no package registry carries.

What a reader would get wrong: values come back wrapped with their types; only strings, numbers, booleans and null are
unwrapped here.
"""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
from PIL import Image

from tests.service import free_port
from tests.web import xserver

_PREFERENCES: Final = """user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("ui.prefersReducedMotion", 1);
"""


def installed() -> str | None:
    """Path of a Firefox: SMARTREISE_FIREFOX, else one on the PATH; None where there is none."""
    return os.environ.get("SMARTREISE_FIREFOX") or shutil.which("firefox") or shutil.which("firefox-esr")


class FirefoxPage:
    """One page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.context = ""
        self.errors: list[str] = []

    async def call(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async for message in self._socket:
            told = message.json()
            if told.get("method") == "log.entryAdded" and told["params"].get("level") == "error":
                self.errors.append(str(told["params"].get("text")))
            if told.get("id") == number:
                assert told["type"] == "success", told
                return told["result"]
        raise AssertionError("Firefox is gone")

    async def start(self) -> None:
        await self.call("session.new", capabilities={})
        await self.call("session.subscribe", events=["log.entryAdded"])
        tree = await self.call("browsingContext.getTree")
        self.context = tree["contexts"][0]["context"]

    async def open(self, url: str, size: tuple[int, int]) -> None:
        viewport = {"width": size[0], "height": size[1]}
        await self.call("browsingContext.setViewport", context=self.context, viewport=viewport)
        await self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    async def value(self, expression: str) -> Any:
        target = {"context": self.context}
        answer = await self.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    async def until(self, expression: str, *, seconds: float = 60) -> None:
        for _ in range(int(seconds / 0.1)):
            if await self.value(expression):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{expression} never held; errors: {self.errors}")

    async def picture(self) -> bytes:
        """A PNG of what it shows."""
        answer = await self.call("browsingContext.captureScreenshot", context=self.context)
        return base64.b64decode(answer["data"])

    async def on_screen(self) -> Image.Image:
        """The same, as an image: its pictures have all that it draws."""
        return Image.open(io.BytesIO(await self.picture())).convert("RGB")


def _prepare(profile: Path) -> None:
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES, encoding="utf-8")


@asynccontextmanager
async def firefox_page(program: str, profile: Path) -> AsyncIterator[FirefoxPage]:
    """Firefox with one empty page; stopped on leaving. Without an X server it has no WebGL."""
    await asyncio.to_thread(_prepare, profile)
    port, server = free_port(), xserver.installed()
    async with AsyncExitStack() as stack:
        display = await stack.enter_async_context(xserver.screen(server, profile)) if server else {}
        process = await asyncio.create_subprocess_exec(
            program, *([] if server else ["--headless"]), "--no-remote", "--profile", str(profile),
            f"--remote-debugging-port={port}",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **display, "HOME": str(profile)},
        )  # fmt: skip
        try:
            async with aiohttp.ClientSession() as http, await _connected(http, port) as socket:
                page = FirefoxPage(socket)
                await page.start()
                yield page
        finally:
            process.terminate()
            await process.wait()


async def _connected(http: aiohttp.ClientSession, port: int) -> aiohttp.ClientWebSocketResponse:
    for _ in range(400):
        try:
            return await http.ws_connect(f"ws://127.0.0.1:{port}/session", max_msg_size=0)
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)  # not up yet
    raise AssertionError("Firefox did not start")
