"""Runs faults against a service and tells of each: was it survived, how soon was all fresh again, what was lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from tests.chaos.feed_faults import FeedFault
from tests.chaos.publisher import FEEDS, Publisher
from tests.service import Service

#: all is fresh again so soon after a fault ends (s)
FRESH_WITHIN_S = 10.0
DOCKS = "/v1/mobility?near=59.9,10.6&radius_m=500"
BOARD = "/v1/stops/A/departures?limit=5"
PAGES = (BOARD, DOCKS, "/v1/offices/o/view", "/v1/suggestions?from=A&to=C", "/v1/alerts")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    fault: str
    where: str
    recovery_s: float
    lost: str = "nothing"


def states(feeds: Any) -> Mapping[str, Any]:
    return {feed["id"]: feed for feed in feeds["feeds"]}


async def all_fresh(service: Service, *, within_s: float) -> None:
    """Wait until every feed is fresh, or fail."""
    await service.until("/v1/feeds", lambda found: all(f["state"] == "fresh" for f in found["feeds"]), seconds=within_s)


async def look(service: Service) -> None:
    """Every page answers as it should: 200, with departures and docks."""
    answers = {path: await service.get(path) for path in PAGES}
    assert answers[BOARD]["departures"], "the board is empty"
    assert len(answers[DOCKS]["stations"]) == 3, "docks are gone"


async def survive(service: Service, publisher: Publisher, fault: FeedFault) -> Row:
    """Inject a fault of a feed, look at everything while it lasts, lift it, and time the recovery."""
    await all_fresh(service, within_s=20)
    lines = len(service.lines)
    publisher.spoilt[fault.feed] = fault.spoil
    try:
        told = await _seen(service, publisher, fault)
        await look(service)
        for other in set(FEEDS) - {fault.source}:
            assert told[other]["state"] == "fresh", f"{fault.name}: {other} suffers: {told[other]}"
        ready = await service.get("/readyz")
        assert ready["status"] == ("ok" if fault.seen == "fresh" else "degraded"), (fault.name, ready)
    finally:
        publisher.spoilt.clear()
    begun = monotonic()
    await all_fresh(service, within_s=FRESH_WITHIN_S)
    took = monotonic() - begun
    await look(service)
    await _told_once(service, fault, lines)
    assert not any("Traceback" in line for line in service.lines[lines:]), service.lines[lines:]
    return Row(fault.name, fault.source, took)


async def _told_once(service: Service, fault: FeedFault, since: int) -> None:
    """One line when a feed begins to fail and one when it is well; at most one of what does not make it fail."""
    well = f"feed {fault.source} is well"
    if fault.seen == "failing":
        for _ in range(50):  # what it prints comes by a pipe
            if any(well in line for line in service.lines[since:]):
                break
            await asyncio.sleep(0.1)
    log = service.lines[since:]
    warned = [line for line in log if "WARNING" in line or "ERROR" in line]
    healed = [line for line in log if well in line]
    if fault.seen == "failing":
        assert len(warned) == len(healed) == 1, f"{fault.name}: {warned} {healed}"
        assert f"feed {fault.source} is failing: " in warned[0], f"{fault.name}: {warned}"
    assert len(warned) <= 1, f"{fault.name}: more than one line: {warned}"


async def _seen(service: Service, publisher: Publisher, fault: FeedFault) -> Mapping[str, Any]:
    """Wait until the fault shows as it should; how the feeds stand then."""
    source = fault.source
    if fault.seen != "fresh":
        try:
            found = await service.until(
                "/v1/feeds", lambda found: states(found)[source]["state"] == fault.seen, seconds=20
            )
        except AssertionError as unseen:
            log = "\n".join(service.lines[-20:])
            raise AssertionError(f"{fault.name} of {fault.feed} is not seen: {unseen}\n{log}") from None
        if fault.seen == "failing":
            reason = states(found)[source]["last_error"]
            assert reason
            assert fault.about in reason, f"{fault.name}: {reason!r} does not say {fault.about!r}"
            assert "\n" not in reason
            assert not re.search(r"[a-z]Error", reason), reason  # no exception's name
        return states(found)
    before = publisher.asked.get(fault.feed, 0)
    for _ in range(100):  # until the spoilt reply has been taken, twice
        if publisher.asked.get(fault.feed, 0) >= before + 3:
            break
        await asyncio.sleep(0.1)
    return states(await service.get("/v1/feeds"))
