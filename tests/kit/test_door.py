"""The data door: the folded scope is set before a row is read, never leaks, and writes are guarded."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Text, bindparam, delete, func, literal_column, select

from service.identity.models import offices
from service.kit.db import Door, Scope, tenant_scope
from service.kit.errors import ServiceError
from service.kit.idempotency import _INSERT as REMEMBER
from service.kit.ids import new_id, stable_id
from service.kit.statements import Statement, scope_ready
from service.kit.tables import insert_row
from service.projects.models_records import summary_deltas
from service.webhooks.models import webhook_endpoints

ALL = Statement(select(offices.c.tenant_id, offices.c.id).where(scope_ready()))
MINE = Statement(
    select(offices.c.id).where(offices.c.tenant_id == bindparam("tenant_id", type_=Text), scope_ready())
)
SETTING = Statement(
    select(func.coalesce(func.current_setting("app.scope", literal_column("true")), "unset").label("v"))
)


async def test_fold_shows_one_tenant_even_without_a_filter_past_the_generic_plan(door: Door) -> None:
    for _ in range(12):  # PostgreSQL may switch to a generic plan after five runs
        for tenant in ("360100", "360200"):
            rows = await door.fetch(tenant_scope(tenant), ALL)
            assert {row["tenant_id"] for row in rows} == {tenant}


def test_every_statement_compiles() -> None:
    """They are compiled when they are first used: what cannot be is found here, not by a request."""
    import service.app
    import service.worker  # noqa: F401 - loads every feature's statements

    broken = []
    for statement in list(Statement.every):
        try:
            assert statement.sql
        except Exception as error:
            broken.append(error)
    assert len(Statement.every) > 300 and not broken


async def test_every_folded_statement_sets_the_scope_before_it_reads(settings: Any) -> None:
    """In each generic plan the CTE that sets the scope is the outer side of the topmost join."""
    import asyncpg

    import service.app  # noqa: F401 - loads every feature's statements

    folding = [each for each in Statement.every if each.folds]
    assert len(folding) > 10
    connection = await asyncpg.connect(settings.tenant_url)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        for statement in folding:
            try:
                await connection.execute(f"PREPARE one AS {statement.folded}")
            except asyncpg.PostgresError as error:
                raise AssertionError(f"cannot be folded: {statement.sql}") from error
            nulls = ", ".join(["NULL"] * (len(statement.names) + 1))
            try:
                plan = await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE one({nulls})")
            except asyncpg.PostgresError as error:
                raise AssertionError(f"cannot be planned: {statement.sql}") from error
            await connection.execute("DEALLOCATE one")
            lines = [row[0] for row in plan]
            joined = [line.strip() for line in lines]
            first = next(i for i, line in enumerate(joined) if line.startswith("Nested Loop"))
            assert first == 0 and "CTE s" in joined[1:3], (statement.sql, lines)
            scans = [line for line in joined if line.startswith("->")]
            # The first child after the CTE's own plan is the scan of `s`.
            assert next(line for line in scans if "Result" not in line) == "->  CTE Scan on s", (
                statement.sql,
                lines,
            )
    finally:
        await connection.close()


async def test_wrong_or_empty_scope_shows_nothing(door: Door) -> None:
    assert await door.fetch(tenant_scope("360200"), MINE, tenant_id="360100") == []
    assert await door.fetch(tenant_scope("99"), ALL) == []
    assert await door.fetch(Scope("tenant", ""), ALL) == []


async def test_scope_does_not_survive_its_statement_or_transaction(settings: Any) -> None:
    door = Door({"tenant": settings.tenant_url}, pool_min=1, pool_max=1)
    await door.open()
    try:
        await door.fetch(tenant_scope("360100"), ALL)
        assert (await _bare(door)) in ("", "unset")
        async with door.transaction(tenant_scope("360100")) as tx:
            assert (await tx.fetch(SETTING))[0]["v"] == "360100/*/*"
        assert (await _bare(door)) in ("", "unset")
        with pytest.raises(RuntimeError):
            async with door.transaction(tenant_scope("360100")):
                raise RuntimeError
        assert (await _bare(door)) in ("", "unset")
    finally:
        await door.close()


async def _bare(door: Door) -> str:
    async with door.lenders["tenant"].pool.acquire() as connection:
        return str(await connection.fetchval("SELECT coalesce(current_setting('app.scope', true), 'unset')"))


async def test_scope_literal_is_validated(door: Door) -> None:
    for literal in ("360100'/*", "360100/*; DROP TABLE x", "/*", "360100", "360100/*\n"):
        with pytest.raises(ValueError, match="scope"):
            async with door.transaction(Scope("tenant", literal)):
                pass


async def test_a_cancelled_transaction_leaves_a_clean_connection(settings: Any) -> None:
    door = Door({"tenant": settings.tenant_url}, pool_min=1, pool_max=1)
    await door.open()
    try:

        async def hang() -> None:
            async with door.transaction(tenant_scope("360100")) as tx:
                await tx.fetch(Statement(select(func.pg_sleep(literal_column("5")))))

        task = asyncio.create_task(hang())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await door.fetch(tenant_scope("360100"), ALL)
        assert (await _bare(door)) in ("", "unset")
    finally:
        await door.close()


async def test_rows_of_another_tenant_cannot_be_written(door: Door) -> None:
    import asyncpg

    delta = {
        "tenant_id": "360200",
        "id": new_id(),
        "route": "city_filing",
        "state": "x",
        "month": "2026-01",
        "count": 1,
        "amount_fen": 1,
        "at": datetime.now(UTC),
    }
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with door.transaction(tenant_scope("360100")) as tx:
            tx.batch.add(insert_row(summary_deltas), **delta)


async def test_an_unexpected_row_count_is_an_error_and_rolls_back(door: Door) -> None:
    from service.projects.case import _UPDATE
    from service.projects.models import projects

    key = new_id()
    reply = {
        "tenant_id": "360100",
        "caller": "t",
        "route": "r",
        "key": key,
        "fingerprint": "f",
        "status": 200,
        "headers": {},
        "body": b"",
        "created_at": datetime.now(UTC),
    }
    nothing = dict.fromkeys(projects.c.keys()) | {
        "hands": {},
        "tenant_id": "360100",
        "id": new_id(),
        "version": 2,
        "of_tenant": "360100",
        "of_id": new_id(),
        "read_version": 1,
        "new_version": 2,
    }
    with pytest.raises(ServiceError) as caught:
        async with door.transaction(tenant_scope("360100")) as tx:
            tx.batch.add(REMEMBER, **reply)
            tx.batch.add(_UPDATE, **nothing)
    assert caught.value.status == 412
    from service.kit.idempotency import Key, replay

    assert await replay(door, tenant_scope("360100"), Key("360100", "t", "r", key, "f")) is None


async def test_every_column_type_survives_the_door(door: Door) -> None:
    """uuid as text, jsonb as objects with Chinese and quotes, aware times, bytes, big integers, dates, arrays."""
    from datetime import date

    from service.filings.models import filings
    from service.projects.models import approvals

    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    value = {"名": 'a"\\\n🙂', "n": [1, None, True, "1.50"], "deep": {"x": {}}}
    endpoint = {
        "tenant_id": "360100",
        "id": stable_id("type-test", new_id()),
        "url": "https://x.example/",
        "kinds": ["a", "b"],
        "secrets": value,
        "created_at": moment,
        "disabled_at": None,
        "disabled_reason": None,
        "version": 7,
    }
    read = Statement(
        select(*webhook_endpoints.c).where(
            webhook_endpoints.c.tenant_id == bindparam("tenant_id", type_=Text),
            webhook_endpoints.c.id == bindparam("id", type_=webhook_endpoints.c.id.type),
            scope_ready(),
        )
    )
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(insert_row(webhook_endpoints), **endpoint)
    row = await door.row(tenant_scope("360100"), read, tenant_id="360100", id=endpoint["id"])
    assert row is not None and dict(row) == endpoint
    echo = Statement(
        select(
            bindparam("big", type_=filings.c.approved_fen.type).label("big"),
            bindparam("day", type_=approvals.c.document_date.type).label("day"),
        )
    )
    got = await door.row(tenant_scope("360100"), echo, big=2**53 + 1, day=date(2026, 2, 28))
    assert got is not None and (got["big"], got["day"]) == (2**53 + 1, date(2026, 2, 28))


async def test_who_is_bound_to_an_office_reads_and_changes_nothing_of_the_tenants_administration(
    door: Door,
) -> None:
    import asyncpg

    from service.identity.models import clients, role_grants
    from service.setup.seed import office_id

    whole = tenant_scope("360100")
    bound = tenant_scope("360100", office_id("360100", "360121", "南昌县政府办公室"))
    for table in (clients, role_grants):
        every = Statement(select(table.c.tenant_id).where(scope_ready()))
        assert await door.fetch(whole, every)
        assert await door.fetch(bound, every) == []
    async with door.transaction(bound) as tx:
        await tx.fetch(Statement(delete(role_grants)))
    assert await door.fetch(whole, Statement(select(role_grants.c.role).where(scope_ready())))
    grant = {
        "tenant_id": "360100",
        "user_id": new_id(),
        "role": "administrator",
        "granted_by": "x",
        "granted_at": datetime.now(UTC),
    }
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with door.transaction(bound) as tx:
            tx.batch.add(insert_row(role_grants), **grant)
