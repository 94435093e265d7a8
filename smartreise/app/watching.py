"""Follows a topic over the websocket and prints each state; comes back by itself when the line breaks."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

import click
import websockets
from websockets.asyncio.client import connect

from smartreise.model.problems import SmartreiseError
from smartreise.push.delta import apply

Lines = Callable[[Any, float], list[str]]
MOST_DELAY_S: Final = 30.0


class TopicRefused(SmartreiseError):
    """The server will not tell about this."""


async def follow(server: str, topic: str, params: Mapping[str, str], lines: Lines, *, once: bool) -> None:
    """Print a topic's state whenever it changes, until cancelled (or once). Raises `TopicRefused`."""
    url = server.rstrip("/").replace("http", "ws", 1) + "/v1/live"
    held: dict[str, Any] = {}
    failures = 0
    while True:
        try:
            async with connect(url, open_timeout=10, max_size=2**24) as socket:
                failures = 0
                ask = {"type": "subscribe", "sub": "watch", "topic": topic, "params": dict(params)}
                await socket.send(json.dumps(ask | ({"rev": held["rev"]} if held else {})))
                async for text in socket:
                    if _take(json.loads(text), held):
                        _show(lines(held["data"], 0.0))
                        if once:
                            return
        except (OSError, websockets.WebSocketException) as fault:
            failures += 1
            if once or not held:
                raise TopicRefused(f"no service answers at {server}: {fault}") from None
        delay = min(2.0 ** min(failures, 6), MOST_DELAY_S) * random.uniform(0.5, 1.5)  # noqa: S311
        click.echo(f"mistet forbindelsen; prøver igjen om {delay:.0f} s", err=True)
        await asyncio.sleep(delay)


def _take(frame: dict[str, Any], held: dict[str, Any]) -> bool:
    """Take a frame into what is held; True when the data is new."""
    if frame["type"] == "error":
        raise TopicRefused(frame.get("detail") or frame.get("title") or "refused")
    if frame["type"] == "snapshot":
        held |= {"data": frame["data"], "rev": frame["rev"]}
        return True
    if frame["type"] == "delta" and frame["base"] == held.get("rev"):
        held |= {"data": apply(held["data"], frame["patch"]), "rev": frame["rev"]}
        return True
    if frame["type"] == "delta":
        raise TopicRefused("the server skipped a step")
    return False


def _show(lines: list[str]) -> None:
    """Redraw on a terminal, else print the state below the last."""
    if sys.stdout.isatty():
        click.clear()
    for line in lines:
        click.echo(line)
    click.echo()
