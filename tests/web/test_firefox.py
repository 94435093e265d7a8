"""The faces in Firefox, where the machine has one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from tests.service import Service
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT
from tests.web.firefox import FirefoxPage, firefox_page, installed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

_COUNT: Final = "document.querySelector('sr-office')?.shadowRoot?.querySelectorAll('{}').length"
_WIDER: Final = "document.documentElement.scrollWidth > innerWidth"
_HIGHER: Final = "document.documentElement.scrollHeight > innerHeight"


@pytest_asyncio.fixture(loop_scope="session")
async def firefox(tmp_path: Path) -> AsyncIterator[FirefoxPage]:
    program = installed()
    if program is None:
        pytest.skip("there is no Firefox here: install one, or name one in SMARTREISE_FIREFOX")
    async with firefox_page(program, tmp_path / "profile") as page:
        yield page


async def test_shows_every_face(firefox: FirefoxPage, demo: Service) -> None:
    for name, size, query in (
        ("landscape", LANDSCAPE, ""),
        ("portrait", PORTRAIT, "?theme=light"),
        ("phone", PHONE, ""),
    ):
        await firefox.open(f"{demo.url}/office/fornebu{query}", size)
        await firefox.until("document.documentElement.dataset.state === 'fresh'")
        await firefox.until(f"{_COUNT.format('.row[data-id]')} >= 6")
        assert await firefox.value(_COUNT.format(".dest")) == 4
        assert not await firefox.value(_WIDER), name
        assert name == "phone" or not await firefox.value(_HIGHER), name
        if folder := os.environ.get("SMARTREISE_SCREENSHOTS"):
            (Path(folder) / f"firefox-{name}.png").write_bytes(await firefox.picture())
    # the others that people look at: each shows what it is for
    for path, ready in (
        (
            "/?from=fornebu&to=NSR:StopPlace:337&lang=nb",
            "document.body.firstElementChild.shadowRoot?.querySelector('.item')",
        ),
        (
            "/embed?lang=nb",
            "document.querySelector('sr-embed')?.shadowRoot?.querySelector('smart-reise[data-state=fresh]')",
        ),
        ("/status?lang=nb", "document.body.firstElementChild.shadowRoot?.querySelector('tr[data-feed]')"),
        ("/display?lang=nb", "document.querySelector('sr-display')?.shadowRoot?.querySelector('svg.qr')"),
    ):
        await firefox.open(demo.url + path, LANDSCAPE)
        await firefox.until(f"Boolean({ready})")
    assert [error for error in firefox.errors if "Error" in error or "Content-Security-Policy" in error] == []
