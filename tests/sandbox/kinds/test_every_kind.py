"""Every kind of event there is, caused by a portal alone: its own client, the sandbox's calls, nothing else.

Whatever the recipes of the contract tests ask of anybody goes through `/sandbox/play`; then the clock is moved. What is
left stands in BEYOND, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from service.documents.storage import LocalStorage
from service.event_kinds import KINDS
from service.kit import clock
from service.kit.db import Door
from service.kit.http import Outbound
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.library.jobs import lapse_expired
from service.obligations import jobs as obligations
from service.portfolio.erasing import purge_spills
from service.settings import Settings
from service.webhooks import jobs as webhooks
from service.webhooks.actions_delivery import Sender
from service.webhooks.vault import Vault
from service.worker import SUBSCRIBERS
from tests.contract.conftest import call
from tests.contract.operations import BY_ID, OPERATIONS
from tests.contract.recipes import prepare
from tests.lives import PROVINCE, TENANT, login_of
from tests.notifications.events import query
from tests.sandbox.kinds import deeds
from tests.sandbox.kinds.deeds import playing
from tests.sandbox.kinds.figures import only_said
from tests.sandbox.kinds.playing import Played, Portal
from tests.webhooks.receiver import receiving

BEYOND: Mapping[str, str] = {
    "webhook.dead_letter": "ten attempts take 76 hours by the database's clock, which no sandbox moves (outbox.py)",
    "relay.dead_letter": "a defect of the service's own delivering: nobody outside can make one",
    "restore.declared": "an operator's command after a restore, told to portals and done by none",
}
_AHEAD = (40, 200, 500)  # days: reminders, what lapses, what is followed up


@pytest.mark.long
async def test_a_portal_alone_causes_every_kind(as_user: Any, door: Door, settings: Settings) -> None:
    portal = as_user(TENANT)

    def find(tenant: str, who: str) -> Any:
        if who.endswith(".portal"):
            return as_user(tenant)
        home = PROVINCE if who.startswith("province.") else tenant
        return Played(portal, f"{home}/{login_of(tenant, who)}")

    world = Portal(find, door, Telemetry(), "")
    refused = await _every_operation(world)
    async with receiving() as receiver, sending(door, settings) as sent:
        accepted = (await prepare(BY_ID["evaluation_evaluate"], world)).path["ref"]
        play, later = playing(portal), [
            ("refusals", lambda: deeds.refusals(play, world)),
            ("apps", lambda: deeds.apps(play, world, accepted)),
            ("together", lambda: deeds.together(play, world, lambda: carried(door, settings))),
            ("label", lambda: world.submitted(investment_yuan="6000000.00", project_class="infrastructure")),
            ("sheet", lambda: deeds.sheet(play)),
            ("ended", lambda: deeds.ended(play, receiver, sent)),
            *((f"{days} days", partial(moved, portal, door, settings, days)) for days in _AHEAD),
            ("evaluated", lambda: deeds.evaluated(play, accepted)),
            ("emptied", lambda: deeds.emptied(play, world)),
        ]  # fmt: skip
        for name, deed in later:
            try:
                await deed()
            except Exception as error:
                refused[name] = f"{type(error).__name__} {error}"[:400]
            await carried(door, settings)
    unsaid, missing = await _only_in_sentences(settings), set(KINDS) - await _caused(settings)
    told = "\n".join(f"{name}: {why}" for name, why in refused.items())
    assert not unsaid, sorted(unsaid)
    assert missing == set(BEYOND), f"{sorted(missing ^ set(BEYOND))}\n{told}"


async def _caused(settings: Settings) -> set[str]:
    """The kinds of which there is an event or a delivery."""
    rows = await query(
        settings.database_url,
        "SELECT DISTINCT kind FROM outbox UNION SELECT DISTINCT kind FROM webhook_deliveries",
    )
    return {row["kind"] for row in rows}


async def _only_in_sentences(settings: Settings) -> set[tuple[str, str]]:
    """(kind, figure) of what an event says in its sentence and in no member."""
    rows = await query(settings.database_url, "SELECT kind, snapshot::text AS told FROM outbox")
    return {(row["kind"], figure) for row in rows for figure in only_said(json.loads(row["told"]))}


async def _every_operation(world: Any) -> Any:
    """Each unsafe operation once; what was refused is told."""
    refused: dict[str, str] = {}
    for operation in OPERATIONS:
        if operation.unsafe and operation.permission:
            try:
                ready = await prepare(operation, world)
                answer = await call(world.by(ready.who), operation, ready)
                if not answer.is_success:
                    refused[operation.id] = answer.text[:300]
            except Exception as error:
                refused[operation.id] = f"{type(error).__name__} {error}"[:300]
    return refused


async def moved(portal: Any, door: Door, settings: Settings, days: int) -> None:
    """Time passes, and what the worker does by the clock is done."""
    to = clock.now() + timedelta(days=days)
    assert (await portal("POST", "/sandbox/clock", {"to": to.isoformat()})).status_code == 200
    await obligations.sweep(door, Telemetry(), {})
    await lapse_expired(door)
    await carried(door, settings)


async def carried(door: Door, settings: Settings) -> None:
    """What the sandbox's worker does with what was caused."""
    await purge_spills(door, LocalStorage(settings.documents_dir))
    for tenant in (TENANT, PROVINCE):
        while await drain(door, tenant, SUBSCRIBERS, Telemetry()):
            pass


@asynccontextmanager
async def sending(door: Door, settings: Settings) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The worker's hand for webhooks."""
    outbound = Outbound(settings.webhook_networks, timeout=60)
    await outbound.open()
    sender = Sender(door, outbound, Vault(settings.secret_key), Telemetry())

    async def sent() -> None:
        due: list[tuple[str, str]] = []
        await webhooks.sweep(door, due.append)
        for key in due:
            await sender.send(key)

    yield sent
    await outbound.close()
