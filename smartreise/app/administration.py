"""Talks to a running service's administration, for the commands that do."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import aiohttp
import click
import msgspec

from smartreise.model.problems import SmartreiseError

F = TypeVar("F", bound=Callable[..., Any])


class ServerRefused(SmartreiseError):
    """The server answered with a problem; every wrong field has a line of its own."""


@dataclass(frozen=True, slots=True)
class Administration:
    """A service and the token to administer it with."""

    server: str
    token: str

    def ask(self, method: str, *path: str, body: Any = None, query: str = "") -> Any:
        """The JSON of the answer, None where there is none. Raises `ServerRefused`."""
        address = "/".join(quote(part, safe="") for part in path)
        return asyncio.run(self._ask(method, f"{address}?{query}" if query else address, body))

    def ask_all(self, what: str, **only: str | None) -> dict[str, Any]:
        """All of a list, page by page, as one answer; ``only``: parameters, left out where None or empty."""
        rows: list[Any] = []
        after: str | None = None
        while True:
            asked = {name: value for name, value in {**only, "after": after}.items() if value}
            page = self.ask("GET", what, query=urlencode(asked))
            rows += page[what]
            after = page.get("next")
            if after is None:
                return {what: rows}

    async def _ask(self, method: str, path: str, body: Any) -> Any:
        url = f"{self.server.rstrip('/')}/v1/admin/{path}"
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(30)) as session,
                session.request(method, url, json=body) as reply,
            ):
                return _read(self.server, reply.status, await reply.read())
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as fault:
            raise ServerRefused(f"no service answers at {self.server}: {fault}") from None


def _read(server: str, status: int, raw: bytes) -> Any:
    try:
        answer = msgspec.json.decode(raw) if raw else None
    except msgspec.DecodeError:
        raise ServerRefused(f"{server} is no smartreise service") from None
    if status < 400:
        return answer
    problem = answer if isinstance(answer, dict) else {}
    errors = problem.get("errors") or []
    if errors:
        raise ServerRefused("\n".join(f"{error['field']}: {error['message']}" for error in errors))
    raise ServerRefused(str(problem.get("detail") or problem.get("title") or status))


def administered(command: F) -> F:
    """The options of every command that administers; it gets them as `to: Administration` and `as_json`."""

    @functools.wraps(command)
    def run(*args: Any, server: str, token: str, **rest: Any) -> Any:
        return command(*args, to=Administration(server, token), **rest)

    options = (
        click.option("--server", envvar="SMARTREISE_SERVER", default="http://127.0.0.1:8080", show_default=True),
        click.option(
            "--token",
            envvar="SMARTREISE_ADMIN_TOKEN",
            required=True,
            help="An administrator's token, as the first start printed it.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print the API's JSON."),
    )
    decorated: Any = run
    for option in reversed(options):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]  # click's decorators keep the callable


def searched(command: F) -> F:
    """The option of every list that is searched; the command gets it as `search`."""
    return click.option("--search", metavar="TEXT", help="Only what has this in its id, name or the like.")(command)


def show(answer: Any, as_json: bool, line: Callable[[Any], str]) -> None:
    """One line, or one a row of a list; as JSON: the answer as it came."""
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2).decode())
        return
    rows = answer if isinstance(answer, list) else None
    if rows is None and len(answer) == 1:
        rows = next((value for value in answer.values() if isinstance(value, list)), None)
    for row in rows if rows is not None else [answer]:
        click.echo(line(row))
