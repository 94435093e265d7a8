"""A user's mistake at the command line is one line that says what is wrong, and exit code 2."""

from __future__ import annotations

import sys

import pytest

from smartreise.app.cli import main


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["nonsense"], ["nonsense", "smartreise --help"]),
        (["plan", "fornebu"], ["TO", "smartreise plan --help"]),
        (["board", "x", "--limit", "0"], ["--limit", "1<=x<=200"]),
        (["offices", "list"], ["--token"]),
        (["alerts", "add", "--token", "t", "--text", "hei"], ["LANGUAGE=TEXT"]),
        (["serve", "--region", "atlantis"], ["atlantis", "demo"]),
        (["serve", "--region", "demo", "--clock", "soon"], ["--clock", "soon"]),
        (["offices", "change", "/none-such.json", "--token", "t"], ["/none-such.json", "No such file"]),
        (["plan", "a", "b", "--server", "http://127.0.0.1:1"], ["no service answers", "127.0.0.1:1"]),
    ],
)
def test_a_mistake_is_one_line(
    typed: list[str], told: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMARTREISE_ADMIN_TOKEN", raising=False)
    monkeypatch.setattr(sys, "argv", ["smartreise", *typed])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    for part in told:
        assert part in err
