"""Whatever is put into parameters that our own OpenAPI document names, no answer is a fault of ours."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from urllib.parse import quote

from yarl import URL

from smartreise.api.openapi import document
from tests.api.conftest import Serve, Served

_VALUES = [
    "", " ", "0", "-1", "1", "8", "50", "200", "14400", "50000", "999999999999", "0.3", "1e308", "nan", "inf", "٣",
    "59.9,10.0", "91,0", "0,0", "-90,-180", "90,180", "a,b", "A", "A1", "B", "o", "t1", "none", "æøå", "\x00", "../..",
    "2026-11-10T08:00:00Z", "2026-11-10T08:00:00 01:00", "0002-01-01T00:00:00Z", "9998-12-31T23:59:59Z",
    "1969-01-01T00:00:00Z", "2026-12-30T23:59:59+01:00", "2026-11-01T00:00:00+01:00", "2026-11-10", "0001-01-01",
    "9999-12-31", "true", "false", "bus,tram", "walk", "bike", "31", "10.4,59.8,10.9,60.0", "-180,-90,180,90",
    "x" * 600,
]  # fmt: skip
_STREAMS = {"/v1/live", "/v1/events"}
#: whatever is asked without a token is 401; `test_admin.py` asks with one
_SIGNED_IN = ("/v1/admin/", "/v1/displays/")
_REQUESTS = 1_500


async def test_no_input_is_answered_with_a_fault(serve: Serve) -> None:
    served: Served = await serve(reads_per_minute=0)
    draw = random.Random(7)
    reads = [
        (path, item["get"])
        for path, item in document()["paths"].items()
        if "get" in item and path not in _STREAMS and not path.startswith(_SIGNED_IN)
    ]
    statuses: Counter[int] = Counter()
    for _ in range(_REQUESTS):
        url = _url(draw, *draw.choice(reads))
        async with served.http.get(URL(served.url + url, encoded=True)) as answer:
            body = await answer.text()
            statuses[answer.status] += 1
            assert answer.status < 500, f"{url}: {body}"
            if answer.status >= 400:
                assert answer.headers["Content-Type"] == "application/problem+json", url
    assert statuses.keys() >= {200, 400, 404, 422}


def _url(draw: random.Random, path: str, operation: dict[str, Any]) -> str:
    query = []
    for parameter in operation.get("parameters", []):
        likely = parameter.get("example") if draw.random() < 0.2 else None
        value = quote(likely or draw.choice(_VALUES), safe="")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", value or "x")
        elif parameter["required"] or draw.random() < 0.4:
            query.append(f"{parameter['name']}={value}")
    return path + ("?" + "&".join(query) if query else "")
