"""A rolling update: every gateway is replaced, one after the other, and a lobby screen never goes blank."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.chaos.world import World, a_world

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: keeps, in the page, every state that the screen was in, and the least number of cards once it had some
_WATCH = """() => {
  window.seen = {states: new Set(), least: Infinity};
  setInterval(() => {
    const office = document.querySelector('sr-office');
    const cards = office?.shadowRoot?.querySelectorAll('.dest').length ?? 0;
    window.seen.states.add(document.documentElement.dataset.state);
    window.seen.least = Math.min(window.seen.least, cards);
  }, 50);
}"""


@asynccontextmanager
async def balanced(world: World) -> AsyncIterator[str]:
    """One address for all gateways: a connection goes to the first one that takes it, as a proxy in front does."""
    tasks: set[asyncio.Task[None]] = set()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with contextlib.AsyncExitStack() as closing:
            closing.push_async_callback(closed, writer)
            for port in world.ports:
                try:
                    inner = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    continue
                closing.push_async_callback(closed, inner[1])
                await asyncio.gather(pipe(reader, inner[1]), pipe(inner[0], writer))
                return

    async def closed(writer: asyncio.StreamWriter) -> None:
        """Gives the socket back: a writer that is dropped while it closes is an error of the test."""
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(take(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        left = list(tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_screen_is_never_blank_while_every_gateway_is_replaced(tmp_path: Path, browser: Browser) -> None:
    async with a_world(tmp_path / "world") as world, balanced(world) as url:
        page = await browser.new_page()
        await page.goto(url + "/office/o")
        await page.wait_for_function(
            "() => document.documentElement.dataset.state === 'fresh'"
            " && document.querySelector('sr-office').shadowRoot.querySelector('.dest')"
        )
        await page.evaluate(_WATCH)
        for _ in range(2):
            world.gateways[0].child.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(world.gateways[0].child.wait(), 20) == 0
            await world.replace_gateway()
            await world.well(within_s=60)
            world.gateways.append(world.gateways.pop(0))
            world.ports.append(world.ports.pop(0))
        await page.wait_for_function("() => document.documentElement.dataset.state === 'fresh'")
        states, least = await page.evaluate("() => [[...window.seen.states], window.seen.least]")
        await page.close()
        assert least >= 1
        assert set(states) <= {"fresh", "offline"}, states
