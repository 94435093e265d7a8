"""A feed's text, as the world writes it, becomes tables; what is none is refused in words."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartreise.ingest import kernels
from smartreise.ingest.gtfs import parse_gtfs
from smartreise.ingest.gtfs_scan import Kind, Texts, scan_table
from smartreise.model.problems import DatasetRefused
from smartreise.model.region import Region
from smartreise.timetable.arrays import Timetable
from smartreise.timetable.build import build
from smartreise.timetable.layout import lay_out
from tests.shared_data import shared
from tests.unit.ingest.feed import FILES, zipped

REGION = Region(id="r", name="R", timezone="Europe/Oslo")
CALLS = "t A 08:00-08:00, B 08:10-08:11, C 08:20-08:20"


def read(files: dict[str, str | bytes | None] | None = None) -> Timetable:
    return build([parse_gtfs(zipped(files), feed_id="f")], REGION)


def told(timetable: Timetable) -> str:
    """The timetable as text: trips with their calls."""

    def at(seconds: int) -> str:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"

    trips = []
    for number, name in enumerate(timetable.trip_id):
        rows = range(timetable.trip_call_start[number], timetable.trip_call_start[number + 1])
        calls = [
            f"{timetable.stop_id[timetable.call_stop[i]]} {at(timetable.call_arrive[i])}-{at(timetable.call_depart[i])}"
            for i in rows
        ]
        trips.append(f"{name} " + ", ".join(calls))
    return "; ".join(trips)


def all_files(change: Callable[[str], str]) -> dict[str, str | bytes | None]:
    return {name: change(text) for name, text in FILES.items()}


def quoted(text: str) -> str:
    return "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in text.splitlines())


SAME: dict[str, dict[str, str | bytes | None]] = {
    "as it stands": {},
    "CRLF, quotes, a byte order mark and no last line end": all_files(lambda text: "\ufeff" + quoted(text)),
    "lines that end with CR alone": all_files(lambda text: text.replace("\n", "\r")),
    "blanks around cells": all_files(lambda text: text.replace(",", " , ").replace("\n", " \n ")),
    "blanks before quotes": all_files(lambda text: quoted(text).replace(',"', ', "')),
    "blank lines": all_files(lambda text: "".join(line + "\n\n" for line in text.splitlines())),
    "rows that end with a comma": all_files(lambda text: text.replace("\n", ",\n").replace(",\n", "\n", 1)),
    "hours of one digit": {"stop_times.txt": FILES["stop_times.txt"].replace(",08:", ",8:")},
    "decimal sequences": {
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
        "t,08:00:00,08:00:00,A,1.0,0.0\nt,08:10:00,08:11:00,B,2.0,\nt,08:20:00,08:20:00,C,3.0,0\n"
    },
    "columns in another order, and unknown ones": {
        "stop_times.txt": "x,stop_sequence,stop_id,departure_time,arrival_time,trip_id,y\n"
        "1,1,A,08:00:00,08:00:00,t,\n,2,B,08:11:00,08:10:00,t,\n,3,C,08:20:00,08:20:00,t,z\n"
    },
    "rows in any order": {
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,08:20:00,08:20:00,C,300\nt,08:00:00,08:00:00,A,0\nt,08:10:00,08:11:00,B,7\n"
    },
    "one of the two times": {
        "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,,08:00:00,A,1\nt,08:10:00,08:11:00,B,2\nt,08:20:00,,C,3\n"
    },
    "no agency_id with one agency": {
        "agency.txt": "agency_name,agency_url,agency_timezone\nAgency,https://example.org,Europe/Oslo\n",
        "routes.txt": "route_id,route_short_name,route_type\nr,31,3\n",
    },
    "empty optional files": {
        "transfers.txt": "",
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\n",
        "shapes.txt": "",
        "pathways.txt": "pathway_id,from_stop_id\n",
        "feed_info.txt": "\r\n",
        "fare_attributes.txt": "nothing,known\n1,2",
        "notes.pdf": b"\x00\x01",
    },
    "a weekly calendar alone": {
        "calendar_dates.txt": None,
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "s,0,1,0,0,0,0,0,20261101,20261130\n",
    },
}


@pytest.mark.parametrize("how", SAME)
def test_the_same_timetable_however_it_is_written(how: str) -> None:
    timetable = read(SAME[how])
    assert told(timetable) == CALLS
    assert timetable.stop_name == ("Alfa", "Beta", "Gamma")
    assert timetable.route_name == ("31",)
    assert len(lay_out(timetable, date(2026, 11, 10), ZoneInfo("Europe/Oslo")).dated_trip) == 1
    assert timetable.counts == {}


def test_quoted_text_keeps_its_commas_quotes_and_line_ends() -> None:
    timetable = read(
        {
            "stops.txt": 'stop_id,stop_name,stop_lat,stop_lon,stop_desc\n"A,1","Al ""fa""",59.9,10.6,"a\nb"\n'
            "B,Beta,59.9,10.7,\nC,Gamma,59.9,10.8,\n",
            "stop_times.txt": "trip_id,stop_headsign,arrival_time,departure_time,stop_id,stop_sequence\n"
            't,"Via ""X"", y\nz",08:00:00,08:00:00,"A,1",1\n"t",,08:10:00,08:11:00,B,2\n'
            't, 5" pipe ,08:20:00,08:20:00,C,3',
        }
    )
    assert timetable.stop_id[0] == "A,1"
    assert timetable.stop_name[0] == 'Al "fa"'
    assert set(timetable.headsigns) == {'Via "X", y\nz', '5" pipe'}
    assert told(timetable) == CALLS.replace("A ", "A,1 ")


def test_words_that_look_like_nothing_are_names() -> None:
    stops = "stop_id,stop_name,stop_lat,stop_lon\nNA,None,59.9,10.6\nnull,N/A,59.9,10.7\nC,nan,59.9,10.8\n"
    times = FILES["stop_times.txt"].replace(",A,", ",NA,").replace(",B,", ",null,")
    routes = "route_id,agency_id,route_short_name,route_type\nr,a,NaN,3\n"
    timetable = read({"stops.txt": stops, "stop_times.txt": times, "routes.txt": routes})
    assert timetable.stop_id == ("NA", "null", "C")
    assert timetable.stop_name == ("None", "N/A", "nan")
    assert timetable.route_name == ("NaN",)


def test_text_of_a_western_machine_is_read() -> None:
    assert read({"stops.txt": FILES["stops.txt"].replace("Alfa", "Skøyen").encode("cp1252")}).stop_name[0] == "Skøyen"


def test_rows_that_cannot_be_used_are_counted_by_reason() -> None:
    times = FILES["stop_times.txt"] + (
        "x,08:00:00,08:00:00,A,1\nt,08:00:00,08:00:00,Q,4\nt,08:00:00,08:00:00,A,\nt,8 o'clock,08:00:00,A,5\n"
        "t,08:61:00,08:00:00,A,6\nt,09:00:00,09:00:00,A,3\n"
    )
    trips = FILES["trips.txt"] + "r,s,t\nq,s,u\nr,z,v\nr,s,\n"
    routes = FILES["routes.txt"] + "r,a,32,,3\n,a,33,,3\n"
    stops = FILES["stops.txt"] + "A,Again,59.9,10.6\nN,Nowhere,,\n"
    transfers = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nA,B,x,\nA,Q,2,60\n"
    files = {"stop_times.txt": times, "trips.txt": trips, "routes.txt": routes, "stops.txt": stops}
    frequencies = "trip_id,start_time,end_time,headway_secs\nt,06:00:00,07:00:00,0\n"
    timetable = read({**files, "transfers.txt": transfers, "frequencies.txt": frequencies})
    assert told(timetable) == CALLS
    expected = {
        "stop_time_unknown_trip": 1,
        "stop_time_unknown_stop": 1,
        "stop_time_bad_sequence": 1,
        "stop_time_bad_time": 2,
        "stop_time_double_sequence": 1,
        "trip_duplicate_id": 2,  # and one without an id
        "trip_on_unknown_route": 1,
        "trip_on_unknown_service": 1,
        "route_duplicate_or_blank_id": 2,
        "stop_duplicate_or_blank_id": 1,
        "stop_without_place": 1,
        "transfer_bad_type": 1,
        "transfer_unknown_stop": 1,
        "frequency_bad_row": 1,
    }
    assert {reason: timetable.counts.get(reason) for reason in expected} == expected


def test_flex_services_are_left_out_and_counted() -> None:
    times = (
        "trip_id,arrival_time,departure_time,stop_id,location_group_id,stop_sequence,start_pickup_drop_off_window\n"
        "t,08:00:00,08:00:00,A,,1,\nt,08:10:00,08:11:00,B,,2,\nt,08:20:00,08:20:00,C,,3,\n"
        "f,,,,group,1,08:00:00\nf,,,,group,2,08:00:00\n"
    )
    groups = "location_group_id,location_group_name\ngroup,All\n"
    trips = FILES["trips.txt"] + "r,s,f\n"
    areas = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "x"}, {"type": "Feature", "id": "y"}]}'
    )
    files = {"stop_times.txt": times, "trips.txt": trips, "location_groups.txt": groups, "locations.geojson": areas}
    timetable = read({**files})
    assert told(timetable) == CALLS
    assert timetable.counts["stop_time_flex"] == 2
    assert timetable.counts["flex_location_groups"] == 1
    assert timetable.counts["flex_locations"] == 2


REFUSED: dict[str, tuple[dict[str, str | bytes | None], str]] = {
    "no rows": ({"stops.txt": "stop_id,stop_name\n"}, "stops.txt has no rows"),
    "a missing column": ({"trips.txt": "route_id,trip_id\nr,t\n"}, "trips.txt lacks the column service_id"),
    "semicolons": ({"stops.txt": FILES["stops.txt"].replace(",", ";")}, "stops.txt lacks the column stop_id"),
    "no service": ({"calendar_dates.txt": "service_id,date,exception_type\ns,20261110,2\n"}, "no service runs"),
    "no calendar": ({"calendar_dates.txt": None}, "lacks both calendar.txt and calendar_dates.txt"),
    "a zone of nowhere": (
        {"agency.txt": FILES["agency.txt"].replace("Europe/Oslo", "Europe/Os")},
        "no time zone that exists: 'Europe/Os'",
    ),
    "a quote without end": (
        {"stop_times.txt": FILES["stop_times.txt"].replace("t,08:10", '"t,08:10')},
        "a quote without end",
    ),
    "a page instead of a table": ({"stop_times.txt": "<html>"}, "stop_times.txt lacks the column trip_id"),
    "no trip that anyone knows": (
        {"stop_times.txt": FILES["stop_times.txt"].replace("\nt,", "\nq,")},
        "no row with a known trip and a known stop",
    ),
    "a table missing": ({"routes.txt": None}, "the zip lacks routes.txt"),
    "names that climb": ({"../stops.txt": "x"}, "an unsafe name"),
    "absolute names": ({"/etc/stops.txt": "x"}, "an unsafe name"),
    "a bomb": ({"shapes.txt": b"0" * 2**24}, "expands more than"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_feed_is_refused_in_words(what: str) -> None:
    files, reason = REFUSED[what]
    with pytest.raises(DatasetRefused, match=reason):
        read(files)


def nested() -> bytes:
    return zipped({f"folder/{name}": text for name, text in FILES.items()}, only=True)


def encrypted() -> bytes:
    """A zip whose entries are marked as encrypted, as a password-protected one's are."""
    data = bytearray(zipped())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flag] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def spoilt() -> bytes:
    """A zip with a wrong byte in the middle of a table that is large enough to be unpacked in pieces."""
    rows = "".join(f"t,08:{i % 60:02}:00,08:{i % 60:02}:00,A,{i * 7919 % 100_003}\n" for i in range(60_000))
    data = bytearray(zipped({"stop_times.txt": FILES["stop_times.txt"].splitlines()[0] + "\n" + rows}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("stop_times.txt")
    data[entry.header_offset + entry.compress_size // 2] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><html>", "not a zip file: it begins with HTML"),
        (b"PK\x03\x04 cut short", "not a zip file"),
        (zipped()[:-30], "not a zip file"),
        (zipped({}, only=True), "the zip holds no files"),
        (zipped({"feed.zip": zipped()}, only=True), "the zip holds another zip"),
        (nested(), r"in a sub-folder \(folder\)"),
        (encrypted(), "the zip is encrypted"),
        (spoilt(), "stop_times.txt cannot be"),
    ],
)
def test_bytes_that_are_no_feed_are_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(DatasetRefused, match=reason):
        parse_gtfs(data, feed_id="f")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("badgtfs.zip", "holds no GTFS tables"),
        ("empty_zip.zip", "holds no files"),
        ("example-nested-dir.zip", "in a sub-folder"),
        ("not_a_zip_file.zip", "the file is empty"),
        ("sample-feed-invalid.zip", "lacks stop_times.txt"),
    ],
)
def test_collected_broken_feeds_are_refused(file: str, reason: str) -> None:
    with pytest.raises(DatasetRefused, match=reason):
        parse_gtfs(shared(f"malformed/{file}").read_bytes(), feed_id="f")


def test_a_feed_with_a_byte_order_mark_is_read() -> None:
    assert len(parse_gtfs(shared("malformed/sample-feed-bom.zip").read_bytes(), feed_id="f").trips.id) > 5


CELLS = st.text(st.sampled_from('tAr0123456789:.,"\n\r -é²'), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(FILES)), st.integers(0, 400), CELLS, st.integers(0, 12))
def test_whatever_is_spoilt_a_feed_is_read_or_refused(name: str, at: int, text: str, cut: int) -> None:
    """A change anywhere in a table costs rows or the feed, with a reason; it never breaks the reader."""
    old = FILES[name]
    spoilt = old[: at % len(old)] + text + old[at % len(old) + cut :]
    with contextlib.suppress(DatasetRefused):
        read({name: spoilt})


def test_pieces_of_any_size_give_the_same_columns() -> None:
    rows = [
        ("a", "1.5"),
        ('"b,""c"""', ""),
        ("  d ", "-2e3"),
        ('"e\nf"', "x"),
        ("", ".5"),
        ("a", "12345678901234567890"),
    ]
    text = ("\ufeffname,value\r\n" + "\r\n".join(",".join(row) for row in rows)).encode()
    kinds = {"name": Kind.TEXT, "value": Kind.REAL}
    for size in range(1, len(text) + 1):
        texts = Texts()
        pieces = [text[i : i + size] for i in range(0, len(text), size)]
        table = scan_table("t", pieces, texts, kinds=kinds)
        assert texts.strings(table["name"]) == ["a", 'b,"c"', "d", "e\nf", "", "a"]
        assert np.array_equal(table["value"], [1.5, np.nan, -2000, np.nan, 0.5, 12345678901234567890.0], equal_nan=True)


def test_many_texts_keep_their_codes() -> None:
    texts = Texts()
    names = [f"trip {number}" for number in range(30_000)]
    codes = texts.add(names)
    assert np.array_equal(texts.add(names[::-1]), codes[::-1])
    assert texts.strings(codes) == names


TIMES = {"08:00:00": 28800, "8:05:09": 29109, "33:16:00": 119760, "100:00:00": 360000, "": -1, "8:00": -2}
NO_TIMES = dict.fromkeys(("1000:00:00", "08:60:00", "08:00:60", "8 :00:00", "-1:00:00", "08:00:00:00", "::"), -2)


@pytest.mark.parametrize(("text", "seconds"), (TIMES | NO_TIMES).items())
def test_times_compiled_and_not(text: str, seconds: int) -> None:
    data = np.frombuffer(text.encode() + b"\n", dtype=np.uint8)
    assert kernels.time_of(data, 0, len(text)) == seconds
    assert getattr(kernels.time_of, "py_func", kernels.time_of)(data, 0, len(text)) == seconds


NUMBERS = st.floats(-1e15, 1e15).filter(lambda value: value == 0 or abs(value) > 1e-200)


@settings(max_examples=200, deadline=None)
@given(NUMBERS.map(lambda value: f"{value:.7g}") | NUMBERS.map(repr))
def test_decimals_are_those_of_python(text: str) -> None:
    data = np.frombuffer(text.encode() + b"\n", dtype=np.uint8)
    assert kernels.real_of(data, 0, len(text)) == pytest.approx(float(text), rel=1e-14)
