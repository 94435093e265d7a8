"""The HTTP side put together: the URL table, the manners around it, and the push side's tasks.

What a reader would get wrong: an application runs its own push side (topics and heartbeats) from start-up to
clean-up; nobody else needs to.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web

from smartreise.api import routes
from smartreise.api.content import digest_of, respond
from smartreise.api.exports import board_as_csv, suggestion_as_event
from smartreise.api.fleet import add_fleet
from smartreise.api.limits import Limits, ReadLimit, address_of
from smartreise.api.manners import manners
from smartreise.api.map_tiles import add_map, tile_origin
from smartreise.api.metrics import CONTENT_TYPE, Metrics, Readiness
from smartreise.api.openapi import document
from smartreise.api.pages import add_pages
from smartreise.api.picture import office_picture
from smartreise.api.places import AddressBook, answer_places
from smartreise.api.plain import plain_office
from smartreise.api.queries import query_of
from smartreise.api.settings import ApiSettings
from smartreise.api.sockets import serve_events, serve_websocket
from smartreise.fleet.desks import Desks
from smartreise.model.clock import Clock
from smartreise.model.problems import Unavailable, UnknownId
from smartreise.model.region import MapTiles
from smartreise.push.hub import Hub
from smartreise.push.source import SnapshotSource
from smartreise.push.topics import Topics

_log = logging.getLogger(__name__)

#: a push side that failed (a fault of ours) starts again after this long
_RESTART_S: Final = 1.0
#: `/metrics` waits this long for what the store knows of screens
_SCREENS_S: Final = 2.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_application(
    *,
    topics: Topics,
    hub: Hub,
    source: SnapshotSource,
    clock: Clock,
    web_dist: Path,
    readiness: Readiness,
    settings: ApiSettings,
    basemap: bytes | None,
    tiles: MapTiles | None = None,
    desks: Desks,
    addresses: AddressBook | None = None,
) -> web.Application:
    """The application to hand to a runner. Without ``addresses`` places are what the timetable and offices name."""
    metrics = Metrics(topics, hub, source, clock, readiness)
    limits = Limits(settings, ReadLimit(settings), desks)
    application = web.Application(middlewares=[manners(settings, limits, metrics)])
    router = application.router
    for get in routes.GETS:
        if get.view == "places" and addresses is not None:
            router.add_get(get.path, answer_places(topics, addresses, query_of))
        else:
            router.add_get(get.path, _answer(topics, get.view))
    router.add_get(routes.BOARD_CSV, board_as_csv(topics))
    router.add_get(routes.EVENT, suggestion_as_event(topics, clock))
    router.add_get(routes.LIVE, _live(hub, settings), allow_head=False)
    router.add_get(routes.EVENTS, _events(hub, topics, settings))
    router.add_get(routes.BASEMAP, _document(basemap, "application/geo+json"))
    router.add_get(routes.OPENAPI, _document(msgspec.json.encode(document()), "application/json"))
    router.add_get(routes.HEALTH, _health)
    router.add_get(routes.READY, _ready(readiness))
    router.add_get(routes.PICTURE, office_picture(topics, source, clock, web_dist))
    router.add_get(routes.METRICS, _metrics(metrics, desks))
    add_fleet(application, desks, topics, settings)
    add_map(application, tiles)
    add_pages(application, web_dist, tiles=tile_origin(tiles), plain_office=plain_office(topics, source, clock))
    application.on_shutdown.append(_farewell(hub))
    application.cleanup_ctx.append(_push(topics, hub))
    return application


def _answer(topics: Topics, view: str) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        state = await topics.get(view, query_of(request))
        return await respond(request, state.body, state.rev)

    return handle


def _live(hub: Hub, settings: ApiSettings) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await serve_websocket(request, hub, address=address_of(request, settings))

    return handle


def _events(hub: Hub, topics: Topics, settings: ApiSettings) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        params = query_of(request)
        params.pop("key", None)  # who asks is settled
        return await serve_events(request, hub, topics, params, address=address_of(request, settings))

    return handle


def _document(body: bytes | None, content_type: str) -> Handler:
    rev = digest_of(body or b"")

    async def handle(request: web.Request) -> web.StreamResponse:
        if body is None:
            raise UnknownId("basemap", "the region has none")
        return await respond(request, body, rev, content_type=content_type)

    return handle


async def _health(request: web.Request) -> web.Response:
    return await _json(request, {"status": "ok"}, 200)


def _ready(readiness: Readiness) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        can_answer, status, reasons = readiness()
        return await _json(request, {"status": status, "reasons": reasons}, 200 if can_answer else 503)

    return handle


def _metrics(metrics: Metrics, desks: Desks) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_SCREENS_S):
                metrics.screens = await desks.displays.statistics()
        except (Unavailable, TimeoutError):  # who watches must see all else just then
            metrics.screens = []
        body = metrics.text()
        return await respond(request, body, digest_of(body), content_type=CONTENT_TYPE, cache="no-store")

    return handle


async def _json(request: web.Request, value: object, status: int) -> web.Response:
    body = msgspec.json.encode(value)
    if status == 200:
        return await respond(request, body, digest_of(body), cache="no-store")
    headers = {"Cache-Control": "no-store", "Retry-After": "2"}
    return web.Response(status=status, body=body, content_type="application/json", headers=headers)


def _farewell(hub: Hub) -> Callable[[web.Application], Awaitable[None]]:
    async def stop(application: web.Application) -> None:
        await hub.stop()

    return stop


def _push(topics: Topics, hub: Hub) -> Callable[[web.Application], AsyncIterator[None]]:
    async def running() -> None:
        while True:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(topics.run(), name="topics")
                    group.create_task(hub.run(), name="heartbeats")
            except* Exception:  # noqa: BLE001 — a fault of ours: logged, and begun anew
                _log.exception("the push side failed; it starts again")
            await asyncio.sleep(_RESTART_S)

    async def context(application: web.Application) -> AsyncIterator[None]:
        # A TaskGroup would have to be left by the task that entered it; start-up and clean-up may be two.
        task = asyncio.get_running_loop().create_task(running(), name="push")
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return context
