"""Faults that are switched on over HTTP: events of the day (a delay, a cancellation) and spoiled feeds.

A fault stays until it is deleted, or, for a spoiled feed, until it has spoiled `times` replies. Later faults win.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from smartreise.model.problems import BadInput

#: how a feed can be spoiled; see feeds/README.md for what each does
FEED_MODES: Final = (
    "500", "404", "503", "429", "html", "truncate", "empty", "garbage", "hang", "drip",
    "stale", "old", "future", "huge", "bad-zip", "zip-slip", "shrunk",
)  # fmt: skip
KINDS: Final = ("delay", "cancel", "skip_stop", "platform", "empty_station", "full_station", "feed")

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "delay": frozenset({"trip_id", "line", "service_date", "stop", "delay_s"}),
    "cancel": frozenset({"trip_id", "line", "service_date"}),
    "skip_stop": frozenset({"trip_id", "line", "service_date", "stop"}),
    "platform": frozenset({"trip_id", "line", "service_date", "stop", "quay"}),
    "empty_station": frozenset({"station_id"}),
    "full_station": frozenset({"station_id"}),
    "feed": frozenset({"feed", "mode", "times", "retry_after_s", "size_mb"}),
}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "delay": ("delay_s",),
    "skip_stop": ("stop",),
    "platform": ("stop", "quay"),
    "empty_station": ("station_id",),
    "full_station": ("station_id",),
    "feed": ("feed", "mode"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `since` is the service's epoch second at which it was switched on."""

    id: str
    kind: str
    since: int
    trip_id: str | None = None
    line: str | None = None
    service_date: str | None = None
    stop: str | None = None
    quay: str | None = None
    delay_s: int = 0
    station_id: str | None = None
    feed: str | None = None
    mode: str | None = None
    times: int | None = None
    retry_after_s: int = 30
    size_mb: int = 256

    def concerns(self, trip_id: str, line: str, day: str) -> bool:
        """Is it about this trip on service day `day` (YYYY-MM-DD)?"""
        if self.service_date is not None and self.service_date != day:
            return False
        if self.trip_id is not None:
            return self.trip_id == trip_id
        return self.line is not None and self.line == line

    def as_json(self) -> dict[str, Any]:
        """What is set, as it was posted, with `id`, `kind` and `since`."""
        shown = {"id", "kind", "since"} | _FIELDS[self.kind]
        values = {name: getattr(self, name) for name in self.__slots__ if name in shown}
        return {name: value for name, value in values.items() if value is not None}


def parse_fault(body: object, *, fault_id: str, now: int) -> Fault:
    """The fault that a JSON body asks for; BadInput names the field that is wrong."""
    if not isinstance(body, dict):
        raise BadInput("body", "must be a JSON object")
    kind = body.get("kind")
    if kind not in KINDS:
        raise BadInput("kind", f"must be one of {', '.join(KINDS)}")
    values = {name: value for name, value in body.items() if name != "kind"}
    for name, value in values.items():
        if name not in _FIELDS[kind]:
            raise BadInput(name, f"is not known for {kind}; known are {', '.join(sorted(_FIELDS[kind]))}")
        whole = name in ("delay_s", "times", "retry_after_s", "size_mb")
        if whole and (not isinstance(value, int) or isinstance(value, bool)):
            raise BadInput(name, "must be a whole number")
        if not whole and not isinstance(value, str):
            raise BadInput(name, "must be a text")
    for name in _NEEDED.get(kind, ()):
        if name not in values:
            raise BadInput(name, f"is needed for {kind}")
    _check(kind, values)
    if kind == "feed":
        values.setdefault("times", None)
    return Fault(id=fault_id, kind=kind, since=now, **values)


def _check(kind: str, values: Mapping[str, Any]) -> None:
    if kind in ("delay", "cancel", "skip_stop", "platform") and not ("trip_id" in values or "line" in values):
        raise BadInput("trip_id", f"{kind} needs trip_id or line")
    if "service_date" in values and not re.fullmatch(r"\d{4}-\d\d-\d\d", values["service_date"]):
        raise BadInput("service_date", "must be YYYY-MM-DD")
    if kind == "feed" and values["mode"] not in FEED_MODES:
        raise BadInput("mode", f"must be one of {', '.join(FEED_MODES)}")


class FaultBook:
    """The faults that are on. `revision` grows with every change: whoever caches replies keys them by it."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._numbers = itertools.count(1)
        self.revision = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._faults.values()))

    def add(self, body: object, *, now: int, known: Mapping[str, frozenset[str]] | None = None) -> Fault:
        """Switch on what a JSON body asks for; BadInput if it makes no sense, or names what is not `known` of a field:
        a fault that could never be seen would make whoever waits for it believe that nothing came of it."""
        fault = parse_fault(body, fault_id=f"f{next(self._numbers)}", now=now)
        for name, values in (known or {}).items():
            if getattr(fault, name) not in {None, *values}:
                raise BadInput(name, f"is not of this region; there are {', '.join(sorted(values))}")
        self._faults[fault.id] = fault
        self.revision += 1
        return fault

    def remove(self, fault_id: str) -> bool:
        """Switch one off; False if there is none of that id."""
        if self._faults.pop(fault_id, None) is None:
            return False
        self.revision += 1
        return True

    def clear(self) -> None:
        """Switch all off."""
        self._faults.clear()
        self.revision += 1

    def list_of(self, *kinds: str) -> tuple[Fault, ...]:
        """The faults of these kinds, oldest first."""
        return tuple(fault for fault in self if fault.kind in kinds)

    def take_feed_fault(self, feed: str) -> Fault | None:
        """The newest fault that spoils `feed` ("alerts", "bysykkel", "bysykkel/station_status"), counted down."""
        for fault in reversed(self.list_of("feed")):
            if fault.feed in (feed, feed.split("/")[0]):
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            self.remove(fault.id)
        else:
            self._faults[fault.id] = replace(fault, times=fault.times - 1)
