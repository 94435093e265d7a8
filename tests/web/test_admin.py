"""The administration's page: signing in, connecting a screen, changing an office, making a key."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route

from tests.web.conftest import PHONE, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TOKEN = "right"


class Service:
    """The administration's side of the service, as the contract words it."""

    def __init__(self) -> None:
        self.signed_in = False
        self.asked: list[tuple[str, str, Any]] = []
        self.offices: list[dict[str, Any]] = [
            {"id": "fornebu", "name": "Fornebu", "lat": 59.9, "lon": 10.6, "languages": ["nb"], "theme": "dark",
             "destinations": [{"name": "Oslo S", "stop_id": "NSR:StopPlace:337"}], "walk_speed": 1.3}
        ]  # fmt: skip
        self.displays: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []

    async def answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path.removeprefix("/v1/admin/")
        body = json.loads(request.post_data) if request.post_data else None
        self.asked.append((request.method, path, body))
        if request.method == "POST" and path == "session":
            self.signed_in = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if not self.signed_in:
            await self._say(route, 401, {"title": "Unauthorized", "status": 401, "detail": "a token is needed"})
        elif request.method == "GET":
            await self._say(route, 200, {path: getattr(self, path)})
        else:
            await self._say(route, *self._do(path, body or {}))

    def _do(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "displays/claim" and body["code"] != "K7MPQ4":
            return 404, {"title": "Unknown", "status": 404, "detail": "no display shows this code"}
        if path == "displays/claim":
            self.displays.append({"id": "d1", "name": "Resepsjonen", "office": body["office"], "last_seen": None})
        if path == "keys":
            self.keys.append({"id": "k1", "name": body["name"]})
            return 201, {**self.keys[-1], "key": "sr_secret"}
        return 200, {}

    async def _say(self, route: Route, status: int, body: Any) -> None:
        await route.fulfill(status=status, body=json.dumps(body), content_type="application/json")


async def admin(visit: Opener, service: Service, query: str = "?lang=nb", size: tuple[int, int] = (1280, 900)) -> Visit:
    opened = await visit("/status", size)
    await opened.page.route("**/v1/admin/**", service.answer)
    await opened.page.goto(opened.page.url.replace("/status", f"/admin{query}"))
    await opened.find("input[name=token]").wait_for()
    return opened


async def sign_in(page: Visit, token: str = TOKEN) -> None:
    await page.find("input[name=token]").fill(token)
    await page.page.keyboard.press("Enter")


async def test_a_wrong_token_is_told_and_a_right_one_lets_in(visit: Opener) -> None:
    page = await admin(visit, Service())
    await page.picture("admin-sign-in")
    await sign_in(page, "wrong")
    assert await page.text("[role=alert]") == "Nøkkelen stemmer ikke."
    await sign_in(page)
    await page.find(".sections").wait_for()
    assert await page.page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


async def test_a_screen_is_connected_by_the_code_of_its_picture(visit: Opener) -> None:
    service = Service()
    page = await admin(visit, service, "?lang=nb&code=wrong1")
    await sign_in(page)
    await page.find("input.code").wait_for()
    assert await page.find("input.code").input_value() == "wrong1"
    await page.find("form .main").click()
    assert await page.text("[role=alert]") == "no display shows this code"
    await page.find("input.code").fill("k7m pq4")
    await page.find("form .main").click()
    await page.find("[data-display=d1]").wait_for()
    assert ("POST", "displays/claim", {"code": "K7MPQ4", "office": "fornebu"}) in service.asked
    await page.find("[data-display=d1]").get_by_text("Vis navn").click()
    await page.find(".told:not(:empty)").wait_for()
    assert ("PATCH", "displays/d1", {"identify": True}) in service.asked
    await page.picture("admin-displays")


async def test_an_office_keeps_what_the_form_does_not_know(visit: Opener) -> None:
    service = Service()
    page = await admin(visit, service)
    await sign_in(page)
    await page.find("a[href='#offices']").click()
    await page.find("[data-office=fornebu]").get_by_text("Endre").click()
    await page.find("input[name=name]").fill("Fornebu Sør")
    await page.find("sr-place-field input").click()
    await page.page.keyboard.type("lysaker")
    await page.find("sr-place-field [role=option]").first.wait_for()
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("Enter")
    await page.find(".destinations li").nth(1).wait_for()
    await page.picture("admin-office")
    await page.find("form > .row .main").click()
    await page.find(".told:not(:empty)").wait_for()
    _, path, body = next(asked for asked in service.asked if asked[0] == "PUT")
    assert path == "offices/fornebu"
    assert body["name"] == "Fornebu Sør"
    assert body["walk_speed"] == 1.3
    assert body["destinations"][0]["name"] == "Oslo S"
    assert len(body["destinations"]) == 2


async def test_a_keys_text_is_shown_once(visit: Opener) -> None:
    page = await admin(visit, Service(), "?lang=en&theme=dark", PHONE)
    await sign_in(page)
    await page.find("a[href='#keys']").click()
    await page.find("input[name=name]").fill("Intranet")
    await page.find("form .main").click()
    assert await page.text(".secret") == "sr_secret"
    await page.picture("admin-keys-phone")
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    await page.find("a[href='#offices']").click()
    await page.find("a[href='#keys']").click()
    await page.find("[data-key=k1]").wait_for()
    assert await page.find(".secret").count() == 0


async def test_how_the_sources_fare_is_a_section(visit: Opener) -> None:
    page = await admin(visit, Service())
    await sign_in(page)
    await page.find("a[href='#feeds']").click()
    await page.find("tr[data-feed]").first.wait_for()
