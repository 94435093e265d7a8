"""Answers as lines of text for a terminal."""

from __future__ import annotations

from typing import Any

from smartreise.app.terminal_texts import TerminalTexts


def board_lines(board: Any, texts: TerminalTexts) -> list[str]:
    """A departure board."""
    lines = [board["stop"]["name"] + (f" ({texts.old})" if board["realtime"] == "stale" else "")]
    if not board["departures"]:
        return [*lines, f"  {texts.page.no_departures}"]
    return lines + ["  " + _departure(row, texts) for row in board["departures"]]


def suggestion_lines(answer: Any, texts: TerminalTexts) -> list[str]:
    """Suggestions from one place to another."""
    lines = [f"{answer['from']['name']} → {answer['to']['name']}"]
    if not answer["suggestions"]:
        return [*lines, f"  {texts.no_way}"]
    for suggestion in answer["suggestions"]:
        lines += _suggestion(suggestion, texts)
    return lines + _last(answer, texts)


def office_lines(view: Any, texts: TerminalTexts) -> list[str]:
    """All that an office's screen shows."""
    lines = [view["office"]["name"] + ("  DEMO" if view["demo"] else "")]
    for way in view["suggestions"]:
        lines += ["", texts.to.format(way["destination"]["name"])]
        for suggestion in way["suggestions"][:3]:
            lines += _suggestion(suggestion, texts)
        lines += _last(way, texts)
    for board in view["boards"]:
        lines += ["", *board_lines({**board, "departures": board["departures"][:5]}, texts)]
    return lines


def _departure(row: Any, texts: TerminalTexts) -> str:
    planned, expected = _clock(row["scheduled"]), _clock(row["expected"])
    time = f"{expected}" if planned in (expected, None) else f"{expected} ({texts.planned.format(planned)})"
    marks = [
        texts.page.cancelled if row["cancelled"] else "",
        texts.live if row["realtime"] and not row["cancelled"] else "",
        texts.platform.format(row["quay"]) if row["quay"] else "",
        texts.new_platform if row["platform_changed"] else "",
    ]
    return f"{row['line']['name']:>5}  {row['headsign'] or '':<32.32} {time:<24} {', '.join(m for m in marks if m)}"


def _suggestion(suggestion: Any, texts: TerminalTexts) -> list[str]:
    page = texts.page
    facts = [f"{suggestion['duration_s'] // 60} min", page.count_changes(suggestion["transfers"])]
    if suggestion["status"] != "ok":
        facts.append(page.reasons.get(suggestion["reason"] or "", page.cancelled))
    if "change_chance" in suggestion:
        facts.append(texts.change_chance.format(round(suggestion["change_chance"] * 100)))
    legs = ("      " + _leg(leg, texts) for leg in suggestion["legs"])
    return [f"  {_way(suggestion, texts)}  ({', '.join(facts)})", *legs]


def _leg(leg: Any, texts: TerminalTexts) -> str:
    times, page = f"{_clock(leg['depart']['expected'])}–{_clock(leg['arrive']['expected'])}", texts.page
    if "line" in leg:
        return f"{times}  {leg['line']['name']} {leg['headsign'] or ''}: {leg['from']['name']} → {leg['to']['name']}"
    mode = page.modes.get(leg["mode"], leg["mode"])
    text = f"{times}  {texts.by.format(mode, round(leg['distance_m']), leg['to']['name'])}"
    if "pickup" in leg and leg["pickup"]["available"] is not None:
        text += f" ({page.count_free(leg['pickup']['available'])})"
    if "price" in leg:
        amount = format(leg["price"]["amount"], "g").replace(".", page.decimal)
        text += f", {texts.price.format(amount, leg['price']['currency'])}"
    return text


def _last(answer: Any, texts: TerminalTexts) -> list[str]:
    """The last way tonight, where it is told."""
    last = answer.get("last")
    if last is None:
        return []
    return [f"  {texts.last}: {_way(last, texts)}{'  ' + texts.soon if last['warning'] else ''}"]


def _way(told: Any, texts: TerminalTexts) -> str:
    return texts.way.format(_clock(told["leave_at"]), _clock(told["arrive_at"]))


def _clock(instant: str | None) -> str | None:
    """The wall clock of an ISO instant, as its offset says."""
    return None if instant is None else instant[11:16]
