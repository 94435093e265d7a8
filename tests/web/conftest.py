"""A real browser against a real service on the demo region, on a weekday afternoon.

What a reader would get wrong: one service is shared by all tests of the session. A test that injects a fault
takes it back.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright

from tests.service import ROOT, Service, serving

CLOCK: Final = "2026-11-24T15:42:00+01:00"
#: browsers that come as packages
ENGINES: Final = ROOT / "tests/web/engines"
PHONE: Final = (390, 844)
LANDSCAPE: Final = (1920, 1080)
PORTRAIT: Final = (1080, 1920)
#: what a headless Chromium needs where there is neither root nor a graphics card
_FLAGS: Final = (
    "--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """The demo region, served."""
    if not (ROOT / "web/dist/office.html").is_file():
        pytest.skip("the pages are not built: make web")
    data = tmp_path_factory.mktemp("demo")
    async with held(lambda: serving("demo", data_dir=data, clock=CLOCK)) as service:
        yield service


@asynccontextmanager
async def held(make: Callable[[], Any]) -> AsyncIterator[Any]:
    """Keeps an asynchronous context open in a task of its own: a fixture ends in another task than it began in."""
    ready: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def hold() -> None:
        try:
            async with make() as value:
                ready.set_result(value)
                await done.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    task = asyncio.ensure_future(hold())
    try:
        yield await ready
    finally:
        done.set()
        await task


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser."""
    command = ["node", "chromium.mjs"]
    found = subprocess.run(command, cwd=ENGINES, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip(f"no browser: {found.stderr.strip().splitlines()[-1:]}")
    return found.stdout.strip()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield launched
        await launched.close()


@dataclass
class Visit:
    """A page and what went wrong on it: errors, and requests to anywhere but the service."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def find(self, selector: str, *, has_text: str | None = None) -> Locator:
        return self.page.locator(selector, has_text=has_text)

    async def until(self, expression: str, argument: Any = None, *, seconds: float = 20) -> None:
        """Until a JavaScript function over the document holds."""
        await self.page.wait_for_function(expression, arg=argument, timeout=seconds * 1000, polling=25)

    async def state(self, wanted: str, *, seconds: float = 20) -> None:
        await self.until("state => document.documentElement.dataset.state === state", wanted, seconds=seconds)

    async def text(self, selector: str) -> str:
        return " ".join((await self.find(selector).inner_text()).split())

    async def picture(self, name: str) -> None:
        """A screenshot, where SMARTREISE_SCREENSHOTS names a folder for them."""
        folder = os.environ.get("SMARTREISE_SCREENSHOTS")
        if folder:
            await self.page.evaluate(_AT_REST)
            await self.page.screenshot(path=Path(folder) / f"{name}.png")


#: every animation played to its end
_AT_REST: Final = """() => {
  const roots = [document, ...[...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean)];
  const once = (animation) => animation.effect.getTiming().iterations === 1;
  const ends = roots.flatMap((root) => root.getAnimations().filter(once).map((a) => a.finished));
  return Promise.race([Promise.allSettled(ends), new Promise((resolve) => setTimeout(resolve, 5000))]).then(() => {});
}"""

Opener = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, demo: Service) -> AsyncIterator[Opener]:
    """Opens pages; at the end none of them may have failed or asked anybody else for anything."""
    visits: list[Visit] = []

    async def open_page(
        path: str, size: tuple[int, int] = LANDSCAPE, *, script: str | None = None, **context: Any
    ) -> Visit:
        room = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
        page = await room.new_page()
        opened = Visit(page)
        page.on("pageerror", lambda error: opened.faults.append(f"error: {error}"))
        page.on("request", lambda request: _note_foreign(opened, demo.url, request.url))
        page.on("console", lambda message: _note_refused(opened, message.type, message.text))
        if script:
            await page.add_init_script(script)
        visits.append(opened)
        await page.goto(demo.url + path)
        return opened

    yield open_page
    for opened in visits:
        await opened.page.context.close()
    assert [fault for opened in visits for fault in opened.faults] == []


def _note_foreign(opened: Visit, ours: str, url: str) -> None:
    if not url.startswith((ours, "blob:", "data:")):
        opened.faults.append(f"asked elsewhere: {url}")


def _note_refused(opened: Visit, kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        opened.faults.append(text)
