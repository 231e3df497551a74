"""The code that proves an address: derived from the deployment's secret, so that the database never holds one. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

DIGITS = 6
GOOD_FOR = timedelta(minutes=30)
TRIES = 5  # wrong ones before another code has to be sent
A_DAY = 5  # codes sent to somebody on one day
PAUSE = timedelta(seconds=60)  # between two codes


def code_of(secret: str, row: Mapping[str, Any]) -> str:
    """Six digits for this person, address and moment of asking (`code_at`, which must be there)."""
    key = hmac.digest(secret.encode(), b"reminders: codes", hashlib.sha256)
    made = "\n".join(
        (row["tenant_id"], str(row["user_id"]), row["channel"], row["address"], row["code_at"].isoformat())
    )
    found = int.from_bytes(hmac.digest(key, made.encode(), hashlib.sha256)[:8], "big")
    return f"{found % 10**DIGITS:0{DIGITS}}"


def open_until(row: Mapping[str, Any]) -> datetime | None:
    """Until when the code in use may be entered; None where there is none, or it was guessed at too often."""
    if row["code_at"] is None or row["code_tries"] >= TRIES:
        return None
    ends: datetime = row["code_at"] + GOOD_FOR
    return ends
