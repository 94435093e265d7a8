"""Tells webhooks when a screen falls silent or is back; one gateway at a time does it for all.

What a reader would get wrong: what was told, and when a receiver that failed is tried again, stands in the store, so
that another gateway goes on where one was killed. A kill between sending and noting sends once more, with the same id.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import aiohttp
import msgspec
from msgspec import Struct, field

from smartreise.fleet.desks import Desks
from smartreise.fleet.records import WebhookRecord
from smartreise.fleet.secrets import make_id
from smartreise.fleet.webhooks import DisplayEvent, Turn, signed, turns
from smartreise.model.problems import Unavailable

_log = logging.getLogger(__name__)

_ROUND_S: Final = 5.0
#: whoever watches says so this often at least, else another does
_LEASE_S: Final = 30
_KEPT_S: Final = 90 * 86_400
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
_FIRST_RETRY_S: Final = 10
_LONGEST_RETRY_S: Final = 3600


class _Told(Struct):
    """What one webhook was told."""

    #: display → its last beat before the silence that was told, epoch s
    silent: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    #: epoch s; before it nothing is sent
    next_at: int = 0


class Watchman:
    """A task of a gateway."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._shelf = desks.ledger.shelf
        self._name = make_id(desks.ledger.draw).encode()

    async def run(self) -> None:
        """Watch until cancelled."""
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            while True:
                try:
                    if await self._leads():
                        await self._watch(http)
                except Unavailable:
                    _log.debug("the store is away; screens are not watched")
                await asyncio.sleep(_ROUND_S)

    async def _leads(self) -> bool:
        if await self._shelf.put_passing("watchman", self._name, _LEASE_S):
            return True
        if await self._shelf.find_passing("watchman") != self._name:
            return False
        await self._shelf.set_passing("watchman", self._name, _LEASE_S)
        return True

    async def _watch(self, http: aiohttp.ClientSession) -> None:
        webhooks = await self._desks.webhooks.list_records()
        screens = await self._desks.displays.statistics() if webhooks else []
        now = self._desks.ledger.now()
        for webhook in webhooks:
            raw = await self._shelf.find_passing(f"told:{webhook.id}")
            told = _Told() if raw is None else msgspec.json.decode(raw, type=_Told)
            if told.next_at > now:
                continue
            for turn in list(turns(screens, told.silent, now=now)):
                sent = await self._tell(http, webhook, told, turn)
                await self._shelf.set_passing(f"told:{webhook.id}", msgspec.json.encode(told), _KEPT_S)
                if not sent or not await self._leads():
                    break

    async def _tell(self, http: aiohttp.ClientSession, webhook: WebhookRecord, told: _Told, turn: Turn) -> bool:
        """Send one event, and note in `told` how it went."""
        now = self._desks.ledger.now()
        error = await self._send(http, webhook, turn, now)
        await self._desks.webhooks.note(webhook, error)
        if error is not None:
            wait_s = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** min(told.failures, 10))
            told.failures, told.next_at = told.failures + 1, now + wait_s
            _log.warning("webhook %s: %s; again in %d s", webhook.id, error, wait_s)
            return False
        told.failures, told.next_at = 0, 0
        if turn.event == "display.silent":
            told.silent[turn.display.id] = turn.beat.at
        else:
            told.silent.pop(turn.display.id, None)
        return True

    async def _send(self, http: aiohttp.ClientSession, webhook: WebhookRecord, turn: Turn, now: int) -> str | None:
        """What went wrong; None where the receiver took it."""
        event = DisplayEvent(
            type=turn.event,
            timestamp=self._desks.ledger.iso(now),
            display=turn.display.id,
            name=turn.display.name,
            office=turn.display.office,
            last_seen=self._desks.ledger.iso(turn.beat.at),
        )
        body = msgspec.json.encode(event)
        headers = signed(webhook, turn.id, body, at=now)
        try:
            async with http.post(webhook.url, data=body, headers=headers, allow_redirects=False) as answer:
                return None if answer.status < 300 else f"the receiver answered {answer.status}"
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            return f"the receiver did not answer: {type(fault).__name__}"
