"""The examples in docs/client.md do what they say."""

from __future__ import annotations

import asyncio
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import Served

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "client.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
#: what stands for the demo region's places here
HERE = {"NSR:StopPlace:3609": "A", "NSR:StopPlace:337": "B", '"fornebu"': '"o"'}


@pytest.mark.parametrize(("number", "says"), [(0, "31 "), (1, "leave in "), (2, "[('31', ")])
async def test_an_example_runs(served: Served, number: int, says: str) -> None:
    code = EXAMPLES[number].replace("http://localhost:8080", served.url)
    for there, here in HERE.items():
        code = code.replace(there, here)
    told: asyncio.Queue[str] = asyncio.Queue()
    names: dict[str, Any] = {"print": lambda *words: told.put_nowait(" ".join(map(str, words)))}
    exec("async def example():\n" + textwrap.indent(code, "    "), names)
    assert len(code.strip().splitlines()) <= 6, "five lines and an empty one"
    running = asyncio.ensure_future(names["example"]())
    assert (await asyncio.wait_for(told.get(), 10)).startswith(says)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def test_all_examples_are_run() -> None:
    assert len(EXAMPLES) == 3
