"""Clients of one's own tenant: portals with rotating secrets and, to act for people, a public key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET
from sqlalchemy import DateTime, Integer, Text, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB

from service.identity import secrets
from service.identity.actions_offices import audited
from service.identity.models import clients
from service.identity.queries import CLIENT
from service.identity.revoking import client_subject, revoke
from service.identity.schemas import ClientEdit, ClientIn, ClientSecret, ClientView, RotateIn, SecretView
from service.kit.api import Answer, Call
from service.kit.authn import Revocations
from service.kit.db import Row, Statement, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.keys import public_key
from service.kit.tables import insert_row

_CREATE = insert_row(clients)
_EDITABLE: dict[str, Any] = {
    "name": Text(),
    "secrets": JSONB(),
    "public_jwk": JSONB(),
    "disabled_at": DateTime(timezone=True),
}
_EDIT = Statement(
    update(clients)
    .where(
        clients.c.tenant_id == bindparam("of_tenant", type_=Text),
        clients.c.id == bindparam("of_id", type_=Text),
        clients.c.version == bindparam("read_version", type_=Integer),
    )
    .values(
        {name: bindparam(f"new_{name}", type_=kind) for name, kind in _EDITABLE.items()}
        | {"version": clients.c.version + 1}
    )
)
_REF = re.compile(r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})")
_PUBLIC = ("kty", "crv", "x", "y", "kid", "alg", "use")
_PRIVATE = ("d", "p", "q", "dp", "dq", "qi", "k", "oth")


def view(client: Mapping[str, Any], now: datetime) -> ClientView:
    """A client without its digests; only secrets that still work are listed."""
    times = [
        SecretView(
            datetime.fromisoformat(entry["created_at"]),
            None if entry["expires_at"] is None else datetime.fromisoformat(entry["expires_at"]),
        )
        for entry in secrets.living(client["secrets"], now)
    ]
    plain = ("name", "public_jwk", "created_at", "disabled_at", "version")
    return ClientView(
        id=f"{client['tenant_id']}.{client['id']}", secrets=times, **{name: client[name] for name in plain}
    )


def client_of(call: Call) -> str:
    """The client of the path `<tenant>.<id>`; a foreign or malformed one is answered like an absent one."""
    match = _REF.fullmatch(call.path("ref"))
    if match is None or match[1] != call.principal.tenant:
        raise not_found()
    return match[2]


async def create(call: Call, tx: Tx) -> Answer:
    """A new client; the answer holds its secret, the stored replay does not."""
    body: ClientIn = call.body
    secret = secrets.new_secret()
    row: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": body.id,
        "name": body.name,
        "secrets": [secrets.stored(secret, call.now)],
        "public_jwk": None if body.public_jwk is None else _checked(body.public_jwk),
        "created_at": call.now,
        "disabled_at": None,
        "version": 1,
    }
    tx.batch.add(_CREATE, **row)
    audited(call, tx, "client.create", body.id, {"public_key": body.public_jwk is not None})
    return _shown_once(row, secret, call)


async def rotate(call: Call, tx: Tx, client_id: str) -> Answer:
    """A new secret; the newest old one works on for the hours asked. With 0 every token of the client ends."""
    body: RotateIn = call.body
    client = dict(await _read(call, tx, client_id))
    secret = secrets.new_secret()
    client["secrets"] = secrets.rotated(
        client["secrets"], secret, call.now, timedelta(hours=body.keep_old_hours)
    )
    if body.keep_old_hours == 0:
        _end_tokens(call, tx, client_id)
    _write(tx, client, ServiceError(409, "busy", "该客户端正在被其他请求修改，请稍后重试"))
    summary = {"keep_old_hours": body.keep_old_hours, "version": client["version"]}
    audited(call, tx, "client.rotate", client_id, summary)
    return _shown_once(client, secret, call)


async def edit(call: Call, tx: Tx, client_id: str) -> ClientView:
    """Renames, changes the public key, disables or enables."""
    body: ClientEdit = call.body
    old = await _read(call, tx, client_id)
    call.expected.check(old["version"])
    new = dict(old)
    if body.name is not UNSET:
        new["name"] = body.name
    if body.public_jwk is not UNSET:
        new["public_jwk"] = None if body.public_jwk is None else _checked(body.public_jwk)
    if body.disabled is not UNSET:
        new["disabled_at"] = (old["disabled_at"] or call.now) if body.disabled else None
    ended = new["disabled_at"] is not None and old["disabled_at"] is None
    if ended or new["public_jwk"] != old["public_jwk"]:
        _end_tokens(call, tx, client_id)
    _write(tx, new, None)
    summary = {
        "version": new["version"],
        "disabled": new["disabled_at"] is not None,
        "public_key": new["public_jwk"] is not None,
    }
    audited(call, tx, "client.edit", client_id, summary)
    return view(new, call.now)


async def _read(call: Call, tx: Tx, client_id: str) -> Row:
    row = await tx.row(CLIENT, tenant_id=call.principal.tenant, client=client_id)
    if row is None:
        raise not_found()
    return row


def _write(tx: Tx, client: dict[str, Any], miss: ServiceError | None) -> None:
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


def _end_tokens(call: Call, tx: Tx, client_id: str) -> None:
    tenant = call.principal.tenant
    revoke(tx, call.service(Revocations), tenant, [client_subject(tenant, client_id)])


def _shown_once(client: Mapping[str, Any], secret: str, call: Call) -> Answer:
    """The secret leaves once and is never stored: a replay says that it was shown."""
    seen = view(client, call.now)
    return Answer(
        ClientSecret(client=seen, secret=secret, secret_shown=True),
        version=seen.version,
        replayed=ClientSecret(client=seen, secret=None, secret_shown=False),
    )


def _checked(jwk: dict[str, Any]) -> dict[str, Any]:
    """The public members of a usable key. A private one has leaked by being sent: it is refused, not stored."""
    if any(member in jwk for member in _PRIVATE):
        detail = "请勿提交私钥；该密钥已随请求离开您的系统，请更换"
        raise invalid([FieldError("/public_jwk", "private_key", detail)])
    try:
        public_key(jwk)
    except ValueError:
        detail = "应为 Ed25519（OKP）或 P-256（EC）公钥的 JWK"
        raise invalid([FieldError("/public_jwk", "invalid_key", detail)]) from None
    return {name: jwk[name] for name in _PUBLIC if isinstance(jwk.get(name), str)}
