"""A blob mapped from a file reads as the blob itself."""

from __future__ import annotations

import pytest

from smartreise.app.memory import give_back_memory, let_go, mapped
from smartreise.timetable.codec import decode, encode
from tests.drawing import draw, layout


def test_a_mapped_timetable_answers_even_when_its_pages_were_let_go() -> None:
    timetable = draw("31/t1: A 08:00 B 08:10 C 08:20")
    mapping = mapped(encode(timetable))
    again = decode(mapping)
    before = layout(again).event_depart.tolist()
    let_go(mapping)
    give_back_memory()
    assert layout(again).event_depart.tolist() == before == layout(timetable).event_depart.tolist()


def test_nothing_cannot_be_mapped() -> None:
    with pytest.raises(ValueError, match="empty"):
        mapped(b"")
