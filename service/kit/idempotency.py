"""Idempotency-Key as in the IETF draft: the first answer is stored with its rows and replayed byte for byte.

The key is written in the command's own statement, so a first call costs nothing extra; a repeat collides with
it, rolls back, and is answered from the stored reply. Kept seven days, scoped to tenant, caller and route.
"""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, LargeBinary, Text, bindparam, select

from service.kit.db import Door, Scope, Tx
from service.kit.errors import ServiceError
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.kit.tables import index, insert_row, json, moment, number, table, text

idempotency = table(
    "idempotency",
    text("caller"),
    text("route"),
    text("key"),
    text("fingerprint"),
    number("status"),
    json("headers"),
    Column("body", LargeBinary, nullable=False),
    moment("created_at"),
    key=("caller", "route", "key"),
)

index("ix_idempotency_created", idempotency.c.tenant_id, idempotency.c.created_at)

_INSERT = insert_row(idempotency)
_FIND = Statement(
    select(idempotency.c.fingerprint, idempotency.c.status, idempotency.c.headers, idempotency.c.body).where(
        idempotency.c.tenant_id == TENANT_ID,
        idempotency.c.caller == bindparam("caller", type_=Text),
        idempotency.c.route == bindparam("route", type_=Text),
        idempotency.c.key == bindparam("key", type_=Text),
        scope_ready(),
    )
)


class Key(NamedTuple):
    """One caller's key on one route, and the fingerprint of the request it came with.

    `former`: the fingerprint of the same request as releases before wrote it, by the query's bytes.
    """

    tenant: str
    caller: str
    route: str
    key: str
    fingerprint: str
    former: str = ""


class Reply(NamedTuple):
    """An answer as it left: status, headers that belong to it, body bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def meaning(raw: bytes) -> bytes:
    """What a JSON body says, however it was spelt: the same JSON in other bytes is the same request."""
    return _SORTED.encode(msgspec.json.decode(raw.removeprefix(BOM_UTF8)))


_SORTED = msgspec.json.Encoder(order="sorted")


class Said(NamedTuple):
    """What a request says beside its key: its precondition, its query by meaning and as it came, its body."""

    precondition: str
    query: bytes
    asked: bytes
    body: bytes

    def digest(self, query: bytes) -> str:
        head = b"\x00".join((self.precondition.encode(), query, self.body))
        return hashlib.sha256(head).hexdigest()


def make_key(tenant: str, caller: str, route: str, key: str, said: Said) -> Key:
    """Validates the header's value; the fingerprint covers body and query by their meaning, and the precondition."""
    text_value = key.strip()
    if len(text_value) > 1 and text_value[0] == text_value[-1] == '"':
        text_value = text_value[1:-1]
    if not 1 <= len(text_value) <= 200 or not text_value.isascii() or not text_value.isprintable():
        raise ServiceError(
            400, "idempotency_key_invalid", "Idempotency-Key 应为 1 至 200 个可打印的 ASCII 字符"
        )
    return Key(tenant, caller, route, text_value, said.digest(said.query), said.digest(said.asked))


def remember(tx: Tx, key: Key, reply: Reply, now: datetime) -> None:
    """Adds the reply to the command's rows."""
    tx.batch.add(
        _INSERT,
        tenant_id=key.tenant,
        caller=key.caller,
        route=key.route,
        key=key.key,
        fingerprint=key.fingerprint,
        status=reply.status,
        headers=dict(reply.headers),
        body=reply.body,
        created_at=now,
    )


async def replay(door: Door, scope: Scope, key: Key) -> Reply | None:
    """The stored reply of this key, or None; 422 when the key came with another request."""
    row = await door.row(scope, _FIND, tenant_id=key.tenant, caller=key.caller, route=key.route, key=key.key)
    if row is None:
        return None
    if row["fingerprint"] not in (key.fingerprint, key.former):
        raise ServiceError(422, "idempotency_key_reused", "该 Idempotency-Key 已用于内容不同的请求，请更换")
    return Reply(row["status"], row["headers"], row["body"])
