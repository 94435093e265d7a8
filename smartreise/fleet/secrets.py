"""Tokens, keys and codes: how they are made, and how a given one is held against what is kept.

What a reader would get wrong: only a digest is ever kept. A plain SHA-256 is enough, because what it hides is drawn
at random and long, not thought up by a person.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

#: `draw(n)`: n random bytes, fit for secrets
Draw = Callable[[int], bytes]
Kind = Literal["sra", "srk", "srd", "srp", "srs"]
#: an administrator's token, an API key, a display's token, the secret of a display that waits, a session
KINDS: Final[tuple[Kind, ...]] = ("sra", "srk", "srd", "srp", "srs")
#: neither 0 and O nor 1, I and L
_CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH: Final = 6
#: a code as it may be typed
CODE_PATTERN: Final = f"^[ \\t-]*([{_CODE_LETTERS}{_CODE_LETTERS[:23].lower()}][ \\t-]*){{{CODE_LENGTH}}}$"
_ID_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Secret:
    """`text` is shown once, `digest` is kept."""

    text: str
    digest: str


def make_secret(kind: Kind, id_: str, draw: Draw) -> Secret:
    """A new secret of the holder with this id (which it names, so that it can be looked up)."""
    text = f"{kind}_{id_}_{draw(24).hex()}"
    return Secret(text, digest_of(text))


def holder_of(text: str) -> tuple[Kind, str] | None:
    """Kind and holder's id of a text that looks like one of our secrets."""
    head, _, rest = text.partition("_")
    id_, _, drawn = rest.partition("_")
    kind = next((known for known in KINDS if known == head), None)
    return (kind, id_) if kind is not None and id_ and drawn else None


def digest_of(text: str) -> str:
    """What is kept of a secret."""
    return sha256(text.encode(errors="replace")).hexdigest()


def matches(text: str, digest: str | None) -> bool:
    """Is it the secret that this digest is of? Takes the same time whatever it is."""
    return hmac.compare_digest(digest_of(text), digest or "")


def make_id(draw: Draw) -> str:
    """A short id, 40 bits."""
    return _spell(draw, _ID_LETTERS, 8)


def make_code(draw: Draw) -> str:
    """A pairing code that can be read from across a room."""
    return _spell(draw, _CODE_LETTERS, CODE_LENGTH)


def read_code(text: str) -> str | None:
    """A code as typed, blanks, dashes and case aside; None if it can be none."""
    code = "".join(letter for letter in text.upper() if letter not in " -\t")
    return code if len(code) == CODE_LENGTH and all(letter in _CODE_LETTERS for letter in code) else None


def _spell(draw: Draw, letters: str, length: int) -> str:
    number = int.from_bytes(draw(16), "big")  # far more bits than letters: no letter is likelier than another
    spelled = ""
    for _ in range(length):
        number, at = divmod(number, len(letters))
        spelled += letters[at]
    return spelled
