"""Finds the real feeds and recordings that stay outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent


def shared(path: str) -> Path:
    """A file or folder of the shared data; the test is skipped where it is absent."""
    base = Path(os.environ.get("SMARTREISE_SHARED", _ROOT.parent / "shared"))
    found = base / "data" / path
    if not found.exists():
        pytest.skip(f"real feeds are not here: {path} (set SMARTREISE_SHARED to their folder)")
    return found
