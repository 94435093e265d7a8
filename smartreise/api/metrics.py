"""`/metrics`: counters of the HTTP side, and what push and the snapshot say when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from smartreise.fleet.health import health_of
from smartreise.fleet.records import BeatRecord, DisplayRecord
from smartreise.model.clock import Clock
from smartreise.model.feeds import feed_state
from smartreise.planner.held import statistics
from smartreise.push.hub import Hub
from smartreise.push.source import SnapshotSource
from smartreise.push.topics import Topics

#: can it answer, "ok" or "degraded" or "starting", reasons in words
Readiness = Callable[[], tuple[bool, str, list[str]]]
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """A registry of its own, so that two applications in one process do not meet."""

    def __init__(self, topics: Topics, hub: Hub, source: SnapshotSource, clock: Clock, readiness: Readiness) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "smartreise_http_requests", "Requests by route and status", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "smartreise_http_seconds", "Time to answer by route", ["route"], buckets=_BUCKETS, registry=self._registry
        )
        #: screens and their last heartbeats, as last read
        self.screens: list[tuple[DisplayRecord, BeatRecord | None]] = []
        self._registry.register(_Ready(readiness))
        self._registry.register(_Gauges(topics, hub, source, clock))
        self._registry.register(_Screens(self, clock))

    def count(self, route: str, status: int, seconds: float) -> None:
        """One answered request; `route` is its pattern, never its text."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Ready(Collector):
    """What `/readyz` says, so that whoever watches numbers alone sees a store or a feed that is lost."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    def collect(self) -> Iterator[Metric]:
        _, now, _ = self._readiness()
        ready = GaugeMetricFamily("smartreise_ready", "1 at what /readyz says", labels=["status"])
        for status in ("ok", "degraded", "starting"):
            ready.add_metric([status], float(status == now))
        yield ready


class _Gauges(Collector):
    """Read when scraped."""

    def __init__(self, topics: Topics, hub: Hub, source: SnapshotSource, clock: Clock) -> None:
        self._topics, self._hub, self._source, self._clock = topics, hub, source, clock

    def collect(self) -> Iterator[Metric]:
        hub, topics = self._hub.statistics(), self._topics.statistics()
        for name, about, value in (
            ("smartreise_push_clients", "Websockets and event streams", hub.clients),
            ("smartreise_push_subscriptions", "Topics followed, summed over clients", hub.subscriptions),
            ("smartreise_push_waiting_bytes", "Bytes of deltas that wait for clients", hub.waiting_bytes),
            ("smartreise_push_longest_slice_seconds", "Longest that a push held the event loop", hub.longest_slice_s),
            ("smartreise_topics_held", "Topics kept", topics.held),
            ("smartreise_topics_watched", "Topics that somebody follows", topics.watched),
        ):
            yield GaugeMetricFamily(name, about, value=value)
        for name, about, count in (
            ("smartreise_push_frames", "Frames sent", hub.frames_sent),
            ("smartreise_push_bytes", "Bytes of frames sent", hub.bytes_sent),
            ("smartreise_push_coalesced", "Times that the newest state replaced waiting deltas", hub.coalesced),
            ("smartreise_push_closed_slow", "Sockets closed because they did not read", hub.closed_slow),
            ("smartreise_push_closed_silent", "Sockets closed because they did not answer", hub.closed_silent),
            ("smartreise_push_refused", "Connections turned away because there was no room", hub.refused),
            ("smartreise_topics_computed", "Answers computed", topics.computed),
            ("smartreise_topics_changed", "Answers that differed from the one before", topics.changed),
            ("smartreise_topics_failed", "Questions that had no answer", topics.failed),
            ("smartreise_searches", "Searches asked for", statistics.asked),
            ("smartreise_searches_spared", "Of these, answered by one that still held", statistics.spared),
            ("smartreise_topics_compute_seconds", "Time spent computing answers", topics.compute_s),
        ):
            yield CounterMetricFamily(name, about, value=count)
        yield from self._of_snapshot()

    def _of_snapshot(self) -> Iterator[Metric]:
        snapshot, now = self._source.current(), self._clock.now()
        if snapshot is None:
            return
        yield GaugeMetricFamily("smartreise_snapshot_revision", "The snapshot's number", value=snapshot.revision)
        age = GaugeMetricFamily("smartreise_feed_age_seconds", "Age of a feed's data", labels=["feed"])
        fresh = GaugeMetricFamily("smartreise_feed_fresh", "1 while a feed is fresh", labels=["feed"])
        rate = GaugeMetricFamily("smartreise_feed_match_rate", "Real-time ids found", labels=["feed"])
        for health in snapshot.feeds:
            fresh.add_metric([health.id], float(feed_state(health, int(now)) == "fresh"))
            if health.data_at is not None:
                age.add_metric([health.id], now - health.data_at)
            if health.match_rate is not None:
                rate.add_metric([health.id], health.match_rate)
        yield from (age, fresh, rate)


class _Screens(Collector):
    """How the screens fare."""

    def __init__(self, metrics: Metrics, clock: Clock) -> None:
        self._metrics, self._clock = metrics, clock

    def collect(self) -> Iterator[Metric]:
        now = self._clock.now()
        labels = ["display", "office"]
        counts = GaugeMetricFamily("smartreise_displays", "Screens by health", labels=["health"])
        silence = GaugeMetricFamily("smartreise_display_silence_seconds", "Since a screen's last beat", labels=labels)
        age = GaugeMetricFamily("smartreise_display_data_age_seconds", "Age of the data on a screen", labels=labels)
        errors = GaugeMetricFamily("smartreise_display_errors", "Errors that a screen tells of", labels=labels)
        healths = [health_of(beat, now=int(now)) for _, beat in self._metrics.screens]
        for health in ("green", "amber", "red"):
            counts.add_metric([health], healths.count(health))
        for display, beat in self._metrics.screens:
            if beat is None:
                continue
            of = [display.id, display.office]
            silence.add_metric(of, now - beat.at)
            errors.add_metric(of, len(beat.errors))
            if beat.data_age_s is not None:
                age.add_metric(of, beat.data_age_s)
        yield from (counts, silence, age, errors)
