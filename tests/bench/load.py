"""How long a static zip takes until it answers, beside nigiri, and how that grows with the size of the city.

Both are warm: libraries are loaded and kernels compiled, as in a process that has been up. Best of three each, in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs import warm as warm_reading
from smartreise.planner.search import warm as warm_search
from smartreise.timetable.build import build
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.layout import lay_out
from tests.bench.city import draw_city
from tests.bench.engine import DAY, REGION, ZONE
from tests.bench.peer import Peer
from tests.bench.table import Row, ms, timed

TIMES = 3


def run(scale: float) -> Iterator[Row]:
    """Parts and whole of a load, for a city of a size."""
    city = draw_city(scale)
    name = f"{city.stop_times / 1e6:.1f} M calls"
    warm_search()
    warm_reading()
    spent: dict[str, list[float]] = {part: [] for part in ("read", "compile", "lay out", "peer", "blob")}
    with TemporaryDirectory() as folder:
        zip_path = Path(folder) / "city.zip"
        zip_path.write_bytes(city.zip)
        for _ in range(TIMES):
            with timed() as timer:
                tables = parse_gtfs(city.zip, feed_id="city")
            spent["read"].append(timer.seconds)
            with timed() as timer:
                timetable = build([tables], REGION)
            spent["compile"].append(timer.seconds)
            with timed() as timer:
                lay_out(timetable, DAY, ZONE)
            spent["lay out"].append(timer.seconds)
            with timed() as timer:
                Peer.load(zip_path, DAY - timedelta(days=1), 3)
            spent["peer"].append(timer.seconds)
            blob = encode(timetable)
            del tables, timetable
            with timed() as timer:
                lay_out(decode(blob), DAY, ZONE)
            spent["blob"].append(timer.seconds)
    ours = sum(min(spent[part]) for part in ("read", "compile", "lay out"))
    peer = min(spent["peer"])
    yield Row(f"{name}: zip to ready, warm", ms(ours), ms(peer), ours / peer, "≤ 1.0")
    for part in ("read", "compile", "lay out"):
        yield Row(f"{name}: of that, {part}", ms(min(spent[part])))
    yield Row(f"{name}: blob of {len(blob) / 1e6:.0f} MB to ready", ms(min(spent["blob"])), target="≤ 1.5 s")
