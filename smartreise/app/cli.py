"""The command line. A user's mistake is one readable line and exit code 2; a command that found a fault exits 1."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from smartreise import __version__
from smartreise.app import settings
from smartreise.app.settings_file import config_option
from smartreise.model.problems import SmartreiseError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

#: commands that are imported when they are asked for, by module: who lists offices waits for no decoder of feeds
_ELSEWHERE: Final = {
    "alerts": "cli_messages",
    "audit": "cli_messages",
    "backup": "cli_backup",
    "board": "cli_ask",
    "config": "cli_config",
    "displays": "cli_fleet",
    "doctor": "cli_doctor",
    "feeds": "cli_recordings",
    "forecast": "cli_forecast",
    "keys": "cli_fleet",
    "load": "cli_load",
    "offices": "cli_offices",
    "plan": "cli_ask",
    "restore": "cli_backup",
    "tokens": "cli_fleet",
    "watch": "cli_ask",
    "webhooks": "cli_messages",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE and cmd_name not in self.commands:
            module = import_module(f"smartreise.app.{_ELSEWHERE[cmd_name]}")
            self.add_command(getattr(module, cmd_name))
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="smartreise")
@config_option
def commands() -> None:
    """Real-time departure suggestions for office lobbies, pages and apps."""


@commands.command()
@settings.region_option()
@settings.listen_options()
@settings.redis_option()
@settings.data_dir_option()
@settings.clock_option()
@settings.simulator_option()
@settings.new_admin_token_option()
def serve(
    region: str,
    host: str,
    port: int,
    redis: str | None,
    data_dir: Path | None,
    clock: str | None,
    simulator_port: int,
    new_admin_token: bool,
) -> None:
    """Everything in one process tree: store, ingest, gateway, web.

    \b
    Example: smartreise serve --region ruter --host 0.0.0.0 --port 8080
    """
    from smartreise.app.roles import serve as run

    options = settings.options_of(
        region,
        clock=clock,
        redis=redis,
        data_dir=data_dir,
        host=host,
        port=port,
        simulator_port=simulator_port,
        new_admin_token=new_admin_token,
    )
    asyncio.run(run(options))


@commands.command()
@settings.listen_options()
@settings.clock_option()
@settings.simulator_option()
def demo(host: str, port: int, clock: str | None, simulator_port: int) -> None:
    """Serve the offline demo region, simulated and marked DEMO; nothing is kept.

    \b
    Example: smartreise demo --port 8080
    """
    from smartreise.app.roles import serve as run

    with tempfile.TemporaryDirectory(prefix="smartreise-demo-") as folder:
        options = settings.options_of(
            "demo",
            clock=clock,
            redis=None,
            data_dir=Path(folder),
            host=host,
            port=port,
            simulator_port=simulator_port,
        )
        asyncio.run(run(options))


@commands.command()
@settings.region_option()
@settings.redis_option()
@settings.data_dir_option()
@settings.clock_option()
@settings.simulator_option()
def ingest(region: str, redis: str | None, data_dir: Path | None, clock: str | None, simulator_port: int) -> None:
    """The ingest role alone: polls the feeds into a shared store. One leads, others stand by.

    \b
    Example: smartreise ingest --region ruter --redis redis://127.0.0.1:6379
    """
    from smartreise.app.roles import run_ingest as run

    options = settings.options_of(region, clock=clock, redis=redis, data_dir=data_dir, simulator_port=simulator_port)
    asyncio.run(run(options))


@commands.command()
@settings.region_option()
@settings.listen_options()
@settings.redis_option()
@settings.data_dir_option()
@settings.clock_option()
@settings.new_admin_token_option()
def gateway(
    region: str,
    host: str,
    port: int,
    redis: str | None,
    data_dir: Path | None,
    clock: str | None,
    new_admin_token: bool,
) -> None:
    """The gateway role alone: answers and pushes from a shared store. Any number may run.

    \b
    Example: smartreise gateway --region ruter --redis redis://127.0.0.1:6379 --port 8081
    """
    from smartreise.app.roles import run_gateway as run

    options = settings.options_of(
        region,
        clock=clock,
        redis=redis,
        data_dir=data_dir,
        host=host,
        port=port,
        new_admin_token=new_admin_token,
    )
    asyncio.run(run(options))


@commands.command()
def openapi() -> None:
    """Print the OpenAPI document.

    \b
    Example: smartreise openapi > openapi.json
    """
    from smartreise.api.openapi import document

    click.echo(json.dumps(document(), indent=2, ensure_ascii=False))


@commands.command()
def warm() -> None:
    """Compile the kernels into their cache, so that a start need not.

    \b
    Example: smartreise warm
    """
    from smartreise.app.warming import compile_all

    compile_all()


def main() -> None:
    """Run a command; every expected failure is one line."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        click.echo(_one_line(fault), err=True)
        sys.exit(fault.exit_code)
    except SmartreiseError as fault:
        click.echo(f"smartreise: {fault}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _one_line(fault: click.ClickException) -> str:
    """What was typed wrong, and where to read how it is typed right."""
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    where = context.command_path if context is not None else "smartreise"
    how = f" See '{where} --help'." if context is not None else ""
    return f"{where}: {' '.join(fault.format_message().split())}{how}"
