"""The one clock. Nothing else asks the machine for the time.

The service's clock may stand at another date; it runs at the pace of the machine's and follows it when that is
set right (a small computer often learns the time a minute after it has started).
"""

from __future__ import annotations

import time
from datetime import datetime

from smartreise.model.problems import BadInput


class ServiceClock:
    """Epoch seconds on the service's clock. `offset_s` is how far it is ahead of the machine's."""

    def __init__(self, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    @classmethod
    def standing_at(cls, instant: str) -> ServiceClock:
        """A clock that starts at an ISO 8601 instant with an offset. Raises `BadInput`."""
        try:
            at = datetime.fromisoformat(instant)
        except ValueError:
            raise BadInput("--clock", f"{instant!r} is no ISO 8601 instant like 2026-11-23T16:00:00+01:00") from None
        if at.tzinfo is None:
            raise BadInput("--clock", "needs an offset from UTC, like 2026-11-23T16:00:00+01:00")
        clock = cls()
        clock.offset_s = at.timestamp() - clock.now()
        return clock

    def now(self) -> float:
        """Epoch seconds, with fractions."""
        return time.time() + self.offset_s  # noqa: TID251 - the one place
