"""Runs the application. What cannot be read as HTTP is told as a problem document too, and its bytes are not logged.

What a reader would get wrong: aiohttp answers such requests itself, before any middleware, with text that repeats the
bytes, and logs them: with whatever position or address stood in them.
"""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from smartreise.api.problems import problem_of_status
from smartreise.api.settings import LONGEST_HEADER, LONGEST_LINE

_log = logging.getLogger(__name__)


class Runner(web.AppRunner):
    """An `AppRunner` with our manners."""

    def __init__(self, application: web.Application, *, shutdown_timeout: float = 3.0) -> None:
        super().__init__(
            application,
            access_log=None,
            shutdown_timeout=shutdown_timeout,
            handler_cancellation=True,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_HEADER,
        )

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        server.__class__ = _Server  # the runner knows no other way to have one's own handler of connections
        return server


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= 500:
            _log.error("a request failed", exc_info=exc)
        else:
            _log.info("what came was no HTTP request: %s", type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("a part of the answer is sent already")
        answer = problem_of_status(*_told(status, exc))
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.force_close()
        return answer


def _told(status: int, fault: BaseException | None) -> tuple[int, str]:
    if isinstance(fault, LineTooLong):
        in_address = str(LONGEST_LINE) in map(str, fault.args)
        return (414, "the address is too long") if in_address else (431, "a header is too long")
    if status >= 500:
        return 500, "the service failed to answer; this is a fault of ours"
    return status, "this is no HTTP request that can be read"
