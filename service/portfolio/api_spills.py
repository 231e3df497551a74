"""/spills: a state secret that slipped in is erased when two people say so (art. 14)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.portfolio import spills
from service.portfolio.queries import SPILL, SPILLS
from service.portfolio.schemas_spills import SpillIn, SpillList, SpillQuery, SpillView
from service.projects.case import in_reach

TAG = "spills"
OPEN = Error(409, "spill_open", "该项目或附件已有未办结的清除申请")
SAME_PERSON = Error(409, "same_person", "申请人不能自己确认")
CONFIRMED = Error(409, "spill_confirmed", "已经确认")


@operation(
    "POST",
    "/spills",
    resource="spill",
    action="request",
    summary="申请清除误入的涉密内容",
    tag=TAG,
    status=201,
    where="cases",
    body=SpillIn,
    answer=SpillView,
    conflict=OPEN,
)
async def request(call: Call, tx: Tx) -> Answer:
    """只写编号和情形，不复述内容；由另一人确认后清除（本系统规定）。"""
    shown = spills.spill_view(await spills.request(call, tx))
    return Answer(shown, headers={"location": f"/api/v1/spills/{shown.id}"})


@operation(
    "POST",
    "/spills/{ref:str}/confirm",
    resource="spill",
    action="confirm",
    summary="确认清除",
    tag=TAG,
    where="cases",
    answer=SpillView,
    errors=(SAME_PERSON, CONFIRMED),
)
async def confirm(call: Call, tx: Tx) -> Answer:
    """由申请人以外的人确认。确认后数秒内清除全部文字、附件、通知、回调和存下的答复，只留编号、日期和摘要；不能撤销。"""
    return Answer(spills.spill_view(await spills.confirm(call, tx, parse_ref(call.path("ref")))))


@operation(
    "GET",
    "/spills/{ref:str}",
    resource="spill",
    action="read",
    summary="读取清除申请",
    tag=TAG,
    where="cases",
    answer=SpillView,
)
async def read(call: Call) -> Answer:
    """办到哪一步：erased_at 为首次清除，purged_at 为复查后办结。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, SPILL, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(spills.spill_view(row))


@operation(
    "GET",
    "/spills",
    resource="spill",
    action="read",
    summary="清除申请列表",
    tag=TAG,
    where="cases",
    query=SpillQuery,
    answer=SpillList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """新的在前；省级看到各租户的申请。"""
    return await SPILLS.serve(call, spills.spill_view, SpillList)


SPILL_ROUTES: list[HTTPRouteHandler] = [request, confirm, read, list_page]
