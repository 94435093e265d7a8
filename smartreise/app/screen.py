"""Answers as lines of text for a terminal."""

from __future__ import annotations

from typing import Any


def board_lines(board: Any, _now: float) -> list[str]:
    """A departure board."""
    lines = [board["stop"]["name"] + (" (sanntid er gammel)" if board["realtime"] == "stale" else "")]
    if not board["departures"]:
        return [*lines, "  ingen avganger"]
    return lines + ["  " + _departure(row) for row in board["departures"]]


def suggestion_lines(answer: Any, _now: float) -> list[str]:
    """Suggestions from one place to another."""
    lines = [f"{answer['from']['name']} → {answer['to']['name']}"]
    if not answer["suggestions"]:
        return [*lines, "  ingen reiseforslag"]
    for suggestion in answer["suggestions"]:
        lines += _suggestion(suggestion)
    return lines + _last(answer)


def office_lines(view: Any, now: float) -> list[str]:
    """All that an office's screen shows."""
    lines = [view["office"]["name"] + ("  DEMO" if view["demo"] else "")]
    for way in view["suggestions"]:
        lines += ["", f"Til {way['destination']['name']}"]
        for suggestion in way["suggestions"][:3]:
            lines += _suggestion(suggestion)
        lines += _last(way)
    for board in view["boards"]:
        lines += ["", *board_lines({**board, "departures": board["departures"][:5]}, now)]
    return lines


def _departure(row: Any) -> str:
    planned, expected = _clock(row["scheduled"]), _clock(row["expected"])
    time = f"{expected}" if planned in (expected, None) else f"{expected} (rutetid {planned})"
    marks = [
        "innstilt" if row["cancelled"] else "",
        "sanntid" if row["realtime"] and not row["cancelled"] else "",
        f"spor {row['quay']}" if row["quay"] else "",
        "endret spor" if row["platform_changed"] else "",
    ]
    return f"{row['line']['name']:>5}  {row['headsign'] or '':<32.32} {time:<24} {', '.join(m for m in marks if m)}"


def _suggestion(suggestion: Any) -> list[str]:
    head = f"  gå {_clock(suggestion['leave_at'])}, framme {_clock(suggestion['arrive_at'])}"
    changes = suggestion["transfers"]
    facts = [f"{suggestion['duration_s'] // 60} min", f"{changes} bytte{'r' if changes != 1 else ''}"]
    if suggestion["status"] != "ok":
        facts.append(suggestion["status"] + (f": {suggestion['reason']}" if suggestion["reason"] else ""))
    if "change_chance" in suggestion:
        facts.append(f"byttet går {round(suggestion['change_chance'] * 100)} av 100 ganger")
    return [f"{head}  ({', '.join(facts)})", *("      " + _leg(leg) for leg in suggestion["legs"])]


def _leg(leg: Any) -> str:
    times = f"{_clock(leg['depart']['expected'])}–{_clock(leg['arrive']['expected'])}"
    if "line" in leg:
        return f"{times}  {leg['line']['name']} {leg['headsign'] or ''}: {leg['from']['name']} → {leg['to']['name']}"
    text = f"{times}  {leg['mode']} {round(leg['distance_m'])} m til {leg['to']['name']}"
    if "pickup" in leg and leg["pickup"]["available"] is not None:
        text += f" ({leg['pickup']['available']} ledige)"
    if "price" in leg:
        text += f", om lag {leg['price']['amount']:g} {leg['price']['currency']}"
    return text


def _last(answer: Any) -> list[str]:
    """The last way tonight, where it is told."""
    last = answer.get("last")
    if last is None:
        return []
    soon = "  SNART" if last["warning"] else ""
    return [f"  siste i kveld: gå {_clock(last['leave_at'])}, framme {_clock(last['arrive_at'])}{soon}"]


def _clock(instant: str | None) -> str | None:
    """The wall clock of an ISO instant, as its offset says."""
    return None if instant is None else instant[11:16]
