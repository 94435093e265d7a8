"""Files under deploy/ as the programs read them that they are for; each skipped where its program is not here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.api.administered import administered
from tests.service import ROOT, free_port

DEPLOY = ROOT / "deploy"
Proxy = Callable[[Path, int], AbstractAsyncContextManager[tuple[str, ssl.SSLContext]]]
UNITS = sorted(DEPLOY.glob("*/*.service"))


def tool(name: str) -> str:
    """The program: the one that our packages bring, else the machine's."""
    brought = str(Path(sys.executable).parent)
    found = shutil.which(name, path=brought) or shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def said(*command: str, folder: Path = ROOT) -> str:
    """What a program said; it must have ended well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_prometheus_reads_the_alert_rules_and_the_configuration() -> None:
    promtool = tool("promtool")
    assert "9 rules found" in said(promtool, "check", "rules", str(DEPLOY / "prometheus" / "alerts.yml"))
    said(promtool, "check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"))


def nginx_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """deploy/nginx.conf as a whole configuration with a certificate of its own; each change replaces a text in it."""
    openssl = tool("openssl")
    key, certificate = folder / "reise.key", folder / "reise.pem"
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    named = ["-subj", "/CN=reise.example.no", "-addext", "subjectAltName=DNS:reise.example.no,IP:127.0.0.1"]
    said(openssl, *asked, *named, "-keyout", str(key), "-out", str(certificate))
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for told, ours in (("/etc/ssl/reise.pem", str(certificate)), ("/etc/ssl/reise.key", str(key)), *changes):
        assert told in text
        text = text.replace(told, ours)
    whole = folder / "nginx.conf"
    paths = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}"
    whole.write_text(head + text + "}\n", encoding="utf-8")
    return whole


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx = tool("nginx")
    assert "syntax is ok" in said(nginx, "-t", "-c", str(nginx_file(tmp_path)))


@asynccontextmanager
async def answering(port: int, *command: str, folder: Path, told: dict[str, str] | None = None) -> AsyncIterator[None]:
    """A program that listens at a port of this machine, until the block ends."""
    child = await asyncio.create_subprocess_exec(*command, cwd=folder, env={**os.environ, **(told or {})})
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError(f"{command[0]} never listened at {port}")
        yield
    finally:
        child.terminate()
        await child.wait()


@asynccontextmanager
async def nginx_before(folder: Path, gateway: int) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """nginx with our file before a gateway's port: its address, and the trust in its certificate."""
    nginx, port = tool("nginx"), free_port()
    ports = [(f"127.0.0.1:{8081 + number}", f"127.0.0.1:{gateway}") for number in range(3)]
    whole = nginx_file(folder, ("listen 443", f"listen 127.0.0.1:{port}"), *ports)
    async with answering(port, nginx, "-c", str(whole), "-g", "daemon off;", folder=folder):
        yield f"https://127.0.0.1:{port}", ssl.create_default_context(cafile=folder / "reise.pem")


@asynccontextmanager
async def caddy_before(folder: Path, gateway: int) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """Caddy with our file before a gateway's port, with a certificate of its own authority, that only we trust."""
    caddy, port = tool("caddy"), free_port()
    here = ("admin off", "skip_install_trust", "auto_https disable_redirects", "default_bind 127.0.0.1")
    ours = "\n".join(("{", *here, f"storage file_system {folder}", "}", ""))
    whole = folder / "Caddyfile"
    whole.write_text(ours + (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), encoding="utf-8")
    told = {
        "SMARTREISE_DOMAIN": f"https://localhost:{port}",
        "SMARTREISE_GATEWAYS": f"127.0.0.1:{gateway}",
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    async with answering(port, caddy, "run", "--config", str(whole), folder=folder, told=told):
        trust = ssl.create_default_context(cafile=folder / "pki" / "authorities" / "local" / "root.crt")
        await _until_it_has_a_certificate(port, trust)
        yield f"https://localhost:{port}", trust


async def _until_it_has_a_certificate(port: int, trust: ssl.SSLContext) -> None:
    """Caddy listens before it has made one."""
    for attempt in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname="localhost")
        except ssl.SSLError:
            if attempt == 99:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


@pytest.mark.slow
@pytest.mark.parametrize("proxy", [nginx_before, caddy_before], ids=["nginx", "caddy"])
async def test_pages_answers_and_websockets_come_through_a_proxy_over_tls(proxy: Proxy, tmp_path: Path) -> None:
    """And the limit by address counts who asked the proxy, not the proxy."""
    told = {"SMARTREISE_API_TRUSTED_PROXIES": "127.0.0.1", "SMARTREISE_API_READS_PER_MINUTE": "40"}
    with administered(tmp_path, **told) as service:
        gateway = int(service.url.rsplit(":", 1)[1])
        async with proxy(tmp_path, gateway) as (url, trust), aiohttp.ClientSession() as http:
            async with http.get(f"{url}/office/fornebu", ssl=trust) as page:
                assert page.status == 200
                assert "max-age" in page.headers["Strict-Transport-Security"]
            async with http.get(f"{url}/metrics", ssl=trust) as hidden:
                assert hidden.status == 404
            async with http.ws_connect(f"{url}/v1/live", ssl=trust) as socket:
                assert (await socket.receive_json(timeout=10))["type"] == "hello"
                await socket.send_json(
                    {"type": "subscribe", "sub": "s", "topic": "office", "params": {"office": "fornebu"}}
                )
                frames = [await socket.receive_json(timeout=20) for _ in range(2)]
                assert [frame["type"] for frame in frames] == ["subscribed", "snapshot"]
            statuses = []
            for _ in range(45):  # all from one address, as the proxy tells
                async with http.get(f"{url}/v1/offices", ssl=trust) as answer:
                    statuses.append(answer.status)
            assert set(statuses) == {200, 429}
            other = {"X-Forwarded-For": "192.0.2.7"}  # another screen's, by way of the proxy that is believed
            async with http.get(f"{service.url}/v1/offices", headers=other) as answer:
                assert answer.status == 200
            async with http.get(f"{url}/v1/offices", headers=other, ssl=trust) as answer:
                assert answer.status == 429, "who asks the proxy cannot say that it is somebody else"


def test_caddy_reads_its_file() -> None:
    said(tool("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_units(unit: Path, tmp_path: Path) -> None:
    analyze = tool("systemd-analyze")
    # the programs themselves are elsewhere: whether they are there is not what is asked
    text = re.sub(r"^(Exec\w+=[-+!]*)/\S+", r"\1/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
    copy = tmp_path / unit.name
    copy.write_text(text, encoding="utf-8")
    told = said(analyze, "verify", str(copy))
    assert unit.name.partition("@")[0] not in told, told
