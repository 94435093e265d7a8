"""`GET /v1/places` where a geocoder knows addresses: the local index first, then what it does not have."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec
from aiohttp import web

from smartreise.api.content import respond
from smartreise.push.topics import Topics
from smartreise.views import wire
from smartreise.views.places import asks_for_address, limit_of, with_addresses


class AddressBook(Protocol):
    """Who knows addresses. Never raises, and answers within a second or two or not at all."""

    async def find(self, text: str) -> Sequence[wire.Place]: ...


def answer_places(
    topics: Topics, addresses: AddressBook, query_of: Callable[[web.Request], dict[str, str]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler."""

    async def handle(request: web.Request) -> web.StreamResponse:
        params = query_of(request)
        state = await topics.get("places", params)
        text = params.get("q", "").strip()
        if not asks_for_address(text):
            return await respond(request, state.body, state.rev)
        assert isinstance(state.data, wire.Places)
        found = await addresses.find(text)
        body = msgspec.json.encode(with_addresses(state.data, found, limit=limit_of(params)))
        return await respond(request, body, hashlib.blake2b(body, digest_size=12).hexdigest())

    return handle
