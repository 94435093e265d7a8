"""What snapshots take from administration: offices, claimed displays and own messages, from the store's records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from smartreise.fleet.offices import merged, office_of
from smartreise.fleet.records import DisplayRecord, NoticeRecord, OfficeRecord
from smartreise.model.realtime import Alert
from smartreise.model.region import Display, Notice, Office

T = TypeVar("T")
R = TypeVar("R", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class FleetState:
    """`unread` names records that are of no use, e.g. of a newer version of the product."""

    offices: tuple[Office, ...]
    displays: tuple[Display, ...] = ()
    notices: tuple[Notice, ...] = ()
    unread: tuple[str, ...] = ()


def build_state(
    fixed: Sequence[Office],
    *,
    offices: Mapping[str, bytes],
    displays: Mapping[str, bytes],
    notices: Mapping[str, bytes],
) -> FleetState:
    """The state that these records make with the region file's offices."""
    unread: list[str] = []
    stored = _read(offices, OfficeRecord, lambda r: None if r.office is None else office_of(r.office), unread)
    screens = _read(displays, DisplayRecord, _display, unread)
    own = _read(notices, NoticeRecord, _notice, unread)
    return FleetState(merged(fixed, stored), tuple(screens.values()), tuple(own.values()), tuple(unread))


def _read(rows: Mapping[str, bytes], record: type[R], make: Callable[[R], T | None], unread: list[str]) -> dict[str, T]:
    found = {}
    for id_, raw in sorted(rows.items()):
        try:
            made = make(msgspec.json.decode(raw, type=record))
        except msgspec.MsgspecError as fault:
            unread.append(f"{record.__name__} {id_}: {fault}")
            continue
        if made is not None:
            found[id_] = made
    return found


def _display(record: DisplayRecord) -> Display:
    return Display(
        id=record.id,
        name=record.name,
        office=record.office,
        group=record.group,
        layout=record.layout,
        theme=record.theme,
        identify=record.identify,
        reload=record.reload,
        test=record.test,
        turn=record.turn,
    )


def _notice(record: NoticeRecord) -> Notice:
    alert = Alert(
        id=f"own:{record.id}",
        cause=None,
        effect=None,
        severity=None,
        header=dict(record.text),
        description={},
        url={},
        periods=((record.starts, record.ends),) if record.starts is not None or record.ends is not None else (),
    )
    return Notice(alert, frozenset(record.offices))
