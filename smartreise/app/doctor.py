"""What is wrong with a set-up, in plain words: each finding says what was looked at and what to do about it.

Looks, and changes nothing. A check that cannot be made is a finding too.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from smartreise.ingest.catalogue import RegionConfig, load
from smartreise.model.problems import ConfigError, SmartreiseError
from smartreise.store.embedded import find_socket
from smartreise.store.migrations import Plan
from smartreise.store.schema import Kept
from smartreise.store.shelf import StoreLost
from smartreise.store.valkey import Store

Level = Literal["ok", "note", "bad"]
LEAST_DISK: Final = 1 << 30
#: descriptors that a gateway needs beside one for each socket
SPARE_FILES: Final = 256
OLDEST_REDIS: Final = (6, 2)


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` is empty where all is well."""

    level: Level
    subject: str
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What to look at."""

    region: str
    redis: str | None
    data_dir: Path | None
    host: str
    port: int
    web_dist: Path
    default_data_dir: Callable[[str], Path]


async def examine(what: SetUp) -> list[Finding]:
    """All findings, in the order in which a start would meet them."""
    found = [*_machine(), _pages(what.web_dist)]
    try:
        config = load(what.region, environ=os.environ)
    except ConfigError as fault:
        return [*found, Finding("bad", "region", str(fault), "correct the region file or the variable that it names")]
    found += _region(config)
    folder = what.data_dir or what.default_data_dir(config.region.id)
    if what.redis is not None:
        found += await _store(what.redis, config.region.id)
    elif (running := find_socket(folder)) is not None:
        found.append(Finding("note", "data folder", f"{folder}: a service runs on it"))
        found += await _store(running, config.region.id)
    else:
        found += _data_folder(folder)
    found.append(_port(what.host, what.port))
    return found


def _machine() -> Iterator[Finding]:
    yield Finding("ok", "python", ".".join(map(str, sys.version_info[:3])))
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files < 4096 + SPARE_FILES:
        text = f"a process may open {files} files, so at most {max(0, files - SPARE_FILES)} screens and browsers"
        yield Finding("note", "open files", text, "raise it with `ulimit -n 65536`, or LimitNOFILE in systemd")
    else:
        yield Finding("ok", "open files", f"{files} allowed")


def _pages(web_dist: Path) -> Finding:
    if (web_dist / "index.html").is_file():
        return Finding("ok", "pages", str(web_dist))
    return Finding("bad", "pages", f"{web_dist} holds no pages", "build them with `make web`")


def _region(config: RegionConfig) -> Iterator[Finding]:
    yield Finding("ok", "region", f"{config.file}: {len(config.sources)} feeds, {len(config.offices)} offices")
    entur = any("entur.io" in source.url for source in config.sources)
    if entur and not os.environ.get("SMARTREISE_CLIENT_NAME"):
        yield Finding(
            "note",
            "client name",
            "Entur's feeds are asked under a name of the project",
            "set SMARTREISE_CLIENT_NAME=company-application: Entur limits callers by that name",
        )
    for source in config.sources:
        if "://" not in source.url and not source.url.startswith("$") and not Path(source.url).exists():
            yield Finding(
                "bad", f"feed {source.id}", f"{source.url} does not exist", "correct `url` in the region file"
            )


def _data_folder(folder: Path) -> Iterator[Finding]:
    existing = folder
    while not existing.exists():
        existing = existing.parent
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as fault:
        text = f"{folder} cannot be written: {fault.strerror or fault}"
        yield Finding("bad", "data folder", text, "give another one with --data-dir, or change its owner")
        return
    free = shutil.disk_usage(existing).free
    if free < LEAST_DISK:
        text = f"{folder}: {free >> 20} MiB are free"
        yield Finding("bad", "data folder", text, "free some space: the store writes all it holds to this disk")
    else:
        yield Finding("ok", "data folder", f"{folder}: {free >> 30} GiB are free")


async def _store(url: str, region: str) -> list[Finding]:
    try:
        store = Store(url, region)
    except SmartreiseError as fault:
        return [Finding("bad", "store", str(fault), "correct --redis, e.g. redis://host:6379")]
    try:
        facts, kept = await store.facts(), await store.kept()
        return [*_judge_store(facts), _judge_schema(kept, store.schema.plan)]
    except StoreLost as lost:
        return [Finding("bad", "store", str(lost), "start it, or correct the address or password in --redis")]
    finally:
        await store.close()


def _judge_store(facts: dict[str, Any]) -> Iterator[Finding]:
    version = str(facts.get("valkey_version") or facts.get("redis_version") or "?")
    name = "Valkey" if facts.get("valkey_version") else "Redis"
    numbers = tuple(int(part) for part in str(facts.get("redis_version") or "0").split(".")[:2] if part.isdigit())
    if numbers < OLDEST_REDIS:
        yield Finding("bad", "store", f"{name} {version}", "use Redis 6.2 or newer, or Valkey")
    else:
        yield Finding("ok", "store", f"{name} {version} answers")
    if facts.get("role") != "master":
        yield Finding(
            "bad", "store", "it is a replica, which takes no writes", "give the primary's address, or Sentinel's"
        )
    if not int(facts.get("aof_enabled") or 0):
        yield Finding(
            "bad",
            "store",
            "its append-only file is off: offices, displays and keys are lost when it restarts",
            "set `appendonly yes` in its configuration",
        )
    elif facts.get("aof_last_write_status") != "ok":
        yield Finding("bad", "store", "it cannot write its append-only file", "look at its disk and its log")
    policy, most = str(facts.get("maxmemory_policy") or "noeviction"), int(facts.get("maxmemory") or 0)
    if most and policy != "noeviction":
        text = f"it drops keys when memory is short ({policy})"
        yield Finding("bad", "store", text, "set `maxmemory-policy noeviction`: nothing in it may be dropped")


def _judge_schema(kept: Kept, plan: Plan) -> Finding:
    """A store that is empty has no number either: nothing is amiss then."""
    ours = f"this version knows {plan.schema}"
    if kept.number is None:
        return Finding("ok", "schema", f"the store says none yet; the first start makes it {plan.schema}")
    if kept.least > plan.schema:
        text = f"the store is kept in {kept.number} by version {kept.by}, {ours}"
        return Finding("bad", "schema", text, "update this installation, or restore a backup with --replace")
    if kept.number < plan.schema:
        text = f"the store is kept in {kept.number}, {ours}: the first start migrates it"
        return Finding("note", "schema", text, "take a backup first: `smartreise backup FILE`")
    return Finding("ok", "schema", f"{kept.number}; {ours}")


def _port(host: str, port: int) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            text = f"{host}:{port}: {fault.strerror or fault}"
            return Finding("note", "port", text, "something listens there already (this service?); else use --port")
    return Finding("ok", "port", f"{host}:{port} is free")
