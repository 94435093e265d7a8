"""Offices as files: JSON as the API has them, TOML as a region's file has them, CSV as a spreadsheet has them.

What a reader would get wrong: CSV has one office a line; its lists stand in one cell, parted by blanks and a semicolon,
a destination as `name = stop` or `name = lat,lon`, and opening hours as `mo tu we 06:30-22:00`.
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

from smartreise.fleet.offices import TOLD_ONLY
from smartreise.fleet.records import Format, OfficeDocument
from smartreise.fleet.validation import read_fields
from smartreise.model.problems import BadFields, SmartreiseError

_LISTS: Final = frozenset({"stops", "hidden_stops", "lines", "hidden_lines", "languages", "modes", "providers"})
_ESCAPED: Final = re.compile(r"\\([;\\])")
_NUMBERS: Final = frozenset({"lat", "lon", "walk_speed", "max_walk_m"})


class UnreadableFile(SmartreiseError):
    """A file that was given holds no offices."""


def format_of(name: str) -> Format:
    """What a file's name says that it is; JSON where it says nothing."""
    return "toml" if name.endswith(".toml") else "csv" if name.endswith(".csv") else "json"


def read_documents(text: str, kind: Format) -> list[dict[str, Any]]:
    """The offices of a file as JSON objects, not checked yet. Raises `UnreadableFile`."""
    try:
        found = _READERS[kind](text)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFile(f"is no {kind.upper()}: {fault}") from None
    if not isinstance(found, list) or not found or not all(isinstance(office, dict) for office in found):
        raise UnreadableFile("no office is in it")
    return found


def read_offices(text: str, kind: Format) -> list[OfficeDocument]:
    """The offices of a file. Raises `BadFields` with every mistake of every office, by its place in the file."""
    try:
        documents = read_documents(text, kind)
    except UnreadableFile as fault:
        raise BadFields((("text", str(fault)),)) from None
    read, errors = [], []
    for number, document in enumerate(documents):
        try:
            read.append(read_fields(document, OfficeDocument, ignored=TOLD_ONLY))
        except BadFields as fault:
            errors += [(f"offices[{number}].{field}", message) for field, message in fault.errors]
    ids = [office.id for office in read]
    errors += [("offices", f"{id_} is there twice") for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1})]
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


def _of_json(text: str) -> Any:
    found = json.loads(text)
    return found.get("offices", [found]) if isinstance(found, dict) else found


def _of_toml(text: str) -> Any:
    return tomllib.loads(text).get("office", [])


def _of_csv(text: str) -> Any:
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text), restkey="", strict=True)
    try:
        return [_of_row(row) for row in rows]
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
    lat, comma, lon = place.partition(",")
    try:
        return {"name": name, "lat": float(lat), "lon": float(lon)} if comma else {"name": name, "stop_id": place}
    except ValueError:
        return {"name": name, "stop_id": place}


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
        return " ; ".join(
            f"{_escaped(d['name'])} = {d.get('stop_id') or str(d['lat']) + ',' + str(d['lon'])}" for d in value
        )
    if name == "opening_hours":
        return " ; ".join(f"{' '.join(h['days'])} {h['opens']}-{h['closes']}" for h in value)
    return " ; ".join(map(_escaped, value)) if isinstance(value, list) else value


_READERS: Final[dict[Format, Callable[[str], Any]]] = {"json": _of_json, "toml": _of_toml, "csv": _of_csv}
_WRITERS: Final[dict[Format, Callable[[Sequence[dict[str, Any]]], str]]] = {
    "json": _to_json,
    "toml": _to_toml,
    "csv": _to_csv,
}
