"""Twenty minutes of the demo region's rush hour: what deltas weigh beside the snapshots that they stand for."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import structs

from smartreise.app import once
from smartreise.app.clock import ServiceClock
from smartreise.ingest.catalogue import MobilitySource, RealtimeSource, load, with_simulator
from smartreise.ingest.fetch import open_session
from smartreise.live.assemble import assemble
from smartreise.planner.search import warm
from smartreise.push import frames
from smartreise.push.topic import State
from smartreise.push.topics import answer
from smartreise.simulator.server import Simulator
from smartreise.views.registry import VIEWS
from tests.bench.table import Row

STEP_S = 15
STEPS = 80
BOARDS = 12


def run() -> Iterator[Row]:
    """Bytes as they go over the wire, plain and packed."""
    warm()
    weighed = asyncio.run(_weigh())
    for name, (deltas, snapshots, packed, packed_snapshots) in weighed.items():
        yield Row(f"rush hour, {name}: deltas ÷ snapshots", kb(deltas), kb(snapshots), deltas / snapshots, "≤ 0.10")
        share = packed / packed_snapshots
        yield Row(f"rush hour, {name}, compressed: deltas ÷ snapshots", kb(packed), kb(packed_snapshots), share)


async def _weigh() -> dict[str, list[int]]:
    today = datetime.fromtimestamp(ServiceClock().now(), ZoneInfo("Europe/Oslo"))
    moment = today.replace(hour=16, minute=0, second=0, microsecond=0)
    clock = ServiceClock.standing_at(moment.isoformat())
    config = load("demo", environ=os.environ)
    assert config.simulator_folder is not None
    simulator = Simulator(config.simulator_folder, clock, seed=config.simulator_seed)
    config = with_simulator(config, await simulator.start())
    weighed: dict[str, list[int]] = {"boards": [0] * 4, "offices": [0] * 4}
    try:
        found = await once.fetch_all(structs.replace(config, simulator_folder=None), clock)
        snapshot, now = once.snapshot_of(found, clock), int(moment.timestamp())
        stops = [stop for stop, parent in zip(snapshot.timetable.stop_id, snapshot.timetable.stop_parent, strict=True)
                 if parent < 0][:BOARDS]  # fmt: skip
        asked = [("offices", "office", {"office": office.id}) for office in snapshot.offices]
        asked += [("boards", "board", dict(VIEWS["board"].canonical({"stop": stop, "limit": "10"}))) for stop in stops]
        states: list[State | None] = [None] * len(asked)
        async with open_session() as session:
            for _ in range(STEPS):
                for number, (kind, view, params) in enumerate(asked):
                    state, patch = answer(VIEWS[view], snapshot, params, now, states[number])
                    _add(weighed[kind], states[number], state, patch)
                    states[number] = state
                now += STEP_S
                clock.offset_s += now - clock.now()
                live: tuple[RealtimeSource | MobilitySource, ...] = (*config.realtime, *config.mobility)
                for source in live:
                    await once._live(found, session, source, clock)
                snapshot = assemble(
                    region=config.region,
                    timetable=snapshot.timetable,
                    messages=dict(found.messages),
                    mobility=list(found.systems.values()),
                    offices=config.offices,
                    feeds=list(snapshot.feeds),
                    revision=snapshot.revision + 1,
                    now=now,
                    previous=snapshot,
                )
    finally:
        await simulator.close()
    return weighed


def _add(sums: list[int], before: State | None, state: State, patch: bytes) -> None:
    if before is None or before.rev == state.rev:
        return
    whole = frames.snapshot("topic", state.rev, state.part, "2026-11-23T16:00:00.000+01:00")
    step = frames.delta("topic", before.rev, state.rev, patch, "2026-11-23T16:00:00.000+01:00")
    sent = step if len(patch) < len(state.body) else whole
    for number, size in enumerate((sent.size, whole.size, len(sent.packed_message), len(whole.packed_message))):
        sums[number] += size


def kb(size: int) -> str:
    return f"{size / 1000:.0f} kB"
