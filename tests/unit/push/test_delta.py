"""A delta turns what a client holds into what the server has, exactly, and small changes are small."""

from __future__ import annotations

import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartreise.push.delta import apply, diff, same

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, width=16).map(lambda x: x + 0.0)  # −0 is 0
    | st.text("a/~0", max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("ab/~1", max_size=2), inner, max_size=4),
    max_leaves=20,
)
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdefghij"), "n": st.integers(0, 2)}), unique_by=lambda r: r["id"]
)


def exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(JSON, JSON)
@settings(max_examples=400)
def test_the_patch_leads_from_any_document_to_any_other(old: Any, new: Any) -> None:
    before = exact(old)
    patch = diff(old, new)
    assert exact(apply(old, patch)) == exact(new)
    assert exact(old) == before, "the document that went in must not change"


@given(ROWS, ROWS)
@settings(max_examples=400)
def test_rows_with_ids_arrive_whatever_leaves_joins_and_moves(old: Any, new: Any) -> None:
    patch = diff({"rows": old}, {"rows": new})
    assert apply({"rows": old}, patch) == {"rows": new}
    moved = sum(operation["op"] == "move" for operation in patch)
    assert moved < max(1, len({r["id"] for r in old} & {r["id"] for r in new}))


@given(JSON, JSON)
@settings(max_examples=300)
def test_another_library_applies_our_patches_alike(old: Any, new: Any) -> None:
    patched = jsonpatch.JsonPatch(diff(old, new)).apply(old)
    assert exact(patched) == exact(new)


@given(JSON)
def test_no_difference_is_no_patch(value: Any) -> None:
    assert diff(value, json.loads(json.dumps(value))) == []


def rows(*ids: str, **minutes: int) -> list[dict[str, Any]]:
    return [{"id": row, "expected": minutes.get(row, 0), "headsign": f"to {row}"} for row in ids]


def test_a_row_that_leaves_the_top_is_one_removal() -> None:
    assert diff(rows("a", "b", "c"), rows("b", "c")) == [{"op": "remove", "path": "/0"}]


def test_a_changed_minute_is_one_replacement() -> None:
    assert diff(rows("a", "b"), rows("a", "b", b=7)) == [{"op": "replace", "path": "/1/expected", "value": 7}]


def test_a_delayed_row_that_falls_behind_others_is_one_move_and_its_minute() -> None:
    assert diff(rows("a", "b", "c", "d"), rows("b", "c", "a", "d", a=9)) == [
        {"op": "move", "from": "/0", "path": "/2"},
        {"op": "replace", "path": "/2/expected", "value": 9},
    ]


def test_true_one_and_one_point_zero_are_three_values() -> None:
    assert not same(True, 1)
    assert not same(1, 1.0)
    assert exact(apply([True], diff([True], [1]))) == "[1]"


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "remove", "path": "/5"}],
        [{"op": "replace", "path": "/x", "value": 1}],
        [{"op": "remove", "path": ""}],
        [{"op": "add", "path": "0", "value": 1}],
        [{"op": "test", "path": "/0", "value": 1}],
    ],
)
def test_a_patch_that_does_not_fit_is_refused(patch: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        apply([1], patch)
