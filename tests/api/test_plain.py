"""An office's screen without scripts, over HTTP."""

from __future__ import annotations

from tests.api.conftest import Served
from tests.drawing import clock


async def test_a_page_without_scripts_needs_no_built_web(served: Served) -> None:
    async with served.http.get(served.url + "/office/o?plain=1&lang=en") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        page = (await answer.read()).decode()
    assert 'lang="en"' in page
    assert "The office" in page
    assert "Home" in page
    assert "<script" not in page


async def test_the_pages_language_is_the_offices_unless_asked(served: Served) -> None:
    for query, status in [("", 200), ("&lang=nn", 200), ("&lang=xx", 400), ("&lang=", 400)]:
        answer, _ = await served.get(f"/office/o?plain=1{query}")
        assert answer.status == status, query


async def test_an_unknown_office_has_none(served: Served) -> None:
    answer, problem = await served.get("/office/none?plain=1")
    assert answer.status == 404
    assert problem["title"]
    answer, _ = await served.get("/office/o?plain=0")
    assert answer.status == 503, "the scripts' page, which is not built here"


async def test_a_screen_whose_script_failed_goes_back_to_its_own_page(served: Served) -> None:
    async def goes_to(query: str) -> str:
        async with served.http.get(f"{served.url}/office/o?plain=1{query}") as answer:
            page = (await answer.read()).decode()
        return page.split('http-equiv="refresh" content="', 1)[1].split('"', 1)[0]

    assert await goes_to("") == "30"
    assert await goes_to("&again=2&theme=light") == "30; url=?theme=light&amp;plain=1&amp;again=1"
    assert await goes_to("&again=0&theme=light") == "30; url=/office/o?theme=light"
    assert await goes_to("&again=0&display=d/1") == "30; url=/display/d%2F1"
    for again in ("-1", "x", "1000", ""):
        answer, _ = await served.get(f"/office/o?plain=1&again={again}")
        assert answer.status == 400, again


async def test_the_theme_is_what_is_asked_for_and_may_follow_the_sun(served: Served) -> None:
    async def theme(query: str) -> str:
        async with served.http.get(f"{served.url}/office/o?plain=1{query}") as answer:
            page = (await answer.read()).decode()
        return page.split('class="', 1)[1].split('"', 1)[0]

    served.source.time = clock("12:00")
    assert [await theme(f"&theme={name}") for name in ("light", "dark", "daylight")] == ["light", "dark", "light"]
    served.source.time = clock("23:30")
    assert await theme("&theme=daylight") == "dark"
    assert await theme("&theme=none-such") == "dark"
