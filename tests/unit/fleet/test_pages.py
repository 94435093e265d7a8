"""Long lists in pages: every row once, whatever comes and goes meanwhile, and only what was searched for."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from smartreise.fleet.pages import Page


@dataclass(frozen=True)
class Row:
    id: str
    name: str = ""


def words(row: Row) -> tuple[str, ...]:
    return (row.name,)


def walk(rows: list[Row], limit: int, text: str = "") -> list[list[str]]:
    """All pages by ids."""
    pages, after = [], ""
    while True:
        told, following = Page(limit, after, text).of(rows, words)
        pages.append([row.id for row in told])
        if following is None:
            return pages
        after = following


@given(st.sets(st.text("abc", min_size=1, max_size=4), max_size=30), st.integers(1, 12))
def test_pages_hold_every_row_once_in_order(ids: set[str], limit: int) -> None:
    pages = walk([Row(id_) for id_ in ids], limit)
    assert [id_ for page in pages for id_ in page] == sorted(ids)
    assert all(len(page) == limit for page in pages[:-1])


def test_what_comes_and_goes_between_two_pages_shifts_nothing() -> None:
    first, after = Page(2).of([Row(id_) for id_ in "abcd"], words)
    assert ([row.id for row in first], after) == (["a", "b"], "b")
    later, after = Page(2, "b").of([Row(id_) for id_ in ("a0", "b", "c", "d", "e")], words)  # "a" went, "a0", "e" came
    assert ([row.id for row in later], after) == (["c", "d"], "d")


def test_a_search_looks_into_ids_and_words_without_case_and_accents() -> None:
    rows = [Row("hk", "Hovedkontor"), Row("as", "Åsane kjøpesenter"), Row("x-1", "NSR:StopPlace:3609")]
    assert walk(rows, 9, "HOVED") == [["hk"]]
    assert walk(rows, 9, "asane KJOP") == [["as"]]
    assert walk(rows, 9, "place:36") == [["x-1"]]
    assert walk(rows, 9, "X-") == [["x-1"]]
    assert walk(rows, 9, "nobody") == [[]]
    assert walk(rows, 1, "k") == [["as"], ["hk"]]
