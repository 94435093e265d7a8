"""Tokens, keys and codes."""

from __future__ import annotations

import secrets
from collections import Counter

import pytest

from smartreise.fleet.secrets import digest_of, holder_of, make_code, make_id, make_secret, matches, read_code


def test_a_secret_names_its_holder_and_matches_only_its_own_digest() -> None:
    first, second = (make_secret("srk", "k1", secrets.token_bytes) for _ in range(2))
    assert holder_of(first.text) == ("srk", "k1")
    assert first.digest == digest_of(first.text)
    assert first.text not in first.digest
    assert matches(first.text, first.digest)
    assert not matches(second.text, first.digest)
    assert not matches(first.text, None)
    assert not matches("", None)


@pytest.mark.parametrize("text", ["", "srk", "srk_", "srk__", "srk_a", "srk_a_", "xyz_a_b", "_a_b", "Bearer srk_a_b"])
def test_what_looks_like_no_secret_has_no_holder(text: str) -> None:
    assert holder_of(text) is None


def test_codes_have_six_letters_that_nobody_mistakes() -> None:
    codes = [make_code(secrets.token_bytes) for _ in range(2_000)]
    letters = Counter(letter for code in codes for letter in code)
    assert {len(code) for code in codes} == {6}
    assert not set("01OIL") & letters.keys()
    assert len(letters) == 31
    assert max(letters.values()) < 2 * min(letters.values())
    assert len({make_id(secrets.token_bytes) for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    ("typed", "code"),
    [("K7MPQ4", "K7MPQ4"), ("k7m pq4", "K7MPQ4"), (" K7M-PQ4\t", "K7MPQ4"), ("K7MPQ", None), ("K7MPQ0", None),
     ("K7MPQ44", None), ("", None), ("ÆØÅÆØÅ", None)],
)  # fmt: skip
def test_a_code_is_read_as_people_type_it(typed: str, code: str | None) -> None:
    assert read_code(typed) == code
