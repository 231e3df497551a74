"""/webhooks: endpoints of the caller's tenant, their secrets, deliveries and redelivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, is_uuid, parse_ref
from service.webhooks import actions, actions_testing
from service.webhooks.actions_delivery import webhook_id
from service.webhooks.health import state_of
from service.webhooks.queries import DELIVERIES, DELIVERY, ENDPOINT, ENDPOINTS
from service.webhooks.schemas import (
    DeliveryList,
    DeliveryQuery,
    DeliveryView,
    EndpointEdit,
    EndpointIn,
    EndpointList,
    EndpointView,
    EndpointWithSecret,
    RangeIn,
    Redelivered,
    SecretView,
)
from service.webhooks.signing import in_force

TAG = "webhooks"
TOO_MANY = Error(409, "too_many_endpoints", "回调地址的数量已达上限")
DISABLED = Error(409, "endpoint_disabled", "回调地址已停用")
_PLAIN = ("url", "kinds", "created_at", "disabled_at", "disabled_reason", "version")


def _fields(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
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


def _answer(row: Mapping[str, Any], call: Call) -> Answer:
    return Answer(EndpointView(**_fields(row, call.now)), version=row["version"])


def _with_secret(row: Mapping[str, Any], secret: str, call: Call, **headers: str) -> Answer:
    """The secret goes out once: what is stored for a replay has none."""
    fields = _fields(row, call.now)
    return Answer(
        EndpointWithSecret(secret=secret, **fields),
        version=row["version"],
        headers=headers,
        replayed=EndpointWithSecret(secret=None, **fields),
    )


def _delivery(row: Any) -> DeliveryView:
    names = [name for name in DeliveryView.__struct_fields__ if name != "webhook_id"]
    return DeliveryView(webhook_id=webhook_id(row["id"]), **{name: row[name] for name in names})


async def _endpoint(call: Call) -> Any:
    ref = parse_ref(call.path("ref"))
    row = None
    if ref.tenant == call.principal.tenant:
        row = await call.door.row(call.scope, ENDPOINT, of_tenant=ref.tenant, of_endpoint=ref.id)
    if row is None:
        raise not_found()
    return row


@operation(
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
    before=actions.leads_home,
)
async def create(call: Call, tx: Tx) -> Answer:
    """答复中的签名密钥只出现这一次；以相同的 Idempotency-Key 重放时 secret 为 null，丢失的请轮换。"""
    row, secret = await actions.create(call, tx)
    return _with_secret(row, secret, call, location=f"/api/v1/webhooks/{Ref(row['tenant_id'], row['id'])}")


@operation(
    "GET",
    "/webhooks",
    resource="webhook",
    action="read",
    summary="回调地址列表",
    tag=TAG,
    answer=EndpointList,
)
async def list_all(call: Call) -> Answer:
    """本租户的全部回调地址，新的在前。"""
    rows = await call.door.fetch(call.scope, ENDPOINTS, of_tenant=call.principal.tenant)
    return Answer(EndpointList([EndpointView(**_fields(row, call.now)) for row in rows]))


@operation(
    "GET",
    "/webhooks/{ref:str}",
    resource="webhook",
    action="read",
    summary="读取回调地址",
    tag=TAG,
    answer=EndpointView,
)
async def read(call: Call) -> Answer:
    """密钥只显示起止时间。"""
    return _answer(await _endpoint(call), call)


@operation(
    "PATCH",
    "/webhooks/{ref:str}",
    resource="webhook",
    action="manage",
    summary="修改、停用或启用回调地址",
    tag=TAG,
    body=EndpointEdit,
    answer=EndpointView,
    if_match=True,
    before=actions.leads_home,
)
async def edit(call: Call, tx: Tx) -> Answer:
    """给出的部分替换原有部分；停用期间的新事件不再投递，可从事件流补读。"""
    return _answer(await actions.edit(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST",
    "/webhooks/{ref:str}/rotate",
    resource="webhook",
    action="manage",
    summary="轮换签名密钥",
    tag=TAG,
    answer=EndpointWithSecret,
    if_match=True,
)
async def rotate(call: Call, tx: Tx) -> Answer:
    """旧密钥在 24 小时内继续签名，每次投递带两个签名；重放时 secret 为 null。"""
    row, secret = await actions.rotate(call, tx, parse_ref(call.path("ref")))
    return _with_secret(row, secret, call)


@operation(
    "GET",
    "/webhooks/{ref:str}/deliveries",
    resource="webhook",
    action="read",
    summary="投递记录",
    tag=TAG,
    query=DeliveryQuery,
    answer=DeliveryList,
    paged=True,
)
async def deliveries(call: Call) -> Answer:
    """新的在前；下一页见 Link 头或 next_cursor。"""
    endpoint = await _endpoint(call)
    of = f"{call.path('ref')}/deliveries"
    listing = replace(DELIVERIES, name=of, path=f"/webhooks/{of}")
    tenant = endpoint["tenant_id"]
    return await listing.serve(call, _delivery, DeliveryList, tenant_id=tenant, of_endpoint=endpoint["id"])


@operation(
    "POST",
    "/webhooks/{ref:str}/deliveries/{delivery:str}/redeliver",
    resource="webhook",
    action="redeliver",
    summary="重新投递一次",
    tag=TAG,
    answer=DeliveryView,
    errors=(DISABLED,),
)
async def redeliver(call: Call, tx: Tx) -> Answer:
    """编号不变，时间戳和签名更新。"""
    delivery = call.path("delivery")
    if not is_uuid(delivery):
        raise not_found()
    return Answer(_delivery(await actions.redeliver(call, tx, parse_ref(call.path("ref")), delivery)))


@operation(
    "POST",
    "/webhooks/{ref:str}/redeliver",
    resource="webhook",
    action="redeliver",
    summary="按时段重新投递",
    tag=TAG,
    body=RangeIn,
    answer=Redelivered,
    errors=(DISABLED,),
)
async def redeliver_range(call: Call, tx: Tx) -> Answer:
    """已送达和已放弃的投递，按产生时间和事件类型；more 为真时请再次调用。"""
    return Answer(await actions.redeliver_range(call, tx, parse_ref(call.path("ref"))))


@operation(
    "DELETE",
    "/webhooks/{ref:str}",
    resource="webhook",
    action="manage",
    summary="删除回调地址",
    tag=TAG,
    status=204,
    if_match=True,
)
async def delete(call: Call, tx: Tx) -> Answer:
    """连同密钥和投递记录一并删除，未送达的不再投递；事件流不受影响。暂时不用的请停用。"""
    await actions.remove(call, tx, parse_ref(call.path("ref")))
    return Answer(None)


@operation(
    "POST",
    "/webhooks/{ref:str}/test",
    resource="webhook",
    action="test",
    summary="测试回调地址",
    tag=TAG,
    status=202,
    answer=DeliveryView,
    errors=(DISABLED,),
)
async def test(call: Call, tx: Tx) -> Answer:
    """发送一条 `webhook.ping`，与其他事件同样签名和投递，不论订阅哪些事件；只试一次，结果见投递记录（Location）。"""
    row = await actions_testing.test(call, tx, parse_ref(call.path("ref")))
    at = f"/api/v1/webhooks/{call.path('ref')}/deliveries/{row['id']}"
    return Answer(_delivery(row), headers={"location": at})


@operation(
    "GET",
    "/webhooks/{ref:str}/deliveries/{delivery:str}",
    resource="webhook",
    action="read",
    summary="读取投递记录",
    tag=TAG,
    answer=DeliveryView,
)
async def delivery(call: Call) -> Answer:
    """一次投递的现状：试了几次，接收方最近一次怎样答复。"""
    endpoint, wanted = await _endpoint(call), call.path("delivery")
    which = {"of_tenant": endpoint["tenant_id"], "of_endpoint": endpoint["id"]}
    row = await call.door.row(call.scope, DELIVERY, **which, of_id=wanted) if is_uuid(wanted) else None
    if row is None:
        raise not_found()
    return Answer(_delivery(row))


ROUTES: list[HTTPRouteHandler] = [
    create,
    list_all,
    read,
    edit,
    delete,
    rotate,
    test,
    deliveries,
    delivery,
    redeliver,
    redeliver_range,
]
