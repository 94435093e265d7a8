"""What every request gets, whatever it asks: limits, errors as problems, cross-origin reads, security headers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from time import perf_counter
from typing import Any, Final

from aiohttp import web

from smartreise.api.deprecation import LEAVING
from smartreise.api.identity import key_of
from smartreise.api.limits import Allowance, Limits
from smartreise.api.metrics import Metrics
from smartreise.api.problems import problem, problem_of, problem_of_status
from smartreise.api.request_id import HEADER, begin_request
from smartreise.api.settings import ApiSettings
from smartreise.model.problems import SmartreiseError
from smartreise.model.spans import SILENT, Span, Value, span
from smartreise.push.failures import Failure

_log = logging.getLogger(__name__)

_ANY_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, Deprecation, Sunset, Link"
    ),
}
_PREFLIGHT: Final = {
    **_ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, X-API-Key, If-None-Match, If-Match, Last-Event-ID, Content-Type",
    "Access-Control-Max-Age": "86400",
}
#: what anybody's page may read besides /v1
_OPEN: Final = frozenset({"/openapi.json", "/healthz", "/readyz", "/metrics"})
#: streams last as long as they last
_STREAMS: Final = frozenset({"/v1/live", "/v1/events"})
#: answered without counting by address: sockets have limits of their own
_UNCOUNTED: Final = frozenset({"/v1/live"})
#: a bearer token here is no API key
_OWN_TOKENS: Final = ("/v1/admin/", "/v1/displays/")
_WORDS: Final = {
    404: "nothing is at this address",
    405: "this address does not take this method",
    413: "the request is too large",
    426: "this address speaks the websocket protocol",
}


def manners(settings: ApiSettings, limits: Limits, metrics: Metrics) -> Any:
    """The middleware."""

    @web.middleware
    async def around(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        begun = perf_counter()
        told: dict[str, str] = {HEADER: begin_request(request.headers.get(HEADER))}
        with _spoken(request, told[HEADER]) as spoken:
            response = await _response(request, handler, settings, limits, told)
            spoken.note("http.response.status_code", response.status)
        if not response.prepared:
            if _is_api(request):
                response.headers.update(_ANY_ORIGIN)
            response.headers.update(told)
            leaving = LEAVING.get(_route(request))
            if leaving is not None:
                response.headers.update(leaving.headers())
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers["Server"] = "smartreise"
            metrics.count(_route(request), response.status, perf_counter() - begun)
        return response

    return around


def _spoken(request: web.Request, request_id: str) -> AbstractContextManager[Span]:
    """A span of the route's pattern, never the address: what is asked stays out of it. Streams have none."""
    if request.path in _STREAMS:
        return nullcontext(SILENT)
    route = _route(request)
    told: dict[str, Value] = {"http.request.method": request.method, "http.route": route, "request_id": request_id}
    return span(f"{request.method} {route}", **told)


async def _response(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    settings: ApiSettings,
    limits: Limits,
    told: dict[str, str],
) -> web.StreamResponse:
    """The answer, whatever happens; `told` gets the headers that say what is left to who asks."""
    try:
        if len(request.raw_path) > settings.longest_url:
            return problem_of_status(414, f"addresses are at most {settings.longest_url} characters long")
        if request.method == "OPTIONS" and _is_api(request):
            return web.Response(status=204, headers=_PREFLIGHT)
        allowance = await _count(request, limits)
        if allowance is not None:
            told.update(allowance.headers())
        if request.path in _STREAMS:
            return await handler(request)
        async with asyncio.timeout(settings.answer_within_s):
            return await handler(request)
    except TimeoutError:
        return _late(request)
    except SmartreiseError as error:
        return problem_of(error)
    except web.HTTPException as stop:
        if stop.status < 400:
            raise
        told.update({"Upgrade": stop.headers["Upgrade"]} if "Upgrade" in stop.headers else {})
        return problem_of_status(stop.status, _WORDS.get(stop.status, stop.reason), allow=stop.headers.get("Allow"))
    except ConnectionError:
        raise
    except Exception:  # noqa: BLE001 — a fault of ours: logged with its trace, which the client never sees
        _log.exception(
            "%s %s failed", request.method, _route(request)
        )  # what stood in the address is nobody's business
        return problem(Failure(500, "Internal error", "the service failed to answer; this is a fault of ours"))


def _late(request: web.Request) -> web.Response:
    """Whoever it was that took too long."""
    if request.can_read_body and not request.content.is_eof():
        return problem_of_status(408, "the request's body did not come in time")
    return problem(Failure(503, "Too busy", "the answer took too long; try again"), headers={"Retry-After": "5"})


async def _count(request: web.Request, limits: Limits) -> Allowance | None:
    """Counts what is to be counted. Raises `TooManyReadsError`, `NotSignedIn`."""
    if not request.path.startswith("/v1/"):
        return None
    # Where nothing answers, whose key it is does not matter.
    keyed = not request.path.startswith(_OWN_TOKENS) and request.match_info.http_exception is None
    if request.path in _UNCOUNTED and key_of(request) is None:
        return None
    return await limits.take(request, now=asyncio.get_running_loop().time(), keyed=keyed)


def _is_api(request: web.Request) -> bool:
    return request.path.startswith("/v1/") or request.path in _OPEN


def _route(request: web.Request) -> str:
    """The pattern that matched, so that metrics have few labels."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"
