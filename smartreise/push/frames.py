"""The server's frames as bytes, put together once for all who get them.

`server_time` is stamped when a frame is made; a snapshot is made anew for each second in which somebody needs
it, since a client sets its clock by the stamp.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from smartreise.push import parts
from smartreise.push.failures import Failure
from smartreise.push.parts import Part


class Frame:
    """One message to a client. `rev` is what it holds once the frame is applied, None if that does not change.

    Its forms are made when first asked for and kept: a frame for thousands is encoded, and compressed, once. An unset
    slot falls through to `__getattr__`, a set one is read as fast as any attribute.
    """

    __slots__ = ("_body", "_head", "_tail", "data", "event", "message", "packed_message", "rev", "size")

    #: the text
    data: bytes
    #: as a websocket message
    message: bytes
    #: as a compressed websocket message; a short text stays plain
    packed_message: bytes
    #: as a server-sent event
    event: bytes

    def __init__(self, head: bytes, rev: str | None = None, *, body: Part | None = None, tail: bytes = b"") -> None:
        """`head`, `body` and `tail` make up the text; the body is packed apart, since other frames carry it too."""
        self.rev = rev
        #: bytes of the text
        self.size = len(head) + (len(body.text) if body else 0) + len(tail)
        self._head, self._body, self._tail = head, body, tail

    def __getattr__(self, form: str) -> bytes:
        if form == "data":
            self.data = self._head + (self._body.text if self._body else b"") + self._tail
        elif form == "message":
            self.message = parts.message(self.data)
        elif form == "packed_message":
            self.packed_message = self.message if self.size < parts.SMALLEST else parts.packed_message(self._pack())
        elif form == "event":
            self.event = parts.event(self.data, self.rev)
        else:
            raise AttributeError(form)
        made: bytes = getattr(self, form)
        return made

    def _pack(self) -> bytes:
        if self._body is None:
            return parts.pack(self._head + self._tail)
        return parts.pack(self._head) + self._body.packed() + parts.pack(self._tail)


def server_time(now: float, zone: tzinfo | None) -> str:
    """ISO 8601 with milliseconds and the region's offset; UTC while no region is known."""
    return datetime.fromtimestamp(now, zone or UTC).isoformat(timespec="milliseconds")


def hello(stamp: str, heartbeat_s: float) -> Frame:
    return _frame(type="hello", server_time=stamp, heartbeat_s=heartbeat_s)


def heartbeat(stamp: str) -> Frame:
    return _frame(type="heartbeat", server_time=stamp)


def pong(stamp: str) -> Frame:
    return _frame(type="pong", server_time=stamp)


def subscribed(sub: str, topic: str) -> Frame:
    return _frame(type="subscribed", sub=sub, topic=topic)


def error(sub: str | None, failure: Failure) -> Frame:
    return _frame(type="error", sub=sub, code=failure.status, title=failure.title, detail=failure.detail)


def current(topic: str, rev: str, stamp: str) -> Frame:
    text = msgspec.json.encode({"type": "current", "topic": topic, "rev": rev, "server_time": stamp})
    return Frame(text, rev)


def snapshot(topic: str, rev: str, body: Part, stamp: str) -> Frame:
    """`body` is the data as JSON."""
    head = msgspec.json.encode({"type": "snapshot", "topic": topic, "rev": rev, "server_time": stamp})
    return Frame(head[:-1] + b',"data":', rev, body=body, tail=b"}")


def delta(topic: str, base: str, rev: str, patch: bytes, stamp: str) -> Frame:
    """`patch` is a JSON Patch as JSON."""
    head = msgspec.json.encode({"type": "delta", "topic": topic, "base": base, "rev": rev, "server_time": stamp})
    return Frame(head[:-1] + b',"patch":' + patch + b"}", rev)


def _frame(**fields: Any) -> Frame:
    return Frame(msgspec.json.encode(fields))
