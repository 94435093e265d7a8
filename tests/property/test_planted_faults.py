"""Do the suites of the planner and of real time see a fault? Planted one at a time, each must be caught."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.property.faults import HELD, IN_HELD, IN_OVERLAY, IN_PLANNER, IN_SCANNER, OVERLAY, PLANNER, SCANNER
from tests.property.planting import Done, Fault, Suite

#: a test waits for its turn among all
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

PLANTED: Mapping[str, tuple[Suite, Fault | None]] = {
    "nothing in the planner": (PLANNER, None),
    **{name: (PLANNER, fault) for name, fault in IN_PLANNER.items()},
    "nothing in what is held": (HELD, None),
    **{name: (HELD, fault) for name, fault in IN_HELD.items()},
    "nothing in the scanner": (SCANNER, None),
    **{name: (SCANNER, fault) for name, fault in IN_SCANNER.items()},
    "nothing in the overlay": (OVERLAY, None),
    **{name: (OVERLAY, fault) for name, fault in IN_OVERLAY.items()},
}
SOUND = [name for name, (_, fault) in PLANTED.items() if fault is None]
FAULTY = [name for name, (_, fault) in PLANTED.items() if fault is not None]

Runs = Mapping[str, "Future[Done]"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """A run for each, two at a time, in the order of the tests."""
    with ThreadPoolExecutor(2) as pool:
        started = {}
        for name in (*SOUND, *FAULTY):
            suite, fault = PLANTED[name]
            started[name] = pool.submit(suite.run, tmp_path_factory.mktemp("copy"), fault)
        yield started
        pool.shutdown(cancel_futures=True)  # where only some were asked for


@pytest.mark.parametrize("planted", SOUND)
def test_the_sound_code_passes_uncompiled(runs: Runs, planted: str) -> None:
    done = runs[planted].result()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("planted", FAULTY)
def test_the_suite_catches(runs: Runs, planted: str) -> None:
    done = runs[planted].result()
    assert done.returncode == 1, f"nobody noticed: {planted}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert PLANTED[planted][0].breach in done.stdout, done.stdout
