"""/experts: the pool of one's own tenant."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity.api_pages import own_ref, page
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import not_found
from service.reviews import experts
from service.reviews.experts import expert_view
from service.reviews.queries import EXPERT, POOL_LIST
from service.reviews.schemas import ExpertEdit, ExpertIn, ExpertQuery, ReasonIn
from service.reviews.schemas_out import (
    ExpertList,
    ExpertView,
)

TAG = "experts"
TAKEN = Error(409, "expert_exists", "该账号已在专家库中")


@operation(
    "GET",
    "/experts",
    resource="expert",
    action="read",
    summary="专家库",
    tag=TAG,
    query=ExpertQuery,
    answer=ExpertList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本租户的专家；objection 说明今天为什么不能参加评审。"""
    today = legal_day(call.now)
    more = {} if call.query.standing is None else {"on": today}
    return await page(call, POOL_LIST, lambda row: expert_view(row, today), ExpertList, **more)


@operation(
    "GET",
    "/experts/{ref:str}",
    resource="expert",
    action="read",
    summary="读取专家",
    tag=TAG,
    answer=ExpertView,
)
async def read(call: Call) -> Answer:
    """本租户专家库中的一位专家。"""
    ref = own_ref(call)
    row = await call.door.row(call.scope, EXPERT, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(expert_view(row, legal_day(call.now)), version=row["version"])


@operation(
    "POST",
    "/experts",
    resource="expert",
    action="manage",
    summary="专家入库",
    tag=TAG,
    status=201,
    body=ExpertIn,
    answer=ExpertView,
    conflict=TAKEN,
)
async def create(call: Call, tx: Tx) -> Answer:
    """专家库实行动态管理；没有评审账号的专家不参加抽取。"""
    made = await experts.add(call, tx)
    return Answer(made, version=made.version, headers={"location": f"/api/v1/experts/{made.id}"})


@operation(
    "PATCH",
    "/experts/{ref:str}",
    resource="expert",
    action="manage",
    summary="修改专家信息",
    tag=TAG,
    body=ExpertEdit,
    answer=ExpertView,
    if_match=True,
    conflict=TAKEN,
)
async def edit(call: Call, tx: Tx) -> Answer:
    """给出的部分替换原有部分；valid_to 是聘期不再有效的第一天。"""
    made = await experts.edit(call, tx, own_ref(call))
    return Answer(made, version=made.version)


@operation(
    "POST",
    "/experts/{ref:str}/suspend",
    resource="expert",
    action="manage",
    summary="暂停专家",
    tag=TAG,
    body=ReasonIn,
    answer=ExpertView,
    if_match=True,
    errors=(Error(409, "expert_suspended", "该专家已经暂停"),),
)
async def suspend(call: Call, tx: Tx) -> Answer:
    """说明理由；暂停期间不参加抽取和递补。"""
    made = await experts.suspend(call, tx, own_ref(call))
    return Answer(made, version=made.version)


@operation(
    "POST",
    "/experts/{ref:str}/reinstate",
    resource="expert",
    action="manage",
    summary="恢复专家",
    tag=TAG,
    answer=ExpertView,
    if_match=True,
    errors=(Error(409, "expert_not_suspended", "该专家没有暂停"),),
)
async def reinstate(call: Call, tx: Tx) -> Answer:
    """结束暂停。"""
    made = await experts.reinstate(call, tx, own_ref(call))
    return Answer(made, version=made.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, edit, suspend, reinstate]
