"""The commuter's page: typing, choosing, watching, on a map that asks nobody else for anything."""

from __future__ import annotations

import re

import pytest

from tests.service import Service
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
    told = await page.find("#from [role=option] svg[role=img]").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert {"buss", "tog"} <= set(told), "two stations have the same name"
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


async def test_my_position_is_a_place_and_a_refusal_is_told(visit: Opener) -> None:
    here = {"latitude": 59.8953, "longitude": 10.6284}
    page = await visit("/?lang=nb", DESK, geolocation=here, permissions=["geolocation"])
    await page.find("#from button.round").click()
    await page.until("() => location.search.includes('from=59.89530,10.62840')")
    assert await page.find("#from input").input_value() == "Min posisjon"
    refused = await visit("/?lang=nb", DESK)
    await refused.find("#from button.round").click()
    await refused.find(".condition[role=alert]").wait_for()
    assert "ga ikke posisjonen" in await refused.text(".condition")


async def test_arrive_by_is_in_the_address(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find("[role=radio]").nth(2).click()
    await page.find("input[type=time]").fill("18:00")
    await page.page.keyboard.press("Tab")
    await page.until("() => location.search.includes('arrive=2026-11-24T18:00')")
    await page.find(".item").first.wait_for()
    assert "Gå 17:" in await page.text(".item >> nth=0")


async def test_another_day_is_asked_for_by_its_date(visit: Opener) -> None:
    page = await journeys(visit, f"{TRIP}&depart=2026-11-25T07:30")
    assert await page.find("input[type=date]").input_value() == "2026-11-25"
    assert re.search(r"Gå 07:|Gå 08:", await page.text(".item >> nth=0"))
    await page.find("input[type=date]").fill("2026-11-26")
    await page.until("() => location.search.includes('depart=2026-11-26T07:30')")
    await page.page.go_back()
    await page.until("() => location.search.includes('depart=2026-11-25T07:30')")
    assert await page.find("input[type=date]").input_value() == "2026-11-25"


async def test_when_is_chosen_with_arrow_keys(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find("[role=radio][aria-checked=true]").focus()
    await page.page.keyboard.press("ArrowRight")
    assert await page.find("[role=radio]").nth(1).get_attribute("aria-checked") == "true"
    await page.page.keyboard.press("ArrowLeft")
    assert await page.find("[role=radio]").nth(0).get_attribute("aria-checked") == "true"


async def test_follows_the_vehicle_of_the_chosen_way(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find(".progress").first.wait_for()
    assert re.search(
        r"stopp unna|kommer til stoppet|neste stopp|har ikke startet", await page.text(".progress >> nth=0")
    )
    assert (await page.find(".item.open .share a").first.get_attribute("href") or "").startswith("/s?from=fornebu")
    event = await page.find(".item.open .share a[download]").get_attribute("href")
    assert "BEGIN:VEVENT" in await page.page.evaluate("path => fetch(path).then((answer) => answer.text())", event)


async def test_a_journey_is_kept_on_request_and_forgotten_on_request(visit: Opener) -> None:
    page = await journeys(visit)
    assert await page.page.evaluate("() => localStorage.length") == 0
    await page.find(".star").click()
    assert await page.find(".star").get_attribute("aria-pressed") == "true"
    await page.page.goto(page.page.url.split("?", maxsplit=1)[0] + "?lang=nb")
    await page.find(".favourites li").first.wait_for()
    assert "Widerøeveien 5, Fornebu – Oslo S" in await page.text(".favourites")
    await page.find(".favourites li button").first.click()
    await page.find(".item").first.wait_for()
    assert "from=fornebu" in page.page.url
    await page.page.go_back()
    await page.find(".favourites .round").click()
    assert await page.find(".favourites").count() == 0
    await page.until("() => Object.keys(localStorage).length === 0")


@pytest.mark.long
async def test_a_kept_journey_opens_without_network(visit: Opener) -> None:
    page = await journeys(visit)
    await page.find(".star").click()
    await page.page.reload()
    await page.find(".item").first.wait_for()
    await page.until("() => Object.keys(localStorage).some((key) => key.startsWith('smart-reise.journey '))")
    await page.until("async () => Boolean(await caches.match('/'))")
    await page.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await page.page.context.set_offline(True)
    await page.page.reload()
    await page.state("offline")
    await page.find(".item").first.wait_for()
    assert "Frakoblet siden" in await page.text(".condition")
    await page.page.context.set_offline(False)
    await page.state("fresh")


async def test_language_and_theme_can_be_chosen_and_stay(visit: Opener) -> None:
    page = await visit("/", DESK, locale="nb-NO", color_scheme="light")
    await page.find("select.language").select_option("en")
    await page.find("select.theme").select_option("dark")
    await page.page.reload()
    await page.find("select.language").wait_for()
    root = "() => [document.documentElement.lang, document.documentElement.dataset.theme]"
    assert await page.page.evaluate(root) == ["en", "dark"]


async def test_a_place_of_an_old_link_is_told_in_words(visit: Opener) -> None:
    page = await visit("/?from=fornebu&to=NSR:StopPlace:none&lang=nn", DESK)
    await page.state("empty")
    assert "finst ikkje i ruteplanen" in await page.text(".list")


async def test_the_map_can_be_used_with_the_keyboard(visit: Opener) -> None:
    page = await visit("/?lang=nb&to=NSR:StopPlace:337", DESK)
    await page.find("canvas.maplibregl-canvas").focus()
    await page.page.keyboard.press("Enter")
    await page.until("() => /from=5\\d\\.\\d+,1\\d\\.\\d+/.test(location.search)")


async def test_can_be_installed(visit: Opener, demo: Service) -> None:
    page = await visit("/?lang=nb", PHONE)
    address = await page.page.evaluate("() => document.querySelector('link[rel=manifest]').href")
    async with demo.http.get(address) as answer:
        assert answer.content_type == "application/manifest+json"
        manifest = await answer.json(content_type=None)
    assert manifest["display"] == "standalone"
    for entry in manifest["icons"]:
        async with demo.http.get(demo.url + entry["src"]) as picture:
            assert picture.status == 200
            assert picture.content_type == "image/png"
    registered = "async () => (await navigator.serviceWorker.ready).active.scriptURL"
    assert (await page.page.evaluate(registered)).endswith("/sw.js")


@pytest.mark.long
async def test_at_twice_the_size_nothing_is_lost(visit: Opener) -> None:
    page = await journeys(visit, size=(640, 512))  # 1280 × 1024 at 200 %
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= 640
    await page.find(".item > button").first.scroll_into_view_if_needed()
    assert await page.find(".item > button").first.is_visible()


async def test_vehicles_on_the_map_are_named_by_keyboard_and_by_a_click(visit: Opener) -> None:
    page = await visit("/?lang=nb")
    canvas = page.find("canvas.maplibregl-canvas")
    await canvas.wait_for()
    await page.find("[slot=map][data-state=idle]").wait_for()
    await canvas.focus()
    spoken = "() => document.querySelector('.map-spoken')?.textContent ?? ''"
    names: list[str] = []
    for _ in range(2):
        before = await page.page.evaluate(spoken)
        for _ in range(100):  # the first vehicles may not have come yet
            await page.page.keyboard.press("v")
            if await page.page.evaluate(spoken) != before:
                break
            await page.page.wait_for_timeout(100)
        names.append(await page.page.evaluate(spoken))
        assert re.fullmatch(r"(buss|trikk|T-bane|tog|ferje|båt|flybuss) \S+( → .+)?", names[-1]), names
        assert await page.text(".map-vehicle") == names[-1]
    await page.page.keyboard.press("Escape")
    assert await page.find(".map-vehicle").count() == 0
    assert await page.page.evaluate(spoken) == ""


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
