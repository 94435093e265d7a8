"""What goes wrong with feeds, one entry a fault, and what must be seen while it lasts."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from aiohttp import web
from google.transit import gtfs_realtime_pb2 as pb

from tests.chaos.publisher import Spoil, message, table, tables, zipped

#: what the feed is while the fault lasts: `failing` with a reason, `stale` by age, `fresh` with what is bad left out
Seen = Literal["failing", "stale", "fresh"]


@dataclass(frozen=True)
class FeedFault:
    """`feed` names what is spoilt, `about` is part of the reason that people read."""

    name: str
    feed: str
    spoil: Spoil
    seen: Seen = "failing"
    about: str = ""

    @property
    def source(self) -> str:
        return self.feed.split("/")[0]


def status(code: int, **headers: str) -> Spoil:
    async def spoil(request: web.Request, body: bytes) -> web.StreamResponse:
        return web.Response(status=code, headers={key.replace("_", "-"): value for key, value in headers.items()})

    return spoil


def changed(change: Callable[[bytes], bytes]) -> Spoil:
    async def spoil(request: web.Request, body: bytes) -> web.StreamResponse:
        return web.Response(body=change(body))

    return spoil


def entities(change: Callable[[pb.FeedMessage, float], None]) -> Spoil:
    """A real-time message with a change made to it."""

    def make(body: bytes) -> bytes:
        now = time.time()  # noqa: TID251 - the publisher's clock
        feed = message(now)
        change(feed, now)
        return feed.SerializeToString()

    return changed(make)


def document(change: Callable[[Any], None]) -> Spoil:
    """A GBFS file with a change made to it."""

    def make(body: bytes) -> bytes:
        found = json.loads(body)
        change(found)
        return json.dumps(found).encode()

    return changed(make)


def timetable(**options: Any) -> Spoil:
    """Another timetable of the same city."""
    shift = options.pop("shift_days", 0)
    return changed(lambda body: zipped(tables(today=Date.today() + timedelta(days=shift), **options)))


async def hang(request: web.Request, body: bytes) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def drip(request: web.Request, body: bytes) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await reply.prepare(request)
    with contextlib.suppress(ConnectionError):  # it is given up long before the end
        for n in range(60):
            await reply.write(body[n : n + 1])
            await asyncio.sleep(1)
    return reply


async def huge(request: web.Request, body: bytes) -> web.StreamResponse:
    reply = web.StreamResponse()
    reply.enable_chunked_encoding()
    await reply.prepare(request)
    with contextlib.suppress(ConnectionError):  # it is given up long before the end
        for _ in range(100):
            await reply.write(bytes(1 << 20))
    return reply


async def cut(request: web.Request, body: bytes) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await reply.prepare(request)
    await reply.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return reply


async def loop(request: web.Request, body: bytes) -> web.StreamResponse:
    raise web.HTTPFound(request.path)


async def inside(request: web.Request, body: bytes) -> web.StreamResponse:
    raise web.HTTPFound("http://169.254.169.254/latest/meta-data")


async def refuse(request: web.Request, body: bytes) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def lying_tag() -> Spoil:
    """Whoever asks with a tag is told for ever that nothing changed."""

    async def spoil(request: web.Request, body: bytes) -> web.StreamResponse:
        if "If-None-Match" in request.headers:
            return web.Response(status=304, headers={"ETag": '"same"'})
        return web.Response(body=body, headers={"ETag": '"same"'})

    return spoil


def encrypted(body: bytes) -> bytes:
    """The zip with the flag that its entries need a password, in both places where it stands."""
    data = bytearray(body)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


@cache
def bomb() -> bytes:
    """A timetable with 64 MiB of nothing in 64 kB."""
    return zipped({**tables(today=Date.today()), "shapes.txt": bytes(1 << 26)})


def with_file(name: str) -> Spoil:
    def make(body: bytes) -> bytes:
        out = io.BytesIO(body)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(name, "x")
        return out.getvalue()

    return changed(make)


def without(name: str) -> Spoil:
    def make(body: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return zipped({n: archive.read(n) for n in archive.namelist() if n != name})

    return changed(make)


def nested(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return zipped({f"feed/{name}": archive.read(name) for name in archive.namelist()})


def _twice(feed: pb.FeedMessage, now: float) -> None:
    feed.entity.extend(list(feed.entity))


def _times(at: Callable[[float], int]) -> Callable[[pb.FeedMessage, float], None]:
    def change(feed: pb.FeedMessage, now: float) -> None:
        for entity in feed.entity[5:]:
            call = entity.trip_update.stop_time_update[0].departure
            call.ClearField("delay")
            call.time = at(now)

    return change


def _stamped(shift_s: int) -> Callable[[pb.FeedMessage, float], None]:
    def change(feed: pb.FeedMessage, now: float) -> None:
        feed.header.timestamp = int(now + shift_s)

    return change


def _no_entities(feed: pb.FeedMessage, now: float) -> None:
    del feed.entity[:]


def _unknown_version(feed: pb.FeedMessage, now: float) -> None:
    feed.header.gtfs_realtime_version = "9.0"


def _other_ids(feed: pb.FeedMessage, now: float) -> None:
    for entity in feed.entity:
        entity.trip_update.trip.trip_id = "new:" + entity.trip_update.trip.trip_id


def _wrong_types(found: Any) -> None:
    found["data"] = {"stations": "none"}


def _bad_item(found: Any) -> None:
    found["data"]["stations"].append({"station_id": 7, "num_bikes_available": "many"})


def _frozen(found: Any) -> None:
    found["last_updated"] -= 3600


HTML = changed(lambda body: b"<!doctype html><title>Vedlikehold</title>")
EMPTY = changed(lambda body: b"")
#: in its last entity: cut between two entities, at some times of the day in the very middle, a message is a whole one
TRUNCATED = changed(lambda body: body[:-7])
GARBAGE = changed(lambda body: bytes((i * 197 + 89) % 256 for i in range(4096)))

#: of any feed
WIRE: tuple[tuple[str, Spoil, str], ...] = (
    ("HTML with 200", HTML, ""),
    ("404", status(404), "404"),
    ("500", status(500), "500"),
    ("503", status(503), "503"),
    ("429 with Retry-After", status(429, Retry_After="2"), "429"),
    ("empty", EMPTY, ""),
    ("truncated", TRUNCATED, ""),
    ("cut off", cut, "cut short"),
    ("refused", refuse, "reached"),
    ("hangs", hang, "no complete reply"),
    ("one byte a second", drip, "no complete reply"),
    ("100 MB", huge, "larger than"),
    ("redirect loop", loop, "redirected"),
    ("redirect to an inside address", inside, "link-local"),
)
FEEDS_OF_WIRE = ("static", "realtime", "mobility/station_status")

STATIC: tuple[FeedFault, ...] = (
    FeedFault("zip in a sub-folder", "static", changed(nested), about="sub-folder"),
    FeedFault("zip with a password", "static", changed(encrypted), about="encrypted"),
    FeedFault("zip bomb", "static", changed(lambda body: bomb()), about="expands"),
    FeedFault("../ in a name", "static", with_file("../../escaped.txt"), about="unsafe name"),
    FeedFault("without stop_times", "static", without("stop_times.txt"), about="stop_times"),
    FeedFault("shrunk to a tenth", "static", timetable(every_min=100), about="shrank"),
    FeedFault("expired", "static", timetable(shift_days=-60), about="ended"),
    FeedFault("for another time zone", "static", timetable(zone="America/New_York"), about="zone"),
)
REALTIME: tuple[FeedFault, ...] = (
    FeedFault("garbage", "realtime", GARBAGE),
    FeedFault("header only", "realtime", entities(_no_entities), about="empty"),
    FeedFault("two hours old", "realtime", entities(_stamped(-7200)), about="older"),
    FeedFault("stamped two hours ahead", "realtime", entities(_stamped(7200)), about="future"),
    FeedFault("future version", "realtime", entities(_unknown_version), seen="fresh"),
    FeedFault("entities twice", "realtime", entities(_twice), seen="fresh"),
    FeedFault("times of 1970", "realtime", entities(_times(lambda now: 0)), seen="fresh"),
    FeedFault("times of the year 3000", "realtime", entities(_times(lambda now: 32503680000)), seen="fresh"),
    FeedFault("a new id scheme", "realtime", entities(_other_ids), seen="fresh"),
    FeedFault("a tag that lies", "realtime", lying_tag(), seen="fresh"),
)
MOBILITY: tuple[FeedFault, ...] = (
    FeedFault("wrong types", "mobility/station_status", document(_wrong_types)),
    FeedFault("no JSON", "mobility/station_status", GARBAGE),
    FeedFault("a missing file", "mobility/station_information", status(404), seen="fresh"),
    FeedFault("one bad item", "mobility/station_status", document(_bad_item), seen="fresh"),
    FeedFault("frozen last_updated", "mobility/station_status", document(_frozen), seen="stale"),
)


def faults_of(source: str) -> list[FeedFault]:
    """All faults of one source."""
    wire = [FeedFault(name, feed, spoil, about=about) for name, spoil, about in WIRE for feed in FEEDS_OF_WIRE]
    return [fault for fault in (*wire, *STATIC, *REALTIME, *MOBILITY) if fault.source == source]


__all__ = ["FeedFault", "faults_of", "table"]
