"""Every command leaves an audit row with its own SM3 digest; the sealer chains them (seal.py)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from service.audit.models import audit_entries
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.ids import new_id
from service.kit.tables import insert_row

_INSERT = insert_row(audit_entries)


class Actor(Protocol):
    """Whom an entry names; a Principal is one."""

    @property
    def tenant(self) -> str: ...
    @property
    def client(self) -> str | None: ...
    @property
    def actor(self) -> str: ...


def entry_digest(entry: dict[str, Any]) -> str:
    """The digest over all columns of an entry but the digest itself; `at` in ISO 8601 UTC microseconds."""
    at: datetime = entry["at"]
    return sealed({k: v for k, v in entry.items() if k not in ("digest", "at")} | {"at": at.isoformat()})


def record(
    tx: Tx,
    *,
    tenant: str,
    principal: Actor,
    action: str,
    object_kind: str,
    object_id: str,
    summary: dict[str, Any],
    request_id: str,
    now: datetime,
) -> None:
    """Adds the entry to the command's rows. `summary` holds ids, codes and amounts, never free text."""
    entry: dict[str, Any] = {
        "tenant_id": tenant,
        "id": new_id(),
        "at": now,
        "actor": principal.actor,
        "actor_tenant": principal.tenant,
        "client": principal.client,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "summary": summary,
        "request_id": request_id,
    }
    tx.batch.add(_INSERT, **entry, digest=entry_digest(entry))
