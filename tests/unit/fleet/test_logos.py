"""Logos: pictures that are what they say, and nothing that runs."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image

from smartreise.fleet.logos import fault_of_logo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/>%s</svg>'


def address(kind: str, body: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(body).decode()}"


def picture(kind: str, size: tuple[int, int] = (8, 4)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_is_taken_for_what_it_is_alone(kind: str) -> None:
    assert fault_of_logo(address(kind, picture(kind))) is None
    for other in {"png", "jpeg", "webp"} - {kind}:
        assert fault_of_logo(address(other, picture(kind))) == f"is no {other.upper()} picture"
    assert fault_of_logo(address(kind, picture(kind)[:20])) == f"is no {kind.upper()} picture"


def test_a_picture_has_bounds() -> None:
    assert "at most 4096" in str(fault_of_logo(address("png", picture("png", (5000, 2)))))


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>1</script>",
        b"<a href='https://x'/>",
        b'<g onload = "1"/>',
        b"<foreignObject/>",
        b"<image href='//x'/>",
    ],
)
def test_a_drawing_holds_nothing_that_runs_or_calls_home(inside: bytes) -> None:
    assert fault_of_logo(address("svg+xml", SVG % b"<use href='#a'/>")) is None
    assert "scripts" in str(fault_of_logo(address("svg+xml", SVG % inside)))


@pytest.mark.parametrize("text", ["https://x/logo.png", "data:image/gif;base64,AAAA", "data:image/png;base64,!!"])
def test_other_addresses_are_refused(text: str) -> None:
    assert fault_of_logo(text) is not None
