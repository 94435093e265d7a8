"""deploy/epaper/smartreise-epaper: a panel shows each picture once, keeps the last one, and tells of trouble once."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from tests.service import ROOT

#: in place of a panel: notes what it is to show, and fails while there is a file `broken`
_PANEL = """#!/bin/sh
if [ -e broken ]; then exit 1; fi
cat "$1" >> panel
"""


@dataclass
class Frame:
    """A frame, the server it asks, and what it said."""

    folder: Path
    url: str = ""
    picture: bytes = b"one "
    status: int = 200
    asked: int = 0
    said: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.status != 200:
            return web.Response(status=self.status)
        headers = {"ETag": f'"{self.picture.decode().strip()}"', "Cache-Control": "public, max-age=0"}
        same = request.headers.get("If-None-Match") == headers["ETag"]
        return web.Response(status=304, headers=headers) if same else web.Response(body=self.picture, headers=headers)

    @property
    def panel(self) -> str:
        """All that was drawn on the panel, one after the other."""
        file = self.folder / "panel"
        return file.read_text() if file.exists() else ""

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(200):
            if holds():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"panel {self.panel!r}, asked {self.asked} times: {self.said}")

    async def asked_again(self) -> None:
        """Until the frame has asked twice more: what came of the first is done."""
        before = self.asked
        await self.until(lambda: self.asked >= before + 2)


@asynccontextmanager
async def frame_in(folder: Path) -> AsyncIterator[Frame]:
    frame, app = Frame(folder), web.Application()
    app.router.add_get("/screen.png", frame.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    show = folder / "show"
    show.write_text(_PANEL)
    show.chmod(0o755)
    own = {
        "SMARTREISE_PICTURE": f"http://127.0.0.1:{runner.addresses[0][1]}/screen.png?w=800&h=480",
        "EPAPER_SHOW": str(show), "EPAPER_FOLDER": str(folder), "EPAPER_LEAST": "0", "EPAPER_RETRY": "1",
    }  # fmt: skip
    script = str(ROOT / "deploy" / "epaper" / "smartreise-epaper")
    process = await asyncio.create_subprocess_exec(
        "sh", script, env={**os.environ, **own}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout

    async def listen(lines: asyncio.StreamReader) -> None:
        async for line in lines:
            frame.said.append(line.decode().strip())

    listening = asyncio.ensure_future(listen(process.stdout))
    try:
        yield frame
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await process.wait()
        await listening
        await runner.cleanup()


@pytest.mark.slow
async def test_a_frame_shows_each_picture_once_and_keeps_the_last(tmp_path: Path) -> None:
    async with frame_in(tmp_path) as frame:
        await frame.until(lambda: frame.panel == "one ")
        await frame.asked_again()
        assert frame.panel == "one ", "a picture that has not changed is not drawn again"
        frame.picture = b"two "
        await frame.until(lambda: frame.panel == "one two ")
        (tmp_path / "broken").touch()
        frame.picture = b"three "
        await frame.asked_again()
        assert frame.panel == "one two "
        (tmp_path / "broken").unlink()
        await frame.until(lambda: frame.panel == "one two three ")
    assert "the panel shows nothing; it is tried again" in frame.said


@pytest.mark.slow
async def test_a_server_that_fails_is_told_of_once(tmp_path: Path) -> None:
    async with frame_in(tmp_path) as frame:
        await frame.until(lambda: frame.panel == "one ")
        frame.status = 503
        await frame.asked_again()
        frame.status, frame.picture = 200, b"two "
        await frame.until(lambda: frame.panel == "one two ")
    assert frame.said.count("the server does not answer; the last picture stays") == 1
    assert frame.said.count("the server answers again") == 1
