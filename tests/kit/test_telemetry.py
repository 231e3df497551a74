"""Metrics and logs."""

from __future__ import annotations

import socket

import httpx

from service.kit.telemetry import Telemetry


def test_a_worker_answers_metrics_on_its_own_port() -> None:
    telemetry = Telemetry()
    telemetry.gauge("tongjian_audit_unsealed_seconds", "age", 3.5)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    telemetry.serve("127.0.0.1", port)
    assert "tongjian_audit_unsealed_seconds 3.5" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
