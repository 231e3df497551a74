"""Client secrets: 256 random bits, kept as SHA-256 digests, several of them valid while rotating.

A plain digest is enough: nobody guesses 256 bits, so neither salt nor slowness would add anything.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

PREFIX = "tjs_"  # lets secret scanners recognise one that leaked
MAX_VALID = 4
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()

# {digest: hex, created_at: ISO 8601, expires_at: ISO 8601 | None, used_at: ISO 8601 | None}; one stored before first
# uses were noted has no `used_at` and counts as used.
Stored = dict[str, Any]


def new_secret() -> str:
    """A fresh secret; shown once, never stored."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def stored(secret: str, now: datetime) -> Stored:
    """The stored form of a secret that does not expire yet."""
    return {"digest": digest(secret), "created_at": now.isoformat(), "expires_at": None, "used_at": None}


def living(stored: list[Stored], now: datetime) -> list[Stored]:
    """The entries still valid, newest last."""
    return [each for each in stored if each["expires_at"] is None or _at(each["expires_at"]) > now]


def matches(stored: list[Stored], secret: str, now: datetime) -> bool:
    """Whether the secret is one of the valid ones. Always the same number of constant-time comparisons."""
    given = digest(secret)
    candidates = [each["digest"] for each in living(stored, now)][-MAX_VALID:]
    padded = candidates + [_NOBODY] * (MAX_VALID - len(candidates))
    return sum(hmac.compare_digest(given, candidate) for candidate in padded) > 0


def first_use(stored: list[Stored], secret: str, now: datetime) -> list[Stored] | None:
    """The entries with this secret's first use noted; None when it was used before."""
    given = digest(secret)
    if not any(each["digest"] == given and each.get("used_at", "") is None for each in stored):
        return None
    return [{**each, "used_at": now.isoformat()} if each["digest"] == given else each for each in stored]


def rotated(stored: list[Stored], fresh: Stored, now: datetime, keep_old: timedelta) -> list[Stored]:
    """The entries with a new one; those in use live on for `keep_old`, never longer than before.

    Of several still valid, the newest is replaced when nobody has used it yet: its answer was lost, and rotating again
    is the remedy. What is in use stays, however often this happens within the overlap.
    """
    if keep_old <= timedelta(0):
        return [fresh]
    old = living(stored, now)
    if len(old) > 1 and old[-1].get("used_at", "") is None:
        old.pop()
    end = now + keep_old
    kept: list[Stored] = []
    for each in old[-(MAX_VALID - 1) :]:
        until = end if each["expires_at"] is None else min(end, _at(each["expires_at"]))
        kept.append({**each, "expires_at": until.isoformat()})
    return [*kept, fresh]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
