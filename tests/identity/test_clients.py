"""Clients: secrets shown once, rotated, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select

from service.identity import secrets
from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.idempotency import idempotency
from service.kit.ids import new_id
from service.kit.statements import Statement, scope_ready
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, PROVINCE, TENANT
from tests.identity.test_tokens import ED, ED_JWK, OKPAlgorithm, confirmed


async def registered(admin: Caller, as_user: Any, **more: Any) -> tuple[str, str, httpx.Response]:
    """A confirmed client; the last answer carries its ETag."""
    made = await admin("POST", "/clients", {"id": "c" + new_id()[-12:], "name": "市级门户", **more})
    assert made.status_code == 201, made.text
    return made.json()["client"]["id"], made.json()["secret"], await confirmed(as_user, made)


async def rotated(admin: Caller, as_user: Any, ident: str, hours: int) -> str:
    """A new secret, confirmed."""
    made = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": hours})
    assert made.status_code == 200, made.text
    await confirmed(as_user, made)
    return str(made.json()["secret"])


async def token_of(oauth: Any, ident: str, secret: str) -> str | None:
    reply = await oauth(grant_type="client_credentials", client_id=ident, client_secret=secret)
    return reply.json()["access_token"] if reply.status_code == 200 else None


async def test_a_secret_is_shown_once_and_stored_nowhere(
    admin: Caller, door: Door, oauth: Any, as_user: Any
) -> None:
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
    assert await token_of(oauth, ident, secret) is None
    await confirmed(as_user, first)
    assert await token_of(oauth, ident, secret)
    twin = await admin("POST", "/clients", body)
    assert (twin.status_code, twin.json()["code"]) == (409, "client_exists")


async def test_rotation_keeps_what_is_in_use_for_a_while(
    admin: Caller, oauth: Any, me: Any, as_user: Any
) -> None:
    ident, first, _ = await registered(admin, as_user)
    token = await token_of(oauth, ident, first)
    asked = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 168})
    second = asked.json()["secret"]
    assert await token_of(oauth, ident, second) is None, "not confirmed yet"
    assert await token_of(oauth, ident, first)
    shown = (await confirmed(as_user, asked)).json()["secrets"]
    assert [entry["expires_at"] is None for entry in shown] == [False, True]
    assert await token_of(oauth, ident, first)
    assert await token_of(oauth, ident, second)
    third = await rotated(admin, as_user, ident, 1)
    for secret in (first, second, third):
        assert await token_of(oauth, ident, secret), "all three are in use"
    assert await me(token) == 200
    last = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 0})
    assert await me(token) == 401, "a leaked secret ends at once, whoever confirms the new one"
    for secret in (first, second, third, last.json()["secret"]):
        assert await token_of(oauth, ident, secret) is None
    await confirmed(as_user, last)
    fresh = await token_of(oauth, ident, last.json()["secret"])
    assert await me(fresh) == 200
    for hours in (-1, 169, 1.5, "1"):
        assert (await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": hours})).status_code == 422


@pytest.mark.parametrize("again", [1, 2, 5])
@pytest.mark.parametrize("confirming", ["each", "last"])
async def test_rotating_again_after_a_lost_answer_leaves_the_one_in_use(
    admin: Caller, oauth: Any, as_user: Any, again: int, confirming: str
) -> None:
    ident, in_use, _ = await registered(admin, as_user)
    assert await token_of(oauth, ident, in_use)
    lost = []
    for _ in range(again):
        made = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 24})
        lost.append(made.json()["secret"])
        if confirming == "each":
            await confirmed(as_user, made)
    made = await admin("POST", f"/clients/{ident}/rotate", {"keep_old_hours": 24})
    await confirmed(as_user, made)
    assert await token_of(oauth, ident, in_use)
    assert await token_of(oauth, ident, made.json()["secret"])
    assert [await token_of(oauth, ident, secret) for secret in lost] == [None] * again


def test_expired_secrets_do_not_match() -> None:
    now = clock.now()
    old = secrets.rotated([secrets.stored("one", now)], secrets.stored("two", now), now, timedelta(hours=1))
    assert secrets.matches(old, "one", now + timedelta(minutes=59))
    assert not secrets.matches(old, "one", now + timedelta(minutes=61))
    assert secrets.matches(old, "two", now + timedelta(days=1000))
    later = now + timedelta(minutes=1)
    again = secrets.rotated(old, secrets.stored("three", later), later, timedelta(hours=5))
    assert [entry["digest"] for entry in again] == [secrets.digest("one"), secrets.digest("three")]
    assert again[0]["expires_at"] == old[0]["expires_at"], "never longer than before"
    used = secrets.first_use(old, "two", later)
    assert used is not None and secrets.first_use(used, "two", later) is None
    again = secrets.rotated(used, secrets.stored("three", later), later, timedelta(hours=5))
    assert [entry["digest"] for entry in again] == [secrets.digest(each) for each in ("one", "two", "three")]
    assert not secrets.matches([], "", now)


async def test_disabling_and_a_new_key_end_its_tokens(
    admin: Caller, oauth: Any, me: Any, as_user: Any
) -> None:
    ident, secret, made = await registered(admin, as_user)
    token = await token_of(oauth, ident, secret)
    path = f"/clients/{ident}"
    asked = await admin("PATCH", path, {"public_jwk": ED_JWK}, etag=made.headers["etag"])
    assert (asked.status_code, asked.json()["public_jwk"]) == (200, None)
    assert asked.json()["pending"]["public_jwk"]["x"] == ED_JWK["x"]
    assert await me(token) == 200
    keyed = await confirmed(as_user, asked)
    assert keyed.json()["public_jwk"]["x"] == ED_JWK["x"]
    assert await me(token) == 401
    token = await token_of(oauth, ident, secret)
    bare = await admin("PATCH", path, {"public_jwk": None}, etag=keyed.headers["etag"])
    assert (bare.json()["public_jwk"], await me(token)) == (None, 401), "without its key at once"
    token = await token_of(oauth, ident, secret)
    off = await admin("PATCH", path, {"disabled": True}, etag=bare.headers["etag"])
    assert off.status_code == 200, off.text
    assert await me(token) == 401
    assert await token_of(oauth, ident, secret) is None
    on = await admin("PATCH", path, {"disabled": False}, etag=off.headers["etag"])
    assert await token_of(oauth, ident, secret) is None
    assert (await confirmed(as_user, on)).json()["disabled_at"] is None
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
            await admin("GET", f"/clients/{ref}"),
            await admin("POST", f"/clients/{ref}/rotate", {}),
            await admin("PATCH", f"/clients/{ref}", {"name": "x"}, etag='"1"'),
        ]
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
    ident, secret, _ = await registered(admin, as_user)
    reply = await oauth(grant_type="client_credentials", client_id=ident, client_secret=secret)
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_grant")


async def test_a_short_key_is_registered_with_a_reason_only(admin: Caller, as_user: Any) -> None:
    """Whoever judges it reads why; one that is registered already stays."""
    short = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key(), as_dict=True)
    ident = "c" + new_id()[-12:]
    for reason in ({}, {"reason": " "}, {"reason": 1}, {"reason": "a\nb"}):
        refused = await admin(
            "POST", "/clients", {"id": ident, "name": "市级门户", "public_jwk": {**short, **reason}}
        )
        assert refused.status_code == 422, reason
        assert refused.json()["errors"][0]["pointer"].startswith("/public_jwk"), refused.text
    why = {"reason": "门户设备年底更换"}
    ref, _, agreed = await registered(admin, as_user, public_jwk={**short, **why})
    assert agreed.json()["public_jwk"]["reason"] == why["reason"]
    named = await admin(
        "PATCH", f"/clients/{ref}", {"public_jwk": short, "name": "新名"}, etag=agreed.headers["etag"]
    )
    assert named.status_code == 200, named.text
