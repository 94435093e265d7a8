"""Real time on the drawn city: from a message's bytes to the snapshot that readers see, beside nigiri's apply.

What is timed is all that a gateway does in its worker: scan, match, lay over, mend the indices, swap. Both sides get
the same bytes in turn; the processor's time of the calling thread counts, not what else the machine does.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from google.transit import gtfs_realtime_pb2 as pb

from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.assemble import assemble
from smartreise.live.snapshot import Snapshot
from smartreise.model.region import Region
from smartreise.timetable.arrays import Layout
from tests.bench.delays import draw_delays
from tests.bench.table import Row, against, each, ms

if TYPE_CHECKING:
    from tests.bench.engine import Bench

TRIPS: Final = 2500
MESSAGES: Final = 9


def run(bench: Bench, name: str, region: Region) -> Iterator[Row]:
    """Rows of taking up messages; leaves the last one laid over, at the peer too."""
    bodies = [draw_delays(bench.timetable, bench.layout, bench.morning, trips=TRIPS, seed=n) for n in range(MESSAGES)]
    gateway = Gateway(bench, region)
    gateway.take(bodies[0])
    mine, peers = list[float](), list[float]()

    def apply(body: bytes) -> None:
        bench.peer.apply(body, gateway.day)

    for body in bodies:
        mine += each(gateway.take, [body])
        peers += each(apply, [body])
    size = f"{len(bodies[0]) / 1e6:.1f} MB of trip updates"
    yield against(f"{name}: {size} to snapshot", mine, peers, 0.5, "≤ 1.0")
    both = each(gateway.take_for_two_days, bodies)
    yield against(f"{name}: the same with tomorrow's layout in use too", both, peers, 0.5, "≤ 1.0")
    again = each(gateway.take, [stamped(bodies[-1], bench.morning + n) for n in range(1, 6)])
    yield against(f"{name}: a message that says the same again", again, peers, 0.5, "")
    gc.collect()
    gc.freeze()  # as a gateway does once it is ready
    held = max(asyncio.run(longest_wait(partial(gateway.take, body))) for body in bodies)
    yield Row(f"{name}: longest that the event loop waits meanwhile", ms(held), target="≤ 20 ms")


def live_layout(bench: Bench, region: Region) -> Layout:
    """Today with real time."""
    body = draw_delays(bench.timetable, bench.layout, bench.morning, trips=TRIPS, seed=MESSAGES - 1)
    return Gateway(bench, region).take(body).layouts.at(bench.morning)


class Gateway:
    """What a gateway's writer holds."""

    def __init__(self, bench: Bench, region: Region) -> None:
        self.bench, self.region = bench, region
        self.day = bench.layout.day
        self.snapshot: Snapshot | None = None

    def take_for_two_days(self, body: bytes) -> None:
        """As `take`, with tomorrow's layout in use too."""
        self.take(body).layouts.at(self.bench.morning + 86_400)

    def take(self, body: bytes) -> Snapshot:
        """The snapshot with a message laid over today."""
        previous, now = self.snapshot, self.bench.morning
        self.snapshot = assemble(
            region=self.region,
            timetable=self.bench.timetable,
            messages={"rt": parse_message(body, feed_id="rt", now=now)},
            mobility=(),
            offices=(),
            feeds=(),
            revision=previous.revision + 1 if previous else 1,
            now=now,
            previous=previous,
        )
        return self.snapshot


def stamped(body: bytes, at: int) -> bytes:
    """The message with another timestamp."""
    message = pb.FeedMessage.FromString(body)
    message.header.timestamp = at
    return message.SerializeToString()


async def longest_wait(work: Callable[[], object]) -> float:
    """Seconds that other tasks of the loop had to wait at most while ``work`` ran in a worker thread."""
    running = asyncio.create_task(asyncio.to_thread(work))  # noqa: TID251 - awaited below
    longest, last = 0.0, time.perf_counter()
    while not running.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last - 0.001), time.perf_counter()
    await running
    return longest
