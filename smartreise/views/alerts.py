"""Alerts in effect, all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smartreise.live.alerts import in_effect
from smartreise.live.snapshot import Aspect, Snapshot
from smartreise.views import wire
from smartreise.views.answer import Answer
from smartreise.views.params import Canonical, Parameter, canonical
from smartreise.views.rendering import alert_of, alerts_turn


class AlertsView:
    """`GET /v1/alerts` and the topic `alerts`."""

    name = "alerts"
    about = "Alerts in effect"
    parameters: Sequence[Parameter[Any]] = ()
    result: type[wire.Wire] = wire.AlertList
    reads: frozenset[Aspect] = frozenset({"timetable", "alerts"})

    def canonical(self, params: Mapping[str, str]) -> Canonical:
        return canonical(self.parameters, params)

    def answer(self, snapshot: Snapshot, params: Mapping[str, str], *, now: int, previous: Any | None = None) -> Answer:
        items = [alert_of(snapshot, alert) for alert in snapshot.alerts if in_effect(alert.alert, now)]
        return Answer(wire.AlertList(alerts=items), alerts_turn(snapshot, now))
