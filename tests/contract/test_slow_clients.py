"""Clients that send their requests a byte now and then: cut off after a while, with everybody else untouched."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.service import Service, serving

pytestmark = pytest.mark.slow
SLOW = 200


async def drip(port: int) -> tuple[bytes, int]:
    """Send a request's head a byte at a time, for ever; what was answered, and how many bytes were taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer, sent = asyncio.ensure_future(reader.read()), 0
    head = b"GET /v1/stops HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 100_000
    try:
        while not answer.done() and sent < len(head):
            writer.write(head[sent : sent + 1])
            sent += 1
            await asyncio.sleep(0.1)
        return await answer, sent
    except ConnectionError:
        return b"", sent
    finally:
        writer.close()


async def test_who_drips_a_request_is_cut_off_and_nobody_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTREISE_API_HEAD_WITHIN_S", "3")
    async with serving("demo", data_dir=tmp_path) as service:
        port = int(service.url.rsplit(":", 1)[1])
        before = open_files(service)
        async with service.http.ws_connect(service.url + "/v1/live") as live, asyncio.TaskGroup() as group:
            slow = [group.create_task(drip(port)) for _ in range(SLOW)]
            while not all(task.done() for task in slow):
                assert (await service.get("/healthz"))["status"] == "ok"
                assert (await service.get("/v1/feeds"))["feeds"]
                await asyncio.sleep(0.2)
            await live.send_json({"type": "ping", "id": 1})
            assert not live.closed, "an open websocket outlives the limit"
        told = [task.result() for task in slow]
        assert {answer.split(b"\r\n")[0] for answer, _ in told} <= {b"HTTP/1.1 408 Request Timeout", b""}
        assert any(answer for answer, _ in told)
        assert all(sent < 1000 for _, sent in told), "cut off long before the head was whole"
        for _ in range(100):
            if open_files(service) <= before + 5:
                break
            await asyncio.sleep(0.1)
        assert open_files(service) <= before + 5, "every connection is given back"


def open_files(service: Service) -> int:
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))  # noqa: PTH208 - names are all that is wanted
