"""transfers.txt: plain rules between stops and stations, and rules that only concern some routes or trips.

What a reader would get wrong: a row may name a station, and then speaks for all its stops; a row that names trips
without stops (types 4 and 5, in-seat) speaks for the vehicle, not for a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smartreise.timetable.footpaths import TransferRule
from smartreise.timetable.rows import Counts, Row, count, whole
from smartreise.timetable.tables import GtfsTables

_QUALIFIERS = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")
IN_SEAT, RE_BOARD = 4, 5


def read_transfers(
    feeds: Sequence[GtfsTables],
    stops: Mapping[str, int],
    routes: Mapping[str, int],
    trips: Mapping[str, int],
    counts: Counts,
) -> tuple[list[dict[str, Any]], list[TransferRule]]:
    """Rows with qualifiers, and the rest as rules. Rows that name what we do not know are counted."""
    qualified: list[dict[str, Any]] = []
    rules: list[TransferRule] = []
    for feed in feeds:
        for row in feed.transfers:
            kind = whole(row.get("transfer_type", "") or "0")
            ends = [stops.get(feed.prefix + row.get(key, "")) for key in ("from_stop_id", "to_stop_id")]
            if kind is None or kind > RE_BOARD:
                count(counts, "transfer_bad_type")
            elif any(row.get(key) for key in _QUALIFIERS) or kind in (IN_SEAT, RE_BOARD):
                found = _qualified(feed.prefix, row, kind, ends, routes, trips)
                if found is None:
                    count(counts, "transfer_unknown_route_trip_or_stop")
                else:
                    qualified.append(found)
            elif ends[0] is None or ends[1] is None:
                count(counts, "transfer_unknown_stop")
            else:
                rules.append(TransferRule(ends[0], ends[1], kind, whole(row.get("min_transfer_time", ""))))
    return qualified, rules


def _qualified(
    prefix: str,
    row: Row,
    kind: int,
    ends: Sequence[int | None],
    routes: Mapping[str, int],
    trips: Mapping[str, int],
) -> dict[str, Any] | None:
    """The row with its ids resolved, None for what it leaves blank; None where it names what is not there."""
    found: dict[str, Any] = {"type": kind, "from_stop": ends[0], "to_stop": ends[1]}
    for side in ("from", "to"):
        found[f"{side}_route"] = routes.get(prefix + row.get(f"{side}_route_id", ""))
        found[f"{side}_trip"] = trips.get(prefix + row.get(f"{side}_trip_id", ""))
        for what in ("stop", "route", "trip"):
            if row.get(f"{side}_{what}_id") and found[f"{side}_{what}"] is None:
                return None
    found["min_transfer_time"] = whole(row.get("min_transfer_time", ""))
    return found
