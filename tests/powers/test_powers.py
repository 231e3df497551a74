"""Power needs two: what one administrator alone could make of himself, tried step by step and refused at each."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from service.identity.trying import JWT_BEARER
from service.kit import clock
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.roles import load_roles
from service.settings import Settings
from service.setup.bootstrap import bootstrap
from service.setup.bootstrap_wish import Someone, Wish
from service.setup.seed import demo_client_secret
from tests.worlds import Caller

CITY = "360400"
ISSUER = "http://127.0.0.1:8000"
RULES = load_roles()
OTHERS = sorted({role for tier, role in RULES.valid if tier == "city"} - RULES.clients - RULES.alone)


def keypair() -> tuple[Any, dict[str, Any]]:
    key = ed25519.Ed25519PrivateKey.generate()
    return key, OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)


ZHANG, ZHANG_JWK = keypair()
LI, LI_JWK = keypair()
MINE, MINE_JWK = keypair()


@pytest.fixture(scope="module")
async def managers(door: Door) -> dict[str, Any]:
    """Zhang administers, Li is the security administrator; each holds his own key only."""
    people = Someone("zhang.san", "张三", ZHANG_JWK), Someone("li.si", "李四", LI_JWK)
    return await bootstrap(door, Wish(CITY, *people), clock.now())


@pytest.fixture
def sign_in(oauth: Callable[..., Any]) -> Callable[..., Any]:
    """sign_in("sign-in", "zhang.san", ZHANG): the token answer for an assertion signed with that key."""

    async def ask(client: str, login: str, key: Any) -> httpx.Response:
        claims = {
            "iss": f"{CITY}.{client}",
            "sub": login,
            "aud": ISSUER,
            "jti": new_id(),
            "exp": time.time() + 60,
        }
        reply: httpx.Response = await oauth(grant_type=JWT_BEARER, assertion=jwt.encode(claims, key, "EdDSA"))
        return reply

    return ask


@pytest.fixture
async def zhang(managers: Any, sign_in: Any, client: httpx.AsyncClient) -> Caller:
    return Caller(client, (await sign_in("sign-in", "zhang.san", ZHANG)).json()["access_token"])


@pytest.fixture
async def li(managers: Any, sign_in: Any, client: httpx.AsyncClient) -> Caller:
    return Caller(client, (await sign_in("sign-in", "li.si", LI)).json()["access_token"])


async def secret_works(oauth: Any, ident: str, secret: str) -> bool:
    reply = await oauth(grant_type="client_credentials", client_id=f"{CITY}.{ident}", client_secret=secret)
    return bool(reply.status_code == 200)


async def test_each_signs_in_as_himself_only(
    zhang: Caller, li: Caller, sign_in: Any, settings: Settings
) -> None:
    for caller, login, role in ((zhang, "zhang.san", "administrator"), (li, "li.si", "security_admin")):
        me = (await caller("GET", "/me")).json()
        assert (me["login"], me["roles"], me["client"]) == (login, [role], f"{CITY}.sign-in")
    for login, key in (
        ("li.si", ZHANG),
        ("zhang.san", LI),
        ("zhang.san", MINE),
        ("administrator", ZHANG),
        ("security_admin", ZHANG),
        ("nobody", ZHANG),
    ):
        assert (await sign_in("sign-in", login, key)).status_code == 400, login
    for login in OTHERS:  # nor as anybody who works on cases
        assert (await sign_in("sign-in", login, ZHANG)).status_code == 400, login


async def test_a_client_registered_by_one_opens_nothing(
    zhang: Caller, li: Caller, sign_in: Any, oauth: Any
) -> None:
    body = {"id": "mine", "name": "我的门户", "public_jwk": MINE_JWK, "vouch_roles": OTHERS}
    made = await zhang("POST", "/clients", body)
    assert made.status_code == 201, made.text
    seen, secret = made.json()["client"], made.json()["secret"]
    assert (seen["confirmed_at"], seen["pending"]["changes"]) == (None, ["client"])
    assert seen["pending"]["proposed_by"] == f"user:{CITY}:zhang.san via sign-in"

    async def nothing_opens() -> None:
        for login in (*OTHERS, "administrator", "security_admin", "zhang.san", "li.si"):
            assert (await sign_in("mine", login, MINE)).status_code == 400, login
        assert not await secret_works(oauth, "mine", secret)

    await nothing_opens()
    path, etag = f"/clients/{CITY}.mine", made.headers["etag"]
    rotated = await _changed_by_the_first(zhang, oauth, path, etag)
    await nothing_opens()
    # The second person confirms what he read, nothing newer; he may also say no.
    stale = await li("POST", f"{path}/confirm", {}, etag=made.headers["etag"])
    assert stale.status_code == 412
    no = await li(
        "POST", f"{path}/confirm", {"accepted": False, "note": "未见申请"}, etag=rotated.headers["etag"]
    )
    assert (no.status_code, no.json()["confirmed_at"], no.json()["pending"]) == (200, None, None), no.text
    await nothing_opens()
    await _confirmed_by_the_second(zhang, li, path, no)
    # In force, it speaks for the roles it lists and for no other.
    assert (await sign_in("mine", "unit", MINE)).status_code == 200
    for login in (
        *(role for role in OTHERS if role != "unit"),
        "administrator",
        "security_admin",
        "zhang.san",
        "li.si",
    ):
        assert (await sign_in("mine", login, MINE)).status_code == 400, login


async def _changed_by_the_first(zhang: Caller, oauth: Any, path: Any, etag: Any) -> Any:
    """Neither switching it off and on, nor a new secret, nor another name makes it live."""
    own = await zhang("POST", f"{path}/confirm", {}, etag=etag)
    assert (own.status_code, own.json()["code"]) == (403, "forbidden")
    # Neither switching it off and on, nor a new secret, nor another name makes it live.
    for change in ({"disabled": True}, {"disabled": False}, {"name": "别名"}, {"public_jwk": MINE_JWK}):
        changed = await zhang("PATCH", path, change, etag=etag)
        assert changed.status_code == 200, changed.text
        etag = changed.headers["etag"]
    rotated = await zhang("POST", f"{path}/rotate", {})
    assert not await secret_works(oauth, "mine", rotated.json()["secret"])
    return rotated


async def _confirmed_by_the_second(zhang: Caller, li: Caller, path: Any, no: Any) -> None:
    """He confirms what he read, and not twice."""
    again = await zhang("PATCH", path, {"disabled": False, "vouch_roles": ["unit"]}, etag=no.headers["etag"])
    yes = await li("POST", f"{path}/confirm", {}, etag=again.headers["etag"])
    assert (yes.status_code, yes.json()["confirmed_by"]) == (200, f"user:{CITY}:li.si via sign-in")
    none = await li("POST", f"{path}/confirm", {}, etag=yes.headers["etag"])
    assert (none.status_code, none.json()["code"]) == (409, "nothing_pending")


async def test_a_confirmed_client_is_not_taken_over(
    zhang: Caller, li: Caller, sign_in: Any, oauth: Any, settings: Settings
) -> None:
    path, old = f"/clients/{CITY}.portal", demo_client_secret(settings.secret_key, CITY)
    read = await zhang("GET", path)
    taken = await zhang(
        "PATCH", path, {"public_jwk": MINE_JWK, "vouch_roles": OTHERS}, etag=read.headers["etag"]
    )
    assert taken.status_code == 200, taken.text
    assert (taken.json()["public_jwk"], taken.json()["vouch_roles"]) == (None, [])
    assert taken.json()["pending"]["changes"] == ["public_jwk", "vouch_roles"]
    secret = (await zhang("POST", f"{path}/rotate", {})).json()["secret"]
    assert not await secret_works(oauth, "portal", secret)
    assert await secret_works(oauth, "portal", old)
    for login in OTHERS:
        assert (await sign_in("portal", login, MINE)).status_code == 400
    # Off is at once; on again is the second person's.
    off = await zhang("PATCH", path, {"disabled": True}, etag=(await zhang("GET", path)).headers["etag"])
    on = await zhang("PATCH", path, {"disabled": False}, etag=off.headers["etag"])
    assert on.json()["disabled_at"] is not None and "enable" in on.json()["pending"]["changes"]
    assert not await secret_works(oauth, "portal", old)
    back = await zhang("PATCH", path, {"public_jwk": None, "vouch_roles": []}, etag=on.headers["etag"])
    assert back.json()["pending"]["changes"] == ["secret", "enable"]
    yes = await li("POST", f"{path}/confirm", {}, etag=back.headers["etag"])
    assert (yes.json()["disabled_at"], yes.json()["pending"], yes.json()["public_jwk"]) == (None, None, None)
    assert await secret_works(oauth, "portal", old) and await secret_works(oauth, "portal", secret)


@pytest.mark.parametrize("role", sorted(RULES.alone | RULES.clients | {"office", "nobody"}))
async def test_no_client_is_registered_to_vouch_for_who_manages(zhang: Caller, role: str) -> None:
    body = {"id": "c" + new_id()[-12:], "name": "x", "public_jwk": MINE_JWK, "vouch_roles": ["unit", role]}
    reply = await zhang("POST", "/clients", body)
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/vouch_roles/1"), reply.text
    read = await zhang("GET", f"/clients/{CITY}.portal")
    reply = await zhang(
        "PATCH", f"/clients/{CITY}.portal", {"vouch_roles": [role]}, etag=read.headers["etag"]
    )
    assert reply.status_code == 422


async def test_a_puppet_does_not_manage(zhang: Caller, li: Caller, sign_in: Any) -> None:
    """An account of his own making gets the role, but no key of his is named for it."""
    office = (await zhang("GET", "/offices?tier=city&limit=1")).json()["items"][0]["id"]
    made = await zhang("POST", "/users", {"login": "puppet", "name": "某某", "office_id": office})
    granted = await zhang("PUT", f"/users/{made.json()['id']}/roles/security_admin")
    assert granted.status_code == 200, granted.text
    path = f"/clients/{CITY}.sign-in"
    read = await zhang("GET", path)
    names = read.json()["sign_in"]
    shared = await zhang(
        "PATCH", path, {"sign_in": {**names, "puppet": ZHANG_JWK}}, etag=read.headers["etag"]
    )
    assert (shared.status_code, shared.json()["errors"][0]["code"]) == (422, "same_key")
    asked = await zhang("PATCH", path, {"sign_in": {**names, "puppet": MINE_JWK}}, etag=read.headers["etag"])
    assert (asked.status_code, asked.json()["pending"]["changes"]) == (200, ["sign_in"]), asked.text
    assert (await sign_in("sign-in", "puppet", MINE)).status_code == 400
    # Nor does he put his key in the place of the other's, or throw him out.
    for wanted in ({**names, "li.si": MINE_JWK}, {"zhang.san": ZHANG_JWK}, {}):
        reply = await zhang("PATCH", path, {"sign_in": wanted}, etag=asked.headers["etag"])
        assert (reply.status_code, reply.json()["code"]) == (409, "last_holder"), reply.text
    assert (await li("GET", "/me")).status_code == 200
    for change in ({"public_jwk": MINE_JWK}, {"vouch_roles": ["unit"]}, {"disabled": True}):
        reply = await zhang("PATCH", path, change, etag=asked.headers["etag"])
        assert (reply.status_code, reply.json()["code"]) == (409, "sign_in_client")
    assert (await zhang("POST", f"{path}/rotate", {})).status_code == 409
    other = await zhang("GET", f"/clients/{CITY}.portal")
    reply = await zhang("PATCH", f"/clients/{CITY}.portal", {"sign_in": names}, etag=other.headers["etag"])
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, "not_sign_in_client")
    confirmed = await li("POST", f"{path}/confirm", {}, etag=asked.headers["etag"])
    assert confirmed.status_code == 200
    assert (await sign_in("sign-in", "puppet", MINE)).status_code == 200


async def test_who_asked_does_not_confirm_whatever_role_he_has_now(
    zhang: Caller, li: Caller, as_user: Any, client: httpx.AsyncClient, settings: Settings
) -> None:
    from service.kit import keys
    from service.kit.authn import issue_token

    made = await zhang("POST", "/clients", {"id": "c" + new_id()[-12:], "name": "x"})
    ident = made.json()["client"]["id"]
    me = (await zhang("GET", "/me")).json()
    assert settings.signing_keys_file is not None
    token = issue_token(
        keys.load(settings.signing_keys_file),
        issuer=settings.issuer,
        audience=settings.audience,
        now=clock.timestamp(),
        tenant=CITY,
        tier="city",
        roles=("security_admin",),
        user=me["user"][-36:],
        login="zhang.san",
        client="other",
    )
    own = await Caller(client, token)("POST", f"/clients/{ident}/confirm", {}, etag=made.headers["etag"])
    assert (own.status_code, own.json()["code"]) == (409, "same_person"), own.text
    assert (await li("POST", f"/clients/{ident}/confirm", {}, etag=made.headers["etag"])).status_code == 200


async def test_a_locked_client_stays_shut_until_confirmed(
    zhang: Caller, li: Caller, oauth: Any, me: Any
) -> None:
    made = await zhang("POST", "/clients", {"id": "c" + new_id()[-12:], "name": "x"})
    ident, secret = made.json()["client"]["id"], made.json()["secret"]
    bare = ident.partition(".")[2]
    await li("POST", f"/clients/{ident}/confirm", {}, etag=made.headers["etag"])
    reply = await oauth(grant_type="client_credentials", client_id=ident, client_secret=secret)
    token = reply.json()["access_token"]
    assert await me(token) == 200
    assert (await zhang("POST", f"/clients/{ident}/lock", {"reason": "x"})).status_code == 403
    locked = await li("POST", f"/clients/{ident}/lock", {"reason": "密钥外泄"})
    assert locked.status_code == 200, locked.text
    assert (await me(token), await secret_works(oauth, bare, secret)) == (401, False)
    on = await zhang("PATCH", f"/clients/{ident}", {"disabled": False}, etag=locked.headers["etag"])
    assert not await secret_works(oauth, bare, secret)
    await li("POST", f"/clients/{ident}/confirm", {}, etag=on.headers["etag"])
    assert await secret_works(oauth, bare, secret)


async def test_the_security_administrator_and_the_administrator_are_told(
    zhang: Caller, li: Caller, door: Door
) -> None:
    from service.kit.relay import drain
    from service.kit.telemetry import Telemetry
    from service.worker import SUBSCRIBERS

    made = await zhang("POST", "/clients", {"id": "c" + new_id()[-12:], "name": "新门户"})
    ident = made.json()["client"]["id"]
    await drain(door, CITY, SUBSCRIBERS, Telemetry())
    told = (await li("GET", "/inbox?limit=200")).json()["items"]
    assert any(each["kind"] == "client.proposed" and ident in each["body"] for each in told)
    await li("POST", f"/clients/{ident}/confirm", {}, etag=made.headers["etag"])
    await drain(door, CITY, SUBSCRIBERS, Telemetry())
    told = (await zhang("GET", "/inbox?limit=200")).json()["items"]
    assert any(each["kind"] == "client.confirmed" and ident in each["body"] for each in told)
