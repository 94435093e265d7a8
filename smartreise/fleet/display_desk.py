"""Screens: how one is paired, claimed, changed and revoked, and what it says of itself.

What a reader would get wrong: a screen that waits is not kept with the others but passes by itself after a while.
Its secret is good for a token until that token is used for the first time, so an answer that got lost costs nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET

from smartreise.fleet.health import BEAT_S, health_of
from smartreise.fleet.ledger import Ledger
from smartreise.fleet.office_desk import OfficeDesk
from smartreise.fleet.pages import Page
from smartreise.fleet.records import (
    AdminDisplay,
    AdminDisplays,
    BeatRecord,
    Claim,
    DisplayPatch,
    DisplayRecord,
    Heartbeat,
    HeartbeatTaken,
    Pairing,
    WaitingRecord,
)
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import make_code, make_id, make_secret, matches, read_code
from smartreise.model.problems import BadFields, Conflict, NotSignedIn, Unavailable, UnknownId

#: a code is good for this long
CODE_S: Final = 600
_TRIES: Final = 8


class DisplayDesk:
    def __init__(self, ledger: Ledger, offices: OfficeDesk) -> None:
        self._ledger = ledger
        self._offices = offices

    async def begin(self) -> Pairing:
        """A screen that nobody has claimed asks for a code."""
        draw, shelf = self._ledger.draw, self._ledger.shelf
        display = make_id(draw)
        secret = make_secret("srp", display, draw)
        for _ in range(_TRIES):
            code = make_code(draw)
            if await shelf.put_passing(f"code:{code}", display.encode(), CODE_S):
                waiting = WaitingRecord(display=display, code=code, secret_digest=secret.digest)
                await shelf.put_passing(f"waiting:{display}", msgspec.json.encode(waiting), CODE_S)
                expires_at = self._ledger.iso(self._ledger.now() + CODE_S)
                return Pairing(display=display, code=code, secret=secret.text, expires_at=expires_at)
        raise Unavailable("no free code was found; try again")

    async def ask(self, id_: str, bearer: str) -> str | None:
        """What a screen gets for its secret or token: a new token, or None where it waits or has one.
        Raises `NotSignedIn` when it is neither's, which sends a revoked screen back to pairing."""
        record = await self._ledger.find("displays", id_, DisplayRecord)
        if record is None:
            raw = await self._ledger.shelf.find_passing(f"waiting:{id_}")
            if raw is None:
                raise UnknownId("display", id_)
            if not matches(bearer, msgspec.json.decode(raw, type=WaitingRecord).secret_digest):
                raise NotSignedIn("this is not the display's secret")
            return None
        holds_token = matches(bearer, record.token_digest)
        if holds_token and not record.turning:
            return None
        turned = matches(bearer, record.old_digest)  # the answer with the next token got lost
        if not (holds_token or turned or matches(bearer, record.secret_digest)):
            raise NotSignedIn("this is neither the display's token nor its secret")
        token = make_secret("srd", id_, self._ledger.draw)
        old = record.token_digest if holds_token else record.old_digest
        new = msgspec.structs.replace(record, token_digest=token.digest, old_digest=old, turning=False)
        await self._ledger.put("displays", id_, old=record, new=new, who=record.name, what="got its token")
        return token.text

    async def beat(self, id_: str, bearer: str, beat: Heartbeat) -> HeartbeatTaken:
        """Raises `NotSignedIn`."""
        record = await self._ledger.find("displays", id_, DisplayRecord)
        holds_old = record is not None and matches(bearer, record.old_digest)
        if record is None or not (holds_old or matches(bearer, record.token_digest)):
            raise NotSignedIn("this is not the display's token")
        if not holds_old and (record.secret_digest or record.old_digest):
            # The token has arrived: what led to it is void.
            new = msgspec.structs.replace(record, secret_digest=None, old_digest=None)
            await self._ledger.put("displays", id_, old=record, new=new, who=record.name, what="used its token")
        now = self._ledger.now()
        kept = BeatRecord(at=now, **{name: getattr(beat, name) for name in Heartbeat.__struct_fields__})
        if kept.data_age_s is None:
            kept = msgspec.structs.replace(kept, data_age_s=_age(kept.last_data, now))
        await self._ledger.shelf.put_beat(id_, msgspec.json.encode(kept))
        return HeartbeatTaken(server_time=self._ledger.iso(now), interval_s=BEAT_S)

    async def claim(self, caller: Caller, claim: Claim) -> AdminDisplay:
        """Raises `UnknownId` for a code that no screen shows, or an office that is none."""
        code = read_code(claim.code)
        if code is None:
            raise BadFields((("code", "a code is six letters and digits, without 0, 1, I, L and O"),))
        caller.need_office(claim.office)
        await self._offices.need(claim.office)
        shelf = self._ledger.shelf
        display = await shelf.find_passing(f"code:{code}")
        raw = None if display is None else await shelf.find_passing(f"waiting:{display.decode()}")
        if raw is None:
            raise UnknownId("code", f"{code}; no display shows it, or it is too old")
        waiting = msgspec.json.decode(raw, type=WaitingRecord)
        record = DisplayRecord(
            id=waiting.display,
            name=claim.name or f"{claim.office} {waiting.display[:4]}",
            office=claim.office,
            group=claim.group,
            claimed_at=self._ledger.now(),
            claimed_by=caller.name,
            secret_digest=waiting.secret_digest,
        )
        what = f"claimed the display for {claim.office}"
        try:
            await self._ledger.put("displays", record.id, old=None, new=record, who=caller.name, what=what)
        except Conflict:
            raise UnknownId("code", f"{code}; its display was claimed already") from None
        await shelf.drop_passing(f"code:{code}", f"waiting:{waiting.display}")
        return self._told(record, None)

    async def list_displays(
        self, caller: Caller, page: Page, *, office: str | None = None, group: str | None = None
    ) -> AdminDisplays:
        """Those of offices that the caller may see, by id; ``office`` and ``group``: only its. Searched by name,
        office and group."""
        beats = await self._ledger.shelf.list_beats()
        seen = [
            record
            for record in await self._ledger.list_records("displays", DisplayRecord)
            if caller.sees(record.office) and office in (None, record.office) and group in (None, record.group)
        ]
        told, after = page.of(seen, lambda record: (record.name, record.office, record.group))
        return AdminDisplays(displays=[self._told(record, beats.get(record.id)) for record in told], next=after)

    async def change(self, caller: Caller, id_: str, patch: DisplayPatch) -> AdminDisplay:
        """Raises `UnknownId`."""
        record = await self._get(caller, id_)
        caller.need_office(record.office)
        if patch.office is not UNSET:
            caller.need_office(patch.office)
            await self._offices.need(patch.office)
        named = {name: getattr(patch, name) for name in ("office", "name", "group", "layout", "theme", "test")}
        new = msgspec.structs.replace(
            record,
            identify=record.identify + patch.identify,
            reload=record.reload + patch.reload,
            turn=record.turn + patch.rotate,
            turning=record.turning or patch.rotate,
            **{name: value for name, value in named.items() if value is not UNSET},
        )
        if new != record:
            await self._ledger.put("displays", id_, old=record, new=new, who=caller.name, what="changed the display")
        return self._told(new, (await self._ledger.shelf.list_beats()).get(id_))

    async def revoke(self, caller: Caller, id_: str) -> None:
        """Back to pairing. Raises `UnknownId`."""
        record = await self._get(caller, id_)
        caller.need_office(record.office)
        await self._ledger.put("displays", id_, old=record, new=None, who=caller.name, what="revoked the display")
        await self._ledger.shelf.drop_beat(id_)

    async def statistics(self) -> list[tuple[DisplayRecord, BeatRecord | None]]:
        """All screens with their last heartbeats, for metrics."""
        beats = await self._ledger.shelf.list_beats()
        records = await self._ledger.list_records("displays", DisplayRecord)
        return [(record, _beat(beats.get(record.id))) for record in records]

    async def _get(self, caller: Caller, id_: str) -> DisplayRecord:
        record = await self._ledger.get("displays", id_, DisplayRecord, called="display")
        if not caller.sees(record.office):
            raise UnknownId("display", id_)
        return record

    def _told(self, record: DisplayRecord, raw: bytes | None) -> AdminDisplay:
        beat = _beat(raw)
        said = beat or Heartbeat()
        return AdminDisplay(
            id=record.id,
            name=record.name,
            office=record.office,
            group=record.group,
            layout=record.layout,
            theme=record.theme,
            test=record.test,
            turning=record.turning or record.old_digest is not None,
            claimed=True,
            claimed_at=self._ledger.iso(record.claimed_at),
            health=health_of(beat, now=self._ledger.now()),
            last_seen=None if beat is None else self._ledger.iso(beat.at),
            version=said.version,
            uptime_s=said.uptime_s,
            last_paint=said.last_paint,
            last_revision=said.last_revision,
            last_data=said.last_data,
            data_age_s=said.data_age_s,
            errors=said.errors,
        )


def _beat(raw: bytes | None) -> BeatRecord | None:
    return None if raw is None else msgspec.json.decode(raw, type=BeatRecord)


def _age(instant: str | None, now: int) -> float | None:
    """Seconds since an ISO 8601 instant; None where it is none."""
    try:
        at = datetime.fromisoformat(instant) if instant else None
    except ValueError:
        return None
    return None if at is None or at.tzinfo is None else round(now - at.timestamp(), 1)
