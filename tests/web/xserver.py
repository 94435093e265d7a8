"""A screen of the tests' own (Xvfb), for browsers that draw all they can only with one."""

from __future__ import annotations

import asyncio
import shutil
import struct
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from PIL import Image

_SIZE: Final = "2200x2200x24"


def installed() -> str | None:
    """Path of the X server; None where there is none."""
    return shutil.which("Xvfb")


@asynccontextmanager
async def screen(program: str, folder: Path) -> AsyncIterator[Mapping[str, str]]:
    """The variables by which a browser finds the screen. Its memory lies in `folder`, where `read` looks."""
    server = await asyncio.create_subprocess_exec(
        program, "-displayfd", "1", "-screen", "0", _SIZE, "-nolisten", "tcp", "-fbdir", str(folder),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        display = (await server.stdout.readline()).decode().strip()
        yield {"DISPLAY": f":{display}", "LIBGL_ALWAYS_SOFTWARE": "1", "GDK_BACKEND": "x11"}
    finally:
        server.terminate()
        await server.wait()


def read(folder: Path) -> Image.Image:
    """All of the screen: an XWD file, version 7, of 32 bits a pixel, blue first."""
    data = (folder / "Xvfb_screen0").read_bytes()
    head = struct.unpack(">20I", data[:80])
    width, height, line, start = head[4], head[5], head[12], head[0] + head[19] * 12
    return Image.frombuffer("RGB", (width, height), data[start:], "raw", "BGRX", line, 1)
