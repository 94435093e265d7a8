"""A stream of server-sent events: frames made once for all, written to the connection as they are."""

from __future__ import annotations

import asyncio
from typing import Final

from smartreise.push.client import Client
from smartreise.push.frames import Frame

#: the answer ends with the connection
HEAD: Final = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"Access-Control-Allow-Origin: *\r\n"
    b"Connection: close\r\n"
    b"\r\n"
)
_CLOSING_S: Final = 2.0


class EventStream(asyncio.Protocol):
    """A `Transport`, and the protocol at the end of a TCP connection. What the other side sends is of no interest."""

    __slots__ = ("_client", "_closing", "_loop", "_transport")

    answers = False

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._client: Client | None = None
        self._closing: asyncio.TimerHandle | None = None

    def attend(self, client: Client) -> None:
        """Whom events are for."""
        self._client = client

    def write(self, frame: Frame) -> None:
        self._transport.write(frame.event)

    def beat(self, frame: Frame) -> None:
        self._transport.write(frame.event)

    def close(self, code: int, reason: str) -> None:
        self._transport.write(f": closed {code} {reason}\n\n".encode())
        self._transport.close()
        if self._closing is None:
            self._closing = self._loop.call_later(_CLOSING_S, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
        if self._client is not None:
            self._client.gone()
            self._client = None

    def pause_writing(self) -> None:
        if self._client is not None:
            self._client.pause(self._loop.time())

    def resume_writing(self) -> None:
        if self._client is not None:
            self._client.resume()
