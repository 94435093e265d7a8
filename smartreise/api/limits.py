"""How much an address may read: a bucket that holds a minute's worth and refills steadily."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from smartreise.api.problems import TooManyReadsError
from smartreise.api.settings import ApiSettings

#: buckets are looked through for full ones when there are this many
_MANY: Final = 10_000


@dataclass(slots=True)
class ReadLimit:
    """In memory, per gateway."""

    settings: ApiSettings
    #: reads left and when that was so, by address
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, address: str, *, now: float) -> None:
        """Counts one read at `now` (s, any steady clock). Raises `TooManyReadsError`."""
        most = self.settings.reads_per_minute
        if most <= 0 or (not self.settings.limit_loopback and _is_loopback(address)):
            return
        left, since = self._left.get(address, (float(most), now))
        left = min(float(most), left + (now - since) * most / 60)
        if left < 1:
            raise TooManyReadsError(math.ceil((1 - left) * 60 / most))
        self._left[address] = (left - 1, now)
        if len(self._left) > _MANY:
            self._left = {a: (n, t) for a, (n, t) in self._left.items() if n + (now - t) * most / 60 < most}


def address_of(request: web.Request, settings: ApiSettings) -> str:
    """Whom a request comes from."""
    if settings.behind_proxy:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.remote or ""


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
