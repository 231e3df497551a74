"""/experts: the pool of one's own tenant."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity.api_pages import own_ref, page
from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.errors import or_404
from service.reviews import experts
from service.reviews.experts import TAG, expert_view
from service.reviews.queries import EXPERT, EXPERT_LIST
from service.reviews.schemas import ExpertQuery
from service.reviews.schemas_out import (
    ExpertList,
    ExpertView,
)


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
    """本地区的专家；objection 说明今天为什么不能参加评审。"""
    today = legal_day(call.now)
    more = {} if call.query.standing is None else {"on": today}
    return await page(call, EXPERT_LIST, lambda row: expert_view(row, today), ExpertList, **more)


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
    """本地区专家库中的一位专家。"""
    ref = own_ref(call)
    row = or_404(await call.door.row(call.scope, EXPERT, tenant_id=ref.tenant, id=ref.id))
    return Answer(expert_view(row, legal_day(call.now)), version=row["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(experts),
]
