"""Client and server together, in any order of subscribing, change, gap, resume and slow reading, over two gateways.

The client ends with what the server has, and never has to ask for a step that it missed. It is `smartreise.client`'s
session, the server is the hub with its topics; between them lies a line that delivers when the test says so, or breaks.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from smartreise.client.session import ClientSession, Data, Effect, Failed, Send
from smartreise.push.client import Client
from smartreise.push.frames import Frame
from smartreise.push.settings import PushSettings
from tests.unit.push.world import AtOnce, Stage, World, stage

STOPS = "AB"
#: seconds from now, by row
ROWS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 15), min_size=1)
#: small limits, so that a few steps meet all of them
LIMITS = PushSettings(outbox_bytes=900, history=4, heartbeat_s=3600, burst=10_000)


class Line:
    """A transport to one client, and what is under way on it in both directions."""

    answers = True

    def __init__(self, buffer: int) -> None:
        self.buffer = buffer
        self.down: list[str] = []
        self.up: list[str] = []
        self.client: Client | None = None

    def write(self, frame: Frame) -> None:
        self.down.append(frame.data.decode())
        if sum(map(len, self.down)) > self.buffer and self.client is not None:
            self.client.pause(0.0)

    beat = write

    def close(self, code: int, reason: str) -> None:
        assert code == 1012, f"nothing here is a reason to close: {code} {reason}"
        if self.client is not None:
            self.client.gone()


class Conversations(RuleBasedStateMachine):
    """`held` is what the application has been told, by subscription."""

    @initialize(buffer=st.sampled_from([0, 300, 1000, 3000]))
    def begin(self, buffer: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.world = World()
        self.buffer = buffer
        self.stages = contextlib.AsyncExitStack()
        self.gateways: list[Stage] = [
            self.run(self.stages.enter_async_context(stage(world=self.world, settings=LIMITS, executor=AtOnce())))
            for _ in range(2)
        ]
        self.world.set(A={"a": 1010}, B={"b": 1010})
        self.session = ClientSession(lambda: 0.5)
        self.line: Line | None = None
        self.held: dict[str, tuple[str, Any]] = {}
        self.refused: set[str] = set()
        self.names = 0
        for gateway in self.gateways:  # somebody else, for whom each step is made
            self.run(_watch(gateway.hub))
        self.connect(0)
        for stop in STOPS:
            self.subscribe(stop)
        self.talk()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @rule(stop=st.sampled_from(STOPS), rows=ROWS)
    def change(self, stop: str, rows: dict[str, int]) -> None:
        self.world.set(**{stop: {row: int(self.world.time) + ahead for row, ahead in rows.items()}})
        self.pass_time()

    @rule(seconds=st.integers(1, 5))
    def age(self, seconds: int) -> None:
        self.world.time += seconds
        self.pass_time()

    @rule(stop=st.sampled_from(STOPS))
    def lose_a_stop(self, stop: str) -> None:
        self.world.drop(stop)
        self.pass_time()

    @precondition(lambda self: len(self.session.subscriptions) < 4)
    @rule(stop=st.sampled_from(STOPS))
    def subscribe(self, stop: str) -> None:
        """Under a new name each time, as `smartreise.client` does: what was promised to an old one is told apart."""
        self.names += 1
        self.do(self.session.subscribe(f"s{self.names}", "board", {"stop": stop}))

    @precondition(lambda self: self.session.subscriptions)
    @rule(which=st.integers(0, 3))
    def unsubscribe(self, which: int) -> None:
        subs = list(self.session.subscriptions)
        sub = subs[which % len(subs)]
        self.held.pop(sub, None)
        self.do(self.session.unsubscribe(sub))

    @rule(gateway=st.sampled_from([0, 0, 0, 1]))
    def connect(self, gateway: int) -> None:
        self.hang_up()
        self.line = Line(self.buffer)
        hub = self.gateways[gateway].hub
        self.line.client = self.run(_connect(hub, self.line))
        self.do(self.session.opened(0.0))

    @precondition(lambda self: self.line is not None)
    @rule()
    def break_the_line(self) -> None:
        """What was under way is lost."""
        self.hang_up()

    @precondition(lambda self: self.line is not None)
    @rule(count=st.integers(1, 5))
    def read(self, count: int) -> None:
        self.deliver(count)

    @precondition(lambda self: self.line is not None)
    @rule()
    def talk(self) -> None:
        """All that is under way arrives, and what comes of it."""
        while self.line is not None and (self.line.up or self.line.down):
            self.carry()
            self.deliver(1000)

    @precondition(lambda self: self.line is not None)
    @rule()
    def be_heard(self) -> None:
        self.carry()

    @invariant()
    def nothing_grows_without_end(self) -> None:
        for gateway in getattr(self, "gateways", ()):
            assert gateway.hub.statistics().waiting_bytes <= LIMITS.outbox_bytes

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            self.end()
        finally:
            self.hang_up()
            self.run(self.stages.aclose())
            self.run(self.loop.shutdown_default_executor())
            self.loop.close()

    def end(self) -> None:
        """All stops are there and the line holds: whoever asks has what the server has."""
        rows = self.world.snapshot.rows if self.world.snapshot else {}
        self.world.set(**{stop: rows.get(stop, {"z": 9999}) for stop in STOPS})
        if self.line is None:
            self.connect(1)
        for _ in range(100):
            self.carry()
            self.deliver(1000)
            for sub in self.refused & self.session.subscriptions.keys():
                stop = str(self.session.subscriptions[sub].params["stop"])
                self.refused.discard(sub)
                self.do(self.session.unsubscribe(sub))
                self.subscribe(stop)
            if all(self.is_right(sub) for sub in self.session.subscriptions):
                return
        raise AssertionError(f"{self.held} is not what the server has")

    def is_right(self, sub: str) -> bool:
        params = dict(self.session.subscriptions[sub].params)
        state = self.run(self.gateways[0].topics.get("board", params))
        rev, data = self.held.get(sub, ("", None))
        return bool(rev == state.rev and data == json.loads(state.body))

    def do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    assert self.line is not None
                    self.line.up.append(json.dumps(frame))
                case Data(sub, data, rev):
                    self.held[sub] = (rev, data)
                case Failed(sub, _, _, _, again) if sub is not None and not again:
                    self.refused.add(sub)
        self.pass_time()

    def deliver(self, count: int) -> None:
        """The client reads so many frames."""
        line = self.line
        assert line is not None
        for text in [line.down.pop(0) for _ in range(min(count, len(line.down)))]:
            self.do(self.session.receive(text, 0.0))
            missed = [sub for sub, held in self.session.subscriptions.items() if held.waiting]
            assert not missed, f"{missed} missed a step before {text}"
        if line.client is not None and line.client.is_paused and sum(map(len, line.down)) <= line.buffer:
            self.run(_call(line.client.resume))
        self.pass_time()

    def carry(self) -> None:
        """The server gets what the client said."""
        line = self.line
        assert line is not None
        said, line.up = line.up, []
        for text in said:
            self.run(_hear(line, text))
        self.pass_time()

    def hang_up(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            client, line.client = line.client, None
            assert client is not None
            self.run(_call(client.gone))
            self.session.lost(1006)

    def pass_time(self) -> None:
        self.run(_turns(12))


async def _connect(hub: Any, line: Line) -> Client:
    client: Client = hub.connect(line, address="a")
    line.client = client
    hub.greet(client)
    return client


async def _watch(hub: Any) -> None:
    """A client that follows all and reads all."""
    line = Line(10**9)
    client = await _connect(hub, line)
    for stop in STOPS:
        ask = {"type": "subscribe", "sub": stop, "topic": "board", "params": {"stop": stop}}
        client.receive(json.dumps(ask), 0.0)


async def _turns(count: int) -> None:
    """The loop goes round so often: what is to be computed and told is."""
    for _ in range(count):
        await asyncio.sleep(0)


async def _call(what: Any) -> None:
    what()


async def _hear(line: Line, text: str) -> None:
    if line.client is not None:
        line.client.receive(text, asyncio.get_running_loop().time())


Conversations.TestCase.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestConversations = Conversations.TestCase
