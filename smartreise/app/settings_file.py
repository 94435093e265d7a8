"""One documented file for all settings: `smartreise --config FILE …` or `SMARTREISE_CONFIG`.

The file only fills in what the environment leaves open: it becomes `SMARTREISE_*` variables, so that a flag wins over
the environment and the environment over the file. docs/configuration.md lists every key; a test holds it to that.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, MutableMapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from smartreise.api.settings import ApiSettings
from smartreise.model.problems import ConfigError
from smartreise.push.settings import PushSettings

PREFIX: Final = "SMARTREISE_"
#: keys at the top of the file; each is the variable of the same name
PLAIN: Final = (
    *("region", "host", "port", "redis", "data_dir", "clock", "simulator_port"),
    *("public_url", "server", "admin_token", "client_name", "log_format", "debug"),
)
#: tables of limits, and the records that they fill
LIMITS: Final[Mapping[str, type[ApiSettings] | type[PushSettings]]] = {"api": ApiSettings, "push": PushSettings}
#: a table of variables for `${NAME}` in region files, taken as they are
VARIABLES: Final = "variables"

Settings = TypeVar("Settings", ApiSettings, PushSettings)


def read_file(path: Path) -> dict[str, str]:
    """Environment variables that the file stands for. Raises `ConfigError` that names file, key and what is allowed."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{path}: not TOML: {fault}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{path}: cannot be read: {getattr(fault, 'strerror', None) or fault}") from None
    found: dict[str, str] = {}
    for key, value in raw.items():
        if key == VARIABLES or key in LIMITS:
            found |= _table(path, key, value)
        elif key in PLAIN:
            found[PREFIX + key.upper()] = _text(path, key, value)
        else:
            allowed = ", ".join((*PLAIN, *(f"[{name}]" for name in (*LIMITS, VARIABLES))))
            raise ConfigError(f"{path}: {key}: unknown key; allowed are {allowed}")
    for name in LIMITS:
        read_limits(name, found, where=f"{path}: ")
    return found


def _table(path: Path, table: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {table}: must be a table [{table}]")
    if table == VARIABLES:
        return {name: _text(path, f"{table}.{name}", inner) for name, inner in value.items()}
    known = [entry.name for entry in fields(LIMITS[table])]
    for name in value:
        if name not in known:
            raise ConfigError(f"{path}: {table}.{name}: unknown key; allowed are {', '.join(known)}")
    return {variable(table, name): _text(path, f"{table}.{name}", inner) for name, inner in value.items()}


def _text(path: Path, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | str):
        return str(value)
    raise ConfigError(f"{path}: {key}: must be a text, a number, true or false")


def variable(table: str, name: str) -> str:
    """The variable of a limit: SMARTREISE_API_READS_PER_MINUTE."""
    return f"{PREFIX}{table.upper()}_{name.upper()}"


def read_limits(table: str, environ: Mapping[str, str], *, where: str = "") -> Any:
    """The limits of a table, from the environment. Raises `ConfigError` that names the variable."""
    kind = LIMITS[table]
    given: dict[str, Any] = {}
    for entry in fields(kind):
        text = environ.get(variable(table, entry.name))
        if text is not None:
            name = f"{where}{table}.{entry.name}" if where else variable(table, entry.name)
            given[entry.name] = _value(name, text, entry)
    return kind(**given)


def _value(name: str, text: str, entry: Field[Any]) -> bool | int | float | str:
    if entry.type == "bool":
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ConfigError(f"{name}: {text!r} is neither true nor false")
        return text.lower() in ("1", "true", "yes")
    if entry.type not in ("int", "float"):
        return text
    try:
        number: float = int(text) if entry.type == "int" else float(text)
    except ValueError:
        raise ConfigError(f"{name}: {text!r} is not a {'whole ' if entry.type == 'int' else ''}number") from None
    if not 0 <= number < 1e15:
        raise ConfigError(f"{name}: {text} must be 0 or more")
    return number


def fill_in(path: Path, environ: MutableMapping[str, str]) -> None:
    """Put what a file says where the environment says nothing."""
    for name, value in read_file(path).items():
        environ.setdefault(name, value)


def _take(context: click.Context, option: click.Parameter, path: Path | None) -> None:
    if path is not None:
        fill_in(path, os.environ)


config_option = click.option(
    "--config",
    envvar="SMARTREISE_CONFIG",
    type=click.Path(path_type=Path),
    expose_value=False,
    is_eager=True,
    callback=_take,
    metavar="FILE",
    help="A file with settings (TOML); flags and SMARTREISE_* variables win over it.",
)
