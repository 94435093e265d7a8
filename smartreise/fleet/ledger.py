"""The book that every change goes through: record, audit line and revision in one step, and who asked.

What a reader would get wrong: `put` returns only when this gateway's own answers show the change, so that whoever
changed something and looks finds it changed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar

import msgspec

from smartreise.fleet.records import Audit, AuditEntry, AuditRecord
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import Draw
from smartreise.fleet.shelf import RecordKind, Shelf, Swap
from smartreise.model.clock import Clock
from smartreise.model.problems import Conflict, Unavailable, UnknownId

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it is stored, and what is to be in its place (None: nothing); ``what`` people read in the log."""

    id: str
    old: bytes | None
    new: msgspec.Struct | None
    what: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`seen(revision)` waits until what this gateway answers from is at least of that revision."""

    shelf: Shelf
    clock: Clock
    zone: tzinfo
    draw: Draw
    seen: Callable[[str], Awaitable[None]]

    def now(self) -> int:
        return int(self.clock.now())

    def iso(self, at: float) -> str:
        """An instant as it is told outside."""
        return datetime.fromtimestamp(int(at), self.zone).isoformat()

    async def find(self, kind: RecordKind, id_: str, record: type[T]) -> T | None:
        raw = await self.shelf.find(kind, id_)
        return None if raw is None else _decode(raw, record, f"{kind} {id_}")

    async def get(self, kind: RecordKind, id_: str, record: type[T], *, called: str) -> T:
        """Raises `UnknownId` under the name that people have for it."""
        found = await self.find(kind, id_, record)
        if found is None:
            raise UnknownId(called, id_)
        return found

    async def list_records(self, kind: RecordKind, record: type[T]) -> list[T]:
        """All of a kind, by id; without those that cannot be read."""
        return [found for _, found in (await self.held(kind, record)).values()]

    async def held(self, kind: RecordKind, record: type[T]) -> dict[str, tuple[bytes, T]]:
        """All of a kind as they are stored, and read; without those that cannot be read, which the gateway's log
        names."""
        records = {}
        for id_, raw in sorted((await self.shelf.list_records(kind)).items()):
            with contextlib.suppress(Unavailable):
                records[id_] = raw, _decode(raw, record, f"{kind} {id_}")
        return records

    async def put(
        self, kind: RecordKind, id_: str, *, old: msgspec.Struct | None, new: msgspec.Struct | None, who: str, what: str
    ) -> None:
        """Raises `Conflict` when somebody else was faster."""
        raw = await self.shelf.find(kind, id_)
        held = None if raw is None or old is None else _decode(raw, type(old), f"{kind} {id_}")
        if held != old or (raw is None) != (old is None):
            raise Conflict(f"{id_} was changed meanwhile; look again")
        await self.put_all(kind, [Change(id_, raw, new, what)], who=who)

    async def put_all(self, kind: RecordKind, changes: Sequence[Change], *, who: str) -> None:
        """All of them or none. Raises `Conflict` when somebody else was faster with one."""
        at = self.now()
        swaps = [
            Swap(
                change.id,
                change.old,
                None if change.new is None else _encode(change.new),
                _encode(AuditRecord(at=at, who=who, what=change.what, id=change.id)),
            )
            for change in changes
        ]
        written = await self.shelf.write(kind, swaps)
        if written is None:
            one = changes[0].id if len(changes) == 1 else "one of them"
            raise Conflict(f"{one} was changed meanwhile; look again")
        await self.seen(written)

    async def audit(self, caller: Caller, *, limit: int, before: str | None = None) -> Audit:
        """Who changed what, newest first."""
        caller.need("admin")
        lines = await self.shelf.list_audit(limit + 1, before=before)
        entries = [self._entry(entry, msgspec.json.decode(raw, type=AuditRecord)) for entry, raw in lines[:limit]]
        return Audit(entries=entries, next=entries[-1].entry if len(lines) > limit else None)

    def _entry(self, entry: str, line: AuditRecord) -> AuditEntry:
        return AuditEntry(entry=entry, at=self.iso(line.at), who=line.who, what=line.what, id=line.id)


def _decode(raw: bytes, record: type[T], called: str) -> T:
    """Raises `Unavailable` for a record that is not as this version writes them."""
    try:
        return msgspec.json.decode(raw, type=record)
    except msgspec.MsgspecError as fault:
        raise Unavailable(f"{called} cannot be read by this version: {fault}") from None


def _encode(record: msgspec.Struct) -> bytes:
    return msgspec.json.encode(record)
