"""Metrics and JSON logs. A log line carries route template, status, tenant and request id; never request content."""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import msgspec
import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)

from service.kit import clock
from service.kit.output import OUTPUT, Handler
from service.kit.tracing import Tracing

disable_created_metrics()  # type: ignore[no-untyped-call]  # a third of all lines, and of no use to anybody
# Few, since each is a line per operation: quick, usual, slow, a wait, a fault.
_BUCKETS = (0.01, 0.05, 0.25, 1.0, 5.0)
PROBES = frozenset({"livez", "readyz", "metrics"})
ALARM = 5  # failures of a periodic job in a row


def configure_logging(level: str) -> None:
    """JSON lines on stderr, for our own events and the libraries' warnings alike. Logging never raises."""
    logging.raiseExceptions = False
    logging.basicConfig(handlers=[Handler(OUTPUT)], level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(OUTPUT),  # type: ignore[arg-type]  # writes and flushes only
        cache_logger_on_first_use=True,
    )


def _json(event: Any, **_options: Any) -> bytes:
    try:
        return msgspec.json.encode(event, enc_hook=repr)
    except Exception as error:  # a value that has no text must not take the caller with it
        return msgspec.json.encode({"event": "unloggable", "level": "error", "error": type(error).__name__})


class _Line(msgspec.Struct, kw_only=True, tag_field="event", tag="request"):
    """What is logged of a request. Written past structlog, at a fifth of the cost: there is one for each."""

    operation: str
    status: int
    ms: float
    request_id: str | None
    tenant: str | None
    actor: str | None
    address: str | None  # the caller's, behind the proxies we trust
    object_tenant: str | None
    across: bool  # read or written as the province's login, over all tenants
    timestamp: datetime
    level: str = "info"


class _Jobs:
    """What is counted of periodic jobs, by name: `task`, since Prometheus writes `job` over with its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.failures = Counter(
            "tongjian_job_failures_total", "Failed runs of periodic jobs", ["task"], registry=registry
        )
        self.in_a_row = Gauge(
            "tongjian_job_failures_in_a_row",
            "Failed runs since the last good one",
            ["task"],
            registry=registry,
        )
        self.well = Gauge(
            "tongjian_job_last_success_seconds",
            "When a periodic job last ended well, in seconds since the epoch",
            ["task"],
            registry=registry,
        )


class Telemetry:
    """Counters of one process, in a registry of its own so that tests can make several."""

    def __init__(self, tracing: Tracing | None = None) -> None:
        self.tracing = tracing or Tracing()
        self.registry = CollectorRegistry()
        self.log = structlog.get_logger("tongjian").bind()  # now: the lazy proxy would bind at every line
        self._output = OUTPUT
        self._seconds = Histogram(
            "tongjian_request_seconds",
            "How long requests took",
            ["operation"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._requests = Counter(
            "tongjian_requests_total", "Requests answered", ["operation", "status"], registry=self.registry
        )
        self._classified = Counter(
            "tongjian_classified_refused_total", "Requests refused as classified", registry=self.registry
        )
        lost = Gauge("tongjian_log_lines_lost", "Log lines that could not be written", registry=self.registry)
        lost.set_function(OUTPUT.lost_so_far)
        self._jobs = _Jobs(self.registry)
        self._nested = Counter(
            "tongjian_nested_lends_total",
            "Connections asked for inside an open transaction: a defect, any is an alarm",
            registry=self.registry,
        )
        # `labels` validates and locks at every call
        self._series: dict[tuple[str, int], tuple[Histogram, Counter]] = {}
        self._limited = Counter(
            "tongjian_limited_total", "Requests refused by a rate limit", ["limit"], registry=self.registry
        )
        self._logins = Counter(
            "tongjian_login_failures_total", "Failed sign-ins", ["client"], registry=self.registry
        )
        self._security = structlog.get_logger("tongjian.security").bind(logger="tongjian.security")
        self.gauges: dict[str, Gauge] = {}

    def classified(self) -> None:
        """The only trace a classified request leaves."""
        self._classified.inc()

    def nested_lend(self) -> None:
        """A command asked for a second connection: told with the place in our code, and let go on."""
        self._nested.inc()
        ours = [
            f"{each.filename}:{each.lineno}"
            for each in traceback.extract_stack()
            if "/service/" in each.filename
        ]
        where = next((each for each in reversed(ours) if "/service/kit/" not in each), "")
        self.log.error("nested_lend", where=where)

    def login_failed(self, client: str) -> None:
        """One failed sign-in of a `known` or an `unknown` client."""
        self._logins.labels(client).inc()

    def security(self, event: str, **told: str) -> None:
        """A line of the security log (`logger` is `tongjian.security`): never a secret, never what was sent."""
        self._security.warning(event, **told)

    def limited(self, limit: str) -> None:
        """One request beyond the limit of that name."""
        self._limited.labels(limit).inc()

    def answered(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """One line and one observation per request; `across` tells reads over all tenants."""
        handler = scope.get("route_handler")
        operation = getattr(handler, "name", None) or "none"
        series = self._series.get((operation, status))
        if series is None:
            series = (self._seconds.labels(operation), self._requests.labels(operation, str(status)))
            self._series[operation, status] = series
        series[0].observe(seconds)
        series[1].inc()
        principal = scope.get("tj.principal")
        tenant = getattr(principal, "tenant", None)
        if (span := scope.get("tj.span")) is not None:
            span.tell(
                operation,
                failed=status >= 500,
                http__response__status_code=status,
                tongjian__tenant=tenant,
                http__request__method=scope["method"],
                tongjian__request_id=scope.get("tj.request_id"),
            )
        if not self.log.is_enabled_for(logging.INFO) or (operation in PROBES and status < 400):
            return  # a proxy asks each second: counted, and told only where it hears something else
        line = _Line(
            operation=operation,
            status=status,
            ms=round(seconds * 1000, 2),
            request_id=scope.get("tj.request_id"),
            tenant=tenant,
            actor=getattr(principal, "actor", None),
            address=getattr(scope.get("tj.address"), "text", None),
            object_tenant=_object_tenant(scope),
            across=scope.get("tj.login") == "province",
            timestamp=clock.now(),
        )
        self._output.later(_json(line) + b"\n")

    def job(self, name: str, failures: int, error: Exception | None = None) -> None:
        """A run of a periodic job: `failures` in a row, with the last one's error; 0 after a good one."""
        self._jobs.in_a_row.labels(name).set(failures)
        if error is None:
            self._jobs.well.labels(name).set(clock.timestamp())
            return
        self._jobs.failures.labels(name).inc()
        told = {"job": name, "error": type(error).__name__, "in_a_row": failures}
        if isinstance(error, OSError) and error.filename is not None:
            told["path"] = str(error.filename)  # of ours, and the first thing an operator asks
        if failures % ALARM:
            self.log.warning("job_failed", **told)
        else:
            self.log.error("job_keeps_failing", **told)

    def gauge(self, name: str, meaning: str, value: float, **labels: str) -> None:
        """Sets a gauge, made on first use. Labels are of few values: a login, a tenant; never of a case or a person."""
        if name not in self.gauges:
            self.gauges[name] = Gauge(name, meaning, list(labels), registry=self.registry)
        (self.gauges[name].labels(**labels) if labels else self.gauges[name]).set(value)

    def serve(
        self,
        host: str,
        port: int,
        processes: int = 1,
        tls: tuple[str, str] | tuple[None, None] = (None, None),
    ) -> None:
        """Answers /metrics from a thread of its own, on the first of as many ports that no other process has taken.

        `tls`: files of a certificate and its key. OSError: all ports are taken.
        """
        for last, tried in enumerate(range(port, port + processes), 1 - processes):
            try:
                start_http_server(tried, host, self.registry, *tls)
                return
            except OSError as error:
                if not last:
                    raise OSError(error.errno, f"{error.strerror}: metrics on {host}:{tried}") from error

    def render(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _object_tenant(scope: MutableMapping[str, Any]) -> str | None:
    """The tenant part of a public id in the path."""
    ref = (scope.get("path_params") or {}).get("ref")
    tenant = str(ref).partition("-")[0] if ref else ""
    return tenant if 2 <= len(tenant) <= 16 and tenant.isalnum() and tenant.isascii() else None
