"""The screen by itself: what it says where there is little to say, how an office wants it, and what it does alone."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final

import pytest
from playwright.async_api import Route

from tests.web import drawn, staged
from tests.web.conftest import LANDSCAPE, PORTRAIT, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_HOURS: Final = [{"days": ["mo", "tu", "we", "th", "fr"], "opens": "06:00", "closes": "15:00"}]
#: records what is said instead of saying it
_VOICE: Final = """
  window.spoken = [];
  const fake = { speaking: false, cancel() {}, speak: (one) => window.spoken.push([one.lang, one.text]) };
  Object.defineProperty(window, 'speechSynthesis', { value: fake });
"""
_CRASH: Final = """() => {
  window.old = true;
  customElements.get('sr-office').prototype.render = () => { throw new Error('ours'); };
}"""
_LOCKS: Final = """
  window.locks = 0;
  const release = () => Promise.resolve(window.locks -= 1);
  const wakeLock = { request: () => { window.locks += 1; return Promise.resolve({ release }); } };
  Object.defineProperty(navigator, 'wakeLock', { value: wakeLock });
"""

_HOLDS_AHEAD: Final = """() => {
  const held = JSON.parse(localStorage['smartreise.reserve.fornebu'] ?? '{}');
  return Object.keys(held.ways ?? {}).length === 4 && Object.keys(held.rows ?? {}).length > 0;
}"""
_CLOCK_TURNED: Final = """before => {
  const clock = document.querySelector('sr-office').shadowRoot.querySelector('.clock');
  return clock.textContent.replace(/\\s/g, '') !== before;
}"""


async def screen_of(
    visit: Opener, change: staged.Change, query: str = "", size: tuple[int, int] = LANDSCAPE, script: str = ""
) -> Visit:
    """The demo office's screen, told what `change` makes of the truth."""
    opened = await visit("/healthz", size, script=staged.MOVABLE + script)
    await staged.alter(opened.page, change)
    await opened.page.goto(opened.page.url.replace("/healthz", f"/office/fornebu{query}"))
    await opened.until("() => !['loading', undefined].includes(document.documentElement.dataset.state)")
    return opened


@pytest.mark.parametrize(
    ("name", "change", "state", "panel", "words"),
    [
        pytest.param(
            "empty", staged.nothing, "empty", ".panel.nothing", "Ingen avganger å vise", marks=pytest.mark.long
        ),
        pytest.param(
            "pause",
            staged.next_at("2026-11-24T19:10:00+01:00"),
            "empty",
            ".panel.pause",
            "Neste avgang herfra går 19:10",
            marks=pytest.mark.long,
        ),
        ("night", staged.next_at("2026-11-25T05:12:00+01:00"), "night", ".panel.night", "går 05:12 i morgen"),
        ("far", staged.far, "fresh", ".near .panel.far", "Ingenting i gangavstand"),
        ("stale", staged.stale, "stale", ".chip", "Sanntid mangler siden 15:30"),
        ("failing", staged.sources_fail, "fresh", ".chip", "Delte kjøretøy: ikke oppdatert"),
        pytest.param(
            "aimless",
            lambda view: view.update(suggestions=[]),
            "fresh",
            ".panel.aimless",
            "Ingen reisemål er valgt",
            marks=pytest.mark.long,
        ),
    ],
)
async def test_each_emptiness_has_its_own_words(
    visit: Opener, name: str, change: staged.Change, state: str, panel: str, words: str
) -> None:
    screen = await screen_of(visit, change)
    await screen.state(state)
    assert words in await screen.text(panel)
    await screen.picture(f"lobby-{name}")


async def test_more_destinations_than_fit_take_turns(visit: Opener) -> None:
    screen = await screen_of(visit, staged.many_destinations)
    await screen.find(".dest").nth(3).wait_for()
    assert await screen.find(".dest").count() == 4
    assert await screen.find(".pages i").count() == 2
    await screen.page.context.set_offline(True)  # no frame sets the clock right again
    await screen.state("offline")
    first = await screen.find(".dest h3").all_inner_texts()
    await screen.page.evaluate("() => skew(20_000)")
    await screen.until(
        "first => document.querySelector('sr-office').shadowRoot.querySelector('.dest h3').textContent !== first",
        first[0],
    )
    second = await screen.find(".dest h3").all_inner_texts()
    assert len({*first, *second}) == 7


async def test_languages_of_an_office_take_turns(visit: Opener) -> None:
    screen = await screen_of(visit, staged.with_office(languages=["nn", "en"]))
    await screen.page.context.set_offline(True)  # no frame sets the clock right again
    await screen.state("offline")
    seen = {}
    for _ in range(3):
        language = await screen.page.evaluate("() => document.documentElement.lang")
        seen[language] = await screen.text(".how h2")
        await screen.page.evaluate("() => skew(40_000)")
        # if its turn ended between the look and the skew, the next one comes by itself
        await screen.until("before => document.documentElement.lang !== before", language, seconds=60)
    assert {language: "Slik kjem du fram" in words for language, words in seen.items()} == {"nn": True, "en": False}
    assert "How to get there" in seen["en"]


@pytest.mark.parametrize(
    ("layout", "shown", "hidden"),
    [
        ("ways", ".how .dest", ".near"),
        pytest.param("departures", ".near .row[data-id]", ".how", marks=pytest.mark.long),
        ("map", ".near .row[data-id]", ""),
    ],
)
@pytest.mark.parametrize("size", [LANDSCAPE, pytest.param(PORTRAIT, marks=pytest.mark.long)])
async def test_an_office_chooses_its_layout(
    visit: Opener, layout: str, shown: str, hidden: str, size: tuple[int, int]
) -> None:
    screen = await screen_of(visit, staged.with_office(layout=layout), size=size)
    await screen.find(shown).first.wait_for()
    if hidden:
        assert await screen.find(hidden).count() == 0
    if layout == "map":
        await screen.find(".lobby-map[data-state=idle] canvas").wait_for(timeout=40_000)
    await screen.picture(f"lobby-{layout}{'-portrait' if size == PORTRAIT else ''}")
    scrolls = (
        "() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth"
    )
    assert not await screen.page.evaluate(scrolls)


async def test_a_partners_logo_and_colour(visit: Opener) -> None:
    logo = (
        "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiLz4="
    )
    screen = await screen_of(visit, staged.with_office(logo=logo, accent="#001133", theme="daylight"))
    assert await screen.find("img.logo").get_attribute("src") == logo
    brand = await screen.find("sr-office").evaluate("element => element.style.getPropertyValue('--brand')")
    assert re.fullmatch(r"#[0-9a-f]{6}", brand)
    # the sun sets at 15:24 in Oslo on that day, and it is past 15:42
    assert await screen.page.evaluate("() => document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("after", ["dark", pytest.param("dim", marks=pytest.mark.long)])
async def test_rests_outside_its_hours(visit: Opener, after: str) -> None:
    change = staged.with_office(opening_hours=_HOURS, after_hours=after)
    screen = await screen_of(visit, change, script=_LOCKS)
    await screen.until("after => document.querySelector('sr-office').dataset.rest === after", after)
    await screen.until("() => window.locks === 0")
    if after == "dark":
        assert re.fullmatch(r"\d\d:\d\d", await screen.text(".resting"))
        ground = await screen.find("sr-office").evaluate("element => getComputedStyle(element).backgroundColor")
        assert ground == "rgb(0, 0, 0)"
    else:
        assert await screen.find(".dest").count() == 4


async def test_keeps_the_device_awake_and_hides_its_cursor(visit: Opener) -> None:
    screen = await screen_of(visit, lambda view: None, script=_LOCKS)
    await screen.until("() => window.locks === 1")
    assert await screen.find("sr-office").evaluate("element => getComputedStyle(element).cursor") == "none"


@pytest.mark.long
async def test_moves_a_little_every_few_minutes(visit: Opener) -> None:
    screen = await screen_of(visit, lambda view: None)
    await screen.page.context.set_offline(True)  # no frame sets the clock right again
    await screen.state("offline")
    where = "() => getComputedStyle(document.querySelector('sr-office').shadowRoot.querySelector('main')).transform"
    places = set()
    # nine steps make a round; where a step came by itself between a look and a skew, one place waits for the next round
    for _ in range(18):
        places.add(await screen.page.evaluate(where))
        if len(places) == 9:
            break
        before = await screen.page.evaluate("() => document.querySelector('sr-office').style.cssText")
        await screen.page.evaluate("() => skew(180_000)")
        await screen.until("before => document.querySelector('sr-office').style.cssText !== before", before)
    assert len(places) == 9


async def test_goes_on_for_ninety_minutes_without_a_connection(visit: Opener) -> None:
    screen = await screen_of(visit, lambda view: None)
    await screen.until(_HOLDS_AHEAD, seconds=60)
    await screen.page.context.set_offline(True)
    await screen.state("offline")
    for _ in range(3):
        clock = await screen.text(".clock")
        await screen.page.evaluate("() => skew(30 * 60_000)")
        await screen.until(_CLOCK_TURNED, clock)
        assert await screen.find(".dest .when:not(.none)").count() == 4
        assert await screen.find(".row[data-id]").count() >= 4
        assert await screen.find(".dot").count() == 0
    await screen.picture("lobby-offline-90")
    await screen.page.context.set_offline(False)
    await screen.state("fresh")


async def test_reads_itself_aloud_on_request(visit: Opener) -> None:
    screen = await screen_of(visit, lambda view: None, "?lang=nb", script=_VOICE)
    await screen.find(".dest").first.wait_for()
    assert await screen.page.evaluate("() => window.spoken.length") == 0
    await screen.page.keyboard.press("Enter")
    await screen.until("() => window.spoken.length > 4")
    spoken = await screen.page.evaluate("() => window.spoken")
    assert {language for language, _ in spoken} == {"nb-NO"}
    text = " ".join(sentence for _, sentence in spoken)
    assert re.search(r"Klokka er 15:\d\d\. Til Oslo S: gå (om|nå)", text)
    assert await screen.text("[aria-live=polite]") == text
    await screen.page.keyboard.press("Enter")
    await screen.until("() => !document.querySelector('sr-office').shadowRoot.querySelector('[aria-live]').textContent")


async def test_a_broken_script_leaves_the_page_that_the_server_makes(visit: Opener) -> None:
    opened = await visit("/healthz")

    async def spoil(route: Route) -> None:
        await route.fulfill(body="throw new Error('spoiled');", content_type="text/javascript")

    await opened.page.route(re.compile(r"/assets/office-.*\.js"), spoil)
    await opened.page.goto(opened.page.url.replace("/healthz", "/office/fornebu?lang=en"))
    await opened.page.wait_for_url("**/office/fornebu?plain=1&again=20&lang=en", timeout=30_000)
    assert "Oslo S" in await opened.text("main")
    opened.faults.clear()  # the error was ours


@pytest.mark.long
async def test_a_screen_that_stops_drawing_starts_anew(visit: Opener) -> None:
    later = "const dated = Date.now; window.later = 0; Date.now = () => dated() + window.later;"
    screen = await visit("/office/fornebu", script=later)
    await screen.find(".dest").first.wait_for()
    await screen.page.evaluate(_CRASH)
    for _ in range(12):
        # a look every 2.5 s; a jump of more than ten seconds would be a device that slept
        await screen.page.evaluate("() => { if (window.old) window.later += 6_000; }")
        await screen.page.wait_for_timeout(2_600)
        if not await screen.page.evaluate("() => window.old === true"):
            break
    await screen.find(".dest").first.wait_for()
    assert await screen.page.evaluate("() => window.old") is None
    screen.faults.clear()  # the errors were ours


async def test_starts_anew_at_a_quiet_minute_only_when_the_server_answers(visit: Opener) -> None:
    opened = await visit("/healthz", script=staged.MOVABLE)
    ready = {"status": 503, "asked": 0}

    async def readyz(route: Route) -> None:
        ready["asked"] += 1
        await route.fulfill(status=ready["status"], body="{}")

    await opened.page.route("**/readyz", readyz)
    sockets: list[Any] = []
    await opened.page.route_web_socket("**/v1/live", lambda socket: sockets.append(socket))
    await opened.page.evaluate("() => { localStorage['smartreise.screen'] = 'a'; }")
    await opened.page.goto(opened.page.url.replace("/healthz", "/office/fornebu"))
    await opened.find("sr-office").wait_for()
    await opened.page.evaluate("() => { window.old = true; skew(3 * 3_600_000); }")
    quiet = 3 * 60 + _quiet_minute("a")
    for offset, asks in ((-2, False), (1, True)):
        at = f"2026-11-25T{(quiet + offset) // 60:02}:{(quiet + offset) % 60:02}:00+01:00"
        sockets[-1].send(json.dumps({"type": "hello", "server_time": at, "heartbeat_s": 15}))
        for _ in range(40):
            if ready["asked"]:
                break
            await asyncio.sleep(0.1)
        assert bool(ready["asked"]) is asks
    assert await opened.page.evaluate("() => window.old")
    ready["status"] = 200
    async with opened.page.expect_navigation():
        await opened.page.evaluate("() => skew(61_000)")
    assert await opened.page.evaluate("() => window.old") is None


def _quiet_minute(screen: str) -> int:
    """As core/pace.ts has it: minutes after 03:00."""
    value = 2_166_136_261
    for letter in screen.encode():
        value = (value ^ letter) * 16_777_619 % 2**32
    return value % 120


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/office/drawn?lang=nb", "Henter avganger …"),
        ("/stop/S?lang=nn", "Hentar avgangar …"),
        ("/?from=drawn&to=S&lang=en", "Looking for journeys …"),
        ("/embed/frame?office=drawn&lang=nb", "Henter avganger …"),
    ],
)
async def test_says_what_it_waits_for_when_that_takes_long(visit: Opener, path: str, words: str) -> None:
    """A service that starts takes connections before it has anything to tell."""
    page = await visit("/healthz", PORTRAIT, service_workers="block")
    await drawn.tell_topics(page.page, {"feeds": None})
    await page.page.goto(page.page.url.replace("/healthz", path))
    told = page.find(".waiting")
    assert await told.evaluate("waiting => getComputedStyle(waiting).opacity") == "0", "not for a moment's wait"
    shown = "() => [...document.querySelectorAll('*')].some((one) => one.shadowRoot?.querySelector('.waiting') && "
    await page.until(shown + "getComputedStyle(one.shadowRoot.querySelector('.waiting')).opacity === '1')")
    assert await told.inner_text() == words
    await page.picture(f"waiting-{path.split('/')[1].split('?')[0] or 'commuter'}")
