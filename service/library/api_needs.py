"""/needs, /projects/{id}/need/…: needs before they are projects; /projects/{id}/priority."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.ids import Ref, parse_ref
from service.library import needs
from service.library.needs import NOT_REQUIRED
from service.library.schemas import NeedReportIn, NoteIn
from service.projects import drafts, manning
from service.projects.api import CLASSIFIED, KINDS, OUT, REFUSED, SHUT, TAKEN
from service.projects.case import Case
from service.projects.schemas import DraftIn
from service.projects.schemas_out import ProjectView
from service.projects.views import view

TAG = "needs"
CLOSED = Error(409, "intake_closed", "不在征集期内，且没有引用重大部署，也未重新开放")
NOT_ASKED = Error(409, "intake_kind", "本年度申报通知不征集该类项目")


async def _moved(call: Call, tx: Tx, act: Callable[[Call, Tx, Ref], Awaitable[Case]]) -> Answer:
    case = await act(call, tx, parse_ref(call.path("ref")))
    manning.warn(call, tx, case)
    return Answer(view(case, call), version=case.version)


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


@operation(
    "POST",
    "/projects/{ref:str}/need/submit",
    resource="need",
    action="submit",
    summary="提交需求",
    tag=TAG,
    body=NoteIn,
    answer=ProjectView,
    if_match=True,
    errors=(REFUSED, SHUT, NOT_REQUIRED, OUT, CLASSIFIED),
    then=KINDS,
    before=manning.look,
)
async def submit(call: Call, tx: Tx) -> Answer:
    """市县单位交本市统筹把关；低于省级限额的不报送需求（第九条）。"""
    return await _moved(call, tx, needs.submit)


@operation(
    "POST",
    "/projects/{ref:str}/need/report",
    resource="need",
    action="report",
    summary="报送需求",
    tag=TAG,
    body=NeedReportIn,
    answer=ProjectView,
    if_match=True,
    then=KINDS,
    errors=(REFUSED, SHUT, NOT_REQUIRED, CLOSED, NOT_ASKED, OUT, CLASSIFIED),
)
async def report(call: Call, tx: Tx) -> Answer:
    """设区市把关后、省直部门直接报送，内容封存；截止日（含当日）之后按管理惯例处理。"""
    return await _moved(call, tx, needs.report)


ROUTES: list[HTTPRouteHandler] = [
    create,
    submit,
    report,
]
