"""Mutations of bytes from a seed: what fuzzers do, small and repeatable."""

from __future__ import annotations

import random

#: pieces that break parsers more often than noise does
TOKENS = (
    *(b"\x00", b"\xff\xff\xff\xff", b"-1", b"999999999999999999999", b"NaN", b"1e999", b'"', b"\n", b"\r\n", b","),
    *(b"{", b"]", b"null", b"25:61:61", b"-01:00:00", b"\xef\xbb\xbf", b"\xed\xa0\x80", "Å".encode(), b"../"),
    b"\x80\x80\x80\x80\x10",
)


def mutate(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """``data`` with a few changes, at times with a piece of another input."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(out) + 1)
        what = chance.randrange(7)
        if what == 0 and out:
            out[at % len(out)] ^= 1 << chance.randrange(8)
        elif what == 1:
            out[at:at] = chance.choice(TOKENS)
        elif what == 2:
            del out[at : at + chance.choice((1, 2, 16, 256))]
        elif what == 3:
            out[at:at] = out[at : at + chance.choice((1, 8, 64))] * chance.choice((1, 2, 20))
        elif what == 4:
            del out[at:]
        elif what == 5:
            piece = chance.choice(others)
            start = chance.randrange(len(piece) + 1)
            out[at : at + 16] = piece[start : start + chance.choice((4, 32, 128))]
        else:
            out[at : at + 4] = chance.randbytes(4)
    return bytes(out)
