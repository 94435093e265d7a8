"""What `<smart-reise>` promises its host page: it cannot break it, nor be broken by it.

What a reader would get wrong: the host pages come from a server of their own, so that all the widget does crosses
origins as it does at a partner's.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Locator

from tests.service import ROOT, Service
from tests.web.conftest import PHONE, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_BUDGET: Final = 40_000
_HOSTILE: Final = (
    "*{color:red!important;font-size:40px!important;margin:9px!important;display:inline!important;"
    "text-transform:uppercase!important;letter-spacing:9px!important;line-height:0!important}"
    "button,ul,section{display:none!important}"
)
Host = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def host(browser: Browser, demo: Service) -> AsyncIterator[Host]:
    """Opens a page of another site whose body is the test's; `{server}` in it is ours."""
    page: dict[str, Any] = {}

    async def show(request: web.Request) -> web.Response:
        return web.Response(body=page["body"], headers=page["headers"])

    application = web.Application()
    application.router.add_get("/", show)
    application.router.add_get("/favicon.ico", _nothing)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    visits: list[Visit] = []

    async def open_page(body: str, *, csp: str = "", encoding: str = "utf-8", **context: Any) -> Visit:
        html = f"<!doctype html><html lang='en'><head></head><body>{body.replace('{server}', demo.url)}</body></html>"
        headers = {"Content-Type": f"text/html; charset={encoding}"}
        page["body"] = html.encode(encoding)
        page["headers"] = headers | ({"Content-Security-Policy": csp.replace("{server}", demo.url)} if csp else {})
        room = await browser.new_context(**context)
        opened = Visit(await room.new_page())
        opened.page.on("pageerror", lambda error: opened.faults.append(f"error: {error}"))
        opened.page.on("console", lambda message: _note(opened, message.type, message.text))
        opened.page.on("request", lambda request: _note_foreign(opened, (origin, demo.url), request.url))
        visits.append(opened)
        await opened.page.goto(origin)
        return opened

    yield open_page
    for opened in visits:
        assert await opened.page.context.cookies() == []
        await opened.page.context.close()
    await runner.cleanup()
    assert [fault for opened in visits for fault in opened.faults] == []


async def _nothing(request: web.Request) -> web.Response:
    return web.Response(status=204)


def _note(opened: Visit, kind: str, text: str) -> None:
    if kind == "error" and "ERR_INTERNET_DISCONNECTED" not in text:
        opened.faults.append(text)


def _note_foreign(opened: Visit, ours: tuple[str, ...], url: str) -> None:
    if not url.startswith(ours):
        opened.faults.append(f"asked elsewhere: {url}")


SCRIPT: Final = '<script src="{server}/widget.js"></script>'
MODULE: Final = '<script type="module" src="{server}/widget.js"></script>'


async def shown(page: Visit, index: int = 0, state: str = "fresh") -> Locator:
    widget = page.find("smart-reise").nth(index)
    await page.until(
        "([index, state]) => document.querySelectorAll('smart-reise')[index].dataset.state === state", [index, state]
    )
    return widget


async def test_is_one_small_file_that_any_page_may_load(demo: Service) -> None:
    assert len(gzip.compress((ROOT / "web/dist/widget.js").read_bytes())) < _BUDGET
    async with demo.http.get(demo.url + "/widget.js") as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        tag = answer.headers["ETag"]
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) < _BUDGET
    async with demo.http.get(demo.url + "/widget.js", headers={"If-None-Match": tag}) as again:
        assert again.status == 304


@pytest.mark.parametrize("script", [SCRIPT, MODULE])
async def test_finds_its_server_by_where_the_script_came_from(host: Host, script: str) -> None:
    page = await host(script + '<smart-reise office="fornebu" lang="nb"></smart-reise>')
    widget = await shown(page)
    assert await widget.locator("h2").inner_text() == "Fra Widerøeveien 5, Fornebu"
    assert await widget.locator(".demo").inner_text() == "DEMO"
    assert re.search(r"Gå om \d+ min|Gå nå|Når du vil", await widget.locator(".lead").first.inner_text())
    assert re.search(r"Sanntid for \d+ s siden", await widget.locator("footer").inner_text())
    assert await page.page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


async def test_lives_under_a_strict_content_policy(host: Host) -> None:
    csp = "default-src 'none'; script-src {server}; connect-src {server} ws:; style-src 'none'"
    page = await host(MODULE + '<smart-reise office="fornebu"></smart-reise>', csp=csp)
    widget = await shown(page)
    assert await widget.locator(".way").count() >= 1
    ground = await widget.locator(".box").evaluate("box => getComputedStyle(box).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


async def test_two_widgets_amid_hostile_styles_with_the_script_twice(host: Host) -> None:
    page = await host(
        f"<style>{_HOSTILE}</style>{SCRIPT}{MODULE}"
        '<div><smart-reise office="fornebu" lang="nb" limit="2"></smart-reise></div>'
        '<smart-reise from="fornebu" to="NSR:StopPlace:337" lang="en" theme="dark" profile="step-free"></smart-reise>',
        encoding="iso-8859-1",
        viewport={"width": 320, "height": 900},
    )
    first, second = await shown(page), await shown(page, 1)
    await page.picture("widget-hostile")
    assert 1 <= await first.locator("li.way:not(.broken)").count() <= 2
    assert re.search("Gå om|Gå nå|Når du vil", await first.locator("ul").inner_text())
    assert "From Widerøeveien 5, Fornebu" in await second.locator("header").inner_text()
    assert "Step-free" in await second.locator("header").inner_text()
    style = (
        "element => { const s = getComputedStyle(element); return [s.color, s.fontSize, s.textTransform, s.display]; }"
    )
    assert await first.locator("h2").evaluate(style) == ["rgb(15, 31, 43)", "17px", "none", "block"]
    assert await second.locator("h2").evaluate(style) == ["rgb(244, 247, 249)", "17px", "none", "block"]


async def test_fits_280_pixels(host: Host) -> None:
    page = await host(
        "<style>body{margin:0}</style>" + SCRIPT + '<smart-reise office="fornebu" lang="nn"></smart-reise>',
        viewport={"width": 280, "height": 900},
    )
    widget = await shown(page)
    await widget.locator("button.row").first.click()
    await widget.locator(".legs li").first.wait_for()
    await page.picture("widget-280")
    overflow = """box => [...box.querySelectorAll('*')]
      .filter((element) => element.getBoundingClientRect().right > box.getBoundingClientRect().right + 0.5)
      .map((element) => element.className)"""
    assert await widget.locator(".box").evaluate(overflow) == []
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= 280


async def test_tells_its_page_what_happens(host: Host) -> None:
    listen = """<script>window.told = [];
      for (const name of ['state', 'suggestions', 'destination', 'select', 'error'])
        addEventListener('smart-reise:' + name, (event) => told.push([name, event.detail]));</script>"""
    page = await host(listen + SCRIPT + '<smart-reise office="fornebu" lang="nb"></smart-reise>')
    widget = await shown(page)
    await page.until("() => told.some(([name, detail]) => name === 'suggestions' && detail.suggestions.length > 0)")
    states = await page.page.evaluate("() => told.filter(([name]) => name === 'state').map(([, d]) => d.state)")
    assert states == ["loading", "fresh"]
    await widget.locator("[role=tab]").nth(1).click()
    await page.until("() => told.some(([name, detail]) => name === 'destination' && detail.destination.name)")
    await widget.evaluate("element => element.setAttribute('office', 'nowhere')")
    await page.until("() => told.some(([name, detail]) => name === 'error' && detail.detail)")
    await shown(page, state="empty")


async def test_can_be_used_with_the_keyboard_and_remembers_on_request(host: Host) -> None:
    page = await host(SCRIPT + '<smart-reise office="fornebu" lang="nb"></smart-reise>')
    widget = await shown(page)
    press = page.page.keyboard.press
    await press("Tab")
    await press("ArrowRight")
    chosen = widget.locator("[role=tab][aria-selected=true]")
    assert await chosen.inner_text() == await widget.locator("[role=tab]").nth(1).inner_text()
    await press("Tab")
    await press("Space")
    assert await widget.locator(".star").get_attribute("aria-pressed") == "true"
    kept = await page.page.evaluate("() => localStorage.getItem('smart-reise.favourites')")
    assert "fornebu" in kept
    await press("Tab")
    await press("Enter")
    assert await widget.locator("button.row").first.get_attribute("aria-expanded") == "true"
    wanted = await chosen.inner_text()
    await page.page.reload()
    widget = await shown(page)
    assert await widget.locator("[role=tab][aria-selected=true]").inner_text() == wanted


async def test_says_when_it_is_offline_and_comes_back(host: Host) -> None:
    page = await host(SCRIPT + '<smart-reise office="fornebu" lang="nb"></smart-reise>')
    widget = await shown(page)
    quiet = await widget.locator("[role=status]").inner_text()
    await page.page.context.set_offline(True)
    await shown(page, state="offline")
    assert quiet == ""
    assert re.search(r"Frakoblet siden \d\d:\d\d – rutetider", await widget.locator("footer").inner_text())
    assert "Frakoblet siden" in await widget.locator("[role=status]").inner_text()
    assert await widget.locator(".way").count() >= 1
    await page.page.context.set_offline(False)
    await shown(page)
    assert await widget.locator("[role=status]").inner_text() == "Tilkoblet igjen"


async def test_leaves_nothing_running_when_it_is_removed(host: Host) -> None:
    watch = """<script>window.sockets = [];
      const Real = WebSocket;
      window.WebSocket = class extends Real { constructor(...all) { super(...all); sockets.push(this); } };</script>"""
    body = '<smart-reise office="fornebu"></smart-reise><smart-reise office="fornebu"></smart-reise>'
    page = await host(watch + SCRIPT + body)
    await shown(page)
    await shown(page, 1)
    assert await page.page.evaluate("() => sockets.length") == 1
    await page.page.evaluate("() => document.querySelectorAll('smart-reise').forEach((widget) => widget.remove())")
    await page.until("() => sockets.every((socket) => socket.readyState >= WebSocket.CLOSING)")


async def test_the_page_for_partners_builds_what_it_shows(visit: Opener) -> None:
    page = await visit("/embed?lang=nb", (1280, 1000))
    await page.find("smart-reise[data-state=fresh]").wait_for()
    await page.picture("embed")
    assert 'office="fornebu" lang="nb"></smart-reise>' in await page.text(".snippet")
    await page.find("select[name=theme]").select_option("dark")
    await page.find("input[name=stepFree]").check()
    assert 'theme="dark" profile="step-free"' in await page.text(".snippet")
    await page.find("smart-reise[theme=dark][profile=step-free][data-state=fresh]").wait_for()
    await page.find("input[value=frame]").check()
    assert "/embed/frame?office=fornebu&amp;lang=nb&amp;theme=dark" in await page.text(".snippet")
    frame = page.page.frame_locator("iframe")
    await frame.locator("smart-reise[data-state=fresh]").wait_for()


async def test_the_page_for_partners_builds_a_journey(visit: Opener) -> None:
    page = await visit("/embed?lang=nb", (1280, 1000))
    await page.find("input[value=trip]").check()
    assert await page.find("smart-reise").count() == 0
    for end, text in (("from", "fornebu"), ("to", "oslo s")):
        await page.find(f"#{end} input").click()
        await page.page.keyboard.type(text)
        await page.find(f"#{end} [role=option]").first.wait_for()
        await page.page.keyboard.press("Enter")
    await page.find("smart-reise[from][to][data-state=fresh]").wait_for()
    assert 'to="NSR:StopPlace:337" lang="nb"></smart-reise>' in await page.text(".snippet")
    form = await page.find("form").bounding_box()
    field = await page.find("#to").bounding_box()
    assert form is not None
    assert field is not None
    assert field["x"] + field["width"] <= form["x"] + form["width"]


async def test_the_page_for_partners_fits_a_phone(visit: Opener) -> None:
    page = await visit("/embed?lang=en&theme=dark", PHONE)
    await page.find("smart-reise[data-state=fresh]").wait_for()
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]


async def test_any_page_may_frame_the_widget(host: Host, demo: Service) -> None:
    page = await host('<iframe src="{server}/embed/frame?office=fornebu&lang=nn" width="300" height="500"></iframe>')
    frame = page.page.frame_locator("iframe")
    await frame.locator("smart-reise[data-state=fresh]").wait_for()
    assert "Frå Widerøeveien" in await frame.locator("h2").inner_text()


async def test_a_frame_tells_how_tall_it_is(host: Host) -> None:
    page = await host(
        "<script>var tall = 0; addEventListener('message', ({ data }) => "
        "{ if (data.type === 'smart-reise:height') tall = data.height; });</script>"
        '<iframe src="{server}/embed/frame?office=fornebu" width="300" height="100"></iframe>'
    )
    await page.until("() => tall > 250")


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ('office="nowhere" lang="nn"', "Dette kontoret finst ikkje"),
        ('from="fornebu" to="nowhere" lang="nb"', "Stedet finnes ikke i ruteplanen nå"),
        ('lang="en"', "Set the attribute office"),
    ],
)
async def test_says_what_is_wrong_in_the_language_of_its_reader(host: Host, attributes: str, words: str) -> None:
    page = await host(SCRIPT + f"<smart-reise {attributes}></smart-reise>")
    widget = await shown(page, state="empty")
    assert words in await widget.locator("[part=panel]").inner_text()


async def test_the_api_can_be_read_and_tried(visit: Opener) -> None:
    page = await visit("/docs?lang=nb", (1280, 1000))
    await page.state("fresh")
    assert await page.find(".opblock").count() >= 14
    await page.find("[id$=-offices] .opblock-summary-control").click()
    await page.find("[id$=-offices] .execute").click()
    assert await page.text("[id$=-offices] .live-responses-table .response .response-col_status") == "200"
    await page.picture("docs")
