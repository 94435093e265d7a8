"""What every request gets, whatever it asks: limits, errors as problems, cross-origin reads, security headers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final

from aiohttp import web

from smartreise.api.limits import ReadLimit, address_of
from smartreise.api.metrics import Metrics
from smartreise.api.problems import problem, problem_of, problem_of_status
from smartreise.api.settings import ApiSettings
from smartreise.model.problems import SmartreiseError
from smartreise.push.failures import Failure

_log = logging.getLogger(__name__)

_ANY_ORIGIN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
}
_PREFLIGHT: Final = {
    **_ANY_ORIGIN,
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, X-API-Key, If-None-Match, Last-Event-ID, Content-Type",
    "Access-Control-Max-Age": "86400",
}
#: answered without counting: sockets have limits of their own
_UNCOUNTED: Final = frozenset({"/v1/live"})
_WORDS: Final = {
    404: "nothing is at this address",
    405: "this address does not take this method",
    413: "the request is too large",
    426: "this address speaks the websocket protocol",
}


def manners(settings: ApiSettings, limit: ReadLimit, metrics: Metrics) -> Any:
    """The middleware."""

    @web.middleware
    async def around(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        begun = perf_counter()
        response = await _response(request, handler, settings, limit)
        if not response.prepared:
            if _is_api(request):
                response.headers.update(_ANY_ORIGIN)
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            metrics.count(_route(request), response.status, perf_counter() - begun)
        return response

    return around


async def _response(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    settings: ApiSettings,
    limit: ReadLimit,
) -> web.StreamResponse:
    try:
        if len(request.raw_path) > settings.longest_url:
            return problem_of_status(414, f"addresses are at most {settings.longest_url} characters long")
        if request.method == "OPTIONS" and _is_api(request):
            return web.Response(status=204, headers=_PREFLIGHT)
        if request.path.startswith("/v1/") and request.path not in _UNCOUNTED:
            limit.take(address_of(request, settings), now=asyncio.get_running_loop().time())
        return await handler(request)
    except SmartreiseError as error:
        return problem_of(error)
    except web.HTTPException as stop:
        if stop.status < 400:
            raise
        return problem_of_status(stop.status, _WORDS.get(stop.status, stop.reason), allow=stop.headers.get("Allow"))
    except ConnectionError:
        raise
    except Exception:  # noqa: BLE001 — a fault of ours: logged with its trace, which the client never sees
        _log.exception("%s %s failed", request.method, request.path)
        return problem(Failure(500, "Internal error", "the service failed to answer; this is a fault of ours"))


def _is_api(request: web.Request) -> bool:
    return request.path.startswith("/v1/") or request.path == "/openapi.json"


def _route(request: web.Request) -> str:
    """The pattern that matched, so that metrics have few labels."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"
