"""One conditional GET against a real server that misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from smartreise.ingest.fetch import Fetched, FetchFailed, Request, Validators, fetch

NOTHING = Validators()


class Misbehaving:
    """A server whose paths are faults; it remembers the headers it was sent."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        kind = request.path.strip("/")
        if kind == "tagged":
            if request.headers.get("If-None-Match") == '"v1"':
                return web.Response(status=304)
            return web.Response(body=b"data", headers={"ETag": '"v1"'})
        if kind == "loop":
            raise web.HTTPFound("/loop")
        if kind == "busy":
            return web.Response(status=429, headers={"Retry-After": "17"})
        if kind == "large":
            return web.Response(body=b"x" * 5000)
        if kind == "hang":
            await asyncio.sleep(60)
        if kind == "short":
            reply = web.StreamResponse(headers={"Content-Length": "100"})
            await reply.prepare(request)
            await reply.write(b"only this")
            assert request.transport is not None
            request.transport.close()
            return reply
        return web.Response(body=b"data") if kind == "plain" else web.Response(status=500)


@pytest.fixture
async def server() -> AsyncIterator[tuple[Misbehaving, str, aiohttp.ClientSession]]:
    behaviour, app = Misbehaving(), web.Application()
    app.router.add_get("/{any:.*}", behaviour.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with aiohttp.ClientSession() as session:
        yield behaviour, f"http://127.0.0.1:{runner.addresses[0][1]}", session
    await runner.cleanup()


Server = tuple[Misbehaving, str, aiohttp.ClientSession]


async def get(server: Server, path: str, validators: Validators = NOTHING, **limits: float) -> Fetched:
    request = Request(f"{server[1]}/{path}", (("X-Client", "us"),), limits.get("timeout_s", 5.0), 1000)
    return await fetch(server[2], request, validators)


async def test_an_etag_is_sent_back_and_304_brings_nothing(server: Server) -> None:
    first = await get(server, "tagged")
    assert first.body == b"data"
    assert first.validators.etag == '"v1"'
    second = await get(server, "tagged", first.validators)
    assert second.body is None
    assert second.validators == first.validators
    assert server[0].headers[-1]["If-None-Match"] == '"v1"'
    assert server[0].headers[-1]["X-Client"] == "us"
    assert server[0].headers[-1]["User-Agent"].startswith("smartreise/")


async def test_the_same_bytes_are_nothing_new_though_the_server_has_no_validators(server: Server) -> None:
    first = await get(server, "plain")
    assert (await get(server, "plain", first.validators)).body is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("error", "answered 500"),
        ("loop", "redirected"),
        ("large", "larger than"),
        ("short", "cut short"),
        ("busy", "answered 429"),
    ],
)
async def test_a_bad_reply_fails_in_words(server: Server, path: str, reason: str) -> None:
    with pytest.raises(FetchFailed, match=reason):
        await get(server, path)


async def test_retry_after_is_told(server: Server) -> None:
    with pytest.raises(FetchFailed) as failed:
        await get(server, "busy")
    assert failed.value.retry_after_s == 17


async def test_a_server_that_hangs_is_given_up(server: Server) -> None:
    with pytest.raises(FetchFailed, match="no complete reply"):
        await get(server, "hang", timeout_s=0.2)


async def test_nobody_there(server: Server) -> None:
    with pytest.raises(FetchFailed, match="cannot be reached"):
        await fetch(server[2], Request("http://127.0.0.1:1/"), NOTHING)


async def test_a_file_is_read_and_compared_alike(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "feed.zip"
    file.write_bytes(b"one")
    first = await fetch(server[2], Request(str(file)), NOTHING)
    assert first.body == b"one"
    assert (await fetch(server[2], Request(str(file)), first.validators)).body is None
    file.write_bytes(b"two")
    assert (await fetch(server[2], Request(str(file)), first.validators)).body == b"two"
    with pytest.raises(FetchFailed, match="No such file"):
        await fetch(server[2], Request(str(tmp_path / "absent")), NOTHING)
