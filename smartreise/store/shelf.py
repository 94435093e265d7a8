"""What stands on the shelf between processes: datasets, each whole, by kind and feed."""

from __future__ import annotations

from dataclasses import dataclass

from smartreise.model.problems import SmartreiseError, Unavailable


@dataclass(frozen=True, slots=True)
class Dataset:
    """The newest whole of a feed. `revision` is a digest of its body, `made_at` epoch seconds."""

    kind: str
    feed: str
    revision: str
    made_at: int | None
    body: bytes

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.feed}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset on the shelf without its body."""

    kind: str
    feed: str
    revision: str
    made_at: int | None

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.feed}"


class StoreLost(Unavailable):
    """The store does not answer."""


class SchemaRefused(StoreLost):
    """The store is kept in a form that this version does not know; nothing is read from it or written to it."""


class Deposed(SmartreiseError):
    """A write was refused: another process leads now."""
