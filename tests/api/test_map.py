"""What maps are drawn on: told as JSON, an archive of our own by ranges, and nobody else but who was named."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from smartreise.api.map_tiles import add_map, tile_origin
from smartreise.api.pages import add_pages
from smartreise.model.problems import UnknownId
from smartreise.model.region import MapTiles

pytestmark = pytest.mark.asyncio(loop_scope="function")


async def serving(tiles: MapTiles | None, dist: Path) -> TestClient[web.Request, web.Application]:
    async def plain(request: web.Request) -> web.StreamResponse:
        raise web.HTTPNotFound

    @web.middleware
    async def manners(request: web.Request, handler: object) -> web.StreamResponse:
        try:
            return await handler(request)  # type: ignore[operator,no-any-return]
        except UnknownId:
            raise web.HTTPNotFound from None

    application = web.Application(middlewares=[manners])
    add_map(application, tiles)
    add_pages(application, dist, plain_office=plain, tiles=tile_origin(tiles))
    return TestClient(TestServer(application))


async def test_says_that_there_are_none(tmp_path: Path) -> None:
    async with await serving(None, tmp_path) as client:
        answer = await client.get("/v1/map")
        assert await answer.json() == {"tiles": None, "pmtiles": None, "attribution": None}
        again = await client.get("/v1/map", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status == 304
        assert (await client.get("/v1/map.pmtiles")).status == 404


async def test_an_archive_of_our_own_is_read_by_ranges(tmp_path: Path) -> None:
    archive = tmp_path / "oslo.pmtiles"
    archive.write_bytes(bytes(range(200)))
    async with await serving(MapTiles(None, None, archive, "© O"), tmp_path) as client:
        told = await (await client.get("/v1/map")).json()
        assert told == {"tiles": None, "pmtiles": "/v1/map.pmtiles", "attribution": "© O"}
        part = await client.get(told["pmtiles"], headers={"Range": "bytes=10-13"})
        assert part.status == 206
        assert await part.read() == bytes([10, 11, 12, 13])
        assert part.headers["Content-Type"] == "application/vnd.pmtiles"


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        (None, None),
        (MapTiles("https://t.example:8443/a/{z}/{x}/{y}.png", None, None, None), "https://t.example:8443"),
        (MapTiles(None, "https://p.example/o.pmtiles", None, None), "https://p.example"),
        (MapTiles(None, None, Path("/o.pmtiles"), None), None),
    ],
)
async def test_pages_may_ask_that_one_server(tmp_path: Path, tiles: MapTiles | None, origin: str | None) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    async with await serving(tiles, tmp_path) as client:
        policy = (await client.get("/")).headers["Content-Security-Policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    foreign = [source for name in ("connect-src", "img-src") for source in parts[name] if source.startswith("http")]
    assert foreign == ([origin, origin] if origin else [])
    assert parts["script-src"] == ["'self'"]
