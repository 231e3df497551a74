"""An office of thousands of cases goes in one transaction, and is proved."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from sqlalchemy import bindparam, func, literal_column, select

from service.audit.cases import check_cases
from service.audit.models import audit_entries
from service.kit.db import Door, metadata, tenant_scope
from service.kit.ids import parse_ref
from service.kit.statements import Statement, scope_ready
from tests.conftest import Caller
from tests.factories import draft
from tests.identity.conftest import TENANT, Make

NOTED = Statement(
    select(func.count().label("count")).where(
        audit_entries.c.tenant_id == bindparam("tenant_id"),
        audit_entries.c.action == literal_column("'project.noted'"),
        scope_ready(),
    )
)


@pytest.mark.long
async def test_an_office_of_thousands_of_cases_goes_in_one_transaction_and_is_proved(
    admin: Caller, office: Make, clerk: Any, settings: Any, door: Door
) -> None:
    """Sets, not rows: no statement grows with the number of cases, and each case leaves its digest."""
    old, new = await office(), await office()
    _, sign_in = await clerk(old, "unit")
    text = draft(TENANT)
    text.pop("owner_office_id")
    made = await (await sign_in())("POST", "/projects", text)
    many, projects = 6000, metadata.tables["projects"]
    names = [
        each.name
        for each in projects.columns
        if each.computed is None and each.name not in ("id", "external_ref")
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    owner = await asyncpg.connect(settings.database_url)
    try:
        await owner.execute(
            f"INSERT INTO projects (id, {columns}) SELECT gen_random_uuid(), {columns} "
            f"FROM projects, generate_series(1, {many}) WHERE projects.id = $1",
            parse_ref(made.json()["id"]).id,
        )
    finally:
        await owner.close()
    body = {"successor_office_id": new["id"], "people": "move"}
    done = await admin("POST", f"/offices/{old['id']}/reorganise", body, etag='"1"')
    assert done.status_code == 200, done.text
    assert {each["kind"]: each["count"] for each in done.json()["handed"]}["draft"] == many + 1
    noted = await door.fetch(tenant_scope(TENANT), NOTED, tenant_id=TENANT)
    assert noted[0]["count"] >= many
    found = await check_cases(door, TENANT)
    assert parse_ref(made.json()["id"]).id not in str(found.findings)
