"""Addresses of stores: one server, a master that Sentinels name, or a cluster.

    redis://host:6379/0            rediss:// over TLS, unix:///path/to/socket
    redis+sentinel://host:26379,host2:26379/mymaster/0
    redis+cluster://host:7000,host2:7000

User and password stand before the hosts as in any URL; `?sentinel_password=` is that of the Sentinels. Ports may be
left out. What a reader would get wrong: all keys of a region share one hash tag, so a cluster keeps it on one of its
masters; it spreads regions, and takes over when one fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from redis import asyncio as redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import ExponentialBackoff

from smartreise.model.problems import ConfigError

SENTINEL: Final = "sentinel"
CLUSTER: Final = "cluster"
_PORTS: Final = {SENTINEL: 26379, CLUSTER: 6379}
_FORMS: Final = (
    "redis://HOST:PORT, unix:///PATH, redis+sentinel://HOST:PORT,HOST:PORT/MASTER, redis+cluster://HOST:PORT"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Several hosts and what they are."""

    kind: str
    tls: bool
    hosts: tuple[tuple[str, int], ...]
    username: str | None
    password: str | None
    #: the master's name among the Sentinels
    master: str
    database: int
    sentinel_password: str | None


def open_client(url: str) -> Any:
    """A client for the address; it connects when first used. Raises `ConfigError`."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.02), 2)
    waits = {"socket_connect_timeout": 3, "socket_timeout": 20}
    try:
        address = parse(url)
        if address is None:
            return redis.from_url(url, retry=retry, health_check_interval=15, **waits)
        if address.kind == CLUSTER:
            return _cluster(address, retry, waits)
        return _sentinel(address, retry, waits)
    except ValueError as fault:
        raise ConfigError(f"--redis {_without_password(url)}: {fault}; allowed are {_FORMS}") from None


async def close_client(client: Any) -> None:
    """Ends all connections, those to the Sentinels too."""
    await client.aclose()
    manager = getattr(getattr(client, "connection_pool", None), "sentinel_manager", None)
    for sentinel in manager.sentinels if manager is not None else ():
        await sentinel.aclose()


def parse(url: str) -> Address | None:
    """The address of several hosts; None for one of a single server. Raises `ValueError`."""
    scheme, _, kind = urlsplit(url).scheme.partition("+")
    if not kind:
        return None
    if scheme not in ("redis", "rediss") or kind not in _PORTS:
        raise ValueError(f"unknown scheme {scheme}+{kind}")
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    master, _, database = parts.path.strip("/").partition("/")
    if kind == CLUSTER and parts.path.strip("/"):
        raise ValueError("a cluster has neither a master's name nor numbered databases")
    if kind == SENTINEL and master.isdigit() and not database:
        raise ValueError("the master's name stands before the number of a database")
    asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
    unknown = asked.keys() - {"sentinel_password"}
    if unknown:
        raise ValueError(f"unknown option {', '.join(sorted(unknown))}")
    return Address(
        kind=kind,
        tls=scheme == "rediss",
        hosts=tuple(_host(host, _PORTS[kind]) for host in hosts.split(",")),
        username=unquote(username) or None if at else None,
        password=unquote(password) or None if at else None,
        master=unquote(master) or "mymaster",
        database=int(database or 0),
        sentinel_password=asked.get("sentinel_password", [None])[0],
    )


def _host(text: str, port: int) -> tuple[str, int]:
    found = urlsplit(f"//{text}")
    if not found.hostname:
        raise ValueError("a host is missing")
    return found.hostname, found.port or port


def _cluster(address: Address, retry: Retry, waits: dict[str, Any]) -> Any:
    return RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in address.hosts],
        username=address.username,
        password=address.password,
        ssl=address.tls,
        retry=retry,
        **waits,
    )


def _sentinel(address: Address, retry: Retry, waits: dict[str, Any]) -> Any:
    # a Sentinel that is away must not hold up the others for long
    ways = {"socket_connect_timeout": 1, "socket_timeout": 2, "password": address.sentinel_password}
    sentinel: Any = Sentinel(  # type: ignore[no-untyped-call]
        list(address.hosts), sentinel_kwargs={**ways, "ssl": address.tls}
    )
    return sentinel.master_for(
        address.master,
        username=address.username,
        password=address.password,
        db=address.database,
        ssl=address.tls,
        retry=retry,
        health_check_interval=15,
        **waits,
    )


def _without_password(url: str) -> str:
    login, at, rest = url.rpartition("@")
    scheme, _, names = login.partition("://")
    return f"{scheme}://{names.partition(':')[0]}:…@{rest}" if at else url
