"""When another PostgreSQL server becomes the leader: who is asked, what is dropped, and that no COMMIT is cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import column, insert, literal_column, table

from service.kit import pool
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.idempotency import _INSERT as REMEMBER
from service.kit.ids import new_id
from service.kit.leader import Leader, each_alone
from service.kit.refusals import away, refusals
from service.kit.relay import Subscriber, step
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.setup.migrate import migrate
from tests.kit.test_lending import ALL, BUSY, a_door
from tests.kit.test_relay import DESK, TENANT
from tests.notifications.events import emit_one, query


@asynccontextmanager
async def _silent(greets: bytes = b"") -> AsyncIterator[int]:
    """A port that takes connections and answers nothing, or `greets` whoever begins to speak."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        writer.write(greets)
        await (writer.drain() if greets else asyncio.Event().wait())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _before(url: str, port: int) -> str:
    """The URL with another host before its own."""
    return url.replace("@", f"@127.0.0.1:{port},", 1)


STARTING = b"E" + (61).to_bytes(4, "big") + b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"


def test_a_url_of_several_hosts_is_one_url_per_host() -> None:
    several = "postgresql://u:p%40q@one:5432,[::1]:5433,three/db?sslmode=require"
    assert each_alone(several) == [
        f"postgresql://u:p%40q@{host}/db?sslmode=require" for host in ("one:5432", "[::1]:5433", "three")
    ]
    assert each_alone("postgresql:///db?host=/run") == ["postgresql:///db?host=/run"]


@pytest.mark.parametrize("greets", [b"", STARTING], ids=["silent", "starting up"])
async def test_a_host_that_is_off_or_starting_up_costs_the_others_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch, greets: bytes
) -> None:
    monkeypatch.setattr(pool, "CONNECT_SECONDS", 4.0 if greets else 2.0)
    async with _silent(greets) as port:
        off = replace(settings, tenant_url=_before(settings.tenant_url, port))
        off = replace(off, relay_url=_before(settings.relay_url, 1))  # nobody listens there
        async with a_door(off, 2) as door:
            assert await door.fetch(BUSY, ALL)


async def test_of_several_the_one_that_takes_writes_is_asked(settings: Any) -> None:
    """A session that begins read-only is what a standby looks like; both hosts are the same server."""
    hosts = _before(settings.tenant_url, urlsplit(settings.tenant_url).port or 0)
    made = await Leader(hosts, away).connect(hosts, timeout=60)
    await made.close()
    standby = f"{hosts}?default_transaction_read_only=on"
    with pytest.raises(asyncpg.TargetServerAttributeNotMatched) as caught:
        await Leader(standby, away).connect(standby, timeout=60)
    assert away(caught.value), "both are standbys: 503 until one is the leader"


async def test_migrate_takes_several_hosts(settings: Any) -> None:
    """Nobody listens at the first; nothing is left to migrate, so it only looks."""
    await asyncio.to_thread(migrate, _before(settings.database_url, 1), [])


async def _remember(door: Door) -> None:
    reply = {
        "tenant_id": "360100",
        "caller": "t",
        "route": "r",
        "key": new_id(),
        "fingerprint": "f",
        "status": 200,
        "headers": {},
        "body": b"",
        "created_at": datetime.now(UTC),
    }
    async with door.transaction(tenant_scope("360100")) as tx:
        tx.batch.add(REMEMBER, **reply)


async def test_connections_to_a_demoted_server_are_dropped(settings: Any) -> None:
    """All of the pool, not only the one that met the refusal (25006); which itself is 503, not a defect."""
    async with a_door(settings, 3) as door:
        lender = door.lenders["tenant"]
        held = {tenant: await lender.take(tenant) for tenant in ("360100", "360200", "360300")}
        for tenant, connection in held.items():
            await connection.execute("SET default_transaction_read_only = on")
            await lender.give(tenant, connection)
        with pytest.raises(ServiceError) as caught, refusals():
            await _remember(door)
        assert caught.value.status == 503
        for _ in held:
            await _remember(door)


async def _begun(tx: Any) -> Any:
    """The connection of a command in the middle of its transaction."""
    await tx._session.begin()
    return tx._session._connection


async def test_an_event_met_by_a_demoted_server_is_not_counted_against_it(settings: Any) -> None:
    """Nobody's fault: it raises, and comes again when the leader is there."""
    await query(settings.database_url, "TRUNCATE outbox, outbox_work")

    async def demoted(tx: Any, _tenant: str, _events: Any) -> None:
        connection = await _begun(tx)
        await connection.execute("SET LOCAL transaction_read_only = on")
        await connection.execute("INSERT INTO outbox SELECT * FROM outbox WHERE false")

    one = Subscriber("one", lambda _event: {TENANT}, demoted)
    async with a_door(settings, 2) as door:
        await emit_one(door, TENANT, "project.submitted", DESK)
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await step(door, TENANT, {"project.submitted": [one]}, Telemetry())
    (row,) = await query(settings.database_url, "SELECT last_error FROM outbox")
    assert row["last_error"] is None


_SLOW = """
CREATE TABLE commits (id int);
CREATE FUNCTION commits() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock(231); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER commits AFTER INSERT ON commits DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION commits()"""


_ONE = Statement(insert(table("commits", column("id"))).values(id=literal_column("1")))


_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND (query = 'COMMIT' OR query LIKE 'WITH s AS%INSERT INTO commits%') AND wait_event_type = 'Lock'"
)


async def _comes_about(owner: Any) -> None:
    """It waits no more a moment before what it wrote is seen."""
    for _ in range(6000):
        if await owner.fetchval("SELECT count(*) FROM commits"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("never came about")


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("ended", ["late", "cancelled"])
async def test_a_commit_that_does_not_come_about_is_never_cancelled(
    settings: Any, monkeypatch: pytest.MonkeyPatch, ended: str, whole: bool
) -> None:
    """What a COMMIT waits for here is a lock; with a standby away it waits for that, and a cancelled wait shows
    everybody what the standby does not have (docs/decisions/0231)."""
    monkeypatch.setattr(pool, "COMMAND_SECONDS", 0.2 if ended == "late" else 60.0)
    owner = await asyncpg.connect(settings.database_url)
    door = Door({"relay": settings.database_url}, pool_max=1)
    await owner.execute(_SLOW)
    await owner.execute("SELECT pg_advisory_lock(231)")
    await door.open()

    async def command() -> None:
        async with door.transaction(RELAY) as tx:
            if not whole:
                await _begun(tx)
            tx.batch.add(_ONE)

    try:
        task = asyncio.create_task(command())
        while not await owner.fetchval(_WAITING):
            await asyncio.sleep(0.01)
        if ended == "cancelled":
            task.cancel()
        (error,) = await asyncio.gather(task, return_exceptions=True)
        assert isinstance(error, asyncio.CancelledError) if ended == "cancelled" else away(error)
        assert await owner.fetchval("SELECT count(*) FROM commits") == 0
        assert await owner.fetchval(_WAITING) == 1, "still under way, and seen by nobody"
        await owner.execute("SELECT pg_advisory_unlock(231)")
        await _comes_about(owner)
    finally:
        await door.close()
        await owner.execute("SELECT pg_advisory_unlock_all(); DROP TABLE commits; DROP FUNCTION commits()")
        await owner.close()
