"""Follows a topic over the websocket and prints each state; comes back by itself when the line breaks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Any

import click

from smartreise.client.connection import Connection, Refused
from smartreise.model.problems import SmartreiseError

Lines = Callable[[Any], list[str]]


class NobodyAnswers(SmartreiseError):
    """There is no service at the address."""


async def follow(server: str, topic: str, params: Mapping[str, str], lines: Lines, *, lost: str, once: bool) -> None:
    """Print a topic's state whenever it changes, until cancelled (or once); ``lost``: said, with the seconds until the
    next try, when the line breaks. Raises `Refused`, `NobodyAnswers`."""
    shown = False

    def broken(why: str, retry_s: float) -> None:
        if once or not shown:
            raise NobodyAnswers(f"no service answers at {server}: {why}")
        click.echo(lost.format(round(retry_s)), err=True)

    connection = Connection(server, lost=broken)
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(connection.run())
            async with aclosing(connection.follow(topic, params)) as states:
                async for data in states:
                    shown = True
                    _show(lines(data))
                    if once:
                        break
            running.cancel()
    except* (Refused, NobodyAnswers) as faults:
        raise faults.exceptions[0] from None


def _show(lines: list[str]) -> None:
    """Redraw on a terminal, else print the state below the last."""
    if sys.stdout.isatty():
        click.clear()
    for line in lines:
        click.echo(line)
    click.echo()
