"""Is a logo the picture that it says it is?

What a reader would get wrong: it is never opened by the service's pages but in an <img>, where nothing in it runs. The
check keeps out what browsers would not show, and vector pictures that would run somewhere else.
"""

from __future__ import annotations

import base64
import binascii
import re
from io import BytesIO
from typing import Final

from PIL import Image

_HEAD: Final = re.compile(r"data:image/(png|jpeg|webp|svg\+xml);base64,")
_RISKY: Final = re.compile(
    rb"<script|<foreignobject|<!entity|\bon[a-z]+\s*=|javascript:|href\s*=\s*[\"'](?!#|data:image)", re.I
)
#: width and height, pixels
_MOST_PIXELS: Final = 4096


def fault_of_logo(text: str) -> str | None:
    """Why a `data:` address is no picture to show; None where it is one."""
    head = _HEAD.match(text)
    if head is None:
        return "must be a data: address of a PNG, JPEG, WebP or SVG picture"
    try:
        body = base64.b64decode(text[head.end() :], validate=True)
    except binascii.Error:
        return "is no base64"
    kind = head.group(1)
    return _fault_of_vector(body) if kind == "svg+xml" else _fault_of_pixels(body, kind)


def _fault_of_vector(body: bytes) -> str | None:
    if b"<svg" not in body:
        return "is no SVG picture"
    return "is an SVG picture with scripts, handlers or references to elsewhere" if _RISKY.search(body) else None


def _fault_of_pixels(body: bytes, kind: str) -> str | None:
    try:
        with Image.open(BytesIO(body), formats=[kind.upper()]) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return f"is no {kind.upper()} picture"
    if width > _MOST_PIXELS or height > _MOST_PIXELS:
        return f"is {width} × {height} pixels; at most {_MOST_PIXELS} × {_MOST_PIXELS}"
    return None
