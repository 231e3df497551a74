"""`tongjian seed`: the province, its cities and counties, the organs of article 4, and (demo) people per role.

Idempotent: ids are made from names, and what is there already stays.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from service.identity.models import clients, offices, role_grants, tenant_local, users
from service.kit.db import Door, tenant_scope
from service.kit.ids import stable_id
from service.kit.leader import connected
from service.kit.tables import insert_row
from service.province import CODE, HERE, home
from service.setup.province_data import TIERS, require
from service.setup.seed_apps import seed_apps

SEED = home()
PROVINCE = CODE
SINCE = date(2023, 9, 28)
_MADE = datetime(2023, 9, 28, tzinfo=UTC)
_OFFICE = insert_row(offices, ignore_conflict=True)
_USER = insert_row(users, ignore_conflict=True)
_GRANT = insert_row(role_grants, ignore_conflict=True)
_CLIENT = insert_row(clients, ignore_conflict=True)


class Person(NamedTuple):
    """A demo person: login, name, office name, division, roles."""

    login: str
    name: str
    office: str
    division: str
    roles: tuple[str, ...]


def _rows(name: str) -> Any:
    return json.loads((SEED / name).read_text(encoding="utf-8"))


def divisions() -> list[dict[str, Any]]:
    """The national list and our registered local codes (zones; a new area that is a tenant of its own)."""
    rows: list[dict[str, Any]] = [*_rows("divisions.json")["rows"], *_rows("local_codes.json")["rows"]]
    return [{**row, "tier": TIERS[row.get("level") or row["tier"]]} for row in rows]


def demo_places() -> tuple[dict[str, Any], dict[str, Any]]:
    """The city and one county of it whose people a demo shows: those that province.json names, else the first.

    A province without cities, a city without counties: the one above, which has no such people to show.
    """
    rows = divisions()
    cities = [row for row in rows if row["tier"] == "city"] or rows[:1]
    city = next((row for row in cities if row["code"] in HERE.demo), cities[0])
    counties = [row for row in rows if row["parent"] == city["code"] and row["tier"] == "county"] or [city]
    return city, next((row for row in counties if row["code"] in HERE.demo), counties[0])


async def seed_reference(owner_url: str, *, demo: bool = False) -> list[str]:
    """Tenants, divisions, one `tenant_local` row per tenant; needs the owner login. Returns the tenants.

    `demo` marks them before anybody is made: production refuses such a database for ever (demo_mark.py).
    """
    rows = divisions()
    cities = [row for row in rows if row["tier"] in ("province", "city")]
    connection = await connected(owner_url)
    try:
        async with connection.transaction():
            await connection.executemany(
                "INSERT INTO divisions (code, name, tier, parent) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                [(row["code"], row["name"], row["tier"], row["parent"]) for row in rows],
            )
            await connection.executemany(
                "INSERT INTO tenants (id, name, tier, division) VALUES ($1, $2, $3, $1) ON CONFLICT DO NOTHING",
                [(row["code"], row["name"], row["tier"]) for row in cities],
            )
            await connection.executemany(
                f"INSERT INTO {tenant_local.name} (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING",
                [(row["code"],) for row in cities],
            )
            if demo:
                await connection.execute(f"UPDATE {tenant_local.name} SET demo = true WHERE NOT demo")
    finally:
        await connection.close()
    return [row["code"] for row in cities]


def office_id(tenant: str, division: str, name: str) -> str:
    """The id a seeded office always gets."""
    return stable_id("office", tenant, division, name)


def user_id(tenant: str, login: str) -> str:
    """The id a seeded person always gets."""
    return stable_id("user", tenant, login)


def _office(tenant: str, division: str, tier: str, name: str, kind: str, organ: str | None) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "id": office_id(tenant, division, name),
        "name": name,
        "tier": tier,
        "division": division,
        "local_code": None,
        "office_kind": kind,
        "organ": organ,
        "valid_from": SINCE,
        "valid_to": None,
        "version": 1,
    }


def _offices_of(tenant: str) -> list[dict[str, Any]]:
    organs = _rows("organs.json")
    if tenant == PROVINCE:
        return [
            _office(
                tenant, tenant, "province", row["name"], row.get("kind", "administrative"), row.get("organ")
            )
            for row in organs["province"]
        ]
    rows = divisions()
    city = next(row["name"] for row in rows if row["code"] == tenant)
    found = [
        _office(
            tenant,
            tenant,
            "city",
            f"{city}{row['name']}",
            row.get("kind", "administrative"),
            row.get("organ"),
        )
        for row in organs["city"]
    ]
    for county in (row for row in rows if row["parent"] == tenant):
        found += [
            _office(
                tenant, county["code"], "county", f"{county['name']}{row['name']}", "administrative", None
            )
            for row in organs["county"]
        ]
    return found


def people_of(tenant: str) -> list[Person]:
    """One person per role and tier; logins repeat across tenants, e.g. `gatekeeper`, `360102.user`."""
    organs = _rows("organs.json")
    if tenant == PROVINCE:
        return [
            Person(login, name, row["name"], tenant, (login.rstrip("0123456789"),))
            for row in organs["province"]
            for login, name in row.get("people", {}).items()
        ]
    rows = divisions()
    city = next(row["name"] for row in rows if row["code"] == tenant)
    found = [
        Person(login, f"{city}{person}", f"{city}{row['name']}", tenant, (login.rstrip("0123456789"),))
        for row in organs["city"]
        for login, person in row.get("people", {}).items()
    ]
    for county in (row for row in rows if row["parent"] == tenant):
        found += [
            Person(
                f"{county['code']}.{login}",
                f"{county['name']}{person}",
                f"{county['name']}{row['name']}",
                county["code"],
                (login,),
            )
            for row in organs["county"]
            for login, person in row.get("people", {}).items()
        ]
    return found


def office_of(tenant: str, role: str) -> str | None:
    """The id of the seeded office that the demo's person of a role sits in; None for a tenant not of the seed."""
    if all(row["code"] != tenant or row["tier"] == "county" for row in divisions()):
        return None
    person = next(each for each in people_of(tenant) if role in each.roles)
    return office_id(tenant, person.division, person.office)


def demo_client_secret(secret_key: str, tenant: str) -> str:
    """The demo portal's secret; real ones are random and made over the API."""
    return hashlib.sha256(f"portal:{tenant}:{secret_key}".encode()).hexdigest()


async def seed_tenant(door: Door, tenant: str, *, demo: bool, secret_key: str = "") -> None:
    """Offices of one tenant and, for the demo, its people and its portal."""
    async with door.transaction(tenant_scope(tenant)) as tx:
        for row in _offices_of(tenant):
            tx.batch.add(_OFFICE, expect=None, **row)
        await tx.flush()
        if not demo:
            return
        for person in people_of(tenant):
            tx.batch.add(_USER, expect=None, **_user_row(tenant, person))
        await tx.flush()
        for person in people_of(tenant):
            for role in person.roles:
                tx.batch.add(
                    _GRANT,
                    expect=None,
                    tenant_id=tenant,
                    user_id=user_id(tenant, person.login),
                    role=role,
                    granted_by="seed",
                    granted_at=_MADE,
                )
        if tenant != PROVINCE:
            tx.batch.add(_CLIENT, expect=None, **_client_row(tenant, secret_key))


def _user_row(tenant: str, person: Person) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "id": user_id(tenant, person.login),
        "office_id": office_id(tenant, person.division, person.office),
        "login": person.login,
        "name": person.name,
        "created_at": _MADE,
        "disabled_at": None,
        "locked_at": None,
        "version": 1,
    }


def _client_row(tenant: str, secret_key: str) -> dict[str, Any]:
    secret = demo_client_secret(secret_key, tenant)
    return {
        "tenant_id": tenant,
        "id": "portal",
        "name": "演示门户",
        "secrets": [
            {
                "digest": hashlib.sha256(secret.encode()).hexdigest(),
                "created_at": _MADE.isoformat(),
                "expires_at": None,
            }
        ],
        "public_jwk": None,
        "second_jwk": None,
        "vouch_roles": [],
        "sign_in": None,
        "pending": None,
        "created_at": _MADE,
        "disabled_at": None,
        "confirmed_at": _MADE,
        "confirmed_by": "seed",
        "version": 1,
    }


async def seed(owner_url: str, door: Door, *, demo: bool, secret_key: str = "") -> None:
    """Everything above, for an open door. SystemExit, with nothing written: the province's data do not fit together."""
    require()
    for tenant in await seed_reference(owner_url, demo=demo):
        await seed_tenant(door, tenant, demo=demo, secret_key=secret_key)
    if demo:
        await seed_apps(door, office_id, {row["code"]: row["name"] for row in divisions()})
