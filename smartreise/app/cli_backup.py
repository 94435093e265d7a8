"""`smartreise backup` and `smartreise restore`: offices, displays, keys, messages and the log as one file of JSON."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click

from smartreise.app import settings
from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import load
from smartreise.model.problems import ConfigError, Conflict, SmartreiseError
from smartreise.store.backup import KINDS, Durable, decode_backup, encode_backup
from smartreise.store.durable import DurableShelf
from smartreise.store.embedded import embedded_valkey, find_socket
from smartreise.store.migrations import Plan
from smartreise.store.valkey import Store


@click.command()
@settings.region_option()
@settings.redis_option()
@settings.data_dir_option()
@click.option(
    "--before",
    type=click.IntRange(min=0),
    metavar="SCHEMA",
    help="The copy that was kept when the store was migrated from this schema, in the last 30 days.",
)
@click.argument("file", type=click.Path(path_type=Path))
def backup(region: str, redis: str | None, data_dir: Path | None, before: int | None, file: Path) -> None:
    """Write the durable part of the store to FILE: offices, displays, keys (hashed), messages, log.

    Works beside a running service and without one, and changes nothing.

    \b
    Example: smartreise backup --region ruter /var/backups/smartreise.json
    """
    text = asyncio.run(_take(region, redis, data_dir, before))
    held, schema = decode_backup(text)
    beside = file.with_name(file.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(text)
        beside.replace(file)
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be written: {fault.strerror or fault}") from None
    click.echo(f"{file}: schema {schema}: " + ", ".join(f"{len(held.records[kind])} {kind}" for kind in KINDS))


@click.command()
@settings.region_option()
@settings.redis_option()
@settings.data_dir_option()
@click.option(
    "--replace",
    "take_its_place",
    is_flag=True,
    help="Take the place of what the store holds; else only an empty one is filled.",
)
@click.argument("file", type=click.Path(path_type=Path))
def restore(region: str, redis: str | None, data_dir: Path | None, take_its_place: bool, file: Path) -> None:
    """Put a backup back, in today's schema if it is older. Screens and gateways take it up at once.

    \b
    Example: smartreise restore --region ruter /var/backups/smartreise.json
    """
    held = _read(file)
    if not asyncio.run(_put_back(region, redis, data_dir, held, replaced=take_its_place)):
        raise Conflict("the store holds offices, displays or keys already; --replace takes their place")
    click.echo("restored: " + ", ".join(f"{len(held.records.get(kind, {}))} {kind}" for kind in KINDS))


def _read(file: Path) -> Durable:
    """The durable part in our schema. Raises `ConfigError` that names the file."""
    try:
        held, schema = decode_backup(file.read_bytes())
        return replace(held, records=Plan().migrated(held.records, schema))
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be read: {fault.strerror or fault}") from None
    except ConfigError as fault:
        raise ConfigError(f"{file}: {fault}") from None


async def _take(region: str, redis: str | None, data_dir: Path | None, before: int | None) -> bytes:
    async with _store(region, redis, data_dir) as store:
        if before is not None:
            kept_copy = await store.find_before(before)
            if kept_copy is None:
                raise ConfigError(f"the store keeps no copy from before a migration of schema {before}")
            return kept_copy
        kept, known = await store.kept(), store.schema.plan.schema
        if (kept.number or 0) > known:
            raise ConfigError(f"the store is kept in schema {kept.number}, this version knows {known}: use a newer one")
        held = await DurableShelf(store).take()
        schema = (0 if not held.is_empty else known) if kept.number is None else kept.number
        return encode_backup(held, region=store.keys.region, made_at=ServiceClock().now(), schema=schema)


async def _put_back(region: str, redis: str | None, data_dir: Path | None, held: Durable, *, replaced: bool) -> bool:
    async with _store(region, redis, data_dir) as store:
        return await DurableShelf(store).put_back(held, replace=replaced) is not None


@asynccontextmanager
async def _store(region: str, redis: str | None, data_dir: Path | None) -> AsyncIterator[Store]:
    """The store at an address, or the embedded one: that of a running service, else started for the moment."""
    config = load(region, environ=os.environ)
    folder = data_dir or settings.user_data_dir() / config.region.id
    running = redis or find_socket(folder)
    if running is not None:
        store = Store(running, config.region.id)
        try:
            yield store
        finally:
            await store.close()
        return
    try:
        async with embedded_valkey(folder) as url:
            store = Store(url, config.region.id)
            try:
                yield store
            finally:
                await store.close()
    except* SmartreiseError as faults:  # the child's task group wraps what went wrong
        raise faults.exceptions[0] from None
