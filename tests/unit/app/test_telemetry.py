"""What log lines hold."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import sys

import pytest

from smartreise.api.request_id import begin_request, current_request_id
from smartreise.app.settings import log_format_of
from smartreise.app.telemetry import JsonLines, LoopTrouble, TextLines
from smartreise.model.problems import ConfigError


def record(message: str, *, level: int = logging.WARNING, trace: bool = False) -> logging.LogRecord:
    try:
        raise ValueError("inner")
    except ValueError:
        info = sys.exc_info() if trace else None
    return logging.LogRecord("smartreise.x", level, __file__, 1, message, None, info)


def test_a_json_line_is_one_object_on_one_line() -> None:
    line = JsonLines().format(record("feed «a» is\nfailing", trace=True))
    assert "\n" not in line
    told = json.loads(line)
    assert told["level"] == "warning"
    assert told["message"] == "feed «a» is\nfailing"
    assert "ValueError: inner" in told["trace"]
    assert "request_id" not in told


def test_lines_of_a_request_carry_its_id() -> None:
    chosen = begin_request("from-the-proxy-1")
    try:
        assert chosen == "from-the-proxy-1" == current_request_id()
        assert json.loads(JsonLines().format(record("x")))["request_id"] == chosen
        assert TextLines(colour=False).format(record("x")).endswith("[request from-the-proxy-1]")
    finally:
        begin_request(None)


@pytest.mark.parametrize("given", [None, "", "short", "a b c d e f g h", "x" * 65, "line\nbreak-in-it"])
def test_an_id_that_could_do_harm_is_not_taken_over(given: str | None) -> None:
    assert begin_request(given) != given


def test_colour_marks_trouble_on_terminals_only() -> None:
    assert "\033[33m" in TextLines(colour=True).format(record("x"))
    assert "\033" not in TextLines(colour=True).format(record("x", level=logging.INFO))
    assert "\033" not in TextLines(colour=False).format(record("x"))


async def test_a_loop_without_room_tells_so_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    loop, trouble = asyncio.get_running_loop(), LoopTrouble()
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            trouble(loop, {"message": "socket.accept()", "exception": OSError(errno.EMFILE, "Too many open files")})
    assert [line.message for line in caplog.records] == [
        "no more connections can be taken: Too many open files; raise the limit of open files"
    ]
    with caplog.at_level(logging.ERROR):
        trouble(loop, {"message": "something else broke", "exception": ValueError("x")})
    assert "something else broke" in caplog.records[-1].message


def test_an_unknown_format_is_refused_in_words() -> None:
    assert log_format_of({}) == "text"
    with pytest.raises(ConfigError, match="SMARTREISE_LOG_FORMAT: 'xml'; allowed are text, json"):
        log_format_of({"SMARTREISE_LOG_FORMAT": "xml"})
