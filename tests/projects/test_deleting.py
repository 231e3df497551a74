"""What a draft may be given before it is declared never keeps it from being deleted (art. 15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from tests.factories import draft

Prepare = Callable[[Any, str, str], Awaitable[Any]]


async def _attached(unit: Any, ref: str, _etag: str) -> Any:
    path = f"/projects/{ref}/documents?slot=technical_plan&name=plan.txt"
    return await unit(
        "POST", path, content="依托政务云".encode(), headers={"content-type": "application/octet-stream"}
    )


async def _attached_and_removed(unit: Any, ref: str, etag: str) -> Any:
    made = await _attached(unit, ref, etag)
    return await unit("DELETE", f"/documents/{made.json()['id']}")


async def _system_named(unit: Any, ref: str, _etag: str) -> Any:
    return await unit("POST", "/systems", {"name": "现有系统", "project_id": ref})


async def _tagged(unit: Any, ref: str, etag: str) -> Any:
    body = {"item": 3, "evidence": "整合三个分散系统，共建共享"}
    return await unit("POST", f"/projects/{ref}/priority", body, etag=etag)


async def _edited(unit: Any, ref: str, etag: str) -> Any:
    return await unit("PATCH", f"/projects/{ref}", {"name": "改名"}, etag=etag)


async def _reuse_checked(unit: Any, ref: str, etag: str) -> Any:
    return await unit("POST", f"/projects/{ref}/reuse-check", {"answers": []}, etag=etag)


PREPARED: dict[str, Prepare] = {
    "attachment": _attached,
    "attachment_removed": _attached_and_removed,
    "system": _system_named,
    "priority": _tagged,
    "edit": _edited,
    "reuse": _reuse_checked,
}


@pytest.mark.parametrize("what", PREPARED)
async def test_a_draft_goes_with_all_it_was_given(what: str, as_user: Any, settings: Any) -> None:
    unit = as_user("360100", "unit")
    made = await unit("POST", "/projects", draft())
    ref = made.json()["id"]
    prepared = await PREPARED[what](unit, ref, made.headers["etag"])
    assert prepared.status_code in (200, 201, 204), prepared.text
    now = await unit("GET", f"/projects/{ref}")
    assert {"delete": True}.items() <= {e["action"]: e["allowed"] for e in now.json()["actions"]}.items()
    gone = await unit("DELETE", f"/projects/{ref}", etag=now.headers["etag"])
    assert gone.status_code == 204, gone.text
    assert (await unit("GET", f"/projects/{ref}")).status_code == 404
    connection = await asyncpg.connect(settings.database_url)
    try:
        for table in (
            "documents",
            "project_records",
            "transitions",
            "project_findings",
            "project_drafts",
            "systems",
        ):
            rows = f"SELECT count(*) FROM {table} WHERE project_id = $1"
            assert await connection.fetchval(rows, ref.partition("-")[2]) == 0, table
        # The record of its deletion stays (art. 39).
        trail = (
            "SELECT count(*) FROM audit_entries WHERE object_id LIKE '%' || $1 AND action = 'project.delete'"
        )
        assert await connection.fetchval(trail, ref.partition("-")[2]) == 1
    finally:
        await connection.close()
