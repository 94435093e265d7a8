"""What goes wrong with store, processes and clients: each fault as a context that injects it and lifts it again.

Inside the context the fault is on; what must be seen meanwhile is asserted here, the recovery by who runs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from redis.exceptions import RedisError

from tests.chaos.harness import BOARD
from tests.chaos.processes import Process
from tests.chaos.world import OFFICE, World, go_on, make_empty, stop

Inject = Callable[[World], Any]
#: a store that is paused: so long here; `make chaos` pauses it for a minute
PAUSE_S = 12.0


async def command(redis: Any, *words: str) -> None:
    """A command of the server's that the client has no method for."""
    await redis.execute_command(*words)


async def _degraded(world: World, why: str = "", *, seconds: float = 40) -> None:
    """Every gateway says that all is not well, and goes on answering."""
    for gateway in range(len(world.ports)):
        await world.until(
            "/readyz",
            lambda status, body: body["status"] == "degraded" and any(why in reason for reason in body["reasons"]),
            seconds=seconds,
            gateway=gateway,
        )
        status, board = await world.ask(BOARD, gateway)
        assert status == 200
        assert board["departures"]
        async with world.http.get(world.url(gateway) + "/metrics") as answer:
            told = [line for line in (await answer.text()).splitlines() if line.startswith("smartreise_ready")]
        assert 'smartreise_ready{status="degraded"} 1.0' in told, (answer.status, told)


@asynccontextmanager
async def store_killed(world: World) -> AsyncIterator[None]:
    await world.store.kill()
    await _degraded(world, "store")
    yield
    await world.start_store()


@asynccontextmanager
async def store_comes_back_empty(world: World) -> AsyncIterator[None]:
    await world.store.kill()
    make_empty(world.store_folder)
    await _degraded(world, "store")
    yield
    await world.start_store()


@asynccontextmanager
async def store_paused(world: World) -> AsyncIterator[None]:
    stop(world.store)
    try:
        await asyncio.sleep(PAUSE_S)
        await _degraded(world)
        yield
    finally:
        go_on(world.store)


@asynccontextmanager
async def store_out_of_memory(world: World) -> AsyncIterator[None]:
    async with world.redis() as redis:
        await redis.config_set("maxmemory", "100kb")
        try:
            await _degraded(world, "realtime")
            yield
        finally:
            await redis.config_set("maxmemory", "0")


@asynccontextmanager
async def store_is_a_replica(world: World) -> AsyncIterator[None]:
    async with world.redis() as redis:
        await command(redis, "REPLICAOF", "127.0.0.1", "1")
        try:
            await _degraded(world, "realtime")
            yield
        finally:
            await command(redis, "REPLICAOF", "NO", "ONE")


@asynccontextmanager
async def store_slow(world: World) -> AsyncIterator[None]:
    async with world.redis() as redis:
        for _ in range(5):
            await command(redis, "CLIENT", "PAUSE", "1500", "ALL")
            status, board = await world.ask(BOARD)
            assert status == 200
            assert board["departures"]
        yield


@asynccontextmanager
async def store_wants_a_password(world: World) -> AsyncIterator[None]:
    async with world.redis() as redis:
        await redis.config_set("requirepass", "secret")
        with contextlib.suppress(RedisError):
            await command(redis, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    try:
        await _degraded(world)
        yield
    finally:
        async with world.redis("secret") as redis:
            await redis.config_set("requirepass", "")


@asynccontextmanager
async def store_holds_another_schema(world: World) -> AsyncIterator[None]:
    """Datasets and records as a newer version might write them."""
    base = "smartreise:{city}:"
    async with world.redis() as redis:
        held = await _until_shelved(redis, base + "datasets", "timetable:region")
        body = await redis.get(base + "body:timetable:region") or b""
        await redis.set(base + "body:timetable:region", b"SMARTREISE-99" + bytes(64))
        await redis.hset(base + "datasets", "timetable:region", b'{"revision":"newer","made_at":1}')
        await redis.hset(base + "fleet:offices", "odd", b'{"office":["a","newer","form"]}')
        await redis.xadd(base + "changes", {"name": "timetable:region"})
        revision = await redis.xadd(base + "changes", {"name": "fleet"})
        await redis.set(base + "fleet:revision", revision)
        for gateway in range(2):
            await world.until(
                BOARD, lambda status, body: status == 200 and body["departures"], seconds=5, gateway=gateway
            )
        await world.kept()
        status, offices = await world.administer("offices")
        assert (status, "kept" in str(offices)) == (200, True)
        status, _ = await world.administer("offices/odd")
        assert status == 503
        yield
        await redis.set(base + "body:timetable:region", body)
        await redis.hset(base + "datasets", "timetable:region", held)
        await redis.hdel(base + "fleet:offices", "odd")


@asynccontextmanager
async def store_is_of_a_newer_schema(world: World) -> AsyncIterator[None]:
    """A version that we know nothing of has taken the store over: nothing is read from it or written to it, gateways
    serve what they hold and say why; then it is as it was."""
    key = "smartreise:{city}:schema"
    async with world.redis() as redis:
        before = await redis.hgetall(key)
        await redis.hset(key, mapping={"number": "99", "least": "99", "by": "9.9"})
        revision = await redis.get("smartreise:{city}:fleet:revision")
        try:
            await _degraded(world, "schema 99 by version 9.9")
            status, _ = await world.administer("offices", method="POST", json={**OFFICE, "id": "late"})
            assert status == 503
            status, _ = await world.administer("offices/kept")
            assert status == 503
            assert await redis.get("smartreise:{city}:fleet:revision") == revision
            yield
        finally:
            for name, value in before.items():
                await redis.hset(key, name, value)


@asynccontextmanager
async def store_is_of_an_older_schema(world: World) -> AsyncIterator[None]:
    """A store from before schemas had numbers comes back: it is migrated by whoever comes first, with a copy kept."""
    base = "smartreise:{city}:"
    async with world.redis() as redis:
        number = await redis.hget(base + "schema", "number")
        await redis.delete(base + "schema")
        for _ in range(100):
            if await redis.hget(base + "schema", "number") == number:
                break
            await asyncio.sleep(0.1)
        assert await redis.hget(base + "schema", "number") == number
        assert await redis.exists(base + "before:0")
        yield


@asynccontextmanager
async def gateway_killed(world: World) -> AsyncIterator[None]:
    await world.gateways[0].kill()
    status, board = await world.ask(BOARD, 1)
    assert status == 200
    assert board["departures"]
    yield
    await world.replace_gateway()


@asynccontextmanager
async def leader_killed(world: World) -> AsyncIterator[None]:
    leader = _leader(world)
    await leader.kill()
    world.ingests.remove(leader)
    await _taken_over(world.ingests[0])
    yield
    await world.start_ingest()


@asynccontextmanager
async def everything_killed(world: World) -> AsyncIterator[None]:
    ports = list(world.ports)
    await asyncio.gather(*(process.kill() for process in (world.store, *world.gateways, *world.ingests)))
    world.gateways.clear()
    world.ingests.clear()
    world.ports.clear()
    yield
    await world.start_store()
    for _ in range(2):
        await world.start_ingest()
    for port in ports:
        await world.start_gateway(port)


@asynccontextmanager
async def two_leaders_after_a_pause(world: World) -> AsyncIterator[None]:
    """The leader sleeps through its lease; when it wakes, another one leads, and it stands by."""
    leader = _leader(world)
    stop(leader)
    try:
        await _taken_over(next(process for process in world.ingests if process is not leader))
        yield
    finally:
        go_on(leader)
    for _ in range(100):
        if any("stands by" in line or "pauses" in line for line in leader.lines[-3:]):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the deposed leader goes on: {leader.lines[-5:]}")


@asynccontextmanager
async def start_with_everything_down(world: World) -> AsyncIterator[None]:
    """A gateway that starts without a store says 503, and why, until there is one."""

    async def down(request: Any, body: bytes) -> Any:
        raise aiohttp.web.HTTPServiceUnavailable

    world.publisher.spoilt.update(static=down, realtime=down, mobility=down)
    await world.store.kill()
    for process in (*world.gateways, *world.ingests):
        await process.kill()
    world.gateways.clear()
    world.ingests.clear()
    world.ports.clear()
    make_empty(world.store_folder)
    await world.start_ingest()
    await world.start_gateway()
    status, body = await _first_answer(world, "/readyz")
    assert (status, body["status"]) == (503, "starting")
    status, body = await world.ask(BOARD)
    assert (status, body["status"]) == (503, 503)
    yield
    world.publisher.spoilt.clear()
    await world.start_store()


async def _until_shelved(redis: Any, key: str, name: str) -> bytes:
    """The entry of a dataset, once ingest has written it."""
    for _ in range(200):
        found: bytes | None = await redis.hget(key, name)
        if found is not None:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} is not on the shelf")


async def _first_answer(world: World, path: str) -> tuple[int, Any]:
    for _ in range(300):
        status, body = await world.ask(path)
        if status:
            return status, body
        await asyncio.sleep(0.1)
    raise AssertionError("the gateway never answered")


@asynccontextmanager
async def stop_under_load(world: World) -> AsyncIterator[None]:
    """A gateway that is asked to stop says good-bye to its sockets with 1012 and ends by itself."""
    async with aiohttp.ClientSession() as http, contextlib.AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(http.ws_connect(world.url(0) + "/v1/live", heartbeat=None))
            for _ in range(50)
        ]
        for socket in sockets:
            await socket.send_json({"type": "subscribe", "sub": "b", "topic": "board", "params": {"stop": "A"}})
        world.gateways[0].child.send_signal(signal.SIGTERM)
        codes = await asyncio.gather(*(_close_code(socket) for socket in sockets))
        assert set(codes) == {1012}, codes
        assert await asyncio.wait_for(world.gateways[0].child.wait(), 20) == 0
    yield
    await world.replace_gateway()


async def _close_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    while (await socket.receive(timeout=20)).type is aiohttp.WSMsgType.TEXT:
        pass
    return socket.close_code


def clock_jumps(seconds: int) -> Inject:
    """The service's clock jumps ahead, as a small computer's does that learns the time late, and back."""

    @asynccontextmanager
    async def jump(world: World) -> AsyncIterator[None]:
        async with world.redis() as redis:
            key = "smartreise:{city}:clock"
            before = await redis.get(key)
            await redis.set(key, f"{seconds}.0")
            await redis.xadd("smartreise:{city}:changes", {"name": "clock"})
            try:
                await _degraded(world, "stale", seconds=15)
                yield
            finally:
                await redis.set(key, before or "0.0")
                await redis.xadd("smartreise:{city}:changes", {"name": "clock"})

    return jump


@asynccontextmanager
async def clients_misbehave(world: World) -> AsyncIterator[None]:
    """Senseless frames, a flood of subscriptions, sockets that never read, headers a byte at a time, long queries."""
    _, writer = await asyncio.open_connection("127.0.0.1", world.ports[0])
    writer.write(b"GET /v1/stops HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    async with aiohttp.ClientSession() as http, contextlib.AsyncExitStack() as stack:
        for _ in range(20):  # never read again
            silent = await stack.enter_async_context(http.ws_connect(world.url(0) + "/v1/live"))
            await silent.send_json({"type": "subscribe", "sub": "v", "topic": "office", "params": {"office": "o"}})
        mad = await http.ws_connect(world.url(0) + "/v1/live")
        with contextlib.suppress(ConnectionError):
            for n in range(2000):
                if n % 2:
                    await mad.send_str("{" * (n % 50))
                else:
                    await mad.send_json({"type": "subscribe", "sub": str(n), "topic": "x"})
        code = await _close_code(mad)
        assert code in (1008, 1009, 1013, 1003), code
        status, body = await world.ask("/v1/stops?q=" + "x" * 9000)
        assert (status, body["status"]) == (414, 414)
        status, board = await world.ask(BOARD)
        assert status == 200
        assert board["departures"]
        yield
    writer.close()


async def _taken_over(standby: Process) -> None:
    """Wait until the one that stands by leads: the lease has to run out first."""
    before = sum("leads with token" in line for line in standby.lines)
    for _ in range(300):
        if sum("leads with token" in line for line in standby.lines) > before:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"nobody took over: {standby.lines[-5:]}")


@asynccontextmanager
async def too_few_files(world: World) -> AsyncIterator[None]:
    """A gateway that may open no more files serves whom it has, and everybody again once there is room."""
    gateway = world.gateways[0].id
    held = len(os.listdir(f"/proc/{gateway}/fd"))  # noqa: PTH208 - names are all that is wanted
    before = resource.prlimit(gateway, resource.RLIMIT_NOFILE)
    resource.prlimit(gateway, resource.RLIMIT_NOFILE, (held + 10, before[1]))
    try:
        writers = []
        for _ in range(60):
            _, writer = await asyncio.open_connection("127.0.0.1", world.ports[0])
            writers.append(writer)
        await asyncio.sleep(1)
        assert world.gateways[0].child.returncode is None
        status, board = await world.ask(BOARD, 1)
        assert status == 200
        assert board["departures"]
        yield
        for writer in writers:
            writer.close()
    finally:
        resource.prlimit(gateway, resource.RLIMIT_NOFILE, before)


@asynccontextmanager
async def store_disk_full(world: World) -> AsyncIterator[None]:
    """The disk of the append-only file is full. Where no disk could be mounted, no file of the store's may grow, which
    tells it the same by another number."""
    if not world.disk.is_mount():
        async with _no_file_may_grow(world):
            yield
        return
    ballast = world.disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        assert shutil.disk_usage(world.disk).free == 0
        await _degraded(world, "realtime")
        yield
    finally:
        ballast.unlink()


@asynccontextmanager
async def _no_file_may_grow(world: World) -> AsyncIterator[None]:
    store = world.store.id
    size = max(path.stat().st_size for path in world.store_folder.rglob("*") if path.is_file())
    before = resource.prlimit(store, resource.RLIMIT_FSIZE)
    resource.prlimit(store, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        await _degraded(world, "realtime")
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(store, resource.RLIMIT_FSIZE, before)


def _leader(world: World) -> Process:
    """The ingest that said last that it leads."""
    leading = [p for p in world.ingests if p.child.returncode is None and any("leads with token" in x for x in p.lines)]
    return max(leading, key=lambda p: max(int(x.rsplit(" ", 1)[1]) for x in p.lines if "leads with token" in x))


#: name → how it is injected
STORE: dict[str, Inject] = {
    "store killed and back": store_killed,
    "store comes back empty": store_comes_back_empty,
    "store paused": store_paused,
    "store out of memory": store_out_of_memory,
    "store is a read-only replica": store_is_a_replica,
    "store slow": store_slow,
    "the store's disk is full": store_disk_full,
    "store wants another password": store_wants_a_password,
    "store holds another schema": store_holds_another_schema,
    "store is of a newer schema": store_is_of_a_newer_schema,
    "store is of an older schema": store_is_of_an_older_schema,
}
PROCESSES: dict[str, Inject] = {
    "gateway killed": gateway_killed,
    "leading ingest killed": leader_killed,
    "stop under load": stop_under_load,
    "two leaders after a pause": two_leaders_after_a_pause,
    "clock jumps by four minutes": clock_jumps(240),
    "clock jumps by three hours": clock_jumps(10_800),
    "too few open files": too_few_files,
    "clients misbehave": clients_misbehave,
    "everything killed at once": everything_killed,
}
