"""The basic board in the oldest engine that signage players still run: Chromium 64, of early 2018."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.service import Service
from tests.web.conftest import LANDSCAPE, PORTRAIT
from tests.web.old_engine import old_page, unpacked

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_STATE = "document.documentElement.getAttribute('data-state')"
_COUNT = "document.querySelectorAll('{}').length"


@pytest.mark.parametrize(("size", "query"), [(LANDSCAPE, ""), (PORTRAIT, "?lang=en&theme=light")])
async def test_shows_a_board_that_fits(demo: Service, tmp_path: Path, size: tuple[int, int], query: str) -> None:
    engine = unpacked()
    if engine is None:
        pytest.skip("the npm package chromium-64 is not installed: make tests/web/engines/node_modules/.installed")
    async with old_page(engine, tmp_path / "profile", size) as page:
        await page.call("Page.navigate", url=f"{demo.url}/office/fornebu{query}")
        await page.until(f"{_STATE} === 'fresh'")
        await page.until(f"{_COUNT.format('.row[data-id]')} >= 6")
        assert "HeadlessChrome/64." in await page.value("navigator.userAgent")
        assert await page.value(_COUNT.format(".dest")) == 4
        leave = await page.value("document.querySelector('.when').textContent")
        assert leave.startswith("Leave" if "en" in query else "Gå"), leave
        assert await page.value("document.querySelector('#board').scrollHeight <= innerHeight")
        assert await page.value("document.documentElement.scrollWidth <= innerWidth")
        # the modern build's files cannot be read by it; all that is ours must run
        assert [error for error in page.errors if "legacy.js" in error or "boot.js" in error] == []
        if folder := os.environ.get("SMARTREISE_SCREENSHOTS"):
            name = "lobby-chromium64" if size == LANDSCAPE else "lobby-chromium64-portrait"
            (Path(folder) / f"{name}.png").write_bytes(await page.picture())
