"""/provisions: the requests that reach a provider, from its own tenant or any other, and what becomes of them."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.catalogue import providing
from service.catalogue.actions import in_own_tenant
from service.catalogue.providing import provided
from service.catalogue.queries_adoptions import PROVISION, PROVISIONS, REPORTED
from service.catalogue.requesting import ABSENT, TAG, roles_of
from service.catalogue.schemas_adoptions import (
    ProvisionList,
    ProvisionQuery,
    ProvisionView,
    UsageList,
    UsageView,
)
from service.catalogue.views_adoptions import provision_view
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Row
from service.kit.errors import or_404
from service.kit.ids import parse_ref
from service.kit.rows import of_row


async def _row(call: Call) -> Row:
    ref = parse_ref(call.path("ref"))
    in_own_tenant(call, ref)
    row = or_404(await call.door.row(call.scope, PROVISION, tenant_id=ref.tenant, id=ref.id))
    return row


@operation(
    "GET",
    "/provisions",
    resource="provision",
    action="read",
    summary="待开通和已开通的申请",
    tag=TAG,
    query=ProvisionQuery,
    answer=ProvisionList,
    paged=True,
    errors=(ABSENT,),
)
async def provisions(call: Call) -> Answer:
    """提供方收到的各地申请，最近变动的在前。"""
    query: ProvisionQuery = call.query
    more: dict[str, Any] = {"tenant_id": call.principal.tenant}
    if query.app_id is not None:
        ref = parse_ref(query.app_id)
        in_own_tenant(call, ref)
        more["app"] = ref.id
    return await PROVISIONS.serve(
        call, lambda row: provision_view(row, roles_of(call)), ProvisionList, **more
    )


@operation(
    "GET",
    "/provisions/{ref:str}",
    resource="provision",
    action="read",
    summary="读取收到的申请",
    tag=TAG,
    answer=ProvisionView,
)
async def read_provision(call: Call) -> Answer:
    """确认后的申请在提供方地区内的对应记录。"""
    shown = provided(call, await _row(call))
    return Answer(shown, version=shown.version)


@operation(
    "GET",
    "/provisions/{ref:str}/usage",
    resource="provision",
    action="read",
    summary="已报告的使用量",
    tag=TAG,
    answer=UsageList,
)
async def usage(call: Call) -> Answer:
    """每月一条，更正后 revision 递增。"""
    row = await _row(call)
    rows = await call.door.fetch(call.scope, REPORTED, tenant_id=row["tenant_id"], id=row["id"])
    return Answer(UsageList([of_row(UsageView, each) for each in rows]))


ROUTES: list[HTTPRouteHandler] = [
    provisions,
    read_provision,
    usage,
    *routes_of(providing),
]
