"""`smartreise feeds record` and `feeds replay`: keep what the feeds said, and live it again on its own clock."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import click
import msgspec

from smartreise.app import settings
from smartreise.app.cli_feeds import feeds, kind_of
from smartreise.app.clock import ServiceClock
from smartreise.app.options import Options
from smartreise.ingest.catalogue import MobilitySource, RegionConfig, Source, load, with_simulator
from smartreise.ingest.durations import parse_duration
from smartreise.ingest.fetch import FetchFailed, Validators, fetch, open_session
from smartreise.ingest.gbfs_fetch import GbfsFetcher, pack
from smartreise.ingest.recording import Recorder, Recording, read_recording
from smartreise.model.problems import BadInput, ConfigError, DatasetRefused
from smartreise.simulator.replay import Replay
from smartreise.simulator.server import Simulator


@feeds.command()
@settings.region_option()
@settings.clock_option()
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
@click.option("--for", "duration", default=None, metavar="DURATION", help='"90s", "10m", "8h"; else until stopped.')
def record(region: str, clock: str | None, folder: Path, duration: str | None) -> None:
    """Poll every feed at its interval and keep each change as it came, with its time.

    \b
    Example: smartreise feeds record --region ruter --to recording/ --for 8h
    """
    config = load(region, environ=os.environ)
    now = ServiceClock() if clock is None else ServiceClock.standing_at(clock)
    seconds = None if duration is None else _seconds(duration)
    folder.mkdir(parents=True, exist_ok=True)
    recorder = Recorder(folder)
    until = "until Ctrl-C" if duration is None else f"for {duration}"
    click.echo(f"recording {len(config.sources)} feeds into {folder}, {until}")
    with suppress(KeyboardInterrupt):
        asyncio.run(_record(config, recorder, now, seconds))
    click.echo(f"{recorder.changes} changes in {folder}")


@feeds.command()
@settings.region_option()
@settings.listen_options()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--from", "start", metavar="ISO", default=None, help="Instant to begin at  [default: the first]")
def replay(region: str, host: str, port: int, folder: Path, start: str | None) -> None:
    """Serve a recording: the service runs on the recording's clock, and every screen shows what it showed then.

    \b
    Example: smartreise feeds replay recording/ --region ruter --from 2026-11-23T08:14:00+01:00
    """
    recording = read_recording(folder)
    first = datetime.fromtimestamp(recording.start + 1, UTC).isoformat() if start is None else start
    with tempfile.TemporaryDirectory(prefix="smartreise-replay-") as held:
        options = settings.options_of(region, clock=first, redis=None, data_dir=Path(held), host=host, port=port)
        if not recording.start <= options.clock.now() <= recording.end + 86_400:
            raise BadInput("--from", f"the recording covers {_iso(recording.start)} to {_iso(recording.end)}")
        asyncio.run(_replay(options, recording))


async def _record(config: RegionConfig, recorder: Recorder, clock: ServiceClock, seconds: float | None) -> None:
    async with AsyncExitStack() as stack:
        if config.simulator_folder is not None:
            simulator = Simulator(config.simulator_folder, clock, seed=config.simulator_seed)
            config = with_simulator(config, await simulator.start())
            stack.push_async_callback(simulator.close)
        session = await stack.enter_async_context(open_session())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for source in config.sources:
                    group.create_task(_record_feed(config, source, session, recorder, clock))


async def _record_feed(
    config: RegionConfig, source: Source, session: aiohttp.ClientSession, recorder: Recorder, clock: ServiceClock
) -> None:
    """Poll one feed until cancelled; what fails is told, and tried again."""
    gbfs = GbfsFetcher(source) if isinstance(source, MobilitySource) else None
    validators = Validators()
    came = False
    while True:
        try:
            if gbfs is not None:
                files = await gbfs.fetch(session, clock.now())
                body = None if files is None else pack(files)
            else:
                fetched = await fetch(session, source.request(), validators)
                body, validators = fetched.body, fetched.validators
            if body is not None:
                await asyncio.to_thread(recorder.add, source.id, kind_of(config, source), body, at=clock.now())
                if not came:
                    click.echo(f"{source.id}: first came {len(body):,} bytes")
                came = True
        except (FetchFailed, DatasetRefused) as fault:
            click.echo(f"{source.id}: {fault}", err=True)
        await asyncio.sleep(source.interval_s)


async def _replay(options: Options, recording: Recording) -> None:
    from smartreise.app.roles import serve

    server = Replay(recording, options.clock)
    base = await server.start()
    try:
        await serve(replace(options, config=_from_recording(options.config, recording, base)))
    finally:
        await server.close()


def _from_recording(config: RegionConfig, recording: Recording, base: str) -> RegionConfig:
    """The region with its feeds taken from a replay; those that were not recorded are left out."""

    def moved(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        return tuple(
            msgspec.structs.replace(
                source, url=f"{base}/{source.id}" + ("/gbfs" if isinstance(source, MobilitySource) else ""), headers={}
            )
            for source in sources
            if source.id in recording.changes
        )

    static = moved(config.static)
    if not static:
        raise ConfigError(f"{recording.folder}: none of the region's timetables was recorded")
    return msgspec.structs.replace(
        config, static=static, realtime=moved(config.realtime), mobility=moved(config.mobility), simulator_folder=None
    )


def _seconds(text: str) -> float:
    try:
        return parse_duration(text)
    except ValueError as fault:
        raise BadInput("--for", str(fault)) from None


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
