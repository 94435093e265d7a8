"""Settings of the HTTP side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from smartreise.model.problems import ConfigError

Network = IPv4Network | IPv6Network
#: the parser gives up at these many bytes; a request target is refused orderly long before
LONGEST_LINE: Final = 64 * 1024
LONGEST_HEADER: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    #: anonymous reads a minute and address; 0: no limit
    reads_per_minute: int = 600
    #: pairing codes a minute and address
    pairings_per_minute: int = 60
    #: previews of unsaved offices a minute and token
    previews_per_minute: int = 120
    #: does the limit hold for loopback addresses too?
    limit_loopback: bool = True
    #: proxies of one's own (addresses and networks, comma-separated): their X-Forwarded-For and -Proto are believed
    trusted_proxies: str = ""
    #: longest request target
    longest_url: int = 8_000
    #: an answer, the reading of the request's body included, takes no longer, s
    answer_within_s: float = 30.0
    #: a request's head comes whole within this, from its first byte or the connection's begin, s; 0: no limit
    head_within_s: float = 15.0

    def __post_init__(self) -> None:
        parse_networks(self.trusted_proxies)


@lru_cache(maxsize=16)
def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, comma-separated. Raises `ConfigError`."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as fault:
        raise ConfigError(f"trusted_proxies: {fault}; allowed are e.g. 10.0.0.0/8,::1") from None
