"""Administration of endpoints: create, change, rotate, and sending again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.audit.actions import audited
from service.event_kinds import expanded
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.http import Network, permitted, system_lookup
from service.kit.ids import Ref, new_id
from service.kit.own_servers import OwnServers, parse_address
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.settings import Settings
from service.webhooks.health import HEAL, RESUME
from service.webhooks.models import webhook_deliveries, webhook_endpoints, webhook_health
from service.webhooks.queries import DELIVERY, ENDPOINT, ENDPOINT_ID, ENDPOINTS, TENANT, D, H, W
from service.webhooks.schemas import EndpointEdit, EndpointIn, RangeIn, Redelivered
from service.webhooks.signing import Vault, new_secret, rotated

MOST_ENDPOINTS = 20
MOST_AT_ONCE = 5000
_LOOKUP = 2.0  # seconds
DISABLED = ServiceError(409, "endpoint_disabled", "该回调地址已停用，请先启用")
_INSERT = insert_row(webhook_endpoints)
_MUTABLE = ("url", "kinds", "secrets", "disabled_at", "disabled_reason")
_UPDATE = Statement(
    update(webhook_endpoints)
    .where(W.tenant_id == TENANT, W.id == ENDPOINT_ID, W.version == bindparam("read_version", type_=Integer))
    .values({name: bindparam(name, type_=W[name].type) for name in _MUTABLE} | {"version": W.version + 1})
)
# Whoever is adding a delivery is waited for, whoever comes later finds no endpoint: none is left behind.
_LOCK = Statement(select(W.id).where(W.tenant_id == TENANT, W.id == ENDPOINT_ID).with_for_update())
_DROP_DELIVERIES = Statement(
    delete(webhook_deliveries).where(D.tenant_id == TENANT, D.endpoint_id == ENDPOINT_ID)
)
_DROP_HEALTH = Statement(delete(webhook_health).where(H.tenant_id == TENANT, H.endpoint_id == ENDPOINT_ID))
_DROP = Statement(
    delete(webhook_endpoints).where(
        W.tenant_id == TENANT, W.id == ENDPOINT_ID, W.version == bindparam("read_version", type_=Integer)
    )
)
_kinds = bindparam("kinds", type_=ARRAY(Text))
_settled = (
    select(D.tenant_id, D.id)
    .where(
        D.tenant_id == TENANT,
        D.endpoint_id == ENDPOINT_ID,
        D.state != "pending",
        D.created_at >= bindparam("start", type_=DateTime(timezone=True)),
        D.created_at < bindparam("end", type_=DateTime(timezone=True)),
        or_(func.cardinality(_kinds) == 0, D.kind == func.any(_kinds)),
    )
    .limit(bindparam("limit", type_=Integer))
    .cte("c")
)
_RANGE = Statement(
    update(webhook_deliveries)
    .where(D.tenant_id == TENANT, D.tenant_id == _settled.c.tenant_id, D.id == _settled.c.id)
    .values(state="pending", attempts=0, next_attempt_at=func.now())
    .returning(D.id)
)
_ONE = Statement(
    update(webhook_deliveries)
    .where(
        D.tenant_id == TENANT,
        D.endpoint_id == ENDPOINT_ID,
        D.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
    )
    .values(state="pending", attempts=0, next_attempt_at=func.now())
)


async def leads_home(call: Call) -> bool:
    """Whether the address given is one of the service's own servers, looked up ahead of the transaction.

    A name that does not resolve yet is let through: what it leads to is checked at every send.
    """
    url = getattr(call.body, "url", msgspec.UNSET)
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return False  # told by check_url
    own = call.service(OwnServers)
    if not host or own.named(host, port):
        return bool(host)
    literal = parse_address(host)
    if literal is not None:
        return await own.holds(literal, port, literal=True)
    try:
        async with asyncio.timeout(_LOOKUP):
            found = [parse_address(text) for text in await system_lookup(host, port)]
    except (OSError, UnicodeError):
        return False
    return any([await own.holds(each, port, literal=False) for each in found if each is not None])


def check_url(url: str, networks: Sequence[Network], *, own: bool = False) -> None:
    """422 for an address we would never send to; `own`: it is one of the service's own servers."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad("invalid_url", "不是有效的地址") from None
    if (
        not url.isascii()
        or any(char.isspace() or not char.isprintable() for char in url)
        or not host
        or port == 0
    ):
        raise _bad("invalid_url", "不是有效的地址")
    if "@" in parts.netloc or "#" in url:
        raise _bad("invalid_url", "地址不能含有用户名、密码或片段")
    address = parse_address("127.0.0.1" if host == "localhost" else host)
    if address is not None and not permitted(address, networks):
        raise _bad("address_not_allowed", "该地址不在允许的网络内")
    if own:
        raise _bad("own_server", "该地址是本服务自己的服务器，不能作为回调地址")
    if parts.scheme != "https" and not (
        parts.scheme == "http" and address is not None and address.is_loopback
    ):
        raise _bad("https_required", "地址应以 https:// 开头")


def _bad(code: str, detail: str) -> ServiceError:
    return invalid([FieldError("/url", code, detail)])


def context_of(tenant: str, endpoint_id: str) -> str:
    """What a sealed secret is bound to."""
    return f"{tenant}/{endpoint_id}"


def vault_of(call: Call) -> Vault:
    return Vault(call.service(Settings).secret_key)


async def load(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The endpoint for a change: 404 when not the caller's, 412 when the caller's version is old."""
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = await tx.row(ENDPOINT, of_tenant=ref.tenant, of_endpoint=ref.id)
    if row is None:
        raise not_found()
    if call.spec.if_match:
        call.expected.check(row["version"])
    return dict(row)


def _audit(call: Call, tx: Tx, action: str, endpoint_id: str, **summary: Any) -> None:
    audited(call, tx, f"webhook.{action}", endpoint_id, summary)


async def create(call: Call, tx: Tx) -> tuple[dict[str, Any], str]:
    """A new endpoint and its secret, which is never readable again."""
    body: EndpointIn = call.body
    tenant = call.principal.tenant
    check_url(body.url, call.service(Settings).webhook_networks, own=call.found)
    if len(await tx.fetch(ENDPOINTS, of_tenant=tenant)) >= MOST_ENDPOINTS:
        raise ServiceError(409, "too_many_endpoints", f"每个租户至多 {MOST_ENDPOINTS} 个回调地址")
    endpoint_id, secret = new_id(), new_secret()
    row: dict[str, Any] = {
        "tenant_id": tenant,
        "id": endpoint_id,
        "url": body.url,
        "kinds": sorted(set(body.kinds)),
        "secrets": rotated([], vault_of(call).seal(secret, context_of(tenant, endpoint_id)), call.now),
        "created_at": call.now,
        "disabled_at": None,
        "disabled_reason": None,
        "version": 1,
    }
    tx.batch.add(_INSERT, **row)
    _audit(call, tx, "create", endpoint_id, kinds=row["kinds"])
    return row, secret


def _write(call: Call, tx: Tx, row: dict[str, Any], action: str, **summary: Any) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in _MUTABLE}
    tx.batch.add(
        _UPDATE, of_tenant=row["tenant_id"], of_endpoint=row["id"], read_version=row["version"], **values
    )
    tx.batch.add(HEAL, expect=None, of_tenant=row["tenant_id"], of_endpoint=row["id"])
    _audit(call, tx, action, row["id"], **summary)
    row["version"] += 1
    return row | {"failures": 0, "failing_since": None, "paused_until": None, "paused": False}


async def edit(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """Another address, other kinds, disabled or enabled again."""
    body: EndpointEdit = call.body
    row = await load(call, tx, ref)
    if body.url is not msgspec.UNSET:
        check_url(body.url, call.service(Settings).webhook_networks, own=call.found)
        row["url"] = body.url
    if body.kinds is not msgspec.UNSET:
        row["kinds"] = sorted(set(body.kinds))
    if body.disabled is True and row["disabled_at"] is None:
        row["disabled_at"], row["disabled_reason"] = call.now, "administrator"
    if body.disabled is False:
        row["disabled_at"] = row["disabled_reason"] = None
        tx.rings.add(ref.tenant)
    return _write(call, tx, row, "edit", kinds=row["kinds"], disabled=row["disabled_at"] is not None)


async def rotate(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], str]:
    """A new secret; for a day both sign, so that the receiver can change over at leisure."""
    row = await load(call, tx, ref)
    secret = new_secret()
    sealed = vault_of(call).seal(secret, context_of(row["tenant_id"], row["id"]))
    row["secrets"] = rotated(row["secrets"], sealed, call.now)
    return _write(call, tx, row, "rotate"), secret


async def remove(call: Call, tx: Tx, ref: Ref) -> None:
    """The endpoint with its secrets and its deliveries; what happened meanwhile stays in the feed."""
    row = await load(call, tx, ref)
    which = {"of_tenant": row["tenant_id"], "of_endpoint": row["id"]}
    await tx.fetch(_LOCK, **which)
    await tx.fetch(_DROP_DELIVERIES, **which)
    tx.batch.add(_DROP_HEALTH, expect=None, **which)
    tx.batch.add(_DROP, read_version=row["version"], **which)
    _audit(call, tx, "delete", row["id"], host=urlsplit(row["url"]).hostname or "?")


async def redeliver(call: Call, tx: Tx, ref: Ref, delivery_id: str) -> Row:
    """Sends one delivery again under its old id, with a fresh series of attempts."""
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise DISABLED
    which = {"of_tenant": ref.tenant, "of_endpoint": ref.id, "of_id": delivery_id}
    await tx.fetch(_ONE, **which)
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    row = await tx.row(DELIVERY, **which)
    if row is None:
        raise not_found()
    tx.rings.add(ref.tenant)
    _audit(call, tx, "redeliver", ref.id, delivery=delivery_id)
    return row


async def redeliver_range(call: Call, tx: Tx, ref: Ref) -> Redelivered:
    """Sends again what was settled, by the time it was made and by kind."""
    body: RangeIn = call.body
    if body.start >= body.end:
        raise invalid([FieldError("/to", "range", "to 应晚于 from")])
    endpoint = await load(call, tx, ref)
    if endpoint["disabled_at"] is not None:
        raise DISABLED
    rows = await tx.fetch(
        _RANGE,
        of_tenant=ref.tenant,
        of_endpoint=ref.id,
        start=body.start,
        end=body.end,
        kinds=expanded(body.kinds),
        limit=MOST_AT_ONCE,
    )
    tx.batch.add(RESUME, expect=None, of_tenant=ref.tenant, of_endpoint=ref.id)
    tx.rings.add(ref.tenant)
    _audit(call, tx, "redeliver_range", ref.id, count=len(rows))
    return Redelivered(len(rows), len(rows) == MOST_AT_ONCE)
