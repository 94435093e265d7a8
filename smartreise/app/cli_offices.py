"""`smartreise offices`: administration of offices from a script, over a running service's API.

What a reader would get wrong: an office is put in whole. `show` gives what `add` and `change` take, so that a script
changes one field and sends the rest back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from smartreise.app.administration import Administration, administered, searched, show
from smartreise.fleet.exchange import UnreadableFile, format_of, read_documents


@click.group()
def offices() -> None:
    """Offices: list, show, add, change, undo, remove."""


@offices.command("list")
@searched
@administered
def list_offices(search: str | None, to: Administration, as_json: bool) -> None:
    """All offices.

    \b
    Example: smartreise offices list --search oslo
    """
    show(to.ask_all("offices", q=search), as_json, _office)


@offices.command("show")
@click.argument("office")
@administered
def show_office(office: str, to: Administration, as_json: bool) -> None:
    """One office with all settings, as JSON.

    \b
    Example: smartreise offices show fornebu > fornebu.json
    """
    show(to.ask("GET", "offices", office), True, _office)


@offices.command("add")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--id", "id_", help="The office's id, where no FILE says it.")
@click.option("--name")
@click.option("--at", metavar="LAT,LON", help="Where it is.")
@click.option("--to", "destinations", metavar="NAME=STOP", multiple=True, help="A destination; may be repeated.")
@administered
def add_office(
    file: Path | None, id_: str | None, name: str | None, at: str | None, destinations: tuple[str, ...],
    to: Administration, as_json: bool,
) -> None:  # fmt: skip
    """Make offices: of a FILE (.json, .csv, .toml with [[office]] tables; "-": JSON from standard input) or of options.

    \b
    Example: smartreise offices add --id hk --name "Hovedkontor" --at 59.91,10.75 --to "Oslo S=NSR:StopPlace:337"
    """
    for document in _read(file) if file is not None else [_typed(id_, name, at, destinations)]:
        show(to.ask("POST", "offices", body=document), as_json, _office)


@offices.command("change")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@administered
def change_office(file: Path, to: Administration, as_json: bool) -> None:
    """Change offices to what a FILE says of them; see `add`.

    \b
    Example: smartreise offices change fornebu.json
    """
    for document in _read(file):
        show(to.ask("PUT", "offices", str(document.get("id", "")), body=document), as_json, _office)


@offices.command("undo")
@click.argument("office")
@administered
def undo_office(office: str, to: Administration, as_json: bool) -> None:
    """Put an office back to what it was before its newest change.

    \b
    Example: smartreise offices undo fornebu
    """
    show(to.ask("POST", "offices", office, "undo"), as_json, _version)


@offices.command("versions")
@click.argument("office")
@administered
def office_versions(office: str, to: Administration, as_json: bool) -> None:
    """Who changed an office, when and from what (with --json), newest first.

    \b
    Example: smartreise offices versions fornebu
    """
    show(to.ask("GET", "offices", office, "versions"), as_json, _version)


@offices.command("export")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option("--format", "kind", type=click.Choice(["json", "toml", "csv"]), help="[default: as FILE's name says]")
@administered
def export_offices(file: Path, kind: str | None, to: Administration, as_json: bool) -> None:
    """All offices as a FILE (.json, .toml, .csv; "-", the default: to standard output).

    \b
    Example: smartreise offices export offices.csv
    """
    chosen = kind or ("json" if as_json else format_of(file.name))
    text = to.ask("GET", "export", query=f"format={chosen}")["text"]
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise UnreadableFile(f"{file}: {fault.strerror or fault}") from None


@offices.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--format", "kind", type=click.Choice(["json", "toml", "csv"]), help="[default: as FILE's name says]")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@administered
def import_offices(file: Path, kind: str | None, dry_run: bool, to: Administration, as_json: bool) -> None:
    """Make and change the offices of a FILE: all of them, or none where one is wrong.

    \b
    Example: smartreise offices import offices.csv --dry-run
    """
    order = {"format": kind or format_of(file.name), "text": _text_of(file), "dry_run": dry_run}
    _show_outcome(to.ask("POST", "import", body=order), as_json)


@offices.command("undo-import")
@click.argument("import_id", metavar="IMPORT")
@administered
def undo_import(import_id: str, to: Administration, as_json: bool) -> None:
    """Put all offices of an import back to what they were before it, by the id that `import` printed.

    \b
    Example: smartreise offices undo-import xjnte5bg
    """
    _show_outcome(to.ask("POST", "import", import_id, "undo"), as_json)


@offices.command("remove")
@click.argument("office")
@administered
def remove_office(office: str, to: Administration, as_json: bool) -> None:
    """Remove an office, or put a changed one back to the region file's.

    \b
    Example: smartreise offices remove hk
    """
    to.ask("DELETE", "offices", office)


def _text_of(file: Path) -> str:
    """Raises `UnreadableFile`."""
    try:
        return (sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()).decode()
    except UnicodeDecodeError:
        raise UnreadableFile(f"{file}: is not UTF-8") from None
    except OSError as fault:
        raise UnreadableFile(f"{file}: {fault.strerror or fault}") from None


def _read(file: Path) -> list[dict[str, Any]]:
    """The offices of a file. Raises `UnreadableFile`."""
    text = _text_of(file)
    try:
        return read_documents(text, format_of(file.name))
    except UnreadableFile as fault:
        raise UnreadableFile(f"{file}: {fault}") from None


def _typed(id_: str | None, name: str | None, at: str | None, destinations: tuple[str, ...]) -> dict[str, Any]:
    """An office of options; the server says what is missing."""
    document: dict[str, Any] = {field: value for field, value in (("id", id_), ("name", name)) if value is not None}
    if at is not None:
        try:
            document["lat"], document["lon"] = (float(part) for part in at.split(","))
        except ValueError:
            raise click.BadParameter(f"{at} is no lat,lon", param_hint="--at") from None
    split = [text.partition("=") for text in destinations]
    return document | {"destinations": [{"name": named, "stop_id": stop} for named, _, stop in split]}


def _show_outcome(outcome: Any, as_json: bool) -> None:
    show(outcome if as_json else outcome["offices"], as_json, lambda row: f"{row['change']:<8} {row['id']}")
    if not as_json and outcome["import_id"] is not None:
        click.echo(f"import: {outcome['import_id']}")


def _office(row: Any) -> str:
    warned = "".join(f"\n    {warning}" for warning in row["warnings"])
    return f"{row['id']:<20} {row['name']:<40} {row['lat']:.5f},{row['lon']:.5f}  {row['source']}{warned}"


def _version(row: Any) -> str:
    batch = "" if row["import_id"] is None else f"  import {row['import_id']}"
    return f"{row['version']:>4}  {row['at']}  {row['by']}{batch}"
