"""Would the suite see an answer held that no longer holds? Faults in what a search notes, in what a tick is said to
move and in what is kept, planted one at a time in a copy, see `test_planted_faults`: each must be caught.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.property.test_planted_faults import KERNELS, SOUND, copy_with, run_uncompiled

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

TICK, HELD = "planner/tick.py", "planner/held.py"
#: name: (file, sound code, spoilt code)
FAULTS = {
    "what is ridden is not noted": (KERNELS, "ridden[event_dated[event]] = 1", "pass"),
    "who came too late for all is not noted": (KERNELS, "ridden[event_dated[run[end - 1]]] = 1", "pass"),
    "trips that moved concern nobody": (TICK, "moved.copy(), [_EMPTY]", "np.zeros_like(moved), [_EMPTY]"),
    "their neighbours are forgotten": (TICK, "        _mark_neighbours(before, after, run, moved, concerned)\n", ""),
    "trips that are crossed are forgotten": (TICK, "heads[crossing | following]", "heads[following]"),
    "trips that follow are forgotten": (TICK, "heads[crossing | following]", "heads[crossing]"),
    "the last trip concerns nobody": (TICK, "        concerned[heads] = True  # it is", "        pass  # it is"),
    "vehicles that go on as another trip are not seen": (TICK, "if before.dated_joined.any():", "if False:"),
    "rides quicker than bounds reckon with": (TICK, "return all(ride >= least_s(p)", "return all(ride >= -9999"),
    "stops that are served again": (TICK, "if (after.event_flags[events] &", "if (0 & after.event_flags[events] &"),
    "departures at the origin": (HELD, "return bool((within &", "return bool((within & False &"),
    "an earlier question": (HELD, "held.earliest <= query.earliest", "True"),
    "a longer window": (HELD, "return ways, end, query", "return ways, 0, query"),
    "other lines": (HELD, "routes, query.max_transfer_walk_m\n", "query.max_transfer_walk_m\n"),
    "bounds of the old layout": (HELD, ", lenient=True)\n    harvest", ")\n    harvest"),
}
EXAMPLES = 40
TESTS = ("tests/unit/planner/test_held.py", "tests/property/test_held.py")

Runs = Mapping[str, Future[subprocess.CompletedProcess[str]]]


def suite(folder: Path, fault: str) -> subprocess.CompletedProcess[str]:
    copy_with(folder, None if fault == SOUND else FAULTS[fault], fault)
    return run_uncompiled(folder, EXAMPLES, *TESTS)


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
    assert "assert" in done.stdout
