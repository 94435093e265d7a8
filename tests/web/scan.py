"""Codes read from the picture of a page, as a phone's camera reads them."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image

from tests.web.conftest import _AT_REST, Visit


async def scanned(screen: Visit) -> set[str]:
    """The addresses in the picture of a page."""
    await screen.page.evaluate(_AT_REST)
    picture = Image.open(io.BytesIO(await screen.page.screenshot())).convert("L")
    return {_address(found.text) for found in zxingcpp.read_barcodes(picture)}


def _address(text: str) -> str:
    """As a browser spells it: the names of protocol and host know no capitals."""
    parts = urlsplit(text)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
