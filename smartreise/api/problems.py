"""Errors as RFC 9457 documents."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from smartreise.model.problems import SmartreiseError
from smartreise.push.failures import Failure, failure_of

CONTENT_TYPE: Final = "application/problem+json"
#: Retry-After of a 503, in seconds
_RETRY_S: Final = 5


class TooManyReadsError(SmartreiseError):
    """An address or key asks more than it may (HTTP 429 with Retry-After)."""

    def __init__(self, retry_after_s: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"too many requests; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s
        self.headers = dict(headers or {})


def problem_of(error: SmartreiseError) -> web.Response:
    """The answer to a request that failed as expected."""
    if isinstance(error, TooManyReadsError):
        failure = Failure(429, "Too many requests", str(error))
        return problem(failure, headers={"Retry-After": str(error.retry_after_s), **error.headers})
    failure = failure_of(error)
    if failure.status == 401:
        return problem(failure, headers={"WWW-Authenticate": 'Bearer realm="smartreise"'})
    return problem(failure, headers={"Retry-After": str(_RETRY_S)} if failure.status == 503 else {})


def problem_of_status(status: int, detail: str, *, allow: str | None = None) -> web.Response:
    """The answer for a bare HTTP status."""
    headers = {"Allow": allow} if allow else {}
    return problem(Failure(status, HTTPStatus(status).phrase, detail), headers=headers)


def problem(failure: Failure, *, headers: dict[str, str] | None = None) -> web.Response:
    """A failure as `application/problem+json`."""
    document = {
        "type": "about:blank",
        "title": failure.title,
        "status": failure.status,
        "detail": failure.detail,
        **({"errors": [{"field": f, "message": m} for f, m in failure.errors]} if failure.errors else {}),
    }
    return web.Response(
        status=failure.status,
        body=msgspec.json.encode(document),
        headers={**(headers or {}), "Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"},
    )
