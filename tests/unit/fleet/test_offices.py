"""Offices: one list of the region file's and the stored ones, documents there and back, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from smartreise.fleet.health import health_of
from smartreise.fleet.offices import checked, document_of, merged, office_of
from smartreise.fleet.records import BeatRecord, OfficeDocument, OfficeRecord
from smartreise.fleet.roles import Caller
from smartreise.fleet.state import build_state
from smartreise.fleet.validation import read_body, read_fields
from smartreise.model.problems import BadFields, NotAllowed
from smartreise.model.region import Destination, Office, OpeningHours

#: one black pixel
LOGO = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)
WHOLE = Office(
    "o", "Office", 59.9, 10.7,
    destinations=(
        Destination("S", stop="A"), Destination("P", lat=59.0, lon=10.0), Destination("Both", "B", 59.5, -10.25),
    ),
    stops=("A",), hidden_stops=("B",), lines=("31",), hidden_lines=("32",), languages=("nb", "en"), walk_speed=1.1,
    max_walk_m=900.0, modes=("bus",), theme="light", accent="#00aa11",
    logo=LOGO, layout="map", opening_hours=(OpeningHours(("mo", "tu"), "06:30", "17:00"),),
    after_hours="dim",
)  # fmt: skip


def record(office: Office | None) -> bytes:
    document = None if office is None else document_of(office)
    return msgspec.json.encode(OfficeRecord(office=document, version=1, at=0, by="somebody"))


def test_an_office_survives_its_document() -> None:
    assert office_of(document_of(WHOLE)) == WHOLE
    assert office_of(read_body(msgspec.json.encode(document_of(WHOLE)), OfficeDocument)) == WHOLE


def test_a_stored_office_wins_and_the_file_keeps_its_order() -> None:
    file = [Office("b", "B", 0, 0), Office("a", "A", 0, 0)]
    stored = {"a": Office("a", "Stored", 0, 0), "0": Office("0", "New", 0, 0)}
    assert [office.name for office in merged(file, stored)] == ["B", "Stored", "New"]


def test_a_record_that_cannot_be_read_is_left_out_and_told() -> None:
    file = [Office("a", "A", 0, 0)]
    rows = {"a": record(None), "n": record(WHOLE), "broken": b"{"}
    state = build_state(file, offices=rows, displays={"d": b"[]"}, notices={})
    assert [office.id for office in state.offices] == ["a", "o"]
    assert [text.partition(":")[0] for text in state.unread] == ["OfficeRecord broken", "DisplayRecord d"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "-"}, "id"), ({"id": ""}, "id"), ({"id": "a/b"}, "id"), ({"name": "  "}, "name"), ({"name": 3}, "name"),
        ({"name": "a\x00"}, "name"), ({"lat": 90.1}, "lat"), ({"lat": None}, "lat"), ({"lon": "1"}, "lon"),
        ({"languages": []}, "languages"), ({"languages": ["xx"]}, "languages[...]"), ({"theme": "pink"}, "theme"),
        ({"accent": "red"}, "accent"), ({"logo": "https://a.no/b.png"}, "logo"), ({"after_hours": "on"}, "after_hours"),
        ({"stops": "A"}, "stops"), ({"walk_speed": -1}, "walk_speed"),
        ({"destinations": [{"stop_id": "A"}]}, "destinations[...].name"), ({"colour": 1}, "colour"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(change: dict[str, Any], field: str) -> None:
    document = {"id": "o", "name": "O", "lat": 1, "lon": 2, **change}
    with pytest.raises(BadFields) as wrong:
        read_fields(document, OfficeDocument)
    assert [name.replace("[0]", "[...]") for name, _ in wrong.value.errors] == [field]


def test_all_wrong_fields_are_named_at_once() -> None:
    with pytest.raises(BadFields) as wrong:
        read_fields({"lat": "x"}, OfficeDocument)
    assert [name for name, _ in wrong.value.errors] == ["id", "name", "lat", "lon"]


def test_the_names_of_a_stop_that_are_given_back_are_one() -> None:
    for name in ("stop_id", "stop", "station_id"):
        document = read_fields(
            {"id": "o", "name": "O", "lat": 1, "lon": 2, "destinations": [{"name": "S", name: "A"}]}, OfficeDocument
        )
        assert checked(document).destinations[0].stop_id == "A"


def test_roles() -> None:
    admin, reader = Caller("1", "A", "admin"), Caller("2", "R", "reader")
    partner = Caller("3", "P", "partner", frozenset({"o"}))
    admin.need_office("o")
    partner.need_office("o")
    for caller, office in ((partner, "other"), (reader, "o")):
        with pytest.raises(NotAllowed):
            caller.need_office(office)
    assert reader.sees("o")
    assert not partner.sees("other")
    with pytest.raises(NotAllowed):
        partner.need("admin")


@pytest.mark.parametrize(
    ("beat", "health"),
    [
        (None, "red"), (BeatRecord(at=1000), "green"), (BeatRecord(at=1000 - 91), "amber"),
        (BeatRecord(at=1000 - 181), "red"), (BeatRecord(at=1000, errors=["x"]), "amber"),
        (BeatRecord(at=1000, data_age_s=301), "amber"),
    ],
)  # fmt: skip
def test_how_a_screen_fares(beat: BeatRecord | None, health: str) -> None:
    assert health_of(beat, now=1000) == health


@pytest.mark.parametrize("field", ["id", "name", "layout", "accent"])
def test_a_text_with_a_pattern_has_no_line_break_at_its_end(field: str) -> None:
    whole = {"id": "a", "name": "A", "lat": 1, "lon": 2, "layout": "map", "accent": "#00aa11"}
    read_fields(whole, OfficeDocument)
    with pytest.raises(BadFields) as told:
        read_fields({**whole, field: f"{whole[field]}\n"}, OfficeDocument)
    assert told.value.errors == ((field, "ends with a line break"),)
