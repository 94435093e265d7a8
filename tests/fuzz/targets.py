"""What eats bytes from outside, each as a function that must survive any: a refusal by name, or a sound result.

A seed of a target is a good input; mutations of it reach further than noise does.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from smartreise.ingest.catalogue import load
from smartreise.ingest.gates import judge_timetable
from smartreise.ingest.gbfs import parse_discovery, parse_system
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_rt import parse_message
from smartreise.live.resolve import resolve
from smartreise.model.problems import ConfigError, DatasetRefused, SmartreiseError
from smartreise.model.region import Region
from smartreise.push.session import Session
from smartreise.push.settings import PushSettings
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.layout import lay_out
from tests.chaos.publisher import ZONE, message, system, tables, zipped

NOW = 1_795_600_000
TODAY = date(2026, 11, 25)
REGION = Region(id="city", name="City", timezone="Europe/Oslo")


@dataclass(frozen=True)
class Target:
    eat: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


def _small() -> dict[str, str]:
    return tables(today=TODAY, every_min=300, days=3)


@cache
def _timetable() -> Timetable:
    return build([parse_gtfs(zipped(tables(today=TODAY)), feed_id="f")], REGION)


def eat_zip(data: bytes) -> None:
    """A GTFS zip: refused, or a timetable whose days can be laid out."""
    try:
        timetable = build([parse_gtfs(data, feed_id="f")], REGION)
        judge_timetable(timetable, None, TODAY)
    except DatasetRefused:
        return
    layout = lay_out(timetable, TODAY, ZONE)
    assert (layout.event_arrive <= layout.event_depart).all()


def eat_csv(data: bytes) -> None:
    """The bytes in place of each table in turn."""
    for name in ("stops.txt", "stop_times.txt", "trips.txt"):
        eat_zip(zipped({**_small(), name: data}))


def eat_message(data: bytes) -> None:
    """A GTFS-realtime message: refused, or resolved against a timetable."""
    try:
        found = parse_message(data, feed_id="rt", now=NOW)
    except DatasetRefused:
        return
    resolve(_timetable(), [found], now=NOW)


def eat_gbfs(data: bytes) -> None:
    """A GBFS file as each of a system's files in turn, and as gbfs.json."""
    good = {name: json.dumps(body).encode() for name, body in system(NOW, "http://x.test").items()}
    for name in good:
        try:
            parse_discovery(data) if name == "gbfs" else parse_system({**good, name: data}, feed_id="b", now=NOW)
        except DatasetRefused:
            continue


def eat_toml(data: bytes) -> None:
    """A region file: refused in one line that names the file, or taken."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "region.toml"
        file.write_bytes(data)
        told = None
        try:
            load(str(file), environ={})
        except ConfigError as refused:
            told = str(refused)
        assert told is None or (told.startswith(str(file)) and "\n" not in told), told


def eat_frame(data: bytes) -> None:
    """A websocket frame, as text where it is text."""
    session = Session(PushSettings())
    try:
        text: str | bytes = data.decode()
    except UnicodeDecodeError:
        text = data
    for now in (0.0, 1.0):
        list(session.receive(text, now=now))


def eat_blob(data: bytes) -> None:
    """A compiled timetable from the store: refused, or whole."""
    try:
        found = decode(data)
    except SmartreiseError:
        return
    assert isinstance(found.call_stop, np.ndarray)


def _documents() -> list[bytes]:
    return [json.dumps(body).encode() for body in system(NOW, "http://x.test").values()]


def _regions() -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(__file__).parents[2].joinpath("feeds").glob("*.toml"))]


def _frames() -> list[bytes]:
    subscribe = {"type": "subscribe", "sub": "a", "topic": "board", "params": {"stop": "A", "limit": 10}, "rev": "x"}
    return [json.dumps(frame).encode() for frame in (subscribe, {"type": "ping"}, {"type": "unsubscribe", "sub": "a"})]


TARGETS: dict[str, Target] = {
    "zip": Target(eat_zip, lambda: [zipped(_small())]),
    "csv": Target(eat_csv, lambda: [text.encode() for text in _small().values()]),
    "protobuf": Target(eat_message, lambda: [message(NOW, trips=5).SerializeToString()]),
    "gbfs": Target(eat_gbfs, _documents),
    "toml": Target(eat_toml, _regions),
    "frame": Target(eat_frame, _frames),
    "blob": Target(eat_blob, lambda: [encode(build([parse_gtfs(zipped(_small()), feed_id="f")], REGION))]),
}
