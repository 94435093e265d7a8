"""The health of every feed, and what else the people who run it should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smartreise.fleet.offices import warnings_about
from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.model.feeds import FeedHealth, feed_state, state_since
from smartreise.model.service_day import iso
from smartreise.views import wire
from smartreise.views.answer import EVERYTHING, Answer
from smartreise.views.moments import earliest
from smartreise.views.params import Canonical, Parameter, canonical


class FeedsView:
    """`GET /v1/feeds` and the topic `feeds`."""

    name = "feeds"
    about = "The health of every feed"
    parameters: Sequence[Parameter[Any]] = ()
    result: type[wire.Wire] = wire.Feeds
    reads: frozenset[Aspect] = EVERYTHING

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        data = wire.Feeds(
            feeds=[_feed(snapshot, health, now) for health in snapshot.feeds],
            warnings=list(warnings_about(snapshot.timetable, snapshot.offices)),
            repaired=_repaired(snapshot, now),
            region=snapshot.region.name,
            timezone=snapshot.region.timezone,
            demo=snapshot.region.demo,
            public_url=snapshot.region.public_url,
        )
        return Answer(data, earliest(*(stale_turn(health, now) for health in snapshot.feeds)))


def _repaired(snapshot: Snapshot, now: int) -> dict[str, int]:
    """Updates that made times run backwards or trips overtake, named stops that are not there, and the like."""
    counts = dict(snapshot.layouts.at(now).counts)
    for reason, number in (snapshot.heard.resolved.counts if snapshot.heard is not None else {}).items():
        counts[reason] = counts.get(reason, 0) + number
    return dict(sorted(counts.items()))


def stale_turn(health: FeedHealth, now: int) -> int | None:
    """When a fresh feed grows stale if nothing new comes."""
    if health.data_at is None or health.stale_after_s is None or feed_state(health, now) != "fresh":
        return None
    return health.data_at + health.stale_after_s + 1


def _feed(snapshot: Snapshot, health: FeedHealth, now: int) -> wire.Feed:
    def instant(at: int | None) -> str | None:
        return None if at is None else iso(at, snapshot.zone)

    return wire.Feed(
        id=health.id,
        kind=health.kind,
        state=feed_state(health, now),
        since=instant(state_since(health, now)),
        updated_at=instant(health.data_at),
        entities=dict(health.entities),
        match_rate=health.match_rate,
        unmatched=dict(health.unmatched),
        skipped=dict(health.skipped),
        last_error=health.last_error,
        retry_at=instant(health.retry_at),
        licence=health.licence,
        attribution=health.attribution,
    )
