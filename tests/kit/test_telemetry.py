"""Metrics and logs."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from dataclasses import replace
from typing import Any

import httpx
import pytest

from service.kit.output import Output
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.worlds import running


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


def test_processes_of_one_service_take_a_port_each() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for number in range(2):
        telemetry = Telemetry()
        telemetry.gauge("tongjian_dead_letters", "n", number)
        telemetry.serve("127.0.0.1", port, 2)
    told = [httpx.get(f"http://127.0.0.1:{port + n}/metrics", timeout=600).text for n in range(2)]
    assert ["tongjian_dead_letters 0.0" in told[0], "tongjian_dead_letters 1.0" in told[1]] == [True, True]
    with pytest.raises(OSError):
        Telemetry().serve("127.0.0.1", port, 2)


async def test_with_a_port_of_its_own_the_public_one_tells_nothing(settings: Settings) -> None:
    for given, status in ((0, 200), (9, 404)):
        async with running(replace(settings, metrics_port=given)) as app:
            transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
                assert (await client.get("/metrics")).status_code == status


async def test_reads_across_tenants_are_told_apart_in_the_log(
    app: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, Any]] = []

    class Output:
        def later(self, line: bytes) -> None:
            lines.append(json.loads(line))

    telemetry = app.app.state.services.shelf[Telemetry]
    monkeypatch.setattr(telemetry, "_output", Output())
    monkeypatch.setattr(telemetry.log, "is_enabled_for", lambda level: True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as proxy:
        assert (
            await proxy.get("/readyz")
        ).status_code == 200  # asked each second, and told only when it is not so
    await as_user("360000", "supervisor")("GET", "/projects?tenant=360100&text=不应入日志")
    await as_user("360100", "gatekeeper")("GET", "/projects")
    await as_user("360000", "office")("GET", "/me")
    assert [(line["operation"], line["tenant"], line["across"]) for line in lines] == [
        ("projects_list_page", "360000", True),
        ("projects_list_page", "360100", False),
        ("me_me", "360000", False),
    ]
    assert "不应入日志" not in json.dumps(lines, ensure_ascii=False)


async def test_lines_of_many_wait_for_each_other_and_come_in_their_order() -> None:
    read, write = os.pipe()
    output = Output(write)
    output.later(b"a")
    output.later(b"b")
    output.write(b"c")  # at once, and behind what waits
    assert os.read(read, 9) == b"abc"
    output.later(b"d" * 4000)
    output.later(b"e" * 97)  # more than a pipe's fill: the first has gone
    assert os.read(read, 9999) == b"d" * 4000
    assert await asyncio.to_thread(os.read, read, 999) == b"e" * 97
    os.close(read)
    output.later(b"f")
    output.later(b"g")
    output.flush()
    output.flush()
    assert output.lost == 2
    os.close(write)
