"""The kernels' records are what their comments say: types, shapes, and what is clean between two searches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smartreise.planner import records
from smartreise.planner.network import prepare
from smartreise.planner.query import Query, StopTimesTo
from smartreise.planner.records import BOUND_ROWS, Question, Work
from smartreise.planner.search import question_of, run
from smartreise.planner.workshop import Workshop
from tests.drawing import clock, draw, layout

CITY = "1/a: A 08:00 B 08:10 C 08:20\n2/b: B 08:15 D 08:25\n2/c: C 08:30 D 08:40"


def said(name: str) -> dict[str, tuple[str, str, str]]:
    """Field → (dtype, shape, what else its comment says), of a class of `records`."""
    text = Path(records.__file__).read_text(encoding="utf-8")
    (body,) = re.findall(rf"^class {name}\(NamedTuple\):\n(.*?)(?=^class |\Z)", text, re.M | re.S)
    behind = re.findall(r"^    (\w+): Any  # (\w+)\[([^\]]+)\](.*)", body, re.M)
    above = re.findall(r"^    #: (\w+)\[([^\]]+)\](.*)\n    (\w+): Any$", body, re.M)
    return {field: (kind, shape, rest) for field, kind, shape, rest in behind} | {
        field: (kind, shape, rest) for kind, shape, rest, field in above
    }


def held_to(name: str, record: Any, sizes: dict[str, int]) -> None:
    for field, (kind, shape, _) in said(name).items():
        want = tuple(
            int(part) if part.isdigit() else sizes[part.split(" + ")[0]] + ("+ 1" in part) for part in shape.split(", ")
        )
        found = getattr(record, field)
        assert (found.dtype, found.shape) == (np.dtype(kind), want), f"{name}.{field}"


def walks(*stops: int) -> StopTimesTo:
    return StopTimesTo(np.array(stops, np.int32), np.full(len(stops), 60, np.int32))


@pytest.mark.parametrize(("destinations", "lanes"), [(1, 1), (2, 8), (8, 8), (9, 16)])
def test_what_a_search_writes_has_the_types_and_shapes_that_comments_state(destinations: int, lanes: int) -> None:
    work = Workshop().take(7, 1024, 2048, destinations, 6)
    sizes = {"S": 7, "P": 1024, "N": 2048, "K": 6, "L": lanes, "BOUND_ROWS": BOUND_ROWS}
    held_to("Work", work, sizes)
    held_to("Bounds", work.alighted, sizes)
    held_to("Bounds", work.boarding, sizes)
    assert set(said("Work")) | {"alighted", "boarding"} == set(Work._fields)


def test_a_question_and_what_is_found_have_the_types_and_shapes_that_comments_state() -> None:
    timetable = draw(CITY)
    laid = layout(timetable)
    prepared, start = prepare(timetable, laid), clock("07:50") - laid.base
    query = Query(walks(0), (walks(2), walks(3, 1)), earliest=start, latest=start + 3600)
    question = question_of(laid, prepared, query)
    held_to("Question", question, {"A": 1, "G": 3, "P": len(laid.pattern_route)})
    numbers = {"earliest", "latest", "rounds", "max_travel_s", "max_scans", "notes"}
    assert set(said("Question")) | numbers == set(Question._fields)
    found = run(prepared, question, 2).found
    assert len(found.head) >= 2
    held_to("Found", found, {"M": len(found.head), "K": question.rounds})
    assert set(said("Found")) == set(found._fields)


def test_what_is_said_to_be_clean_is_so_after_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = Workshop()
    monkeypatch.setattr("smartreise.planner.search._workshop", workshop)
    timetable = draw(CITY)
    laid = layout(timetable)
    prepared, start = prepare(timetable, laid), clock("07:50") - laid.base
    query = Query(walks(0), (walks(2), walks(3)), earliest=start, latest=start + 3600)
    assert len(run(prepared, question_of(laid, prepared, query, notes=True), 2).found.head) >= 2
    ((work,),) = workshop.idle.values()
    clean = {field: int(value) for field, (_, _, rest) in said("Work").items() for value in _clean(rest)}
    assert set(clean) == {"is_marked", "is_reached", "position", "egress_first"}
    for field, value in {**clean, "ridden": 0}.items():
        assert (getattr(work, field) == value).all(), field


def _clean(comment: str) -> list[str]:
    return [value.replace("−", "-") for value in re.findall(r"clean: (−?\d+)", comment)]
