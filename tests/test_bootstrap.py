"""A fresh production deployment: migrate, seed, bootstrap, and the administrator comes in by RFC 7523."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from service.audit.actions import entry_digest
from service.identity.trying import DEVELOPMENT
from service.kit import clock
from service.kit.db import Door
from service.settings import Settings
from service.setup.bootstrap import bootstrap
from service.setup.bootstrap_wish import Refused, Someone, Wish, checked, read_jwk
from service.setup.migrate import migrate
from service.setup.seed import seed
from tests.bootstrapped import (
    GOOD,
    GUARD_JWK,
    GUARD_KEY,
    JWK,
    KEY,
    LI,
    PRIVATE,
    ZHANG,
    command,
    somebody,
    token,
)
from tests.worlds import on_database, running

pytestmark = pytest.mark.long  # databases migrated and seeded from nothing, processes that begin


@pytest.fixture(scope="module")
async def production(seeded: Settings, clone: Callable[..., str]) -> Settings:
    """Migrated and seeded as production is: nobody is there."""
    made = replace(on_database(seeded, clone("bootstrap", "template1")), environment="production")
    assert made.problems() == []
    logins = [made.tenant_url, made.province_url, made.relay_url]
    await asyncio.to_thread(migrate, made.database_url, logins)
    door = Door({"tenant": made.tenant_url})
    await door.open()
    try:
        await seed(made.database_url, door, demo=False)
    finally:
        await door.close()
    return made


@pytest.fixture(scope="module")
async def door(production: Settings) -> AsyncIterator[Door]:
    own = Door({"tenant": production.tenant_url})
    await own.open()
    yield own
    await own.close()


@pytest.fixture
async def superuser(production: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(production.database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def client(production: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running(production) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as made:
            yield made


@pytest.mark.parametrize(("tenant", "office"), [("360100", "南昌市数据局"), ("360000", "省级系统管理处")])
async def test_from_nobody_to_two_people_and_a_portal(
    production: Settings, client: httpx.AsyncClient, superuser: Any, tmp_path: Path, tenant: str, office: str
) -> None:
    form = {"grant_type": DEVELOPMENT, "username": f"{tenant}/administrator"}
    assert (await client.post("/api/v1/oauth/token", data=form)).status_code == 400
    who, made = await _made_by_the_operator(production, tmp_path, tenant, office)

    admin = await somebody(client, made["client_id"], "zhang.san")
    guard = await somebody(client, made["client_id"], "li.si", GUARD_KEY)
    for login, key in (("li.si", KEY), ("zhang.san", GUARD_KEY)):
        assert (await token(client, made["client_id"], login, key)).status_code == 400
    listed = (await admin("GET", "/users")).json()["items"]
    assert {each["login"]: each["roles"] for each in listed} == {
        "zhang.san": ["administrator"],
        "li.si": ["security_admin"],
    }
    await _let_in_by_both(client, made, admin, guard)
    await _on_record(production, superuser, tenant, who)


async def _made_by_the_operator(
    production: Settings, tmp_path: Path, tenant: str, office: str
) -> tuple[Any, Any]:
    """One command makes both, and tells no secret."""
    files = {name: tmp_path / f"{name}.jwk" for name in ("zhang", "li")}
    for file, jwk in zip(files.values(), (JWK, GUARD_JWK), strict=True):
        file.write_text(json.dumps(jwk), "utf-8")
    who = (
        tenant,
        "--login",
        "zhang.san",
        "--name",
        "张三",
        "--public-jwk",
        str(files["zhang"]),
        "--security-login",
        "li.si",
        "--security-name",
        "李四",
        "--security-public-jwk",
        str(files["li"]),
    )
    done = await command(production, *who)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    first = made["administrator"]
    assert (first["login"], first["office"], made["client_id"]) == ("zhang.san", office, f"{tenant}.sign-in")
    assert set(made) == {"client_id", "administrator", "security_admin"}, (
        "and no secret: it acts for nobody else"
    )
    return who, made


async def _let_in_by_both(client: httpx.AsyncClient, made: Any, admin: Any, guard: Any) -> None:
    """Through a client that the security administrator confirms."""
    # The administrator lets the next ones in, through a client that the security administrator confirms.
    unit = (await admin("GET", "/offices?limit=1")).json()["items"][0]
    person = {"login": "wang.wu", "name": "王五", "office_id": unit["id"]}
    user = (await admin("POST", "/users", person)).json()
    role = (await admin("GET", f"/users/{user['id']}/roles")).json()["grantable"][0]
    assert (await admin("PUT", f"/users/{user['id']}/roles/{role}")).status_code == 200
    body = {"id": "portal", "name": "门户", "public_jwk": JWK, "vouch_roles": [role]}
    asked = await admin("POST", "/clients", body)
    assert asked.status_code == 201, asked.text
    portal = asked.json()["client"]["id"]
    assert (await token(client, portal, "wang.wu")).status_code == 400
    agreed = await guard("POST", f"/clients/{portal}/confirm", {}, etag=asked.headers["etag"])
    assert agreed.status_code == 200, agreed.text
    assert (await token(client, portal, "wang.wu")).status_code == 200
    assert (await token(client, made["client_id"], "wang.wu")).status_code == 400
    assert (await token(client, portal, "zhang.san")).status_code == 400


async def _on_record(production: Settings, superuser: Any, tenant: str, who: Any) -> None:
    """Without a name; and never a second time."""
    # On record, without a name; and never a second time.
    entry = dict(
        await superuser.fetchrow(
            "SELECT tenant_id, id::text, at, actor, actor_tenant, client, action, object_kind, object_id, "
            "summary::text, request_id, digest FROM audit_entries WHERE tenant_id = $1 AND actor = 'operator'",
            tenant,
        )
    )
    entry["summary"] = json.loads(entry["summary"])
    assert entry.pop("digest") == entry_digest(entry)
    assert entry["action"] == "tenant.bootstrap"
    assert set(entry["summary"]) == {"client", "administrator", "security_admin"}
    assert not {"李四", "li.si"} & {str(value) for value in entry["summary"].values()}
    again = await command(production, *who)
    assert (again.returncode, again.stdout) == (1, "")
    assert "over the API" in again.stderr and len(again.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (GOOD._replace(tenant="369900"), "no tenant 369900"),
        (GOOD._replace(tenant="360300/*'; --"), "a tenant is a code"),
        (GOOD._replace(tenant=""), "a tenant is a code"),
        (GOOD._replace(administrator=ZHANG._replace(login="Zhang San")), "login is malformed"),
        (GOOD._replace(security_admin=LI._replace(login="z\n")), "login is malformed"),
        (GOOD._replace(administrator=ZHANG._replace(name=" ")), "name is malformed"),
        (GOOD._replace(client="360300.portal"), "client id is malformed"),
        (GOOD._replace(administrator=ZHANG._replace(jwk=PRIVATE)), "private key"),
        (
            GOOD._replace(security_admin=LI._replace(jwk={"kty": "RSA", "n": "AQAB"})),
            "public key cannot be used",
        ),
        (GOOD._replace(administrator=ZHANG._replace(jwk={})), "public key cannot be used"),
        (GOOD._replace(administrator=None), "say who is to be administrator"),
        (GOOD._replace(security_admin=None), "say who is to be security_admin"),
        (GOOD._replace(security_admin=LI._replace(login="zhang.san")), "two people"),
        (GOOD._replace(security_admin=LI._replace(jwk=JWK)), "key of his own"),
        (GOOD._replace(security_admin=LI._replace(jwk={**JWK, "kid": "other"})), "key of his own"),
        (GOOD._replace(administrator=ZHANG._replace(office="没有的局")), "--office"),
        # of a county: its people do not administer
        (GOOD._replace(administrator=ZHANG._replace(office="安源区政府办公室")), "--office"),
    ],
)
async def test_what_is_refused_leaves_nothing(door: Door, superuser: Any, wish: Wish, why: str) -> None:
    with pytest.raises(Refused, match=why):
        await bootstrap(door, wish, clock.now())
    for table in ("users", "role_grants", "clients", "audit_entries"):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = '360300'") == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [("[1]", "not one JWK"), ("-----BEGIN", "not one JWK"), (json.dumps(PRIVATE), "private")],
)
def test_files_that_are_no_key(content: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(content, "utf-8")
    with pytest.raises(Refused, match=why) as refused:
        checked(Wish("360300", Someone("li.si", "李四", read_jwk(file)), None))
    assert PRIVATE["d"] not in str(refused.value)


async def test_the_command_tells_of_a_wrong_file_without_its_content(
    production: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text(json.dumps(PRIVATE), "utf-8")
    for path, why in ((file, "private"), (tmp_path / "none", "none")):
        done = await command(
            production, "360300", "--login", "li.si", "--name", "李四", "--public-jwk", str(path)
        )
        assert (done.returncode, done.stdout, why in done.stderr) == (1, "", True), done.stderr
        assert PRIVATE["d"] not in done.stderr and "Traceback" not in done.stderr


async def test_two_at_once_make_one_pair(production: Settings) -> None:
    two = Door({"tenant": production.tenant_url}, pool_min=2)
    await two.open()
    try:
        wishes = [
            Wish(
                "360400",
                Someone(f"person{n}", "某人", JWK, "九江市财政局"),
                LI._replace(login=f"guard{n}"),
                f"in{n}",
            )
            for n in "12"
        ]
        done = await asyncio.gather(
            *(bootstrap(two, wish, clock.now()) for wish in wishes), return_exceptions=True
        )
    finally:
        await two.close()
    assert sorted(type(each).__name__ for each in done) == ["Refused", "dict"]


@pytest.mark.parametrize("gone", ["disabled_at = now()", "locked_at = now()"])
async def test_whoever_can_no_longer_sign_in_is_replaced_by_the_operator(
    door: Door, superuser: Any, client: httpx.AsyncClient, gone: str
) -> None:
    tenant = {"d": "360500", "l": "360600"}[gone[0]]
    first = Wish(tenant, ZHANG._replace(login="first"), LI)
    await bootstrap(door, first, clock.now())
    with pytest.raises(Refused, match="over the API"):
        await bootstrap(door, first._replace(administrator=ZHANG._replace(login="second")), clock.now())
    await superuser.execute(f"UPDATE users SET {gone} WHERE tenant_id = $1 AND login = 'first'", tenant)
    with pytest.raises(Refused, match="choose another login"):
        await bootstrap(door, first, clock.now())
    other = ed25519.Ed25519PrivateKey.generate()
    fresh = Someone("second", "乙", OKPAlgorithm.to_jwk(other.public_key(), as_dict=True))
    with pytest.raises(Refused, match="key of his own"):
        await bootstrap(door, Wish(tenant, ZHANG._replace(login="second"), None), clock.now())
    made = await bootstrap(door, Wish(tenant, fresh, None), clock.now())
    assert set(made) == {"client_id", "administrator"} and made["client_id"] == f"{tenant}.sign-in"
    assert (await token(client, made["client_id"], "second", other)).status_code == 200
    assert (await token(client, made["client_id"], "li.si", GUARD_KEY)).status_code == 200, "as before"
    assert (await token(client, made["client_id"], "first")).status_code == 400


async def test_an_upgraded_tenant_names_the_administrator_it_has(
    door: Door, superuser: Any, client: httpx.AsyncClient
) -> None:
    """Before clients were confirmed, any client spoke for the administrator: now nobody signs in until named."""
    tenant = "360700"
    await bootstrap(door, Wish(tenant, ZHANG, LI), clock.now())
    await superuser.execute("DELETE FROM clients WHERE tenant_id = $1", tenant)
    assert (await token(client, f"{tenant}.sign-in", "zhang.san")).status_code == 400
    made = await bootstrap(door, Wish(tenant, ZHANG, LI), clock.now())
    people = await superuser.fetchval("SELECT count(*) FROM users WHERE tenant_id = $1", tenant)
    assert people == 2, "the same two people, named anew"
    assert (await token(client, made["client_id"], "zhang.san")).status_code == 200
