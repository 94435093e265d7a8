"""The server's frames as bytes, put together once for all who get them.

`server_time` is stamped when a frame is made; a snapshot is made anew for each second in which somebody needs
it, since a client sets its clock by the stamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from smartreise.push.failures import Failure


@dataclass(frozen=True, slots=True)
class Frame:
    """One message to a client. `rev` is what it holds once the frame is applied, None if that does not change."""

    data: bytes
    rev: str | None = None


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


def snapshot(topic: str, rev: str, body: bytes, stamp: str) -> Frame:
    """`body` is the data as JSON."""
    head = msgspec.json.encode({"type": "snapshot", "topic": topic, "rev": rev, "server_time": stamp})
    return Frame(head[:-1] + b',"data":' + body + b"}", rev)


def delta(topic: str, base: str, rev: str, patch: bytes, stamp: str) -> Frame:
    """`patch` is a JSON Patch as JSON."""
    head = msgspec.json.encode({"type": "delta", "topic": topic, "base": base, "rev": rev, "server_time": stamp})
    return Frame(head[:-1] + b',"patch":' + patch + b"}", rev)


def _frame(**fields: Any) -> Frame:
    return Frame(msgspec.json.encode(fields))
