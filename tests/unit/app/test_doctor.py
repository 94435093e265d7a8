"""Set-ups that are wrong, and what the doctor says of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from smartreise.app.doctor import Finding, SetUp, _judge_store, examine
from smartreise.store.embedded import embedded_valkey
from tests.service import free_port


def set_up(folder: Path, **changes: Any) -> SetUp:
    pages = folder / "dist"
    pages.mkdir(exist_ok=True)
    (pages / "index.html").touch()
    given: dict[str, Any] = {"region": "demo", "redis": None, "data_dir": folder / "data", "host": "127.0.0.1"}
    given |= {"port": free_port(), "web_dist": pages, "default_data_dir": lambda name: folder / name}
    return SetUp(**(given | changes))


def bad(found: list[Finding]) -> list[str]:
    assert all(finding.advice for finding in found if finding.level == "bad")
    return [f"{finding.subject}: {finding.text}" for finding in found if finding.level == "bad"]


async def test_a_sound_set_up_has_nothing_bad(tmp_path: Path) -> None:
    found = await examine(set_up(tmp_path))
    assert bad(found) == []
    assert {"python", "pages", "region", "data folder", "port"} <= {finding.subject for finding in found}


async def test_pages_that_were_not_built_are_told(tmp_path: Path) -> None:
    found = await examine(set_up(tmp_path, web_dist=tmp_path / "none"))
    assert bad(found) == [f"pages: {tmp_path / 'none'} holds no pages"]


async def test_a_region_that_is_wrong_is_told(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text('[region]\nid = "x"\n')
    assert bad(await examine(set_up(tmp_path, region=str(file)))) == [f"region: {file}: region.name: is missing"]


async def test_a_feed_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text(
        '[region]\nid = "x"\nname = "X"\ntimezone = "Europe/Oslo"\n[[static]]\nid = "s"\nurl = "missing.zip"\n'
    )
    found = bad(await examine(set_up(tmp_path, region=str(file))))
    assert found == [f"feed s: {tmp_path / 'missing.zip'} does not exist"]


async def test_a_store_that_does_not_answer_is_told(tmp_path: Path) -> None:
    found = bad(await examine(set_up(tmp_path, redis=f"redis://127.0.0.1:{free_port()}")))
    assert len(found) == 1
    assert found[0].startswith("store: the store does not answer")


async def test_a_running_store_is_looked_at(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path / "data") as url:
        assert bad(await examine(set_up(tmp_path, redis=url))) == []
        found = await examine(set_up(tmp_path))
        assert any("a service runs on it" in finding.text for finding in found)


async def test_a_port_that_is_taken_is_noted(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    taken = server.sockets[0].getsockname()[1]
    found = await examine(set_up(tmp_path, port=taken))
    assert [finding.level for finding in found if finding.subject == "port"] == ["note"]
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"redis_version": "6.0.1"}, "use Redis 6.2 or newer"),
        ({"role": "slave"}, "give the primary's address"),
        ({"aof_enabled": 0}, "appendonly yes"),
        ({"aof_last_write_status": "err"}, "look at its disk"),
        ({"maxmemory": 100, "maxmemory_policy": "allkeys-lru"}, "noeviction"),
    ],
)
def test_what_a_store_must_not_be(facts: dict[str, Any], told: str) -> None:
    sound = {"redis_version": "7.2.4", "role": "master", "aof_enabled": 1, "aof_last_write_status": "ok"}
    assert bad(list(_judge_store(sound))) == []
    found = [finding for finding in _judge_store(sound | facts) if finding.level == "bad"]
    assert len(found) == 1
    assert told in found[0].advice
