"""What holds for all tests: those marked `long` run in CI and by `make test-all`, not at every `make test`."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

# A script's background jobs ignore Ctrl-C, and so would every process that a test starts, interrupts and waits for.
signal.signal(signal.SIGINT, signal.default_int_handler)

# No test is judged by its time. CI judges a change by the same examples each time; every other run draws new ones.
settings.register_profile("usual", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "usual")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests out of everyday runs, unless CI is set or a marker expression or a single test was asked for."""
    if os.environ.get("CI") or config.getoption("markexpr") or any("::" in name for name in config.args):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]
