"""Metrics and logs."""

from __future__ import annotations

import json
import socket
from typing import Any

import httpx
import pytest

from service.kit.telemetry import Telemetry


def test_a_worker_answers_metrics_on_its_own_port() -> None:
    telemetry = Telemetry()
    telemetry.gauge("tongjian_audit_unsealed_seconds", "age", 3.5)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    telemetry.serve("127.0.0.1", port)
    assert (
        "tongjian_audit_unsealed_seconds 3.5"
        in httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=600).text
    )


async def test_reads_across_tenants_are_told_apart_in_the_log(
    app: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, Any]] = []

    class Output:
        def write(self, line: bytes) -> None:
            lines.append(json.loads(line))

        def flush(self) -> None: ...

    telemetry = app.app.state.services.shelf[Telemetry]
    monkeypatch.setattr(telemetry, "_output", Output())
    monkeypatch.setattr(telemetry.log, "is_enabled_for", lambda level: True)
    await as_user("360000", "supervisor")("GET", "/projects?tenant=360100&text=不应入日志")
    await as_user("360100", "gatekeeper")("GET", "/projects")
    await as_user("360000", "office")("GET", "/me")
    assert [(line["operation"], line["tenant"], line["across"]) for line in lines] == [
        ("projects_list_page", "360000", True),
        ("projects_list_page", "360100", False),
        ("me_me", "360000", False),
    ]
    assert "不应入日志" not in json.dumps(lines, ensure_ascii=False)
