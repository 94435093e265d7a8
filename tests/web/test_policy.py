"""No page of ours trusts a style or a script in its text, and none of them needs to."""

from __future__ import annotations

from typing import Final

import pytest

from smartreise.api.routes import PAGES
from tests.service import Service
from tests.web.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: each page's address with something to show, and what stands there once it is drawn
_DRAWN: Final = {
    "/": ("/?from=fornebu&to=NSR:StopPlace:337", "sr-commuter [data-id]"),
    "/office/{id}": ("/office/fornebu?layout=map", "sr-office .dest"),
    "/office/{id}?plain": ("/office/fornebu?plain=1", ".card"),
    "/stop/{id}": ("/stop/NSR:StopPlace:157", "sr-stop li[data-id]"),
    "/s": ("/s?from=fornebu&to=NSR:StopPlace:337&id=unheard", "sr-handover h1"),
    "/S/{way:.+}": ("/S/FORNEBU/0/UNHEARD", "sr-handover h1"),
    "/status": ("/status", "sr-status h1"),
    "/display": ("/display", "sr-display svg.qr"),
    "/display/{id}": ("/display/unheard", "sr-display svg.qr"),
    "/admin": ("/admin", "sr-admin form"),
    "/admin/preview": ("/admin/preview", "sr-office"),
    "/docs": ("/docs", "#docs .opblock"),
    "/embed": ("/embed", "sr-embed pre"),
    "/embed/frame": ("/embed/frame?office=fornebu", "smart-reise"),
}
_WATCH: Final = """
  window.refused = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.refused.push([event.violatedDirective, event.blockedURI, event.sample].join(' ')));
"""


async def test_every_page_is_tried() -> None:
    assert set(PAGES) == {page for page in _DRAWN if not page.endswith("?plain")}


@pytest.mark.parametrize("page", _DRAWN)
async def test_nothing_inline_is_allowed_or_wanted(visit: Opener, demo: Service, page: str) -> None:
    path, drawn = _DRAWN[page]
    async with demo.http.get(demo.url + path) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert policy.startswith(("default-src 'self'", "default-src 'none'"))
    opened = await visit(path, script=_WATCH)
    await opened.find(drawn).first.wait_for()
    if page == "/docs":
        await opened.find(".opblock-summary-control").first.click()
        await opened.find(".opblock-body .execute").first.click()
        await opened.find(".live-responses-table .response").first.wait_for()
    await opened.page.evaluate("() => new Promise((resolve) => setTimeout(resolve, 300))")
    assert await opened.page.evaluate("() => window.refused") == []
