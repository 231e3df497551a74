"""A portal changes its key: both work meanwhile, each confirmed, at most two."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from jwt.algorithms import OKPAlgorithm

from service.identity.trying import JWT_BEARER
from service.kit.ids import new_id
from tests.conftest import Caller
from tests.identity.conftest import TENANT
from tests.identity.test_tokens import EC, EC_JWK, ED, ED_JWK, ISSUER, confirmed

THIRD = ed25519.Ed25519PrivateKey.generate()
THIRD_JWK = OKPAlgorithm.to_jwk(THIRD.public_key(), as_dict=True)


class Portal:
    """A client with the Ed25519 key in force; `works` tells whether a key gets a token."""

    def __init__(self, oauth: Any, ident: str) -> None:
        self.oauth, self.ident, self.path = oauth, ident, f"/clients/{ident}"

    async def token(self, key: Any, algorithm: str) -> Any:
        claims = {
            "iss": self.ident,
            "sub": "gatekeeper",
            "aud": ISSUER,
            "jti": new_id(),
            "exp": time.time() + 60,
        }
        answer = await self.oauth(grant_type=JWT_BEARER, assertion=jwt.encode(claims, key, algorithm))
        return answer.json().get("access_token")

    async def works(self) -> tuple[bool, bool]:
        """The old key, the new one."""
        return bool(await self.token(ED, "EdDSA")), bool(await self.token(EC, "ES256"))


@pytest.fixture
async def portal(admin: Caller, as_user: Any, oauth: Any) -> Portal:
    body = {
        "id": "k" + new_id()[-12:],
        "name": "换钥匙的门户",
        "public_jwk": ED_JWK,
        "vouch_roles": ["gatekeeper"],
    }
    made = await admin("POST", "/clients", body)
    assert made.status_code == 201, made.text
    await confirmed(as_user, made)
    return Portal(oauth, made.json()["client"]["id"])


async def edited(admin: Caller, portal: Portal, **change: Any) -> Any:
    read = await admin("GET", portal.path)
    return await admin("PATCH", portal.path, change, etag=read.headers["etag"])


async def test_a_key_is_changed_without_an_interruption(
    admin: Caller, as_user: Any, portal: Portal, client: Any
) -> None:
    token = await portal.token(ED, "EdDSA")
    asked = await edited(admin, portal, second_jwk=EC_JWK)
    assert (asked.json()["second_jwk"], asked.json()["pending"]["changes"]) == (None, ["second_jwk"])
    assert asked.json()["pending"]["second_jwk"]["x"] == EC_JWK["x"]
    assert await portal.works() == (True, False), "not confirmed yet"
    await confirmed(as_user, asked)
    assert await portal.works() == (True, True)
    assert (await Caller(client, token)("GET", "/me")).status_code == 200, "nothing was taken away"
    fresh = await portal.token(EC, "ES256")
    done = (await edited(admin, portal, public_jwk=None)).json()
    assert (done["public_jwk"]["x"], done["second_jwk"], done["pending"]) == (EC_JWK["x"], None, None)
    assert await portal.works() == (False, True)
    for old in (token, fresh):
        assert (await Caller(client, old)("GET", "/me")).json()["code"] == "token_revoked"
    told = (await admin("GET", "/audit?action=client.edit")).json()["items"]
    mine = [
        each["summary"]["second_key"] for each in told if each["object_id"] == portal.ident.partition(".")[2]
    ]
    assert mine == [False, False]


async def test_at_most_two_and_never_the_same_twice(admin: Caller, as_user: Any, portal: Portal) -> None:
    for change in ({"second_jwk": ED_JWK}, {"second_jwk": {**ED_JWK, "kid": "another"}}):
        answer = await edited(admin, portal, **change)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "same_key")
    await confirmed(as_user, await edited(admin, portal, second_jwk=EC_JWK))
    answer = await edited(admin, portal, public_jwk=EC_JWK)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "same_key")
    await confirmed(as_user, await edited(admin, portal, second_jwk=THIRD_JWK))
    assert await portal.works() == (True, False), "a third takes the second's place"
    assert await portal.token(THIRD, "EdDSA")


async def test_a_second_key_that_is_not_wanted_goes_at_once(
    admin: Caller, as_user: Any, portal: Portal
) -> None:
    taken_back = await edited(admin, portal, second_jwk=EC_JWK)
    assert (await edited(admin, portal, second_jwk=None)).json()["pending"] is None
    assert taken_back.json()["pending"] is not None
    await confirmed(as_user, await edited(admin, portal, second_jwk=EC_JWK))
    await edited(admin, portal, second_jwk=None)
    assert await portal.works() == (True, False)
    gone = (await edited(admin, portal, public_jwk=None)).json()
    assert (gone["public_jwk"], gone["second_jwk"]) == (None, None)
    assert await portal.works() == (False, False)


async def test_the_old_key_goes_before_the_new_one_is_confirmed(
    admin: Caller, as_user: Any, portal: Portal
) -> None:
    await edited(admin, portal, second_jwk=EC_JWK)
    asked = await edited(admin, portal, public_jwk=None)
    assert await portal.works() == (False, False)
    done = (await confirmed(as_user, asked)).json()
    assert (done["public_jwk"]["x"], done["second_jwk"]) == (EC_JWK["x"], None)
    assert await portal.works() == (False, True)


async def test_the_sign_in_client_has_no_second(admin: Caller, as_user: Any, portal: Portal) -> None:
    private = await edited(admin, portal, second_jwk={**EC_JWK, "d": "x"})
    assert private.json()["errors"][0] == {
        "pointer": "/second_jwk",
        "code": "private_key",
        "detail": private.json()["errors"][0]["detail"],
    }
    assert portal.ident.startswith(f"{TENANT}.")
