"""A message's text in the forms that go over the wire, each made once for all who get the message.

A websocket that negotiated permessage-deflate without context takeover needs no compressor of its own: compressed
pieces that end in a sync flush may be put one after the other, so a state is packed once and framed with a new
`server_time` as often as need be. What a reader would get wrong: a piece is packed with a window of `WINDOW_BITS`; a
client that asked for a smaller one gets the plain form.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

WINDOW_BITS: Final = 12
#: texts shorter than this cost more to unpack than they save
SMALLEST: Final = 200
_LEVEL: Final = 6
#: what a sync flush ends in, and a message leaves out
_FLUSH: Final = b"\x00\x00\xff\xff"
_FINAL_TEXT: Final = 0x81
_PACKED: Final = 0x40


class Part:
    """A piece of text; `packed` is its deflate form, ended by a sync flush."""

    __slots__ = ("_packed", "text")

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._packed: bytes | None = None

    def packed(self) -> bytes:
        if self._packed is None:
            self._packed = pack(self.text)
        return self._packed


def pack(text: bytes) -> bytes:
    """Raw deflate that stands by itself and may be followed by more."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -WINDOW_BITS)
    return packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)


def message(text: bytes) -> bytes:
    """A text as one unfragmented websocket message of a server (RFC 6455, section 5.2)."""
    return _head(_FINAL_TEXT, len(text)) + text


def packed_message(packed: bytes) -> bytes:
    """The same from its deflate form (RFC 7692, section 7.2.1)."""
    payload = packed.removesuffix(_FLUSH)
    return _head(_FINAL_TEXT | _PACKED, len(payload)) + payload


def event(text: bytes, rev: str | None) -> bytes:
    """A text as a server-sent event; `id` is what a client sends back as `Last-Event-ID`."""
    head = b"" if rev is None else b"id: " + rev.encode() + b"\n"
    return head + b"data: " + text + b"\n\n"


def _head(first: int, length: int) -> bytes:
    if length < 126:
        return bytes((first, length))
    if length < 65536:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)
