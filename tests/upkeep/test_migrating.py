"""`tongjian migrate`: one at a time; what has been applied somewhere is never edited; no demo goes into production."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command as alembic

from migrations import applied
from service.kit.db import Door
from service.settings import DEMO_SECRET, Settings
from service.setup.demo_mark import once_a_demo
from service.setup.migrate import _TURN, MIGRATING, _alembic, upgrade
from service.setup.seed import demo_client_secret
from tests.upkeep.conftest import command, ended, environment, started, until
from tests.worlds import on_database


@pytest.fixture
def empty(seeded: Settings, clone: Callable[..., str], request: pytest.FixtureRequest) -> Settings:
    """Settings of a database in which nothing is."""
    return on_database(seeded, clone(f"empty_{abs(hash(request.node.name)) % 10**9}", "template1"))


@pytest.mark.long
async def test_of_two_migrates_at_once_the_second_waits_and_both_succeed(empty: Settings) -> None:
    env, look = environment(empty), await asyncpg.connect(empty.database_url)
    try:
        await look.execute(f"SELECT pg_advisory_lock({_TURN})")
        with started(command("migrate"), env) as one, started(command("migrate"), env) as other:

            async def both_wait() -> bool:
                there = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                return bool(await look.fetchval(f"{there} AND application_name = '{MIGRATING}'") == 2)

            await until(both_wait, one, other)
            assert await look.fetchval("SELECT to_regclass('alembic_version')") is None
            await look.execute(f"SELECT pg_advisory_unlock({_TURN})")
            codes = [await asyncio.to_thread(ended, each) for each in (one, other)]
        assert codes == [0, 0]
        assert await look.fetchval("SELECT version_num FROM alembic_version") == applied.revisions()[-1]
    finally:
        await look.close()


@pytest.mark.long
async def test_a_migration_that_is_ended_for_a_cycle_of_locks_is_run_again(empty: Settings) -> None:
    """0070 changes many tables by their names; here somebody has a later one and then asks for an earlier one."""
    await upgrade(empty.database_url, to="0069")
    told, writer = list[str](), await asyncpg.connect(empty.database_url)
    look = await asyncpg.connect(empty.database_url)
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'projects'::regclass"
    try:
        # It is the migration that is ended, however late the other asks: by the cycle, or by its own limit.
        await writer.execute("SET deadlock_timeout = '10min'")
        await writer.execute("BEGIN; LOCK TABLE projects IN ROW EXCLUSIVE MODE")
        work = asyncio.create_task(upgrade(empty.database_url, told.append, "0070"))
        while not await look.fetchval(waits):
            assert not work.done(), work
            await asyncio.sleep(0.01)
        # Granted when the migration has been ended.
        await writer.execute("LOCK TABLE acceptance_filings IN ACCESS SHARE MODE; COMMIT")
        await work
        assert told == ["others hold what it changes; once more in 1 s", "0070"]
        assert await look.fetchval("SELECT version_num FROM alembic_version") == "0070"
    finally:
        await asyncio.gather(writer.close(), look.close())


# ---- applied migrations --------------------------------------------------------------------------------------


def test_every_migration_is_as_it_was_applied() -> None:
    """Databases of that commit would otherwise upgrade into a schema that differs."""
    found = applied.differences(applied.recorded(), applied.current())
    assert found == [], "never edit an applied migration; a new one: python -m migrations.applied"


def test_what_a_migration_emits_is_the_same_each_time() -> None:
    assert applied.current() == applied.current()


@pytest.mark.parametrize("kind", ["versions", "sql"])
def test_an_edited_migration_is_found_and_not_recorded_anew(kind: str, tmp_path: Path) -> None:
    here = applied.HERE
    copy = tmp_path / "migrations"
    shutil.copytree(here, copy)
    (tmp_path / "policies").symlink_to(here.parent / "policies")
    file = next((copy / kind).glob("0004_*"))
    comment = "\n# edited\n" if kind == "versions" else "\nCREATE TABLE more (id int);\n"
    file.write_text(file.read_text("utf-8") + comment, "utf-8")
    now = applied.current(copy)
    assert applied.differences(applied.recorded(), now) == [f"0004: {kind}/{file.name} was changed"]
    with pytest.raises(SystemExit, match="0004"):
        applied.record(applied.recorded(), now, tmp_path / "applied.json")


def test_what_changes_the_sql_from_elsewhere_is_found() -> None:
    """Helpers and models that a migration uses count as much as its own file."""
    now = applied.current()
    now["0008"] = now["0008"]._replace(emitted="another")
    assert applied.differences(applied.recorded(), now) == ["0008: what it emits was changed"]


def test_new_migrations_are_appended_only(tmp_path: Path) -> None:
    now, file = applied.current(), tmp_path / "applied.json"
    newest = applied.revisions()[-1]
    before = {revision: each for revision, each in now.items() if revision != newest}
    assert applied.differences(before, now) == [f"{newest}: not recorded yet"]
    applied.record(before, now, file)
    assert applied.recorded(file) == now
    gone = {revision: each for revision, each in now.items() if revision != "0003"}
    assert applied.differences(now, gone) == ["0003: was removed"]


# ---- a demo's database in production -------------------------------------------------------------------------

CALLS = [["serve"], ["worker"], ["bootstrap", "360100"]]


def _production(settings: Settings) -> dict[str, str]:
    return environment(replace(settings, environment="production"))


@pytest.mark.long
@pytest.mark.parametrize("arguments", CALLS)
async def test_a_database_once_seeded_as_a_demo_is_refused_in_production(
    arguments: list[str], settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with log.open("wb") as err, started(command(*arguments), _production(settings), stderr=err) as process:
        assert await asyncio.to_thread(ended, process) == 1
    assert "演示数据" in log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


async def test_the_demo_databases_of_before_are_known(empty: Settings) -> None:
    """One that was seeded before there was a mark gets it with the migration; one portal is enough."""
    await asyncio.to_thread(alembic.upgrade, _alembic(empty.database_url), "0019")
    look = await asyncpg.connect(empty.database_url)
    try:
        await look.execute("INSERT INTO tenant_local (tenant_id) VALUES ('360100'), ('360200')")
        await look.execute(
            "INSERT INTO clients VALUES ('360100', 'portal', '演示门户', '[]', NULL, now(), NULL, 1), "
            "('360200', 'portal', '赣州门户', '[]', NULL, now(), NULL, 1)"
        )
        await asyncio.to_thread(alembic.upgrade, _alembic(empty.database_url), "head")
        marked = await look.fetch("SELECT tenant_id FROM tenant_local WHERE demo")
        assert [row[0] for row in marked] == ["360100"]
    finally:
        await look.close()


async def test_a_portal_with_the_public_secret_is_enough(
    settings: Settings, door: Door, superuser: Any
) -> None:
    assert await once_a_demo(door)
    await superuser.execute("UPDATE tenant_local SET demo = false")
    try:
        assert not await once_a_demo(door)
        digest = hashlib.sha256(demo_client_secret(DEMO_SECRET, "360500").encode()).hexdigest()
        await superuser.execute(
            "INSERT INTO clients VALUES ('360500', 'copied', 'x', $1, NULL, now(), NULL, 1)",
            json.dumps([{"digest": digest, "created_at": "2026-01-01T00:00:00Z", "expires_at": None}]),
        )
        assert await once_a_demo(door)
    finally:
        await superuser.execute("DELETE FROM clients WHERE id = 'copied'")
        await superuser.execute("UPDATE tenant_local SET demo = true")
