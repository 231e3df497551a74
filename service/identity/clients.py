"""A client's row: shown, read, written back, told of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB

from service.identity import powers, secrets
from service.identity.models import clients
from service.identity.queries import CLIENT
from service.identity.revoking import client_subject, revoke
from service.identity.schemas_clients import ClientView, PendingView, SecretView
from service.kit.api import Call, Error
from service.kit.authn import Revocations
from service.kit.db import Door, Row, Tx, tenant_scope
from service.kit.errors import ServiceError, not_found, or_404
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.statements import OF_TENANT, READ_VERSION, Statement
from service.kit.tables import update_read

_EDITABLE = (
    "name",
    "secrets",
    "public_jwk",
    "second_jwk",
    "disabled_at",
    "vouch_roles",
    "sign_in",
    "pending",
    "confirmed_at",
    "confirmed_by",
)
_EDIT = update_read(clients, _EDITABLE, "new_")
_USED = Statement(
    update(clients)
    .where(
        clients.c.tenant_id == OF_TENANT,
        clients.c.id == bindparam("of_id", type_=Text),
        clients.c.version == READ_VERSION,
    )
    .values(secrets=bindparam("new_secrets", type_=JSONB))
)
_REF = re.compile(r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})")
BUSY = ServiceError(409, "busy", "该客户端正在被其他请求修改，请稍后重试")
# Told by the document, and raised.
SIGN_IN = Error(409, "sign_in_client", "管理人员的登录客户端只能修改名称和指名的登录人")
KEPT_FOR_SIGN_IN = ServiceError(
    409, "sign_in_client", "这是管理人员的登录客户端，只能修改其名称和指名的登录人"
)


def view(client: Mapping[str, Any], now: datetime) -> ClientView:
    """A client without its digests; only secrets that still work are listed."""
    times = [
        SecretView(
            datetime.fromisoformat(entry["created_at"]),
            None if entry["expires_at"] is None else datetime.fromisoformat(entry["expires_at"]),
        )
        for entry in secrets.living(client["secrets"], now)
    ]
    return of_row(
        ClientView,
        client,
        id=f"{client['tenant_id']}.{client['id']}",
        secrets=times,
        pending=_pending(client),
    )


def _pending(client: Mapping[str, Any]) -> PendingView | None:
    changes, pending = powers.waiting(client), client["pending"]
    if not changes or pending is None:
        return None
    shown = {name: pending.get(name) for name in ("public_jwk", "second_jwk", "vouch_roles", "sign_in")}
    return PendingView(
        changes, pending["proposed_by"], datetime.fromisoformat(pending["proposed_at"]), **shown
    )


def client_of(call: Call) -> str:
    """The client of the path `<tenant>.<id>`; a foreign or malformed one is answered like an absent one."""
    match = _REF.fullmatch(call.path("ref"))
    if match is None or match[1] != call.principal.tenant:
        raise not_found()
    return match[2]


async def read(call: Call, tx: Tx, client_id: str) -> Row:
    row = or_404(await tx.row(CLIENT, tenant_id=call.principal.tenant, client=client_id))
    return row


async def current(call: Call, tx: Tx, client_id: str) -> Row:
    row = await read(call, tx, client_id)
    call.expected.check(row["version"])
    return row


def write(tx: Tx, client: dict[str, Any], miss: ServiceError | None) -> None:
    values = {f"new_{name}": client[name] for name in _EDITABLE}
    tx.batch.add(
        _EDIT,
        miss=miss,
        of_tenant=client["tenant_id"],
        of_id=client["id"],
        read_version=client["version"],
        **values,
    )
    client["version"] += 1
    tx.told(clients, [client])


def ask(call: Call, tx: Tx, client: Mapping[str, Any]) -> None:
    """The security administrator is told what waits, and from whom."""
    tell(
        call,
        tx,
        client,
        "client.proposed",
        "security_admin",
        f"由{call.principal.login or '管理员'}提出，待您确认。",
    )


def tell(call: Call, tx: Tx, client: Mapping[str, Any], kind: str, role: str, said: str) -> None:
    ref = f"{client['tenant_id']}.{client['id']}"
    emitted(
        call,
        tx,
        kind,
        [Recipient(client["tenant_id"], role)],
        {
            "subject": {"id": ref, "name": client["name"], "owner_name": f"客户端 {ref} "},
            "message": said,
            "steps": {"security_admin": "请与该系统的负责人核实公钥、密钥和角色后确认或者不予确认。"},
            "actor": call.principal.actor,
        },
        tenant=client["tenant_id"],
    )


def end_tokens(call: Call, tx: Tx, client_id: str) -> None:
    tenant = call.principal.tenant
    revoke(tx, call.service(Revocations), tenant, [client_subject(tenant, client_id)])


async def note_use(door: Door, client: Row, secret: str, at: float) -> None:
    """Once per secret: rotating again replaces one that nobody has used, never one in use. `at`: epoch seconds."""
    noted = secrets.first_use(client["secrets"], secret, datetime.fromtimestamp(at, UTC))
    if noted is not None:
        which = {"of_tenant": client["tenant_id"], "of_id": client["id"], "read_version": client["version"]}
        async with door.transaction(tenant_scope(client["tenant_id"])) as tx:
            tx.batch.add(_USED, expect=None, **which, new_secrets=noted)
