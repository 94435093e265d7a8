"""An office's screen as a picture for e-paper: a pure function of its view, drawn with Pillow.

E-paper keeps what it was last given, for as long as nobody gives it more. So a picture counts down nothing: it says at
which time to leave, and when it was drawn. What a reader would get wrong: the picture changes when something on it
does, not when its clock does; `Sheet.holds_until` tells how long what stands on it is true.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from smartreise.views import wire
from smartreise.views.plain_texts import PLAIN_TEXTS, PlainTexts

WHITE, PALE, GREY, BLACK = 255, 170, 85, 0
#: longest that a picture is believed, and shortest that is worth asking again (s)
MOST_S: Final = 300
LEAST_S: Final = 15
_OWN: Final = frozenset({"walk", "bike", "scooter", "car"})
#: the page that all measures are of, in units
_WIDTH, _HEIGHT = 800, 480


@dataclass(frozen=True, slots=True)
class Fonts:
    """Font files: letters of western Europe, and those beyond."""

    latin: bytes
    more: bytes


@dataclass(frozen=True, slots=True)
class Way:
    """A way to a destination: when to leave, what one rides, when one is there. What may be left at any time says how
    long it takes, and no arrival."""

    leave: str
    steps: tuple[tuple[str, bool], ...]  # text, whether it is a line's badge
    arrive: str


@dataclass(frozen=True, slots=True)
class Row:
    """A departure."""

    line: str
    to: str
    time: str
    planned: str  # where it differs
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on the picture but for when it was drawn."""

    title: str
    day: str
    demo: bool
    ways: tuple[tuple[str, tuple[Way, ...]], ...]
    boards: tuple[tuple[str, str, tuple[Row, ...]], ...]
    notice: str
    alert: str
    holds_until: datetime


def sheet_of(view: wire.OfficeView, *, now: datetime, language: str) -> Sheet:
    """What there is to draw at `now`, in the region's zone, in a language of `PLAIN_TEXTS`."""
    t = PLAIN_TEXTS[language]
    ends = [now + timedelta(seconds=MOST_S)]
    ways = []
    for part in view.suggestions:
        live = [s for s in part.suggestions if s.status != "broken" and (not _bound(s) or _at(s.leave_at) >= now)]
        ends += [_at(s.leave_at) + timedelta(seconds=1) for s in live if _bound(s)]
        live.sort(key=lambda s: not _bound(s))
        ways.append((part.destination.name, tuple(_way(s, t) for s in live)))
    boards = []
    for board in view.boards:
        rows = [d for d in board.departures if _at(d.expected) >= now]
        ends += [_at(d.expected) + timedelta(seconds=1) for d in rows]
        walk = next((d.walk_s for d in board.departures if isinstance(d.walk_s, int)), None)
        away = "" if walk is None else t.walk.format(max(1, round(walk / 60)))
        boards.append((board.stop.name, away, tuple(_row(d) for d in rows)))
    late = [feed for feed in view.feeds if feed.kind == "realtime" and feed.state != "fresh"]
    alert = next((text for a in view.alerts if (text := _alert(a, language))), "")
    return Sheet(
        title=view.office.name,
        day=t.date.format(weekday=t.weekdays[now.weekday()], day=now.day, month=t.months[now.month - 1]),
        demo=view.demo,
        ways=tuple(ways),
        boards=tuple(boards),
        notice=t.no_realtime if late or any(b.realtime == "stale" for b in view.boards) else "",
        alert=alert,
        holds_until=min(ends),
    )


def draw(sheet: Sheet, fonts: Fonts, *, size: tuple[int, int], depth: int, drawn: str, language: str) -> bytes:
    """The picture as PNG: black and white with ``depth`` 1, four greys with 2; ``drawn`` is HH:MM."""
    texts = PLAIN_TEXTS[language]
    image = Image.new("L", size, WHITE)
    pen = _Pen(ImageDraw.Draw(image), fonts, min(size[0] / _WIDTH, size[1] / _HEIGHT), grey=depth > 1)
    upright = size[1] > size[0]
    top = _header(pen, sheet, size[0])
    foot = size[1] - pen.px(34)
    if upright:
        middle = top + round((foot - top) * 0.55)
        _ways(pen, sheet, texts, (pen.px(16), top, size[0] - pen.px(16), middle))
        _boards(pen, sheet, texts, (pen.px(16), middle + pen.px(8), size[0] - pen.px(16), foot))
    else:
        split = round(size[0] * 0.56)
        _ways(pen, sheet, texts, (pen.px(16), top, split - pen.px(12), foot))
        _boards(pen, sheet, texts, (split + pen.px(12), top, size[0] - pen.px(16), foot))
        pen.draw.line((split, top + pen.px(6), split, foot - pen.px(6)), fill=pen.faint, width=1)
    _footer(pen, sheet, size, texts.drawn.format(drawn), foot)
    return _png(image, depth)


@dataclass(slots=True)
class _Pen:
    """Draws in units of the page; greys become black where there are none."""

    draw: ImageDraw.ImageDraw
    fonts: Fonts
    scale: float
    grey: bool

    @property
    def faint(self) -> int:
        return GREY if self.grey else BLACK

    def px(self, units: float) -> int:
        return max(1, round(units * self.scale))

    def pieces(self, text: str, units: float, bold: bool) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """Runs of text with the font that has their letters."""
        found: list[tuple[str, ImageFont.FreeTypeFont]] = []
        for letter in text:
            font = _font(self.fonts.latin if _is_common(letter) else self.fonts.more, self.px(units), bold)
            if found and found[-1][1] is font:
                found[-1] = (found[-1][0] + letter, font)
            else:
                found.append((letter, font))
        return found

    def width(self, text: str, units: float, *, bold: bool = False) -> float:
        return sum(font.getlength(piece) for piece, font in self.pieces(text, units, bold))

    def text(self, at: tuple[float, float], text: str, units: float, *, bold: bool = False, fill: int = BLACK) -> float:
        """Writes from the left end of a baseline; where the text ends."""
        x, y = at
        for piece, font in self.pieces(text, units, bold):
            self.draw.text((x, y), piece, font=font, fill=fill, anchor="ls")
            x += font.getlength(piece)
        return x

    def right(self, at: tuple[float, float], text: str, units: float, *, bold: bool = False) -> float:
        """Writes up to the right end of a baseline; where the text begins."""
        begin = at[0] - self.width(text, units, bold=bold)
        self.text((begin, at[1]), text, units, bold=bold)
        return begin

    def fitted(self, text: str, units: float, room: float, *, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is too long."""
        if self.width(text, units, bold=bold) <= room:
            return text
        while text and self.width(text + "…", units, bold=bold) > room:
            text = text[:-1]
        return text.rstrip() + "…"

    def badge(self, at: tuple[float, float], text: str, units: float) -> float:
        """A line's name, white on black, on a baseline; where it ends."""
        width, pad = self.width(text, units, bold=True), self.px(units * 0.3)
        box = (at[0], at[1] - self.px(units * 0.93), at[0] + width + 2 * pad, at[1] + self.px(units * 0.24))
        self.draw.rounded_rectangle(box, radius=self.px(3), fill=BLACK)
        self.text((at[0] + pad, at[1]), text, units, bold=True, fill=WHITE)
        return box[2]

    def strike(self, start: float, end: float, baseline: float, units: float) -> None:
        height = baseline - self.px(units * 0.33)
        self.draw.line((start, height, end, height), fill=BLACK, width=self.px(1.6))


def _header(pen: _Pen, sheet: Sheet, width: int) -> int:
    """The head of the page; where the rest begins."""
    right = width - pen.px(16)
    begin = pen.right((right, pen.px(37)), sheet.day, 19)
    if sheet.demo:
        begin -= pen.px(14) + pen.width("DEMO", 16, bold=True) + 2 * pen.px(16 * 0.3)
        pen.badge((begin, pen.px(37)), "DEMO", 16)
    title = pen.fitted(sheet.title, 30, begin - pen.px(32), bold=True)
    pen.text((pen.px(16), pen.px(38)), title, 30, bold=True)
    pen.draw.line((0, pen.px(54), width, pen.px(54)), fill=BLACK, width=pen.px(2))
    return pen.px(58)


def _ways(pen: _Pen, sheet: Sheet, t: PlainTexts, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    room = (bottom - top) // max(1, min(len(sheet.ways), 5))
    each = max(1, min(2, (room - pen.px(30)) // pen.px(32)))
    for number, (name, ways) in enumerate(sheet.ways[:5]):
        y = top + number * room + pen.px(26)
        pen.text((left, y), pen.fitted(name, 22, right - left, bold=True), 22, bold=True)
        if not ways:
            pen.text((left, y + pen.px(30)), pen.fitted(t.no_way, 18, right - left), 18)
        for line, way in enumerate(ways[:each]):
            _draw_way(pen, way, t, (left, y + pen.px(31) * (line + 1), right))


def _draw_way(pen: _Pen, way: Way, t: PlainTexts, at: tuple[int, int, int]) -> None:
    left, y, right = at
    end = pen.right((right, y), t.arrive.format(way.arrive) if way.arrive else t.any_time.lower(), 18)
    x = pen.text((left, y), f"{t.leave} ", 18) if way.arrive else float(left)
    x = pen.text((x, y), way.leave, 23, bold=True) + pen.px(12)
    for text, is_line in way.steps:
        needed = pen.width(text, 18, bold=is_line) + pen.px(18)
        if x + needed > end - pen.px(8):
            return
        x = pen.badge((x, y), text, 18) + pen.px(8) if is_line else pen.text((x, y), text, 18) + pen.px(8)


def _boards(pen: _Pen, sheet: Sheet, t: PlainTexts, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    boards = [board for board in sheet.boards if board[2]] or list(sheet.boards)
    fitting = max(1, min(len(boards), (bottom - top) // pen.px(110)))
    room = (bottom - top) // fitting
    for number, (name, away, rows) in enumerate(boards[:fitting]):
        y = top + number * room + pen.px(24)
        begin = pen.right((right, y), away, 16) if away else right
        pen.text((left, y), pen.fitted(name, 20, begin - left - pen.px(8), bold=True), 20, bold=True)
        if not rows:
            pen.text((left, y + pen.px(28)), pen.fitted(t.no_departures, 17, right - left), 17)
        for line, row in enumerate(rows[: max(1, (room - pen.px(36)) // pen.px(29))]):
            _draw_row(pen, row, t, (left, y + pen.px(29) * (line + 1), right))


def _draw_row(pen: _Pen, row: Row, t: PlainTexts, at: tuple[int, int, int]) -> None:
    left, y, right = at
    x = pen.badge((left, y), row.line, 18) + pen.px(10)
    begin = pen.right((right, y), row.time, 20, bold=True)
    if row.cancelled:
        pen.strike(begin, right, y, 20)
        begin = pen.right((begin - pen.px(8), y), t.cancelled, 16, bold=True)
    elif row.planned:
        end = begin - pen.px(8)
        begin = pen.right((end, y), row.planned, 16)
        pen.strike(begin, end, y, 16)
    pen.text((x, y), pen.fitted(row.to, 19, begin - x - pen.px(8)), 19)


def _footer(pen: _Pen, sheet: Sheet, size: tuple[int, int], drawn: str, foot: int) -> None:
    pen.draw.line((0, foot, size[0], foot), fill=BLACK, width=pen.px(1))
    y = foot + pen.px(23)
    begin = pen.right((size[0] - pen.px(16), y), f"{sheet.notice} · {drawn}" if sheet.notice else drawn, 16)
    x = float(pen.px(16))
    if sheet.alert:
        x = pen.badge((x, y), "!", 16) + pen.px(8)
        pen.text((x, y), pen.fitted(sheet.alert, 16, begin - x - pen.px(12)), 16)


def _png(image: Image.Image, depth: int) -> bytes:
    out = io.BytesIO()
    if depth == 1:
        # a threshold, no dithering: letters stay sharp
        image.point(lambda level: 255 if level > 150 else 0).convert("1", dither=Image.Dither.NONE).save(out, "PNG")
    else:
        greys = image.point(lambda level: min(3, (level + 42) // 85))
        greys.putpalette([channel for level in (BLACK, GREY, PALE, WHITE) for channel in (level,) * 3])
        greys.save(out, "PNG", bits=2)
    return out.getvalue()


@lru_cache(maxsize=64)
def _font(body: bytes, pixels: int, bold: bool) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(io.BytesIO(body), pixels)
    font.set_variation_by_axes([720 if bold else 480])
    return font


def _is_common(letter: str) -> bool:
    return ord(letter) < 0x100 or letter in "–—‘’“”…·"


def _way(suggestion: wire.Suggestion, t: PlainTexts) -> Way:
    steps: list[tuple[str, bool]] = []
    for number, leg in enumerate(suggestion.legs):
        if isinstance(leg.line, wire.Line):
            steps.append((leg.line.name, True))
            if not any(is_line for _, is_line in steps[:-1]):
                steps.append((leg.depart.expected[11:16], False))
        elif number == 0 or leg.mode != "walk":
            steps.append((t.modes.get(leg.mode, leg.mode), False))
    steps = [step for step in steps if step[0] != t.modes["walk"]] or steps
    if _bound(suggestion):
        return Way(suggestion.leave_at[11:16], tuple(steps), suggestion.arrive_at[11:16])
    return Way(f"{max(1, round(suggestion.duration_s / 60))} min", tuple(steps), "")


def _row(departure: wire.Departure) -> Row:
    planned, expected = departure.scheduled, departure.expected
    differs = planned is not None and planned[11:16] != expected[11:16]
    return Row(
        line=departure.line.name,
        to=departure.headsign or "",
        time=(planned or expected)[11:16] if departure.cancelled else expected[11:16],
        planned=planned[11:16] if differs and planned and not departure.cancelled else "",
        cancelled=departure.cancelled,
    )


def _alert(alert: wire.AlertItem, language: str) -> str:
    order: Sequence[str] = ("en", "", "nb") if language == "en" else (language, "nb", "nn", "", "en")
    known = [alert.header[name] for name in order if alert.header.get(name)]
    return (known or [*alert.header.values(), ""])[0]


def _bound(suggestion: wire.Suggestion) -> bool:
    """Does a timetable say when to leave?"""
    return any(leg.mode not in _OWN for leg in suggestion.legs)


def _at(instant: str) -> datetime:
    return datetime.fromisoformat(instant)
