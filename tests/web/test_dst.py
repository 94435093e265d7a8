"""The nights on which clocks change, on the wall of a lobby: the service's clock, and no departure an hour off."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.service import serving
from tests.web import staged

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_ROWS = """() => [...document.querySelector('sr-office').shadowRoot.querySelectorAll('.row[data-id]:not(.shared)')]
  .map((row) => [row.dataset.id, row.querySelector('time').textContent])"""


_CLOCK = "time => document.querySelector('sr-office')?.shadowRoot?.querySelector('.clock')?.textContent === time"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("clock", "before", "last", "first", "changed"),
    [
        pytest.param("2026-10-25T02:20:00+02:00", "02:20", "02:59", "02:01", "2026-10-25T02:00:00+01:00", id="back"),
        pytest.param(
            "2026-03-29T01:20:00+01:00", "01:20", "01:59", "03:01", "2026-03-29T03:00:00+02:00",
            id="forward", marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
async def test_clocks_change_without_a_connection(
    browser: Browser, tmp_path: Path, clock: str, before: str, last: str, first: str, changed: str
) -> None:
    """Nobody tells a screen that is offline that the night's second two o'clock has begun, or that there is none."""
    async with serving("demo", data_dir=tmp_path, clock=clock) as service:
        page = await browser.new_page()
        # the device itself is somewhere else, and its clock is wrong
        await page.add_init_script(staged.MOVABLE + "Date.now = () => 1_000_000_000_000;")
        await page.goto(f"{service.url}/office/fornebu?lang=nb")
        await page.wait_for_function(_CLOCK, arg=before, timeout=60_000)
        await page.wait_for_function("() => document.documentElement.dataset.state !== 'loading'")
        view: Any = await service.get("/v1/offices/fornebu/view")
        await page.context.set_offline(True)
        await page.wait_for_function("() => document.documentElement.dataset.state === 'offline'")
        await page.evaluate("() => skew(39 * 60_000)")
        await page.wait_for_function(_CLOCK, arg=last)
        await page.evaluate("() => skew(2 * 60_000)")
        await page.wait_for_function(_CLOCK, arg=first)
        assert f"Frakoblet siden {before[:4]}" in await page.locator("footer .age").inner_text()
        told = {row["id"]: row for board in view["boards"] for row in board["departures"]}
        shown = [(told[id_], time) for id_, time in await page.evaluate(_ROWS) if id_ in told]
        assert shown
        for row, time in shown:
            assert time == row["scheduled"][11:16]
            assert datetime.fromisoformat(row["scheduled"]) >= datetime.fromisoformat(changed)  # the earlier are gone
        await page.close()


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_the_hour_that_comes_twice(browser: Browser, tmp_path: Path) -> None:
    async with serving("demo", data_dir=tmp_path, clock="2026-10-25T02:59:20+02:00") as service:
        page = await browser.new_page()
        await page.goto(f"{service.url}/office/fornebu?lang=nb")
        # a minute before three; then two o'clock again
        await page.wait_for_function(_CLOCK, arg="02:00", timeout=150_000)
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
