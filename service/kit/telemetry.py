"""Metrics and JSON logs. A log line carries route template, status, tenant and request id; never request content."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


def configure_logging(level: str) -> None:
    """JSON lines on stderr, for our own events and the libraries' warnings alike."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


class Telemetry:
    """Counters of one process, in a registry of its own so that tests can make several."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.log = structlog.get_logger("tongjian")
        self._requests = Histogram(
            "tongjian_request_seconds",
            "Requests by operation",
            ["operation", "status"],
            registry=self.registry,
        )
        self._classified = Counter(
            "tongjian_classified_refused_total", "Requests refused as classified", registry=self.registry
        )
        self.gauges: dict[str, Gauge] = {}

    def classified(self) -> None:
        """The only trace a classified request leaves."""
        self._classified.inc()

    def answered(self, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
        """One line and one observation per request; reads across tenants are told apart by the object's tenant."""
        handler = scope.get("route_handler")
        operation = getattr(handler, "name", None) or "none"
        self._requests.labels(operation, str(status)).observe(seconds)
        principal = scope.get("tj.principal")
        self.log.info(
            "request",
            operation=operation,
            status=status,
            ms=round(seconds * 1000, 2),
            request_id=scope.get("tj.request_id"),
            tenant=getattr(principal, "tenant", None),
            actor=getattr(principal, "actor", None),
            object_tenant=_object_tenant(scope),
        )

    def gauge(self, name: str, meaning: str, value: float) -> None:
        """Sets a gauge, made on first use."""
        if name not in self.gauges:
            self.gauges[name] = Gauge(name, meaning, registry=self.registry)
        self.gauges[name].set(value)

    def render(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)


def _object_tenant(scope: MutableMapping[str, Any]) -> str | None:
    """The tenant part of a public id in the path."""
    ref = (scope.get("path_params") or {}).get("ref")
    tenant = str(ref).partition("-")[0] if ref else ""
    return tenant if 2 <= len(tenant) <= 16 and tenant.isalnum() and tenant.isascii() else None
