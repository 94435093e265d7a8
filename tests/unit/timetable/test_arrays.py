"""The arrays are what their documentation says, and survive the trip through the store."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from smartreise.ingest.gtfs import parse_gtfs
from smartreise.live.assemble import assemble
from smartreise.model.problems import DatasetRefused
from smartreise.model.realtime import RealtimeMessage, StopTimeUpdate, TimeEvent, TripDescriptor, TripUpdate
from smartreise.timetable import arrays, codec
from smartreise.timetable.arrays import Layout, Timetable, arrays_of
from smartreise.timetable.build import build
from smartreise.timetable.codec import decode, encode
from smartreise.timetable.names import find_stops, fold
from smartreise.timetable.nearby import near, near_stations
from tests.drawing import REGION, clock, draw, layout
from tests.unit.ingest.feed import FILES, zipped

TRIPS = "31/t1: A 08:00 B 08:10 C 08:20\n5/t2 [every=08:00-09:00/600]: B 00:00 D 00:10"


def documented() -> dict[str, tuple[str, str]]:
    """Field → (dtype, shape) as the comments of the two classes state them."""
    text = Path(arrays.__file__).read_text(encoding="utf-8")
    found = re.findall(r"^    (\w+): \S+  # (\w+)\[([^\]]+)\]", text, re.M)
    return {name: (dtype, shape) for name, dtype, shape in found}


def lengths() -> set[str]:
    """The capitals that the module's docstring defines."""
    assert arrays.__doc__ is not None
    block = arrays.__doc__.split("Capitals are lengths::")[1].split("A *dated trip*")[0]
    return set(re.findall(r"(?:^|  )([A-Z]) [a-z]", block, re.M))


def sizes(timetable: Timetable, laid: Layout) -> dict[str, int]:
    return {
        "S": len(timetable.stop_id),
        "R": len(timetable.route_id),
        "T": len(timetable.trip_id),
        "C": int(timetable.trip_call_start[-1]),
        "V": len(timetable.service_id),
        "D": (timetable.last_day - timetable.first_day).days + 1,
        "M": int(timetable.member_start[-1]),
        "G": len(timetable.path_m),
        "Q": len(timetable.frequency_trip),
        "K": len(timetable.shape_id),
        "H": int(timetable.shape_start[-1]),
        "F": int(timetable.footpath_start[-1]),
        "N": len(laid.dated_trip),
        "E": int(laid.dated_event[-1]),
        "P": len(laid.pattern_route),
        "L": int(laid.pattern_stop_start[-1]),
        "U": int(laid.pattern_run_start[-1]),
        "W": int(laid.stop_event_start[-1]),
    }


def rich() -> Timetable:
    """A timetable in which no length is 0 and hardly two are the same."""
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + "".join(
        f"p,59.9,{10.6 + 0.05 * n:.2f},{n}\n" for n in range(7)
    )
    return build(
        [
            parse_gtfs(
                zipped(
                    {
                        "trips.txt": "route_id,service_id,trip_id,shape_id\nr,s,t,p\nr,s,u,p\nq,s,v,\n",
                        "routes.txt": "route_id,route_short_name,route_type\nr,31,3\nq,5,0\n",
                        "stops.txt": FILES["stops.txt"].replace("10.7", "10.601") + "D,Delta,59.9,10.9\n",
                        "stop_times.txt": FILES["stop_times.txt"]
                        + "u,08:30:00,08:30:00,A,1\nu,08:40:00,08:40:00,B,2\nu,08:50:00,08:50:00,C,3\n"
                        + "v,08:00:00,08:00:00,D,1\nv,08:10:00,08:10:00,A,2\n",
                        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nv,06:00:00,07:00:00,600\n",
                        "shapes.txt": shapes,
                    }
                ),
                feed_id="f",
            )
        ],
        REGION,
    )


def live(timetable: Timetable) -> Layout:
    """The day with a trip that is late, one that is cancelled and one that is added."""
    event = StopTimeUpdate(sequence=1, departure=TimeEvent(delay_s=3600))
    calls = tuple(
        StopTimeUpdate(stop_id=stop, arrival=TimeEvent(time=clock(at)), departure=TimeEvent(time=clock(at)))
        for stop, at in (("A", "09:00"), ("B", "09:10"))
    )
    updates = (
        TripUpdate("1", TripDescriptor(trip_id="t"), (event,)),
        TripUpdate("2", TripDescriptor(trip_id="u", relationship="CANCELED"), ()),
        TripUpdate("3", TripDescriptor(trip_id="new", route_id="r", relationship="ADDED"), calls),
    )
    message = RealtimeMessage(feed_id="rt", timestamp=clock("07:59"), trip_updates=updates)
    now = clock("08:00")
    nothing: tuple[()] = ()
    snapshot = assemble(
        region=REGION,
        timetable=timetable,
        messages={"rt": message},
        mobility=nothing,
        offices=nothing,
        feeds=nothing,
        revision=1,
        now=now,
    )
    return snapshot.layouts.at(now)


@pytest.mark.parametrize("lay", [layout, live])
def test_every_array_is_documented_and_has_the_type_and_shape_that_its_comment_states(
    lay: Callable[[Timetable], Layout],
) -> None:
    timetable = rich()
    laid = lay(timetable)
    size, said = sizes(timetable, laid), documented()
    assert set(size) == lengths()
    assert all(size.values())
    found = {**arrays_of(timetable), **arrays_of(laid)}
    assert set(found) == set(said)
    for name, (dtype, shape) in said.items():
        want = tuple(size[part.split(" + ")[0].strip()] + ("+ 1" in part) for part in shape.split(","))
        assert (found[name].dtype, found[name].shape) == (np.dtype(dtype), want), name


@pytest.mark.parametrize("lay", [layout, live])
def test_row_starts_and_indices_lead_somewhere(lay: Callable[[Timetable], Layout]) -> None:
    timetable = rich()
    laid = lay(timetable)
    found, size = {**arrays_of(timetable), **arrays_of(laid)}, sizes(timetable, laid)
    for name in [name for name in found if name.endswith("_start") and name != "frequency_start"] + ["dated_event"]:
        assert found[name][0] == 0, name
        assert (np.diff(found[name]) >= 0).all(), name
    indices = {
        "S": ("call_stop", "footpath_stop", "member", "event_stop", "event_planned_stop", "pattern_stop"),
        "R": ("trip_route", "dated_route", "pattern_route"),
        "V": ("trip_service",),
        "T": ("frequency_trip", "dated_trip"),
        "G": ("trip_path",),
        "K": ("trip_shape",),
        "C": ("event_call",),
        "N": ("event_dated",),
        "E": ("pattern_run", "stop_event"),
        "P": ("stop_pattern",),
    }
    for letter, names in indices.items():
        for name in names:
            assert found[name].min() >= -1, name
            assert found[name].max() < size[letter], name


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
