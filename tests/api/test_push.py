"""The push side as clients meet it: `websockets`, aiohttp and a plain reader of event streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from smartreise.push import frames
from smartreise.push.delta import apply
from smartreise.push.parts import Part
from smartreise.push.settings import PushSettings
from tests.api.conftest import Serve, Served
from tests.unit.suggest.situation import late, point


async def frame(socket: ClientConnection, kind: str | None = None) -> dict[str, Any]:
    """The next frame, or the next of a kind."""
    while True:
        read: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 30))
        if kind in (None, read["type"]):
            return read


async def subscribe(socket: ClientConnection, topic: str, **more: Any) -> None:
    await socket.send(json.dumps({"type": "subscribe", "sub": "s", "topic": topic, **more}))


def live(served: Served) -> connect:
    return connect(served.url.replace("http", "ws") + "/v1/live")


@pytest.mark.parametrize(
    ("topic", "params", "path"),
    [
        ("board", {"stop": "A", "limit": 5}, "/v1/stops/A/departures?limit=5"),
        ("suggestions", {"from": point(0), "to": "B"}, f"/v1/suggestions?from={point(0)}&to=B"),
        ("office", {"office": "o"}, "/v1/offices/o/view"),
        ("vehicles", {"bbox": "10,59,11,60"}, "/v1/vehicles?bbox=10,59,11,60"),
        ("mobility", {"near": point(0), "radius_m": 500}, f"/v1/mobility?near={point(0)}&radius_m=500"),
        ("alerts", {}, "/v1/alerts"),
        ("feeds", {}, "/v1/feeds"),
    ],
)
async def test_a_topic_is_what_its_get_returns(served: Served, topic: str, params: Any, path: str) -> None:
    async with live(served) as socket:
        assert (await frame(socket))["type"] == "hello"
        await subscribe(socket, topic, params=params)
        assert (await frame(socket))["type"] == "subscribed"
        snapshot = await frame(socket)
        answer, body = await served.get(path)
        assert snapshot["data"] == body
        assert answer.headers["ETag"] == f'"{snapshot["rev"]}"'


async def test_a_delay_arrives_as_a_delta_and_a_resumed_client_gets_what_it_missed(served: Served) -> None:
    async with live(served) as socket:
        await subscribe(socket, "board", params={"stop": "A"})
        first = await frame(socket, "snapshot")
        served.source.show(late("t1", 120))
        delta = await frame(socket, "delta")
        assert delta["base"] == first["rev"]
        held = apply(first["data"], delta["patch"])
    _, body = await served.get("/v1/stops/A/departures")
    assert held == body
    async with live(served) as socket:
        await subscribe(socket, "board", params={"stop": "A"}, rev=delta["rev"])
        await frame(socket, "subscribed")
        assert (await frame(socket))["type"] == "current"
    served.source.show(late("t1", 180))
    async with live(served) as socket:
        await subscribe(socket, "board", params={"stop": "A"}, rev=first["rev"])
        await frame(socket, "subscribed")
        for base in (first["rev"], delta["rev"]):
            missed = await frame(socket)
            assert (missed["type"], missed["base"]) == ("delta", base)
    async with live(served) as socket:
        await subscribe(socket, "board", params={"stop": "A"}, rev="unknown")
        await frame(socket, "subscribed")
        assert (await frame(socket))["type"] == "snapshot"


async def test_errors_leave_the_connection_alone(served: Served) -> None:
    async with live(served) as socket:
        await frame(socket, "hello")
        await socket.send("{not json")
        assert (await frame(socket))["code"] == 400
        await socket.send(b"\x00")
        assert (await frame(socket))["code"] == 400
        await subscribe(socket, "board", params={"stop": "nowhere"})
        error = await frame(socket)
        assert (error["type"], error["sub"], error["code"]) == ("error", "s", 404)
        await socket.send('{"type":"ping"}')
        assert (await frame(socket))["type"] == "pong"


async def test_a_frame_over_the_limit_closes_with_1009(served: Served) -> None:
    async with live(served) as socket:
        await frame(socket, "hello")
        await socket.send("x" * 70_000)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_stop_closes_with_1012(served: Served) -> None:
    async with live(served) as socket:
        await frame(socket, "hello")
        stopping = asyncio.ensure_future(served.runner.cleanup())
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await frame(socket)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        await stopping


async def test_heartbeats_come_and_too_many_sockets_are_turned_away(serve: Serve) -> None:
    served: Served = await serve(push=PushSettings(heartbeat_s=0.1, sockets_per_address=1))
    async with live(served) as socket:
        assert (await frame(socket))["heartbeat_s"] == 0.1
        assert (await frame(socket))["type"] == "heartbeat"
        async with live(served) as other:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await frame(other)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013


@pytest.mark.parametrize("compress", [0, 9, 12, 15])
async def test_aiohttp_clients_work_too(served: Served, compress: int) -> None:
    async with served.http.ws_connect(served.url + "/v1/live", compress=compress) as socket:
        assert bool(socket.compress) == bool(compress)
        assert (await socket.receive_json(timeout=10))["type"] == "hello"
        await socket.send_json({"type": "subscribe", "sub": "s", "topic": "feeds"})
        assert (await socket.receive_json(timeout=10))["topic"] == "feeds"


async def test_a_compressed_message_is_smaller_and_the_same(served: Served) -> None:
    sizes, states = [], []
    for compression in ("deflate", None):
        async with connect(served.url.replace("http", "ws") + "/v1/live", compression=compression) as socket:
            await subscribe(socket, "office", params={"office": "o"})
            states.append(await frame(socket, "snapshot"))
            extension = socket.protocol.extensions
            assert bool(extension) == (compression is not None)
            sizes.append(len(served_bytes(states[-1], packed=bool(extension))))
    assert states[0]["data"] == states[1]["data"]
    assert sizes[0] < sizes[1] / 2


def served_bytes(message: dict[str, Any], *, packed: bool) -> bytes:
    """The frame as it went over the wire."""
    made = frames.snapshot("t", "r", Part(json.dumps(message["data"]).encode()), "now")
    return made.packed_message if packed else made.message


async def test_small_frames_of_a_compressed_socket_are_plain_and_fragments_are_put_together(served: Served) -> None:
    async with live(served) as socket:
        await frame(socket, "hello")
        await socket.send(iter(['{"type":', '"ping"', "}"]))
        assert (await frame(socket))["type"] == "pong"
        await subscribe(socket, "alerts", params={"padding": "x" * 3_000})  # compressed by the client
        assert (await frame(socket))["code"] == 400


class Raw:
    """A websocket by hand, for what no library would send."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, opcode: int, data: bytes, *, masked: bool = True) -> None:
        assert len(data) < 126, "short frames only"
        self.writer.write(bytes((0x80 | opcode, masked << 7 | len(data))) + (b"\0\0\0\0" if masked else b"") + data)

    async def goodbye(self) -> tuple[int, str]:
        """Code and reason of the close frame that comes sooner or later."""
        while True:
            first, size = await asyncio.wait_for(self.reader.readexactly(2), 10)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            data = await self.reader.readexactly(size)
            if first == 0x88:
                return int.from_bytes(data[:2], "big"), data[2:].decode()


@asynccontextmanager
async def raw(served: Served) -> AsyncIterator[Raw]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
    writer.write(
        b"GET /v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in await reader.readuntil(b"\r\n\r\n")
    yield Raw(reader, writer)
    writer.close()


@pytest.mark.parametrize(
    ("opcode", "data", "masked", "code"),
    [
        (1, b"\xff\xfe", True, 1007),
        (1, b'{"type":"ping"}', False, 1002),
        (3, b"", True, 1002),
        (8, b"", True, 1005),
        (8, b"\x03\xe8bye", True, 1000),
    ],
)
async def test_what_is_no_websocket_is_told_so(
    served: Served, opcode: int, data: bytes, masked: bool, code: int
) -> None:
    async with raw(served) as socket:
        socket.send(opcode, data, masked=masked)
        assert (await socket.goodbye())[0] in (code, 0 if code == 1005 else code)
        assert await asyncio.wait_for(socket.reader.read(), 10) == b"", "the connection ends"


async def test_who_does_not_answer_pings_is_told_so_and_who_answers_nothing_is_let_go(serve: Serve) -> None:
    served: Served = await serve(push=PushSettings(heartbeat_s=0.1))
    async with raw(served) as socket:
        assert await socket.goodbye() == (1008, "no answer to pings")
        assert await asyncio.wait_for(socket.reader.read(), 10) == b""


async def test_who_does_not_read_is_held_within_bounds_and_told_why_it_is_closed(serve: Serve) -> None:
    settings = PushSettings(slow_after_s=0.2, heartbeat_s=1.0, burst=10_000, buffer_bytes=8_192)
    served: Served = await serve(push=settings)
    ask = json.dumps({"type": "subscribe", "sub": "s", "topic": "office", "params": {"office": "o"}}).encode()
    async with raw(served) as socket, live(served) as other:
        await subscribe(other, "board", params={"stop": "A"})
        await frame(other, "snapshot")
        while served.hub.statistics().closed_slow == 0:  # the reader's buffer takes 128 kB, the kernel's some MB
            for _ in range(200):
                socket.send(1, ask)
            await asyncio.sleep(0.05)
        served.source.show(late("t1", 120))
        assert (await frame(other, "delta"))["type"] == "delta", "nobody waits for another"
        assert served.hub.statistics().waiting_bytes < 100_000
        assert await socket.goodbye() == (1013, "too slow a reader")


async def test_who_sends_nonsense_again_and_again_or_floods_is_closed_with_1008(served: Served) -> None:
    for text in ("{not json", '{"type":"ping"}'):
        async with live(served) as socket:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await flood(socket, text)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008
            assert closed.value.rcvd.reason


async def flood(socket: ClientConnection, text: str) -> None:
    for _ in range(1_000):
        await socket.send(text)
        await asyncio.sleep(0)
    while True:
        await frame(socket)


async def test_requests_that_make_no_sense_get_an_error_each(served: Served) -> None:
    asked = [
        ({"type": "unsubscribe", "sub": "nobody"}, 404),
        ({"type": "unsubscribe"}, 400),
        ({"type": "subscribe", "topic": "feeds"}, 400),
        ({"type": "subscribe", "sub": 7, "topic": "feeds"}, 400),
        ({"type": "subscribe", "sub": "a", "topic": ["feeds"]}, 400),
        ({"type": "subscribe", "sub": "a", "topic": "feeds", "params": [1]}, 400),
        ({"type": "subscribe", "sub": "a", "topic": "feeds", "rev": 7}, 400),
        ({"type": "subscribe", "sub": "a", "topic": "board", "params": {}}, 400),
        ({"type": "subscribe", "sub": "a", "topic": "board", "params": {"stop": "A", "limit": 0}}, 400),
        ({"type": "hello"}, 400),
        (["subscribe"], 400),
    ]
    async with live(served) as socket:
        await frame(socket, "hello")
        for message, code in asked:
            await socket.send(json.dumps(message))
            answer = await frame(socket)
            assert (answer["type"], answer["code"]) == ("error", code), message
            assert answer["detail"]


async def test_the_hundred_and_first_subscription_is_refused_and_a_name_may_be_given_anew(served: Served) -> None:
    async with live(served) as socket:
        for number in range(101):
            ask = {
                "type": "subscribe",
                "sub": f"s{number}",
                "topic": "board",
                "params": {"stop": "A", "limit": number + 1},
            }
            await socket.send(json.dumps(ask))
        refused = await frame(socket, "error")
        assert (refused["sub"], refused["code"]) == ("s100", 429)
        await socket.send(json.dumps({"type": "subscribe", "sub": "s0", "topic": "alerts"}))
        while (await frame(socket, "subscribed")) != {"type": "subscribed", "sub": "s0", "topic": "alerts"}:
            pass


async def test_a_plain_request_is_told_to_speak_websocket(served: Served) -> None:
    answer, body = await served.get("/v1/live")
    assert (answer.status, answer.headers["Upgrade"], body["status"]) == (426, "websocket", 426)
    answer, body = await served.get("/v1/live", Upgrade="websocket", Connection="Upgrade")
    assert (answer.status, body["status"]) == (400, 400)


async def read_event(stream: aiohttp.StreamReader) -> tuple[str | None, dict[str, Any]]:
    """One server-sent event: its id and its data."""
    rev, data = None, ""
    while line := (await asyncio.wait_for(stream.readline(), 10)).decode().rstrip("\n"):
        name, _, value = line.partition(": ")
        rev, data = (value, data) if name == "id" else (rev, data + value)
    return rev, json.loads(data)


async def test_an_event_stream_carries_the_same_frames_and_resumes(served: Served) -> None:
    url = served.url + "/v1/events?topic=board&stop=A&limit=5"
    async with served.http.get(url) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        events = [await read_event(answer.content) for _ in range(3)]
        assert [event["type"] for _, event in events] == ["hello", "subscribed", "snapshot"]
        rev, snapshot = events[2]
        assert rev == snapshot["rev"]
        served.source.show(late("t1", 60))
        rev, delta = await read_event(answer.content)
        assert (delta["type"], delta["rev"]) == ("delta", rev)
    async with served.http.get(url, headers={"Last-Event-ID": snapshot["rev"]}) as answer:
        events = [await read_event(answer.content) for _ in range(3)]
        assert events[2][1]["type"] == "delta"
    async with served.http.get(url, headers={"Last-Event-ID": delta["rev"]}) as answer:
        events = [await read_event(answer.content) for _ in range(3)]
        assert events[2][1]["type"] == "current"


async def test_a_server_that_starts_tells_the_time_of_its_region(serve: Serve) -> None:
    served = await serve(ready=False)
    async with live(served) as socket:
        assert (await frame(socket, "hello"))["server_time"][-6:] == "+01:00"
