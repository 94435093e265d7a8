"""What maps are drawn on besides the feed's lines: `/v1/map` says it, `/v1/map.pmtiles` is the region's own archive.

What a reader would get wrong: pages ask nobody else for anything, unless the region names other tiles; then the
pages' content policy allows that one server, and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from smartreise.api.content import respond
from smartreise.api.routes import MAP, MAP_ARCHIVE
from smartreise.model.problems import UnknownId
from smartreise.model.region import MapTiles

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_CACHE: Final = "public, max-age=86400"


def add_map(application: web.Application, tiles: MapTiles | None) -> None:
    """Routes to what the region has."""
    application.router.add_get(MAP, _describe(tiles))
    application.router.add_get(MAP_ARCHIVE, _archive(tiles))


def tile_origin(tiles: MapTiles | None) -> str | None:
    """The other server that pages ask for tiles, as a content policy names it; None for none."""
    address = None if tiles is None else tiles.pictures or tiles.archive
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _describe(tiles: MapTiles | None) -> Handler:
    has_file = tiles is not None and tiles.file is not None
    body = msgspec.json.encode(
        {
            "tiles": tiles and tiles.pictures,
            "pmtiles": MAP_ARCHIVE if has_file else tiles and tiles.archive,
            "attribution": tiles and tiles.attribution,
        }
    )
    rev = hashlib.blake2b(body, digest_size=12).hexdigest()

    async def handle(request: web.Request) -> web.StreamResponse:
        return await respond(request, body, rev)

    return handle


def _archive(tiles: MapTiles | None) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        if tiles is None or tiles.file is None:
            raise UnknownId("archive of tiles", "the region has none")
        headers = {
            "Content-Type": "application/vnd.pmtiles",
            "Cache-Control": _CACHE,
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(tiles.file, headers=headers)  # ranges of bytes, which is how an archive is read

    return handle
