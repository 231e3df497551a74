"""/needs, /projects/{id}/need/…: needs before they are projects; /projects/{id}/priority."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.projects import drafts
from service.projects.api import made, new_draft
from service.projects.views import view

TAG = "needs"


@new_draft("/needs", resource="need", summary="新建需求草稿", tag=TAG)
async def create(call: Call, tx: Tx) -> Answer:
    """需求与申报共用一个案卷；以 PATCH、DELETE /projects/{id} 修改和删除。"""
    case = await drafts.create(call, tx, "need_draft")
    return made(case, view(case, call))


ROUTES: list[HTTPRouteHandler] = [create]
