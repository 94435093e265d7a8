"""What a screen shows while nobody has claimed it, and once somebody has."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Route

from tests.web.conftest import LANDSCAPE, PORTRAIT, Opener, Visit
from tests.web.scan import scanned

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Fleet:
    """The displays' side of the service, in the browser's way: one display, claimed when the test says so."""

    def __init__(self) -> None:
        self.display: dict[str, Any] = {"display": "d1", "claimed": False}
        self.status = 200

    async def answer(self, route: Route) -> None:
        request = route.request
        if request.method == "POST" and request.url.endswith("/v1/displays"):
            made = {"display": "d1", "code": "K7MPQ4", "secret": "s", "expires_at": "2026-11-24T15:58:00+01:00"}
            await route.fulfill(status=201, body=json.dumps(made), content_type="application/json")
        else:
            await route.fulfill(status=self.status, body=json.dumps(self.display), content_type="application/json")


async def display(visit: Opener, fleet: Fleet, query: str, size: tuple[int, int] = LANDSCAPE) -> Visit:
    opened = await visit("/status")
    await opened.page.set_viewport_size({"width": size[0], "height": size[1]})
    await opened.page.route("**/v1/displays**", fleet.answer)
    await opened.page.goto(opened.page.url.replace("/status", f"/display{query}"))
    await opened.find(".code").wait_for()
    return opened


@pytest.mark.parametrize(
    ("name", "size", "query"), [("pairing", LANDSCAPE, "?lang=nb"), ("pairing-portrait", PORTRAIT, "?lang=en")]
)
async def test_shows_its_code_large_and_as_a_picture(
    visit: Opener, name: str, size: tuple[int, int], query: str
) -> None:
    screen = await display(visit, Fleet(), query, size)
    await screen.picture(name)
    assert await screen.text(".code") == "K7M PQ4"
    assert "/admin" in await screen.text(".how")
    assert "15:58" in await screen.text(".note")
    code = await screen.find(".code").evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert code >= 160
    box = await screen.find("svg.qr").bounding_box()
    assert box is not None
    assert box["width"] >= 400
    assert await screen.page.evaluate(
        "([w, h]) => document.documentElement.scrollWidth <= w && document.documentElement.scrollHeight <= h",
        list(size),
    )


async def test_sends_a_phone_to_the_public_address(visit: Opener) -> None:
    """Where screens use an inner name of the service, a phone could not follow it."""
    opened = await visit("/status")

    async def named(route: Route) -> None:
        told = await (await route.fetch()).json()
        await route.fulfill(json=told | {"public_url": "https://reise.example.no"})

    await opened.page.route("**/v1/feeds", named)
    await opened.page.route("**/v1/displays**", Fleet().answer)
    await opened.page.goto(opened.page.url.replace("/status", "/display?lang=nb"))
    await opened.find(".how", has_text="reise.example.no/admin").wait_for()
    assert await scanned(opened) == {"https://reise.example.no/admin?code=K7MPQ4"}
