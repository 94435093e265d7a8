"""A suggestion taken along by its QR code: the same one, live, for nobody in particular, and gone after arrival."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.service import Service
from tests.web.conftest import PHONE, Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FROM, TO = "fornebu", "NSR:StopPlace:337"

NOTE_STAGES = """
addEventListener("DOMContentLoaded", () => {
    self.stages = [];
    const note = () => self.stages.push(document.documentElement.dataset.stage);
    new MutationObserver(note).observe(document.documentElement, { attributes: true, attributeFilter: ["data-stage"] });
});
"""


async def suggestions(demo: Service, more: str = "") -> list[dict[str, Any]]:
    """Those that ride, in the order of their leaving."""
    answer = await demo.get(f"/v1/suggestions?from={FROM}&to={TO}&limit=20{more}")
    rides = [s for s in answer["suggestions"] if any("trip_id" in leg for leg in s["legs"])]
    return sorted((s for s in rides if s["status"] == "ok"), key=lambda s: s["leave_at"])


def link(suggestion: dict[str, Any], more: str = "") -> str:
    return f"/s?from={FROM}&to={TO}&id={suggestion['id']}&lang=nb{more}"


async def stage(page: Visit, wanted: str) -> None:
    await page.until("stage => document.documentElement.dataset.stage === stage", wanted)


def first_ride(suggestion: dict[str, Any]) -> dict[str, Any]:
    return next(leg for leg in suggestion["legs"] if "trip_id" in leg)


def on_foot_to(suggestion: dict[str, Any]) -> bool:
    return all("trip_id" in leg or leg["mode"] == "walk" for leg in suggestion["legs"])


async def one_under_way(demo: Service) -> dict[str, Any]:
    """Of those that have left, the one that is under way the longest: however far the tests before took the clock."""
    past = await suggestions(demo, "&at=2026-11-24T15:30:00%2B01:00&window_s=900")
    left = [s for s in past if on_foot_to(s) and s["leave_at"] < "2026-11-24T15:41"]
    return max(left, key=lambda s: str(s["arrive_at"]))


async def test_the_phone_shows_the_same_suggestion_and_pins_its_address(visit: Opener, demo: Service) -> None:
    chosen = (await suggestions(demo))[3]
    page = await visit(link(chosen), PHONE)
    await stage(page, "before")
    assert await page.text("h1") == "Til Oslo S"
    assert f"{chosen['leave_at'][11:16]} – {chosen['arrive_at'][11:16]}" in await page.text(".sum >> nth=0")
    await page.until("() => location.search.includes('&at=2026-')")
    await page.find("[slot=map][data-state=idle]").wait_for()
    await page.picture("handover")
    assert await page.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    assert await page.page.context.cookies() == []


async def test_it_is_found_though_it_has_left_and_says_what_to_do_next(visit: Opener, demo: Service) -> None:
    chosen = await one_under_way(demo)
    page = await visit(link(chosen), PHONE)
    await stage(page, "under_way")
    assert (await page.text(".lead")).startswith(("Gå til", "Ta ", "Gå av på"))
    await page.find(".progress").first.wait_for()


async def test_it_says_that_it_broke_and_what_to_take_instead(visit: Opener, demo: Service) -> None:
    chosen = next(s for s in (await suggestions(demo))[3:] if on_foot_to(s))
    page = await visit(link(chosen), PHONE)
    await stage(page, "before")
    async with demo.fault("cancel", first_ride(chosen)):
        await stage(page, "broken")
        assert "Reisen går ikke lenger" in await page.text(".lead.why")
        assert "innstilt" in await page.text(".sum >> nth=0")
        other = await page.find("a.action").get_attribute("href")
        assert other is not None
        assert "/s?from=fornebu" in other
        assert chosen["id"] not in other
        assert "Reisen går ikke lenger" in await page.text(".sr[role=status]")
        await page.picture("handover-broken")


async def test_a_journey_under_way_is_never_called_unknown_first(visit: Opener, demo: Service) -> None:
    """A link without its time is looked for ahead, then back: what the first answer lacks is not gone yet."""
    chosen = await one_under_way(demo)
    page = await visit(link(chosen), PHONE, script=NOTE_STAGES)
    await stage(page, "under_way")
    assert "unknown" not in await page.page.evaluate("() => self.stages")


async def test_it_breaks_under_way_too(visit: Opener, demo: Service) -> None:
    chosen = await one_under_way(demo)
    page = await visit(link(chosen, f"&at={quote(chosen['leave_at'])}"), PHONE)
    await stage(page, "under_way")
    await page.find(".progress").first.wait_for()
    async with demo.fault("cancel", first_ride(chosen)):
        await stage(page, "broken")
        assert "from=" in (await page.find("a.action").get_attribute("href") or "")


async def test_it_expires_after_arrival_and_is_forgotten(visit: Opener, demo: Service) -> None:
    past = await suggestions(demo, "&at=2026-11-24T14:30:00%2B01:00&window_s=600")
    chosen = next(s for s in past if s["arrive_at"] < "2026-11-24T15:35")
    page = await visit(link(chosen, f"&at={quote(chosen['leave_at'])}"), PHONE)
    await stage(page, "arrived")
    assert await page.text("h1") == "Utløpt"
    assert await page.find(".legs").count() == 0
    await page.until("() => localStorage.getItem('smart-reise.followed') === null")
    await page.picture("handover-expired")


@pytest.mark.parametrize("query", ["?lang=nb", "?lang=nb&from=fornebu&to=NSR:StopPlace:337&id=never-heard-of"])
async def test_a_link_that_leads_nowhere_says_so(visit: Opener, query: str) -> None:
    page = await visit(f"/s{query}", PHONE)
    await stage(page, "unknown")
    assert await page.text("h1") == "Reisen finnes ikke lenger"
    assert await page.find("a.action").count() == 1


async def test_it_goes_on_without_network_and_starts_without_it(visit: Opener, demo: Service) -> None:
    chosen = next(s for s in (await suggestions(demo))[3:] if on_foot_to(s))
    page = await visit(link(chosen), PHONE)
    await stage(page, "before")
    await page.until("async () => Boolean(await caches.match('/s'))")
    await page.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await page.page.context.set_offline(True)
    await page.state("offline")
    assert "Frakoblet siden" in await page.text(".condition")
    await page.page.reload()
    await stage(page, "before")
    await page.state("offline")
    assert await page.text("h1") == "Til Oslo S"
    await page.page.context.set_offline(False)
    await page.state("fresh")
