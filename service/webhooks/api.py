"""/webhooks: endpoints of the caller's tenant, their secrets, deliveries and redelivery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Tx
from service.kit.errors import or_404
from service.kit.ids import bare, parse_ref
from service.kit.rows import of_row
from service.webhooks import actions, actions_testing, redelivering
from service.webhooks.actions import TAG
from service.webhooks.actions_delivery import SENT_AS
from service.webhooks.actions_testing import delivery_view
from service.webhooks.queries import DELIVERIES, DELIVERY, ENDPOINT, ENDPOINTS
from service.webhooks.redelivering import DISABLED
from service.webhooks.schemas import (
    DeliveryList,
    DeliveryQuery,
    DeliveryView,
    EndpointList,
    EndpointView,
)
from service.webhooks.views_endpoints import answered, own_of


async def _endpoint(call: Call) -> Any:
    ref = parse_ref(call.path("ref"))
    row = None
    if ref.tenant == call.principal.tenant:
        row = await call.door.row(call.scope, ENDPOINT, of_tenant=ref.tenant, of_endpoint=ref.id)
    return or_404(row)


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
    """本地区的全部回调地址，新的在前。"""
    rows = await call.door.fetch(call.scope, ENDPOINTS, of_tenant=call.principal.tenant)
    return Answer(EndpointList([of_row(EndpointView, row, **own_of(row, call.now)) for row in rows]))


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
    return answered(call, await _endpoint(call))


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
    return await listing.serve(
        call, delivery_view, DeliveryList, tenant_id=tenant, of_endpoint=endpoint["id"]
    )


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
    delivery = or_404(bare(call.path("delivery"), SENT_AS))
    return Answer(
        delivery_view(await redelivering.redeliver(call, tx, parse_ref(call.path("ref")), delivery))
    )


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
    endpoint, wanted = await _endpoint(call), or_404(bare(call.path("delivery"), SENT_AS))
    which = {"of_tenant": endpoint["tenant_id"], "of_endpoint": endpoint["id"]}
    row = await call.door.row(call.scope, DELIVERY, **which, of_id=wanted)
    return Answer(delivery_view(or_404(row)))


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(actions, redelivering),
    list_all,
    read,
    *routes_of(actions_testing),
    deliveries,
    delivery,
    redeliver,
]
