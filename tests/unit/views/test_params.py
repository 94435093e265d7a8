"""Parameters: what is understood, how it is spelled, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartreise.model.problems import BadInput
from smartreise.views.params import AT, Box, Day, Flag, Names, Number, Parameter, Point, Text, Whole, canonical

WHOLE = Whole(name="p", about="", least=1, most=200)
NUMBER = Number(name="p", about="", least=0, most=5000)
FLAG = Flag(name="p", about="")
NAMES = Names(name="p", about="", known=("bus", "tram"))
POINT = Point(name="p", about="")
BOX = Box(name="p", about="")
DAY = Day(name="p", about="")
TEXT = Text(name="p", about="")


@pytest.mark.parametrize(
    ("parameter", "text", "spelled"),
    [
        (WHOLE, "+07", "7"),
        (NUMBER, "1e3", "1000"),
        (NUMBER, ".50", "0.5"),
        (NUMBER, "-0", "0"),
        (FLAG, "TRUE", "true"),
        (FLAG, "0", "false"),
        (NAMES, "tram, bus,tram", "bus,tram"),
        (POINT, "59.90, 10.700000", "59.9,10.7"),
        (BOX, "10.40,59.8,10.9,60", "10.4,59.8,10.9,60"),
        (BOX, "179,-10,-179,10", "179,-10,-179,10"),
        (DAY, "2026-11-23", "2026-11-23"),
        (AT, "2026-11-23T16:04:30+01:00", "2026-11-23T15:04:30Z"),
        (AT, "2026-11-23T16:04:30 01:00", "2026-11-23T15:04:30Z"),
        (AT, "2026-11-23T15:04:30.9Z", "2026-11-23T15:04:30Z"),
    ],
)
def test_equal_things_are_spelled_alike(parameter: Parameter[Any], text: str, spelled: str) -> None:
    assert parameter.canonical(text) == spelled
    assert parameter.canonical(spelled) == spelled


@pytest.mark.parametrize(
    ("parameter", "texts"),
    [
        (WHOLE, ["0", "201", "1.0", "1e1", "٣", "1_0", "0x1", "--1", "9" * 400]),
        (NUMBER, ["nan", "inf", "-1", "5001", "1e999", "1_0", "٣", "1,5"]),
        (FLAG, ["yes", "2"]),
        (NAMES, ["dragon", "bus,dragon", ","]),
        (POINT, ["north", "91,0", "0,181", "1", "1,2,3", "nan,nan", ",", "1e99,0"]),
        (BOX, ["1,2,3", "1,5,3,2", "1,2,3,inf", "-181,0,0,1"]),
        (DAY, ["2026-02-30", "20261123", "tomorrow", "2026-1-1"]),
        (AT, ["yesterday", "2026-11-23", "2026-11-23T16:04:30"]),
        (TEXT, ["a\x00b", "x" * 501]),
    ],
)
def test_the_rest_is_refused(parameter: Parameter[Any], texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(BadInput):
            parameter.canonical(text)


@given(st.sampled_from([WHOLE, NUMBER, FLAG, NAMES, POINT, BOX, DAY, AT, TEXT]), st.text(max_size=40))
def test_any_text_is_understood_or_refused(parameter: Parameter[Any], text: str) -> None:
    try:
        spelled = parameter.canonical(text)
    except BadInput:
        return
    assert parameter.canonical(spelled) == spelled


def test_unknown_missing_and_empty_parameters() -> None:
    declared = (Text(name="q", about="", required=True), Whole(name="limit", about="", least=1, most=9, default="5"))
    assert canonical(declared, {"q": " a "}) == (("limit", "5"), ("q", "a"))
    assert canonical(declared, {"q": "a", "limit": ""}) == (("limit", "5"), ("q", "a"))
    for given_ in ({}, {"q": ""}, {"q": "  "}, {"q": "a", "colour": "red"}):
        with pytest.raises(BadInput):
            canonical(declared, given_)
