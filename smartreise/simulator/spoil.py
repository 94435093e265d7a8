"""What a spoiled feed answers: each mode is something that real sources have been seen to do.

A spoiled reply carries no validators unless the mode is about content: a client must not be able to hide behind 304.
"""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable

from aiohttp import web

from smartreise.simulator.faults import Fault
from smartreise.simulator.feeds import GTFS, REALTIME, Body, Feeds, body_of, keep_entities, restamp

_HTML = b"<!doctype html><title>Vedlikehold</title><h1>502 Bad Gateway</h1>"
_CHUNK = bytes(1 << 20)
_AWAY_S = 7200


async def spoil(request: web.Request, fault: Fault, body: Body, feeds: Feeds, *, now: float) -> web.StreamResponse:
    """The reply to `request` for a feed whose good content would be `body`."""
    mode = fault.mode or ""
    if mode.isdigit():
        headers = {"Retry-After": str(fault.retry_after_s)} if mode in ("429", "503") else {}
        return web.Response(status=int(mode), text=f"simulated {mode}", headers=headers)
    if mode == "hang":
        return await _hang()
    if mode == "drip":
        return await _drip(request, body)
    if mode == "huge":
        return await _huge(request, body, fault.size_mb)
    if mode == "truncate":
        return web.Response(body=body.data[: len(body.data) * 2 // 3], content_type=body.content_type)
    changed = _CONTENT[mode](request.match_info.get("feed", ""), body, feeds, now)
    return web.Response(body=changed.data, content_type=changed.content_type, headers={"ETag": changed.etag})


async def _hang() -> web.StreamResponse:
    """Accepts the request and says nothing; ends when the client or the server goes."""
    await asyncio.sleep(3600)
    return web.Response(status=504)


async def _drip(request: web.Request, body: Body) -> web.StreamResponse:
    """Headers at once, then a byte a second: a timeout between bytes alone never strikes."""
    response = web.StreamResponse(headers={"Content-Length": str(len(body.data))})
    response.content_type = body.content_type
    await response.prepare(request)
    for i in range(len(body.data)):
        await response.write(body.data[i : i + 1])
        await asyncio.sleep(1)
    return response


async def _huge(request: web.Request, body: Body, size_mb: int) -> web.StreamResponse:
    """Far more than a feed can be, without a Content-Length that would warn."""
    response = web.StreamResponse()
    response.content_type = body.content_type
    response.enable_chunked_encoding()
    await response.prepare(request)
    for _ in range(size_mb):
        await response.write(_CHUNK)
    return response


def feed_name(request: web.Request) -> str:
    """The feed that a request's path names; GBFS files as "system/file"."""
    if "system" in request.match_info:
        return f"{request.match_info['system']}/{request.match_info['name']}"
    return request.match_info["feed"]


def _html(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    return body_of(_HTML, "text/html", body.modified)


def _empty(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    return body_of(b"", body.content_type, body.modified)


def _garbage(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    return body_of(bytes((i * 197 + 89) % 256 for i in range(4096)), body.content_type, body.modified)


def _shifted(seconds: int) -> Callable[[str, Body, Feeds, float], Body]:
    def shift(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
        if feed in REALTIME:
            return body_of(restamp(body.data, shift_s=seconds), body.content_type, body.modified)
        if feed == GTFS:
            return body
        document = json.loads(body.data)
        if isinstance(document.get("last_updated"), int):
            document["last_updated"] += seconds
        return body_of(json.dumps(document).encode(), body.content_type, body.modified)

    return shift


def _bad_zip(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    """A zip whose directory is whole and whose content is not: only reading it shows the damage."""
    data = bytearray(body.data)
    middle = len(data) // 3
    data[middle : middle + 64] = bytes(64)
    return body_of(bytes(data), body.content_type, body.modified)


def _zip_slip(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    out = io.BytesIO(body.data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../escaped.txt", "never write me\n")
    return body_of(out.getvalue(), body.content_type, body.modified)


def _shrunk(feed: str, body: Body, feeds: Feeds, now: float) -> Body:
    if feed == GTFS:
        return body_of(feeds.shrunk_gtfs(now=now), body.content_type, body.modified)
    if feed in REALTIME:
        return body_of(keep_entities(body.data, [0]), body.content_type, body.modified)
    document = json.loads(body.data)
    for key, value in document["data"].items():
        if isinstance(value, list):
            document["data"][key] = value[:1]
    return body_of(json.dumps(document).encode(), body.content_type, body.modified)


_CONTENT: dict[str, Callable[[str, Body, Feeds, float], Body]] = {
    "html": _html,
    "empty": _empty,
    "garbage": _garbage,
    "old": _shifted(-_AWAY_S),
    "future": _shifted(_AWAY_S),
    "bad-zip": _bad_zip,
    "zip-slip": _zip_slip,
    "shrunk": _shrunk,
}
