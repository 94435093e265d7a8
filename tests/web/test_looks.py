"""Key screens beside pictures that a person has looked at and found good.

What a reader would get wrong: pictures are compared at a quarter of their size and with some patience, since letters
are drawn a little differently on every machine. A picture that is meant to change is drawn anew with
`SMARTREISE_REVIEW=1`, looked at, and committed.
"""

from __future__ import annotations

import io
import os
from typing import Any, Final

import pytest
from PIL import Image, ImageChops, ImageFilter

from tests.service import ROOT
from tests.web import drawn
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT, Opener

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_REVIEWED: Final = ROOT / "tests/web/reviewed"
#: of 255, after blurring; and how much of the picture may differ by more
_PATIENCE: Final = 40
_SHARE: Final = 0.004
#: the codes name this run's port
_WITHOUT_CODES: Final = """element => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('.handover { visibility: hidden }');
  element.shadowRoot.adoptedStyleSheets.push(sheet);
}"""


def _empty(view: dict[str, Any]) -> None:
    view |= {"suggestions": [{**part, "suggestions": []} for part in view["suggestions"]], "boards": [], "mobility": []}


def _branded(view: dict[str, Any]) -> None:
    view["office"] |= {"accent": "#ff8800", "layout": "ways"}


@pytest.mark.parametrize(
    ("name", "query", "size", "change"),
    [
        ("landscape-dark", "", LANDSCAPE, None),
        ("landscape-light-en", "?theme=light&lang=en", LANDSCAPE, None),
        ("portrait-dark-nn", "?lang=nn", PORTRAIT, None),
        ("phone-light", "?theme=light", PHONE, None),
        ("departures-light", "?layout=departures&theme=light", LANDSCAPE, None),
        ("ways-branded", "", LANDSCAPE, _branded),
        ("empty", "", LANDSCAPE, _empty),
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
    await screen.find("sr-office").evaluate(_WITHOUT_CODES)
    await screen.page.wait_for_timeout(1_200)  # lines that do not fit shorten themselves, a step a turn
    seen = _small(await screen.page.screenshot(full_page=size == PHONE))
    file = _REVIEWED / f"{name}.png"
    if os.environ.get("SMARTREISE_REVIEW"):
        seen.quantize(128).save(file, optimize=True)
        pytest.skip(f"drawn anew: look at {file}")
    assert file.is_file(), f"no reviewed picture {file}: SMARTREISE_REVIEW=1"
    share = _difference(seen, Image.open(file).convert("RGB"))
    if share > _SHARE:
        seen.save(file.with_suffix(".seen.png"))
    assert share <= _SHARE, f"{share:.2%} of it looks otherwise: see {file.with_suffix('.seen.png')}"


def _small(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def _difference(seen: Image.Image, reviewed: Image.Image) -> float:
    """The share of pixels that differ after blurring; 1 where the sizes do."""
    if seen.size != reviewed.size:
        return 1.0
    blurred = [image.filter(ImageFilter.GaussianBlur(2)) for image in (seen, reviewed)]
    grey = ImageChops.difference(*blurred).convert("L")
    histogram = grey.histogram()
    return sum(histogram[_PATIENCE:]) / (seen.width * seen.height)


async def test_a_changed_picture_is_told() -> None:
    """The comparison itself: patient with letters, not with a missing card."""
    file = _REVIEWED / "landscape-dark.png"
    reviewed = Image.open(file).convert("RGB")
    assert _difference(ImageChops.offset(reviewed, 0, 0), reviewed) == 0
    without = reviewed.copy()
    without.paste((11, 23, 34), (20, 100, 560, 200))
    assert _difference(without, reviewed) > _SHARE
