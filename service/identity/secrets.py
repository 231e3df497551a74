"""Client secrets: 256 random bits, kept as SHA-256 digests, two of them valid while rotating.

A plain digest is enough: nobody guesses 256 bits, so neither salt nor slowness would add anything.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

PREFIX = "tjs_"  # lets secret scanners recognise one that leaked
MAX_VALID = 2
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()

Stored = dict[str, Any]  # {digest: hex, created_at: ISO 8601, expires_at: ISO 8601 | None}


def new_secret() -> str:
    """A fresh secret; shown once, never stored."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def stored(secret: str, now: datetime) -> Stored:
    """The stored form of a secret that does not expire yet."""
    return {"digest": digest(secret), "created_at": now.isoformat(), "expires_at": None}


def living(entries: list[Stored], now: datetime) -> list[Stored]:
    """The entries still valid, newest last."""
    return [entry for entry in entries if entry["expires_at"] is None or _at(entry["expires_at"]) > now]


def matches(entries: list[Stored], secret: str, now: datetime) -> bool:
    """Whether the secret is one of the valid ones. Always the same number of constant-time comparisons."""
    given = digest(secret)
    candidates = [entry["digest"] for entry in living(entries, now)][-MAX_VALID:]
    padded = candidates + [_NOBODY] * (MAX_VALID - len(candidates))
    return sum(hmac.compare_digest(given, candidate) for candidate in padded) > 0


def rotated(entries: list[Stored], secret: str, now: datetime, keep_old: timedelta) -> list[Stored]:
    """The entries with a new secret; the newest old one lives on for `keep_old`, never longer than before."""
    kept: list[Stored] = []
    if keep_old > timedelta(0):
        end = now + keep_old
        for entry in living(entries, now)[-(MAX_VALID - 1) :]:
            until = end if entry["expires_at"] is None else min(end, _at(entry["expires_at"]))
            kept.append({**entry, "expires_at": until.isoformat()})
    return [*kept, stored(secret, now)]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
