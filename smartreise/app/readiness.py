"""Is the service ready, and is all well? Goes red when a feed stops, not only before its first success."""

from __future__ import annotations

import asyncio

from smartreise.app.clock import ServiceClock
from smartreise.app.writer import Writer
from smartreise.ingest.catalogue import RegionConfig
from smartreise.model.feeds import feed_state


class Readiness:
    """Called for each `/readyz`: (can it answer, "ok" or "degraded", reasons in words)."""

    def __init__(self, writer: Writer, clock: ServiceClock, config: RegionConfig, warmed: asyncio.Event) -> None:
        self._writer = writer
        self._clock = clock
        self._optional = {source.id for source in config.sources if source.optional}
        self._warmed = warmed

    def __call__(self) -> tuple[bool, str, list[str]]:
        snapshot = self._writer.current()
        refused = self._writer.store_refused
        if snapshot is None:
            return False, "starting", ["no timetable is loaded yet", *([refused] if refused else [])]
        if not self._warmed.is_set():
            return False, "starting", ["the planner is being made ready"]
        reasons = []
        if self._writer.store_lost_since is not None:
            reasons.append(f"{refused or 'the store does not answer'}; serving what is held")
        now = int(self._clock.now())
        for health in snapshot.feeds:
            state = feed_state(health, now)
            if state != "fresh" and health.id not in self._optional:
                reasons.append(f"feed {health.id} is {state}" + (f": {health.last_error}" if health.last_error else ""))
        return True, "degraded" if reasons else "ok", reasons
