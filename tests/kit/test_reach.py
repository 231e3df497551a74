"""Row level security tried as the logins themselves, on a database with drafts, needs and declared cases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from service.kit.ids import new_id
from service.settings import Settings
from tests.factories import draft
from tests.lives import builder, needs
from tests.worlds import by_hand

SCOPED = "BEGIN; SET LOCAL app.scope = '{}'"


@pytest.fixture
async def login(settings: Settings) -> AsyncIterator[Any]:
    """login("province", "360000/*"): a connection as that login in an open transaction of that scope."""
    opened: list[Any] = []

    async def connect(name: str, scope: str) -> Any:
        connection = await asyncpg.connect(getattr(settings, f"{name}_url"))
        opened.append(connection)
        await connection.execute(SCOPED.format(scope))
        return connection

    yield connect
    for each in opened:
        await each.close()


@pytest.fixture
async def hidden(as_user: Any) -> dict[str, str]:
    """Ids of what has not left its city: a draft, a need the city's desk has, one it gave back."""
    city = builder(as_user)()
    made = {"draft": await city.draft()}
    for name in ("need", "returned"):
        made[name] = await needs.submitted(city)
    await made["returned"].does(needs.KEEPER, "need/return", {"reason": "请合并"})
    return {name: case.id.partition("-")[2] for name, case in made.items()}


CHILDREN = (
    "project_versions",
    "transitions",
    "project_records",
    "documents",
    "obligations",
    "suspicions",
    "suspicion_members",
    "links",
    "project_findings",
    "spills",
)


async def test_the_province_meets_nothing_of_what_was_never_declared(
    login: Any, hidden: dict[str, str], settings: Settings
) -> None:
    """law.md, trap 13, through every table that hangs on a case."""
    owner = await asyncpg.connect(settings.database_url)
    province = await login("province", "360000/*")
    ids = list(hidden.values())
    there = 0
    assert await province.fetchval("SELECT count(*) FROM projects WHERE id = ANY($1::uuid[])", ids) == 0
    for table in CHILDREN:
        query = f"SELECT count(*) FROM {table} WHERE project_id = ANY($1::uuid[])"
        there += await owner.fetchval(query, ids)
        assert await province.fetchval(query, ids) == 0, table
    assert there > 3
    await owner.close()


async def test_the_provinces_supervisor_reads_no_trail_of_drafts_and_their_files(
    as_user: Any, settings: Settings
) -> None:
    """law.md, trap 13: reuse checks, files and the withdrawal of what was never declared stay in the city's trail."""
    portal, supervisor = as_user("360100"), as_user("360000", "supervisor")
    made = (await portal("POST", "/projects", draft())).json()
    query = {"slot": "technical_plan", "name": "方案.txt"}
    file = await portal("POST", f"/projects/{made['id']}/documents", content="方案".encode(), params=query)
    checked = await portal("POST", f"/projects/{made['id']}/reuse-check", {}, etag='"1"')
    assert (file.status_code, checked.status_code) == (201, 200), checked.text
    ids = {ref.partition("-")[2] for ref in (made["id"], file.json()["id"])}

    async def told() -> set[str]:
        trail = await supervisor("GET", "/audit", params={"tenant": "360100", "limit": 200})
        assert trail.status_code == 200, trail.text
        return {each["object_id"] for each in trail.json()["items"]} & ids

    assert await told() == set()
    own = await as_user("360100", "administrator")("GET", "/audit?limit=200")
    assert {each["object_id"] for each in own.json()["items"]} >= ids
    sent = await portal("POST", f"/projects/{made['id']}/submit", {}, etag=checked.headers["etag"])
    assert sent.is_success, sent.text
    assert await told() == ids


_COMMON = {
    "tenant_id": "p.tenant_id",
    "office_id": "p.office_id",
    "id": "$2::uuid",
    "project_id": "p.id",
    "at": "now()",
    "by_tenant": "$3",
}
WRITTEN = {
    "project_records": {"kind": "'x'", "content": "'{}'", '"on"': "now()::date", "by": "'user:360000:drc'"},
    "documents": {
        "slot": "'other'", "name": "'a'", "media_type": "'text/plain'", "size": "1", "digest": "'x'",
        "checked": "'clean'", "uploaded_by": "'x'",
    },
    "rectification_orders": {
        "project_name": "'x'", "owner_name": "'x'", "organ": "'drc'", "area": "'x'", "text": "'x'",
        "issued_on": "now()::date", "due": "now()::date", "state": "'open'", "issued_by": "'x'",
    },
}  # fmt: skip


@pytest.mark.parametrize("table", WRITTEN)
async def test_a_city_writes_nothing_in_the_provinces_name(
    login: Any, hidden: dict[str, str], table: str
) -> None:
    own, given = await login("tenant", "360100/*/*"), _COMMON | WRITTEN[table]
    chosen = f"SELECT {', '.join(given.values())} FROM projects p WHERE p.id = $1"
    query = f"INSERT INTO {table} ({', '.join(given)}) {chosen}"
    assert await own.execute(query, by_hand(hidden["draft"]), new_id(), "360100") == "INSERT 0 1"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await own.execute(query, hidden["draft"], new_id(), "360000")
