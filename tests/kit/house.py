"""A house that issues and checks tokens, with a clock of its own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest

from service.kit import keys
from service.kit.authn import Principal, Revocations, Verifier, issue_token
from service.kit.errors import ServiceError

ISSUER, AUDIENCE = "https://tongjian.example", "tongjian-api"
USER = "018f0000-0000-7000-8000-000000000001"
OFFICE = "018f0000-0000-7000-8000-0000000000aa"
START = 1_800_000_000.0


class Clock:
    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class House:
    """A verifier with its key file, clock and revocations."""

    def __init__(self, folder: Path, cache_size: int = 100) -> None:
        self.file, self.clock = folder / "keys.json", Clock()
        keys.generate(self.file, self.clock())
        self.source = keys.KeySource(self.file, self.clock)
        self.revocations = Revocations()
        self.revocations.replace({}, self.clock())
        self.verifier = Verifier(self.source, ISSUER, AUDIENCE, self.revocations, self.clock, cache_size)

    def pass_time(self, seconds: float, cuts: dict[str, float] | None = None) -> None:
        self.clock.now += seconds
        self.revocations.replace(cuts or {}, self.clock())

    def token(self, **changes: Any) -> str:
        given: dict[str, Any] = {
            "user": USER,
            "login": "zhang",
            "roles": ("gatekeeper",),
            "now": self.clock(),
        }
        given |= {"tenant": "3601", "tier": "city", "issuer": ISSUER, "audience": AUDIENCE} | changes
        return issue_token(self.source.current(), **given)

    def enter(self, token: str) -> Principal:
        return self.verifier.authenticate(f"Bearer {token}")

    def forged(self, header: dict[str, Any] | None = None, drop: str = "", **claims: Any) -> str:
        """A token rightly signed by our key, with changed claims or header."""
        payload = jwt.decode(self.token(), options={"verify_signature": False}) | claims
        payload.pop(drop, None)
        current = self.source.current()
        headers = {"typ": "at+jwt", "kid": current.signing_kid} | (header or {})
        return jwt.encode(payload, current.private_key, "EdDSA", headers)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    if caught.value.status == 401:
        assert caught.value.headers["WWW-Authenticate"].startswith("Bearer ")
    return f"{caught.value.status} {caught.value.code}"


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
