"""`/v1/offices/{id}/screen.png`: the office's screen as a picture, with how long it holds."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

from aiohttp import web

from smartreise.api.content import respond
from smartreise.model.clock import Clock
from smartreise.model.problems import BadInput, NotReady
from smartreise.push.source import SnapshotSource
from smartreise.push.topics import Topics
from smartreise.views import wire
from smartreise.views.params import Whole, canonical
from smartreise.views.picture import LEAST_S, Fonts, Sheet, draw, sheet_of
from smartreise.views.plain_texts import PLAIN_TEXTS

WIDTH = Whole(name="w", about="Width in pixels.", default="800", least=200, most=3000)
HEIGHT = Whole(name="h", about="Height in pixels.", default="480", least=200, most=3000)
DEPTH = Whole(name="depth", about="Bits a pixel: 1 black and white, 2 four greys.", default="1", least=1, most=2)
#: sheets remembered, to tell since when each has been as it is
_MOST_SHEETS: Final = 2_000


def office_picture(
    topics: Topics, source: SnapshotSource, clock: Clock, web_dist: Path
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler. The picture is in `lang`, else in the office's first language."""
    fonts = _Fonts(web_dist)
    since: dict[tuple[str, str], tuple[Sheet, str]] = {}

    async def show(request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        wanted, office = query.pop("lang", None), request.match_info["office"]
        params = dict(canonical((WIDTH, HEIGHT, DEPTH), query))
        view = cast("wire.OfficeView", (await topics.get("office", {"office": office})).data)
        snapshot = source.current()
        now = datetime.fromtimestamp(clock.now(), snapshot.zone if snapshot is not None else UTC)
        language = _language(wanted, view.office.languages)
        sheet = sheet_of(view, now=now, language=language)
        drawn = _since(since, (office, language), sheet, now)
        body = await asyncio.to_thread(
            draw,
            sheet,
            fonts.get(),
            size=(WIDTH.get(params), HEIGHT.get(params)),
            depth=DEPTH.get(params),
            drawn=drawn,
            language=language,
        )
        holds = max(LEAST_S, int((sheet.holds_until - now).total_seconds()))
        rev = hashlib.blake2b(body, digest_size=12).hexdigest()
        return await respond(request, body, rev, content_type="image/png", cache=f"public, max-age={holds}")

    return show


class _Fonts:
    """The built web's fonts, read at first use."""

    def __init__(self, web_dist: Path) -> None:
        self._folder = web_dist / "assets"
        self._held: Fonts | None = None

    def get(self) -> Fonts:
        if self._held is None:
            self._held = Fonts(self._read("inter-latin-wght-*.woff2"), self._read("inter-latin-ext-wght-*.woff2"))
        return self._held

    def _read(self, pattern: str) -> bytes:
        found = sorted(self._folder.glob(pattern))
        if not found:
            raise NotReady("the web side is not built: there is no font to draw with")
        return found[0].read_bytes()


def _since(held: dict[tuple[str, str], tuple[Sheet, str]], key: tuple[str, str], sheet: Sheet, now: datetime) -> str:
    """HH:MM since when the sheet has been as it is: as long as nothing on it changes, neither does the picture."""
    lasting = replace(sheet, holds_until=datetime.max.replace(tzinfo=UTC))
    known = held.pop(key, None)
    drawn = known[1] if known is not None and known[0] == lasting else f"{now:%H:%M}"
    while len(held) >= _MOST_SHEETS:
        held.pop(next(iter(held)))
    held[key] = lasting, drawn
    return drawn


def _language(wanted: str | None, spoken: list[str]) -> str:
    """Raises `BadInput` for one that was asked for and is none."""
    if wanted is not None and wanted not in PLAIN_TEXTS:
        raise BadInput("lang", f"must be one of {', '.join(PLAIN_TEXTS)}")
    return wanted or next((language for language in spoken if language in PLAIN_TEXTS), "nb")
