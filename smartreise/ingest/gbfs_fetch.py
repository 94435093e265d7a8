"""Fetches a GBFS system: its gbfs.json, then the files that it names, each as often as its ttl allows.

One optional file that fails costs nothing; the last good one is used. Where gbfs.json is a file or a folder on
disk, its siblings are read by their feed names, since the addresses in it are somebody else's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import aiohttp
import msgspec

from smartreise.ingest.catalogue import MobilitySource
from smartreise.ingest.fetch import Fetched, FetchFailed, Validators, fetch
from smartreise.ingest.gbfs import parse_discovery
from smartreise.model.problems import DatasetRefused

#: files that change by the minute, and files that describe the system
STATUS: Final = ("station_status", "free_bike_status", "vehicle_status")
STEADY: Final = (
    *("system_information", "station_information", "vehicle_types", "system_hours", "system_calendar"),
    *("geofencing_zones", "system_pricing_plans"),
)
DISCOVERY: Final = "gbfs"
STEADY_S: Final = 60.0


class _Envelope(msgspec.Struct):
    ttl: float = 0


@dataclass(slots=True)
class _File:
    validators: Validators = field(default_factory=Validators)
    body: bytes | None = None
    next_at: float = 0.0


@dataclass(slots=True)
class GbfsFetcher:
    """Remembers each file of one system between polls."""

    source: MobilitySource
    files: dict[str, _File] = field(default_factory=dict)
    #: something came that no caller has been given yet: a later file of the same poll failed
    _pending: bool = False

    async def fetch(self, session: aiohttp.ClientSession, now: float) -> dict[str, bytes] | None:
        """All files of the system if any changed, else None. Raises `FetchFailed`, `DatasetRefused`."""
        urls = await self._discover(session, now)
        failures: dict[str, FetchFailed] = {}
        for name in (name for name in (*STEADY, *STATUS) if name in urls):
            try:
                self._pending |= await self._refresh(session, name, urls[name], now)
            except FetchFailed as failed:
                failures[name] = failed
        self._raise_what_matters(failures)
        if not self._pending:
            return None
        self._pending = False
        return {name: held.body for name, held in self.files.items() if held.body is not None and name != DISCOVERY}

    def _raise_what_matters(self, failures: dict[str, FetchFailed]) -> None:
        """A status file that we have had and cannot get now makes the feed fail. One that never came, of a system
        whose other status file does come, is a promise in gbfs.json that nobody keeps: the rest is of use."""
        had = [name for name in STATUS if name in self.files and self.files[name].body is not None]
        for name, failed in failures.items():
            if name in had or not had:
                raise failed

    async def _discover(self, session: aiohttp.ClientSession, now: float) -> dict[str, str]:
        """Address of each file."""
        if "://" not in self.source.url:
            return _siblings(Path(self.source.url))
        await self._refresh(session, DISCOVERY, self.source.url, now)
        held = self.files[DISCOVERY].body
        if held is None:
            raise FetchFailed("gbfs.json has not come yet")
        return {name: urljoin(self.source.url, url) for name, url in parse_discovery(held).items()}

    async def _refresh(self, session: aiohttp.ClientSession, name: str, url: str, now: float) -> bool:
        """Fetch one file if it is due; True if it changed. A failure of one that we hold and that is steady
        is left for the next time."""
        held = self.files.setdefault(name, _File())
        if now < held.next_at:
            return False
        try:
            fetched = await fetch(session, self.source.request(url), held.validators)
        except FetchFailed:
            if name in STATUS or (name == DISCOVERY and held.body is None):
                raise
            if held.body is not None:
                held.next_at = now + STEADY_S
            return False
        return self._keep(held, name, fetched, now)

    def _keep(self, held: _File, name: str, fetched: Fetched, now: float) -> bool:
        changed = fetched.body is not None
        if fetched.body is not None:
            held.body = fetched.body
        held.validators = fetched.validators
        floor = self.source.interval_s if name in STATUS else STEADY_S
        # a little less than the interval, so that a poll that comes a moment early still finds it due
        held.next_at = now + max(floor, _ttl(held.body)) - 0.2 * self.source.interval_s
        return changed

    def forget(self) -> None:
        """Fetch everything anew next time: what came was refused."""
        self.files.clear()


def _siblings(path: Path) -> dict[str, str]:
    folder = path if path.is_dir() else path.parent
    files = {name: (folder / f"{name}.json", folder / name) for name in (*STATUS, *STEADY)}  # some write no ".json"
    found = {name: str(file) for name, (a, b) in files.items() if (file := a if a.is_file() else b).is_file()}
    if not path.exists():
        raise FetchFailed(f"cannot be read: no such file {path}")
    if not found:
        raise DatasetRefused(f"no GBFS files beside {path.name}")
    return found


def _ttl(body: bytes | None) -> float:
    """The file's ttl in seconds, bounded to a day; 0 where it states none that makes sense."""
    try:
        ttl = msgspec.json.decode(body or b"", type=_Envelope).ttl
    except (msgspec.DecodeError, msgspec.ValidationError):
        return 0.0
    return min(max(ttl, 0.0), 86_400.0)


def pack(files: dict[str, bytes]) -> bytes:
    """All files of a system as one body for the store."""
    return msgspec.msgpack.encode(dict(sorted(files.items())))


def unpack(body: bytes) -> dict[str, bytes]:
    """The files of a packed system. Raises `DatasetRefused` for anything else."""
    try:
        return msgspec.msgpack.decode(body, type=dict[str, bytes])
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise DatasetRefused("not a packed GBFS system") from None
