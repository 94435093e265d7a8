"""Where time goes, told span by span to whoever wants to hear it; `app.tracing` is the one who may.

Without a listener a span is one comparison. What stands in a span is what stands in logs: feeds, routes, views, counts;
never a position, a query, an address or a key (docs/privacy.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, Protocol

Value = str | int | float | bool


class Span(Protocol):
    """One stretch of work, while it lasts."""

    def note(self, name: str, value: Value) -> None:
        """Say something of it that is only known now."""
        ...

    def end(self) -> None: ...


class Listener(Protocol):
    def span(self, name: str, attributes: dict[str, Value]) -> AbstractContextManager[Span]:
        """A span that later ones of the same task hang from. What is raised inside marks it as failed."""
        ...

    def mark(self, name: str, attributes: dict[str, Value]) -> Span:
        """A span that nothing hangs from and that somebody ends."""
        ...

    def current_trace(self) -> str | None:
        """The id of the trace that the running task is in, 32 hexadecimal digits."""
        ...


class _Silent:
    def note(self, name: str, value: Value) -> None:
        """Nobody listens."""

    def end(self) -> None:
        """Nobody listens."""


SILENT: Final = _Silent()
_NOTHING: Final[AbstractContextManager[Span]] = nullcontext(SILENT)
_listener: Listener | None = None


def span(name: str, **attributes: Value) -> AbstractContextManager[Span]:
    """`with span("feed.fetch", feed="ruter") as told: …`"""
    return _NOTHING if _listener is None else _listener.span(name, attributes)


def mark(name: str, **attributes: Value) -> Span:
    """A span for work that is done bit by bit between other work."""
    return SILENT if _listener is None else _listener.mark(name, attributes)


def current_trace() -> str | None:
    """The running task's trace, None outside of one."""
    return None if _listener is None else _listener.current_trace()


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Spans are told to ``listener`` until the end; one process has one."""
    global _listener
    _listener = listener
    try:
        yield
    finally:
        _listener = None
