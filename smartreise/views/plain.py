"""An office's screen as plain HTML, for players whose scripts fail or are too old: a pure function of its view.

What a reader would get wrong: nothing counts down here. Every "in 4 min" stands beside its time on the clock, and the
page tells when it was made, so that a page that could not be fetched again misleads nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from smartreise.views import wire
from smartreise.views.plain_style import STYLE
from smartreise.views.plain_texts import PLAIN_TEXTS, PlainTexts

REFRESH_S: Final = 30
_OWN: Final = frozenset({"walk", "bike", "scooter", "car"})
_WAYS: Final = 3
_ROWS: Final = 6
#: what is shown where nobody can scroll
_FEW: Final = 4
_FEW_BOARDS: Final = 2
#: a class: left out where nobody can scroll
_MORE: Final = " more"
_NIGHT_S: Final = 90 * 60
_CANCELLED_STAYS_S: Final = 120
_MINUTE: Final = 60


def plain_page(
    view: wire.OfficeView, feeds: wire.Feeds, *, now: datetime, language: str, theme: str, next_page: str | None = None
) -> str:
    """The page in a language of `PLAIN_TEXTS`. `now` is the server's, in the region's zone. `next_page` is the address
    that it goes to in `REFRESH_S` seconds; None: itself."""
    t = PLAIN_TEXTS[language]
    first = _first(view, now)
    state = _state(view, first, now)
    body = "".join(
        (
            _head(view, t, now),
            f"<main>{_notice(view, t, state, first, now)}",
            f'<table class="columns"><tr><td class="how"><h2>{t.how}</h2>',
            "".join(_destination(part, t, now) for part in view.suggestions),
            f'</td><td class="near"><h2>{t.nearby}</h2>',
            "".join(_board(b, t, now, more=index >= _FEW_BOARDS) for index, b in enumerate(view.boards)),
            _shared(view.mobility, t),
            "</td></tr></table></main>",
            f'<footer class="low">{_alerts(view.alerts, t)}{_foot(view, feeds, t, now)}</footer>',
        )
    )
    return (
        f'<!doctype html><html lang="{t.language}" translate="no" data-state="{state}" class="{theme}"><head>'
        '<meta charset="utf-8"><meta name="google" content="notranslate">'
        f'<meta http-equiv="refresh" content="{_refresh(next_page)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(view.office.name)}</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )


def _refresh(next_page: str | None) -> str:
    return str(REFRESH_S) if next_page is None else escape(f"{REFRESH_S}; url={next_page}", quote=True)


def _head(view: wire.OfficeView, t: PlainTexts, now: datetime) -> str:
    day = t.date.format(weekday=t.weekdays[now.weekday()], day=now.day, month=t.months[now.month - 1])
    demo = ' <span class="demo">DEMO</span>' if view.demo else ""
    return (
        f'<header><table class="head"><tr><td><h1>{escape(view.office.name)}</h1><p class="day">{day}{demo}</p></td>'
        f'<td class="clock">{now:%H:%M}</td></tr></table></header>'
    )


def _notice(view: wire.OfficeView, t: PlainTexts, state: str, first: datetime | None, now: datetime) -> str:
    if state == "empty":
        return f'<p class="notice">{t.empty}</p>'
    if state == "night" and first is not None:
        tomorrow = f" {t.tomorrow}" if first.date() != now.date() else ""
        return f'<p class="notice">{t.night.format(f"{first:%H:%M}")}{tomorrow}</p>'
    if state == "stale":
        since = min((feed.since for feed in _late(view) if feed.since is not None), default=None)
        return f'<p class="notice">{t.stale_since.format(_clock(since)) if since else t.no_realtime}</p>'
    return ""


def _destination(part: wire.DestinationSuggestions, t: PlainTexts, now: datetime) -> str:
    usable = [s for s in part.suggestions if s.status != "broken" and not (_bound(s) and _left(s.leave_at, now) < 0)]
    # First something that the clock binds: that is what a screen is looked at for.
    first = next((s for s in usable if _bound(s)), None)
    usable = usable if first is None else [first, *(s for s in usable if s is not first)]
    broken = [s for s in part.suggestions if s.status == "broken" and _left(s.leave_at, now) >= 0]
    rows = [_way(s, t, now, more=index > 0) for index, s in enumerate(usable[:_WAYS])]
    rows += [_broken(s, t) for s in broken[:1]]
    told = "".join(rows) or f'<p class="none">{t.no_way}</p>'
    return f'<div class="card"><h3>{escape(part.destination.name)}</h3>{told}</div>'


def _way(suggestion: wire.Suggestion, t: PlainTexts, now: datetime, *, more: bool) -> str:
    left = _left(suggestion.leave_at, now)
    facts = []
    if not _bound(suggestion):
        lead, mark, end = f"<b>{t.any_time}</b>", "go", t.takes.format(max(1, round(suggestion.duration_s / _MINUTE)))
    else:
        words = t.leave_now if left < _MINUTE else t.leave_in.format(left // _MINUTE)
        lead = f"<b>{words}</b> <small>{t.leave_at.format(_clock(suggestion.leave_at))}</small>"
        mark = "hurry" if left < _MINUTE or suggestion.reach == "hurry" else "go"
        end = t.arrive.format(f"<b>{_clock(suggestion.arrive_at)}</b>")
        facts.append(t.count_changes(suggestion.transfers))
    if suggestion.status == "tight":
        facts.append(escape(t.reasons.get(suggestion.reason or "tight_change", suggestion.reason or "")))
    told = " · ".join(facts) + _saved(suggestion, t, " · " if facts else "")
    return (
        f'<div class="way {mark}{_MORE if more else ""}"><span class="end">{end}</span><span class="lead">{lead}</span>'
        f"<br>{_chain(suggestion.legs, t)} <small>{told}</small></div>"
    )


def _saved(suggestion: wire.Suggestion, t: PlainTexts, before: str) -> str:
    """CO2e saved beside driving alone; nothing where nothing worth telling is saved."""
    kilograms = (suggestion.car_co2_g - suggestion.co2_g) / 1000
    if kilograms < 0.05:
        return ""
    return f'<span class="more">{before}{t.saved.format(f"{kilograms:.1f}".replace(".", t.decimal))}</span>'


def _broken(suggestion: wire.Suggestion, t: PlainTexts) -> str:
    reason = t.reasons.get(suggestion.reason or "", suggestion.reason or "")
    return (
        f'<div class="way broken"><span class="end warn">{escape(reason)}</span>'
        f"<s>{_clock(suggestion.leave_at)} {_chain(suggestion.legs, t)}</s></div>"
    )


def _chain(legs: Sequence[wire.Leg], t: PlainTexts) -> str:
    """The first walk says when to leave; later ones go without saying."""
    return " › ".join(_leg(leg, t) for index, leg in enumerate(legs) if index == 0 or leg.mode != "walk")


def _leg(leg: wire.Leg, t: PlainTexts) -> str:
    mode = t.modes.get(leg.mode, leg.mode)
    if isinstance(leg.line, wire.Line):
        return f"{escape(mode)} {_badge(leg.line)} {escape(leg.from_.name)} <b>{_clock(leg.depart.expected)}</b>"
    duration = datetime.fromisoformat(leg.arrive.expected) - datetime.fromisoformat(leg.depart.expected)
    return f"{escape(mode)} {max(1, round(duration.total_seconds() / _MINUTE))} min"


def _badge(line: wire.Line) -> str:
    """Without the line's colour: repaired contrast is the scripts' work, and a badge must be readable."""
    return f'<span class="badge">{escape(line.name)}</span>'


def _board(board: wire.Board, t: PlainTexts, now: datetime, *, more: bool) -> str:
    walk = next((d.walk_s for d in board.departures if isinstance(d.walk_s, int)), None)
    away = "" if walk is None else f" <small>{_walk(walk, t)}</small>"
    shown = [d for d in board.departures if _shows(d, now)][:_ROWS]
    rows = [_departure(d, t, now, more=index >= _FEW) for index, d in enumerate(shown)]
    told = "".join(rows) or f'<tr><td class="none">{t.no_departures}</td></tr>'
    return (
        f'<div class="card{_MORE if more else ""}"><h3>{escape(board.stop.name)}{away}</h3><table>{told}</table></div>'
    )


def _shows(departure: wire.Departure, now: datetime) -> bool:
    if departure.cancelled:
        return _left(departure.scheduled or departure.expected, now) >= -_CANCELLED_STAYS_S
    return _left(departure.expected, now) >= 0


def _departure(departure: wire.Departure, t: PlainTexts, now: datetime, *, more: bool) -> str:
    planned, expected = departure.scheduled, departure.expected
    notes = []
    if departure.cancelled:
        time = f"<s>{_clock(planned or expected)}</s>"
        notes.append(f'<span class="warn">{t.cancelled}</span>')
    else:
        differs = planned is not None and _clock(planned) != _clock(expected)
        time = (f"<s>{_clock(planned)}</s> " if differs and planned else "") + f"<b>{_clock(expected)}</b>"
        if departure.platform_changed and departure.quay:
            notes.append(f'<span class="warn">{escape(t.new_platform.format(departure.quay))}</span>')
        if departure.reach in ("hurry", "missed"):
            notes.append(t.hurry if departure.reach == "hurry" else t.missed)
    if datetime.fromisoformat(expected).date() != now.date():
        notes.append(t.tomorrow)
    mark = "broken" if departure.cancelled else departure.reach if isinstance(departure.reach, str) else "go"
    return (
        f'<tr class="{mark}{_MORE if more else ""}">'
        f'<td class="line">{_badge(departure.line)}</td><td>{escape(departure.headsign or "")} '
        f'<small>{" · ".join(notes)}</small></td><td class="time">{time}</td></tr>'
    )


def _shared(items: Sequence[wire.OfficeMobility], t: PlainTexts) -> str:
    if not items:
        return ""
    rows = "".join(
        f"<tr><td>{escape(item.name or t.forms.get(item.form, item.form))} <small>{_walk(item.walk_s, t)}</small></td>"
        f'<td class="time">{_available(item, t)}</td></tr>'
        for item in items[:_FEW]
    )
    return f'<div class="card"><h3>{t.door}</h3><table>{rows}</table></div>'


def _available(item: wire.OfficeMobility, t: PlainTexts) -> str:
    if item.state != "open" or item.available is None:
        return escape(t.state.get(item.state, t.state["unknown"]))
    return t.count_free(item.available)


def _alerts(alerts: Sequence[wire.AlertItem], t: PlainTexts) -> str:
    told = [text for text in (_alert_text(alert, t) for alert in alerts) if text]
    if not told:
        return ""
    lines = (f'<li class="{_MORE if index else ""}">{escape(text)}</li>' for index, text in enumerate(told))
    return f'<div class="alerts"><h2>{t.alerts}</h2><ul>{"".join(lines)}</ul></div>'


def _alert_text(alert: wire.AlertItem, t: PlainTexts) -> str:
    order = ("en", "", "nb", "no") if t.language == "en" else (t.language, "nb", "nn", "no", "", "en")
    for texts in (alert.header, alert.description):
        known = [texts[language] for language in order if texts.get(language)]
        if known or texts:
            return (known or list(texts.values()))[0]
    return ""


def _foot(view: wire.OfficeView, feeds: wire.Feeds, t: PlainTexts, now: datetime) -> str:
    ages = "".join(
        f'<span class="{"" if feed.kind == "realtime" else _MORE}"> {escape(feed.id)} '
        f"({t.feed_kinds.get(feed.kind, feed.kind)}): {t.feed_states[feed.state]}, {_age(feed, t, now)}.</span>"
        for feed in feeds.feeds
    )
    credit = escape(" · ".join(view.attribution))
    return f'<div class="foot">{t.shown_at.format(f"{now:%H:%M:%S}")} {t.feeds}:{ages} {credit}</div>'


def _age(feed: wire.Feed, t: PlainTexts, now: datetime) -> str:
    if feed.updated_at is None:
        return t.never
    seconds = max(0, int((now - datetime.fromisoformat(feed.updated_at)).total_seconds()))
    if seconds < 100:
        return t.seconds.format(seconds)
    return t.minutes.format(seconds // 60) if seconds < 5400 else t.hours.format(seconds // 3600)


def _state(view: wire.OfficeView, first: datetime | None, now: datetime) -> str:
    if first is None and not view.mobility and not any(part.suggestions for part in view.suggestions):
        return "empty"
    if first is not None and (first - now).total_seconds() > _NIGHT_S:
        return "night"
    return "stale" if _late(view) or any(board.realtime == "stale" for board in view.boards) else "fresh"


def _late(view: wire.OfficeView) -> list[wire.FeedBrief]:
    return [feed for feed in view.feeds if feed.kind == "realtime" and feed.state != "fresh"]


def _first(view: wire.OfficeView, now: datetime) -> datetime | None:
    """When the first thing leaves, None if nothing does."""
    leaving = [d.expected for board in view.boards for d in board.departures if not d.cancelled]
    leaving += [s.leave_at for part in view.suggestions for s in part.suggestions if _bound(s) and s.status != "broken"]
    return min((at for at in map(datetime.fromisoformat, leaving) if at >= now), default=None)


def _bound(suggestion: wire.Suggestion) -> bool:
    """Does a timetable say when to leave?"""
    return any(leg.mode not in _OWN for leg in suggestion.legs)


def _left(instant: str, now: datetime) -> int:
    """Whole seconds until an instant, negative once it has passed."""
    return int((datetime.fromisoformat(instant) - now).total_seconds() // 1)


def _clock(instant: str) -> str:
    """HH:MM as it is written, i.e. in the region's zone."""
    return instant[11:16]


def _walk(seconds: int, t: PlainTexts) -> str:
    minutes = round(seconds / _MINUTE)
    return t.walk.format(minutes) if minutes >= 1 else t.at_once
