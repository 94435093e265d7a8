"""Work that touches many clients, done a few milliseconds at a time.

A push to thousands is thousands of small writes. Done in one go they would hold the event loop for as long as all of
them take; here each turn of the loop does `SLICE_S` of it, and whatever came in meanwhile has its turn between. What a
reader would get wrong: jobs run one after the other in the order in which they came, so a topic's changes reach each
client in their order.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from time import perf_counter, thread_time
from typing import Final

_log = logging.getLogger(__name__)

SLICE_S: Final = 0.003


class Fanout:
    """Call in the event loop."""

    def __init__(self, slice_s: float = SLICE_S) -> None:
        #: longest that one turn took of the thread's own time, in seconds: what others on the machine take is not ours
        self.longest_s = 0.0
        self._slice_s = slice_s
        self._jobs: deque[Iterator[None]] = deque()
        self._is_running = False

    def __len__(self) -> int:
        """Jobs that are not done."""
        return len(self._jobs)

    def add(self, job: Iterator[None]) -> None:
        """Runs a job, which yields after each small step of its work, a fraction of a millisecond long."""
        self._jobs.append(job)
        self._plan()

    def _plan(self) -> None:
        if not self._is_running:
            self._is_running = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        begun, end = thread_time(), perf_counter() + self._slice_s
        self._is_running = False
        while self._jobs and self._step(self._jobs[0], end):
            self._jobs.popleft()
        self.longest_s = max(self.longest_s, thread_time() - begun)
        if self._jobs:
            self._plan()

    def _step(self, job: Iterator[None], end: float) -> bool:
        """Work on a job until `end`; is it done?"""
        try:
            for _ in job:
                if perf_counter() >= end:
                    return False
        except Exception:  # noqa: BLE001 — one broken job must not stop the others; it is logged
            _log.exception("a push broke off")
        return True
