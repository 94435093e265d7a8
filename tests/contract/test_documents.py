"""Every command of the documents runs, as it stands there, against real processes.

docs/api.md and docs/administration.md, which tell a story, have tests of their own. What the others name is replaced
here: the real region by the demo region, since nobody is asked over a network; a machine's paths, ports and store by
the test's own. A command that serves runs until it says that it does, then is interrupted as by Ctrl-C.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.api.administered import Administered, administered
from tests.chaos.processes import Processes
from tests.service import ROOT, free_port
from tests.unit.deploy.test_docs import DOCUMENTS, lines_of

OWN_TEST: Final = {"docs/api.md", "docs/administration.md"}
#: commands that no test runs, and why
APART: Final = {
    "make test": "this is it",
    "smartreise backup --region ruter --before 0": "tests/contract/test_schema.py has a store that was migrated",
    "smartreise restore --region ruter --replace /var/backups/before.json": "the same",
    ".venv/bin/smartreise forecast score": "tests/replay/test_forecast.py plays recorded weeks",
    **dict.fromkeys(
        ("apt install cage", "useradd -m", "install -m", "echo SMARTREISE_SCREEN", "systemctl enable"),
        "they make a machine a kiosk; tests/web/test_kiosk.py runs what they install",
    ),
}
#: what a command prints once it serves; those that are not here end by themselves
_SERVING: Final = {
    "make run": "ready: http",
    "serve": "ready: http",
    "gateway": "ready: http",
    "ingest": "ingest leads",
    "watch": "IT Fornebu",
    "feeds record": "\ndemo: first came",
    "feeds replay": "ready: http",
}


def commands_of(path: Path) -> list[str]:
    """Its command lines, without comments, single spaced."""
    lines = (re.sub(r"\s+#.*", "", line) for line in lines_of(path))
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


DOCUMENTED: Final = {
    str(path.relative_to(ROOT)): commands
    for path in DOCUMENTS
    if str(path.relative_to(ROOT)) not in OWN_TEST and (commands := commands_of(path))
}


def is_apart(command: str) -> bool:
    return any(command.startswith(name) for name in APART)


def serving_sign(command: str) -> str | None:
    """What it prints once it serves; None for a command that ends."""
    return next((sign for name, sign in _SERVING.items() if re.search(rf"\b{name}\b", command)), None)


@dataclass(frozen=True)
class Place:
    """What stands for the machine of the documents."""

    folder: Path
    redis: str
    service: Administered

    def translated(self, command: str) -> str:
        """The command with everything that a test has of its own."""
        port = free_port()
        for told, ours in (
            (r"^(\.venv/bin/)?smartreise ", "smartreise "),
            (r"(?<= )(\.venv/bin/)?smartreise (?=gateway)", "smartreise "),
            (r"redis://(host|redis):6379", self.redis),
            (r"ruter|FILE", "demo"),
            (r"0\.0\.0\.0", "127.0.0.1"),
            (r"--port 8080", f"--port {port}"),
            (r"/etc/smartreise\.toml", "settings.toml"),
            (r"/var/backups/", ""),
            (r"http://collector:4318", f"http://127.0.0.1:{port}"),
            (r" --from 2026-11-23T08:14:00\+01:00", f" --port {port}"),
            (r"^(make run.*)", rf"\1 PORT={port} --directory '{ROOT}'"),
        ):
            command = re.sub(told, ours, command)
        return re.sub(r"PORT=8080 ?", "", command)

    @asynccontextmanager
    async def running(self, command: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """The command, once it serves; at the end it is stopped as by Ctrl-C, if it did not end by itself."""
        sign = serving_sign(command)
        script = f'smartreise() {{ exec "{sys.executable}" -m smartreise "$@"; }}\n{self.translated(command)}'
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTEST"))}
        own = {
            "PYTHONPATH": str(ROOT),
            "PYTHONASYNCIODEBUG": "",
            "PYTHONUNBUFFERED": "1",
            "SMARTREISE_SERVER": self.service.url,
            "SMARTREISE_DATA_DIR": str(self.folder / "data"),
        }
        printed = self.folder / f"{len(list(self.folder.glob('*.log')))}.log"
        with printed.open("wb") as out:
            child = await asyncio.create_subprocess_exec(
                "bash", "-c", script, cwd=self.folder, env=kept | own, stdout=out, stderr=out, start_new_session=True
            )
        try:
            if sign is not None:
                for _ in range(1200):
                    if sign in printed.read_text() or child.returncode is not None:
                        break
                    await asyncio.sleep(0.05)
                assert sign in printed.read_text(), f"{command}\n{printed.read_text()}"
                assert child.returncode is None, f"{command} ended: {child.returncode}"
            yield child
            if sign is not None:
                os.killpg(child.pid, signal.SIGINT)
            code = await asyncio.wait_for(child.wait(), 90)
        finally:
            if child.returncode is None:
                os.killpg(child.pid, signal.SIGKILL)
                await child.wait()
        text = printed.read_text()
        interrupted = {0, 130, -signal.SIGINT} | ({2} if command.startswith("make") else set())
        assert code in (interrupted if sign else {0}), f"{command}: {code}\n{text}"
        assert "Traceback" not in text, f"{command}\n{text}"
        assert text.strip(), f"{command} printed nothing"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Administered]:
    """The demo service, for commands that ask one."""
    with administered(tmp_path_factory.mktemp("documents")) as running:
        yield running


def test_what_is_left_apart_is_in_the_documents() -> None:
    every = [command for commands in DOCUMENTED.values() for command in commands]
    assert [name for name in APART if not any(command.startswith(name) for command in every)] == []


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("document", DOCUMENTED)
async def test_every_command_runs(document: str, service: Administered, tmp_path: Path) -> None:
    store = free_port()
    (tmp_path / "settings.toml").write_text(f'region = "demo"\nport = {free_port()}\n', encoding="utf-8")
    async with Processes(tmp_path) as processes:
        await processes.valkey(store)
        place = Place(tmp_path, f"redis://127.0.0.1:{store}", service)
        async with AsyncExitStack() as roles:
            for command in DOCUMENTED[document]:
                if is_apart(command):
                    continue
                if " ingest " in command:  # a gateway waits for what it brings
                    await roles.enter_async_context(place.running(command))
                    continue
                if " restore " in command and "--replace" not in command:
                    shutil.rmtree(tmp_path / "data")  # "into an empty store"
                async with place.running(command):
                    pass
