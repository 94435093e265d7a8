"""The commuter's page: typing, choosing, watching, on a map that asks nobody else for anything."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import PHONE, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESK = (1280, 800)
TRIP = "/?from=fornebu&to=NSR:StopPlace:337&lang=nb"


async def journeys(visit: Opener, path: str = TRIP, size: tuple[int, int] = DESK) -> Visit:
    page = await visit(path, size)
    await page.state("fresh")
    await page.find(".item").first.wait_for()
    return page


async def test_typed_and_chosen_with_the_keyboard_alone(visit: Opener) -> None:
    page = await visit("/?lang=nb", DESK)
    await page.find("#from input").click()
    await page.page.keyboard.type("lysaker")
    await page.find("#from [role=option]").first.wait_for()
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("Enter")
    await page.until("() => document.querySelector('sr-commuter').shadowRoot.activeElement?.id === 'to'")
    await page.page.keyboard.type("oslo s")
    await page.find("#to [role=option]").first.wait_for()
    await page.page.keyboard.press("Enter")
    await page.find(".item").first.wait_for()
    assert re.search(r"[?&]from=[^&]+&to=[^&]+", page.page.url)
    assert "Oslo S" in await page.find("#to input").input_value()


async def test_an_office_is_a_quick_start(visit: Opener) -> None:
    page = await visit("/?lang=nb", DESK)
    await page.find(
        ".quick li button",
    ).first.click()
    assert "from=fornebu" in page.page.url
    await page.find(".quick li button").first.click()
    await page.find(".item").first.wait_for()


async def test_tells_each_way_with_its_bar_and_opens_its_stops(visit: Opener) -> None:
    page = await journeys(visit)
    assert await page.text(".demo") == "DEMO"
    assert re.search(r"Gå om \d+ min|Gå nå|Når du vil", await page.text(".item >> nth=0"))
    assert await page.find(".item >> nth=0 >> .bar > span").count() >= 1
    assert await page.find(".item.open .legs > li").count() >= 1
    second = page.find(".item > button").nth(1)
    await second.click()
    assert await second.get_attribute("aria-expanded") == "true"
    stops = page.find(".item.open .stops").first
    if await stops.count():
        await stops.click()
        assert await page.find(".item.open .legs ul li").count() >= 1


async def test_the_map_shows_the_journey_and_its_names(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find(".map-name").first.wait_for()
    canvas = page.find("canvas.maplibregl-canvas")
    box = await canvas.bounding_box()
    assert box is not None
    assert box["width"] > 600
    assert box["height"] > 600
    await page.find("[slot=map][data-state=idle]").wait_for()
    await page.picture("commuter")


async def test_a_click_on_the_map_is_a_place(visit: Opener) -> None:
    page = await visit("/?lang=nb&to=NSR:StopPlace:337", DESK)
    await page.find("canvas.maplibregl-canvas").wait_for()
    await page.find(".map-office").first.wait_for()
    await page.page.mouse.click(700, 300)
    await page.until("() => /from=5\\d\\.\\d+,1\\d\\.\\d+/.test(location.search)")
    assert await page.find("#from input").input_value() == "Punkt i kartet"


async def test_arrive_by_is_in_the_address(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find("[role=radio]").nth(2).click()
    await page.find("input[type=time]").fill("18:00")
    await page.page.keyboard.press("Tab")
    await page.until("() => location.search.includes('arrive=18:00')")
    await page.find(".item").first.wait_for()
    assert "Gå 17:" in await page.text(".item >> nth=0")


async def test_on_a_phone_the_list_lies_over_the_map(visit: Opener) -> None:
    page = await journeys(visit, size=PHONE)
    await page.find(".map-name").first.wait_for()
    await page.find("[slot=map][data-state=idle]").wait_for()
    await page.picture("commuter-phone")
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    sheet = await page.find(".sheet").bounding_box()
    assert sheet is not None
    assert 200 < sheet["y"] < 400


async def test_says_when_it_is_offline(visit: Opener) -> None:
    page = await journeys(visit)
    await page.page.context.set_offline(True)
    await page.state("offline")
    assert "Frakoblet siden" in await page.text(".condition")
    assert await page.find(".item").count() >= 1
    await page.page.context.set_offline(False)
    await page.state("fresh")


async def test_the_status_page_lists_every_feed(visit: Opener) -> None:
    page = await visit("/status?lang=nb", DESK)
    await page.state("fresh")
    assert await page.find("tr[data-feed]").count() >= 7
    assert "fersk" in await page.text('tr[data-feed="demo-trip-updates"]')
    assert await page.text(".demo") == "DEMO"
    await page.picture("status")
