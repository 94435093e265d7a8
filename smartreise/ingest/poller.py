"""Polls one feed for ever: interval with jitter, backoff, Retry-After, and an honest record of how it went.

A poller knows nothing of what a feed holds: `get` fetches and hands over, and says what came of it. Whatever
fails is written to the feed's health and tried again; only cancellation ends a poller.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

from smartreise.ingest.fetch import FetchFailed
from smartreise.model.clock import Clock
from smartreise.model.feeds import FeedHealth
from smartreise.model.problems import DatasetRefused
from smartreise.model.spans import span

JITTER: Final = 0.1
FIRST_RETRY_S: Final = 30.0
LEAST_CAP_S: Final = 5.0
MOST_CAP_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a good poll brought: `data_at` is when the data was made (epoch s), None if nothing new came."""

    data_at: int | None
    changed: bool
    entities: dict[str, int] | None = None
    skipped: dict[str, int] | None = None


Get = Callable[[], Awaitable[Outcome]]
Report = Callable[[FeedHealth, bool], Awaitable[None]]


class Poller:
    """One feed's loop. `report` is told the health after each poll, and whether its state changed."""

    def __init__(self, health: FeedHealth, interval_s: float, *, get: Get, report: Report, clock: Clock) -> None:
        self.health = health
        self._interval_s = interval_s
        self._get = get
        self._report = report
        self._clock = clock
        self._failures = 0
        self._random = random.Random(health.id)  # noqa: S311 - jitter, not secrecy

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            begun = monotonic()
            delay = await self.poll()
            await asyncio.sleep(max(0.0, delay - (monotonic() - begun)) if self.is_well else delay)

    @property
    def is_well(self) -> bool:
        """Was the last poll good? Then the next comes an interval after that one began, else after it ended."""
        return self.health.failing_since is None

    async def poll(self) -> float:
        """Poll once; seconds to wait before the next."""
        with span("feed.poll", feed=self.health.id, kind=self.health.kind) as told:
            delay = await self._poll()
            told.note("well", self.is_well)
        return delay

    async def _poll(self) -> float:
        before = self.health
        try:
            outcome = await self._get()
        except FetchFailed as failed:
            delay = self._fail(failed.reason, failed.retry_after_s)
        except DatasetRefused as refused:
            delay = self._fail(refused.reason, None)
        else:
            delay = self._succeed(outcome)
        turned = (before.failing_since is None) != (self.health.failing_since is None) or before.data_at is None
        await self._report(self.health, turned and before != self.health)
        return delay

    def _succeed(self, outcome: Outcome) -> float:
        now = int(self._clock.now())
        self._failures = 0
        recovered = self.health.failing_since is not None or self.health.data_at is None
        self.health = replace(
            self.health,
            data_at=self.health.data_at if outcome.data_at is None else outcome.data_at,
            fetched_at=now,
            failing_since=None,
            since=now if recovered else self.health.since,
            retry_at=None,
            last_error=None,
            entities=self.health.entities if outcome.entities is None else outcome.entities,
            skipped=self.health.skipped if outcome.skipped is None else outcome.skipped,
        )
        return self._interval_s * self._random.uniform(1 - JITTER, 1 + JITTER)

    def _fail(self, reason: str, retry_after_s: float | None) -> float:
        now = int(self._clock.now())
        self._failures += 1
        cap = max(LEAST_CAP_S, min(self._interval_s * 2, MOST_CAP_S))
        delay: float = min(self._interval_s, FIRST_RETRY_S) * 2 ** min(self._failures - 1, 10)
        jittered = min(float(delay), cap) * self._random.uniform(1 - JITTER, 1 + JITTER)
        delay = max(jittered, retry_after_s or 0.0)
        failing = self.health.failing_since is not None
        self.health = replace(
            self.health,
            failing_since=self.health.failing_since if failing else now,
            since=self.health.since if failing else now,
            retry_at=now + round(delay),
            last_error=reason,
        )
        return delay
