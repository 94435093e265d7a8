"""A websocket of the push side: `websockets`' sans-I/O core reads, frames made once for all are written as they are.

What a reader would get wrong: there is no task per client. The event loop calls `data_received`, the client answers
by `write`, and a full buffer is told by `pause_writing`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

from websockets.exceptions import InvalidState
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.frames import CTRL_OPCODES, TEXT
from websockets.frames import Frame as WireFrame
from websockets.http11 import Request, Response
from websockets.protocol import OPEN, SERVER, Protocol
from websockets.server import ServerProtocol

from smartreise.push.client import Client
from smartreise.push.frames import Frame
from smartreise.push.parts import WINDOW_BITS

_log = logging.getLogger("smartreise.websockets")
_log.setLevel(logging.WARNING)  # the core tells of every connection and frame

#: a ping without payload
_PING: Final = b"\x89\x00"
#: how long the other side gets to answer a goodbye
_CLOSING_S: Final = 2.0
_LONGEST_REASON: Final = 120
#: one compressor for all: nothing may be remembered between messages
_DEFLATE: Final = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True, client_no_context_takeover=True, server_max_window_bits=WINDOW_BITS
)


class Handshake:
    """The opening of a websocket, from the bytes of its request."""

    def __init__(self, request: bytes, *, packs: bool) -> None:
        """`packs`: may messages be compressed?"""
        self._wire = ServerProtocol(extensions=[_DEFLATE] if packs else None, logger=_log)
        self._wire.receive_data(request)
        (read,) = self._wire.events_received()
        assert isinstance(read, Request)
        self.response: Response = self._wire.accept(read)

    @property
    def is_accepted(self) -> bool:
        return self.response.status_code == 101

    def finish(self, *, frame_limit: int) -> tuple[bytes, Protocol]:
        """The bytes to answer with, and the core of the open connection."""
        self._wire.send_response(self.response)
        wire = Protocol(SERVER, state=OPEN, max_size=frame_limit, logger=_log)
        wire.extensions = self._wire.extensions
        return b"".join(self._wire.data_to_send()), wire


class Websocket(asyncio.Protocol):
    """A `Transport`, and the protocol at the end of a TCP connection."""

    __slots__ = ("_buffer", "_client", "_closing", "_is_open", "_loop", "_packs", "_transport", "_wire")

    answers = True

    def __init__(self, transport: asyncio.Transport, wire: Protocol, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._wire = wire
        self._loop = loop
        self._client: Client | None = None
        #: may data be written? Not after a goodbye
        self._is_open = True
        #: fragments of a message that is not whole yet, the first of them first
        self._buffer: list[WireFrame] | None = None
        self._closing: asyncio.TimerHandle | None = None
        deflate = wire.extensions[0] if wire.extensions else None
        self._packs = isinstance(deflate, PerMessageDeflate) and deflate.local_max_window_bits >= WINDOW_BITS

    def attend(self, client: Client) -> None:
        """Whom messages and events are for."""
        self._client = client

    def write(self, frame: Frame) -> None:
        if self._is_open:
            self._transport.write(frame.packed_message if self._packs else frame.message)

    def beat(self, frame: Frame) -> None:
        if self._is_open:
            self._transport.write((frame.packed_message if self._packs else frame.message) + _PING)

    def close(self, code: int, reason: str) -> None:
        with contextlib.suppress(InvalidState):  # a goodbye is under way already
            self._wire.send_close(code, _cut(reason))
        self._send()
        self._end_soon()

    def data_received(self, data: bytes) -> None:
        client = self._client
        if client is None:
            return
        now = self._loop.time()
        client.heard_at = now
        self._wire.receive_data(data)
        for frame in self._wire.events_received():
            if isinstance(frame, WireFrame) and frame.opcode not in CTRL_OPCODES:
                self._take(frame, client, now)
        self._send()
        if self._wire.close_expected():
            self._end_soon()

    def eof_received(self) -> None:
        self._wire.receive_eof()
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
        if self._client is not None:
            self._client.gone()
            self._client = None

    def pause_writing(self) -> None:
        if self._client is not None:
            self._client.pause(self._loop.time())
        # Who does not take what it gets does not get to ask for more: answers to pings would pile up.
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()
        if self._client is not None:
            self._client.heard_at = self._loop.time()
            self._client.resume()

    def _take(self, frame: WireFrame, client: Client, now: float) -> None:
        """A frame of data; a message may come in several."""
        fragments = [frame] if self._buffer is None else [*self._buffer, frame]
        self._buffer = None if frame.fin else fragments
        if not frame.fin:
            return
        try:
            message = _message_of(fragments)
        except UnicodeDecodeError:
            client.close(1007, "text is not UTF-8")
        else:
            client.receive(message, now)

    def _send(self) -> None:
        """What the core has to say: pongs, goodbyes, the end."""
        self._is_open = self._wire.state is OPEN
        for data in self._wire.data_to_send():
            if data:
                self._transport.write(data)
            elif self._transport.can_write_eof():
                self._transport.write_eof()

    def _end_soon(self) -> None:
        if self._closing is None:
            self._closing = self._loop.call_later(_CLOSING_S, self._transport.abort)


def _message_of(fragments: list[WireFrame]) -> str | bytes:
    """A text; bytes where it is none, which the session refuses. Raises `UnicodeDecodeError`."""
    data = b"".join(fragment.data for fragment in fragments)
    return data.decode() if fragments[0].opcode is TEXT else data


def _cut(reason: str) -> str:
    return reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
