"""A blob mapped from a file reads as the blob itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smartreise.app.memory import give_back_memory, let_go, mapped
from smartreise.timetable.codec import decode, encode
from tests.drawing import draw, layout


def test_a_mapped_timetable_answers_even_when_its_pages_were_let_go() -> None:
    timetable = draw("31/t1: A 08:00 B 08:10 C 08:20")
    mapping = mapped(encode(timetable))
    again = decode(mapping)
    before = layout(again).event_depart.tolist()
    let_go(mapping)
    give_back_memory()
    assert layout(again).event_depart.tolist() == before == layout(timetable).event_depart.tolist()


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux tells")
def test_a_byte_that_is_read_brings_few_others_into_memory() -> None:
    mapping = mapped(bytes(32 << 20))
    let_go(mapping)
    before = _resident_kb()
    assert mapping[17 << 20] == 0
    assert _resident_kb() - before <= 128, "the system maps far more than what was read"


def test_a_gateway_loads_no_library_that_its_region_does_not_use() -> None:
    """Tables of columns, street graphs and geocoders together take more than the timetable of a small region."""
    listing = "import sys, smartreise.app.roles; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "smartreise.planner.kernels" in loaded
    assert not loaded & {"pandas", "gtfs_kit", "pyarrow", "scipy.sparse", "geopy", "osmium"}


def _resident_kb() -> int:
    """Kilobytes of files without a name that are resident."""
    found, is_ours = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if "-" in line.split(" ", 1)[0]:
            is_ours = "/smartreise-" in line or "(deleted)" in line
        elif is_ours and line.startswith("Rss:"):
            found += int(line.split()[1])
    return found


def test_nothing_cannot_be_mapped() -> None:
    with pytest.raises(ValueError, match="empty"):
        mapped(b"")
