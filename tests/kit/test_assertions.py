"""Assertions of registered clients (RFC 7523): the registered key decides, everything else is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from service.kit import keys
from service.kit.assertions import AssertionClaims, peek, verify_assertion
from service.kit.errors import ServiceError

START, ISSUER = 1_800_000_000.0, "https://tongjian.example"
TOKEN_URL = f"{ISSUER}/api/v1/oauth/token"
ED = ed25519.Ed25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
ED_JWK: dict[str, Any] = OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True)
RSA = rsa.generate_private_key(65537, 2048)
RSA_JWK: dict[str, Any] = RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True)
EC_JWK: dict[str, Any] = ECAlgorithm.to_jwk(EC.public_key(), as_dict=True)
CLAIMS = {"iss": "portal-1", "sub": "zhang", "aud": TOKEN_URL, "jti": "a1", "exp": START + 60, "iat": START}


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return f"{caught.value.status} {caught.value.code}"


def verified(assertion: str, jwk: dict[str, Any] = ED_JWK) -> AssertionClaims:
    where = {"client_id": "portal-1", "audiences": (TOKEN_URL, ISSUER), "now": START}
    return verify_assertion(assertion, public_jwk=jwk, **where)  # type: ignore[arg-type]


def test_assertions_of_every_kind_of_key() -> None:
    for private, algorithm, jwk in ((ED, "EdDSA", ED_JWK), (EC, "ES256", EC_JWK), (RSA, "PS256", RSA_JWK)):
        claims = verified(jwt.encode(CLAIMS, private, algorithm), jwk)
        assert (claims.sub, claims.jti, claims.exp) == ("zhang", "a1", START + 60)
    assert verified(
        jwt.encode(CLAIMS | {"aud": ["x", ISSUER], "exp": START + 300, "iat": START + 29}, ED, "EdDSA")
    )
    assert verified(jwt.encode({k: v for k, v in CLAIMS.items() if k != "iat"}, ED, "EdDSA"))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "portal-2"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"aud": []},
        {"sub": None},
        {"sub": ""},
        {"jti": None},
        {"jti": ""},
        {"jti": 1},
        {"exp": None},
        {"exp": START},
        {"exp": START + 301},
        {"exp": math.inf},
        {"exp": math.nan},
        {"exp": "1"},
        {"iat": START + 31},
        {"iat": math.nan},
        {"nbf": START + 31},
        {"nbf": "x"},
    ],
    ids=repr,
)
def test_a_wrong_assertion_is_refused(changes: dict[str, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    assert refused(lambda: verified(jwt.encode(claims, ED, "EdDSA"))) == "400 invalid_grant"


def test_the_registered_key_alone_chooses_the_algorithm() -> None:
    es = jwt.encode(CLAIMS, EC, "ES256")
    ed = jwt.encode(CLAIMS, ED, "EdDSA")
    hs = jwt.encode(CLAIMS, ED.public_key().public_bytes_raw(), "HS256")
    for assertion, jwk in (
        (es, ED_JWK),
        (ed, EC_JWK),
        (hs, ED_JWK),
        (jwt.encode(CLAIMS, "", "none"), ED_JWK),
    ):
        assert refused(lambda a=assertion, j=jwk: verified(a, j)) == "400 invalid_grant"  # type: ignore[misc]
    for junk in ("", "x", "a.b.c", "\ud800", "ï.ï.ï", "x" * 9000):
        assert refused(lambda a=junk: verified(a)) == "400 invalid_grant"  # type: ignore[misc]
        assert peek(junk) == (None, None)


@pytest.mark.parametrize(
    "jwk",
    [
        RSA_JWK | {"alg": "RS256"},
        RSA_JWK | {"crv": "P-256"},
        RSA_JWK | {"n": RSA_JWK["n"][:100]},
        RSA_JWK | {"e": RSA_JWK["n"][:43]},
        {k: v for k, v in RSA_JWK.items() if k != "e"},
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        ED_JWK | {"alg": "ES256"},
        ED_JWK | {"use": "enc"},
        ED_JWK | {"x": "AAAA"},
        ED_JWK | {"x": 1},
        ED_JWK | {"crv": "Ed448"},
        EC_JWK | {"crv": "secp256k1"},
        EC_JWK | {"y": EC_JWK["x"]},
    ],
    ids=range(15),
)
def test_a_key_that_is_not_registrable(jwk: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="JWK"):
        keys.public_key(jwk)
    assert refused(lambda: verified(jwt.encode(CLAIMS, ED, "EdDSA"), jwk)) == "400 invalid_grant"


def test_peeking_reads_the_issuer_only() -> None:
    assert peek(jwt.encode(CLAIMS, EC, "ES256")) == ("portal-1", CLAIMS["sub"])
    assert peek(jwt.encode({"sub": "x"}, ED, "EdDSA")) == (None, "x")
