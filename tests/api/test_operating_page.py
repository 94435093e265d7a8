"""The commands of docs/operating.md, docs/configuration.md and the README run, in the demo region."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import redis.asyncio as redis

from smartreise.store.embedded import embedded_valkey, find_socket
from smartreise.store.keys import Keys
from tests.service import ROOT, free_port

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


def blocks_of(page: str) -> list[list[str]]:
    """Commands of the blocks of shell, without the remarks that stand behind them."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [[re.sub(r"\s+#.*", "", line).strip() for line in block.splitlines() if line.strip()] for block in blocks]


def block_with(page: str, words: str) -> list[str]:
    """The one block in which a command has `words`."""
    (found,) = (block for block in blocks_of(page) if any(words in line for line in block))
    return found


@dataclass(frozen=True)
class Newcomer:
    """Types what the pages say, with the names of this machine in place of those in the pages."""

    folder: Path
    instead: Mapping[str, str]

    def _typed(self, line: str) -> str:
        for shown, real in self.instead.items():
            line = line.replace(shown, real)
        return line

    async def _start(self, line: str, more: Mapping[str, str]) -> asyncio.subprocess.Process:
        ours = f'smartreise() {{ exec "{sys.executable}" -m smartreise "$@"; }}\n{self._typed(line)}'
        own = {"PYTHONPATH": str(ROOT), "SMARTREISE_DATA_DIR": str(self.folder / "data"), **more}
        return await asyncio.create_subprocess_exec(
            "bash", "-c", ours, cwd=self.folder, env={**os.environ, **own}, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    async def runs(self, line: str, **more: str) -> str:
        """What a command printed, that must end well."""
        process = await self._start(line, more)
        printed = (await process.communicate())[0].decode()
        assert process.returncode == 0, f"{self._typed(line)}\n{printed}"
        return printed

    @asynccontextmanager
    async def goes_on(self, line: str, **more: str) -> AsyncIterator[list[str]]:
        """A command that goes on until Ctrl-C, which is pressed on leaving; what it has printed so far."""
        process, printed = await self._start(line, more), list[str]()

        async def listen(lines: asyncio.StreamReader) -> None:
            async for text in lines:
                printed.append(text.decode())

        assert process.stdout
        listening = asyncio.ensure_future(listen(process.stdout))
        try:
            yield printed
            assert process.returncode is None, f"{self._typed(line)} ended:\n{''.join(printed)}"
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGINT)
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                os.killpg(process.pid, signal.SIGKILL)
                raise AssertionError(f"{self._typed(line)} goes on after Ctrl-C:\n{''.join(printed)}") from None
            await listening
        assert "Traceback" not in "".join(printed), "".join(printed)


async def answer(url: str, printed: list[str], *, seconds: float = 60) -> bytes:
    """What stands at an address, once it is 200."""
    async with aiohttp.ClientSession() as http:
        for _ in range(int(seconds / 0.1)):
            try:
                async with http.get(url) as told:
                    if told.status == 200:
                        return await told.read()
            except aiohttp.ClientError:
                pass  # it is still starting
            await asyncio.sleep(0.1)
    raise AssertionError(f"{url} never answered:\n{''.join(printed)}")


async def until_printed(printed: list[str], words: str, *, seconds: float = 60) -> None:
    for _ in range(int(seconds / 0.1)):
        if words in "".join(printed):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"never printed {words!r}:\n{''.join(printed)}")


async def forget_schema(data: Path) -> None:
    """Make the embedded store one of the time before it had a schema number."""
    url = find_socket(data)
    assert url
    async with redis.Redis.from_url(url) as store:
        assert await store.delete(Keys("demo").schema) == 1


@pytest.fixture
def at() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def newcomer(tmp_path: Path, at: str) -> Newcomer:
    (tmp_path / "backups").mkdir()
    (tmp_path / "smartreise.toml").write_text(
        re.findall(r"```toml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    )
    port = at.rpartition(":")[2]
    return Newcomer(
        tmp_path,
        {
            ".venv/bin/": "",
            "--region ruter": "--region demo",
            "REGION=ruter": "REGION=demo",
            "/etc/smartreise.toml": str(tmp_path / "smartreise.toml"),
            "/var/backups": str(tmp_path / "backups"),
            "--region FILE": f'--region "{ROOT}/feeds/demo.toml"',
            "--host 0.0.0.0": "--host 127.0.0.1",
            "--port 8080": f"--port {port}",
            "http://collector:4318": "http://127.0.0.1:9",
        },
    )


async def test_one_machine_and_back_to_the_version_before(newcomer: Newcomer, at: str) -> None:
    serve, check = block_with("docs/configuration.md", "config check")
    assert "port = 8080" in await newcomer.runs(check)
    settings = tomllib.loads((newcomer.folder / "smartreise.toml").read_text())
    assert settings["region"] == "ruter"
    # the real region needs the network; the store of the page is another machine's
    own = {"SMARTREISE_REGION": "demo", "SMARTREISE_HOST": "127.0.0.1", "SMARTREISE_PORT": at.rpartition(":")[2]}
    (newcomer.folder / "smartreise.toml").write_text('log_format = "json"\n[push]\nheartbeat_s = 10\n')
    data = newcomer.folder / "data"
    async with newcomer.goes_on(serve, **own) as printed:
        assert b"Fornebu" in await answer(f"{at}/v1/offices", printed)
        await forget_schema(data)
    async with newcomer.goes_on(serve, **own) as printed:
        await answer(f"{at}/readyz", printed)
    take_out, put_back = block_with("docs/operating.md", "--before")
    assert "before.json" in await newcomer.runs(take_out)
    await newcomer.runs(put_back)
    assert (newcomer.folder / "backups/before.json").stat().st_mode & 0o77 == 0


async def test_roles_apart_and_a_collector_that_is_away(newcomer: Newcomer, at: str) -> None:
    ingest, gateway = block_with("docs/operating.md", "smartreise ingest")
    (traced,) = block_with("docs/operating.md", "OTEL_")
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(embedded_valkey(newcomer.folder / "valkey"))
        typed = Newcomer(newcomer.folder, {**newcomer.instead, "redis://host:6379": url})
        lead = await stack.enter_async_context(typed.goes_on(ingest))
        serving = await stack.enter_async_context(typed.goes_on(gateway))
        assert b'"departures"' in await answer(f"{at}/v1/offices/fornebu/view", serving + lead)
        other = free_port()
        spans = await stack.enter_async_context(typed.goes_on(f"{traced} --port {other}"))
        await answer(f"http://127.0.0.1:{other}/readyz", spans)


async def test_is_the_set_up_right(newcomer: Newcomer) -> None:
    check, doctor, listed, checked = block_with("docs/operating.md", "doctor")
    assert "redis = redis://valkey:6379" in await newcomer.runs(check)
    assert "ok    open files" in await newcomer.runs(doctor)
    assert "demo-trip-updates" in await newcomer.runs(listed)
    report = await newcomer.runs(checked)
    assert report.count("ok  ") == 7
    assert "100.0% matched" in report


async def test_backup_and_restore(newcomer: Newcomer) -> None:
    embedded, apart, restored, replaced = block_with("docs/operating.md", "/var/backups/smartreise.json")
    async with embedded_valkey(newcomer.folder / "valkey") as url:
        typed = Newcomer(newcomer.folder, {**newcomer.instead, "redis://host:6379": url})
        await typed.runs(embedded)
        await typed.runs(apart)
        await typed.runs(restored, SMARTREISE_DATA_DIR=str(newcomer.folder / "fresh"))
        await typed.runs(replaced, SMARTREISE_DATA_DIR=str(newcomer.folder / "fresh"))


async def test_what_did_a_screen_show(newcomer: Newcomer, at: str) -> None:
    record, replay = block_with("docs/operating.md", "feeds record")
    async with newcomer.goes_on(record) as printed:
        for feed in ("demo", "demo-trip-updates", "bildeling"):
            await until_printed(printed, f"{feed}: first came")
    assert "changes in recording" in "".join(printed)
    recorded = (newcomer.folder / "recording" / "index.jsonl").read_text()
    assert recorded
    since = re.sub(r" --from \S+", "", replay)
    async with newcomer.goes_on(f"{since} --port {at.rpartition(':')[2]}") as printed:
        assert b"DEMO" in await answer(f"{at}/office/fornebu?plain=1", printed)


async def test_the_first_page(newcomer: Newcomer, at: str) -> None:
    plan, board, watch = block_with("README.md", "smartreise plan")
    async with newcomer.goes_on("smartreise serve --region demo --port 8080") as printed:
        await answer(f"{at}/readyz", printed)
        assert "Oslo S" in await newcomer.runs(plan, SMARTREISE_SERVER=at)
        assert re.search(r"\d\d:\d\d", await newcomer.runs(board, SMARTREISE_SERVER=at))
        async with newcomer.goes_on(watch, SMARTREISE_SERVER=at) as watched:
            await until_printed(watched, "Fornebu")
    for block in [*blocks_of("README.md"), *blocks_of("docs/operating.md")]:
        for line in (line for line in block if line.startswith("make run")):
            # without setting up a second time: which program it would start
            told = await newcomer.runs(line.replace("make", f'make -n -C "{ROOT}"'))
            assert "-m smartreise serve --region 'demo'" in told
