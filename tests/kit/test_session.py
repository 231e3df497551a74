"""A command's reads and its one statement: a transaction by itself, or one that a lock begins (decision 0238)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Text, bindparam, delete, literal_column, select

from service.identity.models import offices
from service.kit.db import Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.statements import Statement, scope_ready
from service.kit.tables import insert_row
from service.webhooks.models import webhook_endpoints


def _endpoint(tenant: str = "360100") -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "id": new_id(),
        "url": "https://whole.example/",
        "kinds": [],
        "secrets": {},
        "created_at": datetime.now(UTC),
        "disabled_at": None,
        "disabled_reason": None,
        "version": 1,
    }


_E = webhook_endpoints.c
_OURS = (
    _E.tenant_id == bindparam("tenant_id", type_=Text),
    _E.url == literal_column("'https://whole.example/'"),
)
_WHOLE = Statement(select(_E.id).where(*_OURS, scope_ready()))
_FORGET = Statement(delete(webhook_endpoints).where(*_OURS))


async def test_a_command_that_locks_nothing_is_its_reads_and_one_statement(door: Door) -> None:
    """Insert and delete in one, past the switch to a generic plan; every row is there, in the right tenant."""
    for _ in range(12):
        before = door.round_trips
        async with door.transaction(tenant_scope("360100")) as tx:
            seen = await tx.fetch(_WHOLE, tenant_id="360100")
            tx.batch.add(_FORGET, expect=len(seen), tenant_id="360100")
            for _ in range(2):
                tx.batch.add(insert_row(webhook_endpoints), **_endpoint())
        assert door.round_trips == before + 2
        assert len(await door.fetch(tenant_scope("360100"), _WHOLE, tenant_id="360100")) == 2
        assert await door.fetch(tenant_scope("360200"), _WHOLE, tenant_id="360100") == []
    async with door.transaction(tenant_scope("360200")) as tx:  # another tenant's scope reaches none of them
        tx.batch.add(_FORGET, expect=0, tenant_id="360100")
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(_FORGET, expect=None, tenant_id="360100")
    assert await door.fetch(tenant_scope("360100"), _WHOLE, tenant_id="360100") == []


async def test_what_several_rows_hold_is_sent_once(door: Door) -> None:
    """One object in two rows and two columns, another that is equal to it, and plain values between them."""
    shared, alike = {"of": ["两行"]}, {"of": ["两行"]}
    rows = [
        _endpoint() | {"secrets": shared, "disabled_reason": "甲"},
        _endpoint() | {"secrets": alike, "disabled_reason": "乙"},
        _endpoint() | {"secrets": shared, "disabled_reason": "丙"},
    ]
    async with door.transaction(tenant_scope("360100")) as tx:
        for row in rows:
            tx.batch.add(insert_row(webhook_endpoints), **row)
        sql, values = tx.batch.whole("")
        assert len(values) == 3 * len(rows[0]) - 1 + 2, "counts and scope come last"
        assert max(int(each) for each in re.findall(r"\$(\d+)", sql)) == len(values)
    read = Statement(select(_E.id, _E.secrets, _E.disabled_reason).where(*_OURS, scope_ready()))
    found = await door.fetch(tenant_scope("360100"), read, tenant_id="360100")
    kept = {row["id"]: (row["secrets"], row["disabled_reason"]) for row in found}
    assert kept == {row["id"]: (shared, row["disabled_reason"]) for row in rows}
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(_FORGET, expect=3, tenant_id="360100")


async def test_a_wrong_count_undoes_what_the_same_statement_wrote(door: Door) -> None:
    for expect in (1, 0):  # of the delete, which meets none and then one
        miss = ServiceError(409, "here", "x")
        try:
            async with door.transaction(tenant_scope("360100")) as tx:
                tx.batch.add(insert_row(webhook_endpoints), **_endpoint())
                tx.batch.add(_FORGET, expect=expect, miss=miss, tenant_id="360100")
            assert expect == 0
        except ServiceError as error:
            assert error is miss and expect == 1
            assert await door.fetch(tenant_scope("360100"), _WHOLE, tenant_id="360100") == []
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(_FORGET, tenant_id="360100")


async def test_rows_that_nobody_counts_are_written_in_their_scope_or_not_at_all(door: Door) -> None:
    """Of rows written one by one nothing is counted but the first: the others run last, in the scope set before."""
    for foreign in (0, 1):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with door.transaction(tenant_scope("360100")) as tx:
                for place in (0, 1):
                    tx.batch.add(
                        insert_row(webhook_endpoints), **_endpoint("360200" if place == foreign else "360100")
                    )
        for tenant in ("360100", "360200"):
            assert await door.fetch(tenant_scope(tenant), _WHOLE, tenant_id=tenant) == []


async def test_a_lock_begins_the_transaction_and_what_follows_is_in_it(door: Door) -> None:
    """BEGIN with its scope, the lock, a read, the rows, COMMIT; what was changed is undone with it."""
    lock = Statement(
        select(offices.c.id)
        .where(offices.c.tenant_id == bindparam("tenant_id", type_=Text))
        .with_for_update(read=True)
    )
    before = door.round_trips
    async with door.transaction(tenant_scope("360100")) as tx:
        assert await tx.fetch(lock, tenant_id="360100")
        assert await tx.fetch(_WHOLE, tenant_id="360100") == []
        tx.batch.add(insert_row(webhook_endpoints), **_endpoint())
    assert door.round_trips == before + 5
    with pytest.raises(RuntimeError):
        async with door.transaction(tenant_scope("360100")) as tx:
            await tx.fetch(_FORGET, tenant_id="360100")
            raise RuntimeError
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(_FORGET, tenant_id="360100")


def test_what_locks_or_changes_is_no_read() -> None:
    import service.app
    import service.worker  # noqa: F401 - loads every feature's statements

    writing = re.compile(r"\bFOR (NO KEY )?(UPDATE|SHARE)|\bFOR KEY SHARE|(^|\W)(INSERT|DELETE|UPDATE)\s")
    wrong = [each.sql for each in Statement.every if each.reads and writing.search(_unquoted(each.sql))]
    assert not wrong
    assert sum(each.reads for each in Statement.every) > 200


def _unquoted(sql: str) -> str:
    return re.sub(r"'[^']*'", "''", sql)
