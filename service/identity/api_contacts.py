"""/offices/{id}/desks: how the desks of an office are reached."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity.api_pages import own_ref
from service.identity.contacts import OF_OFFICE, kept, put
from service.identity.queries import OFFICE
from service.identity.schemas_contacts import ContactIn, ContactKept, ContactList
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import not_found

TAG = "offices"
NO_DESK = Error(422, "role_not_for_tier", "该层级的单位没有这个岗位，附 grantable")


@operation(
    "GET",
    "/offices/{ref:str}/desks",
    resource="office",
    action="read",
    summary="岗位的联系方式",
    tag=TAG,
    answer=ContactList,
)
async def desks(call: Call) -> Answer:
    """本单位各岗位登记的电话和办公地点；案件现在由谁办理、怎样联系，见 GET /projects/{id}/actions 的 pen。"""
    ref = own_ref(call)
    if await call.door.row(call.scope, OFFICE, tenant_id=ref.tenant, id=ref.id) is None:
        raise not_found()
    rows = await call.door.fetch(
        call.scope, OF_OFFICE, tenant_id=ref.tenant, office=ref.id, day=legal_day(call.now)
    )
    return Answer(ContactList([kept(call, row) for row in rows]))


@operation(
    "PUT",
    "/offices/{ref:str}/desks/{role:str}",
    resource="office",
    action="manage",
    summary="登记岗位的联系方式",
    tag=TAG,
    body=ContactIn,
    answer=ContactKept,
    errors=(NO_DESK,),
)
async def set_desk(call: Call, tx: Tx) -> Answer:
    """登记岗位而非个人的电话和办公地点，可见该案件的人在轮到该岗位办理时看到；留空即删除。"""
    ref = own_ref(call)
    return Answer(await put(call, tx, ref, await tx.row(OFFICE, tenant_id=ref.tenant, id=ref.id)))


ROUTES: list[HTTPRouteHandler] = [desks, set_desk]
