"""Commands and links of the documents: every one is a command that exists, every link leads somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from smartreise.app.cli import commands
from tests.service import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "feeds" / "README.md"])
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def lines_of(path: Path) -> Iterator[str]:
    """Lines of the shell blocks of a document, continued ones joined."""
    for block in re.findall(r"```(?:sh|bash|console)\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        yield from (line.strip() for line in block.replace("\\\n", " ").splitlines())


def words_of(line: str) -> list[str]:
    """Words of a shell line before a pipe, a comment or a redirection; [] for what is no plain command."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return []
    for number, word in enumerate(words):
        if word in ("|", "||", "&&", ";", "&") or word[:1] in ("<", ">"):
            return words[:number]
    return words


def check_command(words: list[str]) -> None:
    """Raises click's own complaint about a command or option that does not exist."""
    group: Any = commands
    context = click.Context(commands)
    rest = words
    while isinstance(group, click.Group):
        if rest and rest[0] == "--config":
            rest = rest[2:]
            continue
        name, group, rest = group.resolve_command(context, list(rest))
        assert group is not None, name
    known = {option: param for param in group.params for option in (*param.opts, *param.secondary_opts)}
    for word in rest:
        name = word.split("=")[0]
        if word.startswith("--") and name != "--help":
            assert name in known, f"{group.name} has no option {name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_exist(path: Path) -> None:
    for line in lines_of(path):
        words = words_of(line)
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words = words[1:]
        if words and words[0] == "make":
            targets = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
            assert set(targets) <= TARGETS, f"{path.name}: {line}"
        if words and Path(words[0]).name == "smartreise" and len(words) > 1 and not words[1].startswith("-h"):
            try:
                check_command(words[1:])
            except click.ClickException as fault:
                raise AssertionError(f"{path.name}: {line}: {fault.message}") from None


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
