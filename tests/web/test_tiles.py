"""Maps on tiles that a region names: pictures, and a PMTiles archive of pictures or of vector tiles.

The archive is written here, byte by byte, as the PMTiles specification (version 3) says: one tile for all the world.
"""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Route

from tests.web.conftest import Opener, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GREEN = (20, 160, 60)
VECTOR, PNG = 1, 2


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (256, 256), GREEN).save(file, "PNG")
    return file.getvalue()


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def all_water() -> bytes:
    """A Mapbox vector tile whose layer `water` covers it."""
    square = [9, 0, 0, 26, 8192, 0, 0, 8192, 8191, 0, 15]  # move to 0,0; three lines of ±4096, zigzag; close
    feature = field(3, 3) + field(4, b"".join(varint(number) for number in square))
    return field(3, field(15, 2) + field(1, b"water") + field(2, feature) + field(5, 4096))


def archive(tile: bytes, kind: int, metadata: dict[str, Any]) -> bytes:
    directory = varint(1) + varint(0) + varint(1) + varint(len(tile)) + varint(1)
    meta = json.dumps(metadata).encode()
    at = 127
    places = (at, len(directory), at + len(directory), len(meta), 0, 0, at + len(directory) + len(meta), len(tile))
    header = b"PMTiles\x03" + struct.pack("<8Q", *places) + struct.pack("<3Q", 1, 1, 1)
    header += bytes([1, 1, 1, kind, 0, 0]) + struct.pack("<4i", -1800000000, -850000000, 1800000000, 850000000)
    header += bytes([0]) + struct.pack("<2i", 0, 0)
    assert len(header) == at
    return header + directory + meta + tile


async def on_tiles(visit: Opener, told: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Visit:
    """The commuter's page where `/v1/map` answers `told`."""
    page = await visit("/healthz", (1280, 800), service_workers="block")  # what it fetches cannot be answered here
    base = page.page.url.removesuffix("/healthz")
    told = {name: base + value if name == "tiles" else value for name, value in told.items()}

    async def answer(route: Route) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        if path == "/v1/map":
            return await route.fulfill(json={"tiles": None, "pmtiles": None, "attribution": None} | told)
        kind, body = files[path if path in files else "*"]
        span = (await route.request.all_headers()).get("range")
        if span is None:
            return await route.fulfill(body=body, content_type=kind)
        first, last = (int(part) for part in span.removeprefix("bytes=").split("-"))
        part = body[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(body)}", "Content-Type": kind}
        return await route.fulfill(status=206, body=part, headers=headers)

    await page.page.route("**/v1/map", answer)
    await page.page.route("**/v1/map.pmtiles", answer)
    await page.page.route("**/tiles/**", answer)
    await page.page.goto(base + "/?lang=nb&theme=light")
    await page.find("[slot=map][data-state=idle]").wait_for()
    return page


async def colour_at_sea(page: Visit) -> tuple[int, int, int]:
    """The map's colour in its lower right corner, where no line runs."""
    await page.page.wait_for_timeout(200)
    shot = Image.open(io.BytesIO(await page.page.screenshot(clip={"x": 1200, "y": 700, "width": 4, "height": 4})))
    red, green, blue = shot.convert("RGB").getpixel((1, 1))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def is_green(colour: tuple[int, int, int]) -> bool:
    return colour[1] > colour[0] + 25 and colour[1] > colour[2] + 25


@pytest.mark.long
async def test_pictures_by_their_address(visit: Opener) -> None:
    page = await on_tiles(
        visit, {"tiles": "/tiles/{z}/{x}/{y}.png", "attribution": "© T"}, {"*": ("image/png", picture())}
    )
    assert is_green(await colour_at_sea(page))
    assert await page.find(".map-credit").inner_text() == "© T"


@pytest.mark.long
async def test_an_archive_of_pictures(visit: Opener) -> None:
    body = archive(picture(), PNG, {})
    files = {"/v1/map.pmtiles": ("application/vnd.pmtiles", body)}
    assert is_green(await colour_at_sea(await on_tiles(visit, {"pmtiles": "/v1/map.pmtiles"}, files)))


async def test_an_archive_of_vector_tiles_takes_the_colours_of_the_page(visit: Opener) -> None:
    body = archive(all_water(), VECTOR, {"vector_layers": [{"id": "water", "fields": {}}]})
    files = {"/v1/map.pmtiles": ("application/vnd.pmtiles", body)}
    page = await on_tiles(visit, {"pmtiles": "/v1/map.pmtiles"}, files)
    assert await colour_at_sea(page) == (207, 224, 236)  # --map-water by day
    await page.find("select.theme").select_option("dark")
    colour = None
    for _ in range(50):  # the map goes over from one colour to the other
        colour = await colour_at_sea(page)
        if colour == (13, 24, 33):
            break
        await page.page.wait_for_timeout(100)
    assert colour == (13, 24, 33)


@pytest.mark.long
async def test_a_broken_archive_leaves_the_map_as_it_would_be(visit: Opener) -> None:
    files = {"/v1/map.pmtiles": ("application/vnd.pmtiles", b"not an archive, whatever it says" * 600)}
    page = await on_tiles(visit, {"pmtiles": "/v1/map.pmtiles"}, files)
    assert await page.find(".map-office").count() == 4
