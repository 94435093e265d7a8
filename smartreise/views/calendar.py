"""A suggestion as an iCalendar event (RFC 5545), to put into one's calendar.

What a reader would get wrong: the event begins when to leave, not when the bus does, and its UID is the suggestion's
id: a calendar that takes the link again moves the same event.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from smartreise.views import wire

#: octets in a line, its end left out
_LONGEST_LINE: Final = 75


def suggestion_ics(origin: wire.Place, target: wire.Place, suggestion: wire.Suggestion, *, now: int) -> str:
    """A calendar with one event; `now` is epoch s."""
    leave, arrive = _instant(suggestion.leave_at), _instant(suggestion.arrive_at)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//smartreise//suggestion//EN",
        "BEGIN:VEVENT",
        f"UID:{suggestion.id}@smartreise",
        f"DTSTAMP:{_utc(datetime.fromtimestamp(now, UTC))}",
        f"DTSTART:{_utc(leave)}",
        f"DTEND:{_utc(max(arrive, leave))}",
        f"SUMMARY:{_text(f'{origin.name} → {target.name}')}",
        f"DESCRIPTION:{_text(chr(10).join(_told(leg) for leg in suggestion.legs))}",
        f"LOCATION:{_text(origin.name)}",
        f"GEO:{origin.lat:.6f};{origin.lon:.6f}",
        f"STATUS:{'CANCELLED' if suggestion.status == 'broken' else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _told(leg: wire.Leg) -> str:
    """As in "16:04 31 Snarøya: IT Fornebu – Lysaker 16:19"."""
    departs, arrives = (call.expected[11:16] for call in (leg.depart, leg.arrive))
    line = leg.line.name if isinstance(leg.line, wire.Line) else leg.mode
    headsign = f" {leg.headsign}" if isinstance(leg.headsign, str) else ""
    return f"{departs} {line}{headsign}: {leg.from_.name} – {leg.to.name} {arrives}"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _utc(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines that are short enough; each but the first begins with a blank."""
    parts, held = [], ""
    for letter in line:
        if len((held + letter).encode()) > _LONGEST_LINE:
            parts.append(held)
            held = " "
        held += letter
    return [*parts, held]
