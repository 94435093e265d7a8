"""The page without scripts says what the screen says, at a moment, in every language."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest

from smartreise.views import wire
from smartreise.views.plain import plain_page
from smartreise.views.plain_texts import PLAIN_TEXTS, PlainTexts
from tests.service import ROOT

BUS = wire.Line(id="31", name="31", mode="bus", color=None, text_color=None)
HERE = wire.Place(name="Her <script>", lat=59.9, lon=10.6)
STOP = wire.Stop(
    id="s", name="IT Fornebu", lat=59.9, lon=10.6, platform=None, parent=None, modes=["bus"], wheelchair=None
)


def at(time: str) -> str:
    return f"2026-11-23T{time}:00+01:00"


def ride(leave: str, **more: Any) -> wire.Suggestion:
    call = wire.Call(scheduled=at(leave), expected=at(leave))
    leg = wire.Leg(mode="bus", from_=HERE, to=HERE, depart=call, arrive=call, distance_m=1.0, geometry=None, line=BUS)
    usual: dict[str, Any] = {"status": "ok", "reason": None, "reach": "go", "id": leave}
    return wire.Suggestion(
        leave_at=at(leave), arrive_at=at("16:40"), duration_s=1200, transfers=1, walk_m=0.0, bike_m=0.0, co2_g=0.0,
        car_co2_g=1900.0, modes=["bus"], legs=[leg], **{**usual, **more},
    )  # fmt: skip


def departure(time: str, **more: Any) -> wire.Departure:
    usual: dict[str, Any] = {"scheduled": at(time), "expected": at(time), "cancelled": False, "walk_s": 240}
    return wire.Departure(
        id=time, trip_id="t", service_date="2026-11-23", line=BUS, headsign="Grorud", stop_id="q", quay="A", delay_s=0,
        realtime=True, added=False, platform_changed=False, occupancy=None, wheelchair=None, alerts=[],
        **{**usual, **more},
    )  # fmt: skip


def page(
    suggestions: list[wire.Suggestion],
    departures: list[wire.Departure],
    *,
    now: str = "16:00",
    language: str = "nb",
    feed: str = "fresh",
) -> str:
    """The page without tags, blanks as they fall."""
    brief = wire.FeedBrief(id="rt", kind="realtime", state=feed, since=at("15:50"))  # type: ignore[arg-type]
    view = wire.OfficeView(
        office=wire.OfficeItem(
            id="o", name="A & B", lat=59.9, lon=10.6, languages=["nb"], theme="dark", destinations=[]
        ),
        suggestions=[wire.DestinationSuggestions(destination=HERE, suggestions=suggestions)],
        boards=[wire.Board(stop=STOP, departures=departures, alerts=[], realtime="fresh")],
        mobility=[], alerts=[], feeds=[brief], demo=True, attribution=["Ruter"], region="demo",
        timezone="Europe/Oslo",
    )  # fmt: skip
    health = wire.Feed(
        id="rt", kind="realtime", state=brief.state, since=None, updated_at=at("15:59"), entities={}, match_rate=None,
        unmatched={}, skipped={}, last_error=None, retry_at=None, licence=None, attribution=None,
    )  # fmt: skip
    feeds = wire.Feeds(feeds=[health], warnings=[], region="demo", timezone="Europe/Oslo", demo=True)
    html = plain_page(view, feeds, now=datetime.fromisoformat(at(now)), language=language, theme="dark")
    assert html.startswith("<!doctype html>")
    assert "<script" not in html
    return " ".join(re.sub(r"<[^>]+>", " ", html.replace("<s>", "~").replace("</s>", "~")).split())


def test_says_when_to_leave_in_minutes_and_by_the_clock() -> None:
    told = page([ride("16:04")], [])
    assert "Gå om 4 min kl. 16:04" in told
    assert "framme 16:40" in told
    assert "1 bytte · 1,9 kg CO₂ spart" in told
    assert "DEMO" in told
    assert "Siden er fra kl. 16:00:00" in told
    assert "rt (sanntid): fersk, for 60 s siden" in told


def test_what_has_left_is_gone_and_what_is_cancelled_stays_struck() -> None:
    told = page([ride("15:59")], [departure("15:59"), departure("16:05", cancelled=True)])
    assert "Ingen reise funnet den neste timen" in told
    assert "15:59" not in told.replace("15:59:00", "").split("Avganger i nærheten")[1].split("Siden er")[0]
    assert "innstilt ~16:05~" in told


def test_planned_and_expected_stand_side_by_side_where_they_differ() -> None:
    told = page([], [departure("16:05", expected=at("16:09"), reach="hurry")])
    assert "Grorud skynd deg ~16:05~ 16:09" in told


def test_a_broken_way_is_struck_with_its_reason() -> None:
    told = page([ride("16:04", status="broken", reason="trip_cancelled")], [])
    assert "innstilt ~16:04" in told


@pytest.mark.parametrize(
    ("departures", "now", "feed", "told"),
    [
        ([], "16:00", "fresh", "Verken kollektivtrafikk"),
        (["23:10"], "16:00", "fresh", "Ingen flere avganger i natt. Første avgang herfra går 23:10"),
        (["16:10"], "16:00", "stale", "Sanntid mangler siden 15:50"),
    ],
)
def test_every_emptiness_has_its_words(departures: list[str], now: str, feed: str, told: str) -> None:
    assert told in page([], [departure(time) for time in departures], now=now, feed=feed)


def test_what_feeds_say_is_text() -> None:
    assert "A &amp; B" in page([], [])
    assert "Her &lt;script&gt;" in page([ride("16:04")], [])


@pytest.mark.parametrize("language", list(PLAIN_TEXTS))
def test_speaks_every_language_in_the_words_of_the_screen(language: str) -> None:
    assert "31" in page([ride("16:04")], [departure("16:10")], language=language)
    texts, first = PLAIN_TEXTS[language], PLAIN_TEXTS["nb"]
    words = (ROOT / f"web/src/i18n/{language}.ts").read_text(encoding="utf-8")
    for name in ("how", "nearby", "door", "leave_now", "any_time", "no_changes", "cancelled", "hurry", "missed",
                 "no_way", "no_departures", "empty", "no_realtime", "tomorrow", "at_once"):  # fmt: skip
        assert f'"{getattr(texts, name)}"' in words, name
    for field in fields(PlainTexts):
        own, theirs = getattr(texts, field.name), getattr(first, field.name)
        assert own, field.name
        assert not isinstance(own, dict) or own.keys() == theirs.keys(), field.name
