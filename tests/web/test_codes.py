"""The codes on a lobby's screen, read from its picture as a phone's camera reads them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.service import Service
from tests.web import staged
from tests.web.conftest import LANDSCAPE, PHONE, PORTRAIT, Opener, Visit
from tests.web.scan import scanned

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: the suggestions that a screen shows, broken ones aside, and the address of each one's code
_SHOWN = """() => {
  const root = document.querySelector('sr-office').shadowRoot;
  const rows = [...root.querySelectorAll('.dest .body[data-id], .dest .alt[data-id]:not(.broken)')];
  const code = (row) => (row.matches('.alt') ? row : row.parentElement).querySelector(':scope > a.handover');
  return rows.map((row) => [row.dataset.id, code(row)?.href ?? null]);
}"""
SLOW = {
    "id": "slow.walkers", "name": "Rolig kontor", "lat": 59.896, "lon": 10.6288, "walk_speed": 0.8, "max_walk_m": 900,
    "modes": ["bus", "rail"], "destinations": [{"name": "Oslo S", "stop_id": "NSR:StopPlace:337"}],
}  # fmt: skip


async def shown(screen: Visit) -> dict[str, str]:
    rows: list[tuple[str, str]] = await screen.page.evaluate(_SHOWN)
    assert all(address for _, address in rows), rows
    return dict(rows)


@pytest.mark.parametrize(
    ("query", "size", "least"),
    [("", LANDSCAPE, 6), ("?theme=light", PORTRAIT, 6), ("?layout=ways", LANDSCAPE, 6)],
    ids=["landscape", "portrait-light", "ways"],
)
async def test_every_suggestion_is_scanned_from_the_picture(
    visit: Opener, query: str, size: tuple[int, int], least: int
) -> None:
    screen = await visit(f"/office/fornebu{query}", size)
    await screen.find(".alt .handover").first.wait_for()
    await screen.page.evaluate("() => document.fonts.ready")
    codes: dict[str, str] = {}
    found: set[str] = set()
    for _ in range(3):  # a row may leave between the look and the picture
        codes = await shown(screen)
        found = await scanned(screen)
        if found == set(codes.values()) == set((await shown(screen)).values()):
            break
    assert found == set(codes.values())
    assert len(codes) >= least


@asynccontextmanager
async def office(demo: Service, document: dict[str, Any]) -> AsyncIterator[None]:
    token = next(line.split()[-1] for line in demo.lines if line.startswith("admin token: "))
    headers = {"Authorization": f"Bearer {token}"}
    async with demo.http.post(f"{demo.url}/v1/admin/offices", json=document, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
    try:
        await demo.until("/v1/offices", lambda told: any(item["id"] == document["id"] for item in told["offices"]))
        yield
    finally:
        async with demo.http.delete(f"{demo.url}/v1/admin/offices/{document['id']}", headers=headers) as answer:
            assert answer.status < 300


async def test_the_phone_sees_what_people_of_this_office_see(visit: Opener, demo: Service) -> None:
    async with office(demo, SLOW):
        screen = await visit(f"/office/{SLOW['id']}")
        await screen.find(".dest .body .handover, .dest > .handover").first.wait_for()
        codes = await shown(screen)
        view = await demo.get(f"/v1/offices/{SLOW['id']}/view")
        told = {way["id"]: way for part in view["suggestions"] for way in part["suggestions"]}
        read = await scanned(screen)
        id_, address = next((id_, address) for id_, address in codes.items() if id_ in told and address in read)
        phone = await visit(address.removeprefix(demo.url), PHONE)
        await phone.until("() => ['before', 'under_way'].includes(document.documentElement.dataset.stage)")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(phone.page.url).query).items()}
        assert (asked["from"], asked["to"], asked["id"]) == (SLOW["id"], "NSR:StopPlace:337", id_)
        assert (asked["walk_speed"], asked["max_walk_m"], asked["modes"]) == ("0.8", "900", "bus,rail")
        assert f"– {told[id_]['arrive_at'][11:16]}" in await phone.text(".sum >> nth=0")


async def test_codes_name_the_public_address(visit: Opener) -> None:
    def public(view: dict[str, Any]) -> None:
        view["public_url"] = "https://reise.example.no"

    screen = await visit("/healthz")
    await staged.alter(screen.page, public)
    await screen.page.goto(screen.page.url.replace("/healthz", "/office/fornebu"))
    await screen.find(".dest > .handover").first.wait_for()
    found = await scanned(screen)
    assert found
    assert all(address.startswith("https://reise.example.no/S/FORNEBU/") for address in found)


@pytest.mark.parametrize("path", ["/S/FORNEBU/0/NEVER-HEARD-OF/HTEOL", "/S/NOWHERE/0/ABC", "/S/FORNEBU/99/ABC"])
async def test_a_code_that_leads_nowhere_says_so(visit: Opener, path: str) -> None:
    page = await visit(f"{path}?lang=nb", PHONE)
    await page.until("() => document.documentElement.dataset.stage === 'unknown'")
    assert await page.text("h1") == "Reisen finnes ikke lenger"
