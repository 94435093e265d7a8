"""The screen as a picture for e-paper, from the demo service; its letters come from the built web."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pytest
from PIL import Image

from tests.service import Service

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def picture(demo: Service, query: str = "", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    async with demo.http.get(f"{demo.url}/v1/offices/fornebu/screen.png{query}", headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


@pytest.mark.parametrize(
    ("query", "size", "mode", "levels"),
    [
        ("", (800, 480), "1", {0, 255}),
        ("?w=480&h=800&lang=nn", (480, 800), "1", {0, 255}),
        ("?w=1600&h=1200&depth=2&lang=en", (1600, 1200), "P", {0, 85, 170, 255}),
    ],
)
async def test_is_drawn_in_the_size_and_depth_asked_for(
    demo: Service, query: str, size: tuple[int, int], mode: str, levels: set[int]
) -> None:
    status, headers, body = await picture(demo, query)
    assert (status, headers["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(body))
    assert (image.size, image.mode) == (size, mode)
    grey = image.convert("L")
    shades = {level for level, count in enumerate(grey.histogram()) if count}
    assert shades <= levels
    black = grey.histogram()[0] / (size[0] * size[1])
    assert 0.02 < black < 0.3  # letters on paper: neither blank nor blotted
    left, right = (grey.crop((x, 60, x + size[0] // 3, size[1] - 40)) for x in (0, size[0] * 2 // 3))
    assert left.getextrema()[0] == right.getextrema()[0] == 0  # ways on one side, departures on the other


async def test_says_how_long_it_holds_and_is_not_sent_twice(demo: Service) -> None:
    _, headers, _ = await picture(demo, "?lang=en")
    held = re.fullmatch(r"public, max-age=(\d+)", headers["Cache-Control"])
    assert held
    assert 15 <= int(held[1]) <= 300
    for _ in range(5):  # it may change between two requests, but not at each
        _, headers, _ = await picture(demo, "?lang=en")
        status, _, body = await picture(demo, "?lang=en", **{"If-None-Match": headers["ETag"]})
        if status == 304:
            break
    assert (status, body) == (304, b"")


async def test_words_are_in_the_language_asked_for(demo: Service) -> None:
    drawn = {(await picture(demo, f"?lang={language}"))[2] for language in ("nb", "nn", "en")}
    assert len(drawn) == 3


@pytest.mark.parametrize("query", ["?w=10", "?h=9999", "?depth=8", "?lang=xx", "?size=3"])
async def test_bad_parameters_are_told(demo: Service, query: str) -> None:
    status, headers, _ = await picture(demo, query)
    assert (status, headers["Content-Type"]) == (400, "application/problem+json")


async def test_an_unknown_office_has_no_picture(demo: Service) -> None:
    async with demo.http.get(f"{demo.url}/v1/offices/nowhere/screen.png") as answer:
        assert answer.status == 404
