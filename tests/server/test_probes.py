"""Readiness that tells saturation, and metrics for operators only."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from service.app import API_ROUTES, ROOT_ROUTES
from service.kit.api import Services
from service.kit.db import Door, Scope
from service.kit.telemetry import Telemetry
from service.serving.health import Readiness
from service.settings import Settings
from tests.worlds import running


def at(app: Any, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@pytest.mark.long
@pytest.mark.parametrize("login", ["tenant", "province", "relay"])
async def test_a_process_whose_pool_is_lent_out_is_not_ready(settings: Settings, login: Any) -> None:
    async with running(replace(settings, pool_min=1, pool_max=2)) as app, at(app, "127.0.0.1") as client:
        services: Services = app.app.state.services
        door: Door = services.door
        assert (await client.get("/readyz")).status_code == 200
        async with AsyncExitStack() as stack:
            for tenant in ("360100", "360200"):  # one alone is never lent a pool's last connection
                await asyncio.create_task(_hold(stack, door, Scope(login, f"{tenant}/*")))
            async with asyncio.timeout(240):
                while (await client.get("/readyz")).status_code != 503:  # an answer holds for half a second
                    await asyncio.sleep(0.05)
            answers = await asyncio.gather(*(client.get("/readyz") for _ in range(20)))
            assert {each.status_code for each in answers} == {503}
            assert answers[0].headers["retry-after"]
            assert (await client.get("/livez")).status_code == 200
        async with asyncio.timeout(240):
            while (await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.05)


async def _hold(stack: AsyncExitStack, door: Door, scope: Scope) -> None:
    await stack.enter_async_context(door.transaction(scope))


async def test_many_probes_are_one_look(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness: Readiness = app.app.state.services.shelf[Readiness]
    looks, ask = [], readiness._ask
    monkeypatch.setattr(readiness, "_ask", lambda: looks.append(1) or ask())  # type: ignore[func-returns-value]
    assert await asyncio.gather(*(readiness.ready() for _ in range(200))) == [True] * 200
    assert len(looks) == 1


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 404),
        ("192.0.2.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.1"}, 404),  # through a proxy nobody told us of
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 404),
        ("10.0.0.1", {"x-forwarded-for": "127.0.0.1, 192.0.2.1"}, 404),
        ("10.0.0.1", {"x-forwarded-for": "10.9.0.5"}, 200),
        ("10.0.0.1", {}, 404),
    ],
)
async def test_metrics_are_for_the_networks_of_the_settings(
    app: Any, settings: Settings, peer: str, headers: dict[str, str], status: int
) -> None:
    services: Services = app.app.state.services
    networks = (ip_network("127.0.0.0/8"), ip_network("::1/128"), ip_network("10.9.0.0/16"))
    trusted = (ip_network("10.0.0.1/32"),)
    kept, services.shelf[Settings] = (
        services.shelf[Settings],
        replace(settings, metrics_networks=networks, trusted_proxies=trusted),
    )
    app.trusted = trusted
    try:
        async with at(app, peer) as client:
            answer = await client.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert ("tongjian_request" in answer.text) == (status == 200)
    finally:
        services.shelf[Settings], app.trusted = kept, ()


async def test_without_settings_only_the_machine_itself_reads_metrics(app: Any) -> None:
    for peer, status in (("127.0.0.1", 200), ("::1", 200), ("10.0.0.1", 404), ("192.0.2.1", 404)):
        async with at(app, peer) as client:
            assert (await client.get("/metrics")).status_code == status


def test_metrics_stay_small_whatever_was_asked() -> None:
    """Every operation there is, each with every status; unknown paths and methods are one."""
    telemetry = Telemetry()
    names = [handler.name for handler in (*API_ROUTES, *ROOT_ROUTES)]

    class Route:
        def __init__(self, name: str | None) -> None:
            self.name = name

    for name in (*names, *[None] * 100):
        for status in (200, 400, 401, 403, 404, 409, 412, 422, 429, 503):
            telemetry.answered({"route_handler": Route(name), "path": f"/{status}/{id(name)}"}, status, 0.01)
    assert len(names) > 200
    assert len(telemetry.render()) < 1_500 * len(
        names
    )  # it grows with the operations, not with what is asked
