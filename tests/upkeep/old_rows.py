"""Rows of each kind that ends, as old as a test wishes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from service.kit.ids import new_id

TENANT, OTHER = "360300", "360400"
OLD, YOUNG = timedelta(days=401), timedelta(days=399)
SLICE = 50
Rows = Callable[..., Awaitable[None]]


async def replies(look: Any, count: int, age: timedelta, tenant: str = TENANT) -> None:
    await look.execute(
        "INSERT INTO idempotency SELECT $1, 'c', 'POST /x', gen_random_uuid(), 'f', 200, '{}', '', "
        "now() - $3::interval FROM generate_series(1, $2)",
        tenant,
        count,
        age - timedelta(days=393),
    )


async def events(look: Any, count: int, age: timedelta, tenant: str = TENANT) -> None:
    """Told long ago; one beside them waits as long."""
    for done in (True, False):
        await look.execute(
            "INSERT INTO outbox (tenant_id, id, kind, recipients, snapshot, trace_id, created_at, next_attempt_at, "
            "attempts, done_at) SELECT $1, gen_random_uuid(), 'old.k', '[]', '{}', 't', now() - $3::interval, "
            "now() + interval '1 year', 0, CASE WHEN $4 THEN now() - $3::interval END FROM generate_series(1, $2)",
            tenant,
            count if done else 1,
            age,
            done,
        )


async def deliveries(look: Any, count: int, age: timedelta, tenant: str = TENANT) -> None:
    """Of every ended state; what is pending waits, however old."""
    endpoint = new_id()
    await look.execute(
        "INSERT INTO webhook_endpoints (tenant_id, id, url, kinds, secrets, created_at, version) "
        "VALUES ($1, $2, 'https://a.example', '{}', '[]', now(), 1)",
        tenant,
        endpoint,
    )
    for state, rows in (("delivered", count - 1), ("dead", 1), ("pending", 1)):
        await look.execute(
            "INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, kind, payload, state, attempts, "
            "created_at, next_attempt_at) SELECT $1, gen_random_uuid(), $2, gen_random_uuid(), 'old.k', '{}', $5, 1, "
            "now() - $4::interval, now() + interval '1 year' FROM generate_series(1, $3)",
            tenant,
            endpoint,
            rows,
            age,
            state,
        )


async def feed(look: Any, count: int, age: timedelta, tenant: str = TENANT) -> None:
    await look.execute(
        "INSERT INTO event_feed SELECT $1, coalesce((SELECT max(seq) FROM event_feed WHERE tenant_id = $1), 0) + n, "
        "gen_random_uuid(), $1, 'old.k', '{}', now() - $3::interval FROM generate_series(1, $2) n",
        tenant,
        count,
        age,
    )


async def messages(
    look: Any, count: int, age: timedelta, tenant: str = TENANT, *, case: str = "", read: bool = True
) -> None:
    snapshot = {"project": {"id": case}} if case else {}
    await look.execute(
        "INSERT INTO inbox SELECT $1, gen_random_uuid(), gen_random_uuid(), 'old.k', 'unit', NULL, 't', 'b', $4, "
        "now() - $3::interval, CASE WHEN $5 THEN now() END, NULL FROM generate_series(1, $2)",
        tenant,
        count,
        age,
        json.dumps(snapshot),
        read,
    )
    await look.execute(  # who has read a message goes with it
        "INSERT INTO inbox_reads SELECT tenant_id, id, 'somebody', 'somebody', read_at FROM inbox "
        "WHERE kind = 'old.k' AND read_at IS NOT NULL ON CONFLICT DO NOTHING"
    )


MAKERS: dict[str, Rows] = {
    "idempotency": replies,
    "outbox": events,
    "webhook_deliveries": deliveries,
    "event_feed": feed,
    "inbox": messages,
}
MINE = {"idempotency": "route = 'POST /x'"}
WAITING = {"outbox": 2, "webhook_deliveries": 2}  # what each maker leaves that is old and must stay
