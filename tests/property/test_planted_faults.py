"""Does the suite see a broken search? Faults that such searches have had, planted one at a time: each must be caught.

The product and its property tests are copied, one line is spoilt, and the tests run uncompiled on the copy. Unspoilt
they pass, so what fails is the fault; that run is also what shows that the kernels work without a compiler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service import ROOT

pytestmark = pytest.mark.long

KERNELS, BOUNDS = "planner/kernels.py", "planner/bounds.py"

#: name: (file, sound code, spoilt code)
FAULTS = {
    "rides chained inside a round": (
        KERNELS,
        "catch(network, labels.ready[k - 1, stop], first, current, position)",
        "catch(network, labels.ready[k, stop], first, current, position)",
    ),
    "time for a change dropped": (
        KERNELS,
        "        ready = at + network.stop_change_s[stop]\n",
        "        ready = at\n",
    ),
    "footpaths left out": (
        KERNELS,
        "for j in range(network.footpath_start[stop], network.footpath_start[stop + 1]):",
        "for j in range(0):",
    ),
    "boarded where nobody may": (KERNELS, "+ position] & BOARD:", "+ position] | BOARD:"),
    "alighted where nobody may": (
        KERNELS,
        "and network.event_flags[here] & ALIGHT",
        "and network.event_flags[here] | ALIGHT",
    ),
    "overtaking trips in one pattern": (
        "timetable/kernels.py",
        "if arrive[this + k] < arrive[before + k] or depart[this + k] < depart[before + k]:",
        "if arrive[this] < arrive[before] or depart[this] < depart[before]:",
    ),
    "the trip that leaves just then is missed": (
        KERNELS,
        "] + position] < ready:",
        "] + position] <= ready:",
    ),
    "the window's end is left out": ("planner/search.py", '+ seconds, "right")', '+ seconds, "left")'),
    "an earlier trip is not changed to on the way": (
        KERNELS,
        "if is_marked[stop] and position + 1 < length:",
        "if is_marked[stop] and position + 1 < length and current == end:",
    ),
    "a cancelled trip runs": (
        "live/overlay.py",
        "keep=(layout.dated_state != CANCELLED) & (layout.dated_state != DELETED),",
        "keep=layout.dated_state >= 0,",
    ),
    "a skipped stop is served": (
        "live/overlay.py",
        "live.flags[rows] = np.where(skipped, 0, live.flags[rows])",
        "live.flags[rows] = live.flags[rows]",
    ),
    "labels of a later leaving are lost": (
        KERNELS,
        "    labels.ready[0, stop] = min(labels.ready[0, stop], ready)",
        "    labels.ready[0, stop] = ready + 60",
    ),
    "bounds that are too high": (
        BOUNDS,
        "least += network.pattern_ride_s[base + position]",
        "least += network.pattern_ride_s[base + position] + 60",
    ),
    "bounds that forget a footpath": (
        BOUNDS,
        "for j in range(network.back_start[stop] - 1, network.back_start[stop + 1]):",
        "for j in range(network.back_start[stop] - 1, network.back_start[stop]):",
    ),
    "riders put out where the vehicle goes on": (
        "timetable/patterns.py",
        "    goes_on[joins] = True\n",
        "    goes_on[joins] = False\n",
    ),
    "midnight": ("timetable/layout.py", "AFTER_S: Final = 3 * 3600", "AFTER_S: Final = -24 * 3600"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product and the tests of the planner, without anything compiled."""
    folder = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__", "web", "chaos", "api", "replay", "bench", "simulator")
    for name in ("smartreise", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def suite(folder: Path) -> subprocess.CompletedProcess[str]:
    """The property tests of the planner in a folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir=."]
    command += ["-k", "oracle or mirror", "tests/property/test_planner.py"]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_sound_code_passes_uncompiled(copy: Path) -> None:
    done = suite(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_suite_catches(copy: Path, fault: str) -> None:
    name, sound, spoilt = FAULTS[fault]
    path = copy / "smartreise" / name
    text = path.read_text(encoding="utf-8")
    assert sound in text, "the code has changed: plant the fault anew"
    path.write_text(text.replace(sound, spoilt), encoding="utf-8")
    try:
        done = suite(copy)
    finally:
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1, f"nobody noticed: {fault}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "assert" in done.stdout  # a promise was broken, not the code
