"""`smartreise alerts`, `webhooks`, `audit`: what screens are to say, who is told of silent ones, who changed what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import click

from smartreise.app.administration import Administration, administered, searched, show


@click.group()
def alerts() -> None:
    """Messages of one's own on screens: list, add, remove."""


@alerts.command("list")
@searched
@administered
def list_alerts(search: str | None, to: Administration, as_json: bool) -> None:
    """All messages of one's own.

    \b
    Example: smartreise alerts list
    """
    show(to.ask_all("alerts", q=search), as_json, _alert)


@alerts.command("add")
@click.option("--text", "texts", metavar="LANGUAGE=TEXT", multiple=True, required=True, help="May be repeated.")
@click.option("--from", "starts", metavar="ISO", help="[default: at once]")
@click.option("--to", "ends", metavar="ISO", help="[default: until it is removed]")
@click.option("--office", "offices", metavar="ID", multiple=True, help="May be repeated  [default: all offices]")
@administered
def add_alert(
    texts: tuple[str, ...], starts: str | None, ends: str | None, offices: tuple[str, ...],
    to: Administration, as_json: bool,
) -> None:  # fmt: skip
    """Show a message on the screens of offices.

    \b
    Example: smartreise alerts add --text "nb=Heisen er ute av drift" --office fornebu --to 2026-11-27T16:00:00+01:00
    """
    split = [text.partition("=") for text in texts]
    for language, equals, _ in split:
        if not equals:
            raise click.BadParameter(
                f"{language} is no LANGUAGE=TEXT such as nb=Heisen er ute av drift", param_hint="--text"
            )
    order = {
        "text": {language.strip(): text.strip() for language, _, text in split},
        "from": starts,
        "to": ends,
        "offices": list(offices),
    }
    show(to.ask("POST", "alerts", body=order), as_json, _alert)


@alerts.command("remove")
@click.argument("alert")
@administered
def remove_alert(alert: str, to: Administration, as_json: bool) -> None:
    """Take a message back, by its id.

    \b
    Example: smartreise alerts remove xjnte5bg
    """
    to.ask("DELETE", "alerts", alert)


@click.group()
def webhooks() -> None:
    """Addresses that are told when a screen falls silent or is back: list, add, remove."""


@webhooks.command("list")
@searched
@administered
def list_webhooks(search: str | None, to: Administration, as_json: bool) -> None:
    """All webhooks, and how the newest attempt of each went.

    \b
    Example: smartreise webhooks list
    """
    show(to.ask_all("webhooks", q=search), as_json, _webhook)


@webhooks.command("add")
@click.argument("name")
@click.argument("url")
@administered
def add_webhook(name: str, url: str, to: Administration, as_json: bool) -> None:
    """Tell URL of silent screens. The secret that signs what is sent is printed now and never again.

    \b
    Example: smartreise webhooks add "Vakt" https://vakt.example.no/smartreise
    """
    made = to.ask("POST", "webhooks", body={"name": name, "url": url})
    show(made, as_json, lambda row: f"{_webhook(row)}\nsecret: {row['secret']}")


@webhooks.command("remove")
@click.argument("webhook")
@administered
def remove_webhook(webhook: str, to: Administration, as_json: bool) -> None:
    """Tell it no longer, by its id.

    \b
    Example: smartreise webhooks remove xjnte5bg
    """
    to.ask("DELETE", "webhooks", webhook)


@click.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.option("--before", metavar="ENTRY", help="Only what is older than this entry.")
@administered
def audit(limit: int, before: str | None, to: Administration, as_json: bool) -> None:
    """Who changed what, newest first.

    \b
    Example: smartreise audit --limit 20
    """
    asked = {"limit": str(limit)} | ({"before": before} if before else {})
    told = to.ask("GET", "audit", query=urlencode(asked))
    show(
        told if as_json else told["entries"], as_json, lambda e: f"{e['at']}  {e['who']:<24} {e['what']:<40} {e['id']}"
    )


def _alert(row: Any) -> str:
    span = f"{row['from'] or ''} – {row['to'] or ''}"
    text = next(row["text"][language] for language in ("nb", "nn", "en") if language in row["text"])
    return f"{row['id']:<10} {span:<55} {' '.join(row['offices']) or 'all offices':<24} {text}"


def _webhook(row: Any) -> str:
    last = row["last"]
    how = "not used yet" if last is None else f"{last['at']} {last['error'] or 'taken'}"
    return f"{row['id']:<10} {row['name']:<24} {row['url']:<50} {how}"
