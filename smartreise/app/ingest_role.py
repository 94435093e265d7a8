"""The ingest role: one process leads and polls, the others stand by.

What a leader fetched it keeps in memory beyond its term. A store that came back empty is therefore filled
again at the start of the next term, before any source is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import aiohttp

from smartreise.app.clock import ServiceClock
from smartreise.app.delays import Delays
from smartreise.app.forecasting import Forecasting
from smartreise.app.memory import give_back_memory
from smartreise.ingest.catalogue import MobilitySource, RealtimeSource, RegionConfig, Source, StaticSource
from smartreise.ingest.durations import parse_duration
from smartreise.ingest.fetch import Validators, fetch, open_session
from smartreise.ingest.gates import judge_message, judge_timetable
from smartreise.ingest.gbfs import parse_system
from smartreise.ingest.gbfs_fetch import GbfsFetcher, pack
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.ingest.poller import Outcome, Poller
from smartreise.live.delays import DelayHistory
from smartreise.model.feeds import FeedHealth, FeedKind
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.service_day import local_date
from smartreise.model.spans import span
from smartreise.store.keys import LEASE_S
from smartreise.store.shelf import Dataset, Deposed, StoreLost
from smartreise.store.valkey import Store
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build, version_of
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.tables import GtfsTables

log = logging.getLogger(__name__)

TIMETABLE = "timetable:region"
DELAYS = "delays:region"
#: whether it is time to keep or to learn from what stations had is looked at this often (s)
FORECAST_LOOK_S = 60
#: a timetable is asked for whole, whatever its server says of it, this often (s)
ASK_WHOLE_S = 86_400


class IngestRole:
    """Polls a region's feeds into the store while it leads."""

    def __init__(self, config: RegionConfig, store: Store, clock: ServiceClock, *, sets_clock: bool) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._sets_clock = sets_clock
        self._owner = f"{os.uname().nodename}:{os.getpid()}"
        self._token = 0
        self._store_lost = False
        self._held: dict[str, Dataset] = {}
        self._validators: dict[str, Validators] = {}
        #: when each feed last sent its whole body (epoch s)
        self._whole_at: dict[str, float] = {}
        self._tables: dict[str, GtfsTables] = {}
        self._timetable: Timetable | None = None
        self._messages: dict[str, RealtimeMessage] = {}
        #: why the newest bytes of a feed were refused, until other bytes come
        self._refused: dict[str, str] = {}
        self._systems = {source.id: GbfsFetcher(source) for source in config.mobility}
        self._forecasting = Forecasting(ZoneInfo(config.region.timezone))
        self._delays = Delays(config.region)
        self._building = asyncio.Lock()
        self._session: aiohttp.ClientSession
        self._pollers = [self._poller(source) for source in config.sources]

    async def run(self) -> None:
        """Lead whenever the lease is free; until cancelled."""
        async with open_session() as self._session:
            while True:
                try:
                    await self._store.agree()
                    token = await self._store.lead(self._owner)
                    self._store_answers()
                    if token is not None:
                        await self._term(token)
                except StoreLost as lost:
                    self._store_is_lost(lost)
                await asyncio.sleep(LEASE_S / 5)

    async def resign(self) -> None:
        """Let the next one lead at once."""
        try:
            await self._store.resign(self._owner)
        except StoreLost:
            log.info("the lease runs out by itself: the store is away")

    async def _term(self, token: int) -> None:
        """Poll until the lease or the store is lost."""
        log.info("ingest leads with token %d", token)
        self._token = token
        await self._catch_up()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_lease(), name="lease")
                group.create_task(self._rebuild(), name="rebuild")
                for poller in self._pollers:
                    group.create_task(poller.run(), name=f"poll {poller.health.id}")
                group.create_task(self._forecast(), name="forecast")
        except* Deposed:
            log.warning("ingest stands by: another one leads")
        except* StoreLost as lost:
            self._store_is_lost(lost.exceptions[0])

    def _store_is_lost(self, reason: BaseException) -> None:
        """One line when it begins."""
        if not self._store_lost:
            log.warning("ingest pauses: %s", reason)
        self._store_lost = True

    def _store_answers(self) -> None:
        """One line when it is over."""
        if self._store_lost:
            log.info("the store answers ingest again")
        self._store_lost = False

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            if not await self._store.renew(self._owner):
                raise Deposed("the lease ran out")

    async def _forecast(self) -> None:
        """Keep what stations had, and learn from it."""
        while True:
            await asyncio.sleep(FORECAST_LOOK_S)
            for source in self._config.mobility:
                history = await self._forecasting.take_history(source.id, self._now())
                if history is not None:
                    await self._put("history", source.id, history, self._now())
                await self._forecasting.learn(source.id, self._now())
            await self._watch_delays()

    async def _watch_delays(self) -> None:
        """Take in how late vehicles were in the last minute, and keep it now and then."""
        if self._timetable is None or not self._messages:
            return
        now = self._now()
        await self._delays.look(self._timetable, list(self._messages.values()), now)
        body = await self._delays.take_body(now)
        if body is not None:
            await self._put("delays", "region", body, now)

    async def _catch_up(self) -> None:
        """Bring memory and shelf together: put back what the shelf lost, take up what another leader wrote."""
        await self._agree_on_clock()
        entries = await self._store.list_entries()
        for name, dataset in list(self._held.items()):
            entry = entries.get(name)
            if entry is not None and entry.revision == dataset.revision:
                continue
            if entry is None or (entry.made_at or 0) <= (dataset.made_at or 0):
                await self._store.put(dataset, self._token)
            else:
                await self._take_up(name)
        for name in entries.keys() - self._held.keys():
            await self._take_up(name)
        health = await self._store.list_health(poller.health.id for poller in self._pollers)
        for poller in self._pollers:
            found = health.get(poller.health.id)
            if found is not None and poller.health.fetched_at is None and poller.health.failing_since is None:
                poller.health = _carried_over(poller.health, found)

    async def _rebuild(self) -> None:
        """Make the timetable of the zips on the shelf where the blob there is of no use, e.g. of another version: so
        an update needs no source that answers."""
        if self._timetable is not None:
            return
        by_feed = {source.id: source for source in self._config.static}
        zips = [held for name, held in self._held.items() if name.startswith("static:") and held.feed in by_feed]
        async with self._building:
            if self._timetable is not None or not zips:
                return
            newest = max(zips, key=lambda held: held.made_at or 0)
            try:
                await self._take_static(by_feed[newest.feed], newest.body)
                log.info("the timetable was built from the zip on the shelf")
            except DatasetRefused as refused:
                log.warning("the zip on the shelf is of no use: %s", refused)

    async def _agree_on_clock(self) -> None:
        """Keep our clock in the store if it was set here, else follow the one that is there."""
        if self._sets_clock:
            await self._store.set_clock(self._clock.offset_s)
        else:
            set_to = await self._store.find_clock()
            self._clock.offset_s = self._clock.offset_s if set_to is None else set_to

    async def _take_up(self, name: str) -> None:
        """Hold what the shelf has, so that gates compare with it."""
        kind, _, feed = name.partition(":")
        body = await self._store.find_body(name)
        entry = (await self._store.list_entries()).get(name)
        if body is None or entry is None or (feed not in self._known() and name not in (TIMETABLE, DELAYS)):
            return
        self._held[name] = Dataset(kind, feed, entry.revision, entry.made_at, body)
        try:
            if name == TIMETABLE:
                self._timetable = await asyncio.to_thread(decode, body)
            elif kind == "realtime":
                self._messages[feed] = await asyncio.to_thread(self._parse, feed, body, entry.made_at or 0)
            elif kind == "history":
                self._forecasting.load(feed, body)
            elif name == DELAYS:
                self._delays.history = await asyncio.to_thread(DelayHistory.decode, body)
        except DatasetRefused as refused:
            log.info("%s on the shelf is of no use: %s", name, refused)

    def _known(self) -> set[str]:
        return {source.id for source in self._config.sources}

    def _poller(self, source: Source) -> Poller:
        kind, get, stale = self._ways(source)
        health = FeedHealth(
            id=source.id,
            kind=kind,
            stale_after_s=stale,
            licence=source.licence,
            attribution=source.attribution,
        )
        return Poller(health, source.interval_s, get=get, report=self._report, clock=self._clock)

    def _ways(self, source: Source) -> tuple[FeedKind, Callable[[], Awaitable[Outcome]], int | None]:
        """Kind, getter and age limit of a source."""
        if isinstance(source, StaticSource):
            return "static", lambda: self._get_static(source), None
        if isinstance(source, RealtimeSource):
            return "realtime", lambda: self._get_realtime(source), int(parse_duration(source.stale_after))
        assert isinstance(source, MobilitySource)
        return "mobility", lambda: self._get_mobility(source), int(parse_duration(source.stale_after))

    async def _report(self, health: FeedHealth, turned: bool) -> None:
        if turned and health.last_error:
            log.warning("feed %s is failing: %s", health.id, health.last_error)
        elif turned:
            log.info("feed %s is well", health.id)
        await self._store.put_health(health, self._token, announce=turned)
        self._store_answers()

    async def _put(self, kind: str, feed: str, body: bytes, made_at: int | None, revision: str | None = None) -> None:
        dataset = Dataset(kind, feed, revision or hashlib.sha256(body).hexdigest()[:16], made_at, body)
        self._held[dataset.name] = dataset
        with span("store.publish", dataset=dataset.name, size=len(body)):
            await self._store.put(dataset, self._token)

    async def _fetch(self, source: Source) -> bytes | None:
        known = self._known_of(source)
        with span("feed.fetch", feed=source.id) as told:
            fetched = await fetch(self._session, source.request(), known)
            told.note("size", len(fetched.body or b""))
        if fetched.body is not None or known.etag is None:
            self._whole_at[source.id] = self._clock.now()
        # kept even if the body is refused: asking again for the same bytes would bring the same refusal,
        # which stands in the feed's health until something new comes
        self._validators[source.id] = fetched.validators
        return fetched.body

    def _known_of(self, source: Source) -> Validators:
        """What we say that we have. Servers have been seen to answer 304 for ever: now and then we ask for the whole,
        and the digest tells whether it is new."""
        known = self._validators.get(source.id, Validators())
        often = parse_duration(source.stale_after) if isinstance(source, RealtimeSource) else ASK_WHOLE_S
        if self._clock.now() - self._whole_at.get(source.id, 0.0) < often:
            return known
        return replace(known, etag=None, last_modified=None)

    def _now(self) -> int:
        return int(self._clock.now())

    def _today(self) -> date:
        return local_date(self._now(), ZoneInfo(self._config.region.timezone))

    async def _get_static(self, source: StaticSource) -> Outcome:
        body = await self._fetch_or_refuse(source)
        if body is None:
            return Outcome(self._now(), changed=False)
        try:
            async with self._building:
                return await self._take_static(source, body)
        except DatasetRefused as refused:
            self._refused[source.id] = refused.reason
            raise

    async def _fetch_or_refuse(self, source: Source) -> bytes | None:
        """The body if it is new. The same bytes that were refused are refused again."""
        body = await self._fetch(source)
        if body is not None:
            self._refused.pop(source.id, None)
        elif source.id in self._refused:
            raise DatasetRefused(self._refused[source.id])
        return body

    async def _take_static(self, source: StaticSource, body: bytes) -> Outcome:
        digest = hashlib.sha256(body).hexdigest()
        if self._is_built(source, digest):
            assert self._timetable is not None
            return Outcome(self._now(), changed=False, entities=_sizes(self._timetable), skipped=self._timetable.counts)
        timetable, tables = await self._compile(source, body)
        judge_timetable(timetable, self._timetable, self._today())
        blob = await asyncio.to_thread(encode, timetable)
        # what is held from now on lies in the blob, which is held too
        timetable = await asyncio.to_thread(decode, blob)
        await self._put("static", source.id, body, self._now(), digest)
        await self._put("timetable", "region", blob, self._now(), timetable.version)
        self._timetable = timetable
        if tables is not None:
            self._tables[source.id] = tables
        give_back_memory()
        return Outcome(self._now(), changed=True, entities=_sizes(timetable), skipped=timetable.counts)

    async def _compile(self, source: StaticSource, body: bytes) -> tuple[Timetable, GtfsTables | None]:
        """The region's timetable with a feed's new zip; the feed's tables where other feeds will need them again."""
        with span("feed.parse", feed=source.id):
            tables = await asyncio.to_thread(parse_gtfs, body, feed_id=source.id, prefix=source.prefix)
        together = [tables if other.id == source.id else await self._other(other) for other in self._config.static]
        present = [feed for feed in together if feed is not None]
        with span("timetable.build", feeds=len(present)):
            timetable = await asyncio.to_thread(build, present, self._config.region, about=self._today())
        return timetable, tables if len(self._config.static) > 1 else None

    def _is_built(self, source: StaticSource, digest: str) -> bool:
        """Is the timetable that we hold made of just these bytes and those of the other feeds?"""
        digests = []
        for other in self._config.static:
            held = self._held.get(f"static:{other.id}")
            if other.id != source.id and held is not None:
                digests.append((other.id, other.prefix, held.revision))
            elif other.id == source.id:
                digests.append((other.id, other.prefix, digest))
        held_now = self._timetable is not None and TIMETABLE in self._held
        return held_now and self._held[TIMETABLE].revision == version_of(digests, self._config.region)

    async def _other(self, source: StaticSource) -> GtfsTables | None:
        """Tables of another static feed of the region, from its zip on the shelf if need be."""
        if source.id not in self._tables and f"static:{source.id}" in self._held:
            body = self._held[f"static:{source.id}"].body
            self._tables[source.id] = await asyncio.to_thread(parse_gtfs, body, feed_id=source.id, prefix=source.prefix)
        return self._tables.get(source.id)

    async def _get_realtime(self, source: RealtimeSource) -> Outcome:
        body = await self._fetch_or_refuse(source)
        held = self._messages.get(source.id)
        if body is None:
            undated = held is not None and held.timestamp is None
            return Outcome(self._now() if undated else None, changed=False)
        try:
            with span("feed.parse", feed=source.id):
                message = await asyncio.to_thread(self._parse, source.id, body, self._now())
            if not judge_message(message, held, self._now()):
                return Outcome(None, changed=False)
        except DatasetRefused as refused:
            self._refused[source.id] = refused.reason
            raise
        self._messages[source.id] = message
        made_at = message.timestamp or self._now()
        await self._put("realtime", source.id, body, made_at)
        return Outcome(made_at, changed=True, skipped=message.skipped)

    def _parse(self, feed: str, body: bytes, now: int) -> RealtimeMessage:
        return parse_message(body, feed_id=feed, now=now, prefix=self._config.prefix_of(feed))

    async def _get_mobility(self, source: MobilitySource) -> Outcome:
        fetcher = self._systems[source.id]
        with span("feed.fetch", feed=source.id):
            files = await fetcher.fetch(self._session, self._clock.now())
        if files is None:
            if source.id in self._refused:
                raise DatasetRefused(self._refused[source.id])
            return Outcome(None, changed=False)
        try:
            with span("feed.parse", feed=source.id):
                system = await asyncio.to_thread(parse_system, files, feed_id=source.id, now=self._now())
        except DatasetRefused as refused:
            self._refused[source.id] = refused.reason
            raise
        self._refused.pop(source.id, None)
        await self._put("mobility", source.id, pack(files), system.updated_at)
        forecast = await self._forecasting.observe(system, self._now())
        if forecast is not None:
            await self._put("forecast", source.id, forecast, self._now())
        counts = {"stations": len(system.stations), "vehicles": len(system.vehicles)}
        return Outcome(system.updated_at, changed=True, entities=counts, skipped=dict(system.skipped))


def _sizes(timetable: Timetable) -> dict[str, int]:
    return {
        "stops": len(timetable.stop_id),
        "lines": len(timetable.route_id),
        "trips": len(timetable.trip_id),
        "calls": len(timetable.call_stop),
    }


def _carried_over(health: FeedHealth, found: FeedHealth) -> FeedHealth:
    """What a new leader goes on from: the facts of the data on the shelf."""
    return replace(
        health,
        data_at=found.data_at,
        fetched_at=found.fetched_at,
        failing_since=found.failing_since,
        since=found.since,
        last_error=found.last_error,
        entities=found.entities,
        skipped=found.skipped,
    )
