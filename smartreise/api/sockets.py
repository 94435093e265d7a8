"""The push side over HTTP: websockets and server-sent events as transports of the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from aiohttp import WSMsgType, web

from smartreise.model.problems import BadInput
from smartreise.push.frames import Frame
from smartreise.push.hub import Hub
from smartreise.push.topics import Topics

#: protocol pings find half-open connections where a client sends none of its own
_PING_S: Final = 30.0
#: longest reason of a close frame, in bytes
_LONGEST_REASON: Final = 120


class _Websocket:
    """A `Transport`."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket = socket
        self._request = request

    async def send(self, frame: Frame) -> None:
        if self._socket.closed:
            raise ConnectionResetError("the socket is closed")
        await self._socket.send_frame(frame.data, WSMsgType.TEXT)

    async def close(self, code: int, reason: str) -> None:
        await self._socket.close(code=code, message=reason.encode()[:_LONGEST_REASON])

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


async def serve_websocket(request: web.Request, hub: Hub, *, address: str) -> web.StreamResponse:
    """`GET /v1/live`."""
    socket = web.WebSocketResponse(
        max_msg_size=hub.settings.frame_limit, heartbeat=_PING_S, compress=False, timeout=2.0
    )
    if not socket.can_prepare(request):
        raise web.HTTPUpgradeRequired(headers={"Upgrade": "websocket"})
    await socket.prepare(request)
    await hub.serve(_Websocket(socket, request), _messages(socket), address=address)
    return socket


async def _messages(socket: web.WebSocketResponse) -> AsyncIterator[str | bytes]:
    async for message in socket:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            yield message.data


class _EventStream:
    """A `Transport`."""

    def __init__(self, response: web.StreamResponse, request: web.Request) -> None:
        self._response = response
        self._request = request

    async def send(self, frame: Frame) -> None:
        head = b"id: " + frame.rev.encode() + b"\n" if frame.rev is not None else b""
        await self._response.write(head + b"data: " + frame.data + b"\n\n")

    async def close(self, code: int, reason: str) -> None:
        await self._response.write_eof()

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


async def serve_events(
    request: web.Request, hub: Hub, topics: Topics, params: dict[str, str], *, address: str
) -> web.StreamResponse:
    """`GET /v1/events`: what is wrong is told before the stream starts."""
    name = params.pop("topic", "")
    if not name:
        raise BadInput("topic", "is missing")
    topic = topics.get_topic(name, params, pushed=True)
    with topics.hold(topic):
        hub.admit(address)
        await topics.ensure(topic)
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
                "Access-Control-Allow-Origin": "*",
            }
        )
        await response.prepare(request)
        if request.method != "HEAD":
            rev = request.headers.get("Last-Event-ID") or None
            await hub.stream(_EventStream(response, request), topic, rev, address=address)
    return response
