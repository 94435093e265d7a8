"""`/office/{id}?plain=1`: an office's screen without scripts, made anew for each request."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, cast
from urllib.parse import quote, urlencode

from aiohttp import web

from smartreise.api.content import respond
from smartreise.model.clock import Clock
from smartreise.model.problems import BadInput
from smartreise.push.source import SnapshotSource
from smartreise.push.topics import Topics
from smartreise.views import wire
from smartreise.views.daylight import is_daylight
from smartreise.views.plain import plain_page
from smartreise.views.plain_style import STYLE
from smartreise.views.plain_texts import PLAIN_TEXTS

#: a screen whose script failed shows this page so many times before it tries its own again
_MOST_AGAIN: Final = 999
#: a language stands for so long
_LANGUAGE_S: Final = 40
_THEMES: Final = frozenset({"dark", "light", "daylight"})
#: nothing but the page's own styles, by their digest: there is nothing in it that could ask for more
_STYLES: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLES}'; base-uri 'none'; form-action 'none'"


def plain_office(
    topics: Topics, source: SnapshotSource, clock: Clock
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler. Its page is in `lang`, else in the office's first language."""

    async def show(request: web.Request) -> web.StreamResponse:
        view = cast("wire.OfficeView", (await topics.get("office", {"office": request.match_info["id"]})).data)
        feeds = cast("wire.Feeds", (await topics.get("feeds", {})).data)
        snapshot = source.current()
        now = datetime.fromtimestamp(clock.now(), snapshot.zone if snapshot is not None else UTC)
        theme = _theme(request.query.get("theme"), view.office, now)
        body = plain_page(
            view,
            feeds,
            now=now,
            language=_language(request.query.get("lang"), view.office.languages, now),
            theme=theme,
            next_page=_next_page(request),
        ).encode()
        rev = hashlib.blake2b(body, digest_size=12).hexdigest()
        response = await respond(request, body, rev, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    return show


def _theme(wanted: str | None, office: wire.OfficeItem, now: datetime) -> str:
    """`dark` or `light`, as the screen's scripts choose it: what is asked for, else what the office says."""
    name = wanted if wanted in _THEMES else office.theme
    if name == "daylight":
        return "light" if is_daylight(now, office.lat, office.lon) else "dark"
    return "light" if name == "light" else "dark"


def _next_page(request: web.Request) -> str | None:
    """Where a screen that came here because its script failed goes next: `again` more times here, then back to its
    own page (`display` names it where it is not the office's). None without `again`. Raises `BadInput`."""
    wanted = request.query.get("again")
    if wanted is None:
        return None
    if not wanted.isascii() or not wanted.isdigit() or int(wanted) > _MOST_AGAIN:
        raise BadInput("again", f"must be a whole number up to {_MOST_AGAIN}")
    kept = {name: value for name, value in request.query.items() if name not in ("plain", "again", "display")}
    display = request.query.get("display")
    if int(wanted) > 0:
        more = {"plain": "1", "again": str(int(wanted) - 1), **({} if display is None else {"display": display})}
        return f"?{urlencode({**kept, **more})}"
    page = request.rel_url.raw_path if display is None else f"/display/{quote(display, safe='')}"
    return f"{page}?{urlencode(kept)}" if kept else page


def _language(wanted: str | None, spoken: list[str], now: datetime) -> str:
    """The one asked for, else those of the office in turn. Raises `BadInput` for one that is none."""
    if wanted is not None and wanted not in PLAIN_TEXTS:
        raise BadInput("lang", f"must be one of {', '.join(PLAIN_TEXTS)}")
    known = [language for language in spoken if language in PLAIN_TEXTS] or ["nb"]
    return wanted or known[int(now.timestamp() // _LANGUAGE_S) % len(known)]
