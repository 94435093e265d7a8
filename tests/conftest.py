"""What holds for all tests: those marked `long` run in CI and by `make test-all`, not at every `make test`."""

from __future__ import annotations

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long tests out of everyday runs, unless CI is set or a marker expression or a single test was asked for."""
    if os.environ.get("CI") or config.getoption("markexpr") or any("::" in name for name in config.args):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]
