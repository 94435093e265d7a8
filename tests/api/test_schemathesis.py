"""schemathesis on our own OpenAPI document, all checks: as nobody, as the holder of a key, as administrator.

What a reader would get wrong: the two streams are left out, an answer of theirs never ends; `test_push.py` has them.
What no schema can say stands in `schemathesis.toml`, endpoint by endpoint.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.administered import Administered, administered

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 8


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Administered]:
    """A demo service of its own: what is asked here changes and removes what it finds."""
    with administered(tmp_path_factory.mktemp("asked"), SMARTREISE_API_READS_PER_MINUTE="0") as running:
        yield running


@pytest.mark.parametrize("role", ["nobody", "key", "administrator"])
def test_schemathesis_finds_nothing(unlimited: Administered, role: str, tmp_path: Path) -> None:
    headers = {
        "nobody": [],
        "key": ["-H", f"X-API-Key: {_key(unlimited)}"],
        "administrator": ["-H", f"Authorization: Bearer {unlimited.token}"],
    }[role]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
            *("run", f"{unlimited.url}/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES)),
            *("--exclude-path", "/v1/live", "--exclude-path", "/v1/events", "--continue-on-failure", "--no-shrink"),
            *("--seed", "1", "--request-timeout", "20", "--no-color", "--warnings", "off"),
            *headers,
        ],
        cwd=tmp_path,  # it leaves a folder of its own there
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def _key(service: Administered) -> str:
    code, printed = service.smartreise("keys", "add", "schemathesis", "--per-minute", "1000000")
    assert code == 0, printed
    return printed.split("key: ", 1)[1].split()[0]
