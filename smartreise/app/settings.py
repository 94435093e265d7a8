"""Options that several commands share, each also an environment variable `SMARTREISE_…`; the flag wins."""

from __future__ import annotations

import functools
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from smartreise.api.settings import ApiSettings, parse_networks
from smartreise.app.clock import ServiceClock
from smartreise.app.options import Options
from smartreise.app.telemetry import set_up_logging
from smartreise.ingest.catalogue import load

Command = Callable[..., Any]


def region_option(*, required: bool = True) -> Callable[[Command], Command]:
    return click.option(
        "--region",
        required=required,
        envvar="SMARTREISE_REGION",
        metavar="FILE_OR_NAME",
        help="A region file, or a name under feeds/ such as demo or ruter.",
    )


def clock_option() -> Callable[[Command], Command]:
    return click.option(
        "--clock",
        envvar="SMARTREISE_CLOCK",
        metavar="ISO",
        help="Start the service's clock at this instant, e.g. 2026-11-23T16:00:00+01:00.",
    )


def redis_option() -> Callable[[Command], Command]:
    return click.option(
        "--redis", envvar="SMARTREISE_REDIS", metavar="URL", help="A Redis or Valkey; without it the embedded one runs."
    )


def data_dir_option() -> Callable[[Command], Command]:
    return click.option(
        "--data-dir",
        envvar="SMARTREISE_DATA_DIR",
        type=click.Path(path_type=Path),
        help="Folder of the embedded store  [default: the user's data folder]",
    )


def listen_options() -> Callable[[Command], Command]:
    host = click.option("--host", default="127.0.0.1", envvar="SMARTREISE_HOST", show_default=True)
    port = click.option(
        "--port", default=8080, envvar="SMARTREISE_PORT", type=click.IntRange(1, 65535), show_default=True
    )
    return lambda command: host(port(command))


def new_admin_token_option() -> Callable[[Command], Command]:
    return click.option(
        "--new-admin-token", is_flag=True, help="Make and print another administrator's token: the first was lost."
    )


def limit_options() -> Callable[[Command], Command]:
    """Limits of the HTTP side; the command gets them as `api`."""
    reads = click.option(
        "--reads-per-minute",
        default=600,
        envvar="SMARTREISE_READS_PER_MINUTE",
        type=click.IntRange(0, 1_000_000),
        show_default=True,
        help="What an address may ask without a key; 0: no limit.",
    )
    proxies = click.option(
        "--trusted-proxies",
        default="",
        envvar="SMARTREISE_TRUSTED_PROXIES",
        metavar="NETWORKS",
        callback=_networks,
        help="Proxies of your own, e.g. 10.0.0.0/8,::1: their X-Forwarded-For is believed.",
    )

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(*args: Any, reads_per_minute: int, trusted_proxies: Any, **rest: Any) -> Any:
            api = ApiSettings(reads_per_minute=reads_per_minute, trusted_proxies=trusted_proxies)
            return command(*args, api=api, **rest)

        return reads(proxies(run))

    return decorate


def _networks(context: click.Context, parameter: click.Parameter, text: str) -> Any:
    try:
        return parse_networks(text)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}; allowed are addresses and networks such as 10.0.0.0/8") from None


def simulator_option() -> Callable[[Command], Command]:
    return click.option(
        "--simulator-port",
        default=0,
        envvar="SMARTREISE_SIMULATOR_PORT",
        type=click.IntRange(0, 65535),
        help="Port of the region's simulator, if it has one  [default: any free]",
    )


def options_of(
    region: str,
    *,
    clock: str | None,
    redis: str | None,
    data_dir: Path | None,
    host: str = "127.0.0.1",
    port: int = 8080,
    simulator_port: int = 0,
    new_admin_token: bool = False,
    api: ApiSettings | None = None,
) -> Options:
    """What roles need, from what was typed. Raises the problems of `model.problems`."""
    debug = os.environ.get("SMARTREISE_DEBUG", "") not in ("", "0")
    set_up_logging(debug=debug)
    config = load(region, environ=os.environ)
    return Options(
        config=config,
        clock=ServiceClock() if clock is None else ServiceClock.standing_at(clock),
        clock_set=clock is not None,
        redis=redis,
        data_dir=data_dir or user_data_dir() / config.region.id,
        host=host,
        port=port,
        simulator_port=simulator_port,
        debug=debug,
        new_admin_token=new_admin_token,
        api=api or ApiSettings(),
    )


def user_data_dir() -> Path:
    """Where programs of the user keep data; a temporary folder where the user has none."""
    if sys.platform == "darwin":
        base = Path("~/Library/Application Support").expanduser()
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    usable = base.is_absolute() and os.access(_existing(base), os.W_OK)
    return (base if usable else Path(tempfile.gettempdir())) / "smartreise"


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
