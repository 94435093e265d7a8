"""`make bench`: runs the benchmarks, prints their table and writes it to docs/benchmarks.md.

make bench ARGS="--scale 0.1 --queries 200"     # a tenth of the city, quickly
make bench ARGS="--only push"                   # one part; the other stays as it is in the document
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import engine, forecast, load, offices, roles
from tests.bench.peer import AVAILABLE
from tests.bench.push import fanout, journey, rush
from tests.bench.table import Row, machine, markdown

ROOT = Path(__file__).resolve().parent.parent.parent
_DOCUMENT = ROOT / "docs" / "benchmarks.md"
_TEXT = """# Benchmarks

Written by `make bench`. The peer is nigiri, the C++ engine of MOTIS, through `pynigiri`, in the same run on the same
synthetic city (drawn from a seed, `tests/bench/city.py`), with three days loaded; a ratio below 1 means that ours is
quicker. Where no peer is named the figure stands alone. Questions and offices are counted in processor time of
the thread that asks, the rest by the clock.

Missed by the search, and what was tried: on a tenth of the city a query is a quarter of a millisecond, of which some
0.07 is Python's reading of question and answer, so ratios there stay near a half; ten destinations there would be
quicker by a connection scan (decision 19), which loses on the whole city. Offices ask for places at random over the
whole city, so that even few trips concern most of them (decision 41).
Ten destinations on the whole city took 0.114 and 0.115 of ten queries in two runs of this table, after 0.10 to 0.14 in
runs before destinations were lanes of whole vectors (decision 19). Two threads did from 1.54 to 2.16 of the work of one
in twelve tries one after the other, 1.9 in the median: where others use the machine's caches too, a try may miss.

{engine}
## Push

One kilobyte to thousands of sockets is measured beside a bare asyncio transport that writes a frame made beforehand
(the floor of the ratios), aiohttp's websocket, and the `websockets` library: its asyncio server and its sans-I/O core
on a transport of ours; each server is a process of its own. The way of a message goes through real processes: feed,
ingest, Valkey, two gateways, and a crowd that shares the cores with them.

{push}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, nargs="*", default=[0.1, 1.0], help="sizes of the city, 1 being Ruter's")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=fanout.COUNT, help="sockets of the push side's benchmarks")
    parser.add_argument("--only", choices=("engine", "push"), help="one part")
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    if options.only != "push" and not AVAILABLE:
        parser.error("the engine's peer, pynigiri, is a wheel for CPython 3.11 on Linux x86-64 alone; try --only push")
    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "engine": lambda: _rows(options.scale, options.queries),
        "push": lambda: _push(options.clients),
    }
    tables = _tables()
    for part, rows in parts.items():
        if options.only in (None, part):
            tables[part] = _run(rows)
    if not options.dry:
        _DOCUMENT.write_text(_TEXT.format(**tables))


def _run(rows: Callable[[], Iterator[Row]]) -> str:
    """Machine and table, each row printed as it comes."""
    where, found = machine(), []
    for row in rows():
        found.append(row)
        print(markdown([row]).splitlines()[-1], flush=True)
    return f"{where}\n\n{markdown(found)}\n"


def _tables() -> dict[str, str]:
    """What the document says now, by part."""
    text = _DOCUMENT.read_text() if _DOCUMENT.exists() else ""
    held = dict.fromkeys(("engine", "push"), "Not run yet.\n")
    engine_part, _, push_part = text.partition("\n## Push\n")
    for part, body in (("engine", engine_part), ("push", push_part)):
        if found := re.search(r"^[^\n]+\n\n\| figure .*", body, re.DOTALL | re.MULTILINE):
            held[part] = found.group().strip() + "\n"
    return held


def _push(clients: int) -> Iterator[Row]:
    yield from fanout.run(clients)
    yield from journey.run(clients)
    yield from rush.run()


def _rows(scales: list[float], queries: int) -> Iterator[Row]:
    for scale in scales:
        yield from engine.run(scale, queries)
        yield from load.run(scale)
        yield from roles.run(scale)
    yield from offices.run()
    yield from forecast.run()


if __name__ == "__main__":
    main()
