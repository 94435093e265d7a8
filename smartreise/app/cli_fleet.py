"""`smartreise displays`, `keys` and `tokens`: administration from a script, over a running service's API."""

from __future__ import annotations

from typing import Any

import click

from smartreise.app.administration import Administration, administered, searched, show


@click.group()
def displays() -> None:
    """Screens: list, pair, change, remove."""


@displays.command("list")
@click.option("--office", metavar="ID", help="Only this office's.")
@click.option("--group", help="Only this group's.")
@searched
@administered
def list_displays(office: str | None, group: str | None, search: str | None, to: Administration, as_json: bool) -> None:
    """All screens and how they fare.

    \b
    Example: smartreise displays list --office fornebu --json
    """
    show(to.ask_all("displays", office=office, group=group, q=search), as_json, _display)


@displays.command("show")
@click.argument("display")
@administered
def show_display(display: str, to: Administration, as_json: bool) -> None:
    """One screen and what it said last, as JSON.

    \b
    Example: smartreise displays show ge4baxxs
    """
    found = [row for row in to.ask_all("displays", q=display)["displays"] if row["id"] == display]
    if not found:
        raise click.ClickException(f"unknown display: {display}")
    show(found[0], True, _display)


@displays.command("pair")
@click.argument("code")
@click.option("--office", required=True, metavar="ID", help="The office that it is to show.")
@click.option("--name", help="What people call the screen.")
@click.option("--group", help="A group of screens that it belongs to.")
@administered
def pair(code: str, office: str, name: str | None, group: str | None, to: Administration, as_json: bool) -> None:
    """Give the screen that shows CODE to an office.

    \b
    Example: smartreise displays pair K7MPQ4 --office fornebu --name "Resepsjonen"
    """
    claim = {"code": code, "office": office} | ({"name": name} if name else {}) | ({"group": group} if group else {})
    show(to.ask("POST", "displays", "claim", body=claim), as_json, _display)


@displays.command("change")
@click.argument("display")
@click.option("--office", metavar="ID", help="Move it to this office.")
@click.option("--name")
@click.option("--group")
@click.option("--layout", help="Another layout than its office's; \"\": the office's.")
@click.option("--theme", type=click.Choice(["dark", "light", "daylight", ""]), help='Likewise; "": the office\'s.')
@click.option("--test/--live", default=None, help="Try it out: it says so, and nobody is told when it is silent.")
@click.option("--rotate", is_flag=True, help="Give it another token; the old one is void once the new one is used.")
@click.option("--identify", is_flag=True, help="Ask it to show its name.")
@click.option("--reload", "reload_", is_flag=True, help="Ask it to load its page anew.")
@administered
def change_display(
    display: str, office: str | None, name: str | None, group: str | None, layout: str | None, theme: str | None,
    test: bool | None, rotate: bool, identify: bool, reload_: bool, to: Administration, as_json: bool,
) -> None:  # fmt: skip
    """Move, rename, group or try out a screen; ask it to show its name or to load anew; turn its token.

    \b
    Example: smartreise displays change ge4baxxs --identify
    """
    said = {"office": office, "name": name, "group": group, "test": test}
    patch: dict[str, Any] = {field: value for field, value in said.items() if value is not None}
    looks = {"layout": layout, "theme": theme}
    patch |= {field: value or None for field, value in looks.items() if value is not None}
    patch |= {name: True for name, on in (("identify", identify), ("reload", reload_), ("rotate", rotate)) if on}
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
@searched
@administered
def list_keys(search: str | None, to: Administration, as_json: bool) -> None:
    """All API keys and how much they are used.

    \b
    Example: smartreise keys list
    """
    show(to.ask_all("keys", q=search), as_json, _key)


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
@searched
@administered
def list_tokens(search: str | None, to: Administration, as_json: bool) -> None:
    """All tokens and their roles.

    \b
    Example: smartreise tokens list
    """
    show(to.ask_all("tokens", q=search), as_json, _token)


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


def _display(row: Any) -> str:
    return (
        f"{row['id']:<10} {row['health']:<6} {row['office']:<20} {row['name']:<30} {row['last_seen'] or 'never seen'}"
        f"{'  test' if row['test'] else ''}"
    )


def _key(row: Any) -> str:
    return f"{row['id']:<10} {row['name']:<30} {row['per_minute']:>8}/min {row['uses']:>10} uses"


def _token(row: Any) -> str:
    return f"{row['id']:<10} {row['role']:<8} {row['name']:<30} {' '.join(row['offices'])}".rstrip()
