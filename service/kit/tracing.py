"""Traces: one id from a request through the outbox and the worker to the webhook, told to a collector (OTLP over HTTP).

What is carried from process to process is W3C's `traceparent`: it comes with a request, stands on the outbox row and in
the delivery, and goes out with the webhook. Off (the default), nothing is made; what stands there already is handed on.
A span tells ids, codes and times, never words of a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from service.kit.outbox import Event

Kind = Literal["SERVER", "CONSUMER", "CLIENT"]
_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
EXPORT_SECONDS = 5.0
# By the id of the request that something follows from: several events that are worked off together keep theirs.
_carried: ContextVar[Mapping[str, str]] = ContextVar("traceparents", default={})  # noqa: B039 - never written to


def carried(request_id: str) -> str | None:
    """The traceparent under which what follows from that request is being done; None without any."""
    return _carried.get().get(request_id)


@contextmanager
def carrying(parents: Mapping[str, str]) -> Iterator[None]:
    """Whatever is emitted or delivered meanwhile follows from these."""
    token = _carried.set({**_carried.get(), **parents})
    try:
        yield
    finally:
        _carried.reset(token)


def incoming(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The caller's traceparent, where it is one (W3C Trace Context, version 00)."""
    found = [value.decode("latin-1") for name, value in headers if name == b"traceparent"]
    return found[0] if len(found) == 1 and _PARENT.fullmatch(found[0]) else None


class Here:
    """A span while it lasts: its traceparent, and what is told of it. Without tracing the parent's, and nothing."""

    __slots__ = ("_span", "traceparent")

    def __init__(self, span: Any, traceparent: str | None) -> None:
        self._span, self.traceparent = span, traceparent

    def tell(self, name: str = "", *, failed: bool = False, **attributes: str | int | None) -> None:
        """Names it, adds attributes (those that are None are left out), or says that it failed."""
        if self._span is None:
            return
        if name:
            self._span.update_name(name)
        for key, value in attributes.items():
            if value is not None:
                self._span.set_attribute(key.replace("__", "."), value)
        if failed:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR))


class Tracing:
    """One process's spans. Exporting happens on a thread of its own; a collector that is away costs nobody anything."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._provider = provider
        self._tracer = None if provider is None else provider.get_tracer("tongjian")

    @property
    def on(self) -> bool:
        """Whether spans are made."""
        return self._tracer is not None

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None) -> Iterator[Here]:
        """A span that goes on from `parent`, or begins a trace. Whatever is raised within marks it as failed."""
        if self._tracer is None:
            yield Here(None, parent)
            return
        from opentelemetry import trace

        made = self._tracer.start_span(name, context=_context(parent), kind=trace.SpanKind[kind])
        at = made.get_span_context()
        here = Here(made, f"00-{at.trace_id:032x}-{at.span_id:016x}-{int(at.trace_flags):02x}")
        try:
            yield here
        except BaseException as error:
            here.tell(failed=True, error__type=type(error).__name__)
            raise
        finally:
            made.end()

    @contextmanager
    def handing(self, lane: str, events: Iterable[Event]) -> Iterator[None]:
        """A span for each event that came with a traceparent; what follows from the event goes on from it."""
        parents: dict[str, str] = {}
        with ExitStack() as spans:
            for event in events:
                if event.traceparent is None:
                    continue
                here = spans.enter_context(self.span(f"relay {event.kind}", "CONSUMER", event.traceparent))
                here.tell(tongjian__tenant=event.tenant, tongjian__event=event.id, tongjian__lane=lane)
                if here.traceparent is not None:
                    parents[event.trace_id] = here.traceparent
            spans.enter_context(carrying(parents))
            yield

    def stop(self) -> None:
        """Sends what is left and ends. Blocking."""
        if self._provider is not None:
            self._provider.shutdown()


def tracing_to(endpoint: str, service: str, ratio: float) -> Tracing:
    """To a collector's base address (`/v1/traces` below it); `ratio` of the traces, chosen by their ids alone.

    Batches, headers and certificates are the SDK's own, by its OTEL_* variables. '' as the endpoint: off.
    """
    if not endpoint:
        return Tracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

    provider = TracerProvider(
        sampler=TraceIdRatioBased(ratio),
        resource=Resource.create({"service.name": service, "service.namespace": "tongjian"}),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider)


def _context(parent: str | None) -> Any:
    from opentelemetry import trace
    from opentelemetry.context import Context

    found = _PARENT.fullmatch(parent or "")
    if found is None:
        return Context()
    at = trace.SpanContext(
        int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=trace.TraceFlags(int(found[3], 16))
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(at), Context())
