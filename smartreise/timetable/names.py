"""Finding stops by what people type: case, accents and word order do not matter.

"o" finds "ø" and "a" finds "å", so that a keyboard without them will do. Homonyms are all kept.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import numpy as np

from smartreise.timetable.arrays import Timetable

_NORDIC: Final = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ö": "o", "ä": "a", "ß": "ss", "đ": "d", "ł": "l"})


def fold(text: str) -> str:
    """Lower case without accents or punctuation, words parted by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_NORDIC))
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def match_rank(name: str, wanted: str) -> int | None:
    """How well a folded name fits folded text: 0 whole, 1 beginning, 2 beginnings of words in order, None not."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    words = name.split()
    position = 0
    for part in wanted.split():
        while position < len(words) and not words[position].startswith(part):
            position += 1
        if position == len(words):
            return None
        position += 1
    return 2


def find_stops(timetable: Timetable, text: str, limit: int) -> list[int]:
    """Stations, and stops without one, whose name fits; best fit first, then those where most lines' modes call,
    then by name. Nothing for blank text."""
    wanted = fold(text)
    if not wanted:
        return []
    ranked = []
    for stop, name in _folded(timetable.stop_name):
        if timetable.stop_parent[stop] >= 0 or timetable.stop_kind[stop] > 1 or not timetable.stop_modes[stop]:
            continue
        rank = match_rank(name, wanted)
        if rank is not None:
            ranked.append((rank, -_members(timetable, stop), len(name), name, stop))
    return [entry[-1] for entry in sorted(ranked)[:limit]]


def _members(timetable: Timetable, stop: int) -> int:
    return int(timetable.member_start[stop + 1] - timetable.member_start[stop])


@lru_cache(maxsize=4)
def _folded(names: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((index, fold(name)) for index, name in enumerate(names))


def members(timetable: Timetable, stop: int) -> list[int]:
    """The boardable stops that a stop or station stands for."""
    rows = timetable.member[timetable.member_start[stop] : timetable.member_start[stop + 1]]
    return [int(row) for row in np.asarray(rows)]
