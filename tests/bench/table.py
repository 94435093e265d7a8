"""What a benchmark says: a figure, ours, the peer's or the floor's, and their ratio."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """`target` is what the ratio (or, without a peer, ours) should be at most, in words."""

    figure: str
    ours: str
    peer: str = "–"
    ratio: float | None = None
    target: str = ""


@dataclass
class Timer:
    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Timer]:
    """Wall-clock seconds of a block."""
    timer, begun = Timer(), time.perf_counter()
    yield timer
    timer.seconds = time.perf_counter() - begun


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def each(ask: Callable[[T], object], questions: Iterable[T]) -> list[float]:
    """Seconds of each call, as the calling thread's processor time: what else the machine does is not counted."""
    spent = []
    for question in questions:
        begun = time.thread_time()
        ask(question)
        spent.append(time.thread_time() - begun)
    return spent


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


def against(figure: str, ours: Sequence[float], peer: Sequence[float], share: float, target: str) -> Row:
    """A row of one quantile of two series of seconds."""
    mine, theirs = (statistics.median(v) if share == 0.5 else quantile(v, share) for v in (ours, peer))
    return Row(figure, ms(mine), ms(theirs), mine / theirs, target)


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = ["| figure | ours | peer or floor | ratio | target |", "|---|---|---|---|---|"]
    for row in rows:
        ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.figure} | {row.ours} | {row.peer} | {ratio} | {row.target} |")
    return "\n".join(lines)


def machine() -> str:
    """Where it ran."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the start"
