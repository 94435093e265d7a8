"""Tracing by OpenTelemetry, where OTEL_* variables ask for it and the extra `trace` is installed.

The variables are those of OpenTelemetry: `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` turns it
on, `OTEL_SDK_DISABLED=true` and `OTEL_TRACES_EXPORTER=none` turn it off, `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`,
`OTEL_RESOURCE_ATTRIBUTES` and `OTEL_BSP_*` mean what they always mean. Only OTLP over HTTP is spoken.

What a reader would get wrong: nothing is imported of it where it is off, and a collector that is away costs spans, not
answers: they leave from a thread of their own, out of a bounded queue.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from smartreise import __version__
from smartreise.model.problems import ConfigError
from smartreise.model.spans import Span, Value, listening

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

log = logging.getLogger(__name__)


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Do the variables ask for traces? Raises `ConfigError` for a way out that is not spoken."""
    way = environ.get("OTEL_TRACES_EXPORTER", "otlp").strip().lower()
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or way == "none":
        return False
    endpoint = environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if not endpoint:
        return False
    protocol = environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if way != "otlp" or (protocol or "http/protobuf") != "http/protobuf":
        raise ConfigError("OTEL_*: traces leave by OTLP over HTTP alone (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf)")
    return True


@contextmanager
def tracing(role: str, environ: Mapping[str, str]) -> Iterator[None]:
    """Spans leave for the collector until the end, where the variables ask for it; what is left is sent then."""
    if not is_wanted(environ):
        yield
        return
    listener = _open(role, environ)
    try:
        with listening(listener):
            yield
    finally:
        listener.close()


class _Tracer:
    """A `model.spans.Listener` over OpenTelemetry's tracer."""

    def __init__(self, provider: Any, trace: Any) -> None:
        self._provider = provider
        self._trace = trace
        self._tracer = provider.get_tracer("smartreise", __version__)

    @contextmanager
    def span(self, name: str, attributes: dict[str, Value]) -> Iterator[Span]:
        # what was raised may quote what a client sent: its kind is told, not its text
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as begun:
            try:
                yield _Told(begun)
            except BaseException as fault:
                begun.set_attribute("error.type", type(fault).__name__)
                begun.set_status(self._trace.StatusCode.ERROR)
                raise

    def mark(self, name: str, attributes: dict[str, Value]) -> Span:
        return _Told(self._tracer.start_span(name, attributes=attributes))

    def current_trace(self) -> str | None:
        context = self._trace.get_current_span().get_span_context()
        return f"{context.trace_id:032x}" if context.is_valid else None

    def close(self) -> None:
        self._provider.shutdown()


class _Told:
    def __init__(self, begun: Any) -> None:
        self._begun = begun

    def note(self, name: str, value: Value) -> None:
        self._begun.set_attribute(name, value)

    def end(self) -> None:
        self._begun.end()


def _open(role: str, environ: Mapping[str, str]) -> _Tracer:
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as fault:
        missing = f"OTEL_* asks for traces, but {fault.name} is not installed"
        raise ConfigError(f"{missing}: use requirements/trace.txt, or the extra `trace`") from None
    # the library's own words come with every batch that is lost; ours come once
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    named = {} if environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: f"smartreise-{role}"}
    provider = TracerProvider(resource=Resource.create({SERVICE_VERSION: __version__, **named}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_watched(OTLPSpanExporter())))
    log.info("traces leave for the collector that OTEL_* names")
    return _Tracer(provider, trace)


def _watched(exporter: SpanExporter) -> SpanExporter:
    """An exporter that tells in one line when spans begin to be lost, and in one when they arrive again."""
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class Watched(SpanExporter):
        lost = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = exporter.export(spans)
            lost = result is not SpanExportResult.SUCCESS
            if lost and not self.lost:
                log.warning("the collector of traces takes nothing; spans are lost")
            elif self.lost and not lost:
                log.info("the collector of traces takes spans again")
            self.lost = lost
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return exporter.force_flush(timeout_millis)

    return Watched()
