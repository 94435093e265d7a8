"""The composition root: puts the rooms together for each role and runs them until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from smartreise.api.application import build_application
from smartreise.api.places import AddressBook
from smartreise.api.runner import Runner
from smartreise.app.ingest_role import IngestRole
from smartreise.app.options import Options
from smartreise.app.readiness import Readiness
from smartreise.app.telemetry import watch_loop
from smartreise.app.tracing import tracing
from smartreise.app.warming import warm_gateway
from smartreise.app.watchman import Watchman
from smartreise.app.writer import Writer
from smartreise.fleet.desks import Desks, open_desks
from smartreise.fleet.ledger import Ledger
from smartreise.ingest.catalogue import RegionConfig, need_files, with_simulator
from smartreise.model.problems import ConfigError
from smartreise.push.hub import Hub
from smartreise.push.topics import Topics
from smartreise.simulator.server import Simulator
from smartreise.store.embedded import embedded_valkey
from smartreise.store.fleet import FleetShelf
from smartreise.store.shelf import StoreLost
from smartreise.store.valkey import Store
from smartreise.timetable.arrays import Timetable

log = logging.getLogger(__name__)

WEB_DIST: Final = Path(__file__).resolve().parent.parent.parent / "web" / "dist"
WORKERS: Final = 2
#: seconds that a computing thread may hold the interpreter while the event loop waits for it
_SWITCH_S: Final = 0.001
_TRY_AGAIN_S: Final = 1.0


async def serve(options: Options) -> None:
    """Everything in one process tree: simulator, embedded store, ingest, gateway."""
    watch_loop(debug=options.debug)
    async with AsyncExitStack() as stack:
        stack.enter_context(tracing("serve", os.environ))
        need_files(options.config)
        config = await _with_simulator(options, stack)
        url = options.redis
        if url is None:
            url = await stack.enter_async_context(embedded_valkey(options.data_dir))
        store = await _open_store(stack, url, config)
        await store.set_clock(options.clock.offset_s)
        ingest = IngestRole(config, store, options.clock, sets_clock=True)
        stack.push_async_callback(ingest.resign)
        gateway = Gateway(options, config, await _open_store(stack, url, config))
        await _until_stopped(ingest.run(), gateway.run())


async def run_ingest(options: Options) -> None:
    """The ingest role alone, against a store that others share."""
    watch_loop(debug=options.debug)
    async with AsyncExitStack() as stack:
        stack.enter_context(tracing("ingest", os.environ))
        need_files(options.config)
        config = await _with_simulator(options, stack)
        store = await _open_store(stack, _need_redis(options), config)
        ingest = IngestRole(config, store, options.clock, sets_clock=options.clock_set)
        stack.push_async_callback(ingest.resign)
        await _until_stopped(ingest.run())


async def run_gateway(options: Options) -> None:
    """The gateway role alone, against a store that others share."""
    watch_loop(debug=options.debug)
    async with AsyncExitStack() as stack:
        stack.enter_context(tracing("gateway", os.environ))
        store = await _open_store(stack, _need_redis(options), options.config)
        gateway = Gateway(options, options.config, store, follow_clock=not options.clock_set)
        await _until_stopped(gateway.run())


class Gateway:
    """Reads the store, answers and pushes."""

    def __init__(self, options: Options, config: RegionConfig, store: Store, *, follow_clock: bool = False) -> None:
        self._options = options
        self._config = config
        self._clock = options.clock
        self._store = store
        self._writer = Writer(config, store, options.clock, follow_clock=follow_clock)

    async def run(self) -> None:
        """Serve until cancelled; closes sockets orderly."""
        async with AsyncExitStack() as stack:
            workers = stack.enter_context(ThreadPoolExecutor(WORKERS, thread_name_prefix="answer"))
            addresses = await stack.enter_async_context(self._addresses())
            zone = ZoneInfo(self._config.region.timezone)
            topics = Topics(self._writer, self._clock, workers=workers, settings=self._options.push, zone=zone)
            hub = Hub(topics, self._clock, self._options.push)
            warmed = asyncio.Event()
            desks = self._desks()
            readiness = Readiness(self._writer, self._clock, self._config, warmed)
            application = build_application(
                topics=topics,
                hub=hub,
                source=self._writer,
                clock=self._clock,
                web_dist=WEB_DIST,
                readiness=readiness,
                settings=self._options.api,
                basemap=_basemap(self._config),
                tiles=self._config.tiles,
                desks=desks,
                addresses=addresses,
            )
            async with asyncio.TaskGroup() as group:
                group.create_task(_warm(warmed), name="warm")
                group.create_task(self._read_streets(), name="streets")
                group.create_task(self._writer.run(), name="writer")
                group.create_task(Watchman(desks).run(), name="watchman")
                group.create_task(self._announce(warmed, desks), name="announce")
                async with _listening(application, self._options):
                    await asyncio.Event().wait()

    @asynccontextmanager
    async def _addresses(self) -> AsyncIterator[AddressBook | None]:
        """Who knows addresses, if the region names a geocoder."""
        if self._config.geocoder is None:
            yield None
            return
        from smartreise.app.geocoding import open_addresses  # geopy takes 6 MB

        async with open_addresses(self._config.geocoder, self._clock) as addresses:
            yield addresses

    async def _read_streets(self) -> None:
        """Streets to follow, if the region names an extract: read in a thread, kept in the data folder."""
        if self._config.streets is not None:
            from smartreise.street.build import open_streets  # SciPy takes 26 MB

            cache = self._options.data_dir / "streets"
            self._writer.streets = await asyncio.to_thread(open_streets, self._config.streets, cache)
        self._writer.streets_known.set()

    def _desks(self) -> Desks:
        ledger = Ledger(
            shelf=FleetShelf(self._store),
            clock=self._clock,
            zone=ZoneInfo(self._config.region.timezone),
            draw=secrets.token_bytes,
            seen=self._writer.until_fleet,
        )
        return open_desks(ledger, self._config.offices, self._timetable)

    def _timetable(self) -> Timetable | None:
        snapshot = self._writer.current()
        return None if snapshot is None else snapshot.timetable

    async def _announce(self, warmed: asyncio.Event, desks: Desks) -> None:
        token = await _first_token(desks, another=self._options.new_admin_token)
        if token is not None:
            print(f"admin token: {token}", flush=True)
        await warmed.wait()
        await self._writer.loaded.wait()
        gc.collect()
        gc.freeze()  # what stands now stays: no collection walks through it again, which took 0.1 s at a time
        shown = "localhost" if self._options.host in ("127.0.0.1", "0.0.0.0", "::") else self._options.host  # noqa: S104
        print(f"ready: http://{shown}:{self._options.port}", flush=True)


async def _first_token(desks: Desks, *, another: bool) -> str | None:
    """An administrator's token at the very first start, or when another is wanted, once the store answers."""
    while True:
        try:
            return await desks.keys.first_token(another=another)
        except StoreLost:
            await asyncio.sleep(_TRY_AGAIN_S)


async def _warm(warmed: asyncio.Event) -> None:
    await asyncio.to_thread(warm_gateway)
    warmed.set()


@asynccontextmanager
async def _listening(application: web.Application, options: Options) -> AsyncIterator[None]:
    host, port = options.host, options.port
    runner = Runner(application, head_within_s=options.api.head_within_s)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port, backlog=1024).start()
        except OSError as fault:
            raise ConfigError(f"cannot listen on {host}:{port}: {fault.strerror or fault}") from None
        yield
    finally:
        await runner.cleanup()


async def _with_simulator(options: Options, stack: AsyncExitStack) -> RegionConfig:
    """The configuration, with the region's simulator running if it has one."""
    config = options.config
    if config.simulator_folder is None:
        return config
    simulator = Simulator(config.simulator_folder, options.clock, seed=config.simulator_seed)
    base = await simulator.start(port=options.simulator_port)
    stack.push_async_callback(simulator.close)
    print(f"simulator: {base}", flush=True)
    return with_simulator(config, base)


async def _open_store(stack: AsyncExitStack, url: str, config: RegionConfig) -> Store:
    store = Store(url, config.region.id)
    stack.push_async_callback(store.close)
    return store


def _need_redis(options: Options) -> str:
    if options.redis is None:
        raise ConfigError("--redis URL is needed: roles that run apart meet in a store")
    return options.redis


def _basemap(config: RegionConfig) -> bytes | None:
    if config.basemap is None:
        return None
    try:
        return config.basemap.read_bytes()
    except OSError as fault:
        raise ConfigError(f"{config.file}: map.basemap: {fault.strerror or fault}") from None


async def _until_stopped(*roles: Coroutine[Any, Any, None]) -> None:
    """Run the roles until SIGTERM or SIGINT, or until one of them fails."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    sys.setswitchinterval(_SWITCH_S)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(role) for role in roles]
            group.create_task(_cancel_when(stop, tasks))
    except* ConfigError as faults:
        raise faults.exceptions[0] from None


async def _cancel_when(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    await stop.wait()
    log.info("stopping")
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
