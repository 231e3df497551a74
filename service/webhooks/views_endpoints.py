"""An endpoint as its office sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from service.kit.api import Answer, Call
from service.kit.ids import Ref
from service.kit.rows import columns_of, of_row
from service.webhooks.health import state_of
from service.webhooks.schemas import (
    EndpointView,
    EndpointWithSecret,
    SecretView,
)
from service.webhooks.signing import in_force


def answered(call: Call, row: Mapping[str, Any]) -> Answer:
    return Answer(of_row(EndpointView, row, **own_of(row, call.now)), version=row["version"])


def own_of(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What an endpoint shows otherwise than its row has it."""
    secrets = [
        msgspec.convert(columns_of(each, "created_at", "expires_at"), SecretView)
        for each in in_force(row["secrets"], now)
    ]
    return {
        "id": str(Ref(row["tenant_id"], row["id"])),
        "secrets": secrets,
        "state": state_of(row),
        "failures": row.get("failures") or 0,
        "failing_since": row.get("failing_since"),
        "paused_until": row["paused_until"] if row.get("paused") else None,
    }


def with_secret(row: Mapping[str, Any], secret: str, call: Call, **headers: str) -> Answer:
    """The secret goes out once: what is stored for a replay has none."""
    own = own_of(row, call.now)
    return Answer(
        of_row(EndpointWithSecret, row, secret=secret, **own),
        version=row["version"],
        headers=headers,
        replayed=of_row(EndpointWithSecret, row, secret=None, **own),
    )
