"""What the drill on Citus asks of every statement, asked on plain PostgreSQL, where the planner refuses none."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from sqlalchemy import column, select, table

from service.kit.statements import Statement
from service.settings import Settings
from tests.drills._citus_lines import refused, unset
from tests.statements import EVERY


@pytest.mark.long
async def test_every_statement_is_planned_and_what_cannot_be_is_told(settings: Settings) -> None:
    connection: Any = await asyncpg.connect(settings.database_url)
    try:
        planned, told = await refused(connection, EVERY)
        assert (told, planned) == ([], len(EVERY))
        unknown = Statement(select(column("nothing")).select_from(table("tenant_local")))
        assert (await refused(connection, [unknown]))[1]
        assert await unset(connection), "no setting of Citus stands on the logins of a plain database"
    finally:
        await connection.close()
