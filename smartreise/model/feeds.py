"""The health of a feed: facts that a poller writes, and the state that follows from them at a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FeedKind = Literal["static", "realtime", "mobility"]
FeedState = Literal["fresh", "stale", "failing", "never"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """All instants are epoch seconds on the service's clock."""

    id: str
    kind: FeedKind
    #: when the data we hold was made: the message's own timestamp, else when it was fetched
    data_at: int | None = None
    #: last successful fetch (a 304 counts)
    fetched_at: int | None = None
    #: when the last failure began, None while the last fetch was good
    failing_since: int | None = None
    #: last change of state between good and failing, or first success
    since: int | None = None
    retry_at: int | None = None
    last_error: str | None = None
    #: data older than this is stale; None: never by age
    stale_after_s: int | None = None
    entities: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    match_rate: float | None = None
    unmatched: dict[str, int] = field(default_factory=dict)
    licence: str | None = None
    attribution: str | None = None
    url: str | None = None


def feed_state(health: FeedHealth, now: int) -> FeedState:
    """The state at `now` (epoch s): never, failing, stale by age, else fresh (contract, "Real time")."""
    if health.data_at is None:
        return "failing" if health.failing_since is not None else "never"
    if health.failing_since is not None:
        return "failing"
    if health.stale_after_s is not None and now - health.data_at > health.stale_after_s:
        return "stale"
    return "fresh"


def state_since(health: FeedHealth, now: int) -> int | None:
    """Epoch second since which `feed_state` has been what it is at `now`."""
    if feed_state(health, now) == "stale" and health.data_at is not None:
        return health.data_at + (health.stale_after_s or 0)
    return health.since
