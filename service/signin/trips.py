"""A sign-in under way, and how its pieces are compared."""

from __future__ import annotations

import base64
import hmac
import re
from datetime import datetime
from typing import Any, NamedTuple

from service.kit.id_tokens import Expected
from service.signin.schemas import IssuerSettings

COOKIE = re.compile(
    r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})\.(\d{1,12})\.([\w-]{43})\.([\w-]{0,800})\.([\w-]{43})",
    re.ASCII,
)


class Shown(NamedTuple):
    """A provider, or a place, as the sign-in page lists it."""

    id: str
    name: str


class Trip(NamedTuple):
    """A sign-in under way, read from its cookie."""

    sealed: str
    to: str
    ends: datetime


def of(settings: IssuerSettings) -> Expected:
    return Expected(settings.issuer, settings.client_id, short_keys=settings.short_keys is not None)


def has(said: Any, value: str) -> bool:
    return said == value or (isinstance(said, list) and value in said)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
