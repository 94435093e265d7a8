"""`smartreise feeds`: what is configured, and whether it is any good."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import click
import msgspec

from smartreise.app import settings
from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import MobilitySource, RegionConfig, Source, load
from smartreise.ingest.fetch import FetchFailed, Validators, fetch, open_session
from smartreise.ingest.gbfs_fetch import GbfsFetcher
from smartreise.model.feeds import FeedKind
from smartreise.model.problems import DatasetRefused

if TYPE_CHECKING:
    from smartreise.app.once import Report


@click.group()
def feeds() -> None:
    """The region's feeds: list, check, fetch."""


@feeds.command(name="list")
@settings.region_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_feeds(region: str, as_json: bool) -> None:
    """What is configured.

    \b
    Example: smartreise feeds list --region ruter
    """
    config = load(region, environ=os.environ)
    rows = [
        {"id": s.id, "kind": kind_of(config, s), "url": s.url, "interval_s": s.interval_s, "licence": s.licence,
         "attribution": s.attribution, "optional": s.optional}
        for s in config.sources
    ]  # fmt: skip
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"feeds": rows}), indent=2).decode())
        return
    for row in rows:
        click.echo(f"{row['id']:<28} {row['kind']:<9} every {row['interval_s']:>6g} s  {row['url']}")


@feeds.command()
@settings.region_option()
@settings.clock_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(region: str, clock: str | None, as_json: bool) -> None:
    """Fetch every feed once, validate it and report. Exits 1 if one is bad.

    \b
    Example: smartreise feeds check --region demo
    """
    now = ServiceClock() if clock is None else ServiceClock.standing_at(clock)
    from smartreise.app.once import fetch_all  # it brings the engine: a second that no other command need pay

    found = asyncio.run(fetch_all(load(region, environ=os.environ), now))
    if as_json:
        rows = [asdict(report) for report in found.reports]
        click.echo(msgspec.json.format(msgspec.json.encode({"feeds": rows}), indent=2).decode())
    else:
        for report in found.reports:
            _print(report)
    sys.exit(1 if any(not report.ok and not report.optional for report in found.reports) else 0)


def _print(report: Report) -> None:
    mark = "ok     " if report.ok else "missing" if report.optional else "BAD    "
    click.echo(f"{mark} {report.id} ({report.kind}): {report.summary}")
    for name, value in report.details.items():
        if isinstance(value, dict) and value:
            click.echo(f"          {name.replace('_', ' ')}: " + ", ".join(f"{k} {v}" for k, v in value.items()))


@feeds.command(name="fetch")
@settings.region_option()
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="Folder to write into.")
def fetch_feeds(region: str, folder: Path) -> None:
    """Fetch every feed once and keep its raw bytes, one file or folder a feed. Exits 1 if one fails.

    \b
    Example: smartreise feeds fetch --region ruter --to recording/
    """
    config = load(region, environ=os.environ)
    if config.simulator_folder is not None:
        raise click.UsageError("a simulated region has nothing to fetch from outside; use `feeds check`")
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(_fetch_all(config, folder)))


async def _fetch_all(config: RegionConfig, folder: Path) -> int:
    failed = 0
    async with open_session() as session:
        for source in config.sources:
            try:
                size = await _fetch_one(session, source, folder)
            except (FetchFailed, DatasetRefused, OSError) as fault:
                failed += not source.optional
                click.echo(f"BAD     {source.id}: {fault}")
            else:
                click.echo(f"ok      {source.id}: {size:,} bytes")
    return 1 if failed else 0


async def _fetch_one(session: aiohttp.ClientSession, source: Source, folder: Path) -> int:
    if isinstance(source, MobilitySource):
        files = await GbfsFetcher(source).fetch(session, 0.0) or {}
        await asyncio.to_thread(_write_files, folder / source.id, files)
        return sum(map(len, files.values()))
    body = (await fetch(session, source.request(), Validators())).body or b""
    suffix = ".zip" if body[:2] == b"PK" else ".pb"
    await asyncio.to_thread((folder / f"{source.id}{suffix}").write_bytes, body)
    return len(body)


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / f"{name}.json").write_bytes(body)


def kind_of(config: RegionConfig, source: Source) -> FeedKind:
    if source in config.static:
        return "static"
    return "realtime" if source in config.realtime else "mobility"
