"""Whatever is killed, all that administration keeps is there again; gateways that share a store agree."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.api.administered import Asker
from tests.chaos.processes import Process, Processes, free_port
from tests.chaos.test_malformed import CLOCK, region
from tests.contract.test_store import _server_of
from tests.shared_data import shared

pytestmark = pytest.mark.slow

OFFICE = {"id": "new", "name": "New", "lat": 36.9, "lon": -116.7, "destinations": []}


async def ready(http: aiohttp.ClientSession, process: Process, url: str) -> None:
    for _ in range(600):
        assert process.child.returncode is None, process.lines
        try:
            async with http.get(url + "/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("\n".join(process.lines[-20:]))


def token_of(process: Process) -> str:
    return next(line.split()[-1] for line in process.lines if line.startswith("admin token: "))


async def everything(admin: Asker) -> Any:
    """All that administration keeps."""
    return [
        await admin.get(f"/v1/admin/{what}")
        for what in ("offices", "displays", "keys", "tokens", "alerts", "webhooks", "audit")
    ]


@pytest.mark.long
async def test_all_is_there_after_everything_was_killed(tmp_path: Path) -> None:
    shutil.copy(shared("sample/sample_gtfs.zip"), tmp_path / "feed.zip")
    command = ["serve", "--region", str(region(tmp_path)), "--data-dir", str(tmp_path / "data"), "--clock", CLOCK]
    async with Processes(tmp_path) as processes, aiohttp.ClientSession() as http:
        ports = [free_port(), free_port()]
        service = await processes.smartreise(*command, "--port", str(ports[0]))
        admin = Asker(http, f"http://127.0.0.1:{ports[0]}", None)
        await ready(http, service, admin.url)
        admin = admin.with_token(token_of(service))
        key, screen = await set_up(admin)
        before = await everything(admin)
        os.kill(_server_of(tmp_path / "data"), signal.SIGKILL)
        await service.kill()

        service = await processes.smartreise(*command, "--port", str(ports[1]))
        admin = Asker(http, f"http://127.0.0.1:{ports[1]}", admin.token)
        await ready(http, service, admin.url)
        assert await everything(admin) == before
        assert not any("admin token" in line for line in service.lines)
        assert (await admin.with_token(key).get("/v1/offices/new"))["name"] == "New"
        assert (await admin.with_token(screen[1]).get(f"/v1/displays/{screen[0]}"))["office"] == "new"
        assert admin.token is not None
        await service.kill()
        service = await processes.smartreise(*command, "--port", str(ports[0]), "--new-admin-token")
        await ready(http, service, f"http://127.0.0.1:{ports[0]}")
        another = Asker(http, f"http://127.0.0.1:{ports[0]}", token_of(service))
        await another.done(204, "DELETE", "/v1/admin/tokens/first")
        assert (await another.with_token(admin.token).ask("GET", "/v1/admin/keys"))[0] == 401
        held = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*.aof"))
        for secret in (admin.token, key, screen[1]):
            assert secret.encode() not in held
        for line in service.lines:
            assert key not in line


async def set_up(admin: Asker) -> tuple[str, tuple[str, str]]:
    """An office, a key, a claimed screen with its token, a message: the key, and the screen's id and token."""
    await admin.done(201, "POST", "/v1/admin/offices", OFFICE)
    key = (await admin.done(201, "POST", "/v1/admin/keys", {"name": "app"}))["key"]
    paired = await admin.with_token(None).done(201, "POST", "/v1/displays")
    await admin.done(201, "POST", "/v1/admin/displays/claim", {"code": paired["code"], "office": "new"})
    token = (await admin.with_token(paired["secret"]).get(f"/v1/displays/{paired['display']}"))["token"]
    await admin.done(201, "POST", "/v1/admin/webhooks", {"name": "guard", "url": "http://127.0.0.1:9/"})
    await admin.done(201, "POST", "/v1/admin/alerts", {"text": {"nb": "Heisen er ute av drift"}})
    return key, (paired["display"], token)


async def test_gateways_that_share_a_store_agree(tmp_path: Path) -> None:
    shutil.copy(shared("sample/sample_gtfs.zip"), tmp_path / "feed.zip")
    file, store = str(region(tmp_path)), free_port()
    redis = f"redis://127.0.0.1:{store}"
    async with Processes(tmp_path) as processes, aiohttp.ClientSession() as http:
        valkey = await processes.valkey(store)
        await processes.smartreise("ingest", "--region", file, "--redis", redis, "--clock", CLOCK)
        ports = [free_port(), free_port()]
        gateways = [
            await processes.smartreise("gateway", "--region", file, "--redis", redis, "--port", str(port))
            for port in ports
        ]
        for gateway, port in zip(gateways, ports, strict=True):
            await ready(http, gateway, f"http://127.0.0.1:{port}")
        told = [line for gateway in gateways for line in gateway.lines if line.startswith("admin token: ")]
        assert len(told) == 1
        first, second = (Asker(http, f"http://127.0.0.1:{port}", told[0].split()[-1]) for port in ports)
        async with http.ws_connect(second.url + "/v1/live") as socket:
            params = {"type": "subscribe", "sub": "d", "topic": "display", "params": {}}
            paired = await first.with_token(None).done(201, "POST", "/v1/displays")
            await socket.send_json(params | {"params": {"display": paired["display"]}})
            await first.done(201, "POST", "/v1/admin/offices", OFFICE)
            await first.done(201, "POST", "/v1/admin/displays/claim", {"code": paired["code"], "office": "new"})
            while '"claimed":true' not in (await socket.receive(10)).data:
                pass
        assert (await second.get("/v1/offices/new"))["name"] == "New"
        await valkey.kill()
        assert (await first.ask("GET", "/v1/admin/offices"))[0] == 503
        assert (await first.with_token(None).get("/v1/offices/new"))["name"] == "New"
