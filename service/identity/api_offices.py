"""/offices: the offices of one's own tenant, zones among them."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_offices, reorganisable, reorganising
from service.identity.api_pages import own_ref, page
from service.identity.errors_offices import HOLDS, LAST, OWN, TAG, TWICE
from service.identity.queries import OFFICE, OFFICE_LIST
from service.identity.reorganisation import shown
from service.identity.schemas import OfficeList, OfficeQuery, OfficeView
from service.identity.schemas_reorganising import Reorganisation, ReorganiseIn
from service.identity.views_offices import office_view
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404


@operation(
    "GET",
    "/offices",
    resource="office",
    action="read",
    summary="单位列表",
    tag=TAG,
    query=OfficeQuery,
    answer=OfficeList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本地区的单位；valid_on 给出某日在有效期内的单位。"""
    return await page(call, OFFICE_LIST, office_view, OfficeList)


@operation(
    "GET",
    "/offices/{ref:str}",
    resource="office",
    action="read",
    summary="读取单位",
    tag=TAG,
    answer=OfficeView,
)
async def read(call: Call) -> Answer:
    """本地区的一个单位。"""
    ref = own_ref(call)
    row = or_404(await call.door.row(call.scope, OFFICE, tenant_id=ref.tenant, id=ref.id))
    return Answer(office_view(row), version=row["version"])


@operation(
    "POST",
    "/offices/{ref:str}/reorganise/preview",
    resource="office",
    action="manage",
    summary="预览单位撤并",
    tag=TAG,
    body=ReorganiseIn,
    answer=Reorganisation,
    where="service",
    unsafe=False,
    tagged=True,
    errors=(OWN, LAST, HOLDS, TWICE),
)
async def preview(call: Call) -> Answer:
    """将移交的事项（数目和编号）以及人员去向；不改变任何内容，拒绝的情形与办理时相同。"""
    call.found = await reorganisable.commissioned_elsewhere(call)
    async with call.door.transaction(call.scope) as tx:
        plan = await reorganisable.judge(call, tx, own_ref(call))
        return Answer(shown(plan, plan.office), version=plan.office["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(actions_offices),
    preview,
    *routes_of(reorganising),
]
