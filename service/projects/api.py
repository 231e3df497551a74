"""/projects: declare, preview, submit, gatekeep, hand over, return, withdraw, read. The list: service/caselist."""

from __future__ import annotations

from functools import partial

from litestar.handlers import HTTPRouteHandler

from service.identity.queries import OFFICE
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Tx, own
from service.kit.errors import FieldError, invalid, not_found, or_404
from service.kit.ids import parse_ref
from service.kit.rows import of_row
from service.projects import drafts, gatekeeping_deeds, owner_deeds, submission
from service.projects.asking import GIVEN
from service.projects.case import Case, in_reach, row_seen, seen
from service.projects.errors import CHANGED as CHANGED
from service.projects.errors import CLASSIFIED as CLASSIFIED
from service.projects.errors import FIXED as FIXED
from service.projects.errors import KINDS as KINDS
from service.projects.errors import OUT as OUT
from service.projects.errors import REASONS as REASONS
from service.projects.errors import REFUSED as REFUSED
from service.projects.errors import REUSE as REUSE
from service.projects.errors import SAME as SAME
from service.projects.errors import SHUT as SHUT
from service.projects.errors import TAKEN as TAKEN
from service.projects.errors import UNACCEPTED as UNACCEPTED
from service.projects.errors import UNANSWERED as UNANSWERED
from service.projects.queries import HISTORY, READ, READ_DECLARED, VERSION
from service.projects.records import RecordList, RecordQuery
from service.projects.records import page as record_page
from service.projects.schemas import DraftIn, PreviewIn
from service.projects.schemas_out import History, Preview, ProjectView, VersionView
from service.projects.shown import at_work
from service.projects.views import read_view, view

TAG = "projects"


async def read_case(call: Call, ref_text: str) -> Case:
    """The case as its reader may see it, or 404."""
    case = or_404(await seen(call.door, call.principal, parse_ref(ref_text), call.scope))
    return case


# A case begins as a need or as a declaration, with the same facts.
new_draft = partial(
    operation,
    "POST",
    action="declare",
    status=201,
    body=DraftIn,
    answer=ProjectView,
    conflict=TAKEN,
    errors=(CLASSIFIED,),
    then=KINDS,
    before=drafts.look_for_new,
)


def made(case: Case, shown: ProjectView) -> Answer:
    """The new case, and where it is read."""
    return Answer(shown, version=case.version, headers={"location": f"/api/v1/projects/{case.ref}"})


@new_draft("/projects", resource="project", summary="新建申报草稿", tag=TAG)
async def create(call: Call, tx: Tx) -> Answer:
    """事实须完整有效，材料可以以后补；项目单位和受理日期由系统确定。新建项目同时列出可以复用的应用（第二十三条）。"""
    case = await drafts.create(call, tx, "draft")
    shown = view(case, call)
    shown.reuse = case.reuse
    return made(case, shown)


@operation(
    "POST",
    "/projects/preview",
    resource="project",
    action="preview",
    summary="按事实预览路径",
    tag=TAG,
    body=PreviewIn,
    answer=Preview,
    unsafe=False,
    errors=(CLASSIFIED,),
)
async def preview_facts(call: Call) -> Answer:
    """不保存任何内容；与提交时用同一套代码。"""
    office_id = call.body.owner_office_id or call.principal.office
    office = None
    if office_id is not None:
        office = await call.door.row(
            own(call.principal), OFFICE, tenant_id=call.principal.tenant, id=office_id
        )
        if office is None:
            raise invalid(
                [FieldError("/owner_office_id", "unknown_office", "没有这个单位，或不在您的权限内")]
            )
    return Answer(await submission.preview_facts(call, office))


@operation(
    "GET",
    "/projects/{ref:str}",
    resource="project",
    action="read",
    summary="读取项目",
    tag=TAG,
    where="cases",
    answer=ProjectView,
)
async def read(call: Call) -> Answer:
    """本地区在起草和退回时看到工作稿，其余看到最近一次申报的内容。"""
    shown = READ_DECLARED if call.scope.login == "province" else READ
    row = await row_seen(call, shown)
    beside = None
    if at_work(row):  # by itself: beside each reading it would cost what the reading does
        beside = await call.door.row(call.scope, GIVEN, tenant_id=row["tenant_id"], id=row["id"])
    return Answer(read_view(row, call, beside), version=row["version"])


@operation(
    "POST",
    "/projects/{ref:str}/preview",
    resource="project",
    action="preview",
    summary="按草稿预览路径",
    tag=TAG,
    answer=Preview,
    unsafe=False,
)
async def preview_case(call: Call) -> Answer:
    """路径、理由要求和还缺的材料，与提交时用同一套代码。"""
    return Answer(await submission.preview_case(call, await read_case(call, call.path("ref"))))


@operation(
    "GET",
    "/projects/{ref:str}/history",
    resource="project",
    action="history",
    summary="办理经过",
    tag=TAG,
    where="cases",
    answer=History,
)
async def history(call: Call) -> Answer:
    """每一步由谁、何时、依据哪一条办理，以及各次提交的封存版本。"""
    row = await row_seen(call, HISTORY)
    return Answer({"transitions": row["transitions"], "versions": row["versions"]})


@operation(
    "GET",
    "/projects/{ref:str}/versions/{number:int}",
    resource="project",
    action="history",
    summary="封存版本",
    tag=TAG,
    where="cases",
    answer=VersionView,
)
async def version(call: Call) -> Answer:
    """提交时的原文和决定，附 SM3 摘要。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    number = call.request.path_params["number"]
    row = None
    if 0 < number < 2**31:
        row = await call.door.row(call.scope, VERSION, tenant_id=ref.tenant, id=ref.id, number=number)
    if row is None:
        raise not_found()
    return Answer(of_row(VersionView, row))


@operation(
    "GET",
    "/projects/{ref:str}/records",
    resource="project.record",
    action="list",
    summary="项目记录",
    tag=TAG,
    where="cases",
    query=RecordQuery,
    answer=RecordList,
    paged=True,
)
async def records(call: Call) -> Answer:
    """各环节登记的事项，新的在前；kind 与事项名称一致。"""
    await read_case(call, call.path("ref"))
    return await record_page(call)


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(owner_deeds, gatekeeping_deeds),
    create,
    preview_facts,
    read,
    preview_case,
    history,
    version,
    records,
]
