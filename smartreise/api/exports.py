"""Answers in other clothes: a board as CSV, a suggestion as an event for a calendar."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from aiohttp import web

from smartreise.api.content import digest_of, respond
from smartreise.api.queries import query_of
from smartreise.model.clock import Clock
from smartreise.model.problems import UnknownId
from smartreise.push.topics import Topics
from smartreise.views import wire
from smartreise.views.calendar import suggestion_ics
from smartreise.views.spreadsheet import board_csv

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def board_as_csv(topics: Topics) -> Handler:
    """`GET /v1/stops/{stop}/departures.csv`, with the parameters of the board."""

    async def handle(request: web.Request) -> web.StreamResponse:
        state = await topics.get("board", query_of(request))
        body = board_csv(cast("wire.Board", state.data)).encode()
        return await respond(request, body, digest_of(body), content_type="text/csv; charset=utf-8")

    return handle


def suggestion_as_event(topics: Topics, clock: Clock) -> Handler:
    """`GET /v1/suggestions/{id}.ics`, with the parameters of the question that it was an answer to."""

    async def handle(request: web.Request) -> web.StreamResponse:
        params = query_of(request)
        wanted = params.pop("id")
        told = cast("wire.Suggestions", (await topics.get("suggestions", params)).data)
        found = next((s for s in told.suggestions if s.id == wanted), None)
        if found is None:
            raise UnknownId("suggestion", f"{wanted}; ask with the question that it answered, and its `at`")
        stamp = int(clock.now()) // 3600 * 3600  # it changes no more often than it must
        body = suggestion_ics(told.from_, told.to, found, now=stamp).encode()
        response = await respond(request, body, digest_of(body), content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = f'inline; filename="{wanted}.ics"'
        return response

    return handle
