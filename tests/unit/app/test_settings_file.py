"""The file of settings: what it may say, who wins, and that every key is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from smartreise.app.cli import commands
from smartreise.app.settings_file import LIMITS, PLAIN, fill_in, read_file, read_limits, variable
from smartreise.model.problems import ConfigError
from tests.service import ROOT

DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def written(folder: Path, text: str) -> Path:
    file = folder / "smartreise.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    environ = {"SMARTREISE_PORT": "9000"}
    fill_in(written(tmp_path, 'region = "ruter"\nport = 8081\n[push]\nheartbeat_s = 5\n'), environ)
    assert environ["SMARTREISE_REGION"] == "ruter"
    assert environ["SMARTREISE_PORT"] == "9000"
    assert read_limits("push", environ).heartbeat_s == 5.0


def test_variables_for_region_files_are_taken_as_they_are(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, '[variables]\nAPI_KEY = "abc"\n')) == {"API_KEY": "abc"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("prot = 1\n", "prot: unknown key; allowed are region, host"),
        ("[push]\nheart = 1\n", "push.heart: unknown key; allowed are heartbeat_s"),
        ('[push]\nhistory = "many"\n', "push.history: 'many' is not a whole number"),
        ("[push]\nheartbeat_s = -1\n", "push.heartbeat_s: -1 must be 0 or more"),
        ("push = 3\n", "push: must be a table"),
        ("region = [1]\n", "region: must be a text"),
        ("region = \n", "not TOML"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_key_and_what_is_allowed(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        read_file(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_file(tmp_path / "none.toml")


def test_every_setting_is_documented() -> None:
    context = click.Context(commands)
    known = [commands.get_command(context, name) for name in commands.list_commands(context)]
    parameters = [parameter for command in known if command is not None for parameter in command.params]
    options = {str(parameter.envvar) for parameter in parameters if parameter.envvar}
    names = {f"SMARTREISE_{key.upper()}" for key in PLAIN} | options
    names |= {variable(table, entry.name) for table, kind in LIMITS.items() for entry in fields(kind)}
    missing = sorted(name for name in names if f"`{name}`" not in DOCUMENT)
    assert not missing, f"docs/configuration.md does not name {', '.join(missing)}"


def test_the_command_line_reads_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMARTREISE_REGION", raising=False)
    monkeypatch.setenv("SMARTREISE_SERVER", "")  # restored afterwards, whatever the command sets
    file = written(tmp_path, 'region = "nowhere"\n')
    with monkeypatch.context() as inner:
        inner.setattr("os.environ", {"PATH": ""})
        done = CliRunner().invoke(commands, ["--config", str(file), "feeds", "list"])
    assert "nowhere" in str(done.exception)
