"""`smartreise config`: is what is configured right, and what does it come to?"""

from __future__ import annotations

import os
import re
from dataclasses import asdict
from typing import Any

import click
import msgspec

from smartreise.app import settings
from smartreise.app.settings_file import LIMITS, PLAIN, PREFIX, read_limits
from smartreise.ingest.catalogue import load

_SECRET = ("admin_token",)


@click.group()
def config() -> None:
    """The service's settings and the region's file."""


@config.command()
@settings.region_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(region: str, as_json: bool) -> None:
    """Read settings and region file as a start would, and print what holds. A mistake is one line, exit code 2.

    \b
    Example: smartreise --config smartreise.toml config check --region ruter
    """
    told = _what_holds(region)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return
    for table, values in told.items():
        click.echo(f"[{table}]")
        for name, value in values.items():
            click.echo(f"{name} = {value if value is not None else '(not set)'}")


def without_password(url: str) -> str:
    """An address as it may be shown: a password in it becomes `***`."""
    return re.sub(r"(//[^:@/]*):[^@/]*@", r"\1:***@", url)


def _what_holds(region: str) -> dict[str, dict[str, Any]]:
    settings.log_format_of(os.environ)
    settings.public_url_of(os.environ)
    found = load(region, environ=os.environ)
    plain = {name: os.environ.get(PREFIX + name.upper()) for name in PLAIN}
    plain |= {name: "(set)" for name in _SECRET if plain[name]}
    plain["redis"] = None if plain["redis"] is None else without_password(plain["redis"])
    kinds = {"static": found.static, "realtime": found.realtime, "mobility": found.mobility}
    region_told = {
        "file": str(found.file),
        "id": found.region.id,
        "timezone": found.region.timezone,
        "offices": ", ".join(office.id for office in found.offices) or "none",
    } | {kind: ", ".join(source.id for source in sources) or "none" for kind, sources in kinds.items()}
    limits = {table: asdict(read_limits(table, os.environ)) for table in LIMITS}
    return {"service": plain, "region": region_told, **limits}
