"""Offices as an administrator meets them: listed, made, changed, taken away, and each change undone.

What a reader would get wrong: taking an office away keeps its record, so that even that can be undone and its
versions go on counting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from smartreise.fleet.exchange import write_documents
from smartreise.fleet.ledger import Ledger
from smartreise.fleet.offices import checked, document_of, office_of, warnings_about
from smartreise.fleet.pages import Page
from smartreise.fleet.records import (
    AdminOffice,
    AdminOffices,
    Exported,
    Format,
    OfficeChange,
    OfficeChanges,
    OfficeDocument,
    OfficeName,
    OfficeNames,
    OfficeRecord,
    OfficeVersion,
)
from smartreise.fleet.roles import Caller
from smartreise.model.problems import BadFields, Conflict, UnknownId
from smartreise.model.region import Office
from smartreise.timetable.arrays import Timetable

_VERSIONS_KEPT: Final = 20


class OfficeDesk:
    """`fixed` are the region file's offices; `timetable` the one in use, None before there is one."""

    def __init__(self, ledger: Ledger, fixed: Sequence[Office], timetable: Callable[[], Timetable | None]) -> None:
        self._ledger = ledger
        self._fixed = {office.id: document_of(office) for office in fixed}
        self._timetable = timetable

    async def list_offices(self, caller: Caller, page: Page) -> AdminOffices:
        """Those that the caller may see, by id; searched by name."""
        held = await self.held()
        told, after = page.of(self._seen(caller, held), lambda office: (office.name,))
        return AdminOffices(offices=[self._told(office.id, _record(held, office.id)) for office in told], next=after)

    async def list_names(self, caller: Caller, page: Page) -> OfficeNames:
        """The same by id and name alone, to choose one of many."""
        told, after = page.of(self._seen(caller, await self.held()), lambda office: (office.name,))
        return OfficeNames(offices=[OfficeName(id=office.id, name=office.name) for office in told], next=after)

    async def get(self, caller: Caller, id_: str) -> AdminOffice:
        """Raises `UnknownId`; what the caller may not see is unknown to it."""
        record = await self._ledger.find("offices", id_, OfficeRecord)
        if not caller.sees(id_) or self.document_in(id_, record) is None:
            raise UnknownId("office", id_)
        return self._told(id_, record)

    async def create(self, caller: Caller, document: OfficeDocument) -> AdminOffice:
        """Raises `Conflict` on an id that is taken."""
        caller.need("admin")
        document = checked(document)
        record = await self._ledger.find("offices", document.id, OfficeRecord)
        if self.document_in(document.id, record) is not None:
            raise Conflict(f"office {document.id} exists already")
        return self._told(document.id, await self._put(caller, document.id, record, document, "made the office"))

    async def replace(self, caller: Caller, id_: str, document: OfficeDocument) -> AdminOffice:
        """Raises `UnknownId`."""
        await self.get(caller, id_)
        caller.need_office(id_)
        if document.id != id_:
            raise BadFields((("id", f"is {document.id}, but the address names {id_}"),))
        document = checked(document)
        record = await self._ledger.find("offices", id_, OfficeRecord)
        return self._told(id_, await self._put(caller, id_, record, document, "changed the office"))

    async def give_out(self, caller: Caller, kind: str) -> Exported:
        """The offices that the caller may see, as a file."""
        documents = sorted(self._seen(caller, await self.held()), key=lambda office: office.id)
        chosen: Format = "csv" if kind == "csv" else "toml" if kind == "toml" else "json"
        return Exported(format=chosen, text=write_documents(msgspec.to_builtins(documents), chosen))

    async def remove(self, caller: Caller, id_: str) -> None:
        """Raises `UnknownId`, and `Conflict` for one that stands in the region's file as it is."""
        await self.get(caller, id_)
        caller.need("admin")
        record = await self._ledger.find("offices", id_, OfficeRecord)
        if record is None or record.office is None:
            raise Conflict(f"office {id_} stands in the region's file; take it out there")
        what = "put the office back to the region's file" if id_ in self._fixed else "removed the office"
        await self._put(caller, id_, record, None, what)

    async def undo(self, caller: Caller, id_: str) -> OfficeChanges:
        """Back to what it was before the newest change, be it that it was not there. Raises `UnknownId`,
        `Conflict`."""
        caller.need_office(id_)
        record = await self._ledger.get("offices", id_, OfficeRecord, called="office")
        if not record.past:
            raise Conflict(f"nothing about office {id_} is left to undo")
        before, *_ = record.past
        if before.office is None and id_ not in self._fixed:
            caller.need("admin")
        await self._put(caller, id_, record, before.office, "undid a change of the office")
        return await self.versions(caller, id_)

    async def versions(self, caller: Caller, id_: str) -> OfficeChanges:
        """Newest first. Raises `UnknownId`."""
        if not caller.sees(id_):
            raise UnknownId("office", id_)
        record = await self._ledger.find("offices", id_, OfficeRecord)
        if record is None:
            await self.get(caller, id_)
            return OfficeChanges(versions=[])
        return OfficeChanges(
            versions=[
                OfficeChange(
                    version=v.version, at=self._ledger.iso(v.at), by=v.by, office=v.office, import_id=v.import_id
                )
                for v in (record, *record.past)
            ]
        )

    async def need(self, id_: str) -> None:
        """Raises `UnknownId` unless there is such an office."""
        record = None if id_ in self._fixed else await self._ledger.find("offices", id_, OfficeRecord)
        if self.document_in(id_, record) is None:
            raise UnknownId("office", id_)

    async def held(self) -> dict[str, tuple[bytes, OfficeRecord]]:
        """What is stored, by id: as it is, and read."""
        return await self._ledger.held("offices", OfficeRecord)

    def _seen(self, caller: Caller, held: Mapping[str, tuple[bytes, OfficeRecord]]) -> Iterator[OfficeDocument]:
        """The offices that there are for the caller."""
        for id_ in {*self._fixed, *held}:
            document = self.document_in(id_, _record(held, id_))
            if document is not None and caller.sees(id_):
                yield document

    def document_in(self, id_: str, record: OfficeRecord | None) -> OfficeDocument | None:
        return record.office if record is not None and record.office is not None else self._fixed.get(id_)

    async def _put(
        self, caller: Caller, id_: str, old: OfficeRecord | None, document: OfficeDocument | None, what: str
    ) -> OfficeRecord:
        new = following(old, document, at=self._ledger.now(), by=caller.name)
        await self._ledger.put("offices", id_, old=old, new=new, who=caller.name, what=what)
        return new

    def _told(self, id_: str, record: OfficeRecord | None) -> AdminOffice:
        document = self.document_in(id_, record)
        if document is None:
            raise UnknownId("office", id_)
        timetable = self._timetable()
        warnings = list(warnings_about(timetable, [office_of(document)])) if timetable is not None else []
        stored = record is not None and record.office is not None
        return AdminOffice(
            **{name: getattr(document, name) for name in OfficeDocument.__struct_fields__},
            source="stored" if stored else "region",
            version=record.version if record is not None else 0,
            updated_at=self._ledger.iso(record.at) if record is not None else None,
            updated_by=record.by if record is not None else None,
            warnings=warnings,
        )


def following(
    old: OfficeRecord | None, document: OfficeDocument | None, *, at: int, by: str, import_id: str | None = None
) -> OfficeRecord:
    """The version after ``old``."""
    before = OfficeVersion(office=None, version=0, at=at, by="the region's file")
    if old is not None:
        before = OfficeVersion(office=old.office, version=old.version, at=old.at, by=old.by, import_id=old.import_id)
    return OfficeRecord(
        office=document,
        version=before.version + 1,
        at=at,
        by=by,
        import_id=import_id,
        past=[before, *(old.past if old is not None else [])][:_VERSIONS_KEPT],
    )


def _record(held: Mapping[str, tuple[bytes, OfficeRecord]], id_: str) -> OfficeRecord | None:
    found = held.get(id_)
    return None if found is None else found[1]
