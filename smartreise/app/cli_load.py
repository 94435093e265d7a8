"""`smartreise load`: many clients against a running service, and are they all right in the end?"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
import click

from smartreise.app.load import Crowd, Question
from smartreise.model.problems import SmartreiseError

_SETTLE_S: Final = 30.0
_TICKS: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class ServiceFailed(SmartreiseError):
    """The service does not answer what a load test needs."""


@click.command()
@click.option("--server", "servers", multiple=True, default=("http://127.0.0.1:8080",), show_default=True,
              help="A gateway; may be given several times, clients take them in turn.")  # fmt: skip
@click.option("--clients", type=click.IntRange(1, 50_000), default=1_000, show_default=True)
@click.option("--topics", type=click.IntRange(1, 5_000), default=50, show_default=True, help="Boards that they follow.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=30.0, show_default=True)
@click.option("--silent", type=click.IntRange(0), default=0, help="Clients that do not read until the end.")
@click.option("--drops", type=click.FloatRange(0), default=0.0, help="Clients a second that lose their line.")
@click.option("--packed", is_flag=True, help="Ask for compressed messages.")
@click.option("--pid", "pids", type=int, multiple=True, help="A gateway's process on this machine, to tell its CPU.")
@click.option("--json", "as_json", is_flag=True)
def load(
    servers: Sequence[str], clients: int, topics: int, seconds: float, silent: int, drops: float, packed: bool,
    pids: Sequence[int], as_json: bool,
) -> None:  # fmt: skip
    """Follow boards with many clients at once, some slow, some dropping; exit 1 unless all end like the server.

    \b
    Example: smartreise load --clients 2000 --topics 100 --seconds 20 --drops 10
    """
    report = asyncio.run(_run(servers, clients, topics, seconds, min(silent, clients), drops, packed, pids))
    if as_json:
        click.echo(json.dumps(report))
    else:
        for name, value in report.items():
            click.echo(f"{name:24} {value}")
    if report["wrong"]:
        raise click.exceptions.Exit(1)


async def _run(
    servers: Sequence[str], clients: int, topics: int, seconds: float, silent: int, drops: float, packed: bool,
    pids: Sequence[int],
) -> dict[str, Any]:  # fmt: skip
    async with aiohttp.ClientSession() as http:
        questions = await _questions(http, servers[0], topics)
        memory = sum(_memory(pid) for pid in pids)
        crowd = Crowd(servers, questions, clients, packs=packed)
        for client in crowd.clients[:silent]:
            client.stop_reading()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(crowd.run())
            took_s = await _opened(crowd, seconds)
            grown = sum(_memory(pid) for pid in pids) - memory
            before, cpu = crowd.tally.frames, sum(_cpu(pid) for pid in pids)
            await _drop(crowd, seconds, drops)
            frames, cpu = crowd.tally.frames - before, sum(_cpu(pid) for pid in pids) - cpu
            for client in crowd.clients:
                client.read_on()
            wrong = await _settle(http, servers[0], crowd)
            report = _report(crowd, wrong, took_s)
            running.cancel()
    if pids:
        report["cpu_us_per_frame"] = round(cpu / max(frames, 1) * 1e6, 1)
        report["memory_bytes_per_client"] = round(grown / clients)
    return report


async def _questions(http: aiohttp.ClientSession, server: str, topics: int) -> list[Question]:
    """Boards of stops around the first office, each by itself."""
    offices = (await _get(http, server, "/v1/offices"))[1]["offices"]
    if not offices:
        raise ServiceFailed(f"{server} has no office around which to look for stops")
    near = f"{offices[0]['lat']},{offices[0]['lon']}"
    stops = (await _get(http, server, f"/v1/stops?near={near}&radius_m=50000"))[1]["stops"]
    if not stops:
        raise ServiceFailed(f"{server} knows no stops around {near}")
    return [board_of(stops[number % len(stops)]["id"], 5 + number // len(stops)) for number in range(topics)]


def board_of(stop: str, limit: int) -> Question:
    """The board of a stop."""
    params = (("limit", str(limit)), ("stop", stop))
    return Question("board", params, f"/v1/stops/{stop}/departures?limit={limit}")


async def _get(http: aiohttp.ClientSession, server: str, path: str) -> tuple[str, Any]:
    """ETag and data of a GET; what the limit of reads holds up is asked again."""
    for _ in range(60):
        try:
            async with http.get(server.rstrip("/") + path, headers={"Accept-Encoding": "identity"}) as answer:
                if answer.status == 200:
                    return answer.headers["ETag"].strip('"'), await answer.json()
                if answer.status not in (429, 503):
                    raise ServiceFailed(f"{server}{path}: {answer.status}")
                await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))
        except aiohttp.ClientError as fault:
            raise ServiceFailed(f"no service answers at {server}: {fault}") from None
    raise ServiceFailed(f"{server}{path} is held up for too long")


async def _opened(crowd: Crowd, seconds: float) -> float:
    try:
        return await crowd.until_live(60 + seconds)
    except TimeoutError:
        away = sum(not client.is_live for client in crowd.clients if client.reads)
        raise ServiceFailed(f"{away} clients got no state") from None


async def _drop(crowd: Crowd, seconds: float, drops: float) -> None:
    """For so long, some lose their line."""
    loop, dice = asyncio.get_running_loop(), random.Random(0)  # noqa: S311 — which client drops is no secret
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        await asyncio.sleep(min(left, 1 / drops if drops else left))
        if drops:
            dice.choice(crowd.clients).drop()


async def _settle(http: aiohttp.ClientSession, server: str, crowd: Crowd) -> list[str]:
    """Compares each client with the server until all agree, for some time at most; who does not."""
    loop = asyncio.get_running_loop()
    paths, end = {client.question.path for client in crowd.clients}, loop.time() + _SETTLE_S
    wrong = ["nobody was asked"]
    while wrong and loop.time() < end:
        await asyncio.sleep(0.5)
        wrong = []
        for path in sorted(paths):
            wrong += crowd.wrong(path, await _get(http, server, path))
    return wrong


def _report(crowd: Crowd, wrong: list[str], took_s: float) -> dict[str, Any]:
    tally = crowd.tally
    ages = sorted(tally.ages_s)
    # the clocks of two machines differ: the quickest frame stands for no time at all
    late = {f"p{share}": round((ages[min(len(ages) - 1, len(ages) * share // 100)] - ages[0]) * 1000) for share in
            (50, 90, 99)} if ages else {}  # fmt: skip
    return {
        "clients": len(crowd.clients),
        "connected_in_s": round(took_s, 2),
        "connections": tally.opened,
        "refused": tally.refused,
        "lost": tally.lost,
        "frames": tally.frames,
        "bytes": tally.bytes,
        "snapshots": tally.snapshots,
        "deltas": tally.deltas,
        "resumed_current": tally.current,
        "errors": tally.errors,
        "late_ms": late,
        "wrong": len(wrong),
        "examples": wrong[:3],
    }


def _memory(pid: int) -> int:
    """Bytes that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
