"""What a declaration is held against (art. 9, 40) is read through indexes: preview and submission do not grow."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.db import session
from service.kit.ids import new_id
from service.projects.queries_grounds import GROUNDS
from tests.factories import city_office
from tests.tasks.crowded.test_pages import _CASES, FEW, MANY, blocks
from tests.worlds import world

pytestmark = pytest.mark.long  # an office of thousands of cases
settings, app, door, client, token, as_user = world(forged=True)  # the desks' cases have the same names

TENANT = "360300"


async def test_a_declaration_does_not_read_its_offices_other_cases(settings: Any) -> None:
    owner = await asyncpg.connect(settings.database_url)
    reader = await asyncpg.connect(settings.tenant_url, server_settings=session())
    asked = {
        "id": new_id(),
        "office_id": city_office(TENANT),
        "names": "{}",
        "on": "2026-06-01",
        "since": "2023-06-01",
        "previous": new_id(),
        "entry": new_id(),
    }
    try:
        found, last = [], 0
        for size in (FEW, MANY):
            await owner.execute(_CASES, TENANT, city_office(TENANT), last + 1, size)
            await owner.execute("VACUUM ANALYZE projects")
            pages, plan = await blocks(reader, GROUNDS, **asked)
            found.append(pages)
            last = size
        assert found[1] <= 2 * found[0] + 20, f"{found}\n{plan}"
        assert "ix_projects_scored" in plan and "ix_projects_on_entry" in plan, plan
    finally:
        await reader.close()
        await owner.close()
