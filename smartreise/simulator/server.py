"""Serves the simulated region over HTTP, and takes faults over HTTP (see feeds/README.md for the control API).

It listens on loopback unless told otherwise: whoever reaches it may spoil the feeds, so it must not be reachable
from outside.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web

from smartreise.model.clock import Clock
from smartreise.model.problems import BadInput
from smartreise.simulator.faults import FEED_MODES, KINDS, FaultBook
from smartreise.simulator.feeds import GTFS, REALTIME, Body, Feeds
from smartreise.simulator.region import read_region
from smartreise.simulator.spoil import feed_name, spoil

_COMPRESS_FROM = 1024
_ZIP = "application/zip"


class Simulator:
    """One region's feeds on one port. `folder` holds the authored files; the same seed gives the same day."""

    def __init__(self, folder: Path, clock: Clock, *, seed: int = 1) -> None:
        self._folder = folder
        self._clock = clock
        self._seed = seed
        self._book = FaultBook()
        self._runner: web.AppRunner | None = None
        self._base = ""
        self._frozen: dict[str, tuple[str, Body]] = {}
        self._gzipped: dict[str, bytes] = {}
        self._feeds: Feeds

    @property
    def base(self) -> str:
        """The URL it serves at, without a slash at the end; empty before `start`."""
        return self._base

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Read the region, listen, and return the base URL. ConfigError if the folder's files are wrong."""
        region = await asyncio.to_thread(read_region, self._folder)
        self._feeds = await asyncio.to_thread(Feeds, region, self._book, seed=self._seed)
        # a hanging reply must not hold up a stop
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=0.5, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        chosen = self._runner.addresses[0][1]
        self._base = f"http://{host}:{chosen}"
        return self._base

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _application(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/trips", self._trips),
                web.get("/faults", self._list_faults),
                web.post("/faults", self._add_fault),
                web.delete("/faults", self._clear_faults),
                web.delete("/faults/{id}", self._remove_fault),
                web.get("/{feed:gtfs}.zip", self._feed),
                web.get(f"/{{feed:{'|'.join(REALTIME)}}}.pb", self._feed),
                web.get("/gbfs/{system}/{name}.json", self._feed),
            ]
        )
        return app

    async def _index(self, request: web.Request) -> web.Response:
        paths = [f"/{GTFS}.zip", *(f"/{name}.pb" for name in REALTIME)]
        paths += [f"/gbfs/{name}.json" for name in self._feeds.list_feeds() if "/" in name]
        control = ["GET /trips?stop=&line=", "GET /faults", "POST /faults", "DELETE /faults", "DELETE /faults/{id}"]
        return web.json_response(
            {
                "time": datetime.fromtimestamp(int(self._clock.now()), UTC).isoformat(),
                "feeds": [self._base + path for path in paths],
                "control": control,
                "kinds": KINDS,
                "modes": FEED_MODES,
            }
        )

    async def _trips(self, request: web.Request) -> web.Response:
        stop, line = request.query.get("stop"), request.query.get("line")
        trips = await asyncio.to_thread(self._feeds.list_trips, now=self._clock.now(), stop=stop, line=line)
        return web.json_response({"trips": trips})

    async def _list_faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.as_json() for fault in self._book]})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
            fault = self._book.add(body, now=int(self._clock.now()), known=self._feeds.named())
        except json.JSONDecodeError as error:
            return _problem("body", f"is not JSON: {error}")
        except BadInput as error:
            return _problem(error.field, error.message)
        return web.json_response(fault.as_json(), status=201)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._book.clear()
        return web.Response(status=204)

    async def _remove_fault(self, request: web.Request) -> web.Response:
        return web.Response(status=204 if self._book.remove(request.match_info["id"]) else 404)

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        feed, now = feed_name(request), self._clock.now()
        if feed not in self._feeds.list_feeds():
            return web.Response(status=404)
        fault = self._book.take_feed_fault(feed)
        body = await asyncio.to_thread(self._feeds.get, feed, now=now, base=self._base)
        if fault is not None and fault.mode == "stale":
            body = self._freeze(fault.id, feed, body)
        elif fault is not None:
            return await spoil(request, fault, body, self._feeds, now=now)
        return await self._reply(request, body)

    def _freeze(self, fault_id: str, feed: str, body: Body) -> Body:
        """The content that the fault found first, for as long as it lasts."""
        if self._frozen.get(feed, ("",))[0] != fault_id:
            self._frozen[feed] = (fault_id, body)
        return self._frozen[feed][1]

    async def _reply(self, request: web.Request, body: Body) -> web.Response:
        headers = {
            "ETag": body.etag,
            "Last-Modified": format_datetime(datetime.fromtimestamp(body.modified, UTC), usegmt=True),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
        }
        zipped = (
            body.content_type != _ZIP
            and len(body.data) >= _COMPRESS_FROM
            and "gzip" in request.headers.get("Accept-Encoding", "")
        )
        if zipped:
            headers["ETag"] = f'{body.etag[:-1]}-gz"'
        if _unchanged(request, body, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        data = body.data
        if zipped:
            headers["Content-Encoding"] = "gzip"
            data = await self._compress(body)
        return web.Response(body=data, content_type=body.content_type, headers=headers)

    async def _compress(self, body: Body) -> bytes:
        if body.etag not in self._gzipped:
            if len(self._gzipped) > 32:
                self._gzipped.clear()
            self._gzipped[body.etag] = await asyncio.to_thread(gzip.compress, body.data, 1, mtime=0)
        return self._gzipped[body.etag]


def _unchanged(request: web.Request, body: Body, etag: str) -> bool:
    """Does the client hold this content already? If-None-Match decides alone where it is given."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        held = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return etag in held or "*" in held
    since = request.if_modified_since
    return since is not None and since.timestamp() >= body.modified


def _problem(field: str, message: str) -> web.Response:
    body = {
        "type": "about:blank",
        "title": "Bad fault",
        "status": 400,
        "detail": f"{field}: {message}",
        "errors": [{"field": field, "message": message}],
    }
    return web.json_response(body, status=400, content_type="application/problem+json")
