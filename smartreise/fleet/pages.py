"""Long lists in pages, by id, and only what a text is found in.

What a reader would get wrong: a page begins after an id, not at a number, so that what comes and goes between two
pages neither repeats a row nor loses one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from smartreise.timetable.names import fold

#: a page is no longer than this
MOST: Final = 1000


class Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Page:
    """``limit`` rows at most, with ids after ``after``, that hold ``text`` somewhere ("": any)."""

    limit: int = MOST
    after: str = ""
    text: str = ""

    def of(self, rows: Iterable[T], words: Callable[[T], Iterable[str]]) -> tuple[list[T], str | None]:
        """This page of rows, and what the next one begins after (None: there is none); ``words``: where a row may hold
        the text, beside its id."""
        later = (row for row in rows if row.id > self.after)
        found = sorted((r for r in later if self._fits((r.id, *words(r)))), key=lambda row: row.id)
        told = found[: self.limit]
        return told, told[-1].id if len(found) > self.limit else None

    def _fits(self, words: Iterable[str]) -> bool:
        """Case and accents do not count."""
        wanted, plain = self.text.casefold(), fold(self.text)
        return any(wanted in word.casefold() or (plain and plain in fold(word)) for word in words)
