"""The night on which clocks go back, on the wall of a lobby: the service's clock, and no departure an hour off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.service import serving

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.asyncio(loop_scope="session")]

_ROWS = """() => [...document.querySelector('sr-office').shadowRoot.querySelectorAll('.row[data-id]:not(.shared)')]
  .map((row) => [row.dataset.id, row.querySelector('time').textContent])"""


@pytest.mark.timeout(240)
async def test_the_hour_that_comes_twice(browser: Browser, tmp_path: Path) -> None:
    async with serving("demo", data_dir=tmp_path, clock="2026-10-25T02:59:20+02:00") as service:
        page = await browser.new_page()
        await page.goto(f"{service.url}/office/fornebu?lang=nb")
        clock = "time => document.querySelector('sr-office')?.shadowRoot?.querySelector('.clock')?.textContent === time"
        # a minute before three; then two o'clock again
        await page.wait_for_function(clock, arg="02:00", timeout=150_000)
        view: Any = await service.get("/v1/offices/fornebu/view")
        told = {row["id"]: row for board in view["boards"] for row in board["departures"]}
        shown = await page.evaluate(_ROWS)
        state = await page.evaluate("() => document.documentElement.dataset.state")
        assert state in ("fresh", "night")
        for id_, time in shown:
            if id_ in told:
                assert time in (told[id_]["expected"][11:16], (told[id_]["scheduled"] or "")[11:16])
        assert shown
        await page.close()
