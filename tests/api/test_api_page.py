"""The commands of docs/api.md run, one after another, as a newcomer types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.administered import Administered
from tests.api.test_administration_page import run
from tests.service import ROOT

PAGE = ROOT / "docs" / "api.md"


@pytest.mark.slow
async def test_the_page_works(service: Administered, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    code, made = service.smartreise("keys", "add", "the page's")
    assert code == 0, made
    key = made.split("key: ")[1].split()[0]
    host = service.url.removeprefix("http://")
    printed = [run(block.replace("localhost:8080", host).replace("srk_…", key), service, tmp_path) for block in blocks]
    asked, forms, failures, keyed, administered, paged = printed
    assert asked.count('{"stops":[') >= 2
    assert '"suggestions":[{"destination"' in asked
    assert "expected,scheduled,delay_s,line" in forms
    assert "BEGIN:VCALENDAR" in forms
    assert '"field":"at"' in failures
    assert "304" in failures.splitlines()
    assert keyed.count('{"offices":[') == 2
    assert '"source":"region"' in administered
    assert '"entries":[' in administered
    assert paged.count('"next":') == 2
    assert '"id":"lysaker"' in paged
    assert "problem" not in asked + forms + keyed + administered + paged
