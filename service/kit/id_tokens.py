"""Tokens of foreign identity providers (OpenID Connect Core 3.1.3.7, Back-Channel Logout 2.6), judged by their keys.

The algorithm comes from the type of the key, never from the token: RS256 and PS256 for RSA, ES256, EdDSA; so neither
`none` nor a public key taken for an HMAC secret gets anywhere. Times are judged by the clock that is handed in.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import jwt
from jwt.types import Options

from service.kit.authn import MALFORMED, TIMELESS
from service.kit.keys import KeySet, PublicKey, public_key, short

MAX_BYTES = 16_384
LEEWAY = 60.0  # seconds by which the provider's clock may differ from ours
OLDEST = 600.0  # seconds since the token was made: it is used at once or not at all
ASSERTION_TTL = 60.0
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_OPTIONS: Options = {**TIMELESS, "require": ["iss", "aud", "exp", "iat"]}
_BY_TYPE = {"RSA": ("RS256", "PS256"), "EC": ("ES256",), "OKP": ("EdDSA",)}


class Rejected(Exception):
    """The token is not taken. `code`: why, for logs and tests; nobody outside is told more than that it failed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Expected(NamedTuple):
    """What is registered of a provider: who signs for whom, whether with RSA below 3072 bits too (0282)."""

    issuer: str
    client_id: str
    short_keys: bool = False


def id_token(
    token: str, expected: Expected, *, keys: Sequence[Mapping[str, Any]], nonce: str, now: float
) -> dict[str, Any]:
    """The claims of an ID token made for us, for this very sign-in; Rejected otherwise.

    `unknown_key`: none of the keys is named by it: the provider may have rotated.
    """
    claims = _verified(token, expected, keys=keys, now=now, types=("jwt",))
    if not secrets.compare_digest(str(claims.get("nonce")).encode("utf-8", "replace"), nonce.encode()):
        raise Rejected("nonce")
    _subject(claims)
    return claims


def logout_token(
    token: str, expected: Expected, *, keys: Sequence[Mapping[str, Any]], plain: bool, now: float
) -> dict[str, Any]:
    """The claims of a logout token: `jti`, and `sub` or `sid` or both; Rejected otherwise.

    `plain`: its type may be `JWT`, or not told, beside `logout+jwt`.
    """
    types = ("logout+jwt", "jwt") if plain else ("logout+jwt",)
    claims = _verified(token, expected, keys=keys, now=now, types=types)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT), dict) or "nonce" in claims:
        raise Rejected("no_logout")
    if not _short(claims.get("jti")):
        raise Rejected("jti")
    named = [name for name in ("sub", "sid") if name in claims]
    if not named or not all(_short(claims[name]) for name in named):
        raise Rejected("nobody")
    return claims


def client_assertion(keys: KeySet, *, client_id: str, audience: str, now: float) -> str:
    """`private_key_jwt` (OpenID Connect Core, 9): signed by the key whose public half stands in our JWKS."""
    made = math.floor(now)
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": made,
        "exp": made + ASSERTION_TTL,
    }
    return jwt.encode(claims, keys.private_key, "EdDSA", {"typ": "JWT", "kid": keys.signing_kid})


def _verified(
    token: str,
    expected: Expected,
    *,
    keys: Sequence[Mapping[str, Any]],
    now: float,
    types: tuple[str, ...],
) -> dict[str, Any]:
    if len(token) > MAX_BYTES:
        raise Rejected("size")
    try:
        header = jwt.get_unverified_header(token)
    except MALFORMED:
        raise Rejected("malformed") from None
    if str(header.get("typ", "jwt")).lower().removeprefix("application/") not in types or "crit" in header:
        raise Rejected("type")
    algorithm, key = _key(header, keys)
    if short(key) and not expected.short_keys:
        raise Rejected("weak_key")
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, [algorithm], _OPTIONS, audience=expected.client_id, issuer=expected.issuer
        )
    except MALFORMED as error:
        raise Rejected(type(error).__name__) from None
    _for_us(claims, expected.client_id)
    _timely(claims, now)
    return claims


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> tuple[str, PublicKey]:
    """The key that the token names, or the only one that could be meant; with the algorithm both agree on."""
    algorithm, kid = str(header.get("alg")), header.get("kid")
    fit = [
        each
        for each in keys
        if algorithm in _BY_TYPE.get(str(each.get("kty")), ())
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and kid in (None, each.get("kid"))
    ]
    if len(fit) != 1:
        raise Rejected("unknown_key" if any(algorithm in of for of in _BY_TYPE.values()) else "algorithm")
    try:
        return algorithm, public_key({name: of for name, of in fit[0].items() if name not in ("alg", "use")})[
            1
        ]
    except ValueError:
        raise Rejected("weak_key") from None


def _for_us(claims: Mapping[str, Any], client_id: str) -> None:
    """Several audiences are taken only where the token says that it was given to us."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise Rejected("azp")


def _timely(claims: Mapping[str, Any], now: float) -> None:
    times = {name: claims.get(name, 0) for name in ("exp", "iat", "nbf")}
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in times.values()):
        raise Rejected("times")
    in_time = now < times["exp"] + LEEWAY and times["nbf"] <= now + LEEWAY
    if not (in_time and now - OLDEST - LEEWAY <= times["iat"] <= now + LEEWAY):  # false for NaN
        raise Rejected("times")


def _subject(claims: Mapping[str, Any]) -> None:
    if not _short(claims.get("sub")):
        raise Rejected("sub")


def _short(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255 and value.isprintable()
