"""A snapshot straight from a region's feeds, fetched once and kept nowhere: for commands without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import aiohttp

from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import (
    MobilitySource,
    RealtimeSource,
    RegionConfig,
    Source,
    StaticSource,
    with_simulator,
)
from smartreise.ingest.fetch import FetchFailed, Validators, fetch, open_session
from smartreise.ingest.gates import judge_timetable
from smartreise.ingest.gbfs import parse_system
from smartreise.ingest.gbfs_fetch import GbfsFetcher
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.live.resolve import resolve
from smartreise.live.snapshot import Snapshot
from smartreise.model.feeds import FeedHealth, FeedKind
from smartreise.model.mobility import MobilitySystem
from smartreise.model.problems import ConfigError, DatasetRefused
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.service_day import local_date
from smartreise.model.street import Streets
from smartreise.simulator.server import Simulator
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from smartreise.timetable.tables import GtfsTables


@dataclass(frozen=True, slots=True)
class Report:
    """What one feed brought: facts in words, or why it was refused."""

    id: str
    kind: FeedKind
    url: str
    ok: bool
    optional: bool
    summary: str
    bytes: int = 0
    details: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Fetched:
    """All that a region's feeds brought at once."""

    config: RegionConfig
    timetable: Timetable | None = None
    messages: dict[str, RealtimeMessage] = field(default_factory=dict)
    systems: dict[str, MobilitySystem] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)


async def fetch_all(config: RegionConfig, clock: ServiceClock) -> Fetched:
    """Fetch and parse every feed of a region once, with its simulator running if it has one."""
    async with AsyncExitStack() as stack:
        if config.simulator_folder is not None:
            simulator = Simulator(config.simulator_folder, clock, seed=config.simulator_seed)
            config = with_simulator(config, await simulator.start())
            stack.push_async_callback(simulator.close)
        session = await stack.enter_async_context(open_session())
        found = Fetched(config)
        await _static(found, session, clock)
        live: tuple[RealtimeSource | MobilitySource, ...] = (*config.realtime, *config.mobility)
        for source in live:
            found.reports.append(await _live(found, session, source, clock))
        return found


def snapshot_of(found: Fetched, clock: ServiceClock) -> Snapshot:
    """The snapshot of what was fetched. Raises `ConfigError` without a timetable."""
    if found.timetable is None:
        reasons = [f"{report.id}: {report.summary}" for report in found.reports if not report.ok]
        raise ConfigError("no timetable: " + "; ".join(reasons))
    return assemble(
        region=found.config.region,
        timetable=found.timetable,
        messages=found.messages,
        mobility=list(found.systems.values()),
        offices=found.config.offices,
        feeds=list(_health(found, clock)),
        revision=1,
        now=int(clock.now()),
        streets=_streets(found.config),
    )


def _streets(config: RegionConfig) -> Streets | None:
    if config.streets is None:
        return None
    from smartreise.street.build import open_streets  # SciPy takes its time

    return open_streets(config.streets, None)


def _health(found: Fetched, clock: ServiceClock) -> Iterator[FeedHealth]:
    now = int(clock.now())
    for report in found.reports:
        yield FeedHealth(
            id=report.id,
            kind=report.kind,
            data_at=now if report.ok else None,
            failing_since=None if report.ok else now,
            since=now,
            last_error=None if report.ok else report.summary,
        )


async def _static(found: Fetched, session: aiohttp.ClientSession, clock: ServiceClock) -> None:
    config = found.config
    today = local_date(int(clock.now()), _zone(config))
    tables: list[GtfsTables] = []
    for source in config.static:
        try:
            body = await _get(session, source)
            parsed = await asyncio.to_thread(parse_gtfs, body, feed_id=source.id, prefix=source.prefix)
            alone = await asyncio.to_thread(build, [parsed], config.region, about=today)
            judge_timetable(alone, None, today)
        except (FetchFailed, DatasetRefused) as fault:
            found.reports.append(_bad(source, "static", str(fault)))
            continue
        tables.append(parsed)
        found.reports.append(_timetable_report(source, alone, len(body)))
    if tables:
        found.timetable = await asyncio.to_thread(build, tables, config.region, about=today)


async def _live(
    found: Fetched, session: aiohttp.ClientSession, source: RealtimeSource | MobilitySource, clock: ServiceClock
) -> Report:
    now = int(clock.now())
    kind: FeedKind = "realtime" if isinstance(source, RealtimeSource) else "mobility"
    try:
        if isinstance(source, MobilitySource):
            files = await GbfsFetcher(source).fetch(session, clock.now()) or {}
            system = await asyncio.to_thread(parse_system, files, feed_id=source.id, now=now)
            found.systems[source.id] = system
            return _system_report(source, system, sum(map(len, files.values())))
        body = await _get(session, source)
        prefix = found.config.prefix_of(source.id)
        message = await asyncio.to_thread(parse_message, body, feed_id=source.id, now=now, prefix=prefix)
    except (FetchFailed, DatasetRefused) as fault:
        return _bad(source, kind, str(fault))
    found.messages[source.id] = message
    return _message_report(source, message, found.timetable, len(body), now)


async def _get(session: aiohttp.ClientSession, source: StaticSource | RealtimeSource) -> bytes:
    body = (await fetch(session, source.request(), Validators())).body
    assert body is not None, "a fetch without validators brings a body"
    return body


def _zone(config: RegionConfig) -> ZoneInfo:
    return ZoneInfo(config.region.timezone)


def _bad(source: Source, kind: FeedKind, reason: str) -> Report:
    return Report(source.id, kind, source.url, False, source.optional, reason)


def _timetable_report(source: StaticSource, timetable: Timetable, size: int) -> Report:
    counts = dict(timetable.counts)
    summary = (
        f"{len(timetable.stop_id)} stops, {len(timetable.route_id)} lines, {len(timetable.trip_id)} trips,"
        f" {len(timetable.call_stop)} calls, {timetable.first_day} to {timetable.last_day}"
    )
    return Report(
        source.id, "static", source.url, True, source.optional, summary, size, {"left_out_or_repaired": counts}
    )


def _message_report(
    source: RealtimeSource, message: RealtimeMessage, timetable: Timetable | None, size: int, now: int
) -> Report:
    age = "undated" if message.timestamp is None else f"{now - message.timestamp} s old"
    summary = (
        f"{len(message.trip_updates)} trip updates, {len(message.vehicles)} vehicles,"
        f" {len(message.alerts)} alerts, {age}"
    )
    details: dict[str, object] = {"skipped": dict(message.skipped)}
    if timetable is not None and message.trip_updates:
        matched = resolve(timetable, [message], now=now).by_feed[message.feed_id]
        rate = "none to match" if matched.rate is None else f"{matched.rate:.1%} matched"
        summary += f", {rate}"
        details |= {"match_rate": matched.rate, "unmatched": dict(matched.unmatched)}
    return Report(source.id, "realtime", source.url, True, source.optional, summary, size, details)


def _system_report(source: MobilitySource, system: MobilitySystem, size: int) -> Report:
    summary = f"GBFS {system.version}, {len(system.stations)} stations, {len(system.vehicles)} vehicles, {system.state}"
    return Report(
        source.id, "mobility", source.url, True, source.optional, summary, size, {"skipped": dict(system.skipped)}
    )
