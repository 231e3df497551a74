"""Administration of endpoints: create, change, rotate, and sending again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import delete as removal
from sqlalchemy import select

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error
from service.kit.command import command, ref_of
from service.kit.db import Tx
from service.kit.errors import ServiceError, not_found, or_404
from service.kit.ids import Ref, new_id
from service.kit.statements import OF_TENANT, READ_VERSION, Statement
from service.kit.tables import insert_row, update_read
from service.settings import Settings
from service.webhooks.addresses import check_url, leads_home
from service.webhooks.health import HEAL
from service.webhooks.models import webhook_deliveries, webhook_endpoints, webhook_health
from service.webhooks.queries import ENDPOINT, ENDPOINT_ID, ENDPOINTS, D, H, W
from service.webhooks.schemas import (
    EndpointEdit,
    EndpointIn,
    EndpointView,
    EndpointWithSecret,
)
from service.webhooks.signing import new_secret, rotated
from service.webhooks.vault import Vault
from service.webhooks.views_endpoints import answered, with_secret

TOO_MANY = Error(409, "too_many_endpoints", "回调地址的数量已达上限")

TAG = "webhooks"

MOST_ENDPOINTS = 20
_INSERT = insert_row(webhook_endpoints)
_MUTABLE = ("url", "kinds", "secrets", "disabled_at", "disabled_reason")
_UPDATE = update_read(webhook_endpoints, _MUTABLE)
# Whoever is adding a delivery is waited for, whoever comes later finds no endpoint: none is left behind.
_LOCK = Statement(select(W.id).where(W.tenant_id == OF_TENANT, W.id == ENDPOINT_ID).with_for_update())
_DROP_DELIVERIES = Statement(
    removal(webhook_deliveries).where(D.tenant_id == OF_TENANT, D.endpoint_id == ENDPOINT_ID)
)
_DROP_HEALTH = Statement(
    removal(webhook_health).where(H.tenant_id == OF_TENANT, H.endpoint_id == ENDPOINT_ID)
)
_DROP = Statement(
    removal(webhook_endpoints).where(W.tenant_id == OF_TENANT, W.id == ENDPOINT_ID, W.version == READ_VERSION)
)


def context_of(tenant: str, endpoint_id: str) -> str:
    """What a sealed secret is bound to."""
    return f"{tenant}/{endpoint_id}"


def vault_of(call: Call) -> Vault:
    return Vault.of(call.service(Settings))


async def load(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The endpoint for a change: 404 when not the caller's, 412 when the caller's version is old."""
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = or_404(await tx.row(ENDPOINT, of_tenant=ref.tenant, of_endpoint=ref.id))
    if call.spec.if_match:
        call.expected.check(row["version"])
    return dict(row)


def audit(call: Call, tx: Tx, action: str, endpoint_id: str, **summary: Any) -> None:
    audited(call, tx, f"webhook.{action}", endpoint_id, summary)


def _made(call: Call, done: Any) -> Answer:
    row, secret = done
    return with_secret(row, secret, call, location=f"/api/v1/webhooks/{Ref(row['tenant_id'], row['id'])}")


@command(
    "POST",
    "/webhooks",
    resource="webhook",
    action="manage",
    summary="登记回调地址",
    tag=TAG,
    status=201,
    body=EndpointIn,
    answer=EndpointWithSecret,
    errors=(TOO_MANY,),
    before=leads_home,
    view=_made,
)
async def create(call: Call, tx: Tx) -> tuple[dict[str, Any], str]:
    """答复中的签名密钥只出现这一次；以相同的 Idempotency-Key 重放时 secret 为 null，丢失的请轮换。"""
    # A new endpoint and its secret, which is never readable again.
    body: EndpointIn = call.body
    tenant = call.principal.tenant
    check_url(body.url, call.service(Settings).webhook_networks, own=call.found)
    if len(await tx.fetch(ENDPOINTS, of_tenant=tenant)) >= MOST_ENDPOINTS:
        raise ServiceError(409, "too_many_endpoints", f"每个地区至多 {MOST_ENDPOINTS} 个回调地址")
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
    audit(call, tx, "create", endpoint_id, kinds=row["kinds"])
    return row, secret


def _write(call: Call, tx: Tx, row: dict[str, Any], action: str, **summary: Any) -> dict[str, Any]:
    values: dict[str, Any] = {name: row[name] for name in _MUTABLE}
    tx.batch.add(_UPDATE, of_tenant=row["tenant_id"], of_id=row["id"], read_version=row["version"], **values)
    tx.batch.add(HEAL, expect=None, of_tenant=row["tenant_id"], of_endpoint=row["id"])
    audit(call, tx, action, row["id"], **summary)
    row["version"] += 1
    return row | {"failures": 0, "failing_since": None, "paused_until": None, "paused": False}


@command(
    "PATCH",
    "/webhooks/{ref:str}",
    resource="webhook",
    action="manage",
    summary="修改、停用或启用回调地址",
    tag=TAG,
    body=EndpointEdit,
    answer=EndpointView,
    if_match=True,
    before=leads_home,
    at=ref_of,
    view=answered,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """给出的部分替换原有部分；停用期间的新事件不再投递，可从事件流补读。"""
    # Another address, other kinds, disabled or enabled again.
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


def _rotated(call: Call, done: Any) -> Answer:
    row, secret = done
    return with_secret(row, secret, call)


@command(
    "POST",
    "/webhooks/{ref:str}/rotate",
    resource="webhook",
    action="manage",
    summary="轮换签名密钥",
    tag=TAG,
    answer=EndpointWithSecret,
    if_match=True,
    at=ref_of,
    view=_rotated,
)
async def rotate(call: Call, tx: Tx, ref: Ref) -> tuple[dict[str, Any], str]:
    """旧密钥在 24 小时内继续签名，每次投递带两个签名；重放时 secret 为 null。"""
    # A new secret; for a day both sign, so that the receiver can change over at leisure.
    row = await load(call, tx, ref)
    secret = new_secret()
    sealed = vault_of(call).seal(secret, context_of(row["tenant_id"], row["id"]))
    row["secrets"] = rotated(row["secrets"], sealed, call.now)
    return _write(call, tx, row, "rotate"), secret


@command(
    "DELETE",
    "/webhooks/{ref:str}",
    resource="webhook",
    action="manage",
    summary="删除回调地址",
    tag=TAG,
    status=204,
    if_match=True,
    at=ref_of,
)
async def delete(call: Call, tx: Tx, ref: Ref) -> None:
    """连同密钥和投递记录一并删除，未送达的不再投递；事件流不受影响。暂时不用的请停用。"""
    # The endpoint with its secrets and its deliveries; what happened meanwhile stays in the feed.
    row = await load(call, tx, ref)
    which = {"of_tenant": row["tenant_id"], "of_endpoint": row["id"]}
    await tx.fetch(_LOCK, **which)
    await tx.fetch(_DROP_DELIVERIES, **which)
    tx.batch.add(_DROP_HEALTH, expect=None, **which)
    tx.batch.add(_DROP, read_version=row["version"], **which)
    audit(call, tx, "delete", row["id"], host=urlsplit(row["url"]).hostname or "?")
