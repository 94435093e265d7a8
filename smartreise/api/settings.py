"""Settings of the HTTP side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    #: anonymous reads a minute and address; 0: no limit
    reads_per_minute: int = 600
    #: pairing codes a minute and address
    pairings_per_minute: int = 60
    #: does the limit hold for loopback addresses too?
    limit_loopback: bool = True
    #: take the client's address from the last entry of X-Forwarded-For: only behind a proxy of one's own
    behind_proxy: bool = False
    #: longest request target
    longest_url: int = 8_000
