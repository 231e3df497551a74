"""An endpoint of a city, and rounds of the worker by hand."""

from __future__ import annotations

import asyncio
from typing import Any

from service.kit.db import Door
from service.settings import Settings
from service.webhooks import jobs
from service.webhooks.actions_delivery import Sender
from tests.notifications.events import query
from tests.webhooks.receiver import Receiver

CITY = "360400"


async def endpoint(as_user: Any, receiver: Receiver, **body: Any) -> Any:
    answer = await as_user(CITY, "administrator")("POST", "/webhooks", {"url": receiver.url, **body})
    assert answer.status_code == 201, answer.text
    return answer


async def flush(door: Door, sender: Sender, relay: Any) -> None:
    """One round of the worker: relay, then everything due is sent."""
    await relay()
    due: list[tuple[str, str]] = []
    await jobs.sweep(door, due.append)
    await asyncio.gather(*(sender.send(key) for key in due))


async def make_due(settings: Settings) -> None:
    await query(
        settings.database_url, "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending'"
    )


async def stored(settings: Settings) -> list[Any]:
    return await query(settings.database_url, "SELECT * FROM webhook_deliveries ORDER BY created_at, id")
