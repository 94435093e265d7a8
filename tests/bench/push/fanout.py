"""One kilobyte to thousands of sockets: CPU per delivery, how long the loop is held, memory of who is idle."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.push.servers import KINDS
from tests.bench.table import Row, ms

ROOT = Path(__file__).resolve().parents[3]
COUNT = 5_000
PUSHES = 10
ROUNDS = 3


@dataclass(frozen=True)
class Measured:
    """CPU seconds a delivery, seconds that a push held the loop, bytes an idle connection."""

    cpu: float
    held: float
    memory: float


def measure(kind: str, *, count: int = COUNT, uvloop: bool = False) -> Measured:
    """The best of some rounds, since others use the machine too."""
    command = ["tests.bench.push.servers", kind, *(["--uvloop"] if uvloop else [])]
    with process(*command) as server:
        port, before = answer(server)["port"], ask(server, "memory")["bytes"]
        ours = kind.startswith("ours")
        options = [*(["--packed"] if "packed" in kind else []), *(["--subscribe"] if ours else [])]
        with process("tests.bench.push.sink", str(port), str(count), *options) as sink:
            assert sink.stdout is not None
            assert sink.stdout.readline() == "ready\n"
            after = ask(server, "memory")["bytes"]
            rounds = [ask(server, f"push {PUSHES}") for _ in range(ROUNDS)]
            return Measured(
                min(told["cpu"] for told in rounds) / PUSHES / count,
                min(told["held"] for told in rounds),
                (after - before) / count,
            )


@contextmanager
def process(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A module of the benchmarks as a process, ended with the block."""
    child = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield child
    finally:
        assert child.stdin is not None
        child.stdin.close()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def ask(server: subprocess.Popen[str], command: str) -> dict[str, Any]:
    assert server.stdin is not None
    server.stdin.write(command + "\n")
    server.stdin.flush()
    return answer(server)


def answer(server: subprocess.Popen[str]) -> dict[str, Any]:
    assert server.stdout is not None
    told: dict[str, Any] = json.loads(server.stdout.readline())
    return told


def run(count: int = COUNT) -> Iterator[Row]:
    """Each server against the bare transport."""
    loops = [False, *([True] if importlib.util.find_spec("uvloop") else [])]
    for uvloop in loops:
        on = " on uvloop" if uvloop else ""
        floor = measure("bare", count=count, uvloop=uvloop)
        for kind in KINDS:
            if kind == "bare":
                continue
            found = measure(kind, count=count, uvloop=uvloop)
            target = "≤ 1.2" if kind.startswith("ours") else "1.25–1.5"
            name = f"1 kB to {count} sockets{on}: {kind}"
            yield Row(f"{name}, CPU a delivery", us(found.cpu), us(floor.cpu), found.cpu / floor.cpu, target)
            if kind.startswith("ours"):
                yield Row(f"{name}, loop held at most", ms(found.held), ms(floor.held), None, "≤ 5 ms")
            yield Row(f"{name}, memory of an idle connection", kb(found.memory), kb(floor.memory), None, "≤ 20 kB")


def us(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def kb(size: float) -> str:
    return f"{size / 1000:.1f} kB"
