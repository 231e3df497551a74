"""Assertions of registered clients (RFC 7523): a portal vouches for one of its tenant's people."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
import msgspec
from jwt.types import Options

from service.kit.authn import LEEWAY, MALFORMED, MAX_TOKEN_BYTES, TIMELESS, readable
from service.kit.errors import ServiceError
from service.kit.keys import public_key

ASSERTION_TTL = 300.0  # seconds
_JTI = re.compile(r"[!-~]{1,128}")  # it is stored: an opaque token, never words
_ASSERTION: Options = {**TIMELESS, "require": ["iss", "aud", "sub", "exp", "jti"]}


class AssertionClaims(msgspec.Struct, frozen=True):
    """What a registered client asserts (RFC 7523); the caller burns (client, jti) until `exp`."""

    sub: str
    jti: str
    exp: float
    iat: float = 0.0
    nbf: float = 0.0


def spelled_out(assertion: str) -> Iterator[bytes]:
    """The *unverified* JSON of header and claims, where it is base64 at all, to look at before anything else."""
    if len(assertion) > MAX_TOKEN_BYTES:
        return
    for segment in assertion.split(".", 2)[:2]:
        try:
            yield base64.urlsafe_b64decode(segment + "==")
        except ValueError:
            continue


def peek(assertion: str) -> tuple[str | None, str | None]:
    """The *unverified* issuer and subject, only to find the key by which to verify; None where unreadable."""
    try:
        if len(assertion) > MAX_TOKEN_BYTES:
            return None, None
        claims = jwt.decode(assertion, options={"verify_signature": False})
        found = [claims.get(name) for name in ("iss", "sub")]
    except MALFORMED:
        return None, None
    issuer, subject = (name if isinstance(name, str) and readable(name) else None for name in found)
    return issuer, subject


def verify_assertion(
    assertion: str, *, public_jwk: Mapping[str, Any], client_id: str, audiences: tuple[str, ...], now: float
) -> AssertionClaims:
    """The claims of an assertion signed by the client's registered key; 400 `invalid_grant` otherwise."""
    try:
        if len(assertion) > MAX_TOKEN_BYTES:
            raise ValueError("size")
        algorithm, key = public_key(public_jwk)
        claims = jwt.decode(assertion, key, [algorithm], _ASSERTION, audience=audiences, issuer=client_id)
        stamp = msgspec.convert(claims, AssertionClaims)
        begun = stamp.iat <= now + LEEWAY and stamp.nbf <= now + LEEWAY  # false for NaN
        if not (begun and now < stamp.exp <= now + ASSERTION_TTL):
            raise ValueError("time")
        if not (readable(stamp.sub) and _JTI.fullmatch(stamp.jti)):
            raise ValueError("names")
        return stamp
    except MALFORMED:
        detail = "断言无效：须由已登记的密钥签名，签发者、受众、主体、编号齐全，有效期不超过五分钟"
        raise ServiceError(400, "invalid_grant", detail) from None
