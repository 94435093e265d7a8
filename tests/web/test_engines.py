"""The faces in Firefox and WebKit, where the machine has them: half the phones, and many players, run the latter."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
import pytest_asyncio
from PIL import Image

from tests.service import Service, free_port, serving
from tests.web import firefox, webkit
from tests.web.conftest import CLOCK, LANDSCAPE, PHONE, PORTRAIT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

_COUNT: Final = "(document.querySelector('sr-office')?.shadowRoot?.querySelectorAll('{}').length ?? 0)"
_TEXT: Final = "(document.querySelector('sr-office')?.shadowRoot?.querySelector('{}')?.textContent.trim() ?? '')"
_STATE: Final = "document.documentElement.dataset.state === '{}'"
_WIDER: Final = "document.documentElement.scrollWidth > innerWidth"
_HIGHER: Final = "document.documentElement.scrollHeight > innerHeight"
#: a page's size magnified to twice its own
_ZOOMED: Final = (960, 540)


class Page(Protocol):
    """A page of either engine. `errors`: what its console said, where the driver tells."""

    errors: list[str]

    async def open(self, url: str, size: tuple[int, int]) -> None: ...

    async def value(self, expression: str) -> Any: ...

    async def until(self, expression: str, *, seconds: float = 60) -> None: ...

    async def picture(self) -> bytes:
        """A PNG of what it shows."""

    async def on_screen(self) -> Image.Image:
        """What stands on the screen, WebGL too: it may come a moment after the page."""


@pytest_asyncio.fixture(loop_scope="session", params=["firefox", "webkit"])
async def page(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Page]:
    if request.param == "firefox":
        program = firefox.installed()
        if program is None:
            pytest.skip("there is no Firefox here: install one, or name one in SMARTREISE_FIREFOX")
        async with firefox.firefox_page(program, tmp_path / "profile") as fox:
            yield fox
    else:
        programs = webkit.installed()
        if programs is None:
            pytest.skip("there is no WebKit here: apt install webkit2gtk-driver xvfb")
        async with webkit.webkit_page(programs, tmp_path / "home") as kit:
            yield kit


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Any:
    """Keeps a picture where SMARTREISE_SCREENSHOTS says."""
    engine = request.node.callspec.params["page"]

    def kept(name: str, picture: bytes) -> None:
        if folder := os.environ.get("SMARTREISE_SCREENSHOTS"):
            (Path(folder) / f"{engine}-{name}.png").write_bytes(picture)

    return kept


def heard(page: Page) -> list[str]:
    """Errors of ours and of the policy of contents, of which there are to be none."""
    return [error for error in page.errors if "Error" in error or "Content-Security-Policy" in error]


async def test_the_lobby_screen_fits(page: Page, demo: Service, keep: Any) -> None:
    for name, size, query in (
        ("landscape", LANDSCAPE, ""),
        ("portrait", PORTRAIT, "?theme=light"),
        ("phone", PHONE, "?lang=nn"),
        ("zoomed", _ZOOMED, "?lang=en&theme=light"),
    ):
        await page.open(f"{demo.url}/office/fornebu{query}", size)
        await page.until(_STATE.format("fresh"))
        await page.until(f"{_COUNT.format('.row[data-id]')} >= 4")
        assert await page.value(_COUNT.format(".dest")) == 4, name
        assert await page.value(_COUNT.format(".handover .qr")) >= (0 if name == "zoomed" else 4), name
        assert not await page.value(_WIDER), name
        assert name in {"phone", "zoomed"} or not await page.value(_HIGHER), name
        keep(name, await page.picture())
    assert heard(page) == []


async def test_every_language_and_theme(page: Page, demo: Service) -> None:
    grounds = set()
    for language, heading in (("nb", "Slik kommer du fram"), ("nn", "Slik kjem du fram"), ("en", "How to get there")):
        for theme in ("light", "dark"):
            await page.open(f"{demo.url}/office/fornebu?lang={language}&theme={theme}", LANDSCAPE)
            await page.until(f"{_TEXT.format('.how h2')} === '{heading}'")
            assert await page.value("document.documentElement.lang") == language
            grounds.add(
                (theme, await page.value("getComputedStyle(document.querySelector('sr-office')).backgroundColor"))
            )
    assert len(grounds) == 2, grounds


async def test_the_other_faces_show_what_they_are_for(page: Page, demo: Service, keep: Any) -> None:
    for name, path, size, ready in (
        ("commuter", "/?from=fornebu&to=NSR:StopPlace:337&lang=nb", LANDSCAPE, "sr-commuter .item"),
        ("commuter-phone", "/?from=fornebu&to=NSR:StopPlace:337&lang=nb", PHONE, "sr-commuter .item"),
        ("stop", "/stop/NSR:StopPlace:157?lang=nb", PHONE, "sr-stop li[data-id]"),
        ("embed", "/embed?lang=nb", LANDSCAPE, "sr-embed smart-reise[data-state=fresh]"),
        ("status", "/status?lang=nb", LANDSCAPE, "sr-status tr[data-feed]"),
        ("display", "/display?lang=nb", LANDSCAPE, "sr-display svg.qr"),
        ("docs", "/docs", LANDSCAPE, "body #docs"),
    ):
        host, inner = ready.split(" ", 1)
        await page.open(demo.url + path, size)
        await page.until(
            f"Boolean((document.querySelector('{host}')?.shadowRoot ?? document).querySelector('{inner}'))"
        )
        assert not await page.value(_WIDER), name
        keep(name, await page.picture())
    assert heard(page) == []


async def test_the_journey_is_drawn_on_the_map(page: Page, demo: Service, keep: Any) -> None:
    await page.open(f"{demo.url}/?from=fornebu&to=NSR:StopPlace:337&lang=nb&theme=light", LANDSCAPE)
    if not await page.value("Boolean(document.createElement('canvas').getContext('webgl2'))"):
        pytest.skip("this browser has no WebGL here: apt install xvfb")
    await page.until("document.querySelector('[slot=map]')?.dataset.state === 'idle'")
    left = int(await page.value("document.querySelector('[slot=map]').getBoundingClientRect().left"))
    ground: dict[Any, int] = {}
    for _ in range(100):
        screen = await page.on_screen()
        ground = {colour: count for count, colour in screen.crop((left, 0, *screen.size)).getcolors(1 << 22) or []}
        if len(ground) > 100:
            break
        await asyncio.sleep(0.2)
    water = max(ground, key=lambda colour: ground[colour] if colour[2] > colour[0] + 10 else 0)
    assert ground[water] > 100_000, "the fjord between Fornebu and Oslo"
    lines = [colour for colour, count in ground.items() if count > 1000 and max(colour) - min(colour) > 100]
    assert lines, "the lines, in their operators' colours"
    shown = io.BytesIO()
    screen.save(shown, "PNG")
    keep("map", shown.getvalue())


async def test_goes_on_without_its_server_and_comes_back(page: Page, tmp_path: Path, keep: Any) -> None:
    port = free_port()
    async with serving("demo", data_dir=tmp_path / "data", clock=CLOCK, port=port) as service:
        await page.open(f"{service.url}/office/fornebu?lang=nb", LANDSCAPE)
        await page.until(_STATE.format("fresh"))
        held = "Object.keys(JSON.parse(localStorage['smartreise.reserve.fornebu'] ?? '{}').ways ?? {}).length"
        await page.until(f"{held} === 4")
    await page.until(_STATE.format("offline"))
    assert "Frakoblet siden" in await page.value(_TEXT.format(".chip"))
    assert await page.value(_COUNT.format(".dest")) == 4
    assert await page.value(_COUNT.format(".row[data-id]")) >= 4
    assert await page.value(_COUNT.format(".row .dot")) == 0, "nothing is live any more"
    keep("offline", await page.picture())
    async with serving("demo", data_dir=tmp_path / "data", clock=CLOCK, port=port):
        await page.until(_STATE.format("fresh"))
        await page.until(f"{_COUNT.format('.row .dot')} > 0")
