"""Tokens of administrators, sessions made from them, and API keys.

What a reader would get wrong: an id stands in the secret itself, so that a given one is looked up in one step and
then held against its digest; the id is no secret.
"""

from __future__ import annotations

from typing import Final

import msgspec

from smartreise.fleet.ledger import Ledger
from smartreise.fleet.pages import Page
from smartreise.fleet.records import (
    AdminKey,
    AdminKeys,
    AdminToken,
    AdminTokens,
    DisplayRecord,
    KeyOrder,
    KeyRecord,
    Session,
    TokenOrder,
    TokenRecord,
)
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import digest_of, holder_of, make_id, make_secret, matches
from smartreise.model.problems import BadFields, Conflict, NotSignedIn

#: a session ends after this
SESSION_S: Final = 12 * 3600
#: id of the token that is made at the first start
_FIRST: Final = "first"
#: a screen asks little
_DISPLAY_PER_MINUTE: Final = 600
_TOKEN_PER_MINUTE: Final = 6_000


class KeyDesk:
    """Who holds which secret."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def first_token(self, *, another: bool = False) -> str | None:
        """An administrator's token where there is none yet, or where ``another`` is wanted because the first was
        lost; None where there is one."""
        if await self._ledger.shelf.list_records("tokens") and not another:
            return None
        id_ = make_id(self._ledger.draw) if another else _FIRST
        secret = make_secret("sra", id_, self._ledger.draw)
        record = TokenRecord(
            id=id_,
            name="administrator",
            role="admin",
            digest=secret.digest,
            created_at=self._ledger.now(),
            created_by="the start",
        )
        try:
            await self._ledger.put("tokens", id_, old=None, new=record, who="the start", what="made the token")
        except Conflict:  # another gateway was faster, and told it
            return None
        return secret.text

    async def caller_of_token(self, text: str) -> Caller:
        """Raises `NotSignedIn`."""
        holder = holder_of(text)
        if holder is not None and holder[0] == "sra":
            record = await self._ledger.find("tokens", holder[1], TokenRecord)
            if record is not None and matches(text, record.digest):
                return Caller(record.id, record.name, record.role, frozenset(record.offices))
        raise NotSignedIn("the token is unknown or was revoked")

    async def open_session(self, caller: Caller) -> str:
        """The text of a session's cookie."""
        secret = make_secret("srs", caller.id, self._ledger.draw)
        await self._ledger.shelf.put_passing(f"session:{secret.digest}", caller.id.encode(), SESSION_S)
        return secret.text

    async def caller_of_session(self, cookie: str) -> Caller:
        """A session dies with its token. Raises `NotSignedIn`."""
        id_ = await self._ledger.shelf.find_passing(f"session:{digest_of(cookie)}")
        record = None if id_ is None else await self._ledger.find("tokens", id_.decode(), TokenRecord)
        if record is None:
            raise NotSignedIn("the session has ended; sign in again")
        return Caller(record.id, record.name, record.role, frozenset(record.offices))

    async def close_session(self, cookie: str) -> None:
        await self._ledger.shelf.drop_passing(f"session:{digest_of(cookie)}")

    def session(self, caller: Caller) -> Session:
        return Session(name=caller.name, role=caller.role, offices=sorted(caller.offices))

    async def list_tokens(self, caller: Caller, page: Page) -> AdminTokens:
        """By id; searched by name and offices."""
        caller.need("admin")
        records = await self._ledger.list_records("tokens", TokenRecord)
        told, after = page.of(records, lambda record: (record.name, *record.offices))
        return AdminTokens(tokens=[self._token(record) for record in told], next=after)

    async def make_token(self, caller: Caller, order: TokenOrder) -> AdminToken:
        """Raises `BadFields`: a partner has offices, nobody else has."""
        caller.need("admin")
        if (order.role == "partner") != bool(order.offices):
            raise BadFields((("offices", "a partner's token names its offices, no other token does"),))
        id_ = make_id(self._ledger.draw)
        secret = make_secret("sra", id_, self._ledger.draw)
        record = TokenRecord(
            id=id_,
            name=order.name,
            role=order.role,
            digest=secret.digest,
            created_at=self._ledger.now(),
            created_by=caller.name,
            offices=sorted(set(order.offices)),
        )
        await self._ledger.put("tokens", id_, old=None, new=record, who=caller.name, what="made the token")
        return msgspec.structs.replace(self._token(record), token=secret.text)

    async def revoke_token(self, caller: Caller, id_: str) -> None:
        """Raises `UnknownId`, and `Conflict` for the last administrator's."""
        caller.need("admin")
        record = await self._ledger.get("tokens", id_, TokenRecord, called="token")
        records = await self._ledger.list_records("tokens", TokenRecord)
        if not any(other.role == "admin" and other.id != id_ for other in records):
            raise Conflict("this is the last administrator's token; make another first")
        await self._ledger.put("tokens", id_, old=record, new=None, who=caller.name, what="revoked the token")

    async def list_keys(self, caller: Caller, page: Page) -> AdminKeys:
        """By id; searched by name."""
        caller.need("admin")
        uses = await self._ledger.shelf.list_uses()
        records = await self._ledger.list_records("keys", KeyRecord)
        told, after = page.of(records, lambda record: (record.name,))
        return AdminKeys(keys=[self._key(record, uses.get(f"key:{record.id}", 0)) for record in told], next=after)

    async def make_key(self, caller: Caller, order: KeyOrder) -> AdminKey:
        """The key's text is in this answer and in no other."""
        caller.need("admin")
        id_ = make_id(self._ledger.draw)
        secret = make_secret("srk", id_, self._ledger.draw)
        record = KeyRecord(
            id=id_,
            name=order.name,
            per_minute=order.per_minute,
            digest=secret.digest,
            created_at=self._ledger.now(),
            created_by=caller.name,
        )
        await self._ledger.put("keys", id_, old=None, new=record, who=caller.name, what="made the key")
        return msgspec.structs.replace(self._key(record, 0), key=secret.text)

    async def revoke_key(self, caller: Caller, id_: str) -> None:
        """Raises `UnknownId`."""
        caller.need("admin")
        record = await self._ledger.get("keys", id_, KeyRecord, called="key")
        await self._ledger.put("keys", id_, old=record, new=None, who=caller.name, what="revoked the key")

    async def bucket_of(self, text: str) -> tuple[str, int]:
        """Whose requests these are, and how many a minute that may be: for a key, a display's or an
        administrator's token. Raises `NotSignedIn` for what is unknown or revoked."""
        holder = holder_of(text)
        if holder is not None:
            kind, id_ = holder
            if kind == "srk":
                key = await self._ledger.find("keys", id_, KeyRecord)
                if key is not None and matches(text, key.digest):
                    return f"key:{id_}", key.per_minute
            elif kind == "srd":
                display = await self._ledger.find("displays", id_, DisplayRecord)
                if display is not None and (matches(text, display.token_digest) or matches(text, display.old_digest)):
                    return f"display:{id_}", _DISPLAY_PER_MINUTE
            elif kind == "sra":
                return f"token:{(await self.caller_of_token(text)).id}", _TOKEN_PER_MINUTE
        raise NotSignedIn("the key is unknown or was revoked")

    def _token(self, record: TokenRecord) -> AdminToken:
        return AdminToken(
            id=record.id,
            name=record.name,
            role=record.role,
            offices=record.offices,
            created_at=self._ledger.iso(record.created_at),
        )

    def _key(self, record: KeyRecord, uses: int) -> AdminKey:
        return AdminKey(
            id=record.id,
            name=record.name,
            per_minute=record.per_minute,
            created_at=self._ledger.iso(record.created_at),
            uses=uses,
        )
