"""Who asks: a bearer token, a session's cookie, an API key, or an address.

What a reader would get wrong: a cookie is sent by the browser whoever made it ask, so with a cookie whatever changes
something must also come from our own pages. A bearer token has no such trouble.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from smartreise.api.routes import EVENTS, LIVE
from smartreise.fleet.key_desk import SESSION_S, KeyDesk
from smartreise.fleet.roles import Caller
from smartreise.model.problems import NotAllowed, NotSignedIn

COOKIE: Final = "smartreise_session"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: browsers set no headers on these
_KEY_IN_QUERY: Final = frozenset({LIVE, EVENTS})


def bearer_of(request: web.Request) -> str | None:
    """The token of an `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def key_of(request: web.Request) -> str | None:
    """The API key that a request carries."""
    if request.headers.get("X-API-Key"):
        return request.headers["X-API-Key"].strip()
    in_query = request.query.get("key") if request.path in _KEY_IN_QUERY else None
    return bearer_of(request) or in_query or None


async def caller_of(request: web.Request, keys: KeyDesk) -> Caller:
    """Raises `NotSignedIn`, and `NotAllowed` for a cookie that another site's page made the browser send."""
    token = bearer_of(request)
    if token is not None:
        return await keys.caller_of_token(token)
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        raise NotSignedIn("a token is needed: Authorization: Bearer …, or a session's cookie")
    need_own_page(request)
    return await keys.caller_of_session(cookie)


def need_own_page(request: web.Request) -> None:
    """Raises `NotAllowed` for a change that a page of another origin asks for."""
    if request.method in _SAFE:
        return
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    foreign = urlsplit(origin).netloc != request.host if origin is not None else site in ("cross-site", "same-site")
    if foreign:
        raise NotAllowed("a session may only be used from the service's own pages")


def set_cookie(response: web.Response, request: web.Request, text: str, *, secure: bool) -> None:
    """A session's cookie; scripts cannot read it and other sites do not send it. ``secure``: it came over HTTPS to a
    proxy of our own."""
    response.set_cookie(
        COOKIE,
        text,
        max_age=SESSION_S,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=request.secure or secure,
    )
