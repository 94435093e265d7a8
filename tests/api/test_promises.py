"""What the OpenAPI document named once, it goes on naming: `promised.json` is the memory.

When something new is to be promised: `python -m tests.api.test_promises`. Nothing is ever taken out of the file without
a decision record and a line in CHANGELOG.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from smartreise.api import deprecation, manners
from smartreise.api.deprecation import Leaving
from smartreise.api.openapi import document
from tests.api.conftest import Served

FILE = Path(__file__).with_name("promised.json")


def named(whole: dict[str, Any]) -> Iterator[str]:
    """Everything that somebody may build on, a line each."""
    for path, item in whole["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                needed = " (needed)" if parameter["required"] else ""
                yield f"{method.upper()} {path} {parameter['in']} {parameter['name']}{needed}"
            for status in operation["responses"]:
                yield f"{method.upper()} {path} {status}"
    for name, schema in whole["components"]["schemas"].items():
        for field, held in schema.get("properties", {}).items():
            yield f"{name}.{field}"
            yield from (f"{name}.{field} = {value}" for value in held.get("enum", []))
        if not name.endswith(
            ("Order", "Document", "Patch", "Claim", "Heartbeat")
        ):  # what answers hold, they hold always
            yield from (f"{name}.{field} always" for field in schema.get("required", []))


def test_nothing_that_was_promised_is_gone() -> None:
    now = set(named(document()))
    gone = [line for line in json.loads(FILE.read_text()) if line not in now]
    assert gone == []


def test_a_lost_field_is_noticed() -> None:
    whole = document()
    del whole["components"]["schemas"]["Departure"]["properties"]["expected"]
    whole["paths"]["/v1/stops"]["get"]["parameters"].pop()
    gone = {line for line in json.loads(FILE.read_text()) if line not in set(named(whole))}
    assert {"Departure.expected", "GET /v1/stops query limit"} <= gone


async def test_what_is_to_go_says_so(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    leaving = {"/v1/feeds": Leaving(date(2026, 11, 23), date(2027, 11, 23), "/v2/feeds")}
    monkeypatch.setattr(manners, "LEAVING", leaving)
    answer, _ = await served.get("/v1/feeds")
    assert answer.headers["Deprecation"] == "@1795392000"
    assert answer.headers["Sunset"] == "Tue, 23 Nov 2027 00:00:00 GMT"
    assert answer.headers["Link"] == '</v2/feeds>; rel="successor-version"'
    other, _ = await served.get("/v1/offices")
    assert "Deprecation" not in other.headers
    with pytest.raises(ValueError, match="less than 180 days"):
        Leaving(date(2026, 11, 23), date(2026, 12, 23), "/v2/feeds")
    assert not deprecation.LEAVING, "announced: see that CHANGELOG.md tells of it, and take this line out"


if __name__ == "__main__":
    known = json.loads(FILE.read_text()) if FILE.exists() else []
    FILE.write_text(json.dumps(sorted({*known, *named(document())}), indent=0, ensure_ascii=False) + "\n")
