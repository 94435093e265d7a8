"""Where push and api find the newest snapshot. `app.writer` implements it; nobody else changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smartreise.live.snapshot import Snapshot


class SnapshotSource(Protocol):
    def current(self) -> Snapshot | None:
        """The newest snapshot, None until a timetable is loaded. Take it once per request."""
        ...

    def on_change(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call `callback` in the event loop after each swap; returns what unsubscribes it."""
        ...
