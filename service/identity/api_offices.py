"""/offices: the offices of one's own tenant, zones among them."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_offices as actions
from service.identity.api_pages import filters_of, own_ref, page
from service.identity.queries import OFFICE, office_page
from service.identity.schemas import OfficeEdit, OfficeIn, OfficeList, OfficeQuery, OfficeView
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found

TAG = "offices"
EXISTS = Error(409, "office_exists", "同一区划下已有同名单位，或者该本地代码已经登记")
LAST = Error(409, "last_holder", "办理后有岗位无人在岗，附 desks；须在同一请求中指定接任人")
EXCLUDED = Error(409, "roles_exclude_each_other", "接任人现有的角色与所接任的岗位不能由同一人担任")
OWN = Error(409, "own_office", "不能结束本人所在单位的有效期")


@operation(
    "GET", "/offices", resource="office", action="read", summary="单位列表", tag=TAG, query=OfficeQuery,
    answer=OfficeList, paged=True,
)  # fmt: skip
async def list_page(call: Call) -> Answer:
    """本租户的单位；valid_on 给出某日在有效期内的单位。"""
    return await page(call, "offices", office_page, filters_of(call.query), actions.view, OfficeList)


@operation(
    "GET", "/offices/{ref:str}", resource="office", action="read", summary="读取单位", tag=TAG, answer=OfficeView,
)  # fmt: skip
async def read(call: Call) -> Answer:
    """本租户的一个单位。"""
    ref = own_ref(call)
    row = await call.door.row(call.scope, OFFICE, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(actions.view(row), version=row["version"])


@operation(
    "POST", "/offices", resource="office", action="manage", summary="新增单位", tag=TAG, status=201, body=OfficeIn,
    answer=OfficeView, conflict=EXISTS,
)  # fmt: skip
async def create(call: Call, tx: Tx) -> Answer:
    """开发区没有国家行政区划代码：填写 local_code 即登记本地代码，此后它就是该单位的区划。"""
    made = await actions.create(call, tx)
    return Answer(made, version=made.version, headers={"location": f"/api/v1/offices/{made.id}"})


@operation(
    "PATCH", "/offices/{ref:str}", resource="office", action="manage", summary="修改单位", tag=TAG, body=OfficeEdit,
    answer=OfficeView, if_match=True, conflict=EXISTS, errors=(OWN, LAST, EXCLUDED),
)  # fmt: skip
async def edit(call: Call, tx: Tx) -> Answer:
    """单位不删除：valid_to 是它不再存续的第一天，届时其人员的令牌一并失效。岗位将因此无人在岗的，须同时指定接任人。"""
    changed = await actions.edit(call, tx, own_ref(call))
    return Answer(changed, version=changed.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, edit]
