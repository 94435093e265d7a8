"""The push side as clients meet it: `websockets`, aiohttp and a plain reader of event streams."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from smartreise.push.delta import apply
from smartreise.push.settings import PushSettings
from tests.api.conftest import Serve, Served
from tests.unit.suggest.situation import late, point


async def frame(socket: ClientConnection, kind: str | None = None) -> dict[str, Any]:
    """The next frame, or the next of a kind."""
    while True:
        read: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
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


async def test_aiohttp_clients_work_too(served: Served) -> None:
    async with served.http.ws_connect(served.url + "/v1/live") as socket:
        assert (await socket.receive_json(timeout=10))["type"] == "hello"
        await socket.send_json({"type": "subscribe", "sub": "s", "topic": "feeds"})
        assert (await socket.receive_json(timeout=10))["topic"] == "feeds"


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
