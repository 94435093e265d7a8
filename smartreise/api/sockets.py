"""The push side over HTTP: a request for a websocket or an event stream becomes a transport of the hub.

What a reader would get wrong: once a request is granted, its TCP connection is taken from aiohttp, whose tasks and
buffers for it go away, and belongs to `Websocket` or `EventStream` alone. One port serves all, and an idle client costs
a socket and a few small objects.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Final

from aiohttp import web

from smartreise.api.event_stream import HEAD, EventStream
from smartreise.api.websocket import Handshake, Websocket
from smartreise.model.problems import BadInput
from smartreise.push.failures import OverloadedError
from smartreise.push.hub import Hub
from smartreise.push.topics import Topics

#: intervals of heartbeats after which what was written and not acknowledged means that nobody is there
_UNACKNOWLEDGED: Final = 2.5


async def serve_websocket(request: web.Request, hub: Hub, *, address: str) -> web.StreamResponse:
    """`GET /v1/live`. Raises `HTTPUpgradeRequired` and `HTTPBadRequest` where the request is for something else."""
    handshake = _handshake(request, packs=hub.settings.packs)
    transport = _transport_of(request)
    head, wire = handshake.finish(frame_limit=hub.settings.frame_limit)
    client_side = Websocket(transport, wire, asyncio.get_running_loop())
    _take_over(request, transport, client_side, hub)
    transport.write(head)
    try:
        client = hub.connect(client_side, address=address)
    except OverloadedError as error:
        client_side.close(1013, str(error))
    else:
        client_side.attend(client)
        hub.greet(client)
    return _Taken()


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
        if request.method == "HEAD":
            return web.Response(content_type="text/event-stream", headers={"Cache-Control": "no-store"})
        transport = _transport_of(request)
        stream = EventStream(transport, asyncio.get_running_loop())
        client = hub.connect(stream, address=address)
        stream.attend(client)
        _take_over(request, transport, stream, hub)
        transport.write(HEAD)
        hub.greet(client)
        client.listen(topic, request.headers.get("Last-Event-ID") or None)
    return _Taken()


class _Taken(web.StreamResponse):
    """What is left for aiohttp to answer on a connection that is no longer its own: nothing."""

    @property
    def prepared(self) -> bool:
        return True

    async def prepare(self, request: web.BaseRequest) -> None:
        raise ConnectionResetError("the connection has another protocol now")


def _handshake(request: web.Request, *, packs: bool) -> Handshake:
    if request.headers.get("Upgrade", "").strip().lower() != "websocket":
        raise web.HTTPUpgradeRequired(headers={"Upgrade": "websocket"})
    lines = [b"GET / HTTP/1.1", *(name + b": " + value for name, value in request.raw_headers), b"", b""]
    handshake = Handshake(b"\r\n".join(lines), packs=packs)
    if handshake.response.status_code == 426:
        raise web.HTTPUpgradeRequired(headers={"Upgrade": "websocket"})
    if not handshake.is_accepted:
        raise web.HTTPBadRequest(reason="no proper websocket handshake")
    return handshake


def _transport_of(request: web.Request) -> asyncio.Transport:
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("the client is gone")
    return transport


def _take_over(request: web.Request, transport: asyncio.Transport, protocol: asyncio.Protocol, hub: Hub) -> None:
    """Hands a connection over; aiohttp is told that it lost it, and forgets it."""
    before = request.protocol
    transport.set_protocol(protocol)
    before.transport = None  # else it would close the connection that it is told of losing
    before.connection_lost(None)
    transport.set_write_buffer_limits(high=hub.settings.buffer_bytes)
    transport.resume_reading()
    raw = transport.get_extra_info("socket")
    if raw is not None and hasattr(socket, "TCP_USER_TIMEOUT") and raw.family in (socket.AF_INET, socket.AF_INET6):
        unanswered_ms = max(1, int(hub.settings.heartbeat_s * _UNACKNOWLEDGED * 1000))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unanswered_ms)
