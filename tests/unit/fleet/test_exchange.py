"""Offices as files: there and back in every format, and what is wrong with one by its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartreise.fleet.exchange import read_offices, write_documents
from smartreise.fleet.offices import document_of, office_of
from smartreise.fleet.records import Format, OfficeDocument
from smartreise.model.problems import BadFields
from smartreise.model.region import Destination, Office, OpeningHours
from tests.unit.fleet.test_offices import WHOLE

FORMATS: list[Format] = ["json", "toml", "csv"]
_WORDS = st.text("abcæøå ÉÜ\"',;=\\#-|", min_size=1, max_size=12).map(str.strip).filter(lambda t: t and " ; " not in t)
_IDS = st.text("aB:9_.-", min_size=1, max_size=10).filter(lambda t: not t.startswith(("-", ".")))
_STOPS = st.lists(_IDS.map(lambda t: f"NSR:{t}"), max_size=3).map(tuple)


@st.composite
def _office(draw: st.DrawFn) -> Office:
    return Office(
        draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)),
        draw(_WORDS),
        draw(st.floats(-90, 90)),
        draw(st.floats(-180, 180)),
        destinations=tuple(
            Destination(name, stop=stop)
            for name, stop in draw(st.lists(st.tuples(_WORDS.filter(lambda t: "=" not in t), _IDS), max_size=3))
        ),
        stops=draw(_STOPS),
        hidden_lines=draw(_STOPS),
        languages=draw(st.sampled_from([("nb",), ("nb", "en"), ("nn",)])),
        walk_speed=draw(st.none() | st.floats(0.3, 5)),
        theme=draw(st.sampled_from(["dark", "light", "daylight"])),
        opening_hours=draw(st.sampled_from([(), (OpeningHours(("mo", "fr"), "06:30", "22:00"),)])),
    )


def file_of(offices: list[Office], kind: Format) -> str:
    return write_documents([msgspec.to_builtins(document_of(office)) for office in offices], kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_office_with_everything_survives_a_file(kind: Format) -> None:
    assert [office_of(read) for read in read_offices(file_of([WHOLE], kind), kind)] == [WHOLE]


@given(st.lists(_office(), min_size=1, max_size=3, unique_by=lambda office: office.id), st.sampled_from(FORMATS))
def test_any_offices_survive_a_file(offices: list[Office], kind: Format) -> None:
    assert [office_of(read) for read in read_offices(file_of(offices, kind), kind)] == offices


def test_a_semicolon_in_a_name_does_not_part_it() -> None:
    odd = Office("a", "A", 0.0, 0.0, destinations=(Destination("; ;", stop="9"), Destination("B ; C", stop="7")))
    assert [office_of(read) for read in read_offices(file_of([odd], "csv"), "csv")] == [odd]


def test_a_spreadsheet_may_part_by_semicolons_and_write_a_decimal_comma() -> None:
    text = "\ufeffid;name;lat;lon;destinations\nhk;Hovedkontor;59,91;10,75;Oslo S = NSR:StopPlace:337\n"
    (office,) = read_offices(text, "csv")
    assert (office.lat, office.lon, office.destinations[0].stop_id) == (59.91, 10.75, "NSR:StopPlace:337")


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("", "json", ["text"]),
        ("{", "json", ["text"]),
        ("[1]", "json", ["text"]),
        ('{"offices": 3}', "json", ["text"]),
        ("[" * 100_000, "json", ["text"]),
        ("a = [", "toml", ["text"]),
        ("a = 1", "toml", ["text"]),
        ("", "csv", ["text"]),
        ("id,name,lat,lon\na,A,north,10\n", "csv", ["offices[0].lat"]),
        ("id,name,lat,lon,colour\na,A,59,10,red\n", "csv", ["offices[0].colour"]),
        ("id,name,lat,lon\na,A,59,10\na,B,59,10\n", "csv", ["offices[1].id"]),
        ("id,name,lat,lon\na,A,59,10,more\n", "csv", ["offices[0].(a cell without a head)"]),
        ('[[office]]\nid = "a b"\nname = "A"\nlat = 95\nlon = 1', "toml", ["offices[0].id", "offices[0].lat"]),
    ],
)
def test_every_mistake_is_named_by_its_place(text: str, kind: Format, fields: list[str]) -> None:
    with pytest.raises(BadFields) as told:
        read_offices(text, kind)
    assert [field for field, _ in told.value.errors] == fields


def test_a_file_says_only_what_is_not_as_usual() -> None:
    document: dict[str, Any] = msgspec.to_builtins(OfficeDocument(id="a", name="A", lat=1, lon=2))
    told = {**document, "source": "stored", "version": 3, "warnings": [], "updated_at": None, "updated_by": None}
    assert write_documents([told], "csv") == "id,name,lat,lon,languages\na,A,1,2,nb\n"
