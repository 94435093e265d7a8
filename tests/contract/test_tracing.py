"""Traces of the running service, as a collector on loopback gets them by OTLP over HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from smartreise.app.tracing import is_wanted
from smartreise.model.problems import ConfigError
from smartreise.model.spans import current_trace, mark, span
from tests.service import ROOT, free_port, serving

#: what a client says of a person: it must be in no span
PERSONAL = ("59.8937", "10.6211", "Storgata", "srk_", "192.0.2.7")


@dataclass
class Collector:
    """Takes spans, or answers 503."""

    url: str = ""
    spans: list[Any] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    raw: bytes = b""
    is_well: bool = True

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.is_well:
            return web.Response(status=400)
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {a.value.string_value for a in resource.resource.attributes if a.key == "service.name"}
            self.spans += [one for scope in resource.scope_spans for one in scope.spans]
        return web.Response()

    async def until(self, holds: Callable[[dict[str, list[Any]]], bool]) -> dict[str, list[Any]]:
        """Spans by name, once they hold."""
        for _ in range(600):
            named: dict[str, list[Any]] = {}
            for one in self.spans:
                named.setdefault(one.name, []).append(one)
            if holds(named):
                return named
            await asyncio.sleep(0.1)
        raise AssertionError(f"the spans never came: {sorted(named)}")


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector, port = Collector(), free_port()
    application = web.Application(client_max_size=2**24)
    application.router.add_post("/v1/traces", collector.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    collector.url = f"http://127.0.0.1:{port}"
    try:
        yield collector
    finally:
        await runner.cleanup()


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    """One that every process started from here on sends to."""
    async with collecting() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        yield found


def attributes(one: Any) -> dict[str, Any]:
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in one.attributes}


@pytest.mark.slow
async def test_a_service_tells_how_feeds_come_in_and_answers_go_out(tmp_path: Path, collector: Collector) -> None:
    async with serving("demo", data_dir=tmp_path) as service, service.http.ws_connect(service.url + "/v1/live") as live:
        office = (await service.get("/v1/offices"))["offices"][0]["id"]
        await live.send_json({"type": "subscribe", "sub": "o", "topic": "office", "params": {"office": office}})
        own = {"X-Request-Id": "asked-by-a-test-1", "X-API-Key": "srk_none_0", "X-Forwarded-For": "192.0.2.7"}
        async with service.http.get(service.url + "/v1/stops?near=59.8937,10.6211", headers=own) as answer:
            assert answer.status in (200, 401)
        await service.get("/v1/places?q=Storgata")
        named = await collector.until(
            lambda n: (
                {"feed.fetch", "feed.parse", "store.publish", "snapshot.apply", "topic.push"} <= n.keys()
                and any(attributes(s)["request_id"] == "asked-by-a-test-1" for s in n.get("GET /v1/stops", ()))
            )
        )
    polls = {one.span_id: one for one in named["feed.poll"]}
    fetched = [one for one in named["feed.fetch"] if one.parent_span_id in polls]
    assert fetched, "a fetch hangs from its poll"
    assert all(one.trace_id == polls[one.parent_span_id].trace_id for one in fetched)
    published = [one for one in named["store.publish"] if attributes(one)["dataset"].startswith("realtime:")]
    assert any(one.parent_span_id in polls for one in published)
    refreshed = {one.span_id for one in named["topic.refresh"]}
    assert any(one.parent_span_id in refreshed for one in named["topic.answer"])
    assert any(attributes(one)["followers"] == 1 for one in named["topic.push"])
    asked = next(s for s in named["GET /v1/stops"] if attributes(s)["request_id"] == "asked-by-a-test-1")
    assert attributes(asked)["http.response.status_code"] in (200, 401)
    assert collector.services == {"smartreise-serve"}
    assert "GET /v1/live" not in named
    for text in PERSONAL:
        assert text.encode() not in collector.raw, f"{text} is in a span"


@pytest.mark.slow
async def test_lines_of_a_request_carry_its_trace_and_a_lost_collector_is_told_once(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTREISE_LOG_FORMAT", "json")
    collector.is_well = False
    async with serving("demo", data_dir=tmp_path) as service:
        for _ in range(600):
            lost = [line for line in service.lines if "spans are lost" in line]
            if lost:
                break
            await asyncio.sleep(0.1)
        collector.is_well = True
        await collector.until(bool)
        await service.get("/readyz")
    told = [json.loads(line) for line in service.lines if line.startswith("{")]
    collected = [line["message"] for line in told if "collector" in line["message"]]
    assert collected == [
        "traces leave for the collector that OTEL_* names",
        "the collector of traces takes nothing; spans are lost",
        "the collector of traces takes spans again",
    ]
    traced = [line for line in told if line["message"].startswith("feed ") and "trace_id" in line]
    assert traced, "a line about a feed carries the trace of its poll"


def test_without_a_listener_a_span_is_nothing() -> None:
    with span("x", a=1) as told:
        told.note("b", 2)
        assert current_trace() is None
    mark("y").end()


async def test_where_it_is_off_no_exporter_is_imported() -> None:
    # redis imports what else it finds of OpenTelemetry, by itself
    code = "import sys, smartreise.app.roles, smartreise.app.tracing as t\nwith t.tracing('x', {}): pass\n"
    code += "sys.exit(any(name.startswith('opentelemetry.exporter') for name in sys.modules))"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, env=dict(os.environ))
    assert await child.wait() == 0


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_variables_of_opentelemetry_turn_it_on_and_off(given: dict[str, str], wanted: bool) -> None:
    assert is_wanted(given) is wanted


def test_a_way_out_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(ConfigError, match="OTLP over HTTP alone"):
        is_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})


async def test_without_the_extra_the_start_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['opentelemetry'] = None\n")
    environ = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "smartreise", "gateway", "--region", "demo", "--redis", "redis://127.0.0.1:1"]
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environ, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    _, told = await child.communicate()
    assert child.returncode == 2
    assert b"use requirements/trace.txt, or the extra `trace`" in told
    assert b"Traceback" not in told
