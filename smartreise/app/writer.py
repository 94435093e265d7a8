"""The single writer of a gateway: follows the store and swaps the current snapshot.

It compares what stands on the shelf with what it holds, so it never depends on having seen every change. While
the store is away it goes on with what it holds; what has vanished from the shelf is kept too.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from mmap import mmap
from typing import Final

from smartreise.app.clock import ServiceClock
from smartreise.app.forecasting import Table, read_table
from smartreise.app.memory import give_back_memory, let_go, mapped
from smartreise.fleet.offices import warnings_about
from smartreise.fleet.state import FleetState, build_state
from smartreise.ingest.catalogue import RegionConfig
from smartreise.ingest.gbfs import parse_system, state_at
from smartreise.ingest.gbfs_fetch import unpack
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.aging import too_old
from smartreise.live.assemble import assemble
from smartreise.live.delays import DelayTable
from smartreise.live.snapshot import Snapshot
from smartreise.model.feeds import FeedHealth, FeedKind
from smartreise.model.mobility import MobilitySystem
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage
from smartreise.model.spans import span
from smartreise.model.street import Streets
from smartreise.planner.held import follow
from smartreise.store.backup import Durable
from smartreise.store.durable import DurableShelf
from smartreise.store.fleet import FleetShelf, order_of
from smartreise.store.shelf import Entry, SchemaRefused, StoreLost
from smartreise.store.valkey import Store
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.codec import decode

log = logging.getLogger(__name__)

#: kinds of datasets that answers are made from
READ: Final = frozenset({"timetable", "realtime", "mobility", "forecast", "delays"})
WAIT_S: Final = 2.0
RETRY_S: Final = 0.5
#: whoever changed an office waits this long at most to see it
SHOW_S: Final = 3.0
#: lines of the log that a gateway holds, to put them back into a store that came back empty
AUDIT_HELD: Final = 1000
#: the first snapshot waits this long at most for streets
STREETS_S: Final = 60.0
#: tomorrow's layout is made this long before midnight
PREPARE_S: Final = 1800
#: pages of the mapped timetable that answers read are let go this often; reading one again costs a minor fault
LET_GO_S: Final = 10.0

Watcher = Callable[[Snapshot], None]


class Writer:
    """Holds the current snapshot and implements `push.source.SnapshotSource`."""

    def __init__(self, config: RegionConfig, store: Store, clock: ServiceClock, *, follow_clock: bool) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._follow_clock = follow_clock
        self._current: Snapshot | None = None
        self._watchers: list[Watcher] = []
        self._revisions: dict[str, str] = {}
        self._timetable: Timetable | None = None
        self._mapping: mmap | None = None
        self._prepared: tuple[str, date] | None = None
        self._let_go_at = 0.0
        self._messages: dict[str, RealtimeMessage] = {}
        self._systems: dict[str, MobilitySystem] = {}
        self._forecasts: dict[str, Table] = {}
        self._delays: DelayTable | None = None
        self._health: dict[str, FeedHealth] = {}
        self._fleet_shelf = FleetShelf(store)
        self._durable_shelf = DurableShelf(store)
        #: the durable part as last read
        self._durable: Durable | None = None
        self._fleet = FleetState(config.offices)
        self._fleet_held: str | None = None
        self._fleet_shown: str | None = None
        self._swapped = asyncio.Condition()
        self._warned: tuple[str, ...] = ()
        self.streets: Streets | None = None
        #: set once streets are there, or there are none to wait for
        self.streets_known = asyncio.Event()
        self.store_lost_since: float | None = None
        #: why the store that answers is not used
        self.store_refused: str | None = None
        #: set once the first snapshot is there
        self.loaded = asyncio.Event()

    def current(self) -> Snapshot | None:
        """The newest snapshot, None until a timetable is loaded."""
        return self._current

    def on_change(self, callback: Watcher) -> Callable[[], None]:
        """Call ``callback`` after each swap; returns what unsubscribes it."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    async def run(self) -> None:
        """Follow the store until cancelled."""
        cursor = "$"
        while True:
            try:
                if cursor == "$":
                    cursor = await self._store.wait_for_change("$", 0)
                await self.refresh()
                if self.store_lost_since is not None:
                    log.info("the store answers again")
                    self.store_lost_since = self.store_refused = None
                cursor = await self._store.wait_for_change(cursor, WAIT_S)
            except StoreLost as lost:
                if self.store_lost_since is None:
                    self.store_lost_since = self._clock.now()
                    log.warning("serving what is held: %s", lost)
                self.store_refused = str(lost) if isinstance(lost, SchemaRefused) else None
                cursor = "$"
                if self._has_aged():
                    await self._swap()
                await asyncio.sleep(RETRY_S)

    async def refresh(self) -> None:
        """Take up whatever differs from what is held, and swap once for all of it. Raises `StoreLost`."""
        await self._store.agree()
        if self._follow_clock:
            # a store that came back empty has forgotten the clock: the last one goes on until ingest sets it again
            set_to = await self._store.find_clock()
            self._clock.offset_s = self._clock.offset_s if set_to is None else set_to
        entries = await self._store.list_entries()
        changed = False
        for name, entry in entries.items():
            if entry.kind in READ and self._revisions.get(name) != entry.revision:
                changed |= await self._take(entry)
        changed |= self._open_and_close()
        changed |= await self._take_health()
        changed |= await self._take_fleet()
        if self._timetable is None:
            return
        if self._current is None:
            await self._wait_for_streets()
        if changed or self._current is None or self._current.streets is not self.streets or self._has_aged():
            await self._swap()
        async with self._swapped:
            self._fleet_shown = self._fleet_held
            self._swapped.notify_all()
        await asyncio.to_thread(self._prepare)

    def _open_and_close(self) -> bool:
        """Let systems of shared vehicles open and close by their hours, though nothing new came of them."""
        now = int(self._clock.now())
        turned = {}
        for feed, system in self._systems.items():
            state = state_at(system, now)
            if state != system.state:
                turned[feed] = replace(system, state=state)
        self._systems |= turned
        return bool(turned)

    async def _wait_for_streets(self) -> None:
        """The first answers should follow streets; a large extract that is read for the first time comes later."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STREETS_S):
                await self.streets_known.wait()

    def _has_aged(self) -> bool:
        """Has a real-time message grown too old, since the last snapshot, to be believed of what is far?"""
        heard = self._current.heard if self._current is not None else None
        if heard is None:
            return False
        return too_old(self._messages.values(), self._config.region, int(self._clock.now())) != heard.until

    async def _take(self, entry: Entry) -> bool:
        """Parse one dataset. One that is of no use is told once and not tried again."""
        with span("store.read", dataset=entry.name):
            body = await self._store.find_body(entry.name)
        if body is None:
            return False
        with span("dataset.parse", dataset=entry.name):
            return await self._parse(entry, body)

    async def _parse(self, entry: Entry, body: bytes) -> bool:
        self._revisions[entry.name] = entry.revision
        try:
            if entry.kind == "timetable":
                self._timetable, self._mapping = await asyncio.to_thread(_decode_mapped, body)
            elif entry.kind == "realtime":
                self._messages[entry.feed] = await asyncio.to_thread(self._parse_message, entry, body)
            elif entry.kind == "mobility":
                self._systems[entry.feed] = await asyncio.to_thread(self._parse_system, entry, body)
            elif entry.kind == "forecast":
                self._forecasts[entry.feed] = read_table(body)
            elif entry.kind == "delays":
                self._delays = await asyncio.to_thread(DelayTable.decode, body)
        except DatasetRefused as refused:
            log.warning("%s on the shelf is of no use: %s", entry.name, refused)
            return False
        return True

    def _parse_message(self, entry: Entry, body: bytes) -> RealtimeMessage:
        prefix = self._config.prefix_of(entry.feed)
        message = parse_message(body, feed_id=entry.feed, now=entry.made_at or int(self._clock.now()), prefix=prefix)
        return message if message.timestamp is not None else replace(message, timestamp=entry.made_at)

    def _parse_system(self, entry: Entry, body: bytes) -> MobilitySystem:
        return parse_system(unpack(body), feed_id=entry.feed, now=int(self._clock.now()))

    async def _take_health(self) -> bool:
        """The health of all feeds; True if anything but the time of the last fetch differs."""
        found = await self._store.list_health(source.id for source in self._config.sources)
        health = {
            source.id: found.get(source.id) or FeedHealth(source.id, self._kind(source.id))
            for source in self._config.sources
        }
        same = {name: _without_fetch(h) for name, h in health.items()} == {
            name: _without_fetch(h) for name, h in self._health.items()
        }
        self._health = health
        return not same

    async def _take_fleet(self) -> bool:
        """Offices, displays and own messages, where somebody changed any. A store that came back empty gets the
        durable part back from the first gateway that notices."""
        revision = await self._fleet_shelf.revision()
        if revision is None and self._durable is not None and not self._durable.is_empty:
            revision = await self._durable_shelf.put_back(self._durable, replace=False)
            if revision is not None:
                log.warning("the store came back empty; offices, displays and keys were put back")
        if revision is None or revision == self._fleet_held:
            return False
        durable = await self._durable_shelf.take(audit=AUDIT_HELD)
        await self._store.agree()  # it was not brought to a form that we misread while we read it
        self._durable = durable
        records = self._durable.records
        self._fleet = build_state(
            self._config.offices,
            offices=records["offices"],
            displays=records["displays"],
            notices=records["notices"],
        )
        for text in self._fleet.unread:
            log.warning("left out what cannot be read: %s", text)
        self._fleet_held = revision
        return True

    async def until_fleet(self, revision: str) -> None:
        """Wait until answers show a change of offices or displays, for a moment at most: a gateway that is busy
        or not ready shows it later."""
        if self._current is None:
            return

        def shown() -> bool:
            return self._fleet_shown is not None and order_of(self._fleet_shown) >= order_of(revision)

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHOW_S), self._swapped:
                await self._swapped.wait_for(shown)

    def _kind(self, feed: str) -> FeedKind:
        if any(source.id == feed for source in self._config.static):
            return "static"
        return "realtime" if any(source.id == feed for source in self._config.realtime) else "mobility"

    async def _swap(self) -> None:
        timetable = self._timetable
        assert timetable is not None
        with span("snapshot.apply") as told:
            snapshot = await asyncio.to_thread(self._assemble, timetable)
            told.note("revision", snapshot.revision)
        self._warn(snapshot)
        self._current = snapshot
        self.loaded.set()
        for watcher in list(self._watchers):
            watcher(snapshot)

    def _assemble(self, timetable: Timetable) -> Snapshot:
        previous, now = self._current, int(self._clock.now())
        snapshot = assemble(
            region=self._config.region,
            timetable=timetable,
            messages=dict(self._messages),
            mobility=[self._with_forecast(s.id) for s in self._config.mobility if s.id in self._systems],
            offices=self._fleet.offices,
            feeds=list(self._health.values()),
            revision=previous.revision + 1 if previous else 1,
            now=now,
            previous=previous,
            displays=self._fleet.displays,
            notices=self._fleet.notices,
            streets=self.streets,
            delays=self._delays,
        )
        # nobody is to wait for what the first question on a layout would have to make
        is_same = previous is not None and previous.timetable is timetable
        follow(timetable, previous.layouts.at(now) if previous and is_same else None, snapshot.layouts.at(now))
        return snapshot

    def _with_forecast(self, feed: str) -> MobilitySystem:
        system, table = self._systems[feed], self._forecasts.get(feed)
        if table is None:
            return system
        told = {station: tuple(rows) for station, rows in table.stations.items()}
        return replace(system, forecasts=told, forecasts_at=table.at, confidence=table.confidence)

    def _prepare(self) -> None:
        """Make the layout of the day that is about to begin. Once it is made, what it was made from may go."""
        snapshot = self._current
        if snapshot is None:
            return
        layout = snapshot.layouts.at(int(self._clock.now()) + PREPARE_S)
        prepared = (snapshot.timetable.version, layout.day)
        anew, now = prepared != self._prepared, self._clock.now()
        if self._mapping is not None and (anew or not 0 <= now - self._let_go_at < LET_GO_S):
            self._let_go_at = now
            let_go(self._mapping)
        if anew:
            self._prepared = prepared
            give_back_memory()

    def _warn(self, snapshot: Snapshot) -> None:
        warned = tuple(warnings_about(snapshot.timetable, snapshot.offices))
        for text in warned:
            if text not in self._warned:
                log.warning("%s", text)
        self._warned = warned


def _decode_mapped(body: bytes) -> tuple[Timetable, mmap | None]:
    """The timetable of a blob, and the file it is mapped from where there is room for one."""
    try:
        mapping = mapped(body)
    except (OSError, ValueError) as fault:  # no room, or nothing to map
        log.info("the timetable is held in memory, not in a file: %s", fault)
        return decode(body), None
    return decode(mapping), mapping


def _without_fetch(health: FeedHealth) -> FeedHealth:
    return replace(health, fetched_at=None, retry_at=None)
