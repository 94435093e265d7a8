"""Keeps how late vehicles were: once a minute the leading ingest lays its messages over the timetable and looks at
what passed since the last time.

What a reader would get wrong: a call is counted when it has just passed by the newest forecast, so each is counted
once, with the last that was said of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from smartreise.live.assemble import assemble
from smartreise.live.delays import DelayHistory
from smartreise.live.snapshot import Snapshot
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.region import Region
from smartreise.suggest.chance import station_id
from smartreise.timetable.arrays import NO_TIME, REALTIME, SKIPPED, Layout, Timetable

log = logging.getLogger(__name__)

#: the history goes to the store this often (s)
KEEP_EVERY_S = 300
#: what passed longer ago than this was not watched
_LOOK_BACK_S = 120


class Delays:
    """The history of a region's delays."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._zone = ZoneInfo(region.timezone)
        self.history = DelayHistory()
        self._kept_at = 0
        self._seen_until: int | None = None
        self._last: Snapshot | None = None

    async def look(self, timetable: Timetable, messages: Sequence[RealtimeMessage], now: int) -> None:
        """Take in what passed since the last look."""
        try:
            await asyncio.to_thread(self._look, timetable, messages, now)
        except Exception:
            log.exception("delays were not taken in")
            self._last = None

    async def take_body(self, now: int) -> bytes | None:
        """The history to keep in the store, when it is time to and there is any."""
        if not len(self.history) or now - self._kept_at < KEEP_EVERY_S:
            return None
        self._kept_at = now
        return await asyncio.to_thread(self.history.encode)

    def _look(self, timetable: Timetable, messages: Sequence[RealtimeMessage], now: int) -> None:
        snapshot = assemble(
            region=self._region,
            timetable=timetable,
            messages={message.feed_id: message for message in messages},
            mobility=(),
            offices=(),
            feeds=(),
            revision=1,
            now=now,
            previous=self._last,
        )
        self._last = snapshot
        since = now - _LOOK_BACK_S if self._seen_until is None else max(self._seen_until, now - _LOOK_BACK_S)
        self._seen_until = now
        self.take(timetable, snapshot.layouts.at(now), since, now)

    def take(self, timetable: Timetable, layout: Layout, since: int, until: int) -> None:
        """Count the calls known by real time that passed after ``since`` and by ``until`` (epoch s)."""
        live = (layout.event_state & REALTIME != 0) & (layout.event_state & SKIPPED == 0)
        for way, expected, planned in (
            ("a", layout.event_arrive, layout.event_planned_arrive),
            ("d", layout.event_depart, layout.event_planned_depart),
        ):
            passed = live & (planned != NO_TIME) & (expected > since - layout.base) & (expected <= until - layout.base)
            for event in np.flatnonzero(passed).tolist():
                route = int(layout.dated_route[layout.event_dated[event]])
                if route < 0:
                    continue
                local = datetime.fromtimestamp(int(planned[event]) + layout.base, UTC).astimezone(self._zone)
                self.history.observe(
                    timetable.route_id[route],
                    station_id(timetable, int(layout.event_stop[event])),
                    local.hour * 3600 + local.minute * 60,
                    "a" if way == "a" else "d",
                    int(expected[event]) - int(planned[event]),
                )
