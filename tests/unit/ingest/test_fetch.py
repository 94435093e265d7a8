"""One conditional GET against a real server that misbehaves."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from smartreise.ingest.fetch import Fetched, FetchFailed, Request, Validators, fetch, open_session

NOTHING = Validators()


class Misbehaving:
    """A server whose paths are faults; it remembers the headers it was sent."""

    def __init__(self) -> None:
        self.headers: list[dict[str, str]] = []
        self.location = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        kind = request.path.strip("/")
        if kind == "tagged":
            if request.headers.get("If-None-Match") == '"v1"':
                return web.Response(status=304)
            return web.Response(body=b"data", headers={"ETag": '"v1"'})
        if kind == "elsewhere":
            return web.Response(status=302, headers={"Location": self.location})
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


def _with_a_name_for_a_router(ask: Any) -> Any:
    """A resolver to which a public-looking name is an address on the office's network."""

    def answer(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        return ask("192.168.1.1" if host == "router.test" else host, port, *rest, **options)

    return answer


async def test_a_redirect_leads_nowhere_but_to_addresses_of_the_feeds_own_kind_or_public_ones(
    server: tuple[Misbehaving, str, aiohttp.ClientSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, url, _ = server
    monkeypatch.setattr(socket, "getaddrinfo", _with_a_name_for_a_router(socket.getaddrinfo))
    async with open_session() as session:
        for place, why in (
            ("http://10.0.0.1/feed", "private"),
            ("http://[::ffff:10.0.0.1]/feed", "private"),
            ("http://169.254.169.254/latest/meta-data", "link-local"),
            ("http://router.test/feed", "private"),
            ("file:///etc/passwd", "not http"),
        ):
            behaviour.location = place
            with pytest.raises(FetchFailed, match=why):
                await fetch(session, Request(f"{url}/elsewhere"), NOTHING)
        behaviour.location = f"http://localhost:{url.rsplit(':', 1)[1]}/plain"
        assert (await fetch(session, Request(f"{url}/elsewhere"), NOTHING)).body == b"data"


async def test_a_public_feed_may_not_name_loopback_unless_the_region_vouches_for_it(
    server: tuple[Misbehaving, str, aiohttp.ClientSession],
) -> None:
    _, url, _ = server
    named = Request(f"{url}/plain", home="http://93.184.216.34/gbfs.json")
    async with open_session() as session:
        with pytest.raises(FetchFailed, match="loopback"):
            await fetch(session, named, NOTHING)
        assert (await fetch(session, replace(named, trusting=True), NOTHING)).body == b"data"


async def test_keys_are_not_carried_to_another_host(server: tuple[Misbehaving, str, aiohttp.ClientSession]) -> None:
    behaviour, url, _ = server
    behaviour.location = f"http://localhost:{url.rsplit(':', 1)[1]}/plain"
    async with open_session() as session:
        await fetch(session, Request(f"{url}/elsewhere", headers=(("X-Api-Key", "secret"),)), NOTHING)
    first, second = behaviour.headers
    assert first["X-Api-Key"] == "secret"
    assert "X-Api-Key" not in second
    assert second["User-Agent"].startswith("smartreise/")
