"""L of the benches: a bare ASGI + asyncpg handler doing the same work on the same rows under the same login.

No framework, no authentication, no authorization, no strict decoding, no secrecy scan, no logs, no metrics. The law
(`measures`) and the digests are the product's: without them the rows could not be the same.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

import service.app  # noqa: F401 - loads every act, whose operations the answers name
from service.kit.clock import legal_day
from service.settings import Settings
from tests.bench.bare_case import decided, document, rows_of
from tests.bench.bare_sql import LIST, READ, SUBMIT

JSON = [(b"content-type", b"application/json")]


async def read(pool: Any, tenant: str, project: str) -> bytes:
    """A: one case."""
    async with pool.acquire() as connection:
        row = await connection.fetchrow(READ, f"{tenant}/*/~portal", tenant, project)
    return document(row)


async def page(pool: Any, tenant: str) -> bytes:
    """B: the newest fifty."""
    today = legal_day(datetime.now(UTC))
    async with pool.acquire() as connection:
        rows = await connection.fetch(LIST, f"{tenant}/*/~portal", tenant, 51, today, False)
    items = ",".join([row["item"] for row in rows[:50]])
    return f'{{"items":[{items}],"next_cursor":"{rows[49]["created_at"]}/{rows[49]["row_id"]}"}}'.encode()


async def submit(pool: Any, tenant: str, project: str, key: str, raw: bytes) -> bytes:
    """C: reads the draft, decides by the law, writes every row of the product's submission."""
    given, now = msgspec.json.decode(raw), datetime.now(UTC)
    reasons = {reason["code"]: reason["reason"] for reason in given["reasons"]}
    async with pool.acquire() as connection:
        row = dict(await connection.fetchrow(READ, f"{tenant}/*/~portal", tenant, project))
        found, target = decided(row, reasons, now)
        body = document(row)
        rows = rows_of(row, found, target, reasons, key, raw, body, now)
        if not await connection.fetchval(SUBMIT, *rows):
            raise LookupError("changed meanwhile")
    return body


async def _codecs(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
        format="binary",
    )
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _no_reset(_connection: Any) -> None:
    return


class Bare:
    """The ASGI application: /<tenant>/list, /<tenant>/<id> (GET), /<tenant>/<id> (POST)."""

    pool: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        _, tenant, project = scope["path"].split("/")
        if scope["method"] == "POST":
            raw = (await receive())["body"]
            key = next(value.decode() for name, value in scope["headers"] if name == b"idempotency-key")
            body = await submit(self.pool, tenant, project, key, raw)
        elif project == "list":
            body = await page(self.pool, tenant)
        else:
            body = await read(self.pool, tenant, project)
        headers = [*JSON, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        await receive()
        settings = Settings.from_env(os.environ)
        self.pool = await asyncpg.create_pool(
            settings.tenant_url,
            min_size=settings.pool_min,
            max_size=settings.pool_max,
            init=_codecs,
            reset=_no_reset,
            statement_cache_size=1000,
            server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})


def application() -> Bare:
    return Bare()
