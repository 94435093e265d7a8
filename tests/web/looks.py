"""Compares a page with a picture that a person has looked at and found good.

What a reader would get wrong: pictures are compared at a quarter of their size and with some patience, since letters
are drawn a little differently on every machine. A picture that is meant to change is drawn anew with
`SMARTREISE_REVIEW=1`, looked at, and committed.
"""

from __future__ import annotations

import io
import os
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageFilter

from tests.service import ROOT

REVIEWED: Final = ROOT / "tests/web/reviewed"
#: of 255, after blurring; and how much of the picture may differ by more
_PATIENCE: Final = 40
SHARE: Final = 0.004


def compare(png: bytes, name: str) -> None:
    """Fails where the screenshot looks otherwise than the reviewed picture of this name."""
    seen = _small(png)
    file = REVIEWED / f"{name}.png"
    if os.environ.get("SMARTREISE_REVIEW"):
        seen.quantize(128).save(file, optimize=True)
        pytest.skip(f"drawn anew: look at {file}")
    assert file.is_file(), f"no reviewed picture {file}: SMARTREISE_REVIEW=1"
    share = difference(seen, Image.open(file).convert("RGB"))
    if share > SHARE:
        seen.save(file.with_suffix(".seen.png"))
    assert share <= SHARE, f"{share:.2%} of it looks otherwise: see {file.with_suffix('.seen.png')}"


def _small(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def difference(seen: Image.Image, reviewed: Image.Image) -> float:
    """The share of pixels that differ after blurring; 1 where the sizes do."""
    if seen.size != reviewed.size:
        return 1.0
    blurred = [image.filter(ImageFilter.GaussianBlur(2)) for image in (seen, reviewed)]
    grey = ImageChops.difference(*blurred).convert("L")
    histogram = grey.histogram()
    return sum(histogram[_PATIENCE:]) / (seen.width * seen.height)
