"""`smartreise offices`, `displays`, `keys` and `tokens`: administration from a script, over a running service's API.

What a reader would get wrong: an office is put in whole. `show` gives what `add` and `change` take, so that a script
changes one field and sends the rest back.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import msgspec

from smartreise.app.administration import Administration, administered, show
from smartreise.model.problems import SmartreiseError


class UnreadableFile(SmartreiseError):
    """A file that was given holds no office."""


@click.group()
def offices() -> None:
    """Offices: list, show, add, change, undo, remove."""


@offices.command("list")
@administered
def list_offices(to: Administration, as_json: bool) -> None:
    """All offices.

    \b
    Example: smartreise offices list
    """
    show(to.ask("GET", "offices"), as_json, _office)


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
    """Make offices: of a FILE (.json, or .toml with [[office]] tables; "-": JSON from standard input), or of options.

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
    show(to.ask("POST", "offices", office, "undo"), as_json, lambda v: f"{v['version']:>4}  {v['at']}  {v['by']}")


@offices.command("remove")
@click.argument("office")
@administered
def remove_office(office: str, to: Administration, as_json: bool) -> None:
    """Remove an office, or put a changed one back to the region file's.

    \b
    Example: smartreise offices remove hk
    """
    to.ask("DELETE", "offices", office)


@click.group()
def displays() -> None:
    """Screens: list, pair, change, remove."""


@displays.command("list")
@administered
def list_displays(to: Administration, as_json: bool) -> None:
    """All screens and how they fare.

    \b
    Example: smartreise displays list --json
    """
    show(to.ask("GET", "displays"), as_json, _display)


@displays.command("show")
@click.argument("display")
@administered
def show_display(display: str, to: Administration, as_json: bool) -> None:
    """One screen and what it said last, as JSON.

    \b
    Example: smartreise displays show ge4baxxs
    """
    found = [row for row in to.ask("GET", "displays")["displays"] if row["id"] == display]
    if not found:
        raise click.ClickException(f"unknown display: {display}")
    show(found[0], True, _display)


@displays.command("pair")
@click.argument("code")
@click.option("--office", required=True, metavar="ID", help="The office that it is to show.")
@click.option("--name", help="What people call the screen.")
@administered
def pair(code: str, office: str, name: str | None, to: Administration, as_json: bool) -> None:
    """Give the screen that shows CODE to an office.

    \b
    Example: smartreise displays pair K7MPQ4 --office fornebu --name "Resepsjonen"
    """
    claim = {"code": code, "office": office} | ({"name": name} if name else {})
    show(to.ask("POST", "displays", "claim", body=claim), as_json, _display)


@displays.command("change")
@click.argument("display")
@click.option("--office", metavar="ID", help="Move it to this office.")
@click.option("--name")
@click.option("--group")
@click.option("--layout")
@click.option("--identify", is_flag=True, help="Ask it to show its name.")
@click.option("--reload", "reload_", is_flag=True, help="Ask it to load its page anew.")
@administered
def change_display(
    display: str, office: str | None, name: str | None, group: str | None, layout: str | None,
    identify: bool, reload_: bool, to: Administration, as_json: bool,
) -> None:  # fmt: skip
    """Move, rename or group a screen; ask it to show its name or to load anew.

    \b
    Example: smartreise displays change ge4baxxs --identify
    """
    said = {"office": office, "name": name, "group": group, "layout": layout}
    patch: dict[str, Any] = {field: value for field, value in said.items() if value is not None}
    patch |= ({"identify": True} if identify else {}) | ({"reload": True} if reload_ else {})
    show(to.ask("PATCH", "displays", display, body=patch), as_json, _display)


@displays.command("remove")
@click.argument("display")
@administered
def remove_display(display: str, to: Administration, as_json: bool) -> None:
    """Send a screen back to pairing.

    \b
    Example: smartreise displays remove ge4baxxs
    """
    to.ask("DELETE", "displays", display)


@click.group()
def keys() -> None:
    """API keys: list, add, remove."""


@keys.command("list")
@administered
def list_keys(to: Administration, as_json: bool) -> None:
    """All API keys and how much they are used.

    \b
    Example: smartreise keys list
    """
    show(to.ask("GET", "keys"), as_json, _key)


@keys.command("add")
@click.argument("name")
@click.option("--per-minute", type=click.IntRange(1, 1_000_000), help="Requests a minute.")
@administered
def add_key(name: str, per_minute: int | None, to: Administration, as_json: bool) -> None:
    """Make an API key. Its text is printed now and never again.

    \b
    Example: smartreise keys add "Intranet"
    """
    order = {"name": name} | ({"per_minute": per_minute} if per_minute else {})
    show(to.ask("POST", "keys", body=order), as_json, lambda made: f"{made['id']}  {made['name']}\nkey: {made['key']}")


@keys.command("remove")
@click.argument("key")
@administered
def remove_key(key: str, to: Administration, as_json: bool) -> None:
    """Revoke an API key, by its id.

    \b
    Example: smartreise keys remove xjnte5bg
    """
    to.ask("DELETE", "keys", key)


@click.group()
def tokens() -> None:
    """Administrators' tokens: list, add, remove."""


@tokens.command("list")
@administered
def list_tokens(to: Administration, as_json: bool) -> None:
    """All tokens and their roles.

    \b
    Example: smartreise tokens list
    """
    show(to.ask("GET", "tokens"), as_json, _token)


@tokens.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["admin", "partner", "reader"]), default="reader", show_default=True)
@click.option("--office", "its", metavar="ID", multiple=True, help="A partner's office; may be repeated.")
@administered
def add_token(name: str, role: str, its: tuple[str, ...], to: Administration, as_json: bool) -> None:
    """Make a token. Its text is printed now and never again.

    \b
    Example: smartreise tokens add "Partner AS" --role partner --office fornebu
    """
    made = to.ask("POST", "tokens", body={"name": name, "role": role, "offices": list(its)})
    show(made, as_json, lambda row: f"{_token(row)}\ntoken: {row['token']}")


@tokens.command("remove")
@click.argument("token_id", metavar="ID")
@administered
def remove_token(token_id: str, to: Administration, as_json: bool) -> None:
    """Revoke a token, by its id.

    \b
    Example: smartreise tokens remove xjnte5bg
    """
    to.ask("DELETE", "tokens", token_id)


def _read(file: Path) -> list[dict[str, Any]]:
    """The offices of a file. Raises `UnreadableFile`."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        if file.suffix == ".toml":
            found: Any = tomllib.loads(raw.decode()).get("office", [])
        else:
            found = msgspec.json.decode(raw)
    except (OSError, ValueError) as fault:
        raise UnreadableFile(f"{file}: {fault}") from None
    if isinstance(found, dict):
        found = found.get("offices", [found])
    if not isinstance(found, list) or not found or not all(isinstance(office, dict) for office in found):
        raise UnreadableFile(f"{file}: no office is in it")
    return found


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


def _office(row: Any) -> str:
    warned = "".join(f"\n    {warning}" for warning in row["warnings"])
    return f"{row['id']:<20} {row['name']:<40} {row['lat']:.5f},{row['lon']:.5f}  {row['source']}{warned}"


def _display(row: Any) -> str:
    return (
        f"{row['id']:<10} {row['health']:<6} {row['office']:<20} {row['name']:<30} {row['last_seen'] or 'never seen'}"
    )


def _key(row: Any) -> str:
    return f"{row['id']:<10} {row['name']:<30} {row['per_minute']:>8}/min {row['uses']:>10} uses"


def _token(row: Any) -> str:
    return f"{row['id']:<10} {row['role']:<8} {row['name']:<30} {' '.join(row['offices'])}".rstrip()
