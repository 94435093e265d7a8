"""The faces in WebKit, where the machine has one: phones of half the commuters, and set-top players, run it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from tests.service import Service
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT
from tests.web.webkit import WebKitPage, installed, webkit_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

_COUNT: Final = "document.querySelector('sr-office')?.shadowRoot?.querySelectorAll('{}').length ?? 0"
_WIDER: Final = "document.documentElement.scrollWidth > innerWidth"
_HIGHER: Final = "document.documentElement.scrollHeight > innerHeight"


@pytest_asyncio.fixture(loop_scope="session")
async def webkit(tmp_path: Path) -> AsyncIterator[WebKitPage]:
    programs = installed()
    if programs is None:
        pytest.skip("there is no WebKit here: apt install webkit2gtk-driver xvfb")
    async with webkit_page(programs, tmp_path / "home") as page:
        yield page


async def _keep(webkit: WebKitPage, name: str) -> None:
    if folder := os.environ.get("SMARTREISE_SCREENSHOTS"):
        (Path(folder) / f"webkit-{name}.png").write_bytes(await webkit.picture())


async def test_shows_every_face(webkit: WebKitPage, demo: Service) -> None:
    for name, size, query in (
        ("landscape", LANDSCAPE, ""),
        ("portrait", PORTRAIT, "?theme=light"),
        ("phone", PHONE, ""),
    ):
        await webkit.open(f"{demo.url}/office/fornebu{query}", size)
        await webkit.until("document.documentElement.dataset.state === 'fresh'")
        await webkit.until(f"({_COUNT.format('.row[data-id]')}) >= 6")
        assert await webkit.value(_COUNT.format(".dest")) == 4
        assert await webkit.value(_COUNT.format(".handover .qr")) >= 4
        assert not await webkit.value(_WIDER), name
        assert name == "phone" or not await webkit.value(_HIGHER), name
        await _keep(webkit, name)
    # the others that people look at: each shows what it is for
    for name, path, size, ready in (
        ("commuter", "/?from=fornebu&to=NSR:StopPlace:337&lang=nb", LANDSCAPE, "sr-commuter .item"),
        ("commuter-phone", "/?from=fornebu&to=NSR:StopPlace:337&lang=nb", PHONE, "sr-commuter .item"),
        ("stop", "/stop/NSR:StopPlace:157?lang=nb", PHONE, "sr-stop li[data-id]"),
        ("embed", "/embed?lang=nb", LANDSCAPE, "sr-embed smart-reise[data-state=fresh]"),
        ("status", "/status?lang=nb", LANDSCAPE, "sr-status tr[data-feed]"),
        ("display", "/display?lang=nb", LANDSCAPE, "sr-display svg.qr"),
        ("docs", "/docs", LANDSCAPE, "body #docs"),
    ):
        host, inner = ready.split(" ", 1)
        await webkit.open(demo.url + path, size)
        found = f"(document.querySelector('{host}')?.shadowRoot ?? document).querySelector('{inner}')"
        await webkit.until(f"Boolean({found})")
        assert not await webkit.value(_WIDER), name
        await _keep(webkit, name)


async def test_draws_the_journey_on_the_map(webkit: WebKitPage, demo: Service) -> None:
    await webkit.open(f"{demo.url}/?from=fornebu&to=NSR:StopPlace:337&lang=nb&theme=light", LANDSCAPE)
    await webkit.until("document.querySelector('[slot=map]')?.dataset.state === 'idle'")
    left = int(await webkit.value("document.querySelector('[slot=map]').getBoundingClientRect().left"))
    ground: dict[Any, int] = {}
    for _ in range(100):  # the screen comes after the page
        screen = await webkit.on_screen()
        found = screen.crop((left, 0, *screen.size)).getcolors(1 << 22)
        ground = {colour: count for count, colour in found or []}
        if len(ground) > 100:
            break
        await asyncio.sleep(0.2)
    water = max(ground, key=lambda colour: ground[colour] if colour[2] > colour[0] + 10 else 0)
    assert ground[water] > 100_000, "the fjord between Fornebu and Oslo"
    lines = [c for c, count in ground.items() if count > 1000 and max(c) - min(c) > 100]
    assert lines, "the lines, in their operators' colours"
    if folder := os.environ.get("SMARTREISE_SCREENSHOTS"):
        screen.save(Path(folder) / "webkit-map.png")
