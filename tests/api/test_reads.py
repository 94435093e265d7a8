"""GETs: what they answer, how they fail, and their manners."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import Any

import msgspec
import pytest

from smartreise.api.content import choose_coding
from smartreise.api.openapi import document
from smartreise.api.routes import GETS
from tests.api.conftest import Serve, Served
from tests.unit.suggest.situation import late, point

READS = [
    "/v1/stops?q=a",
    f"/v1/stops?near={point(0)}&radius_m=1000",
    "/v1/stops/A",
    "/v1/stops/A/departures?limit=5&lines=31&modes=bus&directions=0,1",
    f"/v1/suggestions?from={point(0)}&to=B",
    "/v1/suggestions?from=o&to=B&at=2026-11-10T08:00:00+01:00",  # the "+" is a blank to the server
    "/v1/trips/t1",
    "/v1/trips/t1?service_date=2026-11-11",
    "/v1/vehicles?bbox=10.4,59.8,10.9,60.0",
    f"/v1/mobility?near={point(0)}&radius_m=5000",
    "/v1/alerts",
    "/v1/places?q=offi",
    "/v1/offices",
    "/v1/offices/o",
    "/v1/offices/o/view",
    "/v1/feeds",
    "/v1/network",
    "/v1/basemap",
    "/openapi.json",
    "/healthz",
    "/readyz",
]
FAILURES = [
    ("/v1/stops/none-such", 404),
    ("/v1/stops?near=north", 400),
    ("/v1/stops?near=91,0", 400),
    ("/v1/stops?near=nan,0", 400),
    ("/v1/stops", 400),
    ("/v1/stops?q=", 400),
    ("/v1/stops/A?q=1", 400),
    ("/v1/stops/A?stop=B", 400),
    ("/v1/stops/A/departures?limit=-1", 400),
    ("/v1/stops/A/departures?limit=201", 400),
    ("/v1/stops/A/departures?limit=1e1", 400),
    ("/v1/stops/A/departures?limit=5&limit=6", 400),
    ("/v1/stops/A/departures?at=yesterday", 400),
    ("/v1/stops/A/departures?at=2026-11-10T08:00:00", 400),
    ("/v1/stops/A/departures?at=0001-01-01T00:00:00%2B01:00", 422),
    ("/v1/stops/A/departures?at=9999-12-31T23:59:59Z", 422),
    ("/v1/stops/A/departures?at=2031-01-01T00:00:00Z", 422),
    ("/v1/stops/A/departures?at=2026-11-05T00:00:00Z", 422),
    ("/v1/stops/A/departures?modes=dragon", 400),
    ("/v1/stops/A/departures?lines=99", 400),
    ("/v1/stops/A/departures?directions=2", 400),
    ("/v1/stops/A/departures?colour=red", 400),
    ("/v1/suggestions", 400),
    ("/v1/suggestions?from=59.9,10.7&to=", 400),
    ("/v1/suggestions?from=59.9,10.7&to=none-such", 404),
    ("/v1/suggestions?from=nan,nan&to=B", 400),
    ("/v1/suggestions?from=91,10&to=B", 400),
    ("/v1/suggestions?from=59.9,&to=B", 400),
    ("/v1/suggestions?from=1e1,1&to=B", 400),
    ("/v1/suggestions?from=A&to=B&at=2031-01-01T00:00:00Z", 422),
    ("/v1/suggestions?from=A&to=B&window_s=14401", 400),
    ("/v1/trips/none-such", 404),
    ("/v1/trips/t1?service_date=2031-01-01", 422),
    ("/v1/trips/t1?service_date=tomorrow", 400),
    ("/v1/vehicles?bbox=1,2,3", 400),
    ("/v1/vehicles?bbox=1,5,3,2", 400),
    ("/v1/mobility", 400),
    ("/v1/places", 400),
    ("/v1/offices/none-such", 404),
    ("/v1/offices/none-such/view", 404),
    ("/v1/no-such-thing", 404),
    ("/v1/", 404),
    ("/v1/stops/A?x=" + "y" * 8000, 414),
    ("/v1/stops/A?x=" + "y" * 100_000, 414),
    ("/v1/events?topic=weather", 404),
    ("/v1/events", 400),
    ("/v1/events?topic=board&stop=none-such", 404),
    ("/v1/live", 426),
]


@pytest.mark.parametrize("path", READS)
async def test_reads_answer_with_a_strong_etag_to_anybody(served: Served, path: str) -> None:
    answer, body = await served.get(path)
    assert answer.status == 200, body
    assert body is not None
    etag = answer.headers["ETag"]
    assert etag.startswith('"')
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again, nothing = await served.get(path, If_None_Match=f'"else", W/{etag}')
    assert (again.status, nothing, again.headers["ETag"]) == (304, None, etag)


@pytest.mark.parametrize(("path", "status"), FAILURES)
async def test_failures_are_problem_documents(served: Served, path: str, status: int) -> None:
    answer, body = await served.get(path)
    assert answer.status == status, body
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == status
    if status == 400:
        assert body["errors"][0]["message"]


async def test_an_etag_changes_with_the_answer(served: Served) -> None:
    path = "/v1/stops/A/departures"
    before, _ = await served.get(path)
    served.source.show(late("t1", 120))
    after, body = await served.get(path, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert [row["delay_s"] for row in body["departures"]][:2] == [120, 0]


async def test_bodies_are_compressed_when_asked(served: Served) -> None:
    plain, body = await _packed(served, "/v1/stops/A/departures", "identity")
    for coding, unpack in (("gzip", gzip.decompress), ("deflate", zlib.decompress)):
        packed, data = await _packed(served, "/v1/stops/A/departures", coding)
        assert packed.headers["Content-Encoding"] == coding
        assert unpack(data) == body
        assert packed.headers["ETag"] != plain.headers["ETag"], "a strong ETag names bytes"
        again, _ = await served.get("/v1/stops/A/departures", If_None_Match=packed.headers["ETag"])
        assert again.status == 304


async def _packed(served: Served, path: str, coding: str) -> tuple[Any, bytes]:
    async with served.http.get(served.url + path, headers={"Accept-Encoding": coding}) as answer:
        return answer, await answer.read()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("gzip, deflate, br", "gzip"),
        ("deflate", "deflate"),
        ("gzip;q=0.1, deflate;q=0.9", "deflate"),
        ("gzip;q=0", None),
        ("*", "gzip"),
        ("identity;q=1, *;q=0", None),
        ("gzip;q=high", None),
    ],
)
def test_the_coding_is_the_one_wanted_most(accepted: str, coding: str | None) -> None:
    assert choose_coding(accepted) == coding


async def test_head_has_the_headers_and_no_body(served: Served) -> None:
    async with served.http.head(served.url + "/v1/offices") as answer:
        assert answer.status == 200
        assert answer.headers["ETag"]
        assert await answer.read() == b""


async def test_other_methods_are_problems_and_preflights_answered(served: Served) -> None:
    async with served.http.post(served.url + "/v1/offices", json={}) as answer:
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]
        assert (await answer.json(content_type=None))["status"] == 405
    async with served.http.options(served.url + "/v1/offices") as answer:
        assert answer.status == 204
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


async def test_a_busy_address_is_asked_to_wait(serve: Serve) -> None:
    served: Served = await serve(reads_per_minute=3)
    statuses = [(await served.get("/v1/offices"))[0].status for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer, body = await served.get("/v1/offices")
    assert int(answer.headers["Retry-After"]) >= 1
    assert body["status"] == 429
    assert (await served.get("/healthz"))[0].status == 200


async def test_before_the_first_timetable_there_is_503_with_retry_after(serve: Serve) -> None:
    served: Served = await serve(ready=False)
    for path in ("/v1/offices", "/v1/stops/A/departures", "/v1/events?topic=feeds"):
        answer, body = await served.get(path)
        assert (answer.status, body["status"]) == (503, 503)
        assert answer.headers["Retry-After"]
    assert (await served.get("/readyz"))[0].status == 503
    served.source.show()
    assert (await served.get("/readyz"))[0].status == 200


async def test_metrics_count_routes_not_addresses(served: Served) -> None:
    await served.get("/v1/stops/A")
    await served.get("/v1/stops/none-such")
    async with served.http.get(served.url + "/metrics") as answer:
        text = await answer.text()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'smartreise_http_requests_total{route="/v1/stops/{stop}",status="200"} 1.0' in text
    assert "none-such" not in text
    assert "smartreise_topics_held" in text


def test_the_openapi_document_is_valid_and_names_every_read() -> None:
    from openapi_spec_validator import validate

    described = document()
    validate(described)
    assert {get.path for get in GETS} <= described["paths"].keys()


async def test_answers_fit_the_schema_they_promise(served: Served) -> None:
    from openapi_schema_validator import OAS31Validator

    described = document()
    for path in READS:
        _, body = await served.get(path)
        template = next((g.path for g in GETS if _fits(g.path, path.split("?")[0])), None)
        if template is not None:
            schema = described["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            OAS31Validator({**schema, "components": described["components"]}).validate(msgspec.to_builtins(body))


def _fits(template: str, path: str) -> bool:
    ours, theirs = template.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(a == b or a.startswith("{") for a, b in zip(ours, theirs, strict=True))


async def test_pages_say_when_they_are_not_built_and_are_served_once_they_are(served: Served) -> None:
    async with served.http.get(served.url + "/") as answer:
        assert answer.status == 503
        assert "make web" in await answer.text()
    (served.dist / "assets").mkdir(parents=True)
    (served.dist / "index.html").write_text("<h1>here</h1>")
    (served.dist / "office.html").write_text("<h1>office</h1>")
    (served.dist / "assets" / "a.0123.js").write_text("1")
    (served.dist.parent / "secret.txt").write_text("secret")
    async with served.http.get(served.url + "/office/o") as answer:
        assert await answer.text() == "<h1>office</h1>"
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert f"ws://127.0.0.1:{answer.url.port}" in policy
    async with served.http.get(served.url + "/assets/a.0123.js") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    for path in ("/assets/..%2f..%2fsecret.txt", "/..%2fsecret.txt", "/assets/%00.js", "/assets", "/display"):
        assert (await served.get(path))[0].status == 404


async def test_what_is_no_http_is_a_problem_document_and_not_logged(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    host, port = served.url.removeprefix("http://").split(":")
    for sent, status in (
        (b"GET /v1/suggestions?from=59.912345,10.7\xff HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/feeds HTTP/1.1\r\nHost: x\r\nX-Where: " + b"59.912345" * 4000 + b"\r\n\r\n", 431),
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        answer = await reader.read()
        writer.close()
        assert answer.split()[1] == str(status).encode(), answer
        assert b"application/problem+json" in answer
        assert b"59.9" not in answer
    assert "59.9" not in caplog.text


async def test_a_body_that_does_not_come_is_not_awaited_for_ever(serve: Serve) -> None:
    served: Served = await serve(answer_within_s=0.2)
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{")
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 408 "), answer


async def test_an_address_is_believed_from_proxies_of_our_own_only(serve: Serve) -> None:
    ours: Served = await serve(reads_per_minute=2, trusted_proxies="127.0.0.0/8, 10.0.0.0/8")
    for client in ("198.51.100.1", "evil, 198.51.100.2, 10.1.2.3"):
        told = [(await ours.get("/v1/feeds", X_Forwarded_For=client))[0].status for _ in range(3)]
        assert told == [200, 200, 429], client
    other: Served = await serve(reads_per_minute=2)
    told = [(await other.get("/v1/feeds", X_Forwarded_For=f"198.51.100.{n}"))[0].status for n in range(3)]
    assert told == [200, 200, 429]
