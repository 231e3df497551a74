"""Access tokens, their cache, revocation and rotation: everything that must not be let in."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.kit import keys
from service.kit.authn import Revocations, issue_token, revocation_keys
from tests.kit.house import AUDIENCE, ISSUER, OFFICE, START, USER, House, encoded, refused


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


# ---- principals and tokens -------------------------------------------------------------------------------


def test_a_user_a_client_and_a_client_for_a_user_come_back_as_issued(house: House) -> None:
    person = house.enter(house.token(office=OFFICE))
    assert (person.user, person.client, person.login, person.office) == (USER, None, "zhang", OFFICE)
    assert (person.scope, person.actor, person.subjects) == (
        f"3601/{OFFICE}",
        "user:3601:zhang",
        ("role:gatekeeper",),
    )
    portal = house.enter(house.token(user=None, login=None, client="portal-1", roles=("portal",)))
    assert (portal.user, portal.client, portal.scope, portal.actor) == (
        None,
        "portal-1",
        "3601/*/~portal-1",
        "client:3601:portal-1",
    )
    both = house.enter(house.token(client="portal-1"))
    assert (both.user, both.client, both.actor) == (USER, "portal-1", "user:3601:zhang via portal-1")
    assert person.expires - person.issued == 3600
    claims = jwt.decode(house.token(client="portal-1"), options={"verify_signature": False})
    assert claims["act"] == {"sub": "portal-1"} and claims["sub"] == USER


@pytest.mark.parametrize("ttl", [0.0, -1.0, 3600.5, math.nan, math.inf])
def test_no_token_outlives_an_hour(house: House, ttl: float) -> None:
    with pytest.raises(ValueError, match="one hour"):
        house.token(ttl=ttl)


def test_the_scheme_is_bearer_in_any_case(house: House) -> None:
    token = house.token()
    for header in (f"Bearer {token}", f"bEaReR {token} ", f"BEARER {token}".encode()):
        assert house.verifier.authenticate(header).user == USER


@pytest.mark.parametrize(
    "header", [None, "", b"", "Basic YTpi", "Bearer", "Token x", "eyJhbGciOiJFZERTQSJ9.e30.x"]
)
def test_anything_else_is_no_token_at_all(house: House, header: bytes | str | None) -> None:
    assert refused(lambda: house.verifier.authenticate(header)) == "401 token_missing"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a" * 9000, "ï\ud800", b"\xff.\xff.\xff", b" "])
def test_a_bearer_that_is_not_a_token(house: House, token: bytes | str) -> None:
    header = b"Bearer " + token if isinstance(token, bytes) else f"Bearer {token}"
    assert refused(lambda: house.verifier.authenticate(header)) == "401 token_invalid"


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "iat", "jti", "tenant", "tier", "roles"])
def test_every_claim_is_required(house: House, claim: str) -> None:
    assert house.enter(house.forged()).user == USER
    assert refused(lambda: house.enter(house.forged(drop=claim))) == "401 token_invalid"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "other"},
        {"aud": [AUDIENCE]},
        {"aud": [AUDIENCE, "other"]},
        {"sub": "zhang"},
        {"sub": 7},
        {"sub": ""},
        {"tier": "town"},
        {"tenant": "3601\n"},
        {"tenant": 3601},
        {"roles": "gatekeeper"},
        {"roles": [1]},
        {"roles": ["role:x"]},
        {"office": "*"},
        {"office": 1},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": math.inf},
        {"exp": math.nan},
        {"exp": 10**400},
        {"exp": START + 3700},
        {"iat": START + 60, "exp": START + 120},
        {"iat": math.nan},
        {"jti": 1},
        {"jti": ""},
        {"client_id": 1},
        {"client_id": "portal-1"},
        {"client_id": "portal-1", "act": {"sub": "portal-2"}},
    ],
    ids=repr,
)
def test_a_token_of_our_own_key_with_wrong_claims_is_refused(house: House, claims: dict[str, Any]) -> None:
    assert refused(lambda: house.enter(house.forged(**claims))) == "401 token_invalid"


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": None},
        {"typ": "AT+JWT"},
        {"typ": "application/at+jwt"},
        {"kid": "unknown"},
        {"crit": ["exp"], "exp": 1},
    ],
    ids=repr,
)
def test_header_is_pinned(house: House, header: dict[str, Any]) -> None:
    assert refused(lambda: house.enter(house.forged(header))) == "401 token_invalid"


def test_other_algorithms_and_keys_are_refused(house: House) -> None:
    payload = jwt.decode(house.token(), options={"verify_signature": False})
    current = house.source.current()
    headers = {"typ": "at+jwt", "kid": current.signing_kid}
    secret = current.verify[current.signing_kid].public_bytes_raw()
    stranger, curve = ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())
    forgers: list[tuple[Any, str]] = [("", "none"), (secret, "HS256"), (stranger, "EdDSA"), (curve, "ES256")]
    for key, algorithm in forgers:
        forgery = jwt.encode(payload, key, algorithm, headers)
        assert refused(lambda t=forgery: house.enter(t)) == "401 token_invalid"  # type: ignore[misc]


@pytest.mark.parametrize("part", [b"[" * 3000, b"null", b"[]", b"{}", b'{"typ":"at+jwt","kid":{}}'])
def test_json_bombs_and_oddities_are_refused(house: House, part: bytes) -> None:
    header, payload, signature = house.token().split(".")
    assert refused(lambda: house.enter(f"{encoded(part)}.{payload}.{signature}")) == "401 token_invalid"
    current = house.source.current()
    signed = f"{header}.{encoded(part)}"
    own = f"{signed}.{encoded(current.private_key.sign(signed.encode()))}"
    assert refused(lambda: house.enter(own)) == "401 token_invalid"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300), st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]*")))
def test_whatever_is_sent_is_answered_401(house: House, junk: bytes | str) -> None:
    header = b"Bearer " + junk if isinstance(junk, bytes) else f"Bearer {junk}"
    assert refused(lambda: house.verifier.authenticate(header)) == "401 token_invalid"


# ---- the cache -------------------------------------------------------------------------------------------


def test_a_hit_is_the_same_principal_and_still_expires(house: House) -> None:
    token = house.token(ttl=10)
    first = house.enter(token)
    house.pass_time(9.9)
    assert house.enter(token) is first
    house.pass_time(0.2)
    assert refused(lambda: house.enter(token)) == "401 token_expired"
    assert refused(lambda: house.enter(token)) == "401 token_expired", "also when verified anew"


def test_the_cache_is_bounded_and_keeps_what_is_used(tmp_path: Path) -> None:
    house = House(tmp_path, cache_size=3)
    kept = house.token()
    first = house.enter(kept)
    for _ in range(10):
        house.enter(house.token())
        assert house.enter(kept) is first
    assert len(house.verifier._cache) == 3


# ---- revocation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_cut_off_voids_what_was_issued_before_it(house: House, which: int) -> None:
    token = house.token(client="portal-1")
    subject = revocation_keys(house.enter(token))[which]
    assert subject.split(":")[0] == ("token", "user", "client")[which]
    house.pass_time(1, {subject: START})
    assert refused(lambda: house.enter(token)) == "401 token_revoked"
    assert refused(lambda: house.enter(token)) == "401 token_revoked", "also when verified anew"
    fresh = house.token(client="portal-1")
    assert house.enter(fresh).user == USER, "issued after the cut"


def test_a_cut_off_in_another_tenant_or_of_another_kind_changes_nothing(house: House) -> None:
    token = house.token()
    house.pass_time(
        1, {f"user:3602:{USER}": START + 1, f"client:3601:{USER}": START + 1, f"user:3601:{OFFICE}": 9e12}
    )
    assert house.enter(token).user == USER


def test_a_cut_within_the_same_millisecond_still_hits(house: House) -> None:
    house.clock.now = START + 0.0009
    token = house.token()
    house.pass_time(0, {f"user:3601:{USER}": START + 0.0004})
    assert refused(lambda: house.enter(token)) == "401 token_revoked"


def test_nobody_enters_on_a_stale_list(house: House, hurried: None) -> None:
    token = house.token()
    house.enter(token)
    house.clock.now += 5.0
    assert house.enter(token).user == USER
    house.clock.now += 0.1
    assert refused(lambda: house.enter(token)) == "503 revocations_stale"
    house.clock.now = START - 6
    assert refused(lambda: house.enter(token)).startswith("503"), "a clock set back proves nothing"
    assert Revocations().stale(0.0) and Revocations().stale(START), "never loaded"


# ---- rotation ------------------------------------------------------------------------------------------


def test_rotation_ends_no_session_and_the_newest_key_signs(house: House) -> None:
    old = house.token()
    kid = keys.rotate(house.file, START)
    assert house.source.current().signing_kid != kid, "not looked at within two seconds"
    house.pass_time(2)
    assert house.source.current().signing_kid == kid
    assert jwt.get_unverified_header(house.token())["kid"] == kid
    house.verifier._cache.clear()
    assert house.enter(old).user == house.enter(house.token()).user == USER


def test_a_token_signed_elsewhere_with_a_newer_key_is_understood_at_once(house: House) -> None:
    keys.rotate(house.file, START)
    elsewhere = keys.KeySource(house.file, house.clock).current()
    token = issue_token(
        elsewhere,
        issuer=ISSUER,
        audience=AUDIENCE,
        tenant="36",
        tier="province",
        roles=("office",),
        now=START,
        user=USER,
    )
    assert house.enter(token).tier == "province"


def test_a_key_taken_out_takes_its_cached_tokens_along(house: House) -> None:
    token = house.token()
    house.enter(token)
    keys.rotate(house.file, START + 1, drop_after=0)
    house.pass_time(3)
    assert len(house.source.current().verify) == 1
    assert refused(lambda: house.enter(token)) == "401 token_invalid"


# ---- speed -----------------------------------------------------------------------------------------------


def test_a_hit_costs_no_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    header = b"Bearer " + house.token().encode()
    house.revocations.replace({f"user:3601:{n}": START for n in range(1000)}, START)
    house.verifier.authenticate(header)

    def verified(*_: Any, **__: Any) -> None:
        raise AssertionError("a signature was verified")

    monkeypatch.setattr(jwt, "decode", verified)
    for _ in range(2000):
        house.verifier.authenticate(header)
    fresh = b"Bearer " + house.token().encode()
    with pytest.raises(AssertionError, match="verified"):
        house.verifier.authenticate(fresh)
