"""`/v1/places` with a geocoder: what the timetable and offices name first, then addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from smartreise.views import wire
from tests.api.conftest import Serve


@dataclass
class Book:
    """Knows one address, and what it was asked."""

    asked: list[str] = field(default_factory=list)

    async def find(self, text: str) -> Sequence[wire.Place]:
        self.asked.append(text)
        return [wire.Place(name="The office road 1, Oslo", lat=59.95, lon=10.5)]


async def test_addresses_follow_what_is_known_here(serve: Serve) -> None:
    book = Book()
    served = await serve(addresses=book)
    answer, found = await served.get("/v1/places?q=the office")
    assert [place["name"] for place in found["places"]] == ["The office", "The office road 1, Oslo"]
    assert found["places"][0]["office_id"] == "o"
    again, _ = await served.get("/v1/places?q=the office", If_None_Match=answer.headers["ETag"])
    assert (answer.status, again.status) == (200, 304)
    assert book.asked == ["the office", "the office"]


async def test_nobody_is_asked_about_a_point_two_letters_or_a_mistake(serve: Serve) -> None:
    book = Book()
    served = await serve(addresses=book)
    for question in ("q=59.9,10.7", "q=os", "q=", "q=office&limit=0", "q=office&dragons=1"):
        await served.get(f"/v1/places?{question}")
    assert book.asked == []
    answer, found = await served.get("/v1/places?q=office road&limit=1")
    assert (answer.status, len(found["places"])) == (200, 1)
