"""/needs, /projects/{id}/need/…: needs before they are projects; /projects/{id}/priority."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.db import Tx
from service.projects import drafts
from service.projects.api import CLASSIFIED, KINDS, TAKEN
from service.projects.schemas import DraftIn
from service.projects.schemas_out import ProjectView
from service.projects.views import view

TAG = "needs"


@operation(
    "POST",
    "/needs",
    resource="need",
    action="declare",
    summary="新建需求草稿",
    tag=TAG,
    status=201,
    body=DraftIn,
    answer=ProjectView,
    conflict=TAKEN,
    errors=(CLASSIFIED,),
    then=KINDS,
    before=drafts.look_for_new,
)
async def create(call: Call, tx: Tx) -> Answer:
    """需求与申报共用一个案卷；以 PATCH、DELETE /projects/{id} 修改和删除。"""
    case = await drafts.create(call, tx, "need_draft")
    headers = {"location": f"/api/v1/projects/{case.ref}"}
    return Answer(view(case, call), version=case.version, headers=headers)


ROUTES: list[HTTPRouteHandler] = [create]
