"""Settings of the HTTP side."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
#: longest request target that is answered 414 in an orderly way; the parser gives up at this many bytes
LONGEST_LINE: Final = 64 * 1024
LONGEST_HEADER: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    #: anonymous reads a minute and address; 0: no limit
    reads_per_minute: int = 600
    #: pairing codes a minute and address
    pairings_per_minute: int = 60
    #: does the limit hold for loopback addresses too?
    limit_loopback: bool = True
    #: proxies of one's own: what they say in X-Forwarded-For and X-Forwarded-Proto is believed
    trusted_proxies: tuple[Network, ...] = ()
    #: longest request target
    longest_url: int = 8_000
    #: an answer, the reading of the request's body included, takes no longer
    answer_within_s: float = 30.0


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, comma-separated. Raises `ValueError`."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
