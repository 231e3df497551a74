"""Two parts of one project, declared while nothing declared before is a candidate."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.settings import Settings
from tests.suspicions.support import PARKING, PARKING_AGAIN, declared, worked

REASON = {"reason": "建设内容相同，应当合并申报"}


@pytest.fixture(autouse=True)
async def alone(settings: Settings, door: Door) -> None:
    """Nothing declared before is a candidate."""
    await worked(door)
    connection = await asyncpg.connect(settings.database_url)
    try:
        for table in ("suspicion_members", "suspicions", "similarity_keys"):
            await connection.execute(f"DELETE FROM {table}")
    except asyncpg.PostgresError:
        raise
    finally:
        await connection.close()


async def pair(as_user: Any, door: Door, one: str = "2900000.00", two: str = "2800000.00") -> tuple[Any, Any]:
    first = await declared(as_user, PARKING, one)
    second = await declared(as_user, PARKING_AGAIN, two)
    await worked(door)
    return first.data, second.data
