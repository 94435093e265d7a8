"""Logging, and a watch over the event loop. One clear line when trouble starts and one when it ends."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Final

#: with SMARTREISE_DEBUG=1, what holds the event loop longer than this is logged
SLOW_CALLBACK_S: Final = 0.02


def set_up_logging(*, debug: bool) -> None:
    """Lines on standard error: time, level, where, what."""
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
        stream=sys.stderr,
    )
    for noisy in ("numba", "asyncio", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def watch_loop(*, debug: bool) -> None:
    """In debug mode asyncio itself tells of callbacks that hold the loop for over 20 ms."""
    if debug:
        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        loop.slow_callback_duration = SLOW_CALLBACK_S
