"""`smartreise plan`, `board` and `watch`: the answers of the API in a terminal.

They ask a running server (`--server`), or with `--region` fetch the feeds once and answer by themselves; either way
the views of the API do the work.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
import click
import msgspec

from smartreise.app import settings
from smartreise.app.clock import ServiceClock
from smartreise.app.screen import board_lines, office_lines, suggestion_lines
from smartreise.app.terminal_texts import TERMINAL_TEXTS, language_of_terminal
from smartreise.app.watching import follow
from smartreise.ingest.catalogue import load
from smartreise.model.problems import SmartreiseError, UnknownId
from smartreise.views.params import parse_point

if TYPE_CHECKING:
    from smartreise.live.snapshot import Snapshot

DEFAULT_SERVER = "http://127.0.0.1:8080"
Ask = Callable[[str, Mapping[str, str]], Awaitable[Any]]


class ServerSaidNo(SmartreiseError):
    """The server answered with a problem."""


def _server_option() -> Callable[[Any], Any]:
    return click.option(
        "--server", envvar="SMARTREISE_SERVER", default=DEFAULT_SERVER, show_default=True, help="A running service."
    )


def _language_option() -> Callable[[Any], Any]:
    languages = click.Choice(list(TERMINAL_TEXTS))
    return click.option(
        "--lang", type=languages, envvar="SMARTREISE_LANG", default=language_of_terminal, show_default="the terminal's",
        help="Language of what is printed.",
    )  # fmt: skip


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--at", metavar="ISO", help="When to leave  [default: now]")
@click.option("--arrive-by", is_flag=True, help="--at is when to be there.")
@click.option("--window", type=click.IntRange(0, 240), default=60, show_default=True, help="Minutes to look at.")
@click.option("--modes", help="Vehicles that may be used, e.g. bus,rail,bike.")
@click.option("--providers", help="Shared vehicles of these systems alone, e.g. oslobysykkel.")
@click.option("--limit", type=click.IntRange(1, 50), default=6, show_default=True)
@_server_option()
@settings.region_option(required=False)
@settings.clock_option()
@_language_option()
@click.option("--json", "as_json", is_flag=True, help="Print the API's JSON.")
def plan(
    origin: str, target: str, at: str | None, arrive_by: bool, window: int, modes: str | None,
    providers: str | None, limit: int,
    server: str, region: str | None, clock: str | None, lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Suggestions from FROM to TO: lat,lon, a stop id, an office id, or text that is looked up.

    \b
    Example: smartreise plan fornebu "Oslo S" --at 2026-11-23T16:00:00+01:00
    """

    async def run(ask: Ask) -> Any:
        wish = {"from": await _place(ask, origin), "to": await _place(ask, target)}
        wish |= {"window_s": str(window * 60), "limit": str(limit)}
        wish |= {"at": at} if at else {}
        wish |= {"modes": modes} if modes else {}
        wish |= {"providers": providers} if providers else {}
        wish |= {"arrive_by": "true"} if arrive_by else {}
        return await ask("suggestions", wish)

    answer = _run(run, server, region, clock)
    _print(answer, as_json, partial(suggestion_lines, texts=TERMINAL_TEXTS[lang]))


@click.command()
@click.argument("stop")
@click.option("--at", metavar="ISO", help="From when  [default: now]")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@_server_option()
@settings.region_option(required=False)
@settings.clock_option()
@_language_option()
@click.option("--json", "as_json", is_flag=True, help="Print the API's JSON.")
def board(
    stop: str, at: str | None, limit: int, server: str, region: str | None, clock: str | None, lang: str, as_json: bool
) -> None:
    """Departures from STOP, by id or by name.

    \b
    Example: smartreise board "IT Fornebu" --limit 5
    """

    async def run(ask: Ask) -> Any:
        wish = {"stop": await _stop(ask, stop), "limit": str(limit)}
        return await ask("board", wish | ({"at": at} if at else {}))

    _print(_run(run, server, region, clock), as_json, partial(board_lines, texts=TERMINAL_TEXTS[lang]))


@click.command()
@click.argument("what", metavar="STOP_OR_OFFICE")
@_server_option()
@_language_option()
@click.option("--once", is_flag=True, help="Print the first state and stop.")
def watch(what: str, server: str, lang: str, once: bool) -> None:
    """A stop's board or an office's view, live over the websocket, until Ctrl-C.

    \b
    Example: smartreise watch fornebu
    """

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            ask = _asking_server(session, server)
            offices = {office["id"] for office in (await ask("offices", {}))["offices"]}
            texts = TERMINAL_TEXTS[lang]
            if what in offices:
                lines = partial(office_lines, texts=texts)
                await follow(server, "office", {"office": what}, lines, lost=texts.lost, once=once)
            else:
                lines, params = partial(board_lines, texts=texts), {"stop": await _stop(ask, what), "limit": "20"}
                await follow(server, "board", params, lines, lost=texts.lost, once=once)

    asyncio.run(run())


def _run(question: Callable[[Ask], Awaitable[Any]], server: str, region: str | None, clock: str | None) -> Any:
    async def ask_server() -> Any:
        async with aiohttp.ClientSession() as session:
            return await question(_asking_server(session, server))

    async def ask_region(name: str) -> Any:
        now = ServiceClock() if clock is None else ServiceClock.standing_at(clock)
        # The engine takes a second to import: who asks a server needs none of it.
        from smartreise.app.once import fetch_all, snapshot_of
        from smartreise.planner.search import warm

        found = await fetch_all(load(name, environ=os.environ), now)
        warm()
        return await question(_asking_snapshot(snapshot_of(found, now), now))

    return asyncio.run(ask_server() if region is None else ask_region(region))


def _asking_server(session: aiohttp.ClientSession, server: str) -> Ask:
    async def ask(view: str, params: Mapping[str, str]) -> Any:
        rest = dict(params)
        paths = {
            "suggestions": "/v1/suggestions",
            "places": "/v1/places",
            "offices": "/v1/offices",
            "board": f"/v1/stops/{rest.pop('stop', '') if view == 'board' else ''}/departures",
            "stop": f"/v1/stops/{rest.pop('stop', '') if view == 'stop' else ''}",
        }
        try:
            async with session.get(f"{server.rstrip('/')}{paths[view]}?{urlencode(rest)}") as reply:
                body = await reply.json(content_type=None)
                if reply.status == 404:
                    raise UnknownId(view, body.get("detail", ""))
                if reply.status != 200:
                    raise ServerSaidNo(f"{server}: {body.get('detail') or body.get('title')}")
                return body
        except (aiohttp.ClientError, OSError) as fault:
            raise ServerSaidNo(f"no service answers at {server}: {fault}") from None
        except json.JSONDecodeError:
            raise ServerSaidNo(f"{server} is no smartreise service") from None

    return ask


def _asking_snapshot(snapshot: Snapshot, clock: ServiceClock) -> Ask:
    from smartreise.views.registry import VIEWS

    async def ask(view: str, params: Mapping[str, str]) -> Any:
        known = VIEWS[view]
        answer = known.answer(snapshot, dict(known.canonical(params)), now=int(clock.now()))
        return msgspec.to_builtins(answer.data)

    return ask


async def _place(ask: Ask, text: str) -> str:
    """`lat,lon` or an id as it is; other text looked up."""
    if parse_point(text) is not None:
        return text
    try:
        await ask("stop", {"stop": text})
    except UnknownId:
        offices = {office["id"] for office in (await ask("offices", {}))["offices"]}
        if text in offices:
            return text
        found = (await ask("places", {"q": text}))["places"]
        if not found:
            raise UnknownId("place", text) from None
        best = found[0]
        return str(best.get("office_id") or best.get("stop_id") or f"{best['lat']},{best['lon']}")
    return text


async def _stop(ask: Ask, text: str) -> str:
    try:
        await ask("stop", {"stop": text})
    except UnknownId:
        stops = [p for p in (await ask("places", {"q": text}))["places"] if p.get("stop_id")]
        if not stops:
            raise UnknownId("stop", text) from None
        return str(stops[0]["stop_id"])
    return text


def _print(answer: Any, as_json: bool, lines: Callable[[Any], list[str]]) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    for line in lines(answer):
        click.echo(line)
