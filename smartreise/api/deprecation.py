"""What is to go one day, and how answers say so: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link.

What a reader would get wrong: nothing leaves the contract without having stood here for half a year at least. The table
is empty while nothing is to go; the OpenAPI document and the answers' headers come from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Final

#: from the announcement to the end, at least
LEAST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Leaving:
    """An address that answers until `gone`. `instead`: the address of what comes in its place, or of words on it."""

    since: date
    gone: date
    instead: str

    def __post_init__(self) -> None:
        if (self.gone - self.since).days < LEAST_DAYS:
            raise ValueError(f"between {self.since} and {self.gone} lie less than {LEAST_DAYS} days")

    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{int(_midnight(self.since).timestamp())}",
            "Sunset": format_datetime(_midnight(self.gone), usegmt=True),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


#: by route, as the URL table writes it
LEAVING: Final[Mapping[str, Leaving]] = {}
