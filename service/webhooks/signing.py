"""Standard Webhooks: secrets, signatures, and when the next attempt is due. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)  # how long a rotated secret goes on signing
MOST = 4  # secrets that sign at once
# Ten attempts: at once, then after these pauses; about 76 hours in all.
_PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = len(_PAUSES) + 1
LONGEST = sum(_PAUSES, timedelta())  # what ten attempts take


def new_secret() -> str:
    """A fresh signing secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def in_force(stored: Sequence[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The stored secrets that still sign, newest first."""
    return [
        each for each in stored if not each["expires_at"] or datetime.fromisoformat(each["expires_at"]) > now
    ]


def rotated(stored: Sequence[dict[str, Any]], sealed: str, now: datetime) -> list[dict[str, Any]]:
    """The new secret first, those that still sign behind it, each for a day from when it was replaced.

    Rotating again is the remedy for a lost answer, and nobody knows by which secret the receiver verifies: so all sign
    on until their day is over. Of many in a row the newest before this one go, never the oldest.
    """
    fresh = {"sealed": sealed, "created_at": now.isoformat(), "expires_at": None}
    end = (now + OVERLAP).isoformat()
    before = [{**each, "expires_at": each["expires_at"] or end} for each in in_force(stored, now)]
    return [fresh, *before[-(MOST - 1) :]]


def signature(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature header: one `v1,…` per secret, separated by spaces."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digests = (
        hmac.digest(base64.b64decode(key.removeprefix(PREFIX)), content, hashlib.sha256) for key in keys
    )
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def next_attempt(delivery_id: str, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures, or None after the tenth.

    Pauses vary by a twentieth up or down, so that receivers coming back are not hit by everything at once; taken
    from the delivery's id, which spreads as well as chance does and can be foretold.
    """
    if attempts >= ATTEMPTS:
        return None
    spread = hashlib.sha256(f"{delivery_id}/{attempts}".encode()).digest()
    return now + _PAUSES[attempts - 1] * (0.95 + int.from_bytes(spread[:4], "big") / 2**32 / 10)
