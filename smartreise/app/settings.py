"""Options that several commands share, each also an environment variable `SMARTREISE_…`; the flag wins."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from smartreise.app.clock import ServiceClock
from smartreise.app.options import Options
from smartreise.app.settings_file import read_limits
from smartreise.app.telemetry import FORMATS, LogFormat, set_up_logging
from smartreise.ingest.catalogue import load, with_public_url
from smartreise.model.problems import ConfigError

#: an origin: scheme, host or address, port
_ORIGIN: Final = re.compile(r"https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/?", re.I)

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
        "--redis",
        envvar="SMARTREISE_REDIS",
        metavar="URL",
        help="A Redis or Valkey, also redis+sentinel:// and redis+cluster://; without it the embedded one runs.",
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
) -> Options:
    """What roles need, from what was typed. Raises the problems of `model.problems`."""
    debug = os.environ.get("SMARTREISE_DEBUG", "") not in ("", "0")
    set_up_logging(debug=debug, log_format=log_format_of(os.environ))
    config = with_public_url(load(region, environ=os.environ), public_url_of(os.environ))
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
        api=read_limits("api", os.environ),
        push=read_limits("push", os.environ),
    )


def public_url_of(environ: Mapping[str, str]) -> str | None:
    """Origin of addresses that are given to people, by `SMARTREISE_PUBLIC_URL`; None: where a page came from.

    Raises `ConfigError` for anything but `http(s)://host[:port]`."""
    text = environ.get("SMARTREISE_PUBLIC_URL") or ""
    if not text:
        return None
    if not _ORIGIN.fullmatch(text):
        allowed = "allowed is an origin such as https://reise.example.no, without a path"
        raise ConfigError(f"SMARTREISE_PUBLIC_URL: {text!r}; {allowed}")
    return text.rstrip("/").lower()


def log_format_of(environ: Mapping[str, str]) -> LogFormat:
    """`text` or `json`, by `SMARTREISE_LOG_FORMAT`. Raises `ConfigError`."""
    wanted = environ.get("SMARTREISE_LOG_FORMAT") or "text"
    for known in FORMATS:
        if wanted == known:
            return known
    raise ConfigError(f"SMARTREISE_LOG_FORMAT: {wanted!r}; allowed are {', '.join(FORMATS)}")


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
