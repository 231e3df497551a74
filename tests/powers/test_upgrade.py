"""A database of before powers were divided: its clients go on, its cases know whose hands they went through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg
from alembic import command

from service.kit.ids import new_id
from service.settings import Settings
from service.setup.migrate import _alembic, migrate

TENANT = "360100"
OFFICE, CASE, OLD = new_id(), new_id(), new_id()
PEOPLE = {login: new_id() for login in ("ann", "ben", "cat")}
HISTORY = [
    ("submit", "user:360100:ann via portal"), ("gatekeep_pass", "user:360100:ben"),
    ("approve", "user:360100:cat via portal"), ("file", "client:360100:portal"), ("start", "user:360100:nobody"),
]  # fmt: skip


async def _filled(connection: Any) -> None:
    await _people_filled(connection)
    for case in (CASE, OLD):
        await connection.execute(
            "INSERT INTO projects (tenant_id, office_id, id, name, owner_name, tier, division, office_kind, state, "
            "holder, project_class, kind, investment_fen, submissions, created_by, created_at, updated_at, version) "
            "VALUES ($1, $2, $3, '某系统', '某局', 'city', $1, 'administrative', 'filed', 'owner', 'other', 'new', 1, "
            "1, 'seed', now(), now(), 5)",
            TENANT,
            OFFICE,
            case,
        )
    for action, actor in HISTORY:
        await connection.execute(
            "INSERT INTO transitions (tenant_id, office_id, id, project_id, action, from_state, to_state, actor, "
            "actor_tenant, citation, details, at) VALUES ($1, $2, $3, $4, $5, 'a', 'b', $6, $1, '{}', '{}', now())",
            TENANT,
            OFFICE,
            new_id(),
            CASE,
            action,
            actor,
        )
    await connection.execute(
        "INSERT INTO clients (tenant_id, id, name, secrets, created_at, version) "
        "VALUES ($1, 'portal', '门户', '[]', now(), 1)",
        TENANT,
    )


async def _people_filled(connection: Any) -> None:
    """Their office and they themselves."""
    await connection.execute("INSERT INTO tenants VALUES ($1, '南昌市', 'city', $1)", TENANT)
    await connection.execute(
        "INSERT INTO offices (tenant_id, id, name, tier, division, office_kind, valid_from, version) "
        "VALUES ($1, $2, '某局', 'city', $1, 'administrative', '2023-09-28', 1)",
        TENANT,
        OFFICE,
    )
    for login, ident in PEOPLE.items():
        await connection.execute(
            "INSERT INTO users (tenant_id, id, office_id, login, name, created_at, version) "
            "VALUES ($1, $2, $3, $4, '某人', now(), 1)",
            TENANT,
            ident,
            OFFICE,
            login,
        )


async def test_what_was_there_is_taken_over(clone: Callable[..., str], seeded: Settings) -> None:
    url = clone("upgrade_powers", "template1")
    await asyncio.to_thread(command.upgrade, _alembic(url), "0018")
    connection = await asyncpg.connect(url)
    try:
        await _filled(connection)
        await asyncio.to_thread(migrate, url, [])
        rows = await connection.fetch("SELECT id::text, hands::text, version FROM projects")
        hands = {row["id"]: json.loads(row["hands"]) for row in rows}
        assert hands == {
            CASE: {
                PEOPLE["ann"]: ["city.unit"],
                PEOPLE["ben"]: ["city.gatekeeper"],
                PEOPLE["cat"]: ["city.approver"],
            },
            OLD: {},
        }
        assert {row["version"] for row in rows} == {5}
        client = await connection.fetchrow("SELECT * FROM clients")
        assert client["confirmed_at"] is not None and client["pending"] is None and client["sign_in"] is None
        assert {"unit", "gatekeeper", "office"} <= set(client["vouch_roles"])
        assert not {"administrator", "security_admin", "portal"} & set(client["vouch_roles"])
        fenced = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relname IN ('projects', 'transitions', 'users', 'clients') "
            "AND relrowsecurity AND relforcerowsecurity"
        )
        assert len(fenced) == 4, "the fence stands again"
    finally:
        await connection.close()
