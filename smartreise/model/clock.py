"""The one way to ask for the time. The real clock lives in `app.clock`; tests bring one they set."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """The service's clock. It runs at the pace of real time but may stand at another date."""

    def now(self) -> float:
        """Epoch seconds, with fractions."""
        ...
