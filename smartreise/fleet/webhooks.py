"""Who is told when a screen falls silent or is back: made and taken back here, and what is sent, signed.

What a reader would get wrong: what is sent follows the Standard Webhooks specification, so receivers can check it with
a library. The secret is kept as it is, because it signs; like a token it is told once.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import msgspec

from smartreise.fleet.health import is_silent
from smartreise.fleet.ledger import Ledger
from smartreise.fleet.pages import Page
from smartreise.fleet.records import (
    AdminWebhook,
    AdminWebhooks,
    BeatRecord,
    DisplayRecord,
    Instant,
    WebhookOrder,
    WebhookOutcome,
    WebhookRecord,
)
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import make_id

_OUTCOME_KEPT_S: Final = 30 * 86_400
Event = Literal["display.silent", "display.back"]


class DisplayEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The body that is sent."""

    type: Event
    timestamp: Instant
    display: str
    name: str
    office: str
    last_seen: Instant | None


class WebhookDesk:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def list_webhooks(self, caller: Caller, page: Page) -> AdminWebhooks:
        """By id; searched by name and address."""
        caller.need("admin")
        told, after = page.of(await self.list_records(), lambda record: (record.name, record.url))
        return AdminWebhooks(webhooks=[await self._told(record) for record in told], next=after)

    async def make(self, caller: Caller, order: WebhookOrder) -> AdminWebhook:
        """The secret is in this answer and in no other."""
        caller.need("admin")
        id_ = make_id(self._ledger.draw)
        secret = "whsec_" + base64.b64encode(self._ledger.draw(24)).decode()
        record = WebhookRecord(
            id=id_,
            name=order.name,
            url=order.url,
            secret=secret,
            created_at=self._ledger.now(),
            created_by=caller.name,
        )
        await self._ledger.put("webhooks", id_, old=None, new=record, who=caller.name, what="made the webhook")
        return msgspec.structs.replace(await self._told(record), secret=secret)

    async def remove(self, caller: Caller, id_: str) -> None:
        """Raises `UnknownId`."""
        caller.need("admin")
        record = await self._ledger.get("webhooks", id_, WebhookRecord, called="webhook")
        await self._ledger.put("webhooks", id_, old=record, new=None, who=caller.name, what="removed the webhook")

    async def list_records(self) -> list[WebhookRecord]:
        return await self._ledger.list_records("webhooks", WebhookRecord)

    async def note(self, webhook: WebhookRecord, error: str | None) -> None:
        """How an attempt went."""
        outcome = WebhookOutcome(at=self._ledger.iso(self._ledger.now()), error=error)
        await self._ledger.shelf.set_passing(f"webhook:{webhook.id}", msgspec.json.encode(outcome), _OUTCOME_KEPT_S)

    async def _told(self, record: WebhookRecord) -> AdminWebhook:
        raw = await self._ledger.shelf.find_passing(f"webhook:{record.id}")
        return AdminWebhook(
            id=record.id,
            name=record.name,
            url=record.url,
            created_at=self._ledger.iso(record.created_at),
            last=None if raw is None else msgspec.json.decode(raw, type=WebhookOutcome),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A screen fell silent, or is back. `id` is the same on every gateway, however often it is asked."""

    id: str
    event: Event
    display: DisplayRecord
    beat: BeatRecord


def turns(
    screens: Sequence[tuple[DisplayRecord, BeatRecord | None]], silent: Mapping[str, int], *, now: int
) -> Iterator[Turn]:
    """What there is to tell. ``silent``: the last beat (epoch s) of each display whose silence was told. A screen that
    was never heard of, or is being tried out, falls silent unnoticed."""
    for display, beat in screens:
        if beat is None or display.test:
            continue
        if is_silent(beat, now=now):
            if silent.get(display.id) != beat.at:
                yield Turn(f"{display.id}-{beat.at}-silent", "display.silent", display, beat)
        elif display.id in silent:
            yield Turn(f"{display.id}-{silent[display.id]}-back", "display.back", display, beat)


def signed(webhook: WebhookRecord, id_: str, body: bytes, *, at: int) -> dict[str, str]:
    """Headers of a delivery: id, time (epoch s) and an HMAC-SHA256 of both and the body."""
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id_}.{at}.".encode() + body, sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
