"""Runs the application. What cannot be read as HTTP is told as a problem document too, and its bytes are not logged.

What a reader would get wrong: aiohttp answers such requests itself, before any middleware, with text that repeats the
bytes, and logs them: with whatever position or address stood in them. Nor has it a limit of time for a request's head:
whoever sends a byte now and then would hold a connection for an hour.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from smartreise.api.problems import problem_of_status
from smartreise.api.settings import LONGEST_HEADER, LONGEST_LINE

_log = logging.getLogger(__name__)

_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Runner(web.AppRunner):
    """An `AppRunner` with our manners."""

    def __init__(
        self, application: web.Application, *, head_within_s: float = 0.0, shutdown_timeout: float = 3.0
    ) -> None:
        self._head_within_s = head_within_s
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
        assert isinstance(server, _Server)
        server.head_within_s = self._head_within_s
        return server


class _Server(web.Server):
    head_within_s = 0.0

    def __call__(self) -> RequestHandler:
        connection = _Connection(self, loop=self._loop, **self._kwargs)
        connection.head_within_s = self.head_within_s
        return connection


class _Connection(RequestHandler):
    __slots__ = ("_head_timer", "head_within_s")

    head_within_s: float
    _head_timer: asyncio.TimerHandle | None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._head_timer = None
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
        super().connection_lost(exc)

    def _watch_head(self) -> None:
        """While a head is awaited a timer runs, which no further byte puts off; idle connections that had a request are
        aiohttp's own."""
        busy = self._messages or self._current_request is not None or self._upgraded or self._payload_parser is not None
        if busy and self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        elif not busy and self._head_timer is None and self.head_within_s > 0:
            self._head_timer = self._loop.call_later(self.head_within_s, self._too_slow)

    def _too_slow(self) -> None:
        if self.transport is not None:
            self.transport.write(_TOO_SLOW)
        self.force_close()

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
