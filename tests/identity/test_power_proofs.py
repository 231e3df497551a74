"""Power that somebody gives or takes in SQL is found by the audit's check: accounts, grants, clients (arts 39, 42)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from service.audit.powers import Told, _take, check_powers
from service.kit import clock, proofs
from service.kit.db import Door, metadata
from service.kit.ids import new_id
from service.kit.proofs import GONE
from service.settings import Settings
from tests import worlds
from tests.identity.conftest import TENANT
from tests.lives import good

ISSUER = {
    "name": "统一身份认证",
    "issuer": "https://sso.example.gov.cn",
    "client_id": "tongjian",
    "roles": ["unit"],
}
POWERS = ("users", "role_grants", "clients", "issuers", "deputies")
SAID_BY_KEY = {"tenant_id", "id", "user_id"}
ELSEWHERE = "(SELECT id FROM {0} o WHERE o.tenant_id = '360100' AND o.id <> {1} LIMIT 1)"
OTHER = {
    "office_id": ELSEWHERE.format("offices", "office_id"),
    "person_id": ELSEWHERE.format("users", "person_id"),
    "deputy_id": ELSEWHERE.format("users", "deputy_id"),
    "secrets": '\'[{"digest": "forged", "created_at": "2026-01-01T00:00:00Z", "expires_at": null}]\'::jsonb',
    "vouch_roles": "vouch_roles || 'approver'::text",
}
BY_TYPE = {
    "TEXT": "coalesce({0}, '') || 'x'",
    "JSONB": "'{{\"forged\": 1}}'::jsonb",
    "DATE": "{0} + 1",
    "INTEGER": "{0} + 1",
    "DATETIME": "coalesce({0}, now()) + interval '1 microsecond'",
}


@pytest.fixture
async def forger(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


@pytest.fixture
async def made(person: Any, admin: Any, as_user: Any) -> dict[str, str]:
    """A row of each table, made by whom it has to be made: how it is found."""
    who, other = await person("gatekeeper"), await person("cyber")
    client, issuer = f"c{new_id()[-12:]}", f"i{new_id()[-12:]}"
    answer = await admin("POST", "/clients", {"id": client, "name": "门户"})
    path = f"/clients/{TENANT}.{client}/confirm"
    accepted = {"accepted": True}
    good(await as_user(TENANT, "security_admin")("POST", path, accepted, etag=answer.headers["etag"]))
    good(await admin("POST", "/issuers", {**ISSUER, "id": issuer}))
    today = clock.legal_day(clock.now())
    absence = {
        "from_day": today.isoformat(),
        "until_day": (today + timedelta(days=9)).isoformat(),
        "note": "出差",
    }
    names = {"role": "gatekeeper", "person_login": who.login, "deputy_login": other.login}
    deputy = good(await admin("POST", "/deputies", {**names, **absence})).json()["id"]
    user, deputy = who.id.partition("-")[2], deputy.partition("-")[2]
    worlds.FORGED.update((user, client, issuer, deputy))
    ids = zip(POWERS, (user, user, client, issuer, deputy), strict=True)
    of = {"role_grants": "user_id"}
    return {table: f"tenant_id = '{TENANT}' AND {of.get(table, 'id')} = '{one}'" for table, one in ids}


async def _codes(door: Door, made: dict[str, str]) -> set[str]:
    ids = [where.split("'")[-2] for where in made.values()]
    return {each.code for each in await check_powers(door, TENANT) if any(one in each.detail for one in ids)}


def _user(made: dict[str, str]) -> str:
    return made["users"].split("'")[-2]


@pytest.mark.parametrize("table", POWERS)
async def test_every_column_is_proved(made: dict[str, str], forger: Any, door: Door, table: str) -> None:
    where, columns = made[table], metadata.tables[table].c
    await forger.execute(f"CREATE TEMP TABLE honest AS SELECT * FROM {table} WHERE {where}")
    for column in (each for each in proofs.columns(metadata.tables[table]) if each not in SAID_BY_KEY):
        if (table, column) == ("role_grants", "role"):
            continue  # another row: below
        other = BY_TYPE.get(str(columns[column].type), "").format(column)
        await forger.execute(f"UPDATE {table} SET {column} = {OTHER.get(column, other)} WHERE {where}")
        assert await _codes(door, made) == {f"{metadata.tables[table].info['proved']}_edited"}, column
        await forger.execute(f"UPDATE {table} SET {column} = (SELECT {column} FROM honest) WHERE {where}")
    assert await _codes(door, made) == set()


@pytest.mark.parametrize("table", [each for each in POWERS if each != "role_grants"])
async def test_rows_that_go_or_come_are_found(
    made: dict[str, str], forger: Any, door: Door, table: str
) -> None:
    where, word = made[table], metadata.tables[table].info["proved"]
    names = ", ".join(each.name for each in metadata.tables[table].c)
    await forger.execute(f"CREATE TEMP TABLE honest AS SELECT {names} FROM {table} WHERE {where}")
    await forger.execute(f"DELETE FROM {table} WHERE {where}")
    assert await _codes(door, made) == {f"{word}_deleted"}
    another = "gen_random_uuid()" if table in ("users", "deputies") else "id || '-forged'"
    await forger.execute(f"INSERT INTO {table} ({names}) SELECT * FROM honest")
    await forger.execute(
        f"UPDATE honest SET id = {another}" + (", login = 'forged'" if table == "users" else "")
    )
    forged = str(await forger.fetchval("SELECT id FROM honest"))
    worlds.FORGED.add(forged)
    await forger.execute(f"INSERT INTO {table} ({names}) SELECT * FROM honest")
    # People and portals of a demo come from nowhere; this database is made to say that it is none.
    await forger.execute(f"UPDATE tenant_local SET demo = false WHERE tenant_id = '{TENANT}'")
    assert {each.code for each in await check_powers(door, TENANT) if forged in each.detail} == {
        f"{word}_added"
    }
    await forger.execute(f"UPDATE tenant_local SET demo = true WHERE tenant_id = '{TENANT}'")
    await forger.execute(f"DELETE FROM {table} WHERE id = '{forged}'")
    assert await _codes(door, made) == set()


async def test_grants_that_come_and_go_are_found(
    made: dict[str, str], admin: Any, forger: Any, door: Door
) -> None:
    user = _user(made)
    give = "INSERT INTO role_grants (tenant_id, user_id, role, granted_by, granted_at) VALUES ($1, $2, $3, 'x', now())"
    await forger.execute(give, TENANT, user, "approver")
    assert await _codes(door, made) == {"grant_added"}
    await forger.execute(f"DELETE FROM role_grants WHERE user_id = '{user}' AND role = 'approver'")
    assert await _codes(door, made) == set()
    await forger.execute(f"DELETE FROM role_grants WHERE user_id = '{user}'")
    assert await _codes(door, made) == {"grant_deleted"}
    await forger.execute(give, TENANT, user, "gatekeeper")
    assert await _codes(door, made) == {"grant_edited"}


@pytest.mark.parametrize("told", ["by digest", "by its entry alone"])
async def test_a_withdrawn_grant_that_is_back_is_found(
    person: Any, admin: Any, forger: Any, door: Door, told: str
) -> None:
    """Entries of before there were digests tell who was given what as well."""
    who = await person("unit")
    user = who.id.partition("-")[2]
    worlds.FORGED.add(user)
    made = {"users": f"id = '{user}'"}
    answer = await admin("DELETE", f"/users/{who.id}/roles/unit")
    assert answer.status_code == 200, answer.text
    if told != "by digest":
        await forger.execute(
            f"UPDATE audit_entries SET summary = summary - 'rows' WHERE object_id = '{user}'"
        )
    assert await _codes(door, made) == set()
    await forger.execute(f"INSERT INTO role_grants VALUES ('{TENANT}', '{user}', 'unit', 'x', now())")
    assert await _codes(door, made) == {"grant_added"}


async def test_a_version_of_before_is_found(
    made: dict[str, str], admin: Any, forger: Any, door: Door
) -> None:
    user, where = _user(made), made["users"]
    await forger.execute(f"CREATE TEMP TABLE honest AS SELECT * FROM users WHERE {where}")
    read = await admin("GET", f"/users/{TENANT}-{user}")
    good(await admin("PATCH", f"/users/{TENANT}-{user}", {"name": "改名"}, etag=read.headers["etag"]))
    assert await _codes(door, made) == set()
    await forger.execute(f"UPDATE users SET version = (SELECT version FROM honest) WHERE {where}")
    assert await _codes(door, made) == {"user_edited"}


async def test_a_secret_that_was_used_is_no_finding(made: dict[str, str], forger: Any, door: Door) -> None:
    where = made["clients"]
    used = "jsonb_set(secrets, '{0,used_at}', '\"2026-11-01T00:00:00Z\"')"
    await forger.execute(f"UPDATE clients SET secrets = {used} WHERE {where}")
    assert await _codes(door, made) == set()


def test_a_digest_that_an_earlier_entry_of_the_command_took_stays() -> None:
    """Of a person made together with his roles the first entry has all; an entry of before has none."""
    told = Told({}, set(), set())

    def said(action: str, **summary: Any) -> str:
        _take(told, {"object_id": "x", "action": action, "summary": {"role": "unit", **summary}})
        return told.digests["grant/unit"]

    assert said("user.create", rows={"grant/unit": "digest"}) == "digest"
    assert said("grant.add") == "digest"
    assert said("grant.remove") == GONE
    assert said("grant.add") not in (GONE, "digest")
    assert said("grant.remove", rows={"grant/unit": GONE}) == GONE
    assert said("grant.add", rows={"grant/unit": "another"}) == "another"
