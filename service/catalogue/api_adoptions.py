"""/adoptions and /apps/coverage: an office adopts a shared app, its city confirms, everybody sees where it stands."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.catalogue import adopting, requesting
from service.catalogue.coverage import coverage as matrix
from service.catalogue.queries_adoptions import ADOPTION, ADOPTIONS, STEPS, USAGE
from service.catalogue.requesting import ABSENT, TAG, adopted, roles_for
from service.catalogue.schemas_adoptions import (
    AdoptionHistory,
    AdoptionList,
    AdoptionQuery,
    AdoptionView,
    Coverage,
    CoverageQuery,
    StepView,
    UsageView,
)
from service.catalogue.views_adoptions import adoption_view
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Row
from service.kit.ids import parse_ref
from service.kit.rows import of_row
from service.projects.case import row_seen


async def _row(call: Call) -> Row:
    return await row_seen(call, ADOPTION)


@operation(
    "GET",
    "/adoptions",
    resource="adoption",
    action="read",
    summary="应用申请和使用列表",
    tag=TAG,
    where="cases",
    query=AdoptionQuery,
    answer=AdoptionList,
    paged=True,
    errors=(ABSENT,),
)
async def list_page(call: Call) -> Answer:
    """新的在前；县级单位看到本单位的，设区市看到本市的，省级看到各地对全省公开应用的使用。"""
    query: AdoptionQuery = call.query
    more: dict[str, Any] = {}
    if query.app_id is not None:
        more["provider"], more["app"] = parse_ref(query.app_id)
    return await ADOPTIONS.serve(
        call, lambda row: adoption_view(row, roles_for(call, row)), AdoptionList, **more
    )


@operation(
    "GET",
    "/adoptions/{ref:str}",
    resource="adoption",
    action="read",
    summary="读取应用申请",
    tag=TAG,
    where="cases",
    answer=AdoptionView,
)
async def read(call: Call) -> Answer:
    """actions 列出当前身份可办的事项，不可办的附原因和条款。"""
    return adopted(call, await _row(call))


@operation(
    "GET",
    "/adoptions/{ref:str}/history",
    resource="adoption",
    action="read",
    summary="应用申请的经过和使用量",
    tag=TAG,
    where="cases",
    answer=AdoptionHistory,
)
async def history(call: Call) -> Answer:
    """申请方、设区市和提供方的每一步，先办的在前；使用量由提供方按月报告。"""
    row = await _row(call)
    key = {"tenant_id": row["tenant_id"], "id": row["id"]}
    steps = await call.door.fetch(call.scope, STEPS, **key)
    usage = await call.door.fetch(call.scope, USAGE, **key)
    return Answer(
        AdoptionHistory(
            [of_row(StepView, each, from_state=each["from_state"] or None) for each in steps],
            [of_row(UsageView, each) for each in usage],
        )
    )


@operation(
    "GET",
    "/apps/coverage",
    resource="app",
    action="coverage",
    summary="应用覆盖情况",
    tag="apps",
    where="cases",
    query=CoverageQuery,
    answer=Coverage,
    errors=(ABSENT,),
)
async def coverage(call: Call) -> Answer:
    """应用×县（市、区）：在用、在办和空白；缺口多的在前。省级看全省公开的应用，设区市看本市可见的应用。"""
    return Answer(await matrix(call))


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(requesting, adopting),
    list_page,
    read,
    history,
    coverage,
]
