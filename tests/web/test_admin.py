"""The administration's page: signing in, connecting a screen, changing an office, making a key."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route

from tests.web.conftest import PHONE, Opener, Visit
from tests.web.test_accessible import _AXE as AXE
from tests.web.test_accessible import _RUN as RUN

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TOKEN = "right"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


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
        self.alerts: list[dict[str, Any]] = []
        self.tokens: list[dict[str, Any]] = []
        self.webhooks: list[dict[str, Any]] = []
        self.session = {"name": "administrator", "role": "admin", "offices": []}

    async def answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path.removeprefix("/v1/admin/")
        body = json.loads(request.post_data) if request.post_data else None
        self.asked.append((request.method, path, body))
        if request.method == "POST" and path == "session":
            self.signed_in = request.headers.get("authorization") == f"Bearer {TOKEN}"
        if not self.signed_in:
            await self._say(route, 401, {"title": "Unauthorized", "status": 401, "detail": "a token is needed"})
        elif path == "session":
            await self._say(route, 200, self.session)
        elif path.endswith(("/versions", "/undo")):
            told = [{"version": n, "at": "2026-11-23T16:00:00+01:00", "by": "me", "office": None} for n in (2, 1)]
            await self._say(route, 200, {"versions": told})
        elif path == "audit":
            line = {"entry": "1-1", "at": "2026-11-23T16:00:00+01:00", "who": "me", "what": "made the key", "id": "k1"}
            await self._say(route, 200, {"entries": [line], "next": None})
        elif path == "preview":
            view: dict[str, Any] = {"office": body, "demo": True, "region": "Oslo"}
            lists = ("suggestions", "boards", "mobility", "alerts", "feeds", "attribution")
            await self._say(route, 200, view | {name: [] for name in lists})
        elif path == "office-names":
            await self._say(route, 200, {"offices": self.offices})
        elif request.method == "GET":
            await self._say(route, 200, {path: getattr(self, path)})
        else:
            await self._say(route, *self._do(path, body or {}))

    def _do(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "displays/claim" and body["code"] != "K7MPQ4":
            return 404, {"title": "Unknown", "status": 404, "detail": "no display shows this code"}
        if path == "displays/claim":
            self.displays.append({"id": "d1", "name": "Resepsjonen", "office": body["office"], "last_seen": None})
        if path == "import":
            if "," not in body["text"]:
                errors = [{"field": "offices[0].lat", "message": "is missing"}]
                return 400, {"title": "Bad input", "status": 400, "detail": "bad", "errors": errors}
            return 200, {"offices": [{"id": "hk", "name": "HK", "change": "made"}], "dry_run": body["dry_run"]}
        if path == "alerts":
            self.alerts.append({"id": "a1", **body})
        if path == "tokens":
            self.tokens.append({"id": "t1", "name": body["name"], "role": body["role"], "offices": body["offices"]})
            return 201, {**self.tokens[-1], "token": "sra_secret"}
        if path == "webhooks":
            self.webhooks.append({"id": "w1", **body, "last": None})
            return 201, {**self.webhooks[-1], "secret": "whsec_secret"}
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
    await choose(page, ".destination-fields", "lysaker")
    await page.find("ol.destinations.destinations li").nth(1).wait_for()
    await page.picture("admin-office")
    await page.find("form > .row .main").click()
    await page.find(".told:not(:empty)").wait_for()
    _, path, body = next(asked for asked in service.asked if asked[0] == "PUT")
    assert path == "offices/fornebu"
    assert body["name"] == "Fornebu Sør"
    assert body["walk_speed"] == 1.3
    assert body["destinations"][0]["name"] == "Oslo S"
    assert len(body["destinations"]) == 2


async def choose(page: Visit, where: str, text: str) -> None:
    """Search for a place in one of the form's parts, and take the first that is found."""
    await page.find(f"{where} sr-place-field input").click()
    await page.page.keyboard.type(text)
    await page.find(f"{where} sr-place-field [role=option]").first.wait_for()
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("Enter")


async def test_every_setting_of_an_office_has_a_field(visit: Opener, tmp_path: Path) -> None:
    service = Service()
    page = await admin(visit, service)
    await sign_in(page)
    await page.find("a[href='#offices']").click()
    await page.find("[data-office=fornebu] .edit").click()
    await page.find("input[name=walk_speed]").fill("1.1")
    await page.find("input[name=hidden_lines]").fill("31, L1")
    await choose(page, ".content-fields", "lysaker")
    await page.find("ol.stops li").wait_for()
    await page.find("input[name=mode-bus]").check()
    await page.find("select[name=layout]").select_option("map")
    await page.page.frame_locator(".preview iframe").locator("sr-office[data-layout=map]").wait_for()
    await page.find(".add-span").click()
    await page.find("select[name=after_hours]").select_option("dim")
    logo = tmp_path / "logo.png"
    logo.write_bytes(base64.b64decode(PIXEL))
    await page.find("input[name=logo]").set_input_files(logo)
    await page.find("img.logo").wait_for()
    await page.find("form > .row .main").click()
    await page.find(".told:not(:empty)").wait_for()
    body = next(asked[2] for asked in service.asked if asked[0] == "PUT")
    assert (body["walk_speed"], body["hidden_lines"], body["modes"], body["layout"]) == (
        1.1,
        ["31", "L1"],
        ["bus"],
        "map",
    )
    assert body["stops"][0].startswith("NSR:StopPlace:")
    assert body["opening_hours"] == [{"days": ["mo", "tu", "we", "th", "fr"], "opens": "06:30", "closes": "18:00"}]
    assert (body["after_hours"], body["logo"]) == ("dim", f"data:image/png;base64,{PIXEL}")


async def test_an_office_is_put_where_the_map_is_clicked(visit: Opener) -> None:
    service = Service()
    page = await admin(visit, service)
    await sign_in(page)
    await page.find("a[href='#offices']").click()
    await page.find("[data-office=fornebu] .edit").click()
    canvas = page.find(".place-map[data-state=idle] canvas")
    try:
        await canvas.wait_for(timeout=20_000)
    except PlaywrightError:
        if await page.find(".place-map[hidden]").count():
            pytest.skip("this browser has no WebGL")
        raise
    await canvas.click(position={"x": 40, "y": 60})
    await page.find("form > .row .main").click()
    await page.find(".told:not(:empty)").wait_for()
    body = next(asked[2] for asked in service.asked if asked[0] == "PUT")
    assert (body["lat"], body["lon"]) != (59.9, 10.6)
    assert abs(body["lat"] - 59.9) < 0.5, "the map began where the office is"


async def test_offices_have_a_history_and_go_out_and_in_as_files(visit: Opener, tmp_path: Path) -> None:
    service = Service()
    page = await admin(visit, service, "?lang=en")
    await sign_in(page)
    await page.find("a[href='#offices']").click()
    await page.find("[data-office=fornebu] .history").click()
    await page.find(".versions li").nth(1).wait_for()
    await page.find(".undo").click()
    await page.find(".told:not(:empty)").wait_for()
    assert ("POST", "offices/fornebu/undo", None) in [asked[:3] for asked in service.asked]
    file = tmp_path / "offices.csv"
    file.write_text("wrong")
    await page.find("input[name=file]").set_input_files(file)
    await page.find(".files form button").click()
    await page.find("[role=alert] >> text=offices[0].lat").wait_for()
    file.write_text("id,name,lat,lon\nhk,HK,59.9,10.7\n")
    await page.find("input[name=file]").set_input_files(file)
    await page.find(".files form button").click()
    assert "HK" in await page.text(".planned li")
    await page.find(".import").click()
    await page.find(".told:not(:empty)").wait_for()
    assert [asked[2]["dry_run"] for asked in service.asked if asked[1] == "import"] == [True, True, False]


async def test_messages_access_and_the_log_are_sections(visit: Opener) -> None:
    service = Service()
    page = await admin(visit, service)
    await sign_in(page)
    await page.find("a[href='#notices']").click()
    await page.find("input[name=text-nb]").fill("Heisen er ute av drift")
    await page.find("input[name=to]").fill("2026-11-27T16:00")
    await page.find("input[name=office-fornebu]").check()
    await page.find("form .main").click()
    await page.find("[data-notice=a1]").wait_for()
    body = next(asked[2] for asked in service.asked if asked[:2] == ("POST", "alerts"))
    assert (body["text"], body["offices"], body["from"]) == ({"nb": "Heisen er ute av drift"}, ["fornebu"], None)
    assert body["to"].endswith("Z")
    await page.find("a[href='#access']").click()
    await page.find(".tokens input[name=name]").fill("Partner AS")
    await page.find(".tokens select[name=role]").select_option("partner")
    await page.find("input[name=office-fornebu]").check()
    await page.find(".tokens .main").click()
    assert await page.text(".secret") == "sra_secret"
    await page.find(".webhooks input[name=name]").fill("Vakt")
    await page.find(".webhooks input[name=url]").fill("https://vakt.example.no/")
    await page.find(".webhooks .main").click()
    await page.find("[data-webhook=w1]").wait_for()
    await page.picture("admin-access")
    await page.find("a[href='#log']").click()
    await page.find("tr[data-entry]").wait_for()


async def test_who_only_looks_on_is_offered_nothing_else(visit: Opener) -> None:
    service = Service()
    service.session["role"] = "reader"
    service.displays.append({"id": "d1", "name": "Resepsjonen", "office": "fornebu", "health": "amber"})
    page = await admin(visit, service)
    await sign_in(page)
    await page.find("[data-health=amber]").wait_for()
    assert await page.find("[data-display=d1] button").count() == 0
    assert await page.find("input.code").count() == 0
    assert await page.find("a[href='#keys'], a[href='#access'], a[href='#log']").count() == 0
    await page.find("a[href='#offices']").click()
    await page.find("[data-office=fornebu]").wait_for()
    assert await page.find(".edit, .danger").count() == 0


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


@pytest.mark.parametrize("section", ["displays", "offices", "notices", "keys", "access", "log"])
async def test_everybody_can_use_it(visit: Opener, section: str) -> None:
    service = Service()
    service.displays.append({"id": "d1", "name": "Resepsjonen", "office": "fornebu", "health": "green", "group": "Dør"})
    page = await admin(visit, service, "?lang=nb&theme=dark", PHONE)
    await sign_in(page)
    await page.find(f"a[href='#{section}']").click()
    if section == "offices":
        await page.find("[data-office=fornebu] .edit").click()
        await page.find(".add-span").click()
    await page.find("[role=alert], form, tr[data-entry], .card").first.wait_for()
    await page.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert await page.page.evaluate(RUN) == []
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
