"""A database that answers no more: every request is answered, readiness says no, and it heals by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import asyncpg
import httpx
import pytest

from service.kit import pool
from tests.worlds import running, token_maker, world

settings, app, door, client, token, as_user = world()


async def test_hanging_backends_hang_nobody(
    settings: Any, monkeypatch: pytest.MonkeyPatch, hurried: None
) -> None:
    monkeypatch.setattr(pool, "COMMAND_SECONDS", 1.0)
    owner = await asyncpg.connect(settings.database_url)
    async with running(settings) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8000", timeout=300
        ) as client:
            headers = {"authorization": f"Bearer {token_maker(settings)('360100', 'gatekeeper')}"}
            assert (await client.get("/readyz")).status_code == 200
            rows = await owner.fetch(
                "SELECT pid FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename LIKE 'tj@_%' ESCAPE '@'"
            )
            pids = [row["pid"] for row in rows]
            assert pids
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                ready, *answers = await asyncio.gather(
                    client.get("/readyz"),
                    *[client.get("/api/v1/projects", headers=headers) for _ in range(4)],
                )
                assert ready.status_code == 503
                # Those that met a hanging backend were told so; its connection was cut and others were made.
                assert {answer.status_code for answer in answers} <= {200, 503}
                assert 503 in {answer.status_code for answer in answers}
            finally:
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
            while (await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.1)
            assert (await client.get("/api/v1/projects", headers=headers)).status_code == 200
    await owner.close()
