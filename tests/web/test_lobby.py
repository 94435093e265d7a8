"""What the screen in a lobby promises, held in a real browser against the running service."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.service import Service
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: every text on the page with its size in px, shadow roots included
_TEXT_SIZES = """() => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      const box = element.getBoundingClientRect();
      if (!own || box.width < 2 || element.closest('.sr, style')) continue;
      found.push([element.textContent.trim(), parseFloat(getComputedStyle(element).fontSize)]);
    }
  };
  walk(document.body);
  return found;
}"""

#: rows and cards that reach beyond what holds them, or beyond the page
_CUT = """() => {
  const root = document.querySelector('sr-office').shadowRoot;
  const cut = [];
  for (const element of root.querySelectorAll('.dest, .stop, .row, .alt, footer, .head, .when, .body sr-legs')) {
    const box = element.getBoundingClientRect();
    const room = (element.closest('.cards') ?? document.documentElement).getBoundingClientRect();
    if (box.bottom > room.bottom + 1 || box.right > innerWidth + 1) cut.push(element.className);
    const lines = element.matches('.head') ? 0 : element.scrollHeight - element.clientHeight;
    if (lines > 2) cut.push('inside ' + element.className);
    const beside = element.matches('.when') && element.scrollWidth > element.clientWidth + 1;
    if (beside) cut.push('beside ' + element.className);
  }
  return cut;
}"""


#: all that turns with the minutes, as one text
_COUNTDOWN = """() => [...document.querySelector('sr-office').shadowRoot.querySelectorAll('.clock, .when, .min')]
  .map((element) => element.textContent).join()"""


async def lobby(visit: Opener, query: str = "", size: tuple[int, int] = LANDSCAPE, **options: Any) -> Visit:
    opened = await visit(f"/office/fornebu{query}", size, **options)
    await opened.state("fresh")
    await opened.find(".row[data-id]").first.wait_for()
    return opened


@pytest.mark.parametrize(
    ("name", "size", "theme"),
    [
        ("lobby", LANDSCAPE, "dark"),
        ("lobby-light", LANDSCAPE, "light"),
        ("lobby-portrait", PORTRAIT, "dark"),
        ("lobby-720", (1280, 720), "dark"),
    ],
)
async def test_shows_ways_departures_and_demo(visit: Opener, name: str, size: tuple[int, int], theme: str) -> None:
    screen = await lobby(visit, f"?theme={theme}", size)
    await screen.picture(name)
    assert await screen.find(".dest").count() == 4
    assert await screen.find(".dest h3").first.inner_text() == "Oslo S"
    assert re.search(r"Gå (om \d+ min|nå)|Når du vil", await screen.text(".dest >> nth=0"))
    assert await screen.find(".row[data-id]").count() >= 6
    assert await screen.text(".demo") == "DEMO"
    assert await screen.find(".stop.door .row").count() >= 1
    assert re.fullmatch(r"\d\d:\d\d", await screen.text(".clock"))
    assert re.search(r"Sanntid for \d+ s siden", await screen.text("footer"))


async def fits(screen: Visit) -> None:
    assert await screen.page.evaluate(_CUT) == []
    heights = await screen.page.evaluate(
        "() => [document.documentElement.scrollHeight, innerHeight, document.documentElement.scrollWidth, innerWidth]"
    )
    assert heights[0] <= heights[1]
    assert heights[2] <= heights[3]


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, (1280, 720), (3840, 2160)])
async def test_fits_without_scrolling_or_cutting(visit: Opener, size: tuple[int, int]) -> None:
    await fits(await lobby(visit, size=size))


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (960, 540), (480, 800), (600, 1024)])
async def test_a_small_screen_fits_too_in_larger_letters(visit: Opener, size: tuple[int, int]) -> None:
    """A full screen of a phone's size is no phone: nobody is there to scroll."""
    screen = await lobby(visit, size=size)
    await screen.page.evaluate("() => addEventListener('click', () => document.documentElement.requestFullscreen())")
    await screen.page.mouse.click(9, 9)
    await screen.until("() => matchMedia('(display-mode: fullscreen)').matches")
    await screen.until("() => document.documentElement.scrollHeight <= innerHeight")
    await screen.until("() => !document.querySelector('sr-office').shadowRoot.querySelector('.alt')")  # measured anew
    await fits(screen)
    assert await screen.find(".dest").count() == 4
    assert await screen.find(".row[data-id]").count() >= 3
    texts = await screen.page.evaluate(_TEXT_SIZES)
    assert [(text, px) for text, px in texts if px < 12] == []
    await screen.picture(f"lobby-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
async def test_can_be_read_from_three_metres(visit: Opener, size: tuple[int, int]) -> None:
    screen = await lobby(visit, size=size)
    sizes = await screen.page.evaluate(_TEXT_SIZES)
    assert len(sizes) > 30
    assert [(text, px) for text, px in sizes if px < 24] == []


async def test_on_a_phone_it_scrolls_and_nothing_leaves_the_side(visit: Opener) -> None:
    screen = await lobby(visit, size=PHONE)
    await screen.picture("lobby-phone")
    assert await screen.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    assert await screen.find(".dest").count() == 4


@pytest.mark.parametrize(
    ("language", "heading", "leave"), [("nn", "Slik kjem du fram", "Gå"), ("en", "How to get there", "Leave")]
)
async def test_speaks_the_language_of_its_address(visit: Opener, language: str, heading: str, leave: str) -> None:
    screen = await lobby(visit, f"?lang={language}")
    assert heading in await screen.text(".how h2")
    assert leave in await screen.text(".dest .when >> nth=0")
    assert await screen.page.evaluate("() => document.documentElement.lang") == language


async def first_live_row(screen: Visit) -> tuple[str, str]:
    """The id of the second live departure shown and its trip: the first may leave while we look."""
    row = screen.find(".row[data-id]:not(.cancelled):has(.dot)").nth(1)
    departure = await row.get_attribute("data-id")
    assert departure
    return departure, await row.locator("time").inner_text()


async def departure_of(demo: Service, departure: str) -> dict[str, Any]:
    view = await demo.get("/v1/offices/fornebu/view")
    rows = (row for board in view["boards"] for row in board["departures"])
    found: dict[str, Any] = next(row for row in rows if row["id"] == departure)
    return found


async def test_a_delay_travels_from_the_feed_to_the_screen(visit: Opener, demo: Service) -> None:
    screen = await lobby(visit)
    departure, before = await first_live_row(screen)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with demo.fault("delay", await departure_of(demo, departure), delay_s=420):
        await screen.until(
            """([id, before]) => {
              const root = document.querySelector('sr-office').shadowRoot;
              const row = [...root.querySelectorAll('.row')].find((row) => row.dataset.id === id);
              return !row || row.querySelector('time').textContent !== before;
            }""",
            [departure, before],
            seconds=15,
        )
        print(f"delay on the screen {loop.time() - begun:.2f} s after it was asked for")
        await screen.picture("lobby-delay")


async def test_a_cancelled_departure_stays_struck_with_its_word(visit: Opener, demo: Service) -> None:
    screen = await lobby(visit)
    # The last row: a late one may already be past its planned time, by which what is cancelled stays or goes.
    departure = await screen.find(".row[data-id]:not(.cancelled):has(.dot)").last.get_attribute("data-id")
    assert departure
    async with demo.fault("cancel", await departure_of(demo, departure)):
        row = screen.find(f'.row.cancelled[data-id="{departure}"]')
        await row.wait_for(timeout=15_000)
        assert "innstilt" in await row.inner_text()
        assert await row.locator(".dot").count() == 0
        await screen.picture("lobby-cancelled")


async def test_goes_on_from_held_data_without_a_connection_and_comes_back(visit: Opener) -> None:
    screen = await lobby(visit)
    await screen.page.context.set_offline(True)
    await screen.state("offline")
    await screen.picture("lobby-offline")
    assert re.search(r"Frakoblet siden \d\d:\d\d – rutetider", await screen.text(".head .chip"))
    assert await screen.find(".row .dot").count() == 0
    assert await screen.find(".row[data-id]").count() >= 4
    told = await screen.page.evaluate(_COUNTDOWN)
    await screen.until(f"told => ({_COUNTDOWN})() !== told", told, seconds=65)
    assert await screen.find(".when").count() >= 1
    await screen.page.context.set_offline(False)
    await screen.state("fresh")
    assert await screen.find(".head .chip").count() == 0
    assert await screen.find(".row .dot").count() >= 1


async def test_starts_again_from_what_it_held_when_nothing_answers(visit: Opener) -> None:
    screen = await lobby(visit)
    await screen.page.route_web_socket("**/v1/live", lambda socket: asyncio.ensure_future(socket.close()))
    await screen.page.reload()
    await screen.state("offline")
    assert await screen.find(".row[data-id]").count() >= 4
    assert re.search(r"Frakoblet siden 1[56]:\d\d", await screen.text(".head .chip"))


async def test_starts_cold_without_a_network_from_what_it_held(visit: Opener) -> None:
    """The page itself, its scripts and its data: nothing answers, not even the service."""
    screen = await lobby(visit)
    held = """async () => {
      await navigator.serviceWorker.ready;
      const cache = await caches.open((await caches.keys())[0] ?? 'none');
      const paths = (await cache.keys()).map((request) => new URL(request.url).pathname);
      return paths.includes('/office') && paths.includes('/boot.js') && paths.some((path) => /office-.*js$/.test(path));
    }"""
    await screen.until(held)
    await screen.page.context.set_offline(True)
    await screen.page.goto(screen.page.url)
    await screen.state("offline")
    assert re.search(r"Frakoblet siden 15:[45]\d – rutetider", await screen.text(".head .chip"))
    assert await screen.find(".row[data-id]").count() >= 4
    assert await screen.find(".dest .when:not(.none)").count() >= 1
    await screen.page.context.set_offline(False)
    await screen.state("fresh")


async def test_counts_right_on_a_device_whose_clock_is_wrong(visit: Opener) -> None:
    wrong = "const real = Date.now.bind(Date); Date.now = () => real() - 7 * 60_000;"
    right_screen = await lobby(visit)
    wrong_screen = await lobby(visit, script=wrong)
    for _ in range(50):
        told = [
            [await screen.text(".clock"), *(await screen.find(".dest .when").all_inner_texts())]
            for screen in (right_screen, wrong_screen)
        ]
        if told[0] == told[1]:
            break
        await asyncio.sleep(0.2)
    assert told[0] == told[1]


async def test_says_so_when_there_is_no_such_office(visit: Opener) -> None:
    screen = await visit("/office/nowhere")
    await screen.state("empty")
    assert "Dette kontoret finnes ikke" in await screen.text(".panel")
