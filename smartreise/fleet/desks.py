"""The desks of administration put together over one ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smartreise.fleet.display_desk import DisplayDesk
from smartreise.fleet.import_desk import ImportDesk
from smartreise.fleet.key_desk import KeyDesk
from smartreise.fleet.ledger import Ledger
from smartreise.fleet.notice_desk import NoticeDesk
from smartreise.fleet.office_desk import OfficeDesk
from smartreise.fleet.webhooks import WebhookDesk
from smartreise.model.region import Office
from smartreise.timetable.arrays import Timetable


@dataclass(frozen=True, slots=True)
class Desks:
    ledger: Ledger
    offices: OfficeDesk
    imports: ImportDesk
    displays: DisplayDesk
    keys: KeyDesk
    notices: NoticeDesk
    webhooks: WebhookDesk


def open_desks(ledger: Ledger, fixed: Sequence[Office], timetable: Callable[[], Timetable | None]) -> Desks:
    """All desks; ``fixed`` are the region file's offices, ``timetable`` gives the one in use."""
    offices = OfficeDesk(ledger, fixed, timetable)
    return Desks(
        ledger,
        offices,
        ImportDesk(ledger, offices),
        DisplayDesk(ledger, offices),
        KeyDesk(ledger),
        NoticeDesk(ledger, offices),
        WebhookDesk(ledger),
    )
