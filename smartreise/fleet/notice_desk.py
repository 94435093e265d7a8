"""An office's own messages, e.g. that the lift is out of order, with a time span and languages."""

from __future__ import annotations

from datetime import datetime

from smartreise.fleet.ledger import Ledger
from smartreise.fleet.office_desk import OfficeDesk
from smartreise.fleet.pages import Page
from smartreise.fleet.records import AdminNotice, AdminNotices, NoticeOrder, NoticeRecord
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import make_id
from smartreise.model.problems import BadFields, NotAllowed


class NoticeDesk:
    def __init__(self, ledger: Ledger, offices: OfficeDesk) -> None:
        self._ledger = ledger
        self._offices = offices

    async def list_notices(self, caller: Caller, page: Page) -> AdminNotices:
        """Those for all offices, and for offices that the caller may see, by id; searched by text and offices."""
        records = await self._ledger.list_records("notices", NoticeRecord)
        seen = [r for r in records if not r.offices or any(caller.sees(office) for office in r.offices)]
        told, after = page.of(seen, lambda record: (*record.text.values(), *record.offices))
        return AdminNotices(alerts=[self._told(record) for record in told], next=after)

    async def create(self, caller: Caller, order: NoticeOrder) -> AdminNotice:
        """Raises `BadFields`, `UnknownId` for an office that is none."""
        self._need(caller, order.offices)
        for office in order.offices:
            await self._offices.need(office)
        starts, ends = _instant("from", order.starts), _instant("to", order.ends)
        if starts is not None and ends is not None and ends <= starts:
            raise BadFields((("to", "must be after from"),))
        record = NoticeRecord(
            id=make_id(self._ledger.draw),
            text={str(language): text for language, text in order.text.items()},
            starts=starts,
            ends=ends,
            offices=sorted(set(order.offices)),
            created_at=self._ledger.now(),
            created_by=caller.name,
        )
        await self._ledger.put("notices", record.id, old=None, new=record, who=caller.name, what="made the alert")
        return self._told(record)

    async def remove(self, caller: Caller, id_: str) -> None:
        """Raises `UnknownId`."""
        record = await self._ledger.get("notices", id_, NoticeRecord, called="alert")
        self._need(caller, record.offices)
        await self._ledger.put("notices", id_, old=record, new=None, who=caller.name, what="removed the alert")

    def _need(self, caller: Caller, offices: list[str]) -> None:
        caller.need("partner")
        if caller.role == "partner" and not offices:
            raise NotAllowed("an alert for all offices needs the role admin")
        for office in offices:
            caller.need_office(office)

    def _told(self, record: NoticeRecord) -> AdminNotice:
        def iso(at: int | None) -> str | None:
            return None if at is None else self._ledger.iso(at)

        return AdminNotice(
            id=record.id, text=record.text, starts=iso(record.starts), ends=iso(record.ends), offices=record.offices
        )


def _instant(field: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadFields(((field, "is no ISO 8601 time like 2026-11-23T16:04:30+01:00"),)) from None
    if at.tzinfo is None or not 1970 < at.year < 9999:
        raise BadFields(((field, "needs an offset, as in 2026-11-23T16:04:30+01:00, and a year from 1971 on"),))
    return int(at.timestamp())
