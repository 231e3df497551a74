"""A fresh production deployment: migrate, seed, bootstrap, and the administrator comes in by RFC 7523."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from service.audit.actions import entry_digest
from service.bootstrap import Refused, Wish, bootstrap
from service.identity.tokens import DEVELOPMENT, JWT_BEARER
from service.kit import clock
from service.kit.db import Door
from service.kit.ids import new_id
from service.migrate import migrate
from service.seed import seed
from service.settings import Settings
from tests.worlds import Caller, on_database, running

KEY = ed25519.Ed25519PrivateKey.generate()
JWK: dict[str, Any] = OKPAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
PRIVATE: dict[str, Any] = OKPAlgorithm.to_jwk(KEY, as_dict=True)
GOOD = Wish("360300", "zhang.san", "张三", jwk=JWK)


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


async def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`tongjian bootstrap …` as the operator runs it, without the owner's login."""
    names = ("environment", "tenant_url", "province_url", "relay_url", "valkey_url", "secret_key",
             "signing_keys_file", "audit_anchor_dir", "documents_dir", "issuer")  # fmt: skip
    env = {f"TONGJIAN_{name.upper()}": str(getattr(settings, name)) for name in names}
    line = [sys.executable, "-m", "service.cli", "bootstrap", *arguments]
    return await asyncio.to_thread(
        subprocess.run, line, env={"PATH": os.environ["PATH"], **env}, capture_output=True, text=True
    )


async def token(client: httpx.AsyncClient, client_id: str, login: str) -> httpx.Response:
    claims = {
        "iss": client_id,
        "sub": login,
        "aud": "http://127.0.0.1:8000",
        "jti": new_id(),
        "exp": time.time() + 60,
    }
    assertion = jwt.encode(claims, KEY, "EdDSA")
    return await client.post("/api/v1/oauth/token", data={"grant_type": JWT_BEARER, "assertion": assertion})


@pytest.mark.parametrize(("tenant", "office"), [("360100", "南昌市数据局"), ("360000", "省级系统管理处")])
async def test_from_nobody_to_an_administrator(
    production: Settings, client: httpx.AsyncClient, superuser: Any, tmp_path: Path, tenant: str, office: str
) -> None:
    form = {"grant_type": DEVELOPMENT, "username": f"{tenant}/administrator"}
    assert (await client.post("/api/v1/oauth/token", data=form)).status_code == 400
    file = tmp_path / "portal.jwk"
    file.write_text(json.dumps(JWK), "utf-8")
    who = (tenant, "--login", "li.si", "--name", "李四", "--public-jwk", str(file))
    done = await command(production, *who)
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["login"], made["office"], made["client_id"]) == ("li.si", office, f"{tenant}.portal")

    answer = await token(client, made["client_id"], "li.si")
    assert answer.status_code == 200, answer.text
    admin = Caller(client, answer.json()["access_token"])
    (listed,) = (await admin("GET", "/users")).json()["items"]
    assert (listed["id"], listed["login"], listed["roles"]) == (made["user"], "li.si", ["administrator"])

    # The administrator lets the next ones in; people of every office of the tenant come through the same client.
    unit = (await admin("GET", "/offices?limit=1")).json()["items"][0]
    person = {"login": "wang.wu", "name": "王五", "office_id": unit["id"]}
    user = (await admin("POST", "/users", person)).json()
    grantable = (await admin("GET", f"/users/{user['id']}/roles")).json()["grantable"]
    assert (await admin("PUT", f"/users/{user['id']}/roles/{grantable[0]}")).status_code == 200
    answer = await token(client, made["client_id"], "wang.wu")
    assert answer.status_code == 200, answer.text

    # The secret: where the portal's role exists, once, and kept as a digest only.
    row = await superuser.fetchrow(
        "SELECT secrets::text, public_jwk FROM clients WHERE tenant_id = $1", tenant
    )
    assert ("client_secret" in made) is (tenant != "360000")
    if "client_secret" in made:
        assert made["client_secret"] not in row["secrets"]
        form = {"grant_type": "client_credentials", "client_id": made["client_id"]}
        form["client_secret"] = made["client_secret"]
        assert (await client.post("/api/v1/oauth/token", data=form)).status_code == 200

    # On record, without a name; and never a second time.
    entry = dict(await superuser.fetchrow(
        "SELECT tenant_id, id::text, at, actor, actor_tenant, client, action, object_kind, object_id, "
        "summary::text, request_id, digest FROM audit_entries WHERE tenant_id = $1 AND actor = 'operator'", tenant
    ))  # fmt: skip
    entry["summary"] = json.loads(entry["summary"])
    assert entry.pop("digest") == entry_digest(entry)
    assert entry["action"] == "tenant.bootstrap"
    assert set(entry["summary"]) == {"user", "office", "role", "client"}
    assert not {"李四", "li.si"} & {str(value) for value in entry["summary"].values()}
    again = await command(production, *who)
    assert (again.returncode, again.stdout) == (1, "")
    assert "has an administrator" in again.stderr and len(again.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (GOOD._replace(tenant="369900"), "no tenant 369900"),
        (GOOD._replace(tenant="360300/*'; --"), "a tenant is a code"),
        (GOOD._replace(tenant=""), "a tenant is a code"),
        (GOOD._replace(login="Zhang San"), "login is malformed"),
        (GOOD._replace(login="z\n"), "login is malformed"),
        (GOOD._replace(name=" "), "name is malformed"),
        (GOOD._replace(client="360300.portal"), "client id is malformed"),
        (GOOD._replace(jwk=PRIVATE), "private key"),
        (GOOD._replace(jwk={"kty": "RSA", "n": "AQAB", "e": "AQAB"}), "public key cannot be used"),
        (GOOD._replace(jwk={}), "public key cannot be used"),
        (GOOD._replace(jwk=None), "--public-jwk"),
        (GOOD._replace(office="没有的局"), "--office"),
        (GOOD._replace(office="安源区政府办公室"), "--office"),  # of a county: its people do not administer
    ],
)
async def test_what_is_refused_leaves_nothing(door: Door, superuser: Any, wish: Wish, why: str) -> None:
    with pytest.raises(Refused, match=why):
        await bootstrap(door, wish, clock.now())
    for table in ("users", "role_grants", "clients", "audit_entries"):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE tenant_id = '360300'") == 0


async def test_files_that_are_no_key(production: Settings, tmp_path: Path) -> None:
    file = tmp_path / "key"
    for content, why in (
        ("[1]", "not one JWK"),
        ("-----BEGIN", "not one JWK"),
        (json.dumps(PRIVATE), "private"),
    ):
        file.write_text(content, "utf-8")
        done = await command(
            production, "360300", "--login", "li.si", "--name", "李四", "--public-jwk", str(file)
        )
        assert (done.returncode, done.stdout, why in done.stderr) == (1, "", True), done.stderr
        assert PRIVATE["d"] not in done.stderr
    done = await command(
        production, "360300", "--login", "a.b", "--name", "n", "--public-jwk", f"{file}.none"
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr


async def test_two_at_once_make_one_administrator(production: Settings) -> None:
    two = Door({"tenant": production.tenant_url}, pool_min=2)
    await two.open()
    try:
        wishes = [
            Wish("360400", f"person{n}", "某人", office="九江市财政局", client=f"portal{n}", jwk=JWK)
            for n in "12"
        ]
        done = await asyncio.gather(
            *(bootstrap(two, wish, clock.now()) for wish in wishes), return_exceptions=True
        )
    finally:
        await two.close()
    assert sorted(type(each).__name__ for each in done) == ["Refused", "dict"]


async def test_a_tenant_whose_administrators_are_gone_gets_one_by_the_client_it_has(
    door: Door, superuser: Any, client: httpx.AsyncClient
) -> None:
    first = Wish("360500", "first", "甲", jwk=JWK)
    await bootstrap(door, first, clock.now())
    await superuser.execute("UPDATE users SET disabled_at = now() WHERE tenant_id = '360500'")
    with pytest.raises(Refused, match="already has a user of that login"):
        await bootstrap(door, first._replace(client="other"), clock.now())
    with pytest.raises(Refused, match="client of that id"):
        await bootstrap(door, first._replace(login="second"), clock.now())
    made = await bootstrap(door, first._replace(login="second", jwk=None), clock.now())
    assert made["client_id"] == "360500.portal" and "client_secret" not in made
    assert (await token(client, made["client_id"], "second")).status_code == 200
