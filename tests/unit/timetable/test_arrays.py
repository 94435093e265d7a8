"""The arrays are what their documentation says, and survive the trip through the store."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from smartreise.model.problems import DatasetRefused
from smartreise.timetable import arrays, codec
from smartreise.timetable.arrays import Layout, Timetable, arrays_of
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.names import find_stops, fold
from smartreise.timetable.nearby import near, near_stations
from tests.drawing import draw, layout

TRIPS = "31/t1: A 08:00 B 08:10 C 08:20\n5/t2 [every=08:00-09:00/600]: B 00:00 D 00:10"


def documented() -> dict[str, tuple[str, str]]:
    """Field → (dtype, shape) as the comments of the two classes state them."""
    text = Path(arrays.__file__).read_text(encoding="utf-8")
    found = re.findall(r"^    (\w+): \S+  # (\w+)\[([^\]]+)\]", text, re.M)
    return {name: (dtype, shape) for name, dtype, shape in found}


def sizes(timetable: Timetable, laid: Layout) -> dict[str, int]:
    return {
        "S": len(timetable.stop_id),
        "R": len(timetable.route_id),
        "T": len(timetable.trip_id),
        "C": len(timetable.call_stop),
        "V": len(timetable.service_id),
        "D": timetable.service_days.shape[1],
        "Q": len(timetable.frequency_trip),
        "K": len(timetable.shape_id),
        "H": len(timetable.shape_lat),
        "F": len(timetable.footpath_stop),
        "G": len(timetable.path_m),
        "N": len(laid.dated_trip),
        "E": len(laid.event_stop),
        "P": len(laid.pattern_route),
    }


def test_every_array_has_the_type_and_shape_that_its_comment_states() -> None:
    timetable = draw(TRIPS)
    laid = layout(timetable)
    size, checked = sizes(timetable, laid), 0
    for name, (dtype, shape) in documented().items():
        array = {**arrays_of(timetable), **arrays_of(laid)}[name]
        assert array.dtype == np.dtype(dtype), name
        if "≤" not in shape:
            want = tuple(size[part.split(" + ")[0].strip()] + ("+ 1" in part) for part in shape.split(","))
            assert array.shape == want, name
        checked += 1
    undocumented = [f.name for f in fields(Layout) if f.name in arrays_of(laid) and f.name not in documented()]
    assert checked > 55
    assert undocumented == ["pattern_stop", "stop_pattern", "stop_pattern_position", "stop_event"]


def test_arrays_are_read_only() -> None:
    timetable = draw(TRIPS)
    for array in [*arrays_of(timetable).values(), *arrays_of(layout(timetable)).values()]:
        assert not array.flags.writeable


def test_a_blob_gives_back_the_timetable() -> None:
    timetable = draw(TRIPS)
    again = decode(encode(timetable))
    for field in fields(Timetable):
        before, after = getattr(timetable, field.name), getattr(again, field.name)
        same = np.array_equal(before, after) if isinstance(before, np.ndarray) else before == after
        assert same, field.name


def test_arrays_that_are_one_value_or_another_array_are_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    timetable = draw("31/t1: A 08:00 B 08:10 C 08:20")
    whole = len(encode(timetable))
    monkeypatch.setattr(codec, "_LARGE", 4)
    blob = encode(timetable)
    assert len(blob) < whole
    again = decode(blob)
    for name, array in arrays_of(timetable).items():
        found = getattr(again, name)
        assert np.array_equal(found, array), name
        assert (found.dtype, found.flags.writeable) == (array.dtype, False), name
    assert again.call_headsign.strides == (0,)
    assert np.shares_memory(again.call_arrive, again.call_depart)


@pytest.mark.parametrize("blob", [b"", b"<html>", encode(draw(TRIPS))[:-40], b"smartreise-timetable" + b"\xff" * 12])
def test_a_damaged_blob_is_refused(blob: bytes) -> None:
    with pytest.raises(DatasetRefused):
        decode(blob)


def test_names_are_found_without_accents_and_stations_stand_for_their_stops() -> None:
    timetable = draw(
        "31/t1: Åsjordet 08:00 Skøyen-a 08:10 Skøyen-b 08:20",
        stations={"S": "Skøyen-a Skøyen-b"},
        stop_options={"S": {"stop_name": "Skøyen stasjon"}},
    )
    assert fold("Ås-Jordet  T") == "as jordet t"
    assert [timetable.stop_id[i] for i in find_stops(timetable, "skoyen", 5)] == ["S"]
    assert [timetable.stop_id[i] for i in find_stops(timetable, "stas", 5)] == ["S"]
    assert [timetable.stop_id[i] for i in find_stops(timetable, "asj", 5)] == ["Åsjordet"]
    assert find_stops(timetable, "  ", 5) == []


def test_near_stops_come_nearest_first() -> None:
    timetable = draw(TRIPS)
    stops, metres = near(timetable, 59.9, 10.001, 20_000)
    assert [timetable.stop_id[i] for i in stops] == ["A", "B", "C", "D"]
    assert sorted(metres.tolist()) == metres.tolist()
    assert len(near_stations(timetable, 59.9, 10.0, 100)[0]) == 1
