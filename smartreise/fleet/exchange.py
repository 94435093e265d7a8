"""Offices as files: JSON as the API has them, TOML as a region's file has them, CSV as a spreadsheet has them.

What a reader would get wrong: CSV has one office a line; its lists stand in one cell, parted by blanks and a semicolon,
a destination as `name = stop`, `name = lat,lon` or both, and opening hours as `mo tu we 06:30-22:00`. Mistakes are told
by the field's place in the list (`offices[3].lat`) and by where a person finds it: a line of CSV, else which office.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import msgspec

from smartreise.fleet.offices import TOLD_ONLY, checked
from smartreise.fleet.records import Format, OfficeDocument
from smartreise.fleet.validation import read_fields
from smartreise.model.problems import BadFields, SmartreiseError

_LISTS: Final = frozenset({"stops", "hidden_stops", "lines", "hidden_lines", "languages", "modes", "providers"})
_ESCAPED: Final = re.compile(r"\\([;\\])")
#: no head of a column: where a row ends in its file
_LINE: Final = "\0line"
_NUMBERS: Final = frozenset({"lat", "lon", "walk_speed", "max_walk_m"})


class UnreadableFile(SmartreiseError):
    """A file that was given holds no offices."""


def format_of(name: str) -> Format:
    """What a file's name says that it is; JSON where it says nothing."""
    return "toml" if name.endswith(".toml") else "csv" if name.endswith(".csv") else "json"


def read_documents(text: str, kind: Format) -> list[dict[str, Any]]:
    """The offices of a file as JSON objects, not checked yet. Raises `UnreadableFile`."""
    return [document for _, document in _placed(text, kind)]


def read_offices(text: str, kind: Format) -> list[OfficeDocument]:
    """The offices of a file. Raises `BadFields` with every mistake of every office, by its place in the file."""
    try:
        documents = _placed(text, kind)
    except UnreadableFile as fault:
        raise BadFields((("text", str(fault)),)) from None
    read: list[OfficeDocument] = []
    errors: list[tuple[str, str]] = []
    places: dict[str, str] = {}
    for number, (place, document) in enumerate(documents):
        try:
            office = checked(read_fields(document, OfficeDocument, ignored=TOLD_ONLY))
            if office.id in places:
                raise BadFields((("id", f"{office.id} is that of {places[office.id]} too"),))
        except BadFields as fault:
            errors += [(f"offices[{number}].{field}", f"{message} ({place})") for field, message in fault.errors]
            continue
        places[office.id] = place
        read.append(office)
    if errors:
        raise BadFields(tuple(errors))
    return read


def write_documents(documents: Iterable[dict[str, Any]], kind: Format) -> str:
    """Offices as a file; what only tells about them, and what is as usual, is left out."""
    return _WRITERS[kind]([_essence(document) for document in documents])


def _essence(document: dict[str, Any]) -> dict[str, Any]:
    usual = {f.encode_name: f.default for f in msgspec.structs.fields(OfficeDocument) if not f.required}
    return {
        name: value
        for name, value in document.items()
        if name not in TOLD_ONLY and value not in (None, []) and value != usual.get(name, msgspec.NODEFAULT)
    }


def _placed(text: str, kind: Format) -> list[tuple[str, dict[str, Any]]]:
    """The offices of a file, each with the words for where it stands there. Raises `UnreadableFile`."""
    try:
        found = _READERS[kind](text)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFile(f"is no {kind.upper()}: {fault}") from None
    if not isinstance(found, list) or not found or not all(isinstance(office, dict) for office in found):
        raise UnreadableFile("no office is in it")
    if kind == "csv":
        return [(f"line {office.pop(_LINE)}", office) for office in found]
    return [(f"office {number} of the file", office) for number, office in enumerate(found, 1)]


def _of_json(text: str) -> Any:
    found = json.loads(text)
    return found.get("offices", [found]) if isinstance(found, dict) else found


def _of_toml(text: str) -> Any:
    return tomllib.loads(text).get("office", [])


def _of_csv(text: str) -> Any:
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text), restkey="", strict=True)
    try:
        return [_of_row(row) | {_LINE: rows.line_num} for row in rows]
    except csv.Error as fault:
        raise ValueError(str(fault)) from None


def _delimiter(text: str) -> str:
    """A semicolon in the head means the spreadsheet of a country that writes 1,5."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _of_row(row: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, cell in row.items():
        if isinstance(cell, list):
            document["(a cell without a head)"] = cell
            continue
        text = (cell or "").strip()
        if not text:
            continue
        if name in _NUMBERS:
            document[name] = _number(text)
        elif name in _LISTS:
            document[name] = _parts(text)
        elif name == "destinations":
            document[name] = [_destination(part) for part in _parts(text)]
        elif name == "opening_hours":
            document[name] = [_hours(part) for part in _parts(text)]
        else:
            document[name] = text
    return document


def _parts(text: str) -> list[str]:
    return [_ESCAPED.sub(r"\1", part.strip()) for part in text.split(" ; ") if part.strip()]


def _escaped(text: str) -> str:
    """A part of a list in a cell: a semicolon of its own does not part it."""
    return text.replace("\\", "\\\\").replace(";", "\\;")


def _number(text: str) -> float | str:
    """A number; what is none stays a text, and is refused by its field's name."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _destination(text: str) -> dict[str, Any]:
    name, _, place = (part.strip() for part in text.rpartition("="))
    if not name:
        return {"name": place}
    stop, _, last = place.rpartition(" ")
    try:
        lat, lon = (float(part) for part in last.split(","))
    except ValueError:
        return {"name": name, "stop_id": place}
    return {"name": name, "lat": lat, "lon": lon} | ({"stop_id": stop.strip()} if stop.strip() else {})


def _hours(text: str) -> dict[str, Any]:
    *days, span = text.split()
    opens, _, closes = span.partition("-")
    return {"days": days, "opens": opens, "closes": closes}


def _to_json(documents: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"offices": documents}, ensure_ascii=False, indent=2) + "\n"


def _to_toml(documents: Sequence[dict[str, Any]]) -> str:
    tables = []
    for document in documents:
        lines = [f"{name} = {_toml(_as_region_file(name, value))}" for name, value in document.items()]
        tables.append("\n".join(["[[office]]", *lines]))
    return "\n\n".join(tables) + "\n"


def _as_region_file(name: str, value: Any) -> Any:
    if name != "destinations":
        return value
    return [{("stop" if key == "stop_id" else key): held for key, held in place.items()} for place in value]


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(held)}" for name, held in value.items() if held is not None) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(held) for held in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _to_csv(documents: Sequence[dict[str, Any]]) -> str:
    names = [field.encode_name for field in msgspec.structs.fields(OfficeDocument)]
    used = [name for name in names if any(name in document for document in documents)]
    out = io.StringIO()
    table = csv.DictWriter(out, used, lineterminator="\n")
    table.writeheader()
    for document in documents:
        table.writerow({name: _cell(name, value) for name, value in document.items()})
    return out.getvalue()


def _cell(name: str, value: Any) -> Any:
    if name == "destinations":
        return " ; ".join(f"{_escaped(d['name'])} = {_place(d)}" for d in value)
    if name == "opening_hours":
        return " ; ".join(f"{' '.join(h['days'])} {h['opens']}-{h['closes']}" for h in value)
    return " ; ".join(map(_escaped, value)) if isinstance(value, list) else value


def _place(destination: dict[str, Any]) -> str:
    stop, lat, lon = (destination.get(name) for name in ("stop_id", "lat", "lon"))
    point = "" if lat is None or lon is None else f"{lat},{lon}"
    return " ".join(part for part in (stop, point) if part)


_READERS: Final[dict[Format, Callable[[str], Any]]] = {"json": _of_json, "toml": _of_toml, "csv": _of_csv}
_WRITERS: Final[dict[Format, Callable[[Sequence[dict[str, Any]]], str]]] = {
    "json": _to_json,
    "toml": _to_toml,
    "csv": _to_csv,
}
