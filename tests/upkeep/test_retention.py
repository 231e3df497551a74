"""What is old goes, in slices and by its own index; what is unread, owed, waiting or young stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from service.kit import clock
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.portfolio.retention import _MESSAGES, _READ, KINDS, Retention
from service.settings import Settings
from tests.lives import REASON
from tests.upkeep.old_rows import (
    MAKERS,
    MINE,
    OLD,
    OTHER,
    SLICE,
    TENANT,
    WAITING,
    YOUNG,
    deliveries,
    feed,
    messages,
    replies,
)
from tests.worlds import by_hand


@pytest.fixture(autouse=True)
async def _empty(superuser: Any) -> None:
    await superuser.execute(f"TRUNCATE inbox_reads, {', '.join(MAKERS)}")


async def left(look: Any, table: str, tenant: str = TENANT) -> int:
    which = MINE.get(table, "kind = 'old.k'")
    return int(await look.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = $1 AND {which}", tenant))


@pytest.mark.parametrize("table", MAKERS)
async def test_two_slices_and_more_go_in_one_run_and_the_young_stay(
    table: str, superuser: Any, door: Door
) -> None:
    await MAKERS[table](superuser, 2 * SLICE + 7, OLD)
    await MAKERS[table](superuser, 3, OLD, OTHER)
    await MAKERS[table](superuser, 5, YOUNG)
    telemetry = Telemetry()
    await Retention(SLICE).purge(door, telemetry)
    assert await left(superuser, table) == 5 + WAITING.get(table, 0)
    assert await left(superuser, table, OTHER) == (1 if table in WAITING else 0)
    assert "tongjian_purge_waiting 0.0" in telemetry.render().decode()


async def test_a_run_without_time_says_what_waits_and_the_next_goes_on(superuser: Any, door: Door) -> None:
    await replies(superuser, 3 * SLICE, OLD)
    telemetry, retention = Telemetry(), Retention(SLICE, share=0)
    assert await retention.purge(door, telemetry) == 0
    assert "tongjian_purge_waiting 0.0" not in telemetry.render().decode()
    assert await Retention(SLICE).purge(door, telemetry) >= 3 * SLICE
    assert await left(superuser, "idempotency") == 0


async def test_a_slice_too_big_for_a_statements_time_is_made_smaller(
    superuser: Any, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two million rows in one statement were cancelled each hour, and none went."""
    await replies(superuser, 450, OLD)
    retention, sizes = Retention(1000), []
    step = retention._step

    async def slow(door: Door, kind: Any, tenant: str, size: int) -> Any:
        if kind is not None and kind.name == "idempotency" and tenant == TENANT:
            sizes.append(size)
            if size > 250:
                raise asyncpg.QueryCanceledError
        return await step(door, kind, tenant, size)

    monkeypatch.setattr(retention, "_step", slow)
    await retention.purge(door, Telemetry())
    assert sizes == [1000, 250, 250]
    assert await left(superuser, "idempotency") == 0


async def test_unread_messages_stay_however_old(superuser: Any, door: Door) -> None:
    await messages(superuser, SLICE + 3, timedelta(days=2000), read=False)
    await messages(superuser, 1, OLD)
    await Retention(SLICE).purge(door, Telemetry())
    assert await left(superuser, "inbox") == SLICE + 3


async def test_the_messages_of_a_tenant_are_looked_through_once_a_day(superuser: Any, door: Door) -> None:
    """Most of what is old has to stay with its case, and was read again with every run."""
    clock.travel(clock.now().replace(hour=4))  # noon in Jiangxi: this takes no night
    retention = Retention(SLICE)
    await retention.purge(door, Telemetry())
    before = await left(superuser, "inbox")
    await messages(superuser, 3, OLD)
    await retention.purge(door, Telemetry())
    assert await left(superuser, "inbox") == before + 3
    clock.travel(clock.now() + timedelta(days=1))
    await retention.purge(door, Telemetry())
    assert await left(superuser, "inbox") == before


async def test_messages_of_a_case_stay_until_it_has_ended_long_ago_and_owes_nothing(
    build: Any, superuser: Any, door: Door
) -> None:
    """Told in the city and at the province; the many that stay do not stand before those that go."""
    w = build()
    going, ended = await w.submitted(), await w.submitted()
    ended = await w.made(w.owner, f"/projects/{ended.id}/withdraw", REASON, etag=ended.etag)
    for tenant in (w.tenant, "360000"):
        await messages(superuser, 2 * SLICE, timedelta(days=500), tenant, case=going.id)
        await messages(superuser, 4, OLD, tenant, case=ended.id)
        await messages(superuser, 1, OLD, tenant, case=f"{w.tenant}-{new_id()}")  # a draft that was deleted

    async def stay() -> list[int]:
        await Retention(SLICE).purge(door, Telemetry())
        return [await left(superuser, "inbox", tenant) - 2 * SLICE for tenant in (w.tenant, "360000")]

    assert await stay() == [4, 4], "it ended today"
    ended_at = clock.now() - OLD
    case = by_hand(ended.id)
    await superuser.execute("UPDATE projects SET updated_at = $1 WHERE id = $2", ended_at, case)
    owed = new_id()
    await superuser.execute(
        "INSERT INTO obligations (tenant_id, office_id, id, project_id, code, key, state, due, since, article, basis, "
        "severity, duty_tier, duty_roles, paused, pauses) SELECT tenant_id, office_id, $1, id, 'x', '', 'open', "
        "current_date, current_date, 1, '', 'must', 'city', '{}', false, '[]' FROM projects WHERE id = $2",
        owed,
        case,
    )
    assert await stay() == [4, 4], "something is owed"
    await superuser.execute("UPDATE obligations SET state = 'done' WHERE id = $1", owed)
    assert await stay() == [0, 0]


async def test_the_feed_goes_from_its_front_only(superuser: Any, door: Door) -> None:
    """Entries are numbered by their coming, not by their time: what stays has no holes."""
    await feed(superuser, 3, OLD)
    await feed(superuser, 1, timedelta(days=400, minutes=10))  # old by the policies, too young to go
    await feed(superuser, 4, OLD)
    await feed(superuser, 2, YOUNG)
    await Retention(SLICE).purge(door, Telemetry())
    rows = await superuser.fetch("SELECT seq FROM event_feed WHERE tenant_id = $1 ORDER BY seq", TENANT)
    assert [row["seq"] for row in rows] == list(range(4, 11))


INDEXES = {
    "idempotency": "ix_idempotency_created",
    "outbox": "ix_outbox_done",
    "event_feed": "ix_event_feed_at",
    "webhook_deliveries": "ix_webhook_deliveries_ended",
    "revocations": "ix_revocations_recorded",
    "assertion_uses": "ix_assertion_uses_expired",
    "workbooks": "ix_workbooks_sent",
    "sessions": "ix_sessions_made",
    "reminder_marks": "ix_reminder_marks_old",
    "reminder_messages": "ix_reminder_messages_old",
}


@pytest.mark.long
async def test_each_kind_finds_its_oldest_by_an_index(superuser: Any, settings: Settings) -> None:
    """With many rows, and plans as the service has them: generic ones."""
    for make in MAKERS.values():
        await make(superuser, 20_000, YOUNG)
    await _many_of_the_others(superuser)
    await superuser.execute("ANALYZE")
    plans = [(kind.name, kind.statement, INDEXES[kind.name]) for kind in KINDS]
    plans += [("inbox", _READ, "ix_inbox_list"), ("inbox", _MESSAGES, "_inbox")]
    relay = await asyncpg.connect(
        settings.relay_url, server_settings={"plan_cache_mode": "force_generic_plan"}
    )
    try:
        for name, statement, by in plans:
            await relay.execute(f"PREPARE p AS {statement.sql}")
            plan = "\n".join(
                row[0] for row in await relay.fetch(f"EXPLAIN EXECUTE p({_arguments(statement)})")
            )
            assert by in plan, plan
            assert f"Seq Scan on {name}" not in plan, plan
            await relay.execute("DEALLOCATE p")
    finally:
        await relay.close()


async def _many_of_the_others(superuser: Any) -> None:
    """Twenty thousand young rows of the kinds that no maker makes."""
    many = "FROM generate_series(1, 20000) n"
    await superuser.execute(
        "INSERT INTO sessions SELECT u.tenant_id, 'x' || n, u.id, u.login, now(), now() "
        f"FROM users u, generate_series(1, 20000) n WHERE u.tenant_id = '{TENANT}' AND u.login = 'unit'"
    )
    await superuser.execute(f"INSERT INTO revocations SELECT '{TENANT}', 'x' || n, now(), now() {many}")
    await superuser.execute(f"INSERT INTO assertion_uses SELECT '{TENANT}', 'x', 'x' || n, now() {many}")
    await superuser.execute(
        "INSERT INTO workbooks (tenant_id, id, sheet, name, form, digest, state, rows, things, done, wrong, present, "
        "made, faults, notes, sent_by, sender, sent_at, beat_at, version) SELECT $1, gen_random_uuid(), 'people', 'x', "
        f"'xlsx', 'x' || n, 'withdrawn', 1, 1, 1, 0, 0, 0, '[]', '[]', 'a', 'a', now(), now(), 1 {many}",
        TENANT,
    )
    await superuser.execute(
        "INSERT INTO reminder_marks (tenant_id, user_id, event_id, kind, at) "
        f"SELECT '{TENANT}', gen_random_uuid(), gen_random_uuid(), 'news', now() {many}"
    )
    await superuser.execute(
        "INSERT INTO reminder_messages (tenant_id, id, user_id, purpose, channel, address, body, state, attempts, "
        "created_at, expires_at) SELECT $1, gen_random_uuid(), gen_random_uuid(), 'news', 'mail', 'a', 'x', 'sent', 1, "
        f"now(), now() {many}",
        TENANT,
    )


def _arguments(statement: Statement) -> str:
    given = {
        "of_tenant": f"'{TENANT}'",
        "limit": "5000",
        "since": "now()",
        "after": f"'{new_id()}'",
        "ids": "'{}'",
    }
    constants = {
        name: f"interval '{value.total_seconds()} s'" if isinstance(value, timedelta) else f"'{value}'"
        for name, value in statement.constants.items()
    }
    return ", ".join({**constants, **given}[name] for name in statement.names)


async def test_the_workers_login_can_delete_only_what_is_old(superuser: Any, settings: Settings) -> None:
    """By the database's own rule, whatever the code asks for."""
    for make in (deliveries, feed, messages):
        await make(superuser, 3, YOUNG)
        await make(superuser, 2, OLD)
    await messages(superuser, 2, OLD, read=False)
    relay = await asyncpg.connect(settings.relay_url)
    try:
        for table, stay in (("webhook_deliveries", 5), ("event_feed", 3), ("inbox", 5)):
            assert await relay.execute(f"DELETE FROM {table} WHERE kind = 'old.k'") == "DELETE 2", table
            assert await left(superuser, table) == stay
        for table in ("projects", "audit_entries", "audit_chain", "users", "filings"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await relay.execute(f"DELETE FROM {table}")
    finally:
        await relay.close()
