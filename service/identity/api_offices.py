"""/offices: the offices of one's own tenant, zones among them."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_offices as actions
from service.identity import reorganising
from service.identity.api_pages import own_ref, page
from service.identity.queries import OFFICE, OFFICE_LIST
from service.identity.reorganisation import shown
from service.identity.schemas import OfficeEdit, OfficeIn, OfficeList, OfficeQuery, OfficeView
from service.identity.schemas_reorganising import Reorganisation, ReorganiseIn
from service.identity.views_offices import office_view
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found

TAG = "offices"
EXISTS = Error(409, "office_exists", "同一区划下已有同名单位，或者该本地代码已经登记")
LAST = Error(409, "last_holder", "办理后有岗位无人在岗，附 desks；须在同一请求中指定接任人")
EXCLUDED = Error(409, "roles_exclude_each_other", "接任人现有的角色与所接任的岗位不能由同一人担任")
OWN = Error(409, "own_office", "不能结束本人所在单位的有效期")
HOLDS = Error(409, "office_not_empty", "该单位名下还有在办事项，附 held；须指定承接单位办理撤并")
GONE = Error(409, "office_succeeded", "该单位已由其他单位承接")
TWICE = Error(409, "adopted_twice", "两个单位都在使用同一应用，附 adoptions")


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
    """本租户的单位；valid_on 给出某日在有效期内的单位。"""
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
    """本租户的一个单位。"""
    ref = own_ref(call)
    row = await call.door.row(call.scope, OFFICE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(office_view(row), version=row["version"])


@operation(
    "POST",
    "/offices",
    resource="office",
    action="manage",
    summary="新增单位",
    tag=TAG,
    status=201,
    body=OfficeIn,
    answer=OfficeView,
    conflict=EXISTS,
)
async def create(call: Call, tx: Tx) -> Answer:
    """开发区没有国家行政区划代码：填写 local_code 即登记本地代码，此后它就是该单位的区划。"""
    made = await actions.create(call, tx)
    return Answer(made, version=made.version, headers={"location": f"/api/v1/offices/{made.id}"})


@operation(
    "PATCH",
    "/offices/{ref:str}",
    resource="office",
    action="manage",
    summary="修改单位",
    tag=TAG,
    body=OfficeEdit,
    answer=OfficeView,
    if_match=True,
    where="service",
    conflict=EXISTS,
    errors=(OWN, LAST, EXCLUDED, HOLDS, GONE),
    before=reorganising.commissioned_elsewhere,
)
async def edit(call: Call, tx: Tx) -> Answer:
    """单位不删除：valid_to 是它不再存续的第一天，届时其人员的令牌一并失效。名下还有在办事项的不能终止，须办理撤并。

    岗位将因此无人在岗的，须同时指定接任人。更名后在办项目随之更名，已封存和登记的内容仍用原名。
    """
    changed = await actions.edit(call, tx, own_ref(call))
    return Answer(changed, version=changed.version)


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
    call.found = await reorganising.commissioned_elsewhere(call)
    async with call.door.transaction(call.scope) as tx:
        plan = await reorganising.judge(call, tx, own_ref(call))
        return Answer(shown(plan, plan.office), version=plan.office["version"])


@operation(
    "POST",
    "/offices/{ref:str}/reorganise",
    resource="office",
    action="manage",
    summary="办理单位撤并",
    tag=TAG,
    body=ReorganiseIn,
    answer=Reorganisation,
    if_match=True,
    where="service",
    tagged=True,
    errors=(OWN, LAST, EXCLUDED, HOLDS, TWICE),
    before=reorganising.commissioned_elsewhere,
)
async def reorganise(call: Call, tx: Tx) -> Answer:
    """项目、期限、应用、日历地址、待办和人员一并移交承接单位，原单位自今日起终止；原有记录仍记在原单位名下。"""
    done = await reorganising.reorganise(call, tx, own_ref(call))
    return Answer(done, version=done.office.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, edit, preview, reorganise]
