"""A screen of one's own, by deploy/kiosk and deploy/epaper: it shows its office, and nothing of the browser's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.service import ROOT, Service, free_port
from tests.web.conftest import _FLAGS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: in place of Debian's: no display, so none of the options that need one
_STAND_IN = """#!/bin/sh
for option do
  shift
  case "$option" in --kiosk | --ozone-platform=*) ;; *) set -- "$@" "$option" ;; esac
done
exec "{browser}" {flags} --headless --user-data-dir="{profile}" "$@"
"""


async def pages_of(port: int) -> list[dict[str, Any]]:
    """The pages that a browser shows, once it answers."""
    async with aiohttp.ClientSession() as http:
        for _ in range(300):
            try:
                async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    told: list[dict[str, Any]] = await answer.json()
                if any(page["type"] == "page" and "Fornebu" in page["title"] for page in told):
                    return told
            except aiohttp.ClientError:
                pass  # it is still starting
            await asyncio.sleep(0.1)
    raise AssertionError("the browser never showed the screen")


@pytest.mark.timeout(120)
async def test_opens_its_screen_and_ends_a_browser_that_hangs(chromium: str, demo: Service, tmp_path: Path) -> None:
    stand_in, port, screen = tmp_path / "chromium", free_port(), f"{demo.url}/office/fornebu"
    stand_in.write_text(_STAND_IN.format(browser=chromium, flags=" ".join(_FLAGS), profile=tmp_path / "profile"))
    stand_in.chmod(0o755)
    own = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SMARTREISE_SCREEN": screen,
        "KIOSK_PORT": str(port),
        "KIOSK_EVERY": "1",
    }
    kiosk = await asyncio.create_subprocess_exec(
        "sh", str(ROOT / "deploy" / "kiosk" / "smartreise-kiosk"),
        env={**os.environ, **own}, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        assert [page["url"] for page in await pages_of(port) if page["type"] == "page"] == [screen]
        await asyncio.sleep(5)
        assert kiosk.returncode is None, "a browser that answers is left alone"
        browser = next(child for child in _children(kiosk.pid) if _name(child) != "sleep")
        os.kill(browser, signal.SIGSTOP)
        assert kiosk.stderr is not None
        told = await asyncio.wait_for(kiosk.stderr.read(), 60)
        assert await kiosk.wait() == 1
        assert b"the browser does not answer; ending it" in told
        assert not _is_running(browser)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(kiosk.pid, signal.SIGKILL)


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _name(process: int) -> str:
    return Path(f"/proc/{process}/comm").read_text().strip()


def _is_running(process: int) -> bool:
    """What nobody has waited for yet keeps its number, but no command line."""
    line = Path(f"/proc/{process}/cmdline")
    return line.exists() and line.read_bytes() != b""


async def test_an_epaper_frame_shows_the_offices_picture(demo: Service, tmp_path: Path) -> None:
    show = tmp_path / "show"
    show.write_text('#!/bin/sh\ncp "$1" on-panel.part && mv on-panel.part on-panel\n')
    show.chmod(0o755)
    own = {
        "SMARTREISE_PICTURE": f"{demo.url}/v1/offices/fornebu/screen.png?w=800&h=480&depth=1",
        "EPAPER_SHOW": str(show),
        "EPAPER_FOLDER": str(tmp_path),
    }
    script = str(ROOT / "deploy" / "epaper" / "smartreise-epaper")
    frame = await asyncio.create_subprocess_exec("sh", script, env={**os.environ, **own}, start_new_session=True)
    try:
        for _ in range(150):
            if (tmp_path / "on-panel").exists():
                break
            await asyncio.sleep(0.1)
        with Image.open(tmp_path / "on-panel") as picture:
            assert (picture.size, picture.mode) == ((800, 480), "1")
    finally:
        os.killpg(frame.pid, signal.SIGTERM)
        await frame.wait()


@pytest.mark.parametrize("path", ["/office/fornebu", "/office/fornebu?plain=1", "/display", "/display/d"])
async def test_no_browser_offers_to_translate_a_screen(demo: Service, path: str) -> None:
    """Its window would stand over the clock until somebody closed it: seen with Debian's Chromium in English."""
    async with demo.http.get(demo.url + path) as answer:
        page = await answer.text()
    assert '<meta name="google" content="notranslate"' in page
    assert re.search(r'<html [^>]*translate="no"', page)
