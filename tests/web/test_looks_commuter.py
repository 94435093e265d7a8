"""The commuter's pages and the widget beside pictures that a person has looked at and found good (see `looks`)."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.async_api import Route

from tests.web import drawn
from tests.web.conftest import PHONE, Opener
from tests.web.looks import compare

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DESK: Final = (1280, 800)
#: letters are compared, not what the graphics card makes of lines
_WITHOUT_MAP: Final = (
    "() => document.querySelectorAll('[slot=map]').forEach((map) => { map.style.visibility = 'hidden'; })"
)
_AT_REST: Final = "() => document.fonts.ready.then(() => new Promise((resolve) => requestAnimationFrame(resolve)))"


def _suggestions() -> dict[str, Any]:
    """The ways of the drawn office: one late, one tight, one struck with its replacement, a car."""
    ways = [way for part in drawn.view()["suggestions"] for way in part["suggestions"]]
    late = ways[0]["legs"][1]
    late["depart"] = {"scheduled": drawn.at("15:49"), "expected": drawn.at("15:51")}
    for way in ways:
        for leg in way["legs"]:
            if "line" in leg:
                leg |= {
                    "headsign": "Lillestrøm",
                    "realtime": True,
                    "cancelled": False,
                    "wheelchair": True,
                    "alerts": [],
                }
                leg["from"] |= {"stop_id": "q", "platform": "A"}
                leg["to"] |= {"name": "Oslo S", "stop_id": "z", "platform": "5"}
    ends = {
        "from": drawn.place("Widerøeveien 5, Fornebu", office_id="drawn"),
        "to": drawn.place("Oslo S", station_id="S"),
    }
    return {**ends, "suggestions": ways, "alerts": [], "realtime": "fresh", "cut": False}


def _board() -> dict[str, Any]:
    told = drawn.view()["boards"]
    rows = sorted([row for board in told for row in board["departures"]], key=lambda row: str(row["expected"]))
    return {**told[1], "departures": rows, "alerts": drawn.view()["alerts"]}


_QUAYS: Final = [
    {
        **drawn.place("Lysaker stasjon"),
        "id": f"q{name}",
        "platform": name,
        "parent": "S",
        "modes": [],
        "wheelchair": True,
    }
    for name in ("1", "4")
]
_STOP: Final = {
    **drawn.place("Lysaker stasjon"),
    "id": "S",
    "platform": None,
    "parent": None,
    "modes": ["rail"],
    "wheelchair": True,
    "quays": _QUAYS,
    "lines": [drawn.line("L1", "rail"), drawn.line("31", "bus"), drawn.line("3", "metro")],
}
_ANSWERS: Final[dict[str, Any]] = {
    "/v1/offices": {"offices": [{**drawn.view()["office"], "destinations": []}]},
    "/v1/stops/S": _STOP,
}
_TRIP: Final = "/?from=drawn&to=S"
_LINK: Final = "/s?from=drawn&to=S&at=2026-11-23T15:40:00%2B01:00"


async def test_at_night_it_looks_further_ahead_and_tells_the_last_way(visit: Opener) -> None:
    page = await visit("/healthz", PHONE, script=drawn.STANDING, service_workers="block")
    last = {"leave_at": drawn.at("23:46"), "arrive_at": drawn.at("23:59"), "warning": True}
    told = _suggestions()

    def answer(params: dict[str, Any]) -> dict[str, Any]:
        if "window_s" not in params:
            return {**told, "suggestions": []}
        assert params["window_s"] == 14_400
        return {**told, "last": {**last, "suggestion": told["suggestions"][0]}}

    await drawn.tell_topics(page.page, {"suggestions": answer})
    await page.page.goto(page.page.url.replace("/healthz", f"{_TRIP}&lang=nb"))
    await page.find(".item").first.wait_for()
    assert "Ingen reise den neste timen" in await page.text(".words")
    assert await page.text(".last.warning") == "Siste reise i kveld: gå 23:46, framme 23:59"


async def test_what_a_way_costs_and_whether_there_will_be_one(visit: Opener) -> None:
    page = await visit("/healthz", PHONE, script=drawn.STANDING, service_workers="block")
    told = _suggestions()
    car = next(way for way in told["suggestions"] if way["id"] == "car")
    car["legs"][0] |= {"price": {"amount": 62, "currency": "NOK", "plan": None}}
    car["legs"][0]["pickup"] |= {"chance": 0.92}
    await drawn.tell_topics(page.page, {"suggestions": {**told, "suggestions": [car]}})
    await page.page.goto(page.page.url.replace("/healthz", f"{_TRIP}&lang=nb"))
    await page.find(".item").first.wait_for()
    assert "2 ledige, 92 % sjanse når du er der · ca. 62 kr" in await page.text(".legs .own >> nth=0")


async def test_the_widget_tells_cost_and_chance_too(visit: Opener) -> None:
    page = await visit("/healthz", PHONE, script=drawn.STANDING, service_workers="block")
    view = drawn.view()
    (way,) = view["suggestions"][3]["suggestions"]
    way["legs"][0] |= {"price": {"amount": 62.5, "currency": "NOK", "plan": None}}
    way["legs"][0]["pickup"] |= {"chance": 0.92}
    await drawn.tell(page.page, view | {"suggestions": [view["suggestions"][3]]})
    await page.page.goto(page.page.url.replace("/healthz", "/embed/frame?office=drawn&lang=nb"))
    await page.find(".way button.row").click()
    assert await page.text(".legs .fact") == "92 % sjanse når du er der · ca. 62,50 kr"


@pytest.mark.parametrize(
    ("name", "path", "size", "ready"),
    [
        ("commuter-light", f"{_TRIP}&theme=light&lang=nb", DESK, ".item"),
        ("commuter-dark-phone-nn", f"{_TRIP}&theme=dark&lang=nn", PHONE, ".item"),
        ("commuter-start-en", "/?theme=light&lang=en", PHONE, ".quick"),
        ("handover-light", f"{_LINK}&id=oslo&theme=light&lang=nb", PHONE, ".legs"),
        ("handover-broken-dark-en", f"{_LINK}&id=struck&theme=dark&lang=en", PHONE, ".instead"),
        ("stop-light", "/stop/S?theme=light&lang=nb", PHONE, "li[data-id]"),
        ("stop-dark-nn", "/stop/S?theme=dark&lang=nn", DESK, "li[data-id]"),
        ("widget-light", "/embed/frame?office=drawn&theme=light&lang=nb", (360, 640), ".way"),
        ("widget-dark-280-nn", "/embed/frame?office=drawn&theme=dark&lang=nn", (280, 700), ".way"),
        ("status-light", "/status?theme=light&lang=nb", DESK, "tr[data-feed]"),
    ],
)
async def test_looks_as_reviewed(visit: Opener, name: str, path: str, size: tuple[int, int], ready: str) -> None:
    page = await visit(
        "/healthz", size, script=drawn.STANDING, reduced_motion="reduce", service_workers="block", locale="nb-NO"
    )

    async def answer(route: Route) -> None:
        asked = "/" + route.request.url.split("/", 3)[3].split("?")[0]
        if asked in _ANSWERS:
            await route.fulfill(json=_ANSWERS[asked])
        else:
            await route.fulfill(status=404, json={})

    await page.page.route("**/v1/**", answer)
    await drawn.tell_topics(page.page, {"office": drawn.view(), "suggestions": _suggestions(), "board": _board()})
    await page.page.goto(page.page.url.replace("/healthz", path))
    await page.find(ready).first.wait_for()
    if "/s?" not in path and "frame" not in path and "status" not in path and "/stop/" not in path:
        await page.find("[slot=map] canvas").wait_for()
    await page.page.evaluate(_WITHOUT_MAP)
    await page.page.evaluate(_AT_REST)
    await page.page.wait_for_timeout(300)
    compare(await page.page.screenshot(full_page=False), name)


@pytest.mark.parametrize(
    ("path", "language", "told", "sign"),
    [
        (f"{_TRIP}&lang=nb", "nb", "Sanntid mangler siden 15:30", "sist kjent"),
        (f"{_LINK}&id=oslo&lang=nn", "nn", "Sanntid manglar sidan 15:30", "sist kjent"),
        ("/stop/S?lang=en", "en", "No live data since 15:30", "last known"),
        ("/office/drawn?lang=nb", "nb", "Sanntid mangler siden 15:30", "sist kjent"),
    ],
)
async def test_real_time_that_stopped_is_shown_as_old_with_its_age(
    visit: Opener, path: str, language: str, told: str, sign: str
) -> None:
    """On every page: since when, in words; and no sign of live beside a time that is the last that was heard."""
    page = await visit("/healthz", PHONE, script=drawn.STANDING, service_workers="block")
    old = {"realtime": "stale", "realtime_at": "2026-11-23T15:30:00+01:00"}
    view = drawn.view()
    view["boards"] = [{**board, **old} for board in view["boards"]]
    await page.page.route("**/v1/stops/S", lambda route: route.fulfill(json=_STOP))
    topics = {"suggestions": {**_suggestions(), **old}, "board": {**_board(), **old}, "office": view}
    await drawn.tell_topics(page.page, topics)
    await page.page.goto(page.page.url.replace("/healthz", path))
    await page.state("stale")
    await page.find(".dot").first.wait_for()
    assert told in await page.text("div.condition, p.condition, .head .chip")
    labels = await page.find(".dot[aria-label]").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert set(labels) == {sign}
    await page.picture(f"stale-{language}-{path.split('/')[1].split('?')[0] or 'commuter'}")
