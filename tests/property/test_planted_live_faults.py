"""Do the tests of real time see a fault? Planted one at a time in a copy, each must be caught; see
`test_planted_faults` for the planner's. The run of the sound code shows that these kernels work without a compiler.
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

pytestmark = pytest.mark.long

SCAN, LAY, INDEX = "ingest/scan_kernels.py", "live/kernels.py", "live/index_kernels.py"
SOUND = "the sound code"
#: name: (file, sound code, spoilt code)
FAULTS = {
    "a negative delay is a huge one": (SCAN, "delay -= 0x100000000 if delay >= 0x80000000 else 0", "delay -= 0"),
    "of two arrivals the last counts": (SCAN, "seen & 1 << number & TWICE_ODD", "False"),
    "no 29 February": (SCAN, "28 + is_leap if", "28 if"),
    "an unknown relationship is taken": (SCAN, "value > (3 if number == 5 else 8)", "value > 99"),
    "a relationship that needs a closer look is ordinary": (
        SCAN,
        "(value != 0 and value != 3 and value != 7)",
        "value > 8",
    ),
    "text cut short is taken": (SCAN, "length < 0 or length > end - start", "length < 0"),
    "two entities of one id": (SCAN, "                return True\n", "                return False\n"),
    "an absurd time counts": (SCAN, "        return ABSURD, 0, 0", "        return FAST, 0, 0"),
    "a delay is not carried on": (LAY, "        elif has_delay:\n", "        elif has_delay and i < 0:\n"),
    "NO_DATA ends nothing": (LAY, " or kind == _NO_DATA:", ":"),
    "what is too old counts": (LAY, "depart + planned.base > until", "depart + planned.base > until + 10**9"),
    "times run backwards": (LAY, "        arrive[i] = max(arrive[i], floor)\n", ""),
    "any stop fits the sequence": (LAY, "if there == stop or (station", "if there >= 0 or (station"),
    "a loop begins again": (LAY, "        position = at + 1\n", "        position = 0\n"),
    "the assigned stop is forgotten": (
        LAY,
        "work.stop[at] = assigned[row]",
        "work.stop[at] = event_stop[calls[0] + at]",
    ),
    "an early arrival leaves early": (
        LAY,
        "depart + max(0, stated_arrive - arrive)",
        "depart + stated_arrive - arrive",
    ),
    "nobody gets off where the trip is cut short": (LAY, "flags[last] &= 0xFF ^ BOARD", "flags[last] &= 0"),
    "yesterday's run is not thought of": (LAY, "range(-2 - end // 86_400, 8)", "range(0, 8)"),
    "overtaking goes unnoticed": (INDEX, "            return True\n", "            return False\n"),
    "boards keep the planned order": (INDEX, "        if high[stop] >= 0:\n", "        if high[stop] >= 10**9:\n"),
    "one who comes to a stop pushes another out": (INDEX, "if stop[order[slot]] == here:", "if slot > first:"),
    "riders stay seated though the vehicle is late": (
        "live/mend.py",
        "    out[slot[shaped | is_joined]] = 1\n",
        "    is_joined[:] = False\n    out[slot[shaped]] = 1\n",
    ),
    "the first word counts": ("live/resolve.py", "np.int64(number) << 32", "-(np.int64(number) << 32)"),
}

Runs = Mapping[str, Future[subprocess.CompletedProcess[str]]]


def suite(folder: Path, fault: str) -> subprocess.CompletedProcess[str]:
    """The property tests of real time on a copy in ``folder``, with a fault, uncompiled."""
    ignored = shutil.ignore_patterns("__pycache__", "web", "chaos", "api", "replay", "bench", "simulator")
    for name in ("smartreise", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    if fault != SOUND:
        name, sound, spoilt = FAULTS[fault]
        path = folder / "smartreise" / name
        text = path.read_text(encoding="utf-8")
        assert sound in text, f"the code has changed: plant anew: {fault}"
        path.write_text(text.replace(sound, spoilt), encoding="utf-8")
    tests = "test_scanner.py" if fault != SOUND and FAULTS[fault][0] == SCAN else "test_overlay.py"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir=."]
    command += ["-W", "ignore", "-k", "say_the_same or calendar or layout", f"tests/property/{tests}"]
    environment = {
        **os.environ,
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SMARTREISE_EXAMPLES": "60" if tests == "test_overlay.py" else "200",
        "CI": "",
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """A run for each fault, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        yield {fault: pool.submit(suite, tmp_path_factory.mktemp("copy"), fault) for fault in (SOUND, *FAULTS)}


def test_the_sound_code_passes_uncompiled(runs: Runs) -> None:
    done = runs[SOUND].result()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_suite_catches(runs: Runs, fault: str) -> None:
    done = runs[fault].result()
    assert done.returncode == 1, f"nobody noticed: {fault}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "Error" in done.stdout
