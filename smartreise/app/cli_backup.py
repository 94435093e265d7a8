"""`smartreise backup` and `smartreise restore`: offices, displays, keys, messages and the log as one file of JSON."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import click
import msgspec

from smartreise.app import settings
from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import load
from smartreise.model.problems import ConfigError, Conflict
from smartreise.store.durable import KINDS, Durable, DurableShelf
from smartreise.store.embedded import embedded_valkey, find_socket
from smartreise.store.valkey import Store

FORMAT: Final = "smartreise-backup"
VERSION: Final = 1


class Backup(msgspec.Struct, forbid_unknown_fields=True):
    """The file. Records are base64 of what the store holds, so that they come back byte for byte."""

    format: str
    version: int
    region: str
    made_at: float
    records: dict[str, dict[str, str]]
    audit: list[str]
    uses: dict[str, int]


@click.command()
@settings.region_option()
@settings.redis_option()
@settings.data_dir_option()
@click.argument("file", type=click.Path(path_type=Path))
def backup(region: str, redis: str | None, data_dir: Path | None, file: Path) -> None:
    """Write the durable part of the store to FILE: offices, displays, keys (hashed), messages, log.

    Works beside a running service and without one.

    \b
    Example: smartreise backup --region ruter /var/backups/smartreise.json
    """
    held, name = asyncio.run(_take(region, redis, data_dir))
    text = encode_backup(held, region=name, made_at=ServiceClock().now())
    beside = file.with_name(file.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(text)
        beside.replace(file)
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be written: {fault.strerror or fault}") from None
    click.echo(f"{file}: " + ", ".join(f"{len(held.records[kind])} {kind}" for kind in KINDS))


@click.command()
@settings.region_option()
@settings.redis_option()
@settings.data_dir_option()
@click.option(
    "--replace", is_flag=True, help="Take the place of what the store holds; else only an empty one is filled."
)
@click.argument("file", type=click.Path(path_type=Path))
def restore(region: str, redis: str | None, data_dir: Path | None, replace: bool, file: Path) -> None:
    """Put a backup back. Screens and gateways take it up at once.

    \b
    Example: smartreise restore --region ruter /var/backups/smartreise.json
    """
    held = decode_backup(file)
    if not asyncio.run(_put_back(region, redis, data_dir, held, replace=replace)):
        raise Conflict("the store holds offices, displays or keys already; --replace takes their place")
    click.echo("restored: " + ", ".join(f"{len(held.records.get(kind, {}))} {kind}" for kind in KINDS))


async def _take(region: str, redis: str | None, data_dir: Path | None) -> tuple[Durable, str]:
    async with _store(region, redis, data_dir) as store:
        return await DurableShelf(store).take(), store.keys.region


async def _put_back(region: str, redis: str | None, data_dir: Path | None, held: Durable, *, replace: bool) -> bool:
    async with _store(region, redis, data_dir) as store:
        return await DurableShelf(store).put_back(held, replace=replace) is not None


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
    async with embedded_valkey(folder) as url:
        store = Store(url, config.region.id)
        try:
            yield store
        finally:
            await store.close()


def encode_backup(held: Durable, *, region: str, made_at: float) -> bytes:
    """The file's bytes."""
    records: dict[str, dict[str, str]] = {
        kind: {name: base64.b64encode(body).decode() for name, body in sorted(held.records.get(kind, {}).items())}
        for kind in KINDS
    }
    lines = [base64.b64encode(line).decode() for line in held.audit]
    whole = Backup(FORMAT, VERSION, region, made_at, records, lines, held.uses)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)


def decode_backup(file: Path) -> Durable:
    """What a file holds. Raises `ConfigError` for one that is no backup, or of a newer version."""
    try:
        whole = msgspec.json.decode(file.read_bytes(), type=Backup)
        if whole.format != FORMAT or not 1 <= whole.version <= VERSION:
            raise ConfigError(f"{file}: not a backup that this version reads ({whole.format} {whole.version})")
        return Durable(
            records={
                kind: {name: _bytes(body) for name, body in whole.records.get(kind, {}).items()} for kind in KINDS
            },
            audit=tuple(map(_bytes, whole.audit)),
            uses=whole.uses,
        )
    except OSError as fault:
        raise ConfigError(f"{file}: cannot be read: {fault.strerror or fault}") from None
    except (msgspec.MsgspecError, ValueError) as fault:
        raise ConfigError(f"{file}: not a backup: {fault}") from None


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
