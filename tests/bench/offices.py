"""The demo region's office, whole: ways to four destinations, boards, vehicles and alerts, as a screen gets it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from smartreise.app.clock import ServiceClock
from smartreise.app.once import fetch_all, snapshot_of
from smartreise.ingest.catalogue import load
from smartreise.planner.search import warm
from smartreise.suggest.families import suggest
from smartreise.suggest.places import find_destination, place_of_office
from smartreise.suggest.wish import Wish
from smartreise.views.registry import VIEWS
from tests.bench.table import Row, against, each, ms


def run() -> Iterator[Row]:
    """A full multimodal answer against transit alone."""
    warm()
    today = datetime.fromtimestamp(ServiceClock().now(), ZoneInfo("Europe/Oslo"))
    moment = today.replace(hour=16, minute=0, second=0, microsecond=0)
    clock, now = ServiceClock.standing_at(moment.isoformat()), int(moment.timestamp())
    snapshot = snapshot_of(asyncio.run(fetch_all(load("demo", environ=os.environ), clock)), clock)
    office = snapshot.offices[0]
    origin = place_of_office(office)
    destinations = [place for d in office.destinations if (place := find_destination(snapshot, d)) is not None]
    transit = Wish(modes=frozenset({"bus", "tram", "metro", "rail", "ferry"}))
    rounds = range(20)
    plain = each(lambda _: suggest(snapshot, origin, destinations, transit, now=now), rounds)
    full = each(lambda _: suggest(snapshot, origin, destinations, Wish(useful_only=True), now=now), rounds)
    view = each(lambda _: VIEWS["office"].answer(snapshot, {"office": office.id}, now=now), rounds)
    yield against("demo office, four destinations: all vehicles ÷ transit alone", full, plain, 0.5, "≤ 3")
    yield Row("demo office: its whole view", ms(sorted(view)[len(view) // 2]))
