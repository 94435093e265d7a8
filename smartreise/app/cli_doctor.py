"""`smartreise doctor`: what is wrong with a set-up, in plain words."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path

import click
import msgspec

from smartreise.app import settings
from smartreise.app.doctor import SetUp, examine

_MARKS = {"ok": "ok   ", "note": "note ", "bad": "BAD  "}


@click.command()
@settings.region_option()
@settings.listen_options()
@settings.redis_option()
@settings.data_dir_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(region: str, host: str, port: int, redis: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Look at machine, settings, region file and store, and say what to do. Changes nothing; exits 1 if one is bad.

    The feeds themselves are looked at by `smartreise feeds check`.

    \b
    Example: smartreise doctor --region ruter --redis redis://127.0.0.1:6379
    """
    from smartreise.app.roles import WEB_DIST

    what = SetUp(region, redis, data_dir, host, port, WEB_DIST, lambda name: settings.user_data_dir() / name)
    found = asyncio.run(examine(what))
    if as_json:
        rows = [asdict(finding) for finding in found]
        click.echo(msgspec.json.format(msgspec.json.encode({"findings": rows}), indent=2).decode())
    else:
        for finding in found:
            click.echo(f"{_MARKS[finding.level]} {finding.subject}: {finding.text}")
            if finding.advice:
                click.echo(f"      → {finding.advice}")
    sys.exit(1 if any(finding.level == "bad" for finding in found) else 0)
