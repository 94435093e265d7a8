"""`make bench`: runs the benchmarks, prints their table and writes it to docs/benchmarks.md.

make bench ARGS="--scale 0.1 --queries 200"     # a tenth of the city, quickly
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tests.bench import engine, forecast, load, offices, roles
from tests.bench.table import Row, machine, markdown

ROOT = Path(__file__).resolve().parent.parent.parent
_TEXT = """# Benchmarks

Written by `make bench`. The peer is nigiri, the C++ engine of MOTIS, through `pynigiri`, in the same run on the same
synthetic city (drawn from a seed, `tests/bench/city.py`), with three days loaded; a ratio below 1 means that ours is
quicker. Where no peer is named the figure stands alone.

{machine}

{table}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, nargs="*", default=[0.1, 1.0], help="sizes of the city, 1 being Ruter's")
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args()
    where, rows = machine(), []
    for row in _rows(options.scale, options.queries):
        rows.append(row)
        print(markdown([row]).splitlines()[-1], flush=True)
    if not options.dry:
        (ROOT / "docs" / "benchmarks.md").write_text(_TEXT.format(machine=where, table=markdown(rows)))


def _rows(scales: list[float], queries: int) -> Iterator[Row]:
    for scale in scales:
        yield from engine.run(scale, queries)
        yield from load.run(scale)
        yield from roles.run(scale)
    yield from offices.run()
    yield from forecast.run()


if __name__ == "__main__":
    main()
