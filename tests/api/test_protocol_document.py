"""The conversations in docs/protocol.md happen just so."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection

from tests.api.conftest import Served
from tests.api.test_push import live, read_event
from tests.unit.suggest.situation import late

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "protocol.md").read_text()


def blocks(language: str) -> list[list[str]]:
    """The lines of each fenced block of a kind."""
    return [block.strip().splitlines() for block in re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)]


def matches(wanted: Any, found: Any, names: dict[str, Any]) -> bool:
    """`…` is anything, `$name` the same thing wherever it stands."""
    if wanted == "…":
        return True
    if isinstance(wanted, str) and wanted.startswith("$"):
        return bool(names.setdefault(wanted, found) == found)
    if isinstance(wanted, dict) and isinstance(found, dict):
        same_keys = list(wanted) == list(found)
        return same_keys and all(matches(value, found[key], names) for key, value in wanted.items())
    return bool(wanted == found)


async def happen(served: Served, socket: ClientConnection, what: str) -> ClientConnection:
    """What the document says happens meanwhile; the connection from then on."""
    if what == "the line breaks":
        socket.transport.abort()
        return await live(served)
    told = re.fullmatch(r"the first trip is (\d+) s late", what)
    assert told, f"nobody knows how to make this happen: {what}"
    served.source.show(late("t1", int(told.group(1))))
    return socket


@pytest.mark.parametrize("number", range(len(blocks("conversation"))))
async def test_a_conversation_goes_as_documented(served: Served, number: int) -> None:
    names: dict[str, Any] = {}
    socket = await live(served)
    for line in blocks("conversation")[number]:
        mark, _, text = line.partition(" ")
        if mark == "→":
            for name, value in names.items():
                text = text.replace(f'"{name}"', json.dumps(value))
            await socket.send(text)
        elif mark == "←":
            found = json.loads(await asyncio.wait_for(socket.recv(), 10))
            assert matches(json.loads(text), found, names), f"{line}\nbut came {found}"
        else:
            socket = await happen(served, socket, text)
    await socket.close()


@pytest.mark.parametrize("number", range(len(blocks("events"))))
async def test_a_stream_goes_as_documented(served: Served, number: int) -> None:
    request, *lines = blocks("events")[number]
    names: dict[str, Any] = {}
    async with served.http.get(served.url + request.removeprefix("GET ")) as answer:
        for line in lines:
            rev, found = await read_event(answer.content)
            assert matches(json.loads(line.removeprefix("← ")), found, names), f"{line}\nbut came {found}"
            assert rev == found.get("rev")


def test_the_document_names_every_frame_and_close_code() -> None:
    frames = ("hello", "subscribed", "snapshot", "delta", "current", "heartbeat", "error", "pong")
    assert all(f'"type":"{kind}"' in DOCUMENT for kind in frames)
    assert all(f"| {code}" in DOCUMENT for code in (1008, 1009, 1012, 1013))
