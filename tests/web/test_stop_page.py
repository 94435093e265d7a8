"""A stop's own page: its departures live, by line and platform, each with the calls of its trip."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.service import Service
from tests.web.conftest import PHONE, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LYSAKER = "NSR:StopPlace:157"


async def board(visit: Opener, query: str = "?lang=nb", size: tuple[int, int] = PHONE) -> Visit:
    page = await visit(f"/stop/{LYSAKER}{query}", size)
    await page.state("fresh")
    await page.find("li[data-id]").first.wait_for()
    return page


async def test_lists_what_the_board_says_in_its_order(visit: Opener, demo: Service) -> None:
    page = await board(visit)
    await page.find(".chips .badge").first.wait_for()
    answer = await demo.get(f"/v1/stops/{LYSAKER}/departures?limit=80")
    shown = await page.find("li[data-id]").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    assert shown[:10] == [d["id"] for d in answer["departures"]][:10]
    first = await page.text("li[data-id] >> nth=0")
    assert re.search(r"\b(nå|\d+ min|\d\d:\d\d)\b", first)
    assert await page.text("h1") == "Lysaker stasjon"
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    await page.picture("stop-phone")


async def test_a_line_can_be_chosen_and_is_in_the_address(visit: Opener) -> None:
    page = await board(visit)
    chip = page.find(".chips button:has(.badge)").first
    name = (await chip.inner_text()).strip()
    await chip.click()
    assert await chip.get_attribute("aria-pressed") == "true"
    assert f"lines={name}" in page.page.url
    lines = await page.find("ul > li[data-id] .badge").all_inner_texts()
    assert {line.strip() for line in lines} == {name}
    await page.page.reload()
    await page.find("li[data-id]").first.wait_for()
    assert {line.strip() for line in await page.find("ul > li[data-id] .badge").all_inner_texts()} == {name}


async def test_a_departure_opens_to_the_calls_of_its_trip(visit: Opener) -> None:
    page = await board(visit)
    await page.find("li[data-id] > button").nth(2).focus()
    await page.page.keyboard.press("Enter")
    await page.find(".calls li").first.wait_for()
    assert "Lysaker" in await page.text(".calls li[aria-current=location]")
    assert await page.find(".calls li").count() >= 3


async def test_a_cancellation_is_struck_at_once(visit: Opener, demo: Service) -> None:
    page = await board(visit)
    row = page.find("li[data-id]:not(.cancelled):has(.dot)").nth(3)
    departure = await row.get_attribute("data-id")
    answer = await demo.get(f"/v1/stops/{LYSAKER}/departures?limit=80")
    found: dict[str, Any] = next(d for d in answer["departures"] if d["id"] == departure)
    async with demo.fault("cancel", found):
        struck = page.find(f'li.cancelled[data-id="{departure}"]')
        await struck.wait_for(timeout=15_000)
        assert "innstilt" in await struck.inner_text()
        assert await struck.locator(".dot").count() == 0


async def test_goes_on_from_held_data_without_a_connection(visit: Opener) -> None:
    page = await board(visit)
    await page.page.context.set_offline(True)
    await page.state("offline")
    assert re.search(r"Frakoblet siden \d\d:\d\d – rutetider", await page.text(".condition"))
    assert await page.find("li[data-id]").count() >= 1
    assert await page.find("li[data-id] .dot").count() == 0
    await page.page.context.set_offline(False)
    await page.state("fresh")
    assert await page.text("[role=status]") == "Tilkoblet igjen"


async def test_a_stop_that_is_none_says_so(visit: Opener) -> None:
    page = await visit("/stop/NSR:StopPlace:none?lang=nn", PHONE)
    await page.state("empty")
    assert await page.text("h1") == "Dette stoppet finst ikkje"
