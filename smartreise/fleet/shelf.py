"""What administration needs of the store. `store.fleet` implements it; nothing here knows Redis.

What a reader would get wrong: a write names what it replaces, and is refused when that is no longer what is there.
Two administrators never overwrite each other unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

RecordKind = Literal["offices", "displays", "keys", "tokens", "notices", "webhooks"]


@dataclass(frozen=True, slots=True)
class Swap:
    """``new`` (None: nothing) in place of ``old`` (None: nothing), and its line in the audit log."""

    id: str
    old: bytes | None
    new: bytes | None
    audit: bytes


class Shelf(Protocol):
    """Every method raises `Unavailable` while the store does not answer."""

    async def find(self, kind: RecordKind, id_: str) -> bytes | None: ...

    async def list_records(self, kind: RecordKind) -> dict[str, bytes]: ...

    async def write(self, kind: RecordKind, swaps: Sequence[Swap]) -> str | None:
        """All of them in one step, or none: None when something else than an ``old`` was there. Else the fleet's
        revision after it."""
        ...

    async def list_audit(self, limit: int, *, before: str | None = None) -> list[tuple[str, bytes]]:
        """The newest lines with their ids, newest first; ``before``: only those older than this id."""
        ...

    async def put_passing(self, name: str, value: bytes, ttl_s: int) -> bool:
        """Keep something for a while; False when the name is taken."""
        ...

    async def set_passing(self, name: str, value: bytes, ttl_s: int) -> None:
        """Keep something for a while, whatever was there."""
        ...

    async def find_passing(self, name: str) -> bytes | None: ...

    async def drop_passing(self, *names: str) -> None: ...

    async def put_beat(self, display: str, beat: bytes) -> None: ...

    async def drop_beat(self, display: str) -> None: ...

    async def list_beats(self) -> dict[str, bytes]: ...

    async def take(self, bucket: str, per_minute: int, *, count: bool = False) -> tuple[int, float]:
        """One use out of a bucket that holds a minute's worth and refills steadily: uses left (−1: none was) and
        seconds until the next one is there, or until it is full. ``count``: add to the bucket's total."""
        ...

    async def list_uses(self) -> dict[str, int]:
        """Totals by bucket."""
        ...
