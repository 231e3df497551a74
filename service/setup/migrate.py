"""`tongjian migrate`: brings a database to the newest schema and sets the three logins' passwords."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from alembic import command
from alembic.config import Config
from asyncpg import exceptions as pg
from sqlalchemy.exc import DBAPIError

from service.kit.leader import connected
from service.kit.refusals import BUSY

ROOT = Path(__file__).resolve().parents[2]
MIGRATING = "tongjian-migrate"
_TURN = 0x7075_6E67  # the advisory lock of whoever changes this database's schema
ATTEMPTS, LONGEST_REST = 10, 8.0  # a minute and a half in all, for a report or a dump that holds a table


def _alembic(url: str, told: Callable[[str], None] | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(ROOT))  # the migrations share migrations/tools.py
    config.attributes["told"] = told
    config.attributes["connect"] = lambda: connected(url)
    return config


@asynccontextmanager
async def _turn(owner_url: str, told: Callable[[str], None] | None) -> AsyncIterator[Any]:
    """A connection that holds the database's migration lock; whoever comes second waits until the first is done.

    It asks again and again: a statement that waits would be waited for by the first one's CREATE INDEX CONCURRENTLY.
    """
    connection = await connected(owner_url, server_settings={"application_name": MIGRATING})
    try:
        while not await connection.fetchval(f"SELECT pg_try_advisory_lock({_TURN})"):
            if told is not None:
                told("waits for another migrate")
                told = None
            await asyncio.sleep(0.2)
        yield connection
    finally:
        await connection.close()  # which gives the lock up, as the death of the process does


async def _set_passwords(connection: Any, login_urls: list[str]) -> None:
    for url in login_urls:
        parts = urlsplit(url)
        if parts.username and parts.password and parts.username.startswith("tj_"):
            quoted = await connection.fetchval("SELECT quote_literal($1)", parts.password)
            # Logins are shared by every database of the server: others may set them now.
            for _ in range(20):
                try:
                    await connection.execute(f'ALTER ROLE "{parts.username}" PASSWORD {quoted}')
                    break
                except pg.InternalServerError:
                    await asyncio.sleep(0.1)


def _busy(error: Exception) -> bool:
    return getattr(getattr(error, "orig", error), "sqlstate", None) in BUSY


async def upgrade(owner_url: str, told: Callable[[str], None] | None = None, to: str = "head") -> None:
    """Runs the migrations up to `to`; one that met somebody's locks lets them through and is run again, ATTEMPTS times.

    A migration that changes many tables meets those who write in any order: PostgreSQL ends one of two that wait for
    each other, and it may be the migration. It left nothing behind, and those before it stand.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            # In a thread: Alembic's environment runs a loop of its own.
            return await asyncio.to_thread(command.upgrade, _alembic(owner_url, told), to)
        except (DBAPIError, pg.PostgresError) as error:
            if attempt == ATTEMPTS or not _busy(error):
                raise
        rest = min(0.5 * 2**attempt, LONGEST_REST)
        if told is not None:
            told(f"others hold what it changes; once more in {rest:.0f} s")
        await asyncio.sleep(rest)


async def _migrate(owner_url: str, login_urls: list[str], told: Callable[[str], None] | None) -> None:
    async with _turn(owner_url, told) as connection:
        await upgrade(owner_url, told)
        await _set_passwords(connection, login_urls)


def migrate(owner_url: str, login_urls: list[str], told: Callable[[str], None] | None = None) -> None:
    """Runs the migrations as the owner login. Idempotent; of two at once the second waits, then finds them run.

    `told` hears the number of each as it is through, and that another one is waited for.
    """
    asyncio.run(_migrate(owner_url, login_urls, told))
