"""Which addresses a feed may send us to: the operator chose its own host, everything after that is somebody's word.

A redirect, or an address inside a gbfs.json, may lead to any public address, and otherwise only to the kind of
address that the feed itself has: a feed on loopback may name loopback, one on an office's network that network.
So no publisher can make the service knock at doors behind the firewall. Names are judged by what they resolve to, at
the moment of connecting.
"""

from __future__ import annotations

import socket
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

Kind = Literal["public", "loopback", "link-local", "private"]
Address = IPv4Address | IPv6Address

EVERY_KIND: Final[frozenset[Kind]] = frozenset({"public", "loopback", "link-local", "private"})
#: kinds that the request under way may connect to by name
_ALLOWED: ContextVar[frozenset[Kind]] = ContextVar("allowed", default=EVERY_KIND)


class Forbidden(OSError):
    """A feed pointed at an address that it has no business with."""


def kind_of(address: Address) -> Kind:
    """What kind of address it is; one that embeds another (::ffff:10.0.0.1) counts as that."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if inner.is_loopback or inner.is_unspecified:
        return "loopback"
    if inner.is_link_local:
        return "link-local"
    return "public" if inner.is_global and not inner.is_multicast else "private"


def find_literal(host: str) -> Address | None:
    """The address that a host is, None for a name."""
    try:
        return ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        return None


async def kinds_of(host: str) -> frozenset[Kind]:
    """The kinds of all addresses of a host. Raises OSError for a name that nobody knows."""
    literal = find_literal(host)
    if literal is not None:
        return frozenset({kind_of(literal)})
    found = await aiohttp.ThreadedResolver().resolve(host, 0, socket.AF_UNSPEC)
    return frozenset(kind_of(ip_address(answer["host"].split("%")[0])) for answer in found)


class Guard(AbstractResolver):
    """A resolver that hands out no address of a kind which the request under way may not use."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses of a name. Raises `Forbidden` if one of them is out of bounds."""
        answers = await self._inner.resolve(host, port, family)
        for answer in answers:
            judge(host, kind_of(ip_address(answer["host"].split("%")[0])))
        return answers

    async def close(self) -> None:
        await self._inner.close()


def allow(kinds: frozenset[Kind]) -> None:
    """From here on this task's requests may connect to these kinds."""
    _ALLOWED.set(kinds)


def judge(host: str, kind: Kind) -> None:
    """Raise `Forbidden` unless the request under way may connect to ``host``, an address of ``kind``."""
    if kind not in _ALLOWED.get():
        raise Forbidden(f"{host} is a {kind} address, which this feed may not send us to")
