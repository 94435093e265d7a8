"""Addresses from a Pelias server, through geopy: asked in time or not at all.

What a reader would get wrong: nobody waits for a server that fails. After a failure it is left alone for a while, and
places come from the local index only; what was found is kept, so that the same words are not asked again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from geopy.adapters import BaseAsyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeopyError
from geopy.geocoders import Pelias

from smartreise.ingest.answer_tables import GeocoderTable
from smartreise.ingest.durations import parse_duration
from smartreise.ingest.fetch import USER_AGENT, FetchFailed, Request, Validators, fetch, open_session
from smartreise.model.clock import Clock
from smartreise.views import wire

log = logging.getLogger(__name__)

_KEPT: Final = 2_000
_KEPT_S: Final = 3600.0
_REST_S: Final = 15.0
_AT_ONCE: Final = 8
_LARGEST: Final = 2**20


class Addresses:
    """Implements `api.places.AddressBook`."""

    def __init__(self, table: GeocoderTable, clock: Clock) -> None:
        self._clock = clock
        self._timeout_s = parse_duration(table.timeout)
        self._session: aiohttp.ClientSession | None = None
        self._found: OrderedDict[str, tuple[float, list[wire.Place]]] = OrderedDict()
        self._rests_until = 0.0
        self._asking = 0
        address = urlsplit(table.url)
        self._pelias = Pelias(
            f"{address.netloc}{address.path}",
            scheme=address.scheme,
            timeout=self._timeout_s,
            user_agent=USER_AGENT,
            adapter_factory=lambda *, proxies, ssl_context: _Adapter(self),
        )
        self._pelias.headers |= table.headers
        self._pelias.geocode_api = f"{table.url.rstrip('/')}/v1/{table.endpoint}"

    async def find(self, text: str) -> list[wire.Place]:
        """Places that the words name, best first; none where nobody answers in time."""
        key, now = text.casefold(), self._clock.now()
        kept = self._found.get(key)
        if kept is not None and abs(now - kept[0]) < _KEPT_S:
            self._found.move_to_end(key)
            return kept[1]
        if now < self._rests_until or self._asking >= _AT_ONCE:
            return []
        self._asking += 1
        try:
            async with asyncio.timeout(self._timeout_s):
                located = await self._pelias.geocode(text, exactly_one=False)
        except (GeopyError, TimeoutError, LookupError, TypeError, ValueError, AttributeError) as fault:
            # the last four: geopy on a reply of another shape
            log.warning("the geocoder does not help now: %s", fault or type(fault).__name__)
            self._rests_until = self._clock.now() + _REST_S
            return []
        finally:
            self._asking -= 1
        places = [place for location in located or () if (place := _place(location)) is not None]
        self._found[key] = self._clock.now(), places
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)
        return places

    async def close(self) -> None:
        """Close connections."""
        if self._session is not None:
            await self._session.close()

    async def get(self, url: str, headers: Mapping[str, str]) -> bytes:
        """One GET by the one HTTP client. Raises `FetchFailed`."""
        if self._session is None:
            self._session = open_session()
        request = Request(url, tuple(headers.items()), self._timeout_s, _LARGEST)
        fetched = await fetch(self._session, request, Validators())
        assert fetched.body is not None  # no validators were sent
        return fetched.body


@asynccontextmanager
async def open_addresses(table: GeocoderTable, clock: Clock) -> AsyncIterator[Addresses]:
    """Who knows addresses in a region."""
    addresses = Addresses(table, clock)
    try:
        yield addresses
    finally:
        await addresses.close()


class _Adapter(BaseAsyncAdapter):  # type: ignore[misc]  # geopy has no types
    """geopy's requests, made by our own client with its limits."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__(proxies=None, ssl_context=None)
        self._addresses = addresses

    async def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:  # noqa: ASYNC109 — geopy's
        try:
            return (await self._addresses.get(url, headers)).decode("utf-8", "replace")
        except FetchFailed as failed:
            raise GeocoderServiceError(failed.reason) from None

    async def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:  # noqa: ASYNC109 — geopy's
        text = await self.get_text(url, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except ValueError:
            raise GeocoderParseError("the reply is no JSON") from None


def _place(location: Any) -> wire.Place | None:
    """A geopy location as a place; its label tells more than its name."""
    properties = location.raw.get("properties") or {}
    name = properties.get("label") or properties.get("name")
    if not isinstance(name, str) or not (-90 <= location.latitude <= 90 and -180 <= location.longitude <= 180):
        return None
    return wire.Place(name=name[:200], lat=round(location.latitude, 6), lon=round(location.longitude, 6))
