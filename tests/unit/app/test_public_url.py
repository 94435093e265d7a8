"""The origin that screens hand to phones: given as an origin, or not at all."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from smartreise.app.cli import commands
from smartreise.app.settings import public_url_of
from smartreise.model.problems import ConfigError


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("", None),
        ("https://reise.example.no", "https://reise.example.no"),
        ("HTTPS://Reise.Example.no/", "https://reise.example.no"),
        ("http://10.0.0.7:8080", "http://10.0.0.7:8080"),
        ("http://[fd00::7]:8080", "http://[fd00::7]:8080"),
    ],
)
def test_an_origin_is_taken(text: str, origin: str | None) -> None:
    assert public_url_of({"SMARTREISE_PUBLIC_URL": text}) == origin


@pytest.mark.parametrize(
    "text",
    ["reise.example.no", "ftp://a.no", "https://a.no/reise", "https://u:p@a.no", "https://a.no?x=1", "https://"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"SMARTREISE_PUBLIC_URL: .* allowed is an origin such as"):
        public_url_of({"SMARTREISE_PUBLIC_URL": text})


def test_config_check_tells_and_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTREISE_PUBLIC_URL", "https://reise.example.no")
    told = CliRunner().invoke(commands, ["config", "check", "--region", "demo"])
    assert "public_url = https://reise.example.no" in told.output
    monkeypatch.setenv("SMARTREISE_PUBLIC_URL", "reise.example.no")
    refused = CliRunner().invoke(commands, ["config", "check", "--region", "demo"])
    assert isinstance(refused.exception, ConfigError)
