"""How much anybody may ask: a bucket that holds a minute's worth and refills steadily.

What a reader would get wrong: a key's bucket is in the store and counts over all gateways; an address's is in this
gateway's memory. While the store is away, who has a key is counted by address like anybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from smartreise.api.identity import key_of
from smartreise.api.problems import TooManyReadsError
from smartreise.api.settings import ApiSettings, parse_networks
from smartreise.fleet.desks import Desks
from smartreise.model.problems import NotSignedIn, Unavailable

#: buckets are looked through for full ones when there are this many
_MANY: Final = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left after a request: of `quota` a minute, `left`; full again in `reset_s`."""

    policy: str
    quota: int
    left: int
    reset_s: int

    def headers(self) -> dict[str, str]:
        """`RateLimit` and `RateLimit-Policy` as the IETF draft has them."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w=60',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.reset_s}',
        }


@dataclass(slots=True)
class ReadLimit:
    """By address, in memory, per gateway."""

    settings: ApiSettings
    #: reads left and when that was so, by address
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, address: str, *, now: float) -> Allowance | None:
        """Counts one read at `now` (s, any steady clock); None where there is no limit.
        Raises `TooManyReadsError`."""
        most = self.settings.reads_per_minute
        if most <= 0 or (not self.settings.limit_loopback and _is_loopback(address)):
            return None
        left, since = self._left.get(address, (float(most), now))
        left = min(float(most), left + (now - since) * most / 60)
        if left < 1:
            wait_s = math.ceil((1 - left) * 60 / most)
            raise TooManyReadsError(wait_s, Allowance("address", most, 0, wait_s).headers())
        self._left[address] = (left - 1, now)
        if len(self._left) > _MANY:
            self._left = {a: (n, t) for a, (n, t) in self._left.items() if n + (now - t) * most / 60 < most}
        return Allowance("address", most, int(left - 1), math.ceil((most - left + 1) * 60 / most))


@dataclass(frozen=True, slots=True)
class Limits:
    """Who asks with a key is counted by key, everybody else by address."""

    settings: ApiSettings
    by_address: ReadLimit
    desks: Desks

    async def take(self, request: web.Request, *, now: float, keyed: bool) -> Allowance | None:
        """Counts a request; ``keyed``: is it one that may carry a key? Raises `TooManyReadsError`, and `NotSignedIn`
        for a key that is unknown or revoked."""
        address = address_of(request, self.settings)
        key = key_of(request) if keyed else None
        if key is None:
            return self.by_address.take(address, now=now)
        try:
            bucket, most = await self.desks.keys.bucket_of(key)
            left, seconds = await self.desks.ledger.shelf.take(bucket, most, count=True)
        except NotSignedIn:
            self.by_address.take(address, now=now)  # guessing costs what anything costs
            raise
        except Unavailable:
            return self.by_address.take(address, now=now)
        allowance = Allowance("key", most, max(left, 0), math.ceil(seconds))
        if left < 0:
            raise TooManyReadsError(math.ceil(seconds), allowance.headers())
        return allowance


def address_of(request: web.Request, settings: ApiSettings) -> str:
    """Whom a request comes from: the last address in X-Forwarded-For that is none of our own proxies, if the request
    came from one of them; what anybody else claims there counts for nothing."""
    address = request.remote or ""
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while is_trusted(address, settings) and forwarded:
        claimed = forwarded.pop().strip()
        if not claimed:
            continue
        address = claimed
    return address


def is_trusted(address: str, settings: ApiSettings) -> bool:
    """Is it a proxy of our own?"""
    if not settings.trusted_proxies:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in parse_networks(settings.trusted_proxies))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
