"""The forecast in service: what stations had is kept, learnt from every hour, and told of after each poll.

Only the ingest that leads does this; gateways copy the small table that comes out. What a reader would get wrong:
scikit-learn is brought in when there is enough to learn from, and not before: most processes never need it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from smartreise.forecast.history import LEAST_HISTORY_S
from smartreise.forecast.recorder import Recorder
from smartreise.model.mobility import MobilitySystem
from smartreise.model.problems import DatasetRefused

if TYPE_CHECKING:
    from smartreise.forecast.live import Forecaster

log = logging.getLogger(__name__)

#: seconds ahead that stations are told about
AHEAD_S: Final = (600, 1200, 1800)
#: the history goes to the store this often, and is learnt from this often (s)
KEEP_EVERY_S: Final = 300
LEARN_EVERY_S: Final = 3600


class Table(msgspec.Struct, frozen=True):
    """What is told of one system: by station (seconds ahead, chance of a bike, of a dock)."""

    at: int
    stations: dict[str, list[tuple[int, float, float]]]
    #: by station: the share of two weeks of observations that stands behind what is told
    confidence: dict[str, float] = {}


@dataclass(slots=True)
class _Kept:
    recorder: Recorder = field(default_factory=Recorder)
    forecaster: Forecaster | None = None
    kept_at: int = 0
    learnt_at: int = 0


@dataclass(slots=True)
class Forecasting:
    """The forecasts of a region's systems, by feed."""

    zone: ZoneInfo
    _systems: dict[str, _Kept] = field(default_factory=dict)
    #: held while threads look into histories
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def load(self, feed: str, body: bytes) -> None:
        """Go on from a kept history. Raises `DatasetRefused`."""
        self._systems[feed] = _Kept(Recorder.decode(body))

    async def observe(self, system: MobilitySystem, now: int) -> bytes | None:
        """Take in what a system's stations have; what there is to tell, as the body of a dataset, if anything."""
        try:
            async with self._busy:
                return await asyncio.to_thread(self._observe, system, now)
        except Exception:
            log.exception("the forecast of %s failed", system.feed_id)
            self._systems.pop(system.feed_id, None)
            return None

    def _observe(self, system: MobilitySystem, now: int) -> bytes | None:
        kept = self._systems.setdefault(system.feed_id, _Kept())
        for station in system.stations:
            at = min(now, system.stations_at or system.updated_at)
            docks = None if station.is_virtual else station.docks
            if kept.forecaster is not None:
                kept.forecaster.observe(station.id, at, bikes=station.bikes, docks=docks)
            else:
                kept.recorder.observe(station.id, at, bikes=station.bikes, docks=docks)
        return self._told(system, kept, now)

    async def take_history(self, feed: str, now: int) -> bytes | None:
        """The history to keep in the store, when it is time to."""
        kept = self._systems.get(feed)
        if kept is None or now - kept.kept_at < KEEP_EVERY_S:
            return None
        kept.kept_at = now
        async with self._busy:
            return await asyncio.to_thread(kept.recorder.encode)

    async def learn(self, feed: str, now: int) -> None:
        """Learn anew from a system's history, when it is time to and there is enough of it."""
        kept = self._systems.get(feed)
        if kept is None or now - kept.learnt_at < LEARN_EVERY_S:
            return
        kept.learnt_at = now
        try:
            async with self._busy:
                history = await asyncio.to_thread(kept.recorder.history)
        except DatasetRefused:
            return  # nothing was seen yet
        if len(history) * history.step_s < LEAST_HISTORY_S:
            return
        from smartreise.forecast.live import Forecaster, Model

        try:
            model = await asyncio.to_thread(Model.fit, history, self.zone)
        except Exception:
            log.exception("nothing was learnt of %s", feed)
            return
        kept.forecaster = Forecaster(kept.recorder, model)
        log.info("the forecast of %s learnt from %d stations", feed, len(history.stations))

    def _told(self, system: MobilitySystem, kept: _Kept, now: int) -> bytes | None:
        if kept.forecaster is None:
            return None
        stations, confidence = {}, {}
        for station in system.stations:
            chances = [(ahead, kept.forecaster.predict(station.id, now, in_s=ahead)) for ahead in AHEAD_S]
            if any(c.confidence == 0 or c.p_bike is None or c.p_dock is None for _, c in chances):
                continue
            confidence[station.id] = chances[0][1].confidence
            stations[station.id] = [(s, round(c.p_bike or 0.0, 3), round(c.p_dock or 0.0, 3)) for s, c in chances]
        return msgspec.json.encode(Table(now, stations, confidence))


def read_table(body: bytes) -> Table:
    """What `Forecasting.observe` wrote. Raises `DatasetRefused`."""
    try:
        return msgspec.json.decode(body, type=Table)
    except msgspec.MsgspecError as fault:
        raise DatasetRefused(f"not a forecast: {fault}") from None
