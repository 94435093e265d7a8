"""The protocol, message by message, without a socket."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smartreise.push.session import Close, Leave, Pong, Refuse, Session, Subscribe
from smartreise.push.settings import PushSettings


def say(session: Session, now: float = 0.0, **frame: Any) -> list[Any]:
    return list(session.receive(json.dumps(frame), now=now))


def subscribe(session: Session, sub: str, key: str | None = None, **more: Any) -> Subscribe:
    effect = say(session, type="subscribe", sub=sub, topic="board", params={"stop": "A"}, **more)[-1]
    assert isinstance(effect, Subscribe)
    if key is not None:
        assert session.accept(effect, key)
    return effect


def test_a_ping_is_answered() -> None:
    assert say(Session(PushSettings()), type="ping") == [Pong()]


def test_parameters_are_texts_as_in_a_query_string() -> None:
    params = {"stop": 7, "limit": 10.0, "speed": 1.5, "arrive_by": True, "modes": ["bus", "tram"], "lines": None}
    (effect,) = say(Session(PushSettings()), type="subscribe", sub="a", topic="board", params=params, rev="r")
    assert effect.params == {
        "stop": "7", "limit": "10", "speed": "1.5", "arrive_by": "true", "modes": "bus,tram", "lines": "",
    }  # fmt: skip
    assert (effect.sub, effect.topic, effect.rev) == ("a", "board", "r")


def test_the_last_subscription_on_a_topic_leaves_it() -> None:
    session = Session(PushSettings())
    subscribe(session, "a", "board?stop=A")
    subscribe(session, "b", "board?stop=A")
    assert session.subs_of("board?stop=A") == ["a", "b"]
    assert say(session, type="unsubscribe", sub="a") == []
    assert say(session, type="unsubscribe", sub="b") == [Leave("board?stop=A")]
    (unknown,) = say(session, type="unsubscribe", sub="b")
    assert isinstance(unknown, Refuse)
    assert (unknown.sub, unknown.failure.status) == ("b", 404)


def test_what_was_withdrawn_meanwhile_is_not_accepted() -> None:
    session = Session(PushSettings())
    request = subscribe(session, "a")
    say(session, type="unsubscribe", sub="a")
    assert not session.accept(request, "board?stop=A")
    assert not session.refuse(request)


def test_asking_anew_under_a_name_replaces_what_it_named() -> None:
    session = Session(PushSettings())
    subscribe(session, "a", "board?stop=A")
    leave, again = say(session, type="subscribe", sub="a", topic="board", params={"stop": "B"})
    assert leave == Leave("board?stop=A")
    assert session.accept(again, "board?stop=B")


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("{not json", "not JSON"),
        ("[" * 60_000, "not JSON"),
        (b"\x00\x01", "not binary"),
        ("[]", "JSON object"),
        ('{"type":"shout"}', "type must be"),
        ('{"type":"subscribe","topic":"board"}', "sub must be"),
        ('{"type":"subscribe","sub":"","topic":"board"}', "sub must be"),
        ('{"type":"subscribe","sub":"a"}', "topic must be"),
        ('{"type":"subscribe","sub":"a","topic":"board","params":[]}', "params must be"),
        ('{"type":"subscribe","sub":"a","topic":"board","params":{"stop":{}}}', "params.stop must be"),
        ('{"type":"subscribe","sub":"a","topic":"board","rev":7}', "rev must be"),
    ],
)
def test_nonsense_is_refused_with_words(message: str | bytes, detail: str) -> None:
    (effect,) = Session(PushSettings()).receive(message, now=0)
    assert isinstance(effect, Refuse)
    assert effect.failure.status == 400
    assert detail in effect.failure.detail


def test_nonsense_again_and_again_ends_the_connection() -> None:
    session = Session(PushSettings(nonsense=3))
    effects = [session.receive("{", now=0)[0] for _ in range(3)]
    assert isinstance(effects[-1], Close)
    assert effects[-1].code == 1008


def test_too_many_subscriptions_are_refused_and_the_others_live_on() -> None:
    session = Session(PushSettings(subscriptions_per_socket=2))
    subscribe(session, "a", "t1")
    subscribe(session, "b", "t2")
    (effect,) = say(session, type="subscribe", sub="c", topic="board", params={})
    assert isinstance(effect, Refuse)
    assert (effect.sub, effect.failure.status) == ("c", 429)
    assert len(session) == 2


def test_a_flood_ends_the_connection_and_a_steady_client_never_does() -> None:
    flood, steady = Session(PushSettings(burst=5, frames_per_s=1)), Session(PushSettings(burst=5, frames_per_s=1))
    assert [type(say(flood, type="ping")[0]) for _ in range(6)] == [Pong] * 5 + [Close]
    assert all(say(steady, now=float(second), type="ping") == [Pong()] for second in range(100))
