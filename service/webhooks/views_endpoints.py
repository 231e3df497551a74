"""An endpoint as its office sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from service.kit.api import Answer, Call
from service.kit.ids import Ref
from service.webhooks.health import state_of
from service.webhooks.schemas import (
    EndpointView,
    EndpointWithSecret,
    SecretView,
)
from service.webhooks.signing import in_force

_PLAIN = ("url", "kinds", "created_at", "disabled_at", "disabled_reason", "version")


def answered(call: Call, row: Mapping[str, Any]) -> Answer:
    return Answer(EndpointView(**fields_of(row, call.now)), version=row["version"])


def fields_of(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    secrets = [
        msgspec.convert({"created_at": each["created_at"], "expires_at": each["expires_at"]}, SecretView)
        for each in in_force(row["secrets"], now)
    ]
    return {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "secrets": secrets,
        "state": state_of(row),
        "failures": row.get("failures") or 0,
        "failing_since": row.get("failing_since"),
        "paused_until": row["paused_until"] if row.get("paused") else None,
        **{name: row[name] for name in _PLAIN},
    }


def with_secret(row: Mapping[str, Any], secret: str, call: Call, **headers: str) -> Answer:
    """The secret goes out once: what is stored for a replay has none."""
    fields = fields_of(row, call.now)
    return Answer(
        EndpointWithSecret(secret=secret, **fields),
        version=row["version"],
        headers=headers,
        replayed=EndpointWithSecret(secret=None, **fields),
    )
