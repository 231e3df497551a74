"""/provisions: the requests that reach a provider, from its own tenant or any other, and what becomes of them."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.catalogue import providing
from service.catalogue.actions import in_own_tenant
from service.catalogue.adopting import roles_of
from service.catalogue.api_adoptions import ABSENT, REFUSED, TAG
from service.catalogue.queries_adoptions import PROVISION, PROVISIONS, REPORTED
from service.catalogue.schemas_adoptions import (
    NoteIn,
    ProvisionList,
    ProvisionQuery,
    ProvisionView,
    ReasonIn,
    UsageIn,
    UsageList,
    UsageView,
)
from service.catalogue.views_adoptions import provision_view
from service.kit.api import Answer, Call, operation
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.measures.adoption import Verb


def _answer(call: Call, provision: dict[str, Any] | Row) -> Answer:
    view = provision_view(provision, roles_of(call))
    return Answer(view, version=view.version)


async def _row(call: Call) -> Row:
    ref = parse_ref(call.path("ref"))
    in_own_tenant(call, ref)
    row = await call.door.row(call.scope, PROVISION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
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
    """确认后的申请在提供方租户内的对应记录。"""
    return _answer(call, await _row(call))


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
    names = UsageView.__struct_fields__
    return Answer(UsageList([UsageView(**{name: each[name] for name in names}) for each in rows]))


@operation(
    "PUT",
    "/provisions/{ref:str}/usage",
    resource="provision",
    action="report",
    summary="报告使用量",
    tag=TAG,
    body=UsageIn,
    answer=UsageView,
    if_match=True,
    errors=(REFUSED,),
)
async def report(call: Call, tx: Tx) -> Answer:
    """按月报告月活跃用户数和调用次数；同月再报即为更正。"""
    made, version = await providing.report(call, tx, parse_ref(call.path("ref")))
    return Answer(UsageView(**made), version=version)


def _verb(verb: Verb, summary: str, told: str, body: Any) -> HTTPRouteHandler:
    """One endpoint per verb of the provider."""

    async def handle(call: Call, tx: Tx) -> Answer:
        ref = parse_ref(call.path("ref"))
        return _answer(call, await providing.act(call, tx, ref, verb, call.body.reason))

    name = f"{verb.value}_provision" if verb is Verb.END else verb.value
    handle.__name__, handle.__doc__ = name, told
    return operation(
        "POST",
        f"/provisions/{{ref:str}}/{verb.value}",
        resource="provision",
        action="decide",
        summary=summary,
        tag=TAG,
        body=body,
        answer=ProvisionView,
        if_match=True,
        errors=(REFUSED,),
    )(handle)


ROUTES: list[HTTPRouteHandler] = [
    provisions,
    read_provision,
    usage,
    report,
    _verb(Verb.PROVISION, "开通", "开通后使用单位即可使用。", NoteIn),
    _verb(Verb.DECLINE, "不予开通", "须说明理由。", ReasonIn),
    _verb(Verb.SUSPEND, "暂停", "须说明理由，如安全原因（第二十五条）。", ReasonIn),
    _verb(Verb.RESUME, "恢复", "暂停的原因消除后恢复。", NoteIn),
    _verb(Verb.END, "由提供方终止", "须说明理由；应用停用前逐一终止（本系统规定）。", ReasonIn),
]
