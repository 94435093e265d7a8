"""Many offices at once, from a file: all of them or none, in one step, and back again in one step.

What a reader would get wrong: an import leaves its id in each version that it made. That is how it is found again, and
why it can be taken back only while those versions are the newest.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartreise.fleet.exchange import read_offices
from smartreise.fleet.ledger import Change, Ledger
from smartreise.fleet.office_desk import OfficeDesk, following
from smartreise.fleet.records import Imported, ImportOrder, ImportOutcome, OfficeChanged, OfficeDocument
from smartreise.fleet.roles import Caller
from smartreise.fleet.secrets import make_id
from smartreise.model.problems import Conflict, UnknownId


class ImportDesk:
    def __init__(self, ledger: Ledger, offices: OfficeDesk) -> None:
        self._ledger = ledger
        self._offices = offices

    async def take_in(self, caller: Caller, order: ImportOrder) -> ImportOutcome:
        """Makes or changes the offices of a file. Raises `BadFields` with every mistake in it, `Conflict`."""
        caller.need("admin")
        wanted = [(document.id, document) for document in read_offices(order.text, order.format)]
        return await self._put(caller, wanted, "imported the office", dry_run=order.dry_run)

    async def undo(self, caller: Caller, import_id: str) -> ImportOutcome:
        """Puts every office of an import back to what it was before. Raises `UnknownId`, and `Conflict` where one was
        changed since."""
        caller.need("admin")
        before: list[tuple[str, OfficeDocument | None]] = []
        changed = []
        for id_, (_, record) in sorted((await self._offices.held()).items()):
            if record.import_id == import_id:
                before.append((id_, record.past[0].office))
            elif any(version.import_id == import_id for version in record.past):
                changed.append(id_)
        if changed:
            raise Conflict(f"changed since the import: {', '.join(changed)}; undo each office by itself")
        if not before:
            raise UnknownId("import", import_id)
        return await self._put(caller, before, "undid the import of the office", dry_run=False)

    async def _put(
        self, caller: Caller, wanted: Sequence[tuple[str, OfficeDocument | None]], what: str, *, dry_run: bool
    ) -> ImportOutcome:
        held = await self._offices.held()
        import_id, at = make_id(self._ledger.draw), self._ledger.now()
        told, changes = [], []
        for id_, document in wanted:
            raw, record = held.get(id_, (None, None))
            new = following(record, document, at=at, by=caller.name, import_id=import_id)
            was, will = self._offices.document_in(id_, record), self._offices.document_in(id_, new)
            how: OfficeChanged = (
                "same" if was == will else "made" if was is None else "removed" if will is None else "changed"
            )
            named = will or was
            told.append(Imported(id=id_, name=id_ if named is None else named.name, change=how))
            if how != "same":
                changes.append(Change(id_, raw, new, f"{what} ({how})"))
        if not changes or dry_run:
            return ImportOutcome(offices=told, dry_run=dry_run)
        await self._ledger.put_all("offices", changes, who=caller.name)
        return ImportOutcome(offices=told, dry_run=False, import_id=import_id)
