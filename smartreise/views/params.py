"""Parameters as questions carry them: declared once, checked strictly, described for the OpenAPI document.

A declaration turns text into *canonical text*, so that equal questions are equal, and canonical text into a
value. What a reader would get wrong: `View.answer` gets canonical text only, with defaults filled in; an
optional parameter without a default is simply absent from it.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar

from smartreise.model.modes import MODES
from smartreise.model.problems import BadInput

T = TypeVar("T")
Canonical = tuple[tuple[str, str], ...]

#: ids and texts longer than this are no ids and texts
LONGEST_TEXT: Final = 500
_BLANKS: Final = " \t\r\n"
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
#: degrees as patterns of JSON Schema
LATITUDE: Final = r"-?(90(\.0{1,9})?|[0-8]?[0-9](\.[0-9]{1,9})?)"
LONGITUDE: Final = r"-?(180(\.0{1,9})?|(1[0-7]|[0-9])?[0-9](\.[0-9]{1,9})?)"
#: one visible character at least and no control characters; likewise without a comma
_PRINTED: Final = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
_LISTED: Final = r"^[^\x00-\x1f\x7f,]*[^\x00-\x20\x7f,][^\x00-\x1f\x7f,]*$"
#: an offset whose "+" a query string turned into a blank
_LOST_PLUS: Final = re.compile(r" (\d\d(:?\d\d)?)$")
#: years in which every offset still makes a moment; others are as far outside any timetable
_YEARS: Final = (2, 9998)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(ABC, Generic[T]):
    """One named parameter. Without `required` and `default` it may be left out."""

    name: str
    about: str
    required: bool = False
    default: str | None = None
    example: str | None = None

    @abstractmethod
    def parse(self, text: str) -> T:
        """The value of non-empty text. Raises `BadInput`."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the text as it stands in a URL."""

    def canonical(self, text: str) -> str:
        """The one spelling of what `text` says. Raises `BadInput`."""
        return str(self.parse(text))

    def get(self, params: Mapping[str, str]) -> T:
        """The value among canonical parameters. Raises `BadInput` where it is missing."""
        if self.name not in params:
            raise BadInput(self.name, "is missing")
        return self.parse(params[self.name])

    def find(self, params: Mapping[str, str]) -> T | None:
        """The value among canonical parameters, None where it was not given."""
        return self.parse(params[self.name]) if self.name in params else None

    def refuse(self, message: str) -> BadInput:
        return BadInput(self.name, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter[str]):
    """An id or free text; blanks around it do not count."""

    def parse(self, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise self.refuse(f"is longer than {LONGEST_TEXT} characters")
        if any(ord(c) < 32 or ord(c) == 127 for c in text):
            raise self.refuse("holds control characters")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": _PRINTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Parameter[int]):
    """A whole number in [least, most]."""

    least: int
    most: int

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
            raise self.refuse(f"is no whole number from {self.least} to {self.most}: {_short(text)}")
        value = int(text)
        if not self.least <= value <= self.most:
            raise self.refuse(f"must be from {self.least} to {self.most}, not {value}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Parameter[float]):
    """A finite number in [least, most]."""

    least: float
    most: float

    def parse(self, text: str) -> float:
        value = _finite(text)
        if value is None:
            raise self.refuse(f"is no number: {_short(text)}")
        if not self.least <= value <= self.most:
            raise self.refuse(f"must be from {self.least:g} to {self.most:g}, not {value:g}")
        return value

    def canonical(self, text: str) -> str:
        return _plain(self.parse(text), 3)

    def schema(self) -> dict[str, Any]:
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Parameter[bool]):
    """true or false; 1 and 0 will do."""

    def parse(self, text: str) -> bool:
        known = {"true": True, "1": True, "false": False, "0": False}
        if text.lower() not in known:
            raise self.refuse(f"is neither true nor false: {_short(text)}")
        return known[text.lower()]

    def canonical(self, text: str) -> str:
        return "true" if self.parse(text) else "false"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Parameter[tuple[str, ...]]):
    """A comma-separated list without order; `known`: what may stand in it, empty: anything."""

    known: tuple[str, ...] = ()

    def parse(self, text: str) -> tuple[str, ...]:
        names = sorted({part.strip(_BLANKS) for part in text.split(",")} - {""})
        if not names:
            raise self.refuse("is an empty list")
        if len(text) > LONGEST_TEXT:
            raise self.refuse(f"is longer than {LONGEST_TEXT} characters")
        for name in names:
            if self.known and name not in self.known:
                raise self.refuse(f"{_short(name)} is none of {', '.join(self.known)}")
        return tuple(names)

    def canonical(self, text: str) -> str:
        return ",".join(self.parse(text))

    def schema(self) -> dict[str, Any]:
        items: dict[str, Any] = {"enum": list(self.known)} if self.known else {"type": "string", "pattern": _LISTED}
        return {"type": "array", "items": items, "minItems": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter[str]):
    """One of a few words."""

    known: tuple[str, ...]

    def parse(self, text: str) -> str:
        if text not in self.known:
            raise self.refuse(f"{_short(text)} is none of {', '.join(self.known)}")
        return text

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.known)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(Parameter[tuple[float, float]]):
    """`lat,lon` in degrees."""

    def parse(self, text: str) -> tuple[float, float]:
        point = parse_point(text)
        if point is None:
            raise self.refuse(f"is no lat,lon: {_short(text)}")
        if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            raise self.refuse(f"is not on the globe: {_short(text)}")
        return point

    def canonical(self, text: str) -> str:
        return ",".join(_plain(part, 6) for part in self.parse(text))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{LATITUDE},{LONGITUDE}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Parameter[tuple[float, float, float, float]]):
    """`west,south,east,north` in degrees; west may lie east of east across the date line."""

    def parse(self, text: str) -> tuple[float, float, float, float]:
        parts = [_finite(part.strip()) for part in text.split(",")]
        numbers = [part for part in parts if part is not None]
        if len(parts) != 4 or len(numbers) != 4:
            raise self.refuse(f"is no west,south,east,north: {_short(text)}")
        west, south, east, north = numbers
        if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
            raise self.refuse("must be degrees with south ≤ north")
        return west, south, east, north

    def canonical(self, text: str) -> str:
        return ",".join(_plain(part, 6) for part in self.parse(text))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{LONGITUDE},{LATITUDE},{LONGITUDE},{LATITUDE}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Parameter[int]):
    """An instant as ISO 8601 with an offset; the value is epoch seconds, fractions dropped."""

    def parse(self, text: str) -> int:
        try:
            read = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text))
        except ValueError:
            raise self.refuse(f"is no ISO 8601 time: {_short(text)}") from None
        if read.tzinfo is None:
            raise self.refuse("needs an offset, as in 2026-11-23T16:04:30+01:00")
        least, most = _YEARS
        if not least <= read.year <= most:
            read = read.replace(year=least if read.year < least else most, day=1)
        return math.floor(read.timestamp())

    def canonical(self, text: str) -> str:
        return datetime.fromtimestamp(self.parse(text), UTC).isoformat().replace("+00:00", "Z")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Parameter[date]):
    """A calendar date, YYYY-MM-DD."""

    def parse(self, text: str) -> date:
        try:
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse(f"is no date YYYY-MM-DD: {_short(text)}") from None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


def canonical(declared: Sequence[Parameter[Any]], given: Mapping[str, str]) -> Canonical:
    """Given text checked against the declarations: canonical spellings, defaults filled in, sorted by name.

    Raises `BadInput` on the first unknown, malformed, missing or out-of-range parameter.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name in given:
        if name not in known:
            expected = f"known are {', '.join(known)}" if known else "none is"
            raise BadInput(_short(name), f"is not a parameter here; {expected}")
    found = []
    for name, parameter in known.items():
        text = given.get(name, "").strip(_BLANKS)
        if text:
            found.append((name, parameter.canonical(text)))
        elif parameter.required:
            raise BadInput(name, "is missing")
        elif parameter.default is not None:
            found.append((name, parameter.default))
    return tuple(sorted(found))


def parse_point(text: str) -> tuple[float, float] | None:
    """`lat,lon` as numbers, wherever on the globe or off it; None where it is something else."""
    parts = [_finite(part.strip()) for part in text.split(",")]
    if len(parts) != 2 or parts[0] is None or parts[1] is None:
        return None
    return parts[0], parts[1]


#: parameters that several questions share
AT: Final = Moment(name="at", about="When; now if left out.", example="2026-11-23T16:04:30+01:00")
LIMIT: Final = Whole(name="limit", about="How many at most.", least=1, most=200, default="20")
LINES: Final = Names(name="lines", about="Only these lines, by id or by name.", example="31,L1")
MODES_ONLY: Final = Names(name="modes", about="Only these modes.", known=MODES, example="bus,tram")
NEAR: Final = Point(name="near", about="A place as lat,lon.", example="59.8953,10.6284")
RADIUS: Final = Number(name="radius_m", about="How far around, crow-fly metres.", least=0, most=50_000, default="500")


def _finite(text: str) -> float | None:
    """A finite decimal number; `nan`, `inf`, `1_0` and digits of other scripts are none."""
    if not _NUMBER.fullmatch(text) or not text.isascii():
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _plain(value: float, decimals: int) -> str:
    """Shortest decimal spelling, no exponent, no trailing zeros, no −0."""
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
