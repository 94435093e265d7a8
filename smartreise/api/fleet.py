"""Administration over HTTP: each row of `fleet_routes` as a handler.

What a reader would get wrong: who asks is settled before what is asked is read, so nonsense without a token is 401,
not 400.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, cast

import msgspec
from aiohttp import web

from smartreise.api import content
from smartreise.api.content import is_known, respond
from smartreise.api.fleet_routes import NOBODY, OPERATIONS, Call, Operation
from smartreise.api.identity import COOKIE, bearer_of, caller_of, need_own_page, set_cookie
from smartreise.api.limits import address_of, is_trusted
from smartreise.api.problems import TooManyReadsError
from smartreise.api.settings import ApiSettings
from smartreise.fleet.desks import Desks
from smartreise.fleet.records import SessionOrder
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import digest_of
from smartreise.fleet.validation import read_body
from smartreise.live.snapshot import Snapshot
from smartreise.model.problems import BadInput, NotSignedIn, Outdated
from smartreise.model.region import Office
from smartreise.push.topics import Topics
from smartreise.views import wire
from smartreise.views.displays import DisplayState
from smartreise.views.params import canonical

#: what administration says is no shared cache's business
_CACHE: Final = "private, no-cache"
#: previews that are composed at once, so that answers to everybody else come between them
_PREVIEWS: Final = 2
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_fleet(application: web.Application, desks: Desks, topics: Topics, settings: ApiSettings) -> None:
    """Routes of administration and of screens."""
    counter = _Counter(desks, topics, settings)
    for operation in OPERATIONS:
        handler = counter.handler(operation)
        if operation.method == "GET":
            application.router.add_get(operation.path, handler)
        else:
            application.router.add_route(operation.method, operation.path, handler)


class _Counter:
    """Where requests come in."""

    def __init__(self, desks: Desks, topics: Topics, settings: ApiSettings) -> None:
        self._desks = desks
        self._topics = topics
        self._settings = settings
        self._previews = asyncio.Semaphore(_PREVIEWS)

    def handler(self, operation: Operation) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            caller = await self._caller(operation, request)
            call = await self._call(operation, request, caller)
            if operation.special == "office":
                await self._need_match(request, call)
            result = await operation.run(self._desks, call)
            response = await _respond(request, operation, result)
            if operation.special == "sign in":
                set_cookie(
                    response,
                    request,
                    await self._desks.keys.open_session(caller),
                    secure=is_trusted(request.remote or "", self._settings)
                    and request.headers.get("X-Forwarded-Proto") == "https",
                )
            elif operation.special == "sign out":
                await self._desks.keys.close_session(request.cookies.get(COOKIE, ""))
                response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict")
            return response

        return handle

    async def _caller(self, operation: Operation, request: web.Request) -> Caller:
        """Who asks, and may. Raises `NotSignedIn`, `NotAllowed`, `TooManyReadsError`."""
        if operation.special == "sign in":
            need_own_page(request)
            token = bearer_of(request) or read_body(await request.read(), SessionOrder).token
            if not token:
                raise NotSignedIn("a token is needed")
            return await self._desks.keys.caller_of_token(token)
        if operation.special == "pair":
            # Screens of one office come from one address, so an address gets many, but not without end.
            address = digest_of(address_of(request, self._settings))[:16]
            await self._take(f"pairing:{address}", self._settings.pairings_per_minute)
        if operation.special == "screen" and bearer_of(request) is None:
            raise NotSignedIn("the display's secret or token is needed: Authorization: Bearer …")
        if operation.role is None:
            return NOBODY
        caller = await caller_of(request, self._desks.keys)
        caller.need(operation.role)
        if operation.special == "preview":
            await self._take(f"preview:{caller.id}", self._settings.previews_per_minute)
        return caller

    async def _take(self, bucket: str, per_minute: int) -> None:
        """Raises `TooManyReadsError` when the bucket is empty."""
        left, seconds = await self._desks.ledger.shelf.take(bucket, per_minute)
        if left < 0:
            raise TooManyReadsError(math.ceil(seconds))

    async def _call(self, operation: Operation, request: web.Request, caller: Caller) -> Call:
        if len(request.query) != len(set(request.query)):
            raise BadInput("query", "a parameter is given more than once")
        query = dict(canonical(operation.parameters, request.query))
        body = None
        if operation.body is not None:
            body = read_body(await request.read(), operation.body, ignored=operation.ignored)
        return Call(
            caller=caller,
            path=dict(request.match_info),
            query=query,
            body=body,
            bearer=bearer_of(request) or "",
            configuration=self._configuration,
            compose=self._compose,
        )

    async def _configuration(self, display: str) -> DisplayState:
        return cast("DisplayState", (await self._topics.get("display", {"display": display})).data)

    async def _compose(self, office: Office) -> wire.OfficeView:
        def changed(snapshot: Snapshot) -> Snapshot:
            others = (other for other in snapshot.offices if other.id != office.id)
            return replace(snapshot, offices=(*others, office))

        async with self._previews:
            state = await self._topics.ask_otherwise("office", {"office": office.id}, changed)
        return cast("wire.OfficeView", state.data)

    async def _need_match(self, request: web.Request, call: Call) -> None:
        """Raises `Outdated` when the office is no longer the version that an If-Match header names."""
        wanted = request.headers.get("If-Match")
        if wanted is None:
            return
        _, rev = _encoded(await self._desks.offices.get(call.caller, call.id))
        if not is_known(wanted, rev):
            raise Outdated(f"office {call.id} was changed since; look again")


async def _respond(request: web.Request, operation: Operation, result: msgspec.Struct | None) -> web.Response:
    if result is None:
        return web.Response(status=204, headers={"Cache-Control": "no-store"})
    body, rev = _encoded(result)
    if operation.method == "GET":
        return await respond(request, body, rev, cache="no-store" if operation.special == "screen" else _CACHE)
    headers = {"ETag": f'"{rev}"'} if operation.special == "office" else {}
    return web.Response(
        status=operation.status,
        body=body,
        content_type="application/json",
        headers={**headers, "Cache-Control": "no-store"},
    )


def _encoded(result: msgspec.Struct) -> tuple[bytes, str]:
    """JSON, and its digest for the ETag."""
    body = msgspec.json.encode(result, order="deterministic")
    return body, content.digest_of(body)
