"""Alembic environment: runs as the owner login, one transaction per migration, never waits long for a lock."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import service.setup.schema  # noqa: F401 - fills the metadata
from migrations import spread
from service.kit.db import metadata


def _run(connection: Any) -> None:
    told = context.config.attributes.get("told")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        # Of many rows one may take minutes: whoever waits sees which ones are through.
        on_version_apply=None if told is None else lambda *, step, **_: told(step.up_revision_id),
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    # Not by a URL: of several hosts the one that takes writes is asked.
    connect = context.config.attributes["connect"]
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("SET lock_timeout = '5s'"))
        driver = (await connection.get_raw_connection()).driver_connection
        many = await spread.prepare(driver)
        await connection.commit()
        await connection.run_sync(_run)
        await connection.commit()
        if many:
            await spread.lay_out(driver)
    await engine.dispose()


asyncio.run(_online())
