"""Every command leaves an audit row with its own SM3 digest; the sealer chains them (seal.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from service.audit.models import audit_entries
from service.kit.call import Call
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.ids import new_id
from service.kit.tables import insert_row, insert_rows

_INSERT = insert_row(audit_entries)
_INSERT_MANY = insert_rows(audit_entries)
OPERATOR = "operator"
PROOFS = "rows"  # the member of a summary with the digests of what the command wrote (kit/proofs)


# Whose entry the digest of a row goes into that nothing else tells of; of all other rows a project's.
KIND_OF = {"user": "user", "grant": "user", "client": "client", "issuer": "issuer", "deputy": "deputy"}


class Actor(Protocol):
    """Whom an entry names; a Principal is one."""

    @property
    def tenant(self) -> str: ...
    @property
    def client(self) -> str | None: ...
    @property
    def actor(self) -> str: ...


@dataclass(frozen=True)
class Operator:
    """Who runs a command at the machine: nobody of the service's people."""

    tenant: str
    client: str | None = None
    actor: str = OPERATOR


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
    case: str | None = None,
) -> None:
    """Adds the entry to the command's rows. `summary` holds ids, codes and amounts, never free text.

    `case`: id of the project whose rows it tells of, where that is not its object.
    """
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
    tx.sealing.append(partial(_seal, entry, case or object_id))


def audited(
    call: Call,
    tx: Tx,
    action: str,
    object_id: str,
    summary: dict[str, Any],
    *,
    kind: str | None = None,
    tenant: str | None = None,
    case: str | None = None,
) -> None:
    """The entry of a command: of the kind that the action begins with, in the caller's tenant, unless said."""
    record(
        tx,
        tenant=call.principal.tenant if tenant is None else tenant,
        principal=call.principal,
        action=action,
        object_kind=kind or action.partition(".")[0],
        object_id=object_id,
        summary=summary,
        request_id=call.trace_id,
        now=call.now,
        case=case,
    )


def _seal(entry: dict[str, Any], case: str, tx: Tx) -> None:
    """Takes the digests of what was written of its object along; the last entry leaves one for each that has none."""
    _with(tx, entry, tx.proofs.pop((entry["tenant_id"], case), {}))
    if not tx.sealing_left and tx.proofs:
        notes: dict[str, list[dict[str, Any]]] = {}
        for (tenant, case), rows in tx.proofs.items():
            kind = KIND_OF.get(next(iter(rows)).partition("@")[0].partition("/")[0], "project")
            noted = {"tenant_id": tenant, "id": new_id(), "action": f"{kind}.noted", "object_kind": kind}
            note = {**entry, **noted, "object_id": case, "summary": {PROOFS: rows}}
            told = {**note, "at": note["at"].isoformat(), "digest": entry_digest(note)}
            notes.setdefault(tenant, []).append(told)
        # As one parameter: an office that ends may have had more cases than a statement takes parameters.
        for tenant, its in notes.items():
            tx.batch.add(_INSERT_MANY, expect=len(its), of_tenant=tenant, rows=its)
        tx.proofs.clear()


def _with(tx: Tx, entry: dict[str, Any], rows: dict[str, str]) -> None:
    if rows:
        entry = {**entry, "summary": {**entry["summary"], PROOFS: rows}}
    tx.batch.add(_INSERT, **entry, digest=entry_digest(entry))
