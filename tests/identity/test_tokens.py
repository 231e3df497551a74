"""The token endpoint: every grant, and everything it must refuse in the same words."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import asyncpg
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from service.identity.trying import DEVELOPMENT, JWT_BEARER
from service.kit.ids import new_id
from service.settings import Settings
from service.setup.seed import demo_client_secret
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, PROVINCE, TENANT, serving
from tests.seeding import SECRET

ISSUER = "http://127.0.0.1:8000"
PORTAL, PORTAL_SECRET = f"{TENANT}.portal", demo_client_secret(SECRET, TENANT)
ED = ed25519.Ed25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
ED_JWK: dict[str, Any] = OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True)
EC_JWK: dict[str, Any] = ECAlgorithm.to_jwk(EC.public_key(), as_dict=True)


def same_refusal(replies: list[httpx.Response], status: int, error: str) -> None:
    """All are the same problem but for the request id."""
    bodies = []
    for reply in replies:
        assert reply.status_code == status, reply.text
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["cache-control"] == "no-store"
        body = reply.json()
        assert (body["code"], body["error"], body["status"]) == (error, error, status)
        body.pop("request_id")
        bodies.append(body)
    assert all(body == bodies[0] for body in bodies)


async def confirmed(as_user: Any, asked: httpx.Response) -> httpx.Response:
    """What an administrator asked for of a client, confirmed by the security administrator."""
    body = asked.json()
    ident = body.get("client", body)["id"]
    guard = as_user(ident.partition(".")[0], "security_admin")
    reply: httpx.Response = await guard("POST", f"/clients/{ident}/confirm", {}, etag=asked.headers["etag"])
    assert reply.status_code == 200, reply.text
    return reply


@pytest.fixture
async def signer(admin: Caller, as_user: Any) -> Callable[..., Any]:
    """A registered and confirmed client with an Ed25519 key; signs assertions."""
    ident = "s" + new_id()[-12:]
    body = {"id": ident, "name": "签名门户", "public_jwk": ED_JWK, "vouch_roles": ["gatekeeper", "unit"]}
    made = await admin("POST", "/clients", body)
    assert made.status_code == 201, made.text
    await confirmed(as_user, made)

    def sign(
        *, key: Any = ED, alg: str = "EdDSA", headers: dict[str, str] | None = None, **changes: Any
    ) -> str:
        claims: dict[str, Any] = {
            "iss": f"{TENANT}.{ident}",
            "sub": "gatekeeper",
            "aud": ISSUER,
            "jti": new_id(),
            "exp": time.time() + 60,
        }
        claims = {k: v for k, v in {**claims, **changes}.items() if v is not None}
        return jwt.encode(claims, key, alg, headers)

    return sign


async def test_client_credentials_by_form_and_by_basic(oauth: Any, client: httpx.AsyncClient) -> None:
    by_form = await oauth(grant_type="client_credentials", client_id=PORTAL, client_secret=PORTAL_SECRET)
    by_basic = await oauth(grant_type="client_credentials", basic=(PORTAL, PORTAL_SECRET))
    for reply in (by_form, by_basic):
        assert reply.status_code == 200, reply.text
        assert reply.headers["cache-control"] == "no-store"
        body = reply.json()
        assert (body["token_type"], 3590 < body["expires_in"] <= 3600) == ("Bearer", True)
        who = (await Caller(client, body["access_token"])("GET", "/me")).json()
        assert (who["client"], who["roles"], who["tier"], who["user"]) == (PORTAL, ["portal"], "city", None)
        assert who["tenant"] == {
            "id": TENANT,
            "name": "南昌市",
            "division": TENANT,
            "division_name": "南昌市",
        }


async def test_unknown_wrong_and_malformed_clients_get_one_answer(oauth: Any) -> None:
    wrong = [(PORTAL, "wrong"), (f"{TENANT}.nobody", PORTAL_SECRET), (f"{FOREIGN}.portal", PORTAL_SECRET),
             ("999999.portal", PORTAL_SECRET), ("portal", PORTAL_SECRET), ("x' OR 1=1", "y")]  # fmt: skip
    replies = [await oauth(grant_type="client_credentials", client_id=i, client_secret=s) for i, s in wrong]
    replies += [await oauth(grant_type="client_credentials", basic=pair) for pair in wrong]
    replies.append(await oauth(grant_type="client_credentials"))
    same_refusal(replies, 401, "invalid_client")
    assert all(reply.headers["www-authenticate"].startswith("Basic ") for reply in replies)


async def test_malformed_requests(oauth: Any, client: httpx.AsyncClient) -> None:
    async def raw(
        body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str
    ) -> httpx.Response:
        return await client.post(
            "/api/v1/oauth/token", content=body, headers={"content-type": kind, **headers}
        )

    replies = [
        await raw(b""),
        await raw(b"grant_type="),
        await raw(b"grant_type=a&grant_type=b"),
        await raw(b"grant_type=%FF"),
        await raw(b"grant_type=a%00"),
        await raw("grant_type=é".encode()),
        await raw(b'{"grant_type":"client_credentials"}', "application/json"),
        await oauth(grant_type="client_credentials", client_secret="x"),
        await oauth(
            grant_type="client_credentials", basic=(PORTAL, "x"), client_id=PORTAL, client_secret="x"
        ),
        await oauth(grant_type="client_credentials", basic=(PORTAL, "x"), client_id="other"),
        await oauth(grant_type=JWT_BEARER),
        await oauth(grant_type=DEVELOPMENT),
        await oauth(grant_type=DEVELOPMENT, username="gatekeeper"),
    ]
    same_refusal(replies, 400, "invalid_request")
    same_refusal(
        [await oauth(grant_type="password"), await oauth(grant_type="a")], 400, "unsupported_grant_type"
    )
    body = b"grant_type=client_credentials"
    broken = [
        await raw(body, authorization=value) for value in ("Basic !!", "Basic YQ==", "Bearer x", "Basic")
    ]
    same_refusal(broken, 401, "invalid_client")


async def test_assertion_of_both_kinds_of_key(
    oauth: Any, admin: Caller, signer: Any, client: httpx.AsyncClient, as_user: Any
) -> None:
    reply = await oauth(grant_type=JWT_BEARER, assertion=signer(aud=f"{ISSUER}/api/v1/oauth/token"))
    assert reply.status_code == 200, reply.text
    who = (await Caller(client, reply.json()["access_token"])("GET", "/me")).json()
    issuer = jwt.decode(signer(), options={"verify_signature": False})["iss"]
    assert (who["login"], who["client"], who["roles"]) == ("gatekeeper", issuer, ["gatekeeper"])
    assert who["office"]["bound"] is False
    claims = jwt.decode(reply.json()["access_token"], options={"verify_signature": False})
    assert claims["act"] == {"sub": issuer.partition(".")[2]}
    listed = await admin("GET", f"/clients/{issuer}")
    changed = await admin("PATCH", f"/clients/{issuer}", {"public_jwk": EC_JWK}, etag=listed.headers["etag"])
    assert changed.status_code == 200, changed.text
    assert (await oauth(grant_type=JWT_BEARER, assertion=signer())).status_code == 200, "until confirmed"
    await confirmed(as_user, changed)
    reply = await oauth(grant_type=JWT_BEARER, assertion=signer(key=EC, alg="ES256", sub="360102.unit"))
    assert reply.status_code == 200, reply.text
    who = (await Caller(client, reply.json()["access_token"])("GET", "/me")).json()
    assert (who["tier"], who["office"]["bound"], who["office"]["division"]) == ("county", True, "360102")
    same_refusal([await oauth(grant_type=JWT_BEARER, assertion=signer())], 400, "invalid_grant")


async def test_refused_assertions_look_alike(oauth: Any, admin: Caller, signer: Any, person: Any) -> None:
    roleless = await person()
    disabled = await person("unit")
    await admin("PATCH", f"/users/{disabled.id}", {"disabled": True}, etag=disabled.etag)
    pem = b"-----BEGIN PUBLIC KEY-----" + base64.b64encode(ED.public_key().public_bytes_raw())
    once = signer()
    assert (await oauth(grant_type=JWT_BEARER, assertion=once)).status_code == 200
    other = ed25519.Ed25519PrivateKey.generate()
    assertions = [
        once, signer(aud="https://other.example"), signer(aud=None), signer(iss=f"{TENANT}.nobody"),
        signer(iss=PORTAL), signer(iss=f"{FOREIGN}.portal"), signer(iss="nonsense"), signer(iss=None),
        signer(sub="nobody"), signer(sub=f"{FOREIGN}/gatekeeper"), signer(sub=roleless.login),
        signer(sub=disabled.login), signer(sub=None), signer(jti=None), signer(exp=time.time() - 1),
        signer(exp=time.time() + 4000), signer(exp=None), signer(iat=time.time() + 90), signer(key=other),
        signer(key=EC, alg="ES256"), signer(key=pem.hex(), alg="HS256"), signer(key="", alg="none"), "a.b.c", "x",
    ]  # fmt: skip
    same_refusal([await oauth(grant_type=JWT_BEARER, assertion=a) for a in assertions], 400, "invalid_grant")


async def test_the_number_of_an_assertion_is_printable_ascii(oauth: Any, signer: Any) -> None:
    good = ["a", "!~" * 64, "7f3c/+=.:_-"]
    assert [(await oauth(grant_type=JWT_BEARER, assertion=signer(jti=j))).status_code for j in good] == [
        200
    ] * 3
    bad = ["金丝雀", "a b", "a" * 129, "a\n", "\x7f", "é"]
    same_refusal(
        [await oauth(grant_type=JWT_BEARER, assertion=signer(jti=j)) for j in bad], 400, "invalid_grant"
    )


async def test_classified_words_in_an_assertion_are_refused_and_not_kept(
    oauth: Any, signer: Any, settings: Settings
) -> None:
    canary = "金丝雀六一八"
    stranger = ed25519.Ed25519PrivateKey.generate()
    for assertion in (
        signer(jti=f"{canary}机密★10年"),
        signer(sub=f"{canary}秘密☆"),
        signer(note=f"{canary}密级：\n机密"),
        signer(headers={"kid": f"{canary}绝密★"}),
        signer(classified=True),
        signer(**{f"{canary}★机密": 1}),
        signer(key=stranger, jti=f"{canary}机密★"),
        signer(iss=f"{canary}机密★"),
    ):
        reply = await oauth(grant_type=JWT_BEARER, assertion=assertion)
        assert (reply.status_code, reply.json()["code"]) == (422, "classified_material"), reply.text
        assert "保密" in reply.json()["detail"]
        assert canary not in reply.text
    for harmless in (signer(note="工作秘密★5年"), signer(note="**机密性**、完整性")):
        assert (await oauth(grant_type=JWT_BEARER, assertion=harmless)).status_code == 200
    owner = await asyncpg.connect(settings.database_url)
    try:
        kept = await owner.fetch("SELECT jti FROM assertion_uses WHERE jti LIKE '%' || $1 || '%'", canary)
    finally:
        await owner.close()
    assert kept == []


async def test_client_credentials_beside_an_assertion_must_be_its_own(oauth: Any, signer: Any) -> None:
    wrong = [
        await oauth(grant_type=JWT_BEARER, assertion=signer(), client_id=PORTAL, client_secret=PORTAL_SECRET),
        await oauth(grant_type=JWT_BEARER, assertion=signer(), basic=(PORTAL, PORTAL_SECRET)),
        await oauth(grant_type=JWT_BEARER, assertion=signer(), client_id=PORTAL),
    ]
    same_refusal(wrong, 401, "invalid_client")


async def test_two_uses_at_once_give_one_token(oauth: Any, signer: Any) -> None:
    assertion = signer()
    replies = await asyncio.gather(*(oauth(grant_type=JWT_BEARER, assertion=assertion) for _ in range(6)))
    assert sorted(reply.status_code for reply in replies) == [200, 400, 400, 400, 400, 400]


async def test_development_grant(demo: Any, client: httpx.AsyncClient) -> None:
    for tenant, login, tier, bound in (
        (TENANT, "unit", "city", True),
        (TENANT, "gatekeeper", "city", False),
        (TENANT, "360102.user", "county", True),
        (PROVINCE, "office", "province", False),
        (PROVINCE, "department", "province", True),
    ):
        reply = await demo(tenant, login)
        assert reply.status_code == 200, reply.text
        who = (await Caller(client, reply.json()["access_token"])("GET", "/me")).json()
        assert (who["login"], who["tier"], who["office"]["bound"]) == (login, tier, bound)
    refused = [await demo(TENANT, "nobody"), await demo("999999", "unit"), await demo(FOREIGN, "360102.user")]
    same_refusal(refused, 400, "invalid_grant")


async def test_production_knows_no_development_grant(settings: Settings) -> None:
    async with serving(replace(settings, environment="production")) as client:
        form = {"grant_type": DEVELOPMENT, "username": f"{TENANT}/gatekeeper"}
        same_refusal([await client.post("/api/v1/oauth/token", data=form)], 400, "unsupported_grant_type")
        form = {"grant_type": "client_credentials", "client_id": PORTAL, "client_secret": PORTAL_SECRET}
        assert (await client.post("/api/v1/oauth/token", data=form)).status_code == 200


async def test_jwks_verifies_our_tokens(client: httpx.AsyncClient, demo: Any) -> None:
    jwks = (await client.get("/.well-known/jwks.json")).json()
    assert all("d" not in key for key in jwks["keys"])
    token = (await demo(TENANT, "unit")).json()["access_token"]
    header = jwt.get_unverified_header(token)
    key = next(jwt.PyJWK(key) for key in jwks["keys"] if key["kid"] == header["kid"])
    assert jwt.decode(token, key, ["EdDSA"], audience="tongjian-api", issuer=ISSUER)["login"] == "unit"


async def test_forged_access_tokens_are_refused(client: httpx.AsyncClient, demo: Any) -> None:
    token = (await demo(TENANT, "unit")).json()["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = [
        jwt.encode(claims, ED, "EdDSA", {"typ": "at+jwt", "kid": jwt.get_unverified_header(token)["kid"]}),
        jwt.encode(claims, ED, "EdDSA", {"typ": "at+jwt", "kid": "unknown"}),
        jwt.encode(claims, "", "none", {"typ": "at+jwt"}),
        token[:-4] + "AAAA",
    ]
    for each in forged:
        reply = await Caller(client, each)("GET", "/me")
        assert (reply.status_code, reply.json()["code"]) == (401, "token_invalid")
