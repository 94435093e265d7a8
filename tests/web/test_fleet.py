"""A screen and its administrator in two browsers, against the service itself: paired, changed, revoked."""

from __future__ import annotations

import pytest

from tests.service import Service
from tests.web.conftest import Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def administrator(visit: Opener, demo: Service) -> Visit:
    """Somebody signed in at `/admin`."""
    token = next(line.split()[-1] for line in demo.lines if line.startswith("admin token: "))
    page = await visit("/admin?lang=nb")
    await page.find("input[name=token]").fill(token)
    await page.page.keyboard.press("Enter")
    await page.find("input.code").wait_for()
    page.page.on("dialog", lambda dialog: dialog.accept())
    return page


async def test_a_screen_is_paired_changed_and_revoked(visit: Opener, demo: Service) -> None:
    screen = await visit("/display?lang=nb")
    await screen.find(".code").wait_for()
    code = (await screen.text(".code")).replace(" ", "")
    admin = await administrator(visit, demo)
    await admin.find("input.code").fill(code.lower())
    await admin.find("form select[name=office]").select_option("fornebu")
    await admin.find("form .main").click()
    row = admin.find("[data-display]")
    await row.wait_for()
    display = await row.get_attribute("data-display")

    await screen.until("id => location.pathname === `/display/${id}`", display)
    await screen.state("fresh")
    await screen.find("text=Widerøeveien").first.wait_for()

    await row.get_by_text("Vis navn").click()
    await screen.find(".identify").wait_for()

    offices = await admin.page.evaluate("fetch('/v1/offices').then(a => a.json()).then(b => b.offices)")
    other = next(office for office in offices if office["id"] != "fornebu")
    await row.locator(f"select[name=office-{display}]").select_option(other["id"])
    await screen.find(f"text={other['name'].split(',')[0]}").first.wait_for()

    await screen.until("() => document.querySelector('sr-display > sr-office').dataset.layout === 'standard'")
    await row.locator(f"select[name=layout-{display}]").select_option("departures")
    await screen.until("() => document.querySelector('sr-display > sr-office').dataset.layout === 'departures'")
    await row.locator(".test").click()
    await screen.find(".trial").wait_for()

    await row.locator(".danger").click()
    await screen.find(".code").wait_for()
    assert (await screen.text(".code")).replace(" ", "") != code


async def test_a_changed_office_is_on_the_screen_at_once(visit: Opener, demo: Service) -> None:
    screen = await visit("/office/fornebu?lang=nb")
    await screen.state("fresh")
    admin = await administrator(visit, demo)
    await admin.find("a[href='#offices']").click()
    await admin.find("[data-office=fornebu]").get_by_text("Endre").click()
    await admin.find("input[name=name]").fill("Et helt nytt navn")
    await admin.find("form > .row .main").click()
    await screen.find("text=Et helt nytt navn").first.wait_for()
    await admin.find("[data-office=fornebu] .danger").click()  # back to the region file's
    await screen.find("text=Widerøeveien").first.wait_for()


async def test_long_lists_are_searched_and_come_in_pages(visit: Opener, demo: Service) -> None:
    admin = await administrator(visit, demo)
    rows = "".join(f"paged-{n:02},Filial {n},59.9,10.7\n" for n in range(60))
    await admin.find("a[href='#offices']").click()
    await admin.find("input[name=file]").set_input_files(
        {"name": "offices.csv", "mimeType": "text/csv", "buffer": f"id,name,lat,lon\n{rows}".encode()}
    )
    await admin.find(".files form button").click()
    await admin.find(".import").click()
    await admin.find(".undo-import").wait_for()
    await admin.find("[data-office]").nth(49).wait_for()
    assert await admin.find("[data-office]").count() == 50
    await admin.find(".more").click()
    await admin.find("[data-office=paged-59]").wait_for()
    assert await admin.find(".more").count() == 0
    await admin.find("input[type=search]").fill("filial 17")
    await admin.until(
        "() => [...document.querySelector('sr-admin').shadowRoot.querySelector('sr-admin-offices').shadowRoot"
        ".querySelectorAll('[data-office]')].map((row) => row.dataset.office).join() === 'paged-17'"
    )
    await admin.find("input[type=search]").fill("")
    await admin.find("[data-office=fornebu]").wait_for()
    await admin.find("a[href='#displays']").click()
    await admin.find("select[name=office] option[value=paged-59]").wait_for(state="attached")
    await admin.find("a[href='#offices']").click()
    await admin.find("[data-office=paged-00] .history").click()
    await admin.find("[data-office=paged-00] .undo-import").click()
    await admin.find(".told:not(:empty)").wait_for()
    await admin.find("[data-office=fornebu]").wait_for()
    assert await admin.find("[data-office^=paged]").count() == 0


async def test_the_preview_shows_what_is_not_saved_yet(visit: Opener, demo: Service) -> None:
    admin = await administrator(visit, demo)
    await admin.find("a[href='#offices']").click()
    await admin.find("[data-office=fornebu] .edit").click()
    screen = admin.page.frame_locator(".preview iframe")
    await screen.get_by_text("Widerøeveien 5").first.wait_for()
    await screen.get_by_text("Bekkestua").first.wait_for()

    await admin.find("input[name=name]").fill("Et utkast")
    await screen.get_by_text("Et utkast").first.wait_for()
    for place in ("Bekkestua", "Majorstuen"):
        await admin.find(f".destinations.destinations button[aria-label*='{place}']").click()
    await admin.find("input[name=hidden_lines]").fill("31")
    await admin.find("input[name=hidden_lines]").press("Tab")
    await admin.find("input[name=language-nb]").uncheck()
    await admin.find("input[name=language-en]").check()
    await screen.get_by_text("How to get").first.wait_for()
    await screen.locator(".how").get_by_text("Bekkestua").first.wait_for(state="detached")
    await admin.find("select[name=layout]").select_option("departures")
    await screen.locator(".how").wait_for(state="detached")

    await admin.find("input[name=walk_speed]").fill("9")
    await admin.find("input[name=walk_speed]").press("Tab")
    await admin.find(".unshown >> text=walk_speed").wait_for()
    await admin.find("input[name=walk_speed]").fill("")
    await admin.find("input[name=walk_speed]").press("Tab")
    await admin.find(".unshown:empty, .unshown:not(:has(*))").wait_for(state="attached")
    stored = await admin.page.evaluate("fetch('/v1/admin/offices/fornebu').then((answer) => answer.json())")
    assert (stored["name"].split(",")[0], len(stored["destinations"])) == ("Widerøeveien 5", 4)
    await admin.picture("admin-preview")


async def test_an_office_that_is_not_there_yet_is_previewed(visit: Opener, demo: Service) -> None:
    admin = await administrator(visit, demo)
    await admin.find("a[href='#offices']").click()
    await admin.find("button.main").first.click()
    screen = admin.page.frame_locator(".preview iframe")
    await admin.find("input[name=name]").fill("Kontoret ved Skøyen")
    await screen.get_by_text("Kontoret ved Skøyen").first.wait_for()
    await admin.find("input[name=lat]").fill("59.9208")
    await admin.find("input[name=lon]").fill("10.6785")
    await admin.find("input[name=lon]").press("Tab")
    await screen.locator(".near").get_by_text("Skøyen").first.wait_for()
