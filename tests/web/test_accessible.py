"""axe finds nothing serious or critical on any page, theme, language and size.

What a reader would get wrong: axe knows rules, not people. It finds a missing name or too little contrast, and says
nothing of whether a page makes sense when it is read aloud.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from tests.service import ROOT
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT, Opener

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_AXE: Final = ROOT / "web/node_modules/axe-core/axe.min.js"
#: what a page is ready by
_PAGES: Final = {
    "/?from=fornebu&to=NSR:StopPlace:337&lang=nb": ".item",
    "/office/fornebu?lang=nn": ".row[data-id]",
    "/office/fornebu?plain=1&lang=en": ".way",
    "/stop/NSR:StopPlace:157?lang=nn": "li[data-id]",
    "/s?lang=en": "h1",
    "/status?lang=nb": "tr[data-feed]",
    "/embed?lang=nn": "smart-reise[data-state=fresh]",
    "/embed/frame?office=fornebu&lang=en": "smart-reise[data-state=fresh]",
    "/docs?lang=nb": ".opblock",
    "/display?lang=en": "h1",
    "/admin?lang=nb": "h1",
}
#: and the lobby's other faces
_FACES: Final = {
    "/office/fornebu?layout=map": ".row[data-id]",
    "/office/fornebu?layout=departures": ".row[data-id]",
    "/office/fornebu?layout=ways": ".dest",
    "/office/nowhere": ".panel",
}
#: each theme with each language, and each size with both themes
_SHOWN: Final = (
    ("nb", "light", LANDSCAPE), ("nn", "dark", LANDSCAPE), ("nn", "light", PHONE), ("en", "dark", PHONE),
    ("en", "light", PORTRAIT), ("nb", "dark", PORTRAIT),
)  # fmt: skip
#: A page without scripts can only renew itself so; on a screen in a lobby nobody is in the middle of reading it.
_RUN: Final = """() => axe.run({ resultTypes: ['violations'], rules: { 'meta-refresh': { enabled: false } } })
  .then(({ violations }) => violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 5).map(({ html }) => html).join(' | ')))"""


@pytest.mark.parametrize("path", list(_PAGES))
async def test_axe_finds_nothing_serious(visit: Opener, path: str) -> None:
    for theme, size in (("light", (1280, 900)), ("dark", PHONE)):
        options: dict[str, Any] = {"color_scheme": theme, "reduced_motion": "reduce"}
        page = await visit(f"{path}{'&' if '?' in path else '?'}theme={theme}", size, **options)
        await page.find(_PAGES[path]).first.wait_for()
        await page.page.evaluate(_AXE.read_text(encoding="utf-8"))
        assert await page.page.evaluate(_RUN) == [], f"{theme}, {size[0]} px"


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("path", [*_PAGES, *_FACES])
async def test_axe_finds_nothing_serious_in_any_language_theme_and_size(visit: Opener, path: str) -> None:
    page = await visit("/healthz", reduced_motion="reduce")
    base = page.page.url.removesuffix("/healthz")
    bare = re.sub(r"[?&]lang=\w\w$", "", path)
    ready = (_PAGES | _FACES)[path]
    for language, theme, (width, height) in _SHOWN:
        await page.page.set_viewport_size({"width": width, "height": height})
        await page.page.emulate_media(color_scheme="light" if theme == "light" else "dark")
        await page.page.goto(f"{base}{bare}{'&' if '?' in bare else '?'}lang={language}&theme={theme}")
        await page.find(ready).first.wait_for()
        await page.page.evaluate(_AXE.read_text(encoding="utf-8"))
        assert await page.page.evaluate(_RUN) == [], f"{language}, {theme}, {width} px"
