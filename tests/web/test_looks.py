"""Key screens beside pictures that a person has looked at and found good (see `looks`)."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image, ImageChops

from tests.web import drawn
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT, Opener
from tests.web.looks import REVIEWED, SHARE, compare, difference

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def _empty(view: dict[str, Any]) -> None:
    view |= {"suggestions": [{**part, "suggestions": []} for part in view["suggestions"]], "boards": [], "mobility": []}


def _branded(view: dict[str, Any]) -> None:
    view["office"] |= {"accent": "#ff8800", "layout": "ways"}


@pytest.mark.parametrize(
    ("name", "query", "size", "change"),
    [
        ("landscape-dark", "", LANDSCAPE, None),
        pytest.param("landscape-light-en", "?theme=light&lang=en", LANDSCAPE, None, marks=pytest.mark.long),
        ("portrait-dark-nn", "?lang=nn", PORTRAIT, None),
        ("phone-light", "?theme=light", PHONE, None),
        pytest.param("departures-light", "?layout=departures&theme=light", LANDSCAPE, None, marks=pytest.mark.long),
        pytest.param("ways-branded", "", LANDSCAPE, _branded, marks=pytest.mark.long),
        pytest.param("empty", "", LANDSCAPE, _empty, marks=pytest.mark.long),
    ],
)
async def test_looks_as_reviewed(visit: Opener, name: str, query: str, size: tuple[int, int], change: Any) -> None:
    view = drawn.view()
    if change:
        change(view)
    screen = await visit("/healthz", size, script=drawn.STANDING, reduced_motion="reduce")
    await drawn.tell(screen.page, view)
    await screen.page.goto(screen.page.url.replace("/healthz", f"/office/drawn{query}"))
    await screen.state("empty" if change is _empty else "fresh")
    await screen.find("footer .age .dot").wait_for()
    await screen.page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    await screen.page.wait_for_timeout(1_200)  # lines that do not fit shorten themselves, a step a turn
    compare(await screen.page.screenshot(full_page=size == PHONE), name)


async def test_a_changed_picture_is_told() -> None:
    """The comparison itself: patient with letters, not with a missing card."""
    file = REVIEWED / "landscape-dark.png"
    reviewed = Image.open(file).convert("RGB")
    assert difference(ImageChops.offset(reviewed, 0, 0), reviewed) == 0
    without = reviewed.copy()
    without.paste((11, 23, 34), (20, 100, 560, 200))
    assert difference(without, reviewed) > SHARE
