"""Does the suite see a broken search? Faults that such searches have had, planted one at a time: each must be caught.

The product and its property tests are copied, one line is spoilt, and the tests run uncompiled on the copy. Unspoilt
they pass, so what fails is the fault; that run is also what shows that the kernels work without a compiler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.service import ROOT

#: a test waits for its turn among all
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

Runs = Mapping[str, Future[subprocess.CompletedProcess[str]]]

KERNELS, BOUNDS, OVERLAY = "planner/kernels.py", "planner/bounds.py", "live/kernels.py"

#: name: (file, sound code, spoilt code); without sound code the spoilt is put at the file's end
FAULTS = {
    "rides chained inside a round": (KERNELS, "work.arrive, work.ready[k - 1],", "work.arrive, work.ready[k],"),
    "time for a change dropped": (KERNELS, "at + (change_s[stop] if same", "at + (0 if same"),
    "footpaths left out": (
        KERNELS,
        "for j in range(start[stop] - 1, start[stop + 1]):",
        "for j in range(start[stop] - 1, start[stop]):",
    ),
    "boarded where nobody may": (KERNELS, "+ position] & BOARD:", "+ position] | BOARD:"),
    "alighted where nobody may": (KERNELS, "and flags[here] & ALIGHT", "and flags[here] | ALIGHT"),
    "overtaking trips in one pattern": ("live/index_kernels.py", "", "def overtakes(*rest):\n    return False\n"),
    "the trip that leaves just then is missed": (
        KERNELS,
        "[middle] + position] < ready:",
        "[middle] + position] <= ready:",
    ),
    "the window's end is left out": (KERNELS, "if leave > question.latest:", "if leave >= question.latest:"),
    "an earlier trip is not changed to on the way": (
        KERNELS,
        "if is_marked[stop] and position < last:",
        "if is_marked[stop] and position < last and current == end:",
    ),
    "a cancelled trip runs": (OVERLAY, "if kind in (CANCELED, DELETED):", "if kind == DELETED:"),
    "a skipped stop is served": (
        OVERLAY,
        "flags[i] = 0 if is_skipped else planned_flags[start + i]",
        "flags[i] = planned_flags[start + i]",
    ),
    "one is ready too late at the origin": (KERNELS, "work.ready[0, stop] = ready", "work.ready[0, stop] = ready + 60"),
    "what a leaving is too late for is dropped for all": (
        KERNELS,
        "there = at + least[row",
        "there = over + least[row",
    ),
    "bounds that are too high": (BOUNDS, "least[d] += ride", "least[d] += ride + 60"),
    "bounds that forget a footpath": (
        BOUNDS,
        "for j in range(start[stop] - 1, start[stop + 1]):",
        "for j in range(start[stop] - 1, start[stop]):",
    ),
    "bounds that leave out the last ride": (BOUNDS, "level[pattern] + r <= question", "level[pattern] + r < question"),
    "riders put out where the vehicle goes on": (
        "timetable/blocks.py",
        "",
        "_order = order_blocks\ndef order_blocks(*rest):\n    order, joined = _order(*rest)\n"
        "    return order, joined * 0\n",
    ),
    "rules that name lines or trips are left out": ("planner/network.py", "deal(timetable, layout)", "None"),
    "runs of one line by different rules in one pattern": (
        "planner/rules.py",
        "if len(kinds) > 1:",
        "if len(kinds) > 99:",
    ),
    "midnight": ("timetable/layout.py", "AFTER_S: Final = 3 * 3600", "AFTER_S: Final = -24 * 3600"),
}


SOUND = "the sound code"
#: cities that a run asks
EXAMPLES = 250


def suite(folder: Path) -> subprocess.CompletedProcess[str]:
    """The property tests of the planner in a folder."""
    return run_uncompiled(folder, EXAMPLES, "-k", "oracle or mirror", "tests/property/test_planner.py")


def run_uncompiled(folder: Path, examples: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Tests in a folder, by pytest's arguments, with kernels as plain Python."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir=."]
    command += ["-W", "ignore", *arguments]
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SMARTREISE_EXAMPLES": str(examples),
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def spoilt_suite(folder: Path, fault: str) -> subprocess.CompletedProcess[str]:
    """The product and the tests of the planner in a new ``folder``, with a fault, uncompiled."""
    copy_with(folder, None if fault == SOUND else FAULTS[fault], fault)
    return suite(folder)


def copy_with(folder: Path, change: tuple[str, str, str] | None, fault: str) -> None:
    """The product and its tests in a new ``folder``, with one change: file, sound code, spoilt code."""
    ignored = shutil.ignore_patterns("__pycache__", "web", "chaos", "api", "replay", "bench", "simulator")
    for name in ("smartreise", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    if change is not None:
        name, sound, spoilt = change
        path = folder / "smartreise" / name
        text = path.read_text(encoding="utf-8")
        assert sound in text, f"the code has changed: plant anew: {fault}"
        path.write_text(text.replace(sound, spoilt) if sound else f"{text}\n\n{spoilt}", encoding="utf-8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """A run for each fault, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        yield {fault: pool.submit(spoilt_suite, tmp_path_factory.mktemp("copy"), fault) for fault in (SOUND, *FAULTS)}


def test_the_sound_code_passes_uncompiled(runs: Runs) -> None:
    done = runs[SOUND].result()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_suite_catches(runs: Runs, fault: str) -> None:
    done = runs[fault].result()
    assert done.returncode == 1, f"nobody noticed: {fault}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "assert" in done.stdout  # a promise was broken, not the code
