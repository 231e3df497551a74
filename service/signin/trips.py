"""A sign-in under way, and how its pieces are compared."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from service.kit.id_tokens import LEEWAY, Expected
from service.signin.schemas import IssuerSettings

PATIENCE = timedelta(minutes=10)
COOKIE = re.compile(
    r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})\.(\d{1,12})\.([\w-]{43})\.([\w-]{0,800})\.([\w-]{43})",
    re.ASCII,
)


# Where one sees and ends one's sessions: who is on the way there proves himself anew, whatever the provider remembers.
PROVES = "/console/sessions"


class Shown(NamedTuple):
    """A provider, or a place, as the sign-in page lists it."""

    id: str
    name: str


class Trip(NamedTuple):
    """A sign-in under way, read from its cookie."""

    sealed: str
    to: str
    ends: datetime

    def anew(self, at: datetime | None) -> bool:
        """Whether a proof of that moment is one that this trip asked for; any is, where it asked for none."""
        begun = self.ends - PATIENCE
        return self.to != PROVES or (at is not None and at >= begun - timedelta(seconds=LEEWAY))


def of(settings: IssuerSettings) -> Expected:
    return Expected(settings.issuer, settings.client_id, short_keys=settings.short_keys is not None)


def proved(claims: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the provider says that the person proved himself (`auth_time`); None where it does not say so."""
    at = claims.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at <= now.timestamp() + LEEWAY:
        return None
    return min(now, datetime.fromtimestamp(at, UTC))


def has(said: Any, value: str) -> bool:
    return said == value or (isinstance(said, list) and value in said)


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
