"""Nothing of who asks, or of what is asked, comes into logs, metrics or the store: docs/privacy.md says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from yarl import URL

from tests.api.administered import Administered, administered

#: positions, texts and secrets as somebody would give them, each once in this repository
LAT, LON, STREET = "59.913877", "10.752245", "Zwwxgaten"
ASKED = [
    f"/v1/suggestions?from={LAT},{LON}&to=NSR:StopPlace:337",
    f"/v1/suggestions?from={LAT},{LON}&to=none-{STREET}",
    f"/v1/suggestions?from={LAT},{LON}&to=fornebu&at={STREET}",
    f"/v1/suggestions/ffffffff.ics?from={LAT},{LON}&to=fornebu",
    f"/v1/stops?near={LAT},{LON}&radius_m=700",
    f"/v1/stops?q={STREET}",
    f"/v1/stops/{STREET}",
    f"/v1/stops/{STREET}/departures.csv",
    f"/v1/places?q={STREET}%2012",
    f"/v1/places?q={STREET}&near={LAT},{LON}",
    f"/v1/mobility?near={LAT},{LON}",
    f"/v1/vehicles?bbox={LON},{LAT},{LON},{LAT}",
    f"/v1/events?topic=mobility&near={LAT},x",
    f"/v1/nothing/{STREET}",
    f"/office/{STREET}?plain=1",
    f"/v1/offices/{STREET}/screen.png",
    f"/v1/stops?q={STREET}" + "y" * 9_000,
    f"/v1/stops?q={STREET}" + "y" * 90_000,
]


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Administered, Path]]:
    """A service that logs all it ever would, and where its log is."""
    folder = tmp_path_factory.mktemp("talkative")
    with administered(folder, SMARTREISE_DEBUG="1") as running:
        yield running, folder / "service.log"


@pytest.mark.slow
async def test_nothing_asked_is_kept(talkative: tuple[Administered, Path]) -> None:
    service, log = talkative
    key = service.smartreise("keys", "add", "app", "--json")[1]
    secret = json.loads(key)["key"]
    async with aiohttp.ClientSession() as http:
        for path in ASKED:
            async with http.get(URL(service.url + path, encoded=True)) as answer:
                await answer.read()
        await http.get(f"{service.url}/v1/offices", headers={"X-API-Key": secret, "X-Forwarded-For": "198.51.100.77"})
        await http.get(f"{service.url}/v1/offices", headers={"Authorization": f"Bearer {secret}x"})
        await _live(http, service, secret)
        await http.post(f"{service.url}/v1/admin/session", json={"token": f"sra_first_{STREET}"})
        await _nonsense(service)
        metrics = await (await http.get(f"{service.url}/metrics")).text()
    told = log.read_text().replace(service.token, "")
    for what in (LAT, LON, STREET, quote(STREET), secret, "198.51.100.77", "/v1/"):
        assert what not in told, [line for line in told.splitlines() if what in line]
    for what in (LAT, LON, STREET, secret, "198.51.100.77", "127.0.0.1"):
        assert what not in metrics


async def _live(http: aiohttp.ClientSession, service: Administered, secret: str) -> None:
    async with http.ws_connect(f"{service.url}/v1/live?key={secret}") as socket:
        for params in ({"near": f"{LAT},{LON}"}, {"near": f"{LAT},{STREET}"}):
            await socket.send_json({"type": "subscribe", "sub": "m", "topic": "mobility", "params": params})
        await socket.send_str(f"{{{STREET}")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                async for _ in socket:
                    pass


async def _nonsense(service: Administered) -> None:
    """Bytes that are no HTTP."""
    host, port = service.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /v1/stops?near={LAT},{LON}\xff HTTP/1.1\r\n\r\n".encode("latin-1"))
    await reader.read()
    writer.close()
