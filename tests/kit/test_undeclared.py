"""law.md, trap 13 as the logins meet it: no row of a table tells the province, another tenant or office of a draft."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.db import metadata
from service.kit.ids import new_id
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.setup import schema  # noqa: F401 - fills the metadata
from service.setup.seed import office_id
from service.worker import SUBSCRIBERS
from tests.factories import city_office
from tests.lives import World, good, needs, people
from tests.worlds import by_hand

# What a login may meet of a hidden case, and why.
PROVINCE_MEETS = {
    "systems": "an existing system is on the register whatever names it (art. 6); of a draft it tells an id"
}
TENANTS_OWN = {
    "audit_entries": "the tenant's trail, read by administrators and supervisors; ids, versions and digests only",
    "audit_chain": "digests",
    "idempotency": "stored replies are found by caller and key only",
    "outbox": "no SELECT of it is offered to anybody bound to an office",
    "spills": "asked for by desks of the whole tenant",
}
OF_TENANTS = {table.name for table in metadata.sorted_tables if table.info["kind"] != "reference"}
_PERSON = "'user:360100:x'"


async def _hidden(w: World, as_user: Any, superuser: Any) -> list[str]:
    """A draft, a need the city's desk has and one it gave back, each with all that can hang on it so early."""
    portal = w.by("owner")
    made = [await w.draft(), await needs.submitted(w), await needs.submitted(w)]
    await made[2].does(needs.KEEPER, "need/return", {"reason": "请合并"})
    for case in made:
        query = {"slot": "technical_plan", "name": "方案.txt"}
        good(await portal("POST", f"/projects/{case.id}/documents", content="方案".encode(), params=query))
        body = {"name": f"系统{new_id()}", "office_id": city_office("360100"), "project_id": case.id}
        good(await portal("POST", "/systems", body))
        spill = {"reason": "text", "project_id": case.id}
        good(await as_user("360100", "security_admin")("POST", "/spills", spill))
    ids = [by_hand(case.id) for case in made]
    for told in (
        "INSERT INTO project_findings SELECT tenant_id, office_id, id, 'x', 'notice', 9, 'x', NULL, NULL, now()",
        f"INSERT INTO project_records SELECT tenant_id, office_id, gen_random_uuid(), id, 'x', '{{}}', now()::date, "
        f"NULL, {_PERSON}, tenant_id, now()",
    ):
        await superuser.execute(
            f"{told} FROM projects WHERE id = ANY($1::uuid[]) ON CONFLICT DO NOTHING", ids
        )
    for tenant in ("360100", "360000"):
        await drain(w.door, tenant, SUBSCRIBERS, Telemetry())
    return ids


async def _met(connection: Any, ids: list[str]) -> dict[str, int]:
    """Tables with a row that this connection may read and that names one of these cases."""
    found = {}
    for table in metadata.sorted_tables:
        if table.info["kind"] == "reference":
            continue
        granted = await connection.fetchval("SELECT has_table_privilege($1, 'SELECT')", table.name)
        named = " OR ".join(f"strpos(t::text, '{each}') > 0" for each in ids)
        if granted and (
            rows := await connection.fetchval(f"SELECT count(*) FROM {table.name} t WHERE {named}")
        ):
            found[table.name] = rows
    return found


@pytest.fixture
async def hidden(as_user: Any, door: Any, settings: Settings) -> Any:
    superuser = await asyncpg.connect(settings.database_url)
    w = World(people(as_user), door, Telemetry(), settings.database_url)
    yield await _hidden(w, as_user, superuser)
    await superuser.close()


async def _as(url: str, scope: str) -> Any:
    connection = await asyncpg.connect(url)
    await connection.execute(f"BEGIN; SET LOCAL app.scope = '{scope}'")
    return connection


@pytest.mark.long
async def test_every_table_hides_what_was_never_declared(hidden: list[str], settings: Settings) -> None:
    """Arts 13-15, law.md, trap 13: raw SELECTs of each login, over every table there is."""
    everything = await asyncpg.connect(settings.database_url)
    there = await _met(everything, hidden)
    assert len(there) > 10, "too little hangs on the cases to prove anything"
    province = await _as(settings.province_url, "360000/*")
    assert (await _met(province, hidden)).keys() - PROVINCE_MEETS.keys() == set()
    stranger = await _as(settings.tenant_url, "360200/*")
    assert await _met(stranger, hidden) == {}
    office = await _as(settings.tenant_url, f"360100/{office_id('360100', '360102', '东湖区政府办公室')}")
    assert (await _met(office, hidden)).keys() - TENANTS_OWN.keys() == set()
    nobody = await _as(settings.tenant_url, "")
    assert await _met(nobody, hidden) == {}
    for each in (everything, province, stranger, office, nobody):
        await each.close()


@pytest.mark.long
async def test_no_scope_and_an_empty_one_show_the_same(hidden: list[str], settings: Settings) -> None:
    """Sessions begin with an empty scope (kit/db.session): to the tenants' login both are nobody, on every table."""
    everything = await asyncpg.connect(settings.database_url)
    full = {name for name, rows in (await _counted(everything)).items() if rows}
    assert len(full & OF_TENANTS) > 20, "too little stands in the tables to prove anything"
    for url in (settings.tenant_url, settings.province_url, settings.relay_url):
        unset = await asyncpg.connect(url)
        seen = await _counted(unset)
        empty = await _as(url, "")
        assert seen == await _counted(empty), url
        if url == settings.tenant_url:
            assert {name for name in OF_TENANTS if seen.get(name)} == set()
        await unset.close()
        await empty.close()
    await everything.close()


async def _counted(connection: Any) -> dict[str, int]:
    """Rows of every table as this connection sees them; none of those it may not read at all."""
    found: dict[str, int] = {}
    for table in metadata.sorted_tables:
        if await connection.fetchval("SELECT has_table_privilege($1, 'SELECT')", table.name):
            found[table.name] = await connection.fetchval(f"SELECT count(*) FROM {table.name}")
    return found
