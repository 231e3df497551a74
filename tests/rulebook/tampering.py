"""What the check of the rule book says after an edit by hand; everything is put back afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from service.rulebook.loader import base_rulebook
from service.rulebook.recording import problems
from service.settings import Settings


async def problems_after(statement: str, tables: Sequence[str], settings: Settings) -> list[str]:
    """The lines found once the superuser has run the statement on these tables; none before it, none afterwards."""
    assert await problems(settings.relay_url, base_rulebook()) == []
    connection = await asyncpg.connect(settings.database_url)
    try:
        for name in tables:
            await connection.execute(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name}")
        await connection.execute(statement)
        found = await problems(settings.relay_url, base_rulebook())
    finally:
        for name in tables:
            await connection.execute(f"DELETE FROM {name}")
            await connection.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
        await connection.close()
    assert await problems(settings.relay_url, base_rulebook()) == []
    return list(found)
