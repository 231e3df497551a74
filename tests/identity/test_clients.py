"""Clients: secrets shown once, rotated, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from service.identity import secrets
from service.kit import clock
from service.kit.db import Door, Statement, scope_ready, tenant_scope
from service.kit.idempotency import idempotency
from service.kit.ids import new_id
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, PROVINCE, TENANT
from tests.identity.test_tokens import ED, ED_JWK, OKPAlgorithm


async def registered(admin: Caller, **more: Any) -> tuple[str, str, httpx.Response]:
    made = await admin("POST", "/clients", {"id": "c" + new_id()[-12:], "name": "市级门户", **more})
    assert made.status_code == 201, made.text
    return made.json()["client"]["id"], made.json()["secret"], made


async def token_of(oauth: Any, ident: str, secret: str) -> str | None:
    reply = await oauth(grant_type="client_credentials", client_id=ident, client_secret=secret)
    return reply.json()["access_token"] if reply.status_code == 200 else None


async def test_a_secret_is_shown_once_and_stored_nowhere(admin: Caller, door: Door, oauth: Any) -> None:
    key, body = {"idempotency-key": new_id()}, {"id": "c" + new_id()[-12:], "name": "市级门户"}
    first = await admin("POST", "/clients", body, headers=dict(key))
    secret = first.json()["secret"]
    assert (first.status_code, first.json()["secret_shown"], len(secret) >= 43) == (201, True, True)
    again = await admin("POST", "/clients", body, headers=dict(key))
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == {**first.json(), "secret": None, "secret_shown": False}
    assert again.headers["etag"] == first.headers["etag"]
    stored = await door.fetch(
        tenant_scope(TENANT),
        Statement(select(idempotency.c.body).where(idempotency.c.tenant_id == TENANT, scope_ready())),
    )
    assert stored
    assert not any(secret.encode() in row["body"] for row in stored)
    ident = first.json()["client"]["id"]
    read = await admin("GET", f"/clients/{ident}")
    assert secret not in read.text
    assert secrets.digest(secret) not in read.text
    assert await token_of(oauth, ident, secret)
    twin = await admin("POST", "/clients", body)
    assert (twin.status_code, twin.json()["code"]) == (409, "client_exists")


async def test_rotation_keeps_the_old_secret_for_a_while(admin: Caller, oauth: Any, me: Any) -> None:
    ident, first, _ = await registered(admin)
    token = await token_of(oauth, ident, first)
    rotated = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 168})
    assert rotated.status_code == 200, rotated.text
    second = rotated.json()["secret"]
    assert [entry["expires_at"] is None for entry in rotated.json()["client"]["secrets"]] == [False, True]
    assert await token_of(oauth, ident, first)
    assert await token_of(oauth, ident, second)
    third = (await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 1})).json()["secret"]
    assert await token_of(oauth, ident, first) is None, "two at a time"
    assert await token_of(oauth, ident, second)
    assert await me(token) == 200
    last = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 0})
    assert await me(token) == 401
    assert await token_of(oauth, ident, third) is None
    fresh = await token_of(oauth, ident, last.json()["secret"])
    assert await me(fresh) == 200
    for hours in (-1, 169, 1.5, "1"):
        assert (await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": hours})).status_code == 422


def test_expired_secrets_do_not_match() -> None:
    now = clock.now()
    old = secrets.rotated([secrets.stored("one", now)], "two", now, timedelta(hours=1))
    assert secrets.matches(old, "one", now + timedelta(minutes=59))
    assert not secrets.matches(old, "one", now + timedelta(minutes=61))
    assert secrets.matches(old, "two", now + timedelta(days=1000))
    again = secrets.rotated(old, "three", now + timedelta(minutes=1), timedelta(hours=5))
    assert [entry["digest"] for entry in again] == [secrets.digest("two"), secrets.digest("three")]
    assert not secrets.matches([], "", now)


async def test_disabling_and_a_new_key_end_its_tokens(admin: Caller, oauth: Any, me: Any) -> None:
    ident, secret, made = await registered(admin)
    token = await token_of(oauth, ident, secret)
    path = f"/clients/{ident}"
    keyed = await admin("PATCH", path, {"public_jwk": ED_JWK}, etag=made.headers["etag"])
    assert (keyed.status_code, keyed.json()["public_jwk"]["x"]) == (200, ED_JWK["x"])
    assert await me(token) == 401
    token = await token_of(oauth, ident, secret)
    off = await admin("PATCH", path, {"disabled": True}, etag=keyed.headers["etag"])
    assert off.status_code == 200, off.text
    assert await me(token) == 401
    assert await token_of(oauth, ident, secret) is None
    on = await admin("PATCH", path, {"disabled": False, "public_jwk": None}, etag=off.headers["etag"])
    assert (on.json()["disabled_at"], on.json()["public_jwk"]) == (None, None)
    assert await me(await token_of(oauth, ident, secret)) == 200
    assert (await admin("PATCH", path, {"name": "x"}, etag=made.headers["etag"])).status_code == 412


async def test_refused_keys_and_ids(admin: Caller) -> None:
    private = OKPAlgorithm.to_jwk(ED, as_dict=True)
    jwks = [
        private,
        {"kty": "RSA"},
        {"kty": "oct", "k": "AA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {},
    ]
    for jwk in jwks:
        reply = await admin("POST", "/clients", {"id": "abc", "name": "x", "public_jwk": jwk})
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/public_jwk"), jwk
        assert private["d"] not in reply.text
    for ident in ("A", "a", "a.b", "a b", "a/b", "x\n", "360100.ab", "a" * 41):
        reply = await admin("POST", "/clients", {"id": ident, "name": "x"})
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/id"), ident


async def test_foreign_clients_are_absent(admin: Caller, as_user: Any) -> None:
    replies = []
    for ref in (f"{FOREIGN}.portal", f"{TENANT}.nobody", "portal", f"{TENANT}.X"):
        replies += [
            await admin("GET", f"/clients/{ref}"), await admin("POST", f"/clients/{ref}/rotate", {}),
            await admin("PATCH", f"/clients/{ref}", {"name": "x"}, etag='"1"'),
        ]  # fmt: skip
    bodies = [{k: v for k, v in reply.json().items() if k != "request_id"} for reply in replies]
    assert all(reply.status_code == 404 for reply in replies)
    assert all(body == bodies[0] for body in bodies)
    listed = (await admin("GET", "/clients?limit=200")).json()["items"]
    assert all(each["id"].startswith(f"{TENANT}.") for each in listed)
    page = (await admin("GET", "/clients?limit=1")).json()
    assert page["next_cursor"]
    assert len((await admin("GET", f"/clients?limit=1&cursor={page['next_cursor']}")).json()["items"]) == 1
    assert (await as_user(TENANT)("GET", "/clients")).status_code == 403


async def test_a_provincial_client_acts_for_people_only(as_user: Any, oauth: Any) -> None:
    admin = as_user(PROVINCE, "administrator")
    ident, secret, _ = await registered(admin)
    reply = await oauth(grant_type="client_credentials", client_id=ident, client_secret=secret)
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_grant")
